"""What a rule is: one object with all its faces, from its place in content to what it makes of an answer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from cartaudit.criteria.bounds import Bounds, RowsAsked
from cartaudit.criteria.truth import Truth
from cartaudit.model.answers import AnswerType
from cartaudit.model.audit import Reason
from cartaudit.model.questions import Column, Question

Asked = Question | Column
"""What a rule can stand on: a question, or a column of a register."""


class Part(StrEnum):
    """What may stand in one place of a rule's argument, as TOML writes it."""

    VALUES = "values"
    NUMBER = "number"
    SHARE = "share"
    DAYS = "days"
    COUNT = "count"
    SAMPLE = "sample"
    DATE = "date"
    FLAG = "flag"
    NAME = "name"
    GROUP = "group"


class ArgumentTable(NamedTuple):
    """An argument that is a table: its keys, each with the part that stands there."""

    needed: Mapping[str, Part]
    optional: Mapping[str, Part]


class Phrase(NamedTuple):
    """A message and its named fields, to be worded where it is shown."""

    message: str
    fields: Mapping[str, Any]


class Verdict(NamedTuple):
    """What a rule makes of an answer; `rows` sorts those of a register."""

    truth: Truth
    reason: Reason | None = None
    detail: Phrase | None = None
    rows: Any = None


HOLDS = Verdict(Truth.TRUE)
FAILS = Verdict(Truth.FALSE, Reason.CRITERION)


def passes(met: bool) -> Verdict:
    """Judge what either holds or fails."""
    return HOLDS if met else FAILS


def unknown(reason: Reason, message: str, **fields: Any) -> Verdict:
    """Leave a rule open."""
    return Verdict(Truth.UNKNOWN, reason, Phrase(message, fields))


class Around(NamedTuple):
    """What a rule may look at around the answer it stands on: the day, the other answers, the arguments of the other
    rules on the same answer, what is asked, and how a row is judged by a group over its columns."""

    as_of: date
    answers: Mapping[str, Any]
    rules: Mapping[str, Any]
    asked: Asked
    judge: Callable[[Any, Any], Any]


Holds = Callable[[Any, Any, Around], Verdict]
Tightens = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One rule of a criterion.

    `types` are the answers it may stand on, `argument` what stands after it, `parameter` tells whether a
    `{ parameter = ... }` may stand there. `meaning` names it in the documentation; `words` is the message that says
    what it asks for, `words_where` the same of the rows that `where` selects.

    `holds` judges a value. `tightens(old, new)` tells whether a new argument accepts no more than the old one; None
    where an overlay may not replace it; a group inside is compared rule by rule. `narrows` gives what is left of the
    possible answers, `relates` how the answer has to compare with the one it names (">=", "<=", "=="), `rows` what it
    asks of a register. `ends` gives the last day on which the answer counts, `failing` how many of how many cases fail.
    """

    name: str
    types: frozenset[AnswerType]
    argument: Part | ArgumentTable
    meaning: str
    words: str
    holds: Holds
    words_where: str = ""
    parameter: bool = False
    tightens: Tightens | Mapping[str, Tightens] | None = None
    narrows: Callable[[Bounds, Any, date], Bounds] | None = None
    relates: str = ""
    rows: Callable[[Any], RowsAsked] | None = None
    ends: Callable[[date, Any], date] | None = None
    failing: Callable[[Any, Any, Mapping[str, Any]], tuple[int, int]] | None = None
    one_is_enough: bool = False
    sides: frozenset[str] = frozenset()
    """On which sides it closes the numbers that pass: "min", "max"."""
    halves: bool = False
    """Each key of its argument names the rule that it comes to where the other key is open."""
    selects: bool = False
    """It chooses the rows that the other rules look at, and demands nothing itself."""

    def parts(self, argument: Any) -> Iterator[tuple[tuple[str, ...], Part, Any]]:
        """Walk through what stands in an argument: path, part and value; what is of another shape is passed over."""
        if isinstance(self.argument, Part):
            yield (), self.argument, argument
        elif isinstance(argument, Mapping):
            for key, part in {**self.argument.needed, **self.argument.optional}.items():
                if key in argument:
                    yield (key,), part, argument[key]

    def names(self, argument: Any) -> Iterator[str]:
        """Name the other answers that an argument compares with."""
        return (v for _, part, v in self.parts(argument) if part is Part.NAME and isinstance(v, str))
