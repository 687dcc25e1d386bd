"""Compiled criteria: groups with their thresholds filled in, each with the validator that tests it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cartaudit.assess.validator import CriterionValidator
from cartaudit.model.audit import Threshold
from cartaudit.model.questions import Column, Question

Asked = Question | Column
"""What a rule can stand on: a question, or a column of a register."""


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
    not decide; `other` is the id that `at_least` and `at_most` compare with."""

    rule: str
    argument: Any
    expected: str
    thresholds: tuple[Threshold, ...] = ()
    unconfirmed: bool = False
    other: str = ""
    rows: RowsRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledField:
    """One question or column with its rules."""

    id: str
    asked: Asked
    tests: tuple[Test, ...]


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
