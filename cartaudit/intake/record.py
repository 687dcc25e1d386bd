"""The reading record: what was read from the file, and a sum that adds up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cartaudit.intake.clean import STEPS, cell_text, original_text
from cartaudit.intake.expected import Keys
from cartaudit.intake.layout import Located
from cartaudit.intake.ledger import Grid, Ledger
from cartaudit.intake.mapping import MAP_SHEET
from cartaudit.model.answers import AnswerState
from cartaudit.model.cells import Cell, CellKind
from cartaudit.model.layout import scoped_id
from cartaudit.model.submission import ReadingRecord, Response
from cartaudit.model.text import shorten

_ANSWERED = AnswerState.ANSWERED

Responses = Mapping[tuple[str, str], Response]


def close_record(
    ledger: Ledger, located: Located, responses: Responses, expected: Keys, left: Mapping[str, Sequence[Cell]]
) -> ReadingRecord:
    """Close the account of one reading; used + structural + ignored is the number of filled cells in the file."""
    cells = ledger.cells
    total = sum(len(sheet.cells) for sheet in cells.sheets if sheet.name != MAP_SHEET)
    own = [grid for grid in ledger.grids if grid.name != MAP_SHEET]
    ignored = tuple(
        f"{sheet}!{cell.address}: {shorten(original_text(cell))}"
        for sheet, listed in left.items()
        if sheet != MAP_SHEET
        for cell in listed
    )
    return ReadingRecord(
        file=cells.file,
        sha256=cells.sha256,
        size=cells.size,
        program=cells.program,
        sheets=tuple(_sheet(grid, located) for grid in own),
        mapping=located.mapping,
        expected=len(expected.keys() | located.rows.keys()),
        read=sum(r.entry.state is _ANSWERED for r in responses.values()),
        missing=tuple(scoped_id(*k) for k in expected if k not in located.rows and k[0] not in located.registers),
        unknown=located.unknown,
        duplicate=tuple(scoped_id(*key) for key, places in located.rows.items() if len(places) > 1),
        cells_in_file=total,
        cells_used=sum(len(grid.used) for grid in own),
        cells_structural=sum(len(grid.structural.keys() - grid.used.keys()) for grid in own),
        cells_ignored=len(ignored),
        ignored=ignored,
        steps=(
            *cells.steps,
            *(f"{STEPS[name]}: {count} cells" for name, count in sorted(_steps(ledger).items())),
        ),
        details=_details(ledger, responses),
    )


def _steps(ledger: Ledger) -> Counter[str]:
    """Count by step the cells that were read and whose text it changed."""
    counted = Counter[str]()
    for grid in ledger.grids:
        for cell in grid.used.values():
            if isinstance(cell.value, str) and (steps := cell_text(cell)[1]):
                counted.update(steps)
    return counted


def _sheet(grid: Grid, located: Located) -> Mapping[str, Any]:
    kinds = Counter(cell.kind for cell in grid.special)
    return {
        "name": grid.name,
        "state": grid.sheet.state,
        "header_row": located.headers.get(grid.name),
        "cells": len(grid.sheet.cells),
        "formulas": kinds[CellKind.FORMULA] + kinds[CellKind.FORMULA_UNSTORED],
        "formulas_unstored": kinds[CellKind.FORMULA_UNSTORED],
        "errors": kinds[CellKind.ERROR],
        "hidden_cells": sum(cell.hidden for cell in grid.special),
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
        "counted": dict(ledger.cells.counts),
        "date_1904": ledger.cells.date_1904,
        "macros": ledger.cells.macros,
        "external_links": ledger.cells.external_links,
        "conversions": conversions,
        **ledger.facts,
    }
