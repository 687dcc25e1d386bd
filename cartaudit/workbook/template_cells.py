"""Cells of a workbook being written: typed values as people read them, drop-downs and checks on what is typed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from cartaudit.errors import WorkbookError
from cartaudit.model.answers import AnswerState, AnswerType, Share, Status
from cartaudit.model.checklists import Catalogue
from cartaudit.model.countries import COUNTRIES
from cartaudit.model.layout import BOOLEAN_WORDS, LISTS_SHEET, NA_WORD, SHARE_WORD, STATUS_WORDS
from cartaudit.model.questions import Choice, Column, NumberRange, Question
from cartaudit.model.text import LEADING_UNITS
from cartaudit.workbook.template_plan import CellContent

CHOICES_JOINT = "; "
_EARLIEST, _LATEST = 36526, 73415  # 2000-01-01 and 2101-01-01 as Excel counts days


class Options:
    """The options of every question, and the columns of the hidden list sheet that hold them."""

    def __init__(self, book: Workbook, catalogue: Catalogue, products: Sequence[str]) -> None:
        self._sheet: Worksheet = book.create_sheet(LISTS_SHEET)
        self._sheet.sheet_state = "hidden"
        self._catalogue = catalogue
        self._products = tuple(products)
        self._ranges: dict[tuple[str, ...], str] = {}

    def choices(self, asked: Question | Column) -> tuple[Choice, ...]:
        """List what a question or column may be answered with."""
        catalogue = self._catalogue
        match asked.choices_from:
            case "":
                return asked.choices
            case "profile.products":
                return tuple(
                    Choice(id=p, label=catalogue.products[p].name) for p in self._products if p in catalogue.products
                )
            case "products":
                return tuple(Choice(id=p.id, label=p.name) for p in catalogue.products.values())
            case "indications":
                found = {i.id: i.label for p in catalogue.products.values() for i in reversed(p.indications)}
                return tuple(Choice(id=i, label=label) for i, label in found.items())
            case "jurisdictions.countries":
                codes = sorted({*COUNTRIES, *(c for j in catalogue.jurisdictions for c in j.countries)})
                return tuple(Choice(id=code, label=code) for code in codes)
        raise WorkbookError(
            f"Question {asked.id}: options from '{asked.choices_from}' are not known. Correct the file."
        )

    def words(self, asked: Question | Column, *, na: bool) -> tuple[str, ...]:
        """List the words of a drop-down; none for a type that has no list."""
        end = (NA_WORD,) if na else ()
        match asked.type:
            case AnswerType.STATUS:
                return tuple(w for k, w in STATUS_WORDS.items() if k != "not_applicable") + end
            case AnswerType.BOOLEAN:
                return tuple(BOOLEAN_WORDS.values()) + end
            case AnswerType.CHOICE:
                return tuple(c.label for c in self.choices(asked)) + end
        return ()

    def reference(self, words: tuple[str, ...]) -> str:
        """Give the range on the list sheet that holds these words, written once."""
        if words not in self._ranges:
            column = len(self._ranges) + 1
            for row, word in enumerate(words, start=1):
                self._sheet.cell(row, column, word).style = "ca hidden"
            letter = get_column_letter(column)
            self._ranges[words] = f"{LISTS_SHEET}!${letter}$1:${letter}${len(words)}"
        return self._ranges[words]

    def show(self, content: CellContent, asked: Question | Column) -> Any:
        """Turn a typed answer into what stands in a cell; text that is no option's id stays as it is."""
        if content is AnswerState.NOT_APPLICABLE:
            return NA_WORD
        if isinstance(content, Status):
            return STATUS_WORDS[content.value]
        if isinstance(content, bool):
            return BOOLEAN_WORDS[content]
        if isinstance(content, Share):
            return SHARE_WORD
        if isinstance(content, tuple):
            return CHOICES_JOINT.join(str(self._label(c, asked)) for c in content)
        return self._label(content, asked) if isinstance(content, str) else content

    def _label(self, content: str, asked: Question | Column) -> str:
        if asked.type not in (AnswerType.CHOICE, AnswerType.CHOICES):
            return content
        return next((c.label for c in self.choices(asked) if c.id == content), content)


class Checks:
    """The data validations of one sheet, one for each kind of check, with all the cells it covers."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._made: dict[tuple[str, ...], DataValidation] = {}

    def add_list(self, cells: str, reference: str, *, strict: bool = True) -> None:
        """Offer a drop-down."""
        key = ("list", reference, str(strict))
        if key not in self._made:
            self._made[key] = self._new(
                DataValidation(type="list", formula1=reference, allow_blank=True),
                "Choose one of the list.",
                "",
                strict=strict,
            )
        self._made[key].add(cells)

    def add_type(
        self,
        cells: str,
        kind: AnswerType,
        unit: str = "",
        *,
        within: NumberRange | None = None,
        usual: NumberRange | None = None,
        prompt: bool = True,
        word: str = NA_WORD,
    ) -> None:
        """Check numbers and dates as they are typed, `within` a range; one word (N/A) is let through beside them."""
        rule = _RULES.get(kind)
        if rule is None:
            return
        formula, expected = rule
        cell = cells.split(":")[0]
        limits = f"{cell}>={_figure(within.low)},{cell}<={_figure(within.high)}" if within else "TRUE"
        said = f"{expected}{_limits_in_words(unit, within, usual)}, or {word}."
        check = formula.format(cell=cell, word=word, limits=limits)
        validation = DataValidation(type="custom", formula1=check, allow_blank=True)
        self._new(validation, said, said if prompt else "", strict=True).add(cells)

    def _new(self, check: DataValidation, error: str, prompt: str, *, strict: bool) -> DataValidation:
        check.errorStyle = "stop" if strict else "warning"
        check.errorTitle, check.error, check.showErrorMessage = "Not accepted here", error, True
        if prompt:
            check.promptTitle, check.prompt, check.showInputMessage = "Answer", prompt, True
        self._sheet.add_data_validation(check)
        return check


_RULES: dict[AnswerType, tuple[str, str]] = {
    AnswerType.INTEGER: (
        'OR({cell}="{word}",IF(ISNUMBER({cell}),AND({cell}=INT({cell}),{limits}),FALSE))',
        "A whole number",
    ),
    AnswerType.NUMBER: ('OR({cell}="{word}",IF(ISNUMBER({cell}),AND({limits}),FALSE))', "A number"),
    AnswerType.DATE: (
        f'OR({{cell}}="{{word}}",IF(ISNUMBER({{cell}}),AND({{cell}}>={_EARLIEST},{{cell}}<{_LATEST}),FALSE))',
        "A date (year-month-day)",
    ),
}


def _limits_in_words(unit: str, within: NumberRange | None, usual: NumberRange | None) -> str:
    """Say the unit, what a number cannot leave and where it usually lies: ` in hours, 0 to 72 (usually 0.25 to 4)`."""
    given = f" ({unit})" if unit in LEADING_UNITS else f" in {unit}" if unit else ""
    limits = f", {_figure(within.low)} to {_figure(within.high)}" if within else ""
    often = f" (usually {_figure(usual.low)} to {_figure(usual.high)})" if usual else ""
    return f"{given}{limits}{often}"


def _figure(number: float) -> str:
    return f"{number:g}"


def put(sheet: Worksheet, row: int, column: int, content: Any, style: str) -> None:
    """Write a cell; text is never taken for a formula."""
    cell = sheet.cell(row, column)
    cell.style = f"ca {style}"
    if content is None or content == "":
        return
    cell.value = content
    if isinstance(content, str) and cell.data_type == "f":
        cell.data_type = "s"


def put_formula(sheet: Worksheet, row: int, column: int, formula: str, style: str) -> None:
    """Write a formula of our own."""
    cell = sheet.cell(row, column, formula)
    cell.style = f"ca {style}"


def is_day(content: Any) -> bool:
    """Tell whether a value is a date."""
    return isinstance(content, date)
