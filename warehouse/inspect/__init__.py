"""What is in a file, and whether a contract reads it: for whoever writes the contract."""
