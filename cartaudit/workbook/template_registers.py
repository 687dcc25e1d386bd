"""The sheets with tables: registers, and the thresholds a centre confirms or enters."""

from collections.abc import Sequence

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from cartaudit.model.answers import AnswerType
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import NO_LIMIT_WORD, SITE_VALUE_HEADINGS, SITE_VALUES_SHEET, register_sheet
from cartaudit.model.questions import Column, Question
from cartaudit.model.submission import SiteValue
from cartaudit.workbook import styles
from cartaudit.workbook.template_areas import REGISTER_FIRST_ROW, register_rows
from cartaudit.workbook.template_cells import Checks, Options, put
from cartaudit.workbook.template_limits import Pending, parameter_text
from cartaudit.workbook.template_plan import CellContent, TemplatePlan

NOTE_ROW, KEY_ROW, HEAD_ROW = 3, 4, 5
VALUE_HEAD_ROW = 4
_SPARE_ROWS = 10
_WIDTHS = {
    AnswerType.TEXT: 22,
    AnswerType.CHOICES: 28,
    AnswerType.CHOICE: 20,
    AnswerType.DATE: 13,
    AnswerType.BOOLEAN: 14,
    AnswerType.INTEGER: 13,
    AnswerType.NUMBER: 13,
    AnswerType.STATUS: 14,
}
_VALUE_WIDTHS = (24, 16, 18, 12, 44, 12, 38, 20, 24, 18, 14, 24, 24)
_VALUE_TYPES = {
    "integer": AnswerType.INTEGER,
    "number": AnswerType.NUMBER,
    "boolean": AnswerType.BOOLEAN,
    "date": AnswerType.DATE,
}


def write_register(book: Workbook, question: Question, plan: TemplatePlan, options: Options) -> None:
    """Write a register's sheet: title, what to list, notes, column ids, headings, filled and empty rows."""
    sheet = book.create_sheet(register_sheet(question.id, question.sheet))
    checks = Checks(sheet)
    rows, width = plan.filling.rows.get(question.id, ()), len(question.columns)
    last = REGISTER_FIRST_ROW + register_rows(question, plan) - 1
    put(sheet, 1, 1, question.sheet or question.id, "title")
    put(sheet, 2, 1, _lead(question), "lead")
    sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=width)
    for number, column in enumerate(question.columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDTHS.get(column.type, 18)
        put(sheet, NOTE_ROW, number, _note(column, options), "note")
        put(sheet, KEY_ROW, number, column.id, "key")
        put(sheet, HEAD_ROW, number, _heading(column), "head")
        _check(checks, f"{letter}{REGISTER_FIRST_ROW}:{letter}{last}", column, options)
        dated = column.type is AnswerType.DATE
        for row in range(REGISTER_FIRST_ROW, last + 1):
            filled = rows[row - REGISTER_FIRST_ROW] if row - REGISTER_FIRST_ROW < len(rows) else {}
            content = filled.get(column.id)
            shown = None if content is None else options.show(content, column)
            put(sheet, row, number, shown, "open date" if dated else "open")
    _heights(sheet, question, options, last)
    sheet.freeze_panes = f"B{REGISTER_FIRST_ROW}"
    sheet.sheet_properties.tabColor = styles.TAB_REGISTER
    sheet.sheet_view.zoomScale = 90
    sheet.sheet_view.showGridLines = False
    styles.protect(sheet)
    styles.set_up_page(sheet, title_rows=f"{HEAD_ROW}:{HEAD_ROW}")
    sheet.print_area = f"A1:{get_column_letter(width)}{last}"


def _heights(sheet: Worksheet, question: Question, options: Options, last: int) -> None:
    widths = [_WIDTHS.get(c.type, 18) for c in question.columns]
    notes = [(_note(c, options), w * 1.15) for c, w in zip(question.columns, widths, strict=True)]
    heads = [(_heading(c), w * 0.9) for c, w in zip(question.columns, widths, strict=True)]
    sheet.row_dimensions[1].height = 26
    sheet.row_dimensions[2].height = styles.height_of((_lead(question), sum(widths) * 1.05))
    sheet.row_dimensions[NOTE_ROW].height = styles.height_of(*notes) * 0.88
    sheet.row_dimensions[KEY_ROW].height = 9
    sheet.row_dimensions[HEAD_ROW].height = styles.height_of(*heads, least=24)
    for row in range(REGISTER_FIRST_ROW, last + 1):
        cells = [(str(sheet.cell(row, n).value or ""), w) for n, w in enumerate(widths, start=1)]
        sheet.row_dimensions[row].height = styles.height_of(*cells)


def _lead(question: Question) -> str:
    parts = [question.text, question.help]
    if question.evidence:
        parts.append(f"Good evidence: {question.evidence}.".replace("..", "."))
    if question.role:
        parts.append(f"Usually kept by: {question.role}.")
    parts.append("For more rows, insert them between two others; the count follows.")
    return " ".join(p for p in parts if p)


def _note(column: Column, options: Options) -> str:
    notes = [column.help] if column.help else []
    if column.type is AnswerType.CHOICES:
        notes.append("Any of, with semicolons: " + "; ".join(c.label for c in options.choices(column)))
    if not column.required:
        notes.append("May stay empty.")
    return "\n".join(notes)


def _heading(column: Column) -> str:
    return f"{column.text} ({column.unit})" if column.unit else column.text


def _check(checks: Checks, cells: str, column: Column, options: Options) -> None:
    words = options.words(column, na=not column.required)
    if words:
        checks.add_list(cells, options.reference(words))
    else:
        checks.add_type(cells, column.type, column.unit, within=column.range, usual=column.usual)


def write_site_values(
    book: Workbook, catalogue: Catalogue, plan: TemplatePlan, pending: Sequence[Pending], options: Options
) -> None:
    """Write the sheet of thresholds that wait for the centre, and spare rows for stricter local values."""
    sheet = book.create_sheet(SITE_VALUES_SHEET)
    checks = Checks(sheet)
    put(sheet, 1, 1, SITE_VALUES_SHEET, "title")
    put(sheet, 2, 1, _VALUES_LEAD, "lead")
    sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=len(SITE_VALUE_HEADINGS))
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 26, 46
    for number, ((_, title), width) in enumerate(zip(SITE_VALUE_HEADINGS, _VALUE_WIDTHS, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
        put(sheet, VALUE_HEAD_ROW, number, title, "head")
    sheet.row_dimensions[VALUE_HEAD_ROW].height = 30
    supplied = list(plan.filling.site_values)
    row = VALUE_HEAD_ROW
    for row, entry in enumerate(pending, start=VALUE_HEAD_ROW + 1):
        found = next((s for s in supplied if _same(s, entry)), None)
        if found:
            supplied.remove(found)
        _pending_row(sheet, row, entry, found, checks, options, catalogue)
    for spare in range(max(_SPARE_ROWS, len(supplied))):
        row += 1
        _spare_row(sheet, row, supplied[spare] if spare < len(supplied) else None)
    checks.add_type(f"K{VALUE_HEAD_ROW + 1}:K{row}", AnswerType.DATE)
    sheet.freeze_panes = f"C{VALUE_HEAD_ROW + 1}"
    sheet.sheet_properties.tabColor = styles.TAB_VALUES
    sheet.sheet_view.showGridLines = False
    styles.protect(sheet)
    styles.set_up_page(sheet, title_rows=f"{VALUE_HEAD_ROW}:{VALUE_HEAD_ROW}")
    sheet.print_area = f"A1:M{row}"


_VALUES_LEAD = (
    "Thresholds that we could not verify in the product information. Read your current text and enter its value, the "
    "revision and section of the text, the day on which you read it, and the roles of two people: who entered the "
    "value and who confirmed it. Write None as the value where your text names no limit, or permits nothing of the "
    "kind. A threshold left open never passes or fails the centre; the requirement then waits. A value laxer than one "
    "verified elsewhere waits too. The empty rows at the end are for stricter values of your own: write parameter, "
    "product, indication and population as the catalogue names them."
)


def _same(value: SiteValue, entry: Pending) -> bool:
    own = (entry.definition.name, entry.product, entry.indication, entry.population)
    return (value.parameter, value.product, value.indication, value.population) == own


def _pending_row(
    sheet: Worksheet,
    row: int,
    entry: Pending,
    value: SiteValue | None,
    checks: Checks,
    options: Options,
    catalogue: Catalogue,
) -> None:
    definition = entry.definition
    product = catalogue.products[entry.product].name if entry.product in catalogue.products else entry.product
    texts = (
        definition.name,
        product,
        entry.indication,
        entry.population,
        definition.text,
        definition.unit,
        entry.known,
    )
    for column, text in enumerate(texts, start=1):
        put(sheet, row, column, text, "fixed")
    sheet.row_dimensions[row].height = styles.height_of((entry.known, 38), (definition.text, 44), least=28)
    _supplied(sheet, row, value, dated=definition.type == "date")
    kind = _VALUE_TYPES.get(definition.type)
    if kind is AnswerType.BOOLEAN:
        checks.add_list(f"H{row}", options.reference(("Yes", "No", NO_LIMIT_WORD)))
    elif kind is not None:
        checks.add_type(f"H{row}", kind, definition.unit, word=NO_LIMIT_WORD)


def _spare_row(sheet: Worksheet, row: int, value: SiteValue | None) -> None:
    texts = (value.parameter, value.product, value.indication, value.population) if value else ("",) * 4
    for column, text in enumerate(texts, start=1):
        put(sheet, row, column, text, "open")
    for column in range(5, 8):
        put(sheet, row, column, "", "closed")
    _supplied(sheet, row, value, dated=False)


def _supplied(sheet: Worksheet, row: int, value: SiteValue | None, *, dated: bool) -> None:
    shown: CellContent | None = None
    if value is not None and value.none:
        shown = NO_LIMIT_WORD
    elif value is not None and value.value is not None:
        shown = parameter_text(value.value) if isinstance(value.value, bool | tuple) else value.value
    put(sheet, row, 8, shown, "open date" if dated else "open")
    put(sheet, row, 9, value.revision if value else "", "open")
    put(sheet, row, 10, value.section if value else "", "open")
    put(sheet, row, 11, value.dated if value else None, "open date")
    put(sheet, row, 12, value.entered if value else "", "open")
    put(sheet, row, 13, value.role if value else "", "open")
