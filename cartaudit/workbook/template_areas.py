"""The sheets of questions: one for each area, and the profile."""

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.pagebreak import Break, ColBreak
from openpyxl.worksheet.worksheet import Worksheet

from cartaudit.criteria.asked import QuestionKey
from cartaudit.model.answers import AnswerType, Share
from cartaudit.model.areas import Area
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import (
    AREA_HEADINGS,
    NA_WORD,
    REGISTER_POINTER,
    REGISTER_ROWS,
    SHARE_WORD,
    Field,
    Heading,
    register_pointer,
    register_sheet,
    scoped_id,
)
from cartaudit.model.questions import PROFILE_AREA, Column, NumberRange, Question, Scope
from cartaudit.model.submission import EvidenceLevel
from cartaudit.workbook import styles
from cartaudit.workbook.template_cells import Checks, Options, is_day, put, put_formula
from cartaudit.workbook.template_plan import CellContent, TemplatePlan

BAND_ROW, HEADING_ROW, FIRST_ROW = 3, 4, 5
COLUMN: Mapping[Field, int] = {h.field: n for n, h in enumerate(AREA_HEADINGS, start=1)}

_SHARE_FIELDS = (Field.NUMERATOR, Field.DENOMINATOR, Field.PERIOD)
_PROFILE_FIELDS = (Field.ID, Field.QUESTION, Field.ANSWER, Field.UNIT, Field.COMMENT)
_BANDS: tuple[tuple[str, Field, Field], ...] = (
    ("What is asked (locked)", Field.ID, Field.QUESTION),
    ("Fill in: what is true today", Field.ANSWER, Field.NA_REASON),
    ("Fill in: what shows it", Field.EVIDENCE, Field.COMMENT),
    ("Who says so", Field.ANSWERED_BY, Field.ANSWERED_ON),
    ("Where the answer falls short: what will be done", Field.ACTION, Field.RECONFIRM),
    ("For the inspector, and the centre's reply", Field.INSPECTOR_ANSWER, Field.REASSESSED_ON),
)
_DATES = frozenset({Field.EVIDENCE_DATED, Field.ANSWERED_ON, Field.DUE, Field.INSPECTED_ON, Field.REASSESSED_ON})
_QUESTION_WIDTH, _SMALL_WIDTH = 64, 78
_POPULATION_WORDS = {"adult": "adults", "paediatric": "children and adolescents"}

_COUNTED = NumberRange(low=0, high=1_000_000)
"""What the counts of a share can be; each question says more narrowly what its own can."""


class AreaWriter:
    """Writes the questions of one area on a sheet of their own."""

    def __init__(self, book: Workbook, area: Area, catalogue: Catalogue, plan: TemplatePlan, options: Options) -> None:
        self.sheet: Worksheet = book.create_sheet(area.sheet)
        self._area, self._catalogue, self._plan, self._options = area, catalogue, plan, options
        self._checks = Checks(self.sheet)

    def write(self, asked: Sequence[tuple[QuestionKey, Question]]) -> None:
        """Write title, headings and one row for each question."""
        last = HEADING_ROW + len(asked)
        self._head(last)
        for row, (key, question) in enumerate(asked, start=FIRST_ROW):
            self._row(row, key, question)
        self._shared_checks(last)
        self._finish(last, {q.type for _, q in asked})

    def _head(self, last: int) -> None:
        put(self.sheet, 1, 1, self._area.title, "title")
        put_formula(self.sheet, 2, 1, f'="Answered so far: "&{self.answered(last)}&" of {last - HEADING_ROW}"', "lead")
        self.sheet.cell(2, 1).alignment = styles.LEFT_UNWRAPPED
        for title, first, end in self._bands():
            for column in range(COLUMN[first], COLUMN[end] + 1):
                put(self.sheet, BAND_ROW, column, title if column == COLUMN[first] else "", "band")
            self.sheet.merge_cells(
                start_row=BAND_ROW, end_row=BAND_ROW, start_column=COLUMN[first], end_column=COLUMN[end]
            )
        for heading in AREA_HEADINGS:
            put(self.sheet, HEADING_ROW, COLUMN[heading.field], heading.title, "head")
            dimension = self.sheet.column_dimensions[get_column_letter(COLUMN[heading.field])]
            dimension.width = self._width(heading)
        self.sheet.row_dimensions[1].height = 26
        self.sheet.row_dimensions[BAND_ROW].height = 16
        self.sheet.row_dimensions[HEADING_ROW].height = 40

    def _bands(self) -> tuple[tuple[str, Field, Field], ...]:
        return () if self._area.id == PROFILE_AREA else _BANDS

    def _width(self, heading: Heading) -> float:
        wide = {Field.ANSWER: 46, Field.COMMENT: 40} if self._area.id == PROFILE_AREA else {}
        return wide.get(heading.field, heading.width)

    def answered(self, last: int, *, elsewhere: bool = False) -> str:
        """Give the formula that counts answered rows; `elsewhere` names the sheet, for use on another one."""
        place = f"'{self.sheet.title}'!" if elsewhere else ""

        def part(field: Field) -> str:
            letter = get_column_letter(COLUMN[field])
            return f"{place}${letter}${FIRST_ROW}:${letter}${last}"

        answer, pointer = part(Field.ANSWER), len(REGISTER_POINTER)
        is_register = f'(LEFT({answer},{pointer})="{REGISTER_POINTER}")'
        counted = f'({part(Field.NUMERATOR)}<>"")*({part(Field.DENOMINATOR)}<>"")'
        return (
            f'(SUMPRODUCT(({answer}<>"")*({answer}<>"{SHARE_WORD}")*(1-{is_register}))'
            f'+SUMPRODUCT(({answer}="{SHARE_WORD}")*{counted})'
            f'+SUMPRODUCT({is_register}*(LEFT({part(Field.UNIT)},2)<>"0 ")))'
        )

    def _row(self, row: int, key: QuestionKey, question: Question) -> None:
        filled = dict(self._plan.filling.answers.get(key, {}))
        answer = filled.get(Field.ANSWER)
        if isinstance(answer, Share):
            filled = {
                Field.NUMERATOR: answer.numerator,
                Field.DENOMINATOR: answer.denominator,
                Field.PERIOD: answer.period,
                **filled,
            }
        for heading in AREA_HEADINGS:
            self._cell(row, heading, key, question, filled.get(heading.field))
        typed = [(str(filled[h.field]), self._width(h)) for h in AREA_HEADINGS if isinstance(filled.get(h.field), str)]
        least = self._question_height(question, key[1])
        self.sheet.row_dimensions[row].height = styles.height_of(*typed, least=least)

    def _question_height(self, question: Question, scope: str) -> float:
        title = f"{scope_title(question, scope, self._catalogue)}: " if scope else ""
        small = sum(styles.lines_of(note, _SMALL_WIDTH) for note in _notes(question, self._options))
        height = styles.LINE_HEIGHT * styles.lines_of(title + question.text, _QUESTION_WIDTH)
        return height + styles.SMALL_LINE_HEIGHT * small + 6

    def _cell(
        self, row: int, heading: Heading, key: QuestionKey, question: Question, content: CellContent | None
    ) -> None:
        column = COLUMN[heading.field]
        match heading.field:
            case Field.ID:
                put(self.sheet, row, column, scoped_id(*key), "id")
            case Field.QUESTION:
                put(
                    self.sheet, row, column, question_text(question, key[1], self._catalogue, self._options), "question"
                )
            case Field.ANSWER:
                self._answer(row, column, question, content)
            case Field.UNIT:
                self._unit(row, column, question)
            case Field.NUMERATOR | Field.DENOMINATOR | Field.PERIOD if question.type is not AnswerType.SHARE:
                put(self.sheet, row, column, content, "closed")
            case Field.INSPECTOR_ANSWER | Field.REASSESSMENT:
                self._typed(row, column, question, content, "inspector")
            case _:
                style = "inspector" if heading.filled_by == "inspector" else "open"
                put(self.sheet, row, column, content, f"{style} date" if heading.field in _DATES else style)

    def _answer(self, row: int, column: int, question: Question, content: CellContent | None) -> None:
        if question.type is AnswerType.REGISTER:
            pointer = register_pointer(register_sheet(question.id, question.sheet))
            put(self.sheet, row, column, self._options.show(content, question) if content else pointer, "open")
            self._checks.add_list(self._at(row, column), self._options.reference((pointer, NA_WORD)))
        elif question.type is AnswerType.SHARE:
            shown = SHARE_WORD if content is None else self._options.show(content, question)
            put(self.sheet, row, column, shown, "open")
            self._checks.add_list(self._at(row, column), self._options.reference((SHARE_WORD, NA_WORD)), strict=False)
        else:
            self._typed(row, column, question, content, "open")

    def _typed(self, row: int, column: int, question: Question, content: CellContent | None, style: str) -> None:
        shown = None if content is None else self._options.show(content, question)
        dated = question.type is AnswerType.DATE or is_day(shown)
        put(self.sheet, row, column, shown, f"{style} date" if dated else style)
        words = self._options.words(question, na=self._area.id != PROFILE_AREA)
        if words:
            self._checks.add_list(self._at(row, column), self._options.reference(words))
        else:
            self._checks.add_type(
                self._at(row, column),
                question.type,
                question.unit,
                within=question.range,
                usual=question.usual,
                prompt=style == "open",
            )

    def _unit(self, row: int, column: int, question: Question) -> None:
        if question.type is AnswerType.REGISTER:
            put_formula(self.sheet, row, column, f'={rows_formula(question, self._plan)}&" rows"', "fixed")
        else:
            put(self.sheet, row, column, "cases" if question.type is AnswerType.SHARE else question.unit, "fixed")

    def _shared_checks(self, last: int) -> None:
        levels = self._options.reference(tuple(level.value for level in EvidenceLevel))
        self._checks.add_list(self._range(Field.EVIDENCE_LEVEL, last), levels)
        for field in sorted(_DATES):
            self._checks.add_type(self._range(field, last), AnswerType.DATE, prompt=False)
        for field in (Field.NUMERATOR, Field.DENOMINATOR):
            self._checks.add_type(self._range(field, last), AnswerType.INTEGER, within=_COUNTED, prompt=False)

    def _finish(self, last: int, types: set[AnswerType]) -> None:
        sheet, profile = self.sheet, self._area.id == PROFILE_AREA
        for field in _hidden(profile, AnswerType.SHARE in types, self._reconfirms()):
            sheet.column_dimensions[get_column_letter(COLUMN[field])].hidden = True
        sheet.freeze_panes = self._at(FIRST_ROW, COLUMN[Field.ANSWER])
        sheet.sheet_properties.tabColor = styles.TAB_FRONT if profile else styles.TAB_AREA
        sheet.sheet_view.zoomScale = 90
        sheet.sheet_view.showGridLines = False
        styles.protect(sheet)
        rows = f"{BAND_ROW}:{HEADING_ROW}"
        if profile:
            styles.set_up_page(sheet, title_rows=rows)
            end = Field.RECONFIRM if self._reconfirms() else Field.COMMENT
            sheet.print_area = f"A1:{get_column_letter(COLUMN[end])}{last}"
            return
        styles.set_up_page(sheet, title_rows=rows, title_columns="A:B", scale=52 if AnswerType.SHARE in types else 62)
        sheet.col_breaks = ColBreak(brk=[Break(id=COLUMN[field]) for field in self._page_ends()[:-1]])
        sheet.print_area = f"A1:{get_column_letter(COLUMN[self._page_ends()[-1]])}{last}"

    def _page_ends(self) -> tuple[Field, ...]:
        """Name the last column of each page: the ward's answers, then who answered and what will be done.

        The inspector's columns are printed once an inspector has filled one of them.
        """
        ends = (Field.COMMENT, Field.RECONFIRM)
        filled = {name for fields in self._plan.filling.answers.values() for name in fields}
        inspected = any(h.field in filled and COLUMN[h.field] > COLUMN[Field.RECONFIRM] for h in AREA_HEADINGS)
        return (*ends, Field.REASSESSED_ON) if inspected else ends

    def _reconfirms(self) -> bool:
        return any(Field.RECONFIRM in fields for fields in self._plan.filling.answers.values())

    def _at(self, row: int, column: int) -> str:
        return f"{get_column_letter(column)}{row}"

    def _range(self, field: Field, last: int) -> str:
        letter = get_column_letter(COLUMN[field])
        return f"{letter}{FIRST_ROW}:{letter}{last}"


def _hidden(profile: bool, shares: bool, reconfirms: bool) -> list[Field]:
    if profile:
        shown = (*_PROFILE_FIELDS, *((Field.RECONFIRM,) if reconfirms else ()))
        return [h.field for h in AREA_HEADINGS if h.field not in shown]
    return [*(() if shares else _SHARE_FIELDS), *(() if reconfirms else (Field.RECONFIRM,))]


def register_rows(question: Question, plan: TemplatePlan) -> int:
    """Tell how many rows a register offers: at least forty, and ten beyond those filled in."""
    return max(REGISTER_ROWS, len(plan.filling.rows.get(question.id, ())) + 10)


def register_column(column: Column) -> bool:
    """Tell whether a used row always has this column filled, so that counting it counts rows."""
    return column.required or column.unique


REGISTER_FIRST_ROW = 6


def rows_formula(question: Question, plan: TemplatePlan) -> str:
    """Give the formula that counts the rows of a register, for use on any sheet."""
    number = next((n for n, c in enumerate(question.columns, start=1) if register_column(c)), 1)
    letter, last = get_column_letter(number), REGISTER_FIRST_ROW + register_rows(question, plan) - 1
    sheet = register_sheet(question.id, question.sheet)
    return f"COUNTA('{sheet}'!${letter}${REGISTER_FIRST_ROW}:${letter}${last})"


def question_text(question: Question, scope: str, catalogue: Catalogue, options: Options) -> Any:
    """Write a question with its product in bold before it, and help in grey below it."""
    strong = InlineFont(rFont=styles.FONT, sz=10, b=True, color=Color(styles.INK))
    plain = InlineFont(rFont=styles.FONT, sz=10, color=Color(styles.INK))
    quiet = InlineFont(rFont=styles.FONT, sz=8.5, color=Color(styles.QUIET))
    parts: list[Any] = []
    if scope:
        parts.append(TextBlock(strong, f"{scope_title(question, scope, catalogue)}: "))
    parts.append(TextBlock(plain, question.text))
    notes = _notes(question, options)
    if notes:
        parts.append(TextBlock(quiet, "\n" + "\n".join(notes)))
    return CellRichText(*parts)


def _notes(question: Question, options: Options) -> list[str]:
    notes = [question.help] if question.help else []
    if question.type is AnswerType.CHOICES:
        labels = "; ".join(c.label for c in options.choices(question))
        notes.append(f"Choose any of these, separated by semicolons: {labels}")
    if question.choices_from == "jurisdictions.countries":
        notes.append("Two-letter code, e.g. DE.")
    if question.evidence:
        notes.append(f"Good evidence: {question.evidence}")
    if question.role:
        notes.append(f"Usually answered by: {question.role}")
    return notes


def scope_title(question: Question, scope: str, catalogue: Catalogue) -> str:
    """Name a product or treatment in words."""
    if question.scope is not Scope.TREATMENT:
        return catalogue.products[scope].name if scope in catalogue.products else scope
    product, indication, population = [*scope.split(":"), "", ""][:3]
    known = catalogue.products.get(product)
    name = known.name if known else product
    labels = {i.id: i.label for i in known.indications} if known else {}
    parts = (name, labels.get(indication, indication), _POPULATION_WORDS.get(population, population))
    return ", ".join(p for p in parts if p)
