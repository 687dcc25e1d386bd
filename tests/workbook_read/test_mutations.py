"""Two other readers stand beside ours: where a changed sheet is read, all agree on it, or a reason stands here."""

import io
import json
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders_mutations import BASES, mutated, packed, transitional

from cartaudit.model.cells import CellKind
from cartaudit.model.submission import Rejected
from cartaudit.workbook import read_cells

CHILD = Path(__file__).parents[1] / "calamine_child.py"
Cell = tuple[str, Any]
Found = dict[tuple[int, int], Cell]


class Calamine:
    """A reader in a child process, which is started anew when a workbook has ended it."""

    def __init__(self) -> None:
        self.child = self._start()

    @staticmethod
    def _start() -> "subprocess.Popen[bytes]":
        command = [sys.executable, str(CHILD)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def read(self, data: bytes) -> Found | None:
        """Give what calamine reads of the first sheet; None where it refuses or dies."""
        assert self.child.stdin
        assert self.child.stdout
        self.child.stdin.write(b"%d\n" % len(data) + data)
        self.child.stdin.flush()
        line = self.child.stdout.readline()
        if not line:
            self.close()
            self.child = self._start()
            return None
        answer = json.loads(line)
        return (
            {(r, c): (kind, value) for r, c, kind, value in answer.get("S", ())} if isinstance(answer, dict) else None
        )

    def close(self) -> None:
        """End the child."""
        assert self.child.stdin
        assert self.child.stdout
        self.child.kill()
        self.child.wait()
        self.child.stdin.close()
        self.child.stdout.close()


@contextmanager
def calamine() -> Iterator[Calamine]:
    reader = Calamine()
    try:
        yield reader
    finally:
        reader.close()


def by_openpyxl(data: bytes) -> Found | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
        except Exception:
            return None
    return {
        (c.row, c.column): plain(c.value, error=c.data_type == "e")
        for row in sheet.iter_rows()
        for c in row
        if c.value not in (None, "")
    }


def by_us(data: bytes) -> Found | None:
    cells = read_cells(data, "a.xlsx")
    if isinstance(cells, Rejected):
        return None
    return {
        (c.row, c.column): plain(c.value, error=c.kind is CellKind.ERROR)
        for c in cells.sheets[0].cells
        if c.value is not None
    }


def plain(value: Any, *, error: bool) -> Cell:
    if error:
        return "error", ""
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, int | float):
        return "number", float(value)
    if isinstance(value, datetime | date | time | timedelta):
        return "time", ""
    return "text", str(value)


CALAMINE_LACKS = {
    " utf-16:": "reads nothing of a sheet in UTF-16",
    "references": "passes over a value written in character references",
    "cdata": "passes over a value in a CDATA section",
    "comment": "loses a value with a comment in it",
    "formula": "gives nothing for a shared text that comes of a formula",
    "instruction": "loses a value with an instruction in it",
    "target": "finds a part only under the very name, in capitals and small letters",
    "name of a part": "looks for the workbook, its texts and formats under fixed names",
}
"""What calamine does not read, by the encoding or change that shows it. None of it excuses a difference by itself."""


NAMED_OTHERWISE = ("target", "name of a part")
"""Changes that leave a workbook to ours alone: to it, names of parts are the same in capitals and small letters."""


def explained(ours: Cell | None, theirs: Cell | None, done: str) -> str:
    """Say why calamine reads another thing at a place where openpyxl reads what we do; empty for no excuse."""
    if ours is None:
        return ""
    if ours[0] == "error" and theirs is None:
        return "gives nothing for an error"
    if theirs and (ours[0], theirs[0]) == ("time", "number") and ("formats" in done or "name of a part" in done):
        return "takes no format where a cell names none, or where the part of formats bears another name"
    if theirs is not None and ours[1] == ours[1] and str(ours[1]).strip() == str(theirs[1]).strip():
        return "trims white space"
    return next((reason for sign, reason in CALAMINE_LACKS.items() if sign in done), "") if theirs is None else ""


def alike(ours: Cell | None, theirs: Cell | None) -> bool:
    """Compare with calamine; of dates and times only that they are some, for openpyxl is asked which."""
    return ours == theirs or (ours is not None and theirs is not None and ours[0] == theirs[0] == "time")


def compare(seeds: range) -> tuple[Counter[str], list[str]]:
    """Read so many changed workbooks with all three; give the table, and every difference without a reason."""
    table: Counter[str] = Counter()
    unexplained: list[str] = []
    with calamine() as third:
        for seed in seeds:
            done, data, for_openpyxl = mutated(seed)
            table["mutated"] += 1
            ours = by_us(data)
            if ours is None:
                table["refused"] += 1
                continue
            table["read"] += 1
            second, third_found = by_openpyxl(for_openpyxl), third.read(data)
            alone = second is None and third_found is None
            table["read by ours alone"] += alone and not any(sign in done for sign in NAMED_OTHERWISE)
            table["refused by openpyxl"] += second is None
            table["refused by calamine"] += third_found is None
            for place in sorted(ours.keys() | (second or {}).keys() | (third_found or {}).keys()):
                one = ours.get(place)
                two = second.get(place) if second is not None else None
                three = third_found.get(place) if third_found is not None else None
                if second is not None and one != two:
                    unexplained.append(f"{done}: {place}: ours {one}, openpyxl {two}")
                if third_found is not None and not alike(one, three):
                    reason = explained(one, three, done) if second is None or one == two else ""
                    table["differing, explained"] += bool(reason)
                    if not reason:
                        unexplained.append(f"{done}: {place}: ours {one}, calamine {three}")
    table["differing, unexplained"] = len(unexplained)
    return table, unexplained


@pytest.mark.parametrize("base", BASES)
def test_the_bases_are_read_alike_by_all_three(base: str) -> None:
    data = packed(BASES[base])
    ours = by_us(data)
    assert ours
    assert by_openpyxl(packed(transitional(BASES[base]))) == ours
    with calamine() as third:
        assert third.read(data)


def test_five_hundred_changed_workbooks_are_read_alike_or_refused() -> None:
    table, unexplained = compare(range(500))
    assert not unexplained, "\n".join([str(dict(table)), *unexplained[:20]])
    assert not table["read by ours alone"]
    assert table["read"] > 100  # the changes do not all break the file


@pytest.mark.full
def test_ten_thousand_changed_workbooks_are_read_alike_or_refused() -> None:
    table, unexplained = compare(range(1_000, 11_000))
    assert not unexplained, "\n".join([str(dict(table)), *unexplained[:20]])
