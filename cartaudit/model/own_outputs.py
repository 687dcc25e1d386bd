"""How cartaudit's own reports are known again when they are handed in: the marks our writers set, in one place."""

from dataclasses import dataclass
from enum import StrEnum

PROPERTY = "cartaudit_output"
"""Custom document property of every spreadsheet that is a report; its value is an `OwnOutput`."""


class OwnOutput(StrEnum):
    """What kind of report a spreadsheet of ours is."""

    REPORT = "report"
    NETWORK = "network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What tells a spreadsheet of ours that carries no property, as version 0.1 wrote them and some programs save them.

    It holds all of `sheets`, and the first row of `sheet` begins with `headings`.
    """

    sheets: frozenset[str]
    sheet: str
    headings: tuple[str, ...]


LOOKS = {
    OwnOutput.REPORT: Looks(
        sheets=frozenset({"Summary", "Gap register", "Requirements", "Set aside", "Provenance"}),
        sheet="Gap register",
        headings=("Number", "Requirement", "Title", "Area", "Outcome", "Severity"),
    ),
    OwnOutput.NETWORK: Looks(
        sheets=frozenset({"Summary", "Not audited", "Centres", "Matrix", "Verdicts", "Requirements"}),
        sheet="Centres",
        headings=("Site", "File", "Outcome"),
    ),
}

PDF_MARK = b"<xmp:CreatorTool>cartaudit "
"""Stands in the XMP packet of every PDF of ours, which is never compressed."""

NETWORK_TITLE = "CAR-T network report"
"""The title of the network's report, in its PDF as in its workbook."""
