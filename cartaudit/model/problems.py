"""Problems: defects of the workbook, each with a stable code, a place, a fault and a remedy."""

from dataclasses import dataclass
from enum import StrEnum


class ProblemSeverity(StrEnum):
    """ERROR: the answer or file could not be used. WARNING: it was used, and somebody should look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One defect. `sheet` and `cell` are empty for the file as a whole; `found` is quoted and shortened."""

    code: str
    severity: ProblemSeverity
    message: str
    remedy: str
    sheet: str = ""
    cell: str = ""
    question: str = ""
    found: str = ""
    expected: str = ""

    @property
    def place(self) -> str:
        """Give `Sheet!A1`, the sheet alone, or nothing."""
        return f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet

    def __str__(self) -> str:
        """Say place, fault and remedy in one line, as printed in a terminal."""
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.message} {self.remedy} [{self.code}]"
