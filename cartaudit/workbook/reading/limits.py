"""Limits on what a workbook may hold, and the refusal of one that goes beyond them."""

from dataclasses import dataclass

from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds checked before anything is unpacked or parsed, or while it is; bytes, counts, or 1-based indices.

    `ratio` holds for parts above `ratio_from` bytes only: legitimate assessments reach 71:1.
    """

    file_bytes: int = 20_000_000
    part_bytes: int = 64_000_000
    style_bytes: int = 4_000_000
    unpacked_bytes: int = 256_000_000
    parts: int = 10_000
    ratio: int = 200
    ratio_from: int = 8_000_000
    cells: int = 200_000
    blank_cells: int = 600_000
    rows: int = 100_000
    columns: int = 4_096
    area: int = 10_000_000
    merges: int = 20_000
    strings: int = 600_000
    elements: int = 3_000_000
    sheets: int = 500
    depth: int = 64


DEFAULT = Limits()
"""The limits in force where none are given."""


class Refused(Exception):  # noqa: N818 - an outcome, caught inside this room, not an error that leaves it
    """Reading cannot go on; carries the one problem that says why."""

    def __init__(self, code: str, *, sheet: str = "", cell: str = "", **fields: str | int) -> None:
        super().__init__(code)
        self.problem: Problem = problem(code, sheet=sheet, cell=cell, **{k: str(v) for k, v in fields.items()})
