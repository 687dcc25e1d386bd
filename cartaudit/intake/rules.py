"""Rules across cells: what one answer demands of another, and of the profile."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from cartaudit.criteria.history import history_of
from cartaudit.intake.clean import key
from cartaudit.model.answers import AnswerState, AnswerType, Status
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import scoped_id
from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem
from cartaudit.model.profile import COMMERCIAL, Profile
from cartaudit.model.questions import Question
from cartaudit.model.submission import Response

_ANSWERED, _NOT_APPLICABLE, _REGISTER = AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE, AnswerType.REGISTER
_ASSESSED_BY = "assessed_by"
_KEPT_FOR = "kept_for"
"""The column that says why a product is held that the centre does not deliver."""

_FROM_PROFILE = "profile.products"
_NEGATIVE = (Status.NO, Status.IN_PROGRESS)

Responses = Mapping[tuple[str, str], Response]


def check_rules(
    responses: Responses, catalogue: Catalogue, profile: Profile, evidence_needed: frozenset[str], as_of: date
) -> tuple[Problem, ...]:
    """Find every breach of a rule across cells."""
    return (
        *_not_applicable_without_reason(responses),
        *_answers_without_evidence(responses, evidence_needed),
        *_products_of_registers(responses, catalogue, profile),
        *_products_of_answers(responses, catalogue, profile),
        *_inspectors(responses),
        *_undecided_rows(responses, catalogue, as_of),
    )


def _place(cell: str) -> dict[str, str]:
    sheet, _, address = cell.rpartition("!")
    return {"sheet": sheet, "cell": address}


def _not_applicable_without_reason(responses: Responses) -> Iterator[Problem]:
    for response in responses.values():
        if response.entry.state is _NOT_APPLICABLE and not response.na_reason:
            label = scoped_id(response.question, response.scope)
            yield problem("CA301", **_place(response.entry.cell), question=label)


def _answers_without_evidence(responses: Responses, needed: frozenset[str]) -> Iterator[Problem]:
    for response in responses.values():
        if response.question not in needed or response.entry.state is not _ANSWERED:
            continue
        value = response.entry.value
        negative = value is False or (isinstance(value, Status) and value in _NEGATIVE)  # 0 is a number, not a No
        if not negative and response.evidence.cell and not response.evidence.references:
            label = scoped_id(response.question, response.scope)
            yield problem("CA302", **_place(response.evidence.cell), question=label)


def _undecided_rows(responses: Responses, catalogue: Catalogue, as_of: date) -> Iterator[Problem]:
    """Name rows of which it cannot be told whether the one that stands or the one that has ended came later."""
    for (name, _), response in responses.items():
        question = catalogue.questions[name]
        latest = question.latest
        if latest is None:
            continue
        rows = [{c: e.value for c, e in row.entries.items() if e.state is _ANSWERED} for row in response.rows]
        for standing, ended in history_of(rows, latest, as_of).undecided:
            column = question.column(latest.by)
            yield problem(
                "CA337",
                **_place(response.rows[standing].cell),
                question=name,
                other=response.rows[ended].cell,
                column=column.text if column is not None else latest.by,
            )


def _products_of_registers(responses: Responses, catalogue: Catalogue, profile: Profile) -> Iterator[Problem]:
    for (name, _), response in responses.items():
        question = catalogue.questions[name]
        for column in question.columns:
            if column.choices_from == _FROM_PROFILE and response.rows:
                yield from _column_products(response, question, column.id, catalogue, profile)


def _column_products(
    response: Response, question: Question, column: str, catalogue: Catalogue, profile: Profile
) -> Iterator[Problem]:
    held: set[str] = set()
    readable = True
    for row in response.rows:
        entry = row.entries[column]
        products = entry.value if isinstance(entry.value, tuple) else (entry.value,) if entry.value else ()
        readable = readable and entry.state is not AnswerState.UNREADABLE
        held |= {str(p) for p in products}
        for product in products:
            if str(product) not in profile.products:
                reason = row.entries.get(_KEPT_FOR)
                told = reason is not None and reason.state is _ANSWERED
                code = "CA321" if told else "CA306"
                yield problem(
                    code,
                    **_place(entry.cell),
                    question=f"{question.id}.{column}",
                    found=_name(catalogue, product),
                    reason=f"'{reason.original}'" if reason is not None and told else "",
                )
    routine = dict.fromkeys(t.product for t in profile.treatments if t.route == COMMERCIAL)
    for product in routine if readable else ():
        if product not in held:
            sheet = response.rows[0].cell.rpartition("!")[0]
            label = f"{question.id}.{column}"
            yield problem("CA307", sheet=sheet, question=label, product=_name(catalogue, product))


def _products_of_answers(responses: Responses, catalogue: Catalogue, profile: Profile) -> Iterator[Problem]:
    for (name, scope), response in responses.items():
        question = catalogue.questions[name]
        if question.choices_from != _FROM_PROFILE or question.type is _REGISTER:
            continue
        value = response.entry.value
        for product in value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ():
            if product not in profile.products:
                label = scoped_id(name, scope)
                yield problem("CA306", **_place(response.entry.cell), question=label, found=_name(catalogue, product))


def independent(responses: Responses) -> dict[tuple[str, str], Response]:
    """Give the responses with what an inspector's answer is worth: nothing better of the role that answered."""
    found = dict(responses)
    assessor = responses.get((_ASSESSED_BY, ""))
    roles = {key(str(assessor.entry.value))} if assessor is not None and assessor.entry.value else set()
    for place, response in responses.items():
        override = response.override
        if override is not None and key(override.role) in roles | {key(response.answered_by)} - {""}:
            found[place] = replace(response, override=replace(override, independent=False))
    return found


def _inspectors(responses: Responses) -> Iterator[Problem]:
    """Say why an inspector's answer cannot take the place of the centre's, where the two differ."""
    for response in responses.values():
        override = response.override
        same = override is not None and (override.entry.state, override.entry.value) == (
            response.entry.state,
            response.entry.value,
        )
        if override is None or not override.complete or same or response.rows:
            continue
        why = [] if override.independent else ["it is of the same role as the centre's own answer"]
        why += [] if response.evidence.references else ["no evidence is named in its row"]
        if why:
            label = scoped_id(response.question, response.scope)
            yield problem("CA322", **_place(override.entry.cell), question=label, why=" and ".join(why))


def _name(catalogue: Catalogue, product: object) -> str:
    known = catalogue.products.get(str(product))
    return known.name if known else str(product)
