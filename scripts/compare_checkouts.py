"""Judge the same workbooks with two checkouts and print what came out otherwise: before and after code moves.

    python scripts/compare_checkouts.py OLD NEW --workbooks 100 --seed 1 --allowed FILE

Every shipped sample and some random workbooks (samples and sites of a synthetic network, their answers disturbed) are
made once, by OLD, and judged by both, each checkout in child processes of its own. Compared are compliance and reason
of each requirement and readiness of each checklist; with --everything all that the JSON says. Exits 1 where something
differs that FILE does not explain. FILE holds lines of requirement (or checklist) id, old, new, and the reason in
words, with tabs between; `*` and `?` stand for anything in the first three.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

DAYS = ("2026-11-22", "2026-03-01", "2025-02-01", "2023-06-30", "2016-01-01", "2028-01-01")
"""Audit dates; every workbook is judged on the first, and on one of the others."""

NETWORK_SITES = 24
NAMED = 3
"""Workbooks named with a difference."""

COUNTRIES = ("DE", "GB", "FR", "US", "CH", "IT", "ES", "IL", "BR")
PROFILE, LISTS, VALUES = "Profile", "_lists", "Site-supplied values"
NOT_ASKED = frozenset({"Instructions", LISTS, "_cartaudit"})
HEADINGS, FIRST_ANSWER, FIRST_ROW = 4, 5, 6
"""Rows of a sheet: its headings (ids of columns in a register), the first answer, the first row of a register."""

Outcomes = dict[tuple[str, ...], dict[str, str]]
"""What was said of each subject (round, workbook, checklist, requirement), by field."""


class Difference(NamedTuple):
    """One field that came out otherwise: of which requirement or checklist, from what to what."""

    subject: str
    field: str
    old: str
    new: str


def run(checkout: Path, *arguments: str, codes: Sequence[int] = (0,)) -> str:
    """Run the command line of a checkout in a child process."""
    child = subprocess.run(
        [sys.executable, "-m", "cartaudit", *arguments],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode not in codes:
        sys.exit(f"{checkout}: {' '.join(arguments)} gave {child.returncode}: {child.stderr.strip()[-2000:]}")
    return child.stdout


def make_workbooks(old: Path, folder: Path, number: int, seed: int) -> None:
    """Copy the shipped samples, and disturb some of them and of the sites of a network."""
    sites = folder.parent / "network"
    run(old, "samples", "make", "-o", str(sites), "--sites", str(NETWORK_SITES), "--seed", str(seed))
    samples = sorted((old / "samples").glob("*.xlsx"))
    folder.mkdir()
    for sample in samples:
        (folder / sample.name).write_bytes(sample.read_bytes())
    bases = [*samples, *(p for p in sorted(sites.glob("*.xlsx")) if p.stat().st_size > 50_000)]
    for count in range(number):
        chance = random.Random(f"{seed} {count}")
        book = load_workbook(chance.choice(bases))
        disturb(book, chance)
        book.save(folder / f"random_{count:04}.xlsx")


def disturb(book: Workbook, chance: random.Random) -> None:
    """Change the answers of a workbook, few or many of them."""
    rate = chance.choice((0.01, 0.05, 0.15, 0.4))
    lists = [[c.value for c in column if c.value is not None] for column in book[LISTS].iter_cols()]
    for sheet in book.worksheets:
        if sheet.title in NOT_ASKED:
            continue
        heads = {str(c.value): c.column for c in sheet[HEADINGS] if c.value is not None}
        if sheet.title == VALUES:
            _rows(sheet, FIRST_ANSWER, rate / 2, chance, lists)
        elif "Answer" in heads:
            _answers(sheet, heads, rate if sheet.title != PROFILE else rate / 5, chance, lists)
        else:
            _rows(sheet, FIRST_ROW, rate, chance, lists)


def _answers(
    sheet: Worksheet, heads: Mapping[str, int], rate: float, chance: random.Random, lists: Sequence[list[Any]]
) -> None:
    for row in range(FIRST_ANSWER, sheet.max_row + 1):
        place = {name: sheet.cell(row, column) for name, column in heads.items()}
        question = place["Id"].value
        if question is None or chance.random() >= rate:
            continue
        answer = place["Answer"]
        if question == "country" and chance.random() < 0.9:
            answer.value = chance.choice(COUNTRIES)
        elif chance.random() < 0.3:
            _beside(place, chance)
        elif chance.random() < 0.2:
            answer.value = "N/A"
            place["Reason if N/A"].value = chance.choice((None, "Not done at this centre"))
        elif place["Cases examined"].value is not None:
            _share(place, chance)
        elif not str(answer.value).startswith(("=", "see sheet")):
            answer.value = _changed(answer, chance, lists)
        if chance.random() < 0.3:
            _planned(place, chance)


def _share(place: Mapping[str, Cell], chance: random.Random) -> None:
    cases = chance.choice((0, 1, 5, 20, 20, 40, None))
    place["Cases examined"].value = cases
    place["Cases that comply"].value = None if cases is None else chance.randint(0, cases + (chance.random() < 0.1))


def _beside(place: Mapping[str, Cell], chance: random.Random) -> None:
    """Change what supports an answer: evidence, its level and date, the confirmation, an inspector's answer."""
    match chance.randrange(6):
        case 0:
            place["Evidence (document number, version)"].value = None
        case 1:
            place["Evidence level"].value = chance.choice(("claimed", "cited", "sighted", "verified", "nonsense"))
        case 2:
            place["Date of the evidence"].value = _day(chance, 3000)
        case 3:
            place["Carried over: confirmed?"].value = chance.choice(("re-confirm", "confirmed"))
        case _:
            place["Inspector's answer"].value = chance.choice(("Yes", "No", "Partial", "N/A", 3, "mostly"))
            place["Inspector (role)"].value = chance.choice(("Inspector", "Inspector", None))
            place["Inspected on"].value = chance.choice((_day(chance, 200), None))
            place["Inspector's reason"].value = chance.choice(("Seen on site", None))


def _planned(place: Mapping[str, Cell], chance: random.Random) -> None:
    place["Corrective action"].value = chance.choice(("Mend it", None))
    place["Containment until then"].value = chance.choice(("A second check by hand", None))
    place["Action owner (role)"].value = chance.choice(("Quality manager", "Quality manager", None))
    place["Action due"].value = chance.choice((_day(chance, -400), _day(chance, 400), None))


def _rows(sheet: Worksheet, first: int, rate: float, chance: random.Random, lists: Sequence[list[Any]]) -> None:
    """Change cells of a table, drop rows, and say one of them twice."""
    for row in range(sheet.max_row, first - 1, -1):
        cells = list(sheet[row])
        if all(c.value is None for c in cells):
            continue
        if chance.random() < rate / 4:
            for cell in cells:
                cell.value = None
        for cell in cells:
            if cell.value is not None and chance.random() < rate / 2:
                cell.value = _changed(cell, chance, lists)


def _changed(cell: Cell, chance: random.Random, lists: Sequence[list[Any]]) -> Any:
    """Give something else for what stands in a cell: blank, unreadable, or another answer of its kind."""
    value = cell.value
    if chance.random() < 0.25:
        return None
    if chance.random() < 0.1:
        return chance.choice(("mostly", "see SOP", "?", 7, True))
    if isinstance(value, (datetime, date)):
        return _day(chance, chance.choice((30, 800, 4000, -400)), value)
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, (int, float)):
        return chance.choice((0, 1, value + 1, value - 1, value * 2, -value, value + 0.5, value * 100))
    return _other_words(str(value), chance, lists)


def _other_words(text: str, chance: random.Random, lists: Sequence[list[Any]]) -> Any:
    if ";" in text:
        parts = [p for p in text.split("; ") if chance.random() < 0.7]
        return "; ".join(parts) or None
    offered = [options for options in lists if text in options]
    return chance.choice(chance.choice(offered)) if offered else text[: chance.randrange(len(text) + 1)] or None


def _day(chance: random.Random, days: int, around: date | None = None) -> datetime:
    """Give a day up to so many days before one, after it where the number is negative."""
    start = around or date(2026, 11, 22)
    moved = start - timedelta(days=chance.randint(*sorted((0, days))))
    return datetime(moved.year, moved.month, moved.day)


def judge(checkout: Path, workbooks: Path, out: Path, *, everything: bool) -> Outcomes:
    """Judge all workbooks: as their profile calls for, each on another day too, and by every checklist."""
    files = sorted(workbooks.glob("*.xlsx"))
    listed = json.loads(run(checkout, "checklists", "list", "--format", "json"))
    every = [part for c in listed["checklists"] for part in ("-c", c["id"])]
    rounds = [(DAYS[0], files, []), (DAYS[0], files, every)]
    rounds += [(day, files[n :: len(DAYS) - 1], []) for n, day in enumerate(DAYS[1:])]
    found: Outcomes = {}
    for number, (day, chosen, selection) in enumerate(rounds):
        folder = out / str(number)
        options = ("--as-of", day, "--format", "json", "--quiet", "--fail-on", "never", "--time-limit", "900")
        run(checkout, "batch", *map(str, chosen), "-o", str(folder), *options, *selection, codes=(0, 1, 3))
        for path in chosen:
            said = json.loads((folder / f"{path.stem}.json").read_text(encoding="utf-8"))
            found |= outcomes_of(said, (f"{day}{' every' if selection else ''}", path.stem), everything=everything)
    return found


def outcomes_of(said: Mapping[str, Any], place: tuple[str, str], *, everything: bool) -> Outcomes:
    """Take from the JSON of one workbook what is compared."""
    found: Outcomes = {(*place, "workbook"): {"rejected": str(said["rejected"])}}
    for item in said.get("checklists", ()):
        found[*place, item["id"]] = {"readiness": item["readiness"]}
        if everything:
            found[*place, item["id"]] |= _plain(item)
    for item in said.get("results", ()):
        key = (*place, item["checklist"], item["requirement"])
        found[key] = {"outcome": f"{item['compliance']} {item['reason']}"}
        if everything:
            found[key] |= _plain(item)
    if everything:
        found[*place, "workbook"] |= _plain({k: said[k] for k in said if k not in ("checklists", "results", "tool")})
    return found


def _plain(item: Mapping[str, Any]) -> dict[str, str]:
    return {name: json.dumps(value, sort_keys=True, ensure_ascii=False) for name, value in item.items()}


def differences(old: Outcomes, new: Outcomes) -> dict[Difference, list[str]]:
    """Group what differs by kind, each with the places in which it does."""
    found: dict[Difference, list[str]] = defaultdict(list)
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key, {}), new.get(key, {})
        for field in sorted(before.keys() | after.keys()):
            pair = before.get(field, "absent"), after.get(field, "absent")
            if pair[0] != pair[1]:
                found[Difference(key[-1], field, *pair)].append(" ".join(key[:-1]))
    return found


def read_allowed(path: Path | None) -> list[tuple[str, ...]]:
    """Read what may differ: lines of id, old, new, reason, with tabs between; lines that begin with # say nothing."""
    lines = path.read_text(encoding="utf-8").splitlines() if path else []
    allowed = [tuple(line.split("\t")) for line in lines if line.strip() and not line.startswith("#")]
    for entry in allowed:
        if len(entry) != 4 or not entry[3].strip():
            sys.exit(f"{path}: '{' '.join(entry)}' is no line of id, old, new and reason with tabs between.")
    return allowed


def reason_for(found: Difference, allowed: Sequence[tuple[str, ...]]) -> str:
    """Say why a difference is allowed; empty where it is not."""
    said = (found.subject, found.old, found.new)
    return next((e[3] for e in allowed if all(map(fnmatchcase, said, e[:3]))), "")


def report(found: Mapping[Difference, Sequence[str]], allowed: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Say what differs, what is not explained first."""
    for one in sorted(found, key=lambda d: (bool(reason_for(d, allowed)), d)):
        places, reason = found[one], reason_for(one, allowed)
        yield f"{'allowed' if reason else 'DIFFERS'}: {one.subject}, {one.field}, {len(places)} times"
        yield f"    old: {one.old[:400]}"
        yield f"    new: {one.new[:400]}"
        yield f"    in:  {'; '.join(places[:NAMED])}"
        if reason:
            yield f"    why: {reason}"


def main() -> int:
    """Compare two checkouts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--workbooks", type=int, default=100, help="random workbooks beside the samples")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--allowed", type=Path, help="what may differ, and why")
    parser.add_argument("--everything", action="store_true", help="compare messages, cells, steps and problems too")
    parser.add_argument("--keep", type=Path, help="keep all here, and take the workbooks and what OLD said if they are")
    options = parser.parse_args()
    allowed = read_allowed(options.allowed)
    with tempfile.TemporaryDirectory() as scratch:
        folder = (options.keep or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "workbooks").exists():
            make_workbooks(options.old.resolve(), folder / "workbooks", options.workbooks, options.seed)
        shutil.rmtree(folder / "new", ignore_errors=True)
        old, new = (
            judge(checkout.resolve(), folder / "workbooks", folder / name, everything=options.everything)
            for name, checkout in (("old", options.old), ("new", options.new))
        )
    found = differences(old, new)
    unexplained = [one for one in found if not reason_for(one, allowed)]
    for line in report(found, allowed):
        print(line)
    print(
        f"{len(old)} outcomes compared (seed {options.seed}): {len(found)} kinds differ, {len(unexplained)} unexplained"
    )
    return int(bool(unexplained))


if __name__ == "__main__":
    sys.exit(main())
