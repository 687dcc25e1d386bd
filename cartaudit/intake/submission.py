"""From the cells of a workbook to a submission: locate, read, check, close the account."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from cartaudit.intake.clean import cell_text
from cartaudit.intake.consistency import contradicted, contradictions, find_breaches
from cartaudit.intake.expected import evidence_questions, expected_questions, made_for
from cartaudit.intake.fixed import set_strangers_apart
from cartaudit.intake.foreign import above_headings, check_mapping, locate_mapped, suggested, with_map_sheet
from cartaudit.intake.identity import check_content, read_identity, shifted, wrong_format
from cartaudit.intake.layout import Located, QuestionRow, locate
from cartaudit.intake.ledger import Grid, Ledger
from cartaudit.intake.mapping import Mapping
from cartaudit.intake.plan import Asking, IntakePlan
from cartaudit.intake.profile import build_profile
from cartaudit.intake.record import close_record
from cartaudit.intake.registers import read_register
from cartaudit.intake.responses import read_response
from cartaudit.intake.rules import check_rules, independent
from cartaudit.intake.site_values import read_site_values
from cartaudit.intake.stops import stop_responses, stops_of_all
from cartaudit.intake.trust import (
    check_answers,
    check_file,
    check_hidden,
    check_missing,
    check_patient_data,
    check_pinned,
    check_products,
    check_protection,
    check_unaccounted,
    unaccounted,
)
from cartaudit.model.answers import AnswerState
from cartaudit.model.cells import Cells
from cartaudit.model.layout import Field, scoped_id
from cartaudit.model.problem_codes import problem
from cartaudit.model.problems import Problem, Stops
from cartaudit.model.profile import Profile
from cartaudit.model.submission import Entry, Identity, ReadingRecord, Rejected, Response, Submission

Key = tuple[str, str]


def parse_template(cells: Cells, plan: IntakePlan) -> Submission | Rejected | None:
    """Read a workbook made from the template; None where the workbook does not say that it is one."""
    ledger = Ledger(cells, tuple(Grid(sheet) for sheet in cells.sheets))
    moved = shifted(ledger)
    if moved is not None:
        return reject(cells, [moved])
    identity = read_identity(cells, ledger)
    if identity is None:
        return None
    refusal = wrong_format(identity)
    if refusal:
        return reject(cells, [*ledger.problems, refusal])
    ledger.report(check_content(identity, plan.catalogue, plan.digests))
    located = locate(ledger, plan.catalogue)
    if located.rejected:
        return reject(cells, ledger.problems)
    return finish(ledger, located, identity, plan)


def parse_foreign(cells: Cells, plan: IntakePlan, mapping: Mapping | None) -> Submission | Rejected:
    """Read a centre's own layout by a map; without one, by what headings and contents say beyond doubt."""
    if mapping is None:
        found = suggested(cells, plan.catalogue)
        if not found.matched:
            return reject(cells, [problem("CA131")])
        mapping = found.mapping
    cells = with_map_sheet(cells, mapping)
    ledger = Ledger(cells, tuple(Grid(sheet) for sheet in cells.sheets))
    refusal = check_mapping(ledger, mapping)
    if refusal:
        return reject(cells, [refusal])
    located = locate_mapped(ledger, plan.catalogue, mapping)
    if not located.rows and not located.registers:
        return reject(cells, [*ledger.problems, problem("CA131")])
    return finish(ledger, located, Identity(), plan)


def reject(cells: Cells, problems: list[Problem]) -> Rejected:
    """Refuse a file with the problems met so far."""
    total = sum(len(sheet.cells) for sheet in cells.sheets)
    record = ReadingRecord(
        file=cells.file,
        sha256=cells.sha256,
        size=cells.size,
        program=cells.program,
        sheets=tuple({"name": s.name, "state": s.state, "header_row": None} for s in cells.sheets),
        mapping="none",
        cells_in_file=total,
        cells_ignored=total,
        steps=cells.steps,
    )
    return Rejected(file=cells.file, sha256=cells.sha256, problems=tuple(problems), record=record)


def finish(ledger: Ledger, located: Located, identity: Identity, plan: IntakePlan) -> Submission:
    """Read everything that was located, check it, and close the account."""
    catalogue = plan.catalogue
    responses = _responses(ledger, located, plan)
    profile = build_profile(ledger, responses, catalogue, plan.as_of)
    held = made_for(identity, catalogue, plan.as_of)
    expected = expected_questions(held, catalogue, _as_made(profile, identity, plan))
    template = located.mapping == "template"
    if template and not identity.roles:
        ledger.report(check_missing(responses, expected, located, catalogue))
        ledger.report(check_products(responses, identity, catalogue, profile, plan.as_of))
    if template:
        ledger.report(check_protection(ledger, located))
        ledger.report(_changed_wording(located, plan, identity))
    absent = sum(key not in responses for key in expected)
    if not template and absent:
        ledger.report([problem("CA413", count=absent)])
    responses |= {key: _blank(key) for key in expected if key not in responses}
    responses = independent(responses)
    site_values = read_site_values(ledger, located.site_values, plan, profile) if located.site_values else ()
    needed = frozenset(evidence_questions(held, catalogue))
    ledger.report(_news(check_rules(responses, catalogue, profile, needed, plan.as_of), ledger.problems))
    breaches = find_breaches(responses, plan.consistency)
    ledger.report(contradictions(breaches, responses))
    responses = contradicted(breaches, responses)
    ledger.report(check_file(ledger.cells))
    ledger.report(check_answers(responses, located, catalogue))
    ledger.report(check_hidden(ledger))
    ledger.report(check_pinned(ledger))
    strangers = set_strangers_apart(ledger, located) if template else above_headings(ledger, located)
    left = unaccounted(ledger)
    ledger.report(check_patient_data(ledger, left))
    ledger.report(tuple(check_unaccounted(left, strangers, ledger.problems)))
    return Submission(
        profile=profile,
        responses=stop_responses(responses, ledger.problems),
        stopped=stops_of_all(responses, ledger.problems),
        site_values=site_values,
        identity=identity,
        record=close_record(ledger, located, responses, expected, left),
        problems=_in_order(ledger),
    )


def _as_made(profile: Profile, identity: Identity, plan: IntakePlan) -> Profile:
    """Where the country cannot be read, expect the rows of the country the workbook was made for."""
    if profile.jurisdiction is not None or not identity.country:
        return profile
    return replace(profile, jurisdiction=plan.catalogue.jurisdiction_of(identity.country, plan.as_of))


def _news(breaches: Iterable[Problem], known: Sequence[Problem]) -> list[Problem]:
    """Leave out that evidence or a reason is missing where a problem says already what is wrong with it."""
    named = {(p.sheet, p.cell) for p in known}
    reasons = {p.question for p in known if p.stops is Stops.NA_REASON}
    return [
        p
        for p in breaches
        if not (p.code == "CA302" and (p.sheet, p.cell) in named) and not (p.code == "CA301" and p.question in reasons)
    ]


def _responses(ledger: Ledger, located: Located, plan: IntakePlan) -> dict[Key, Response]:
    questions = plan.catalogue.questions
    responses = {
        key: _one_response(ledger, places, plan.asking(questions[key[0]]), key[1], plan.as_of)
        for key, places in located.rows.items()
    }
    for name, (sheet, *more) in located.registers.items():
        rows = read_register(ledger, (sheet, *more), questions[name], plan.columns(questions[name]))
        response = responses.get((name, ""), _blank((name, "")))
        entry = response.entry
        if rows:
            entry = Entry(
                state=AnswerState.ANSWERED,
                original="1 row" if len(rows) == 1 else f"{len(rows)} rows",
                cell=rows[0].cell,
            )
        elif not entry.cell:
            entry = replace(entry, cell=f"{sheet.grid.name}!A{sheet.header_row + 1}")
        responses[name, ""] = replace(response, entry=entry, rows=rows)
    return responses


def _blank(key: Key) -> Response:
    return Response(question=key[0], scope=key[1], entry=Entry(state=AnswerState.BLANK))


def _one_response(ledger: Ledger, places: tuple[QuestionRow, ...], asking: Asking, scope: str, as_of: date) -> Response:
    first, *others = [read_response(ledger, place, asking, scope, as_of) for place in places]
    for other in others:
        same = (other.entry.state, other.entry.value) == (first.entry.state, first.entry.value)
        sheet, _, cell = other.entry.cell.rpartition("!")
        code = "CA150" if same else "CA147"
        label = scoped_id(asking.answer.question, scope)
        ledger.report([problem(code, sheet=sheet, cell=cell, question=label, other=first.entry.cell)])
        if not same:
            first = replace(first, entry=replace(first.entry, state=AnswerState.AMBIGUOUS, value=None))
    return first


def _changed_wording(located: Located, plan: IntakePlan, identity: Identity) -> list[Problem]:
    if identity.catalogue_hash != plan.digests[0]:
        return []
    changed = []
    questions, wording = plan.catalogue.questions, Field.QUESTION
    for (name, scope), places in located.rows.items():
        for place in places:
            cell = place.cells.get(wording)
            shown = cell_text(cell)[0] if cell else ""
            if cell and shown and questions[name].text not in shown:
                label = scoped_id(name, scope)
                changed.append(problem("CA148", sheet=place.grid.name, cell=cell.address, question=label, found=shown))
    return changed


def _in_order(ledger: Ledger) -> tuple[Problem, ...]:
    order = {grid.name: number for number, grid in enumerate(ledger.grids)}
    unique = dict.fromkeys(ledger.problems)
    return tuple(sorted(unique, key=lambda p: (order.get(p.sheet, -1), _row_column(p.cell), p.code)))


def _row_column(address: str) -> tuple[int, int, str]:
    digits = "".join(c for c in address if c.isdigit())
    letters = address.rstrip("0123456789")
    return (int(digits or 0), len(letters), letters)
