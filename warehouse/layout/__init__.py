"""Cells and a source contract to long observations: headers are found by what they say."""
