"""Questions: what a centre is asked, once."""

from dataclasses import dataclass
from enum import StrEnum

from cartaudit.model.answers import AnswerType

PROFILE_AREA = "profile"
"""The area of the questions about the centre itself, which every workbook asks."""


class Scope(StrEnum):
    """How often a question is asked of one centre."""

    CENTRE = "centre"
    PRODUCT = "product"
    TREATMENT = "treatment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option: `id` is what criteria name, `label` what the workbook shows and accepts."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRange:
    """The numbers from `low` to `high`, both included, in the unit of what is asked: -210 to 60 °C."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Tell whether a number lies within."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a register. `unique` columns name the row; `required` columns may not be blank in a used row.

    `range` and `usual` are those of `Question`.
    """

    id: str
    type: AnswerType
    text: str
    unit: str = ""
    help: str = ""
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""
    required: bool = True
    unique: bool = False
    range: NumberRange | None = None
    usual: NumberRange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """How rows of a register replace each other: of those alike in the columns `same` the later one `by` date, for the
    `scope` that both cover. `status` says which rows count: those that are `standing`, and those that have `ended`."""

    by: str
    same: tuple[str, ...]
    scope: tuple[str, ...]
    status: str
    standing: tuple[str, ...]
    ended: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing asked. `choices_from` takes options from the profile ("profile.products") instead of `choices`;
    `sheet` names a register's own sheet (at most 31 characters).

    A number outside `range` cannot be, one outside `usual` is asked again; of a share both speak of its counts.
    """

    id: str
    area: str
    text: str
    type: AnswerType
    help: str = ""
    evidence: str = ""
    unit: str = ""
    role: str = ""
    scope: Scope = Scope.CENTRE
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""
    columns: tuple[Column, ...] = ()
    sheet: str = ""
    range: NumberRange | None = None
    usual: NumberRange | None = None
    latest: Latest | None = None
    source_file: str = ""

    def column(self, column_id: str) -> Column | None:
        """Find a register's column by id."""
        return next((c for c in self.columns if c.id == column_id), None)
