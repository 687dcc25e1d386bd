"""Cells in and out of .xlsx files."""

from cartaudit.workbook.limits import DEFAULT, Limits
from cartaudit.workbook.read import read_cells

__all__ = ["DEFAULT", "Limits", "read_cells"]
