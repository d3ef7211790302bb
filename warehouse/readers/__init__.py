"""Bytes to cells: each reader yields the same cell table and knows nothing about meaning."""
