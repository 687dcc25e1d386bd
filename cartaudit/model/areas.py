"""Areas: the chapters that all checklists share."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One chapter; `id` is letter-first snake case, `sheet` at most 31 characters as a workbook needs."""

    id: str
    title: str
    sheet: str
    order: int
