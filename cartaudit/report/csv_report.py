"""All requirements as CSV: one row for each way in which a requirement came out."""

import csv
import io
from collections.abc import Iterator

from cartaudit.model.text import not_a_formula
from cartaudit.report.model import Report
from cartaudit.report.register import HEADINGS, register_rows

_BOM = "\ufeff"


def render_csv(report: Report) -> bytes:
    """Write the register as UTF-8 with a byte order mark (spreadsheet programs need it), quoted where needed.

    No cell begins like a formula: an apostrophe stands before text that would.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows(_cells(report))
    return f"{_BOM}{out.getvalue()}".encode()


def _cells(report: Report) -> Iterator[list[str]]:
    for row in register_rows(report):
        yield [not_a_formula(str(value)) if value is not None else "" for value in row.values]
