"""Names to codes, texts to numbers, symbols to statuses: all by the code lists."""

from warehouse.conform.codelists import CodeLists

__all__ = ["CodeLists"]
