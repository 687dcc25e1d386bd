"""What reading needs to know of a catalogue, worked out once and kept for many workbooks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from cartaudit.criteria.consistency import ConsistencyRules
from cartaudit.criteria.supplied import Stakes, stakes_of
from cartaudit.intake.answers import Asked
from cartaudit.intake.options import option_source
from cartaudit.model.answers import AnswerType
from cartaudit.model.checklists import Catalogue
from cartaudit.model.questions import Column, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the cells of one row are answers to: the question itself, its dates, counts and free texts."""

    answer: Asked
    day: Asked
    count: Asked
    text: Asked


class IntakePlan:
    """Questions and options of one catalogue on one audit date. Keep it over many workbooks."""

    def __init__(self, *, catalogue: Catalogue, as_of: date) -> None:
        self.catalogue = catalogue
        self.as_of = as_of
        self.source = option_source(catalogue, as_of)
        self._asking: dict[str, Asking] = {}
        self._columns: dict[str, Mapping[str, Asked]] = {}

    @cached_property
    def stakes(self) -> Stakes:
        """Say what hangs on the values a centre may supply."""
        return stakes_of(self.catalogue)

    @cached_property
    def digests(self) -> tuple[str, str]:
        """Give the digest of the catalogue, and that of the same catalogue without its overlays."""
        hashes = self.catalogue.hashes
        plain = {name: digest for name, digest in hashes.items() if not name.startswith("overlay:")}
        whole = self.catalogue.digest
        return whole, whole if len(plain) == len(hashes) else replace(self.catalogue, hashes=plain).digest

    @cached_property
    def consistency(self) -> ConsistencyRules:
        """Give the rules on what answers have to agree about."""
        return ConsistencyRules(self.catalogue.consistency, self.catalogue.questions, self.as_of)

    def asking(self, question: Question) -> Asking:
        """Say what the cells of a question's row are answers to."""
        found = self._asking.get(question.id)
        if found is None:
            options = self.source.options(question.choices, question.choices_from)
            asked = Asked(
                question=question.id,
                type=question.type,
                unit=question.unit,
                options=options,
                range=question.range,
                usual=question.usual,
            )
            found = self._asking[question.id] = Asking(
                answer=asked,
                day=replace(asked, type=AnswerType.DATE),
                count=replace(asked, type=AnswerType.INTEGER, unit=""),
                text=replace(asked, type=AnswerType.TEXT),
            )
        return found

    def columns(self, question: Question) -> Mapping[str, Asked]:
        """Say what the cells of a register's rows are answers to, by column id."""
        found = self._columns.get(question.id)
        if found is None:
            found = self._columns[question.id] = {c.id: self._column(question, c) for c in question.columns}
        return found

    def _column(self, question: Question, column: Column) -> Asked:
        options = self.source.options(column.choices, column.choices_from)
        return Asked(
            question=f"{question.id}.{column.id}",
            type=column.type,
            unit=column.unit,
            options=options,
            range=column.range,
            usual=column.usual,
        )
