"""The yearly report: data, pictures, and the files that print them."""
