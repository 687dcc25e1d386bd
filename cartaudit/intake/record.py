"""The reading record: what was read from the file, and a sum that adds up."""

from collections.abc import Mapping, Sequence
from typing import Any

from cartaudit.intake.clean import STEPS, original_text
from cartaudit.intake.expected import Keys
from cartaudit.intake.layout import Located
from cartaudit.intake.ledger import Grid, Ledger
from cartaudit.intake.mapping import MAP_SHEET
from cartaudit.model.answers import AnswerState
from cartaudit.model.cells import Cell, CellKind
from cartaudit.model.layout import scoped_id
from cartaudit.model.submission import ReadingRecord, Response
from cartaudit.model.text import shorten

Responses = Mapping[tuple[str, str], Response]


def close_record(
    ledger: Ledger, located: Located, responses: Responses, expected: Keys, left: Mapping[str, Sequence[Cell]]
) -> ReadingRecord:
    """Close the account of one reading; used + structural + ignored is the number of filled cells in the file."""
    cells = ledger.cells
    total = sum(len(sheet.cells) for sheet in cells.sheets if sheet.name != MAP_SHEET)
    used = {place for place in ledger.used if place[0] != MAP_SHEET}
    ignored = tuple(
        f"{sheet}!{cell.address}: {shorten(original_text(cell))}"
        for sheet, listed in left.items()
        if sheet != MAP_SHEET
        for cell in listed
    )
    structural = sum(place[0] != MAP_SHEET for place in ledger.structural - ledger.used)
    return ReadingRecord(
        file=cells.file,
        sha256=cells.sha256,
        size=cells.size,
        program=cells.program,
        sheets=tuple(_sheet(grid, located) for grid in ledger.grids if grid.name != MAP_SHEET),
        mapping=located.mapping,
        expected=len(expected.keys() | located.rows.keys()),
        read=sum(r.entry.state is AnswerState.ANSWERED for r in responses.values()),
        missing=tuple(scoped_id(*key) for key in expected if not _has_place(key, located)),
        unknown=located.unknown,
        duplicate=tuple(scoped_id(*key) for key, places in located.rows.items() if len(places) > 1),
        cells_in_file=total,
        cells_used=len(used),
        cells_structural=structural,
        cells_ignored=len(ignored),
        ignored=ignored,
        steps=(
            *cells.steps,
            *(f"{STEPS[name]}: {count} cells" for name, count in sorted(ledger.steps.items())),
        ),
        details=_details(ledger, responses),
    )


def _has_place(key: tuple[str, str], located: Located) -> bool:
    return key in located.rows or key[0] in located.registers


def _sheet(grid: Grid, located: Located) -> Mapping[str, Any]:
    kinds = [cell.kind for cell in grid.sheet.cells]
    return {
        "name": grid.name,
        "state": grid.sheet.state,
        "header_row": located.headers.get(grid.name),
        "cells": len(kinds),
        "formulas": sum(kind in (CellKind.FORMULA, CellKind.FORMULA_UNSTORED) for kind in kinds),
        "formulas_unstored": kinds.count(CellKind.FORMULA_UNSTORED),
        "errors": kinds.count(CellKind.ERROR),
        "hidden_cells": sum(cell.hidden for cell in grid.sheet.cells),
        "merged": len(grid.sheet.merged),
        "protected": grid.sheet.protected,
    }


def _details(ledger: Ledger, responses: Responses) -> dict[str, Any]:
    conversions = [
        {"cell": r.entry.cell, "question": scoped_id(r.question, r.scope), "conversion": r.entry.conversion}
        for r in responses.values()
        if r.entry.conversion
    ]
    conversions += [
        {"cell": entry.cell, "question": f"{r.question}.{column}", "conversion": entry.conversion}
        for r in responses.values()
        for row in r.rows
        for column, entry in row.entries.items()
        if entry.conversion
    ]
    return {
        "date_1904": ledger.cells.date_1904,
        "macros": ledger.cells.macros,
        "external_links": ledger.cells.external_links,
        "conversions": conversions,
        **ledger.facts,
    }
