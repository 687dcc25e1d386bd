"""Cells in and out of .xlsx files."""

from cartaudit.workbook.reading.limits import DEFAULT, Limits
from cartaudit.workbook.reading.read import read_cells

__all__ = ["DEFAULT", "Limits", "read_cells"]
