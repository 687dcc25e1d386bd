"""The first sheet, which explains the workbook and counts the answers, and the hidden one that identifies it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break, RowBreak
from openpyxl.worksheet.worksheet import Worksheet

from cartaudit.criteria.editions import InForce
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import (
    FIXED_KEY,
    FORMAT,
    FORMULA_TOKEN,
    IDENTITY_KEYS,
    IDENTITY_SHEET,
    INSTRUCTIONS_SHEET,
    PROPERTY_PREFIX,
    SITE_VALUES_SHEET,
    fixed_token,
)
from cartaudit.workbook import styles
from cartaudit.workbook.template_cells import put, put_formula
from cartaudit.workbook.template_plan import TemplatePlan

_WIDTHS = (30, 78, 13, 13, 11)
_CELLS_AT_ONCE = 1_000  # keeps a cell's text under what Excel holds

_WHAT = (
    "This workbook asks a CAR-T treatment centre each thing once. cartaudit compares the answers with the checklists "
    "named above and writes a gap-analysis report. A centre counts as ready only where that is shown: what is left "
    "blank, cannot be read or rests on nothing stays open.",
)
_HOW = (
    "Start with the sheets Profile and Treatments: they decide which requirements apply.",
    "Then go through the sheets in any order. Cells with a pale fill under a heading 'Fill in' are open; all others "
    "are locked, without a password. Several people can fill the workbook, each with their role under 'Answered by'.",
    "Answer what is true today, not what is planned. Numbers go in the unit beside the answer; dates as "
    "year-month-day. Where cases are counted, leave 'counted' and enter how many comply and how many were examined.",
    "Lists such as vessels, documents or agreements have sheets of their own: one row for each, no gaps between rows.",
    "Where an answer falls short, say what will be done, by which role and by when, and how patients are protected "
    "until then. The inspector's columns stay empty until an inspector fills them.",
)
_WORDS = (
    ("Yes", "Fully in place today, for every patient and product it concerns, and you can show it."),
    ("Partial", "In place in part: for some products, shifts or sites, or not yet in writing."),
    ("No", "Not in place."),
    (
        "In progress",
        "Being put in place. It counts as not in place until it is done; give the date under 'Action due'.",
    ),
    ("N/A", "Cannot apply to this centre. Say why under 'Reason if N/A'; essential criteria do not accept it."),
)
_LEVELS = (
    ("claimed", "Nothing is named."),
    ("cited", "A document is named with number and version, and stands in the sheet of documents."),
    ("sighted", "Somebody outside the team that wrote it has looked at the document."),
    ("verified", "That person has also checked practice against it. Give role and date in the profile."),
)
_VALUES = (
    f"Some thresholds could not be verified in the product information. The sheet '{SITE_VALUES_SHEET}' lists them "
    "with what we know. Enter the value of your current text with its revision, date and your role; the report prints "
    "it as site-supplied.",
)
_NEXT = (
    "Save the workbook and give it to cartaudit: 'cartaudit check' lists what it could not read, with sheet and cell, "
    "and 'cartaudit report' writes the report. The workbook itself is never changed.",
)
_PATIENTS = (
    "Enter no patient data: no names, initials, dates of birth, hospital or batch numbers. Counts are enough. Staff "
    "are named by role or staff code.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One line of the table of sheets: title, sheet, number of questions (None: a register), formula that counts."""

    title: str
    sheet: str
    questions: int | None
    formula: str


def write_instructions(
    book: Workbook, plan: TemplatePlan, chosen: Sequence[InForce], catalogue: Catalogue, progress: Sequence[Progress]
) -> None:
    """Write the first sheet."""
    sheet = book.create_sheet(INSTRUCTIONS_SHEET, 0)
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    put(sheet, 1, 1, plan.title or "CAR-T treatment centre: self-assessment", "title")
    sheet.row_dimensions[1].height = 34
    row = _facts(sheet, 2, _made_for(plan, chosen, catalogue))
    row = _section(sheet, row, "What this is", _WHAT)
    row = _section(sheet, row, "No patient data", _PATIENTS)
    row = _section(sheet, row, "How to answer", _HOW, numbered=True)
    row = _facts(sheet, _title(sheet, row, "What the answers mean"), _WORDS)
    row = _facts(sheet, _title(sheet, row, "Evidence levels"), _LEVELS)
    row = _section(sheet, row, "Thresholds that wait for you", _VALUES)
    row = _section(sheet, row, "What happens next", _NEXT)
    sheet.row_breaks = RowBreak(brk=[Break(id=row - 1)])
    row = _progress(sheet, row, progress)
    sheet.sheet_properties.tabColor = styles.TAB_FRONT
    sheet.sheet_view.showGridLines = False
    styles.protect(sheet)
    styles.set_up_page(sheet)
    sheet.page_setup.orientation = "portrait"
    sheet.print_area = f"A1:E{row - 1}"


def _made_for(plan: TemplatePlan, chosen: Sequence[InForce], catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    names = [f"{c.checklist.title}{f', edition {c.edition_name}' if c.edition_name else ''}" for c in chosen]
    products = dict.fromkeys(t.product for t in plan.treatments)
    shown = [catalogue.products[p].name if p in catalogue.products else p for p in products]
    return (
        ("Made for", "\n".join(names)),
        ("Products", ", ".join(shown) or "all in the catalogue"),
        ("Country", plan.country or "not given"),
        ("Content as of", plan.as_of.isoformat()),
    )


def _title(sheet: Worksheet, row: int, title: str) -> int:
    for column in range(1, 6):
        put(sheet, row + 1, column, title if column == 1 else "", "heading")
    sheet.row_dimensions[row].height = 10
    sheet.row_dimensions[row + 1].height = 22
    return row + 2


def _section(sheet: Worksheet, row: int, title: str, paragraphs: Sequence[str], *, numbered: bool = False) -> int:
    row = _title(sheet, row, title)
    for number, text in enumerate(paragraphs, start=1):
        shown = f"{number}.  {text}" if numbered else text
        put(sheet, row, 1, shown, "text")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=5)
        sheet.row_dimensions[row].height = 13.5 * styles.lines_of(shown, sum(_WIDTHS) * 0.98) + 4
        row += 1
    return row


def _facts(sheet: Worksheet, row: int, facts: Sequence[tuple[str, str]]) -> int:
    for name, text in facts:
        put(sheet, row, 1, name, "strong")
        put(sheet, row, 2, text, "text")
        sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=5)
        sheet.row_dimensions[row].height = 13.5 * styles.lines_of(text, sum(_WIDTHS[1:]) * 0.98) + 3
        row += 1
    return row


def _progress(sheet: Worksheet, row: int, progress: Sequence[Progress]) -> int:
    row = _title(sheet, row, "Answered so far")
    for column, text in enumerate(("Sheet", "What it holds", "Questions", "Answered", "Share"), start=1):
        put(sheet, row, column, text, "table head")
    first = row + 1
    for line in progress:
        row += 1
        put(sheet, row, 1, line.sheet, "link")
        place = f"A{row}"
        sheet.cell(row, 1).hyperlink = Hyperlink(ref=place, location=f"'{line.sheet}'!A1", display=line.sheet)
        sheet.cell(row, 1).style = "ca link"
        put(sheet, row, 2, line.title, "table")
        sheet.row_dimensions[row].height = styles.height_of((line.title, _WIDTHS[1]))
        put(sheet, row, 3, "list" if line.questions is None else line.questions, "table number")
        put_formula(sheet, row, 4, f"={line.formula}", "table number")
        if line.questions:
            put_formula(sheet, row, 5, f"=D{row}/C{row}", "table share")
        else:
            put(sheet, row, 5, "", "table share")
    last, row = row, row + 1
    asked = f'SUMIF(C{first}:C{last},">0",D{first}:D{last})'
    put(sheet, row, 1, "All questions", "table head")
    put(sheet, row, 2, "", "table head")
    put_formula(sheet, row, 3, f"=SUM(C{first}:C{last})", "table number")
    put_formula(sheet, row, 4, f"={asked}", "table number")
    put_formula(sheet, row, 5, f"=IF(C{row}=0,0,D{row}/C{row})", "table share")
    return row + 1


def identity(plan: TemplatePlan, chosen: Sequence[InForce], catalogue: Catalogue) -> Mapping[str, str]:
    """Say what the workbook is, by the keys of the layout."""
    values = (
        FORMAT,
        plan.tool_version,
        "; ".join(f"{c.checklist.id}@{c.edition_name}" if c.edition_name else c.checklist.id for c in chosen),
        catalogue.digest,
        catalogue.version,
        plan.country,
        plan.as_of.isoformat(),
        "; ".join(plan.roles),
        "cartaudit",
    )
    return dict(zip(IDENTITY_KEYS, values, strict=True))


def write_identity(book: Workbook, values: Mapping[str, str]) -> None:
    """Write the identity on a hidden sheet and as custom document properties; below it, what is fixed on each sheet."""
    filled = book.worksheets
    sheet = book.create_sheet(IDENTITY_SHEET)
    sheet.sheet_state = "hidden"
    properties = book.custom_doc_props  # type: ignore[attr-defined]
    said = ((key, value) for key, value in values.items() if value)
    for row, (key, value) in enumerate(said, start=1):
        put(sheet, row, 1, key, "hidden")
        put(sheet, row, 2, value, "hidden")
        properties.append(StringProperty(name=f"{PROPERTY_PREFIX}{key}", value=value))
    write_fixed_cells(sheet, filled)
    sheet.protection.sheet = True


def write_fixed_cells(identity: Worksheet, sheets: Iterable[Worksheet]) -> None:
    """Add one row for each of these sheets that lists its locked cells."""
    for row, sheet in enumerate(sheets, start=identity.max_row + 1):
        cells = tuple(_fixed_cells(sheet))
        parts = (" ".join(cells[n : n + _CELLS_AT_ONCE]) for n in range(0, len(cells), _CELLS_AT_ONCE))
        for column, text in enumerate((FIXED_KEY, sheet.title, *parts), start=1):
            identity.cell(row, column, text)


def _fixed_cells(sheet: Worksheet) -> Iterator[str]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None and cell.protection.locked:
                token = FORMULA_TOKEN if cell.data_type == "f" else fixed_token(str(cell.value))
                yield f"{cell.coordinate}:{token}"
