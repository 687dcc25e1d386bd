"""Parameters: values that vary by product, jurisdiction, indication, population and period."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cartaudit.model.questions import NumberRange


class Verification(StrEnum):
    """How a parameter's value was read: in product information, at an authority, in the maker's own material, at
    second hand, by the centre. All of them decide; UNVERIFIED never does."""

    LABEL = "label"
    AUTHORITY = "authority"
    MANUFACTURER = "manufacturer"
    SECONDARY = "secondary"
    SITE = "site"
    UNVERIFIED = "unverified"

    @property
    def decides(self) -> bool:
        """Tell whether a threshold so verified may pass or fail a centre."""
        return self is not Verification.UNVERIFIED


class Direction(StrEnum):
    """Which way a parameter binds: a MIN is made stricter upwards, a MAX downwards, EQUAL and SET not at all."""

    MIN = "min"
    MAX = "max"
    EQUAL = "equal"
    SET = "set"

    @property
    def ordered(self) -> bool:
        """Tell whether one of two values can be stricter than the other."""
        return self in (Direction.MIN, Direction.MAX)


class ParameterKind(StrEnum):
    """What a parameter does: a LIMIT binds, a PERMISSION opens an alternative ("once, at -80 °C, for 90 days").

    Where the text read names none, there is no limit, but nothing is permitted either.
    """

    LIMIT = "limit"
    PERMISSION = "permission"


ParameterScalar = bool | int | float | str | date | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterDefinition:
    """A parameter declared once: `type` is number, integer, boolean, text, texts or date.

    An `informational` one is printed among the thresholds; no criterion needs to read it. A number outside `range`
    cannot stand in a text, one outside `usual` is asked again. A permission is an exception from the limit `excepts`.
    """

    name: str
    text: str
    type: str
    direction: Direction
    unit: str = ""
    informational: bool = False
    kind: ParameterKind = ParameterKind.LIMIT
    range: NumberRange | None = None
    usual: NumberRange | None = None
    excepts: str = ""

    @property
    def permits(self) -> bool:
        """Tell whether it opens an alternative instead of setting a limit."""
        return self.kind is ParameterKind.PERMISSION

    @property
    def none_word(self) -> str:
        """Say what a text that names none comes to."""
        return "not permitted" if self.permits else "no limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterValue:
    """One value of one parameter. `none` says that the text read sets no limit, or permits nothing; then `value` is
    None.

    `effective_from` is the first day in force (None: since ever), `effective_to` the first day no longer in force.
    Empty `indication` and `population` mean all. `text_date` is the date of the text read, as far as known.
    `role` says who confirmed a site-supplied value.
    """

    name: str
    product: str
    jurisdiction: str
    value: ParameterScalar | None
    source: str
    verification: Verification
    none: bool = False
    indication: str = ""
    population: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    text_date: date | None = None
    note: str = ""
    revision: str = ""
    role: str = ""
    source_file: str = ""

    def in_force(self, on: date) -> bool:
        """Tell whether the value applies on a day; the end day is exclusive."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_to is None or on < self.effective_to
        )
