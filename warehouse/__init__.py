"""Cluster-monitoring warehouse: statistical files and cluster reports in, explained figures out."""

import os

__version__ = "0.1.0"

# openpyxl writes other bytes where lxml is installed; the same workbook must be the same file.
os.environ.setdefault("OPENPYXL_LXML", "False")
