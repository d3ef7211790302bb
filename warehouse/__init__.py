"""Cluster-monitoring warehouse: statistical files and cluster reports in, explained figures out."""

__version__ = "0.1.0"
