"""Every number that a criterion limits on both sides, in samples that meet all of them: a step beyond never passes."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

import pytest
from builders_content import shipped_catalogue

from cartaudit.assess import assess
from cartaudit.catalogue.lint.criteria import Vocabulary
from cartaudit.catalogue.lint.sides import sides
from cartaudit.criteria import walk
from cartaudit.criteria.grammar import ANYOF
from cartaudit.model.answers import AnswerType
from cartaudit.model.audit import Compliance
from cartaudit.model.requirements import Requirement
from cartaudit.model.submission import Entry, Submission
from cartaudit.pipeline import AuditOptions, audit_bytes
from cartaudit.resources import data_folder

SAMPLES = {
    "01_ready_kymriah_eu": date(2026, 11, 22),
    "02_ready_tecartus_uk": date(2026, 11, 22),
    "08_us": date(2026, 11, 22),
    "10_paediatric": date(2026, 11, 22),
    "14_all_products_eu": date(2026, 11, 22),
}
FAR = 10**6


class Number(NamedTuple):
    """One number of one criterion: where it stands, and on which sides it is closed."""

    checklist: str
    requirement: Requirement
    question: str
    column: str
    alternative: int
    closed: frozenset[str]

    def __str__(self) -> str:
        return f"{self.checklist}-{self.requirement.id}-{self.column or self.question}-{self.alternative}"


def numbers() -> Iterator[Number]:
    vocabulary = Vocabulary(questions=shipped_catalogue().questions, definitions=shipped_catalogue().definitions)
    for checklist in shipped_catalogue().checklists.values():
        for requirement in checklist.requirements:
            found: dict[tuple[str, str, int], list[frozenset[str]]] = {}
            closed = sides(requirement.criterion, vocabulary)
            for use in walk.uses(requirement.criterion):
                if use.path[:-1] in closed:
                    alternative = int(use.path[1]) if use.path[0] == ANYOF else 0
                    found.setdefault((use.question, use.column, alternative), []).append(closed[use.path[:-1]])
            for key, each in found.items():
                yield Number(checklist.id, requirement, *key, frozenset.intersection(*each))


NUMBERS = {str(n): n for n in numbers()}
TWO_SIDED = [key for key, number in NUMBERS.items() if len(number.closed) == 2]


@functools.cache
def submission(sample: str) -> Submission:
    data = (data_folder("samples") / f"{sample}.xlsx").read_bytes()
    options = AuditOptions(as_of=SAMPLES[sample], as_of_is_today=False)
    return audit_bytes(data, f"{sample}.xlsx", shipped_catalogue(), options).submission


@functools.cache
def narrowed(checklist: str, requirement: str, alternative: int) -> Any:
    """Keep the one requirement, and of its alternatives the one that holds the number."""
    catalogue = shipped_catalogue()
    whole = catalogue.checklists[checklist]
    kept = tuple(r for r in whole.requirements if r.id == requirement)
    if alternative:
        criterion = {k: v for k, v in kept[0].criterion.items() if k != ANYOF}
        kept = (replace(kept[0], criterion=criterion | kept[0].criterion[ANYOF][alternative - 1]),)
    return replace(catalogue, checklists={checklist: replace(whole, requirements=kept)})


def outcome(number: Number, given: Submission, as_of: date) -> Compliance | None:
    """Judge the one requirement; None where it is not among those of the sample."""
    catalogue = narrowed(number.checklist, number.requirement.id, number.alternative)
    audit = assess(given, catalogue, as_of, selection=((number.checklist, None),))
    results = [r for c in audit.checklists for r in c.results if r.requirement.id == number.requirement.id]
    return results[0].compliance if results else None


def values(number: Number, given: Submission) -> set[float]:
    """List what the sample says of the number."""
    return {e.value for e in chain.from_iterable(_entries(number, given)) if isinstance(e.value, (int, float))}


def _entries(number: Number, given: Submission) -> Iterator[list[Entry]]:
    for (question, _), response in given.responses.items():
        if question == number.question:
            rows = [row.entries[number.column] for row in response.rows if number.column in row.entries]
            yield rows if number.column else [response.entry]


def changed(number: Number, given: Submission, value: float) -> Submission:
    """Say something else of the number, wherever the sample says it."""
    responses: Mapping[Any, Any] = given.responses
    other = dict(responses)
    for (question, scope), response in responses.items():
        if question != number.question:
            continue
        if number.column:
            rows = tuple(_row(row, number.column, value) for row in response.rows)
            other[question, scope] = replace(response, rows=rows)
        else:
            other[question, scope] = replace(response, entry=replace(response.entry, value=value))
    return replace(given, responses=other)


def _row(row: Any, column: str, value: float) -> Any:
    if column not in row.entries or row.entries[column].value is None:
        return row
    return replace(row, entries={**row.entries, column: replace(row.entries[column], value=value)})


def _whole(number: Number) -> bool:
    question = shipped_catalogue().questions[number.question]
    asked: Any = next((c for c in question.columns if c.id == number.column), question)
    return asked.type is AnswerType.INTEGER


def limit(number: Number, given: Submission, as_of: date, start: float, way: int) -> float | None:
    """Walk from a value that passes until one does not; None where nothing stops it."""
    step = 1 if _whole(number) else 0.01
    near, far = 0, 1
    while outcome(number, changed(number, given, start + way * far * step), as_of) is Compliance.COMPLIANT:
        near, far = far, far * 4
        if far * step > FAR:
            return None
    while far - near > 1:
        middle = (near + far) // 2
        held = outcome(number, changed(number, given, start + way * middle * step), as_of) is Compliance.COMPLIANT
        near, far = (middle, far) if held else (near, middle)
    return start + way * near * step


@pytest.mark.parametrize("key", TWO_SIDED)
def test_number_limited_on_both_sides_passes_neither_far_below_nor_far_above(key: str) -> None:
    number = NUMBERS[key]
    for sample, as_of in SAMPLES.items():
        given = submission(sample)
        if outcome(number, given, as_of) is not Compliance.COMPLIANT or not values(number, given):
            continue
        for way in (-1, 1):
            start = next(iter(values(number, given)))
            end = limit(number, given, as_of, start, way)
            assert end is not None or _open_by_text(number, given, as_of), f"{sample}: {way} has no end"


def _open_by_text(number: Number, given: Submission, as_of: date) -> bool:
    """Tell whether the texts themselves leave the number without a limit."""
    return outcome(number, changed(number, given, -FAR), as_of) is Compliance.NOT_APPLICABLE


@pytest.mark.parametrize("key", sorted(NUMBERS))
def test_nought_a_tenth_and_ten_times_pass_only_on_a_side_said_to_be_open(key: str) -> None:
    number = NUMBERS[key]
    for sample, as_of in SAMPLES.items():
        given = submission(sample)
        if outcome(number, given, as_of) is not Compliance.COMPLIANT:
            continue
        for value in values(number, given):
            for probe in (0, value / 10, value * 10):
                probe = int(probe) if _whole(number) else probe
                held = outcome(number, changed(number, given, probe), as_of) is Compliance.COMPLIANT
                if held and probe != value:
                    side = "min" if probe < value else "max"
                    assert side not in number.closed or number.requirement.one_sided, f"{sample}: {probe} passes"


BY_HAND = {"FJ-COL-008", "FJ-QM-028", "PR-APH-08", "PR-APH-11", "PR-THW-33"}
"""Requirements about what no sample does (fresh material, a second dose): test_content_orders looks at their sides."""


def test_samples_reach_every_number_limited_on_both_sides() -> None:
    reached = {
        (number.requirement.id, number.column or number.question)
        for number in map(NUMBERS.__getitem__, TWO_SIDED)
        for sample, as_of in SAMPLES.items()
        if values(number, submission(sample)) and outcome(number, submission(sample), as_of) is Compliance.COMPLIANT
    }
    every = {(n.requirement.id, n.column or n.question) for n in map(NUMBERS.__getitem__, TWO_SIDED)}
    assert {name for name, _ in every - reached} == BY_HAND
