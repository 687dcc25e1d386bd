"""The plan of a workbook: for whom it is written, and what is already filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cartaudit.criteria.asked import QuestionKey
from cartaudit.model.answers import AnswerState, Scalar
from cartaudit.model.layout import Field
from cartaudit.model.profile import Treatment
from cartaudit.model.submission import SiteValue

CellContent = Scalar | AnswerState
"""What may be written into a cell: a typed answer (choices by id, or any text verbatim), or NOT_APPLICABLE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What is filled in: `answers` by question and scope, profile answers included, each with the columns it fills;
    `rows` of registers by question id, each by column id; values for the sheet of site-supplied values."""

    answers: Mapping[QuestionKey, Mapping[Field, CellContent]] = field(default_factory=dict)
    rows: Mapping[str, tuple[Mapping[str, CellContent], ...]] = field(default_factory=dict)
    site_values: tuple[SiteValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePlan:
    """For whom a workbook is written.

    `checklists` holds ids with editions (None: in force on `as_of`); empty means all that fit the treatments.
    `treatments` empty means every product of the catalogue, for every indication. `roles` limits the
    questions to those roles; empty means all.
    """

    as_of: date
    tool_version: str
    checklists: tuple[tuple[str, str | None], ...] = ()
    treatments: tuple[Treatment, ...] = ()
    country: str = ""
    roles: tuple[str, ...] = ()
    title: str = ""
    filling: Filling = Filling()
