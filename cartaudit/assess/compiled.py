"""Compiled criteria: groups with their thresholds filled in, each with the validator that tests it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cartaudit.assess.validator import CriterionValidator
from cartaudit.model.audit import Threshold
from cartaudit.model.questions import Column, Question

Asked = Question | Column
"""What a rule can stand on: a question, or a column of a register."""

DATED_RULES = ("not_expired", "max_age_days")
"""The rules under which what is answered ends on a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRule:
    """A rule over the rows of a register. `group` is what a row must hold (None: rows are only counted)."""

    where: "CompiledGroup | None"
    group: "CompiledGroup | None"
    min_share: float | None = None
    min_sample: int = 1
    min_rows: int = 0
    unique: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One rule ready to be tested. `expected` says it in words with its unit; `unconfirmed` marks a threshold that may
    not decide; `other` is the id that `at_least` and `at_most` compare with; `dated` tells that something can end under
    it: it tests a date, or rows of which a date is tested."""

    rule: str
    argument: Any
    expected: str
    thresholds: tuple[Threshold, ...] = ()
    unconfirmed: bool = False
    other: str = ""
    rows: RowsRule | None = None
    dated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledField:
    """One question or column with its rules; of a register, `rows` names each and `where` is what they share."""

    id: str
    asked: Asked
    tests: tuple[Test, ...]
    rows: tuple[tuple[str, RowsRule], ...] = ()
    where: "CompiledGroup | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledGroup:
    """Rules that must all hold, and alternatives of which one must.

    `needs` lists every id its own rules read, `reads` those of the alternatives too; `own` pairs each field with each
    of its rules; `over_rows` is true where a rule, of an alternative too, looks at the rows of a register.
    """

    fields: tuple[CompiledField, ...]
    alternatives: tuple["CompiledGroup", ...]
    validator: CriterionValidator | None
    needs: tuple[str, ...]
    reads: tuple[str, ...]
    own: tuple[tuple[CompiledField, Test], ...]
    over_rows: bool

    def tests(self) -> Iterator[tuple[CompiledField, Test]]:
        """Walk through every rule at this level, those of the alternatives included, those of rows not."""
        yield from self.own
        for alternative in self.alternatives:
            yield from alternative.tests()

    def all_tests(self) -> Iterator[tuple[CompiledField, Test]]:
        """Walk through every rule, those of `where` and of the rows included."""
        for field, test in self.tests():
            yield field, test
            if test.rows is not None:
                for group in (test.rows.where, test.rows.group):
                    if group is not None:
                        yield from group.all_tests()
