"""What is measured. Each module runs in a process of its own and prints one JSON line."""
