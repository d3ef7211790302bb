"""Names to codes, texts to numbers, symbols to statuses: all by the code lists."""

from warehouse.conform.codelists import CodeLists
from warehouse.conform.interpret import Interpretation, fingerprint, interpret

__all__ = ["CodeLists", "Interpretation", "fingerprint", "interpret"]
