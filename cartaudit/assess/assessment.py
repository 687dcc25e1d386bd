"""Assessment: a submission judged against the checklists that concern it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cartaudit.assess.assurance import assurance
from cartaudit.assess.centre import Centre
from cartaudit.assess.contexts import delivered
from cartaudit.assess.engine import Engine
from cartaudit.assess.expiries import ordered
from cartaudit.assess.facts import FactBook, Says
from cartaudit.assess.readiness import readiness
from cartaudit.assess.reliance import reliance
from cartaudit.assess.results import Assessed, judge_requirement
from cartaudit.assess.score import score
from cartaudit.assess.selection import Choice, choose
from cartaudit.assess.then import then
from cartaudit.assess.thresholds import Resolver
from cartaudit.assess.unheard import unheard
from cartaudit.criteria.supplied import Supplied
from cartaudit.model.audit import (
    SHORT,
    Audit,
    ChecklistAudit,
    Compliance,
    Expiry,
    ExpiryKind,
    Gap,
    Readiness,
    Result,
    Score,
    Then,
)
from cartaudit.model.checklists import Catalogue, Checklist, Kind
from cartaudit.model.problems import Stops
from cartaudit.model.submission import Stop, Submission


def assess(
    submission: Submission,
    catalogue: Catalogue,
    as_of: date,
    selection: Sequence[tuple[str, str | None]] | None = None,
    engine: Engine | None = None,
) -> Audit:
    """Judge a submission on a date; `provenance` is left to the caller.

    `selection` names checklists, each with an edition or None; without it the profile decides, and an audit of no
    checklist is possible: it proves nothing. Pass one `engine` to many calls to compile the criteria once.
    Raises UnknownChecklistError for a name the catalogue does not hold, ChecklistError for content lint would refuse.
    """
    if engine is None or engine.catalogue is not catalogue or engine.as_of != as_of:
        engine = Engine(catalogue=catalogue, as_of=as_of)
    centre = _centre(submission, engine, as_of)
    on = submission.profile.assessed_on
    earlier = _centre(submission, engine.on(on), on) if on is not None and on < as_of else centre
    assessed: list[Assessed] = []
    audits = []
    for choice in choose(selection, centre):
        audit, members = _judge_checklist(choice, centre, submission.stopped)
        if members and on is not None and on <= as_of:
            unknown = (*choice.unknown, *_stopped(choice.checklist, submission.stopped))
            same = Then(on=on, readiness=audit.readiness, also_incomplete=audit.also_incomplete)
            audit = replace(audit, then=same if earlier is centre else then(members, choice, earlier, unknown))
        audits.append(audit)
        assessed += members
    return Audit(
        submission=submission,
        as_of=as_of,
        assurance=assurance(assessed, submission.profile, as_of),
        checklists=tuple(audits),
        expiries=ordered(_expiries(audits)),
        reliance=reliance(audits, engine, centre.facts, as_of),
        unheard=tuple(unheard(submission, audits, engine.catalogue, centre.jurisdiction)),
    )


def _centre(submission: Submission, engine: Engine, day: date) -> Centre:
    books = {says: FactBook(submission, engine.questions, day, says) for says in Says}
    return Centre(
        engine=engine,
        profile=submission.profile,
        jurisdiction=_jurisdiction(submission, engine.catalogue, engine.as_of),
        delivered=delivered(submission),
        facts=books[Says.BOTH],
        own=books[Says.CENTRE],
        inspected=books[Says.INSPECTOR],
        resolver=Resolver(engine.catalogue, Supplied(submission.site_values, engine.stakes), engine.as_of),
    )


def _jurisdiction(submission: Submission, catalogue: Catalogue, as_of: date) -> str:
    profile = submission.profile
    if profile.jurisdiction:
        return profile.jurisdiction
    return (catalogue.jurisdiction_of(profile.country, as_of) or "") if profile.country else ""


def _judge_checklist(
    choice: Choice, centre: Centre, stops: Sequence[Stop]
) -> tuple[ChecklistAudit, tuple[Assessed, ...]]:
    checklist, place = choice.checklist, choice.place(centre)
    if choice.outside:
        return _out_of_scope(choice, place), ()
    assessed = tuple([judge_requirement(requirement, choice, centre) for requirement in choice.requirements])
    results = tuple(a.result for a in assessed)
    verdict = readiness(assessed, checklist.scale.majors_allowed, (*choice.unknown, *_stopped(checklist, stops)))
    audit = ChecklistAudit(
        checklist=checklist,
        edition=choice.edition,
        jurisdiction=place,
        readiness=verdict.readiness,
        conditions=(*verdict.conditions, *choice.notes),
        score=score(results, checklist.scale.partial_credit),
        counts=_counts(results),
        results=results,
        gaps=tuple(_gap(a) for a in assessed if a.compliance in SHORT),
        also_incomplete=verdict.also_incomplete,
        treatments=choice.treatments if checklist.kind is Kind.PRODUCT else (),
        text_dates=_text_dates(results, centre.engine),
    )
    return audit, assessed


def _stopped(checklist: Checklist, stops: Sequence[Stop]) -> list[str]:
    """Say which problems of the workbook keep a whole checklist from being positive."""
    concerning = [s for s in stops if s.stops is Stops.IDENTITY or _concerns(checklist, s.product)]
    if not concerning:
        return []
    codes = ", ".join(dict.fromkeys(s.code for s in concerning))
    return [f"A problem of the workbook leaves open what the centre is or delivers: {codes}."]


def _concerns(checklist: Checklist, product: str) -> bool:
    if checklist.kind is Kind.PRODUCT:
        return product in ("", checklist.product)
    return checklist.kind is Kind.ACCREDITATION


def _out_of_scope(choice: Choice, place: str) -> ChecklistAudit:
    return ChecklistAudit(
        checklist=choice.checklist,
        edition=choice.edition,
        jurisdiction=place,
        readiness=Readiness.OUT_OF_SCOPE,
        conditions=(choice.outside, *choice.notes),
        score=Score(value=None, low=None, high=None),
        counts=_counts(()),
        results=(),
        treatments=choice.treatments,
    )


def _counts(results: Sequence[Result]) -> dict[Compliance, int]:
    counted = Counter([r.compliance for r in results])
    return {compliance: counted[compliance] for compliance in Compliance}


def _gap(assessed: Assessed) -> Gap:
    action = assessed.result.action
    return Gap(
        result=assessed.result,
        action=action.text or assessed.result.requirement.remediation,
        owner_role=action.owner_role,
        due=action.due,
        contained=assessed.contained,
        open_without_plan=not assessed.planned,
    )


def _text_dates(results: Sequence[Result], engine: Engine) -> tuple[str, ...]:
    found = {engine.wording.origin(t) for r in results for t in r.thresholds if t.text_date is not None}
    return tuple(sorted(found))


def _expiries(audits: Sequence[ChecklistAudit]) -> list[Expiry]:
    found = [expiry for audit in audits for result in audit.results for expiry in result.expiries]
    for audit in audits:
        if audit.edition is not None and audit.edition.effective_to is not None:
            what = f"{audit.checklist.title}, edition {audit.edition.edition}: no longer in force from this day"
            found.append(
                Expiry(on=audit.edition.effective_to, what=what, checklist=audit.checklist.id, kind=ExpiryKind.EDITION)
            )
    return found
