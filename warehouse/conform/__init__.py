"""Names to codes, texts to numbers, symbols to statuses: all by the code lists."""
