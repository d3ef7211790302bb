"""Where the pages of the report lie, and which clusters owe figures: what all pages agree on."""

from __future__ import annotations

REPORTING = ("active", "forming")
"""Statuses with which a cluster owes a report."""


def path(country: str) -> str:
    """Path of the page of a country."""
    return f"{country.lower()}/index"


def region_path(country: str, region: str) -> str:
    """Path of the page of a region."""
    return f"{country.lower()}/regions/{region}"


def cluster_path(country: str, cluster: str) -> str:
    """Path of the page of a cluster."""
    return f"{country.lower()}/clusters/{cluster}"
