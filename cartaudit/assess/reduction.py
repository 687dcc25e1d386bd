"""The submission as a commissioner may see it: made from the list of `model.audience`, judged to the same results."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from string import ascii_lowercase
from typing import Any

from cartaudit.model.answers import AnswerState, AnswerType, Share
from cartaudit.model.audience import ALLOWANCES, DECLARED_COLUMNS, DECLARED_QUESTIONS, Keep
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import register_sheet, split_scoped_id
from cartaudit.model.problem_codes import CODES
from cartaudit.model.problems import Problem
from cartaudit.model.submission import Entry, Evidence, Response, Row, SiteValue, Submission
from cartaudit.model.text import bare, folded

PRESENT = "stated"
"""Stands where a text was, of which only that it was there may be seen."""

_POPULATIONS = ("", "adult", "paediatric")
_FILLER = "·"


def reduce_submission(submission: Submission, catalogue: Catalogue) -> Submission:
    """Keep of a submission what a commissioner may see.

    Free texts become aliases of the same length, the same wherever the same text stands, so that what is
    compared by name or judged by length comes out alike.
    """
    return _Reducer(submission, catalogue).submission()


class _Reducer:
    """Reduces one submission; remembers which alias stands for which text."""

    def __init__(self, submission: Submission, catalogue: Catalogue) -> None:
        self._submission = submission
        self._catalogue = catalogue
        self._aliases: dict[str, int] = {}
        self._declared = {folded(text) for text in _declared(submission)}
        self._sheets = {area.sheet for area in catalogue.areas.values()} | {
            register_sheet(q.id, q.sheet) for q in catalogue.questions.values() if q.type is AnswerType.REGISTER
        }

    def submission(self) -> Submission:
        """Reduce the whole."""
        given = self._submission
        return Submission(
            profile=self._kept(given.profile, treatments=tuple(self._kept(t) for t in given.profile.treatments)),
            responses={key: self._response(response) for key, response in given.responses.items()},
            site_values=tuple(map(self._site_value, given.site_values)),
            identity=self._kept(given.identity),
            record=self._kept(given.record, mapping="template" if given.record.mapping == "template" else "own layout"),
            problems=tuple(map(self._problem, given.problems)),
            stopped=given.stopped,
        )

    def _kept(self, value: Any, /, **within: Any) -> Any:
        """Make a value anew from the fields that are kept; those kept by their own fields are given."""
        made = dict(within)
        for name, allowance in ALLOWANCES[type(value)].items():
            if name in within or allowance.keep in (Keep.OUT, Keep.WITHIN):
                continue
            made[name] = _WAYS[allowance.keep](self, getattr(value, name))
        needed = {f.name for f in fields(value)} & _NEEDED.keys()
        return type(value)(**{name: _NEEDED[name] for name in needed if name not in made} | made)

    def alias(self, text: str) -> str:
        """Give the alias of a text, as long as it; what the centre is called and where it is stays."""
        name = folded(text)
        if not name or name in self._declared:
            return text
        number = self._aliases.setdefault(name, len(self._aliases) + 1)
        return _alias(number, len(text.strip()))

    def closed(self, value: Any) -> Any:
        """Keep numbers, dates and choices; a share loses the words for its period, a text becomes its alias."""
        if isinstance(value, Share):
            return Share(numerator=value.numerator, denominator=value.denominator)
        return value

    def _response(self, response: Response) -> Response:
        question = self._catalogue.questions.get(response.question)
        text = question is None or question.type is AnswerType.TEXT
        free = text and response.question not in DECLARED_QUESTIONS
        override = response.override
        return self._kept(  # type: ignore[no-any-return]
            response,
            entry=self._entry(response.entry, free),
            rows=tuple(self._row(row, response.question) for row in response.rows),
            evidence=self._evidence(response.evidence),
            action=self._kept(response.action),
            override=self._kept(override, entry=self._entry(override.entry, text)) if override is not None else None,
        )

    def _entry(self, entry: Entry, free: bool) -> Entry:
        reduced: Entry = self._kept(entry)
        if free and isinstance(reduced.value, str):
            return Entry(state=reduced.state, value=self.alias(reduced.value))
        return reduced if reduced.state is AnswerState.ANSWERED else Entry(state=reduced.state)

    def _row(self, row: Row, register: str) -> Row:
        question = self._catalogue.questions.get(register)
        columns = {c.id: c.type for c in question.columns} if question is not None else {}
        entries = {
            name: self._entry(entry, self._is_free(register, name, columns)) for name, entry in row.entries.items()
        }
        return self._kept(row, entries=entries)  # type: ignore[no-any-return]

    @staticmethod
    def _is_free(register: str, column: str, columns: Mapping[str, AnswerType]) -> bool:
        return (
            columns.get(column, AnswerType.TEXT) is AnswerType.TEXT and f"{register}.{column}" not in DECLARED_COLUMNS
        )

    def _evidence(self, evidence: Evidence) -> Evidence:
        return self._kept(evidence, references=tuple(map(self.alias, evidence.references)))  # type: ignore[no-any-return]

    def _site_value(self, value: SiteValue) -> SiteValue:
        figure: Any = value.value
        if isinstance(figure, str):
            figure = self._known_text(value.parameter, figure)
        elif isinstance(figure, tuple):
            figure = tuple(self._known_text(value.parameter, text) for text in figure)
        population = value.population if value.population in _POPULATIONS else self.alias(value.population)
        roles = {"entered": self.alias(bare(value.entered)), "role": self.alias(bare(value.role))}
        return self._kept(value, value=figure, population=population, **roles)  # type: ignore[no-any-return]

    def _known_text(self, parameter: str, text: str) -> str:
        """Keep a text that the catalogue knows of this parameter."""
        known = {v.value for v in self._catalogue.parameters if v.name == parameter}
        texts = {t for value in known for t in (value if isinstance(value, tuple) else (value,))}
        return text if text in texts else self.alias(text)

    def _problem(self, problem: Problem) -> Problem:
        entry = CODES[problem.code]
        question = split_scoped_id(problem.question)[0].partition(".")[0]
        return self._kept(  # type: ignore[no-any-return]
            problem,
            message=_without_fields(entry.fault),
            remedy=_without_fields(entry.remedy),
            sheet=problem.sheet if problem.sheet in self._sheets else "",
            question=problem.question if question in self._catalogue.questions else "",
        )


def _declared(submission: Submission) -> tuple[str, ...]:
    answers = (submission.response(question) for question in DECLARED_QUESTIONS)
    return tuple(str(r.entry.value) for r in answers if r is not None and isinstance(r.entry.value, str))


def _alias(number: int, length: int) -> str:
    """Write an alias of a length: `name 7····`, or a few letters where there is no room."""
    name = f"name {number}"
    if len(name) <= length:
        return name.ljust(length, _FILLER)
    letters = ""
    while number or not letters:
        number, rest = divmod(number, len(ascii_lowercase))
        letters = ascii_lowercase[rest] + letters
    return letters.rjust(length, _FILLER)


def _without_fields(template: str) -> str:
    """Write the wording of a code without what stands in the cell."""
    return template.format_map(_LeftOut())


class _LeftOut(dict[str, str]):
    """Puts three dots for every field but those that may be empty."""

    def __missing__(self, name: str) -> str:
        return "" if name in ("suggestion", "unit") else "…"


def _presence(_: _Reducer, value: Any) -> Any:
    return PRESENT if isinstance(value, str) and value.strip() else value if not isinstance(value, str) else ""


_WAYS: Mapping[Keep, Callable[[_Reducer, Any], Any]] = {
    Keep.AS_IT_IS: lambda _, value: value,
    Keep.PRESENCE: _presence,
    Keep.ALIAS: lambda reducer, value: reducer.alias(value) if isinstance(value, str) else value,
    Keep.CLOSED: lambda reducer, value: reducer.closed(value),
}

_NEEDED: Mapping[str, Any] = {"cell": "", "file": ""}
"""Fields without a default, and what they hold where they are left out."""
