"""Limits on what a workbook may hold, and the refusal of one that goes beyond them."""

from dataclasses import dataclass

from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds checked before anything is unpacked or parsed, or while it is; bytes, counts, or 1-based indices.

    `ratio` holds for parts above `ratio_from` bytes only: legitimate assessments reach 71:1. `elements`, `blank_cells`
    and `unpacked_bytes` hold for all parts together, each as often as it is read. `branch` is how many elements may
    wait in memory until they are read: those of one row, of one shared text, or of a small part. `tag` is the
    length of one tag or comment in bytes, `text` of one text in characters (Excel's cells hold 32 767), `name` of a
    namespace, which a parser repeats in front of every element.
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
    pinned: int = 10_000
    strings: int = 600_000
    elements: int = 2_000_000
    branch: int = 200_000
    row_cells: int = 16_384
    formats: int = 66_000
    tag: int = 1_000_000
    text: int = 100_000
    name: int = 300
    sheets: int = 500
    depth: int = 64


DEFAULT = Limits()
"""The limits in force where none are given."""


class Refused(Exception):  # noqa: N818 - an outcome, caught inside this room, not an error that leaves it
    """Reading cannot go on; carries the one problem that says why."""

    def __init__(self, code: str, *, sheet: str = "", cell: str = "", **fields: str | int) -> None:
        super().__init__(code)
        self.problem: Problem = problem(code, sheet=sheet, cell=cell, **{k: str(v) for k, v in fields.items()})
