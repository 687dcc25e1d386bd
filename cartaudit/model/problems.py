"""Problems: defects of the workbook, each with a stable code, a place, a fault and a remedy."""

from dataclasses import dataclass
from enum import StrEnum


class ProblemSeverity(StrEnum):
    """ERROR: the answer or file could not be used. WARNING: it was used, and somebody should look."""

    ERROR = "error"
    WARNING = "warning"


class Stops(StrEnum):
    """What a problem keeps from counting: nothing that it touches can be positive while it stands.

    FILE refuses the workbook; IDENTITY withholds every checklist, TREATMENT those of a product; the others concern the
    answer, the row of a register, the evidence, the plan or the reason for N/A at whose cell they stand.
    """

    FILE = "file"
    IDENTITY = "identity"
    TREATMENT = "treatment"
    ANSWER = "answer"
    ROW = "row"
    EVIDENCE = "evidence"
    PLAN = "plan"
    NA_REASON = "na_reason"
    NOTHING = "nothing"

    @property
    def label(self) -> str:
        """Say it in words, for a table."""
        return {"na_reason": "reason for N/A", "treatment": "products", "identity": "all checklists"}.get(
            self.value, self.value
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One defect. `sheet` and `cell` are empty for the file as a whole; `found` is quoted and shortened; `stops` is
    what cannot count while it stands."""

    code: str
    severity: ProblemSeverity
    message: str
    remedy: str
    sheet: str = ""
    cell: str = ""
    question: str = ""
    found: str = ""
    expected: str = ""
    stops: Stops = Stops.NOTHING

    @property
    def place(self) -> str:
        """Give `Sheet!A1`, the sheet alone, or nothing."""
        return f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet

    def __str__(self) -> str:
        """Say place, fault and remedy in one line, as printed in a terminal."""
        place = f"{self.place}: " if self.place else ""
        return f"{place}{self.message} {self.remedy} [{self.code}]"
