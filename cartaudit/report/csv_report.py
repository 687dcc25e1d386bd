"""The whole report as CSV: rows of one kind each, so that a filter on the first column gives any part of it."""

import csv
import io
from collections.abc import Iterator

from cartaudit.model.text import not_a_formula
from cartaudit.report.model import Report
from cartaudit.report.records import Record, all_records
from cartaudit.report.register import HEADINGS, Value, register_rows

KIND = "Kind"
"""The first column: `Requirement` for the register, else what kind of fact a row holds."""

_BOM = "\ufeff"


def render_csv(report: Report) -> bytes:
    """Write the register and all other facts as UTF-8 with a byte order mark (spreadsheet programs need it).

    No cell begins like a formula: an apostrophe stands before text that would.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((KIND, *HEADINGS))
    writer.writerows(_cells(report))
    return f"{_BOM}{out.getvalue()}".encode()


def _cells(report: Report) -> Iterator[list[str]]:
    for row in register_rows(report):
        yield ["Requirement", *(_cell(value) for value in row.values)]
    for record in all_records(report):
        yield [_cell(record.kind), *_under_headings(record)]


def _under_headings(record: Record) -> Iterator[str]:
    """Put a record under the headings of the register: its name under Title, its value under Found."""
    placed = {
        "Number": record.number,
        "Requirement": record.requirement,
        "Title": record.name,
        "Severity": record.severity,
        "Asked by": record.asked_by,
        "Found": record.value,
        "Owner": record.owner,
        "Due": record.due,
        "Status": record.status,
        "Remediation": record.remedy,
        "Cells": record.cells,
    }
    yield from (_cell(placed.get(heading)) for heading in HEADINGS)


def _cell(value: Value | float) -> str:
    return "" if value is None else not_a_formula(str(value))
