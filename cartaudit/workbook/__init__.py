"""Cells in and out of .xlsx files."""
