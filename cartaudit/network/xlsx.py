"""The network's tables as a workbook: one sheet each, with filters and frozen headings, and no formula at all."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from cartaudit.files import rezip
from cartaudit.model.own_outputs import NETWORK_TITLE, PROPERTY, OwnOutput
from cartaudit.model.text import fit_for_xml
from cartaudit.network.network import Network
from cartaudit.network.rendering import CENTRE_HEADINGS, areas_of, centre_values
from cartaudit.report.words import ASSURANCE

_CELL_LIMIT = 32_000
_NAMED_AT_MOST = 200
_HEAD = PatternFill("solid", fgColor="FF1F3A5F")
_HEAD_FONT = Font(bold=True, color="FFFFFFFF")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_TOP = Alignment(vertical="top")
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")

Value = str | int | float | date | None
Rows = Iterable[Sequence[Value]]


def render_xlsx(network: Network) -> bytes:
    """Write every table of the network on a sheet of its own; the same network gives the same bytes."""
    book = Workbook(write_only=True)
    for title, headings, rows, widths, frozen in _sheets(network):
        _sheet(book, title, headings, rows, widths, frozen)
    moment = datetime.combine(network.as_of, time())
    book.properties.creator, book.properties.title = "cartaudit", NETWORK_TITLE
    book.properties.created = book.properties.modified = moment
    book.custom_doc_props.append(StringProperty(name=PROPERTY, value=OwnOutput.NETWORK.value))  # type: ignore[attr-defined]
    out = io.BytesIO()
    book.save(out)
    return rezip(_with_fixed_date(out.getvalue(), network.as_of))


_Sheet = tuple[str, Sequence[str], Rows, Sequence[int], str]


def _sheets(network: Network) -> Iterator[_Sheet]:
    areas = areas_of(network)
    checklists = [c.id for c in network.checklists]
    titles = [network.area_titles[a] for a in areas]
    centre_widths = (40, 30, 12, 9, 9, 7, 9, 24, 18, 12, 60, 40)
    yield "Summary", ("What", "Value"), _summary(network), (44, 100), "A2"
    yield "Not audited", ("File", "Outcome", "Message"), _not_audited(network), (50, 14, 100), "B2"
    yield "Centres", CENTRE_HEADINGS, (tuple(centre_values(c)) for c in network.centres), centre_widths, "B2"
    yield "Matrix", ("Site", "Open gates", *titles), _matrix(network, areas), (40, 9, *(11,) * len(areas)), "C2"
    yield "Verdicts", ("Site", *checklists), _verdicts(network, checklists), (40, *(15,) * len(checklists)), "B2"
    yield "Checklists", _CHECKLISTS, _checklist_rows(network), (16, 50, 14, 10, 14, 12, 12, 14, 40), "B2"
    yield "Requirements", _REQUIREMENTS, _requirement_rows(network), (14, 60, 24, 11, 8, 9, 9, 9, 9, 11, 80), "C2"
    yield "Lifts", _LIFTS, _lift_rows(network), (14, 50, 60, 10, 10, 80), "C2"
    yield "Units", _UNITS, _unit_rows(network), (40, 16, 10, 10, 40, 80, 80), "B2"
    yield (
        "Expiries",
        ("On", "Days from audit", "What", "Sites", "Named"),
        _expiry_rows(network),
        (12, 10, 70, 8, 80),
        "A2",
    )
    yield "Duplicates", ("Same", "Group", "File or site"), _duplicates(network), (12, 8, 60), "A2"
    yield "Other files", ("File", "Why"), ((f, network.other_reasons[f]) for f in network.other_files), (80, 60), "A2"


_CHECKLISTS = (
    "Checklist", "Title", "Kind", "READY", "CONDITIONAL", "INCOMPLETE", "NOT READY", "OUT OF SCOPE", "Editions",
)  # fmt: skip
_REQUIREMENTS = (
    "Requirement", "Title", "Area", "Severity", "Gate", "Not met", "Not known", "Asked", "Open, %", "Spread", "Sites",
)  # fmt: skip
_LIFTS = ("Requirement", "Title", "Action", "Sites lifted", "Clears all gates", "Sites")
_UNITS = ("Unit", "Activity", "Sites", "Fails at", "Requirements failed", "Sites at which it fails", "All sites")


def _summary(network: Network) -> Rows:
    yield "Audited", network.headline
    yield "Audit date", network.as_of
    yield "Sites", network.total
    yield "Sites audited", network.audited
    yield "Files handed in for them", network.files
    yield "Systemic from a share of sites of, %", round(100 * network.systemic_share, 1)
    yield "Verdicts better by overlays alone", network.lifted
    yield "Names", "replaced by codes" if network.anonymised else "as in the workbooks"
    yield from ((f"Age of the self-assessment: {name}", number) for name, number in network.ages.items())
    words = {key.value: text for key, text in ASSURANCE.items()}
    yield from ((f"Assurance: {words.get(key, key)}", number) for key, number in network.assurance.items())


def _not_audited(network: Network) -> Rows:
    return ((c.file, c.outcome.value.replace("_", " "), c.message) for c in network.not_audited)


def _matrix(network: Network, areas: Sequence[str]) -> Rows:
    for centre in network.centres:
        gates = centre.open_gates if centre.verdicts else centre.outcome.value.replace("_", " ")
        yield (centre.label, gates, *(_bounds(centre.areas.get(area)) for area in areas))


def _bounds(bounds: tuple[float, float] | None) -> Value:
    if bounds is None:
        return None
    return bounds[0] if bounds[0] == bounds[1] else f"{bounds[0]:g}–{bounds[1]:g}"


def _verdicts(network: Network, checklists: Sequence[str]) -> Rows:
    for centre in network.centres:
        yield (centre.label, *(centre.verdicts.get(name, "").replace("_", " ") for name in checklists))


def _checklist_rows(network: Network) -> Rows:
    for line in network.checklists:
        editions = ", ".join(f"{edition or 'undated'}: {number}" for edition, number in line.editions.items())
        yield (line.id, line.title, line.kind, *line.counts.values(), editions)


def _requirement_rows(network: Network) -> Rows:
    for line in network.requirements:
        share = round(100 * (line.failing + line.unknown) / line.asked, 1) if line.asked else None
        numbers = (line.failing, line.unknown, line.asked, share)
        spread = "systemic" if line.systemic else "local"
        area, gate = network.area_titles.get(line.area, line.area), "gate" if line.gate else ""
        yield (line.id, line.title, area, line.severity, gate, *numbers, spread, _named(line.centres))


def _lift_rows(network: Network) -> Rows:
    for line in network.lifts:
        yield line.id, line.title, line.remediation, len(line.centres), line.clears, _named(line.centres)


def _unit_rows(network: Network) -> Rows:
    for line in network.units:
        failed = ", ".join(line.requirements)
        numbers = (len(line.centres), len(line.failing))
        yield (line.name, line.activity, *numbers, failed, _named(line.failing), _named(line.centres))


def _expiry_rows(network: Network) -> Rows:
    for line in network.expiries:
        yield line.on, (line.on - network.as_of).days, line.what, len(line.centres), _named(line.centres)


def _duplicates(network: Network) -> Rows:
    for word, groups in (
        ("file", network.same_file),
        ("site code", network.same_site),
        ("answers", network.same_answers),
    ):
        for number, group in enumerate(groups, start=1):
            yield from ((word, number, label) for label in group)


def _named(labels: Sequence[str]) -> str:
    more = len(labels) - _NAMED_AT_MOST
    return "; ".join(labels[:_NAMED_AT_MOST]) + (f"; and {more} more (see network.json)" if more > 0 else "")


def _sheet(book: Workbook, title: str, headings: Sequence[str], rows: Rows, widths: Sequence[int], frozen: str) -> None:
    """Write one sheet row by row, so that memory does not grow with the number of centres."""
    sheet: Any = book.create_sheet(title)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = frozen
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter.center.text = "Page &P of &N"
    head = [WriteOnlyCell(sheet, heading) for heading in headings]
    for cell in head:
        cell.fill, cell.font, cell.alignment = _HEAD, _HEAD_FONT, _WRAPPED
    sheet.append(head)
    count = 1
    for count, row in enumerate(rows, start=2):  # noqa: B007 - the last one is the number of rows
        sheet.append([_cell(sheet, value) for value in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{max(count, 2)}"


def _cell(sheet: Any, value: Value) -> Any:
    """Make one cell; text is text, whatever it begins with."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        plain: Any = value
        cell = WriteOnlyCell(sheet, plain)
        cell.alignment = _TOP
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return cell
    text = fit_for_xml(value)
    if len(text) > _CELL_LIMIT:
        text = f"{text[:_CELL_LIMIT]} … (cut here: a cell holds no more)"
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.alignment = _WRAPPED if len(text) > 24 else _TOP
    cell.quotePrefix = text[:1] in "=+-@"
    return cell


def _with_fixed_date(data: bytes, as_of: date) -> bytes:
    """Put the audit date where openpyxl writes the clock."""
    out = io.BytesIO()
    stamp = f"{as_of.isoformat()}T00:00:00Z".encode()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", part)
            target.writestr(name, part)
    return out.getvalue()
