"""Measurements: what each stage costs, beside what else could do the work."""
