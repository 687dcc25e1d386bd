"""Our own outputs, recognised where they are handed in as a centre's workbook."""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from cartaudit.model.cells import Sheet
from cartaudit.model.layout import IDENTITY_SHEET, PROPERTY_PREFIX
from cartaudit.model.own_outputs import LOOKS, NETWORK_TITLE, PDF_MARK, PROPERTY, Looks, OwnOutput
from cartaudit.workbook.reading.limits import Refused

_CODES = {OwnOutput.REPORT: "CA161", OwnOutput.NETWORK: "CA162"}


def refuse_own_spreadsheet(properties: Mapping[str, str], sheets: Sequence[Sheet]) -> None:
    """Refuse by name a report of ours; a template and its marked copies are none, whatever else they hold.

    Raises Refused.
    """
    if f"{PROPERTY_PREFIX}format" in properties or any(sheet.name == IDENTITY_SHEET for sheet in sheets):
        return
    for kind, code in _CODES.items():
        if properties.get(PROPERTY) == kind or _has(LOOKS[kind], sheets):
            raise Refused(code)


def _has(looks: Looks, sheets: Sequence[Sheet]) -> bool:
    by_name = {sheet.name: sheet for sheet in sheets}
    if not looks.sheets <= by_name.keys():
        return False
    first_row = takewhile(lambda cell: cell.row == 1, by_name[looks.sheet].cells)
    return tuple(cell.value for cell in first_row)[: len(looks.headings)] == looks.headings


def own_pdf(data: bytes) -> str | None:
    """Give the code that says which report of ours a PDF is; None for another PDF."""
    if PDF_MARK not in data:
        return None
    return "CA162" if f">{NETWORK_TITLE}<".encode() in data else "CA163"
