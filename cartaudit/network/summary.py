"""What the roll-up needs of one centre: a few kilobytes, made where the audit is, kept in the centre's record."""

import hashlib
import json
import re
from collections.abc import Iterable, Set
from typing import Any

from cartaudit.model.answers import AnswerState
from cartaudit.model.audit import SHORT, Audit, ChecklistAudit, Compliance, Expiry, ExpiryKind, Result
from cartaudit.model.requirements import Duty
from cartaudit.model.submission import Rejected, Response, Row
from cartaudit.pipeline import FAIL_ON, exit_code

_OPEN = (*SHORT, Compliance.NOT_ASSESSED)
_UNITS = "partner_units"
_ROW_NUMBER = re.compile(r", row \d+(?=: )")


def summarise(audit: Audit | Rejected) -> dict[str, Any]:
    """Give the JSON-ready summary of an audit or a rejected file.

    `asked` lists the must-requirements that apply in at least one checklist; `open`, by checklist, those not met:
    [id, compliance, reason, extent]. `areas` maps area to [low, high] in per cent over all checklists. `units` lists
    [run by, activity, unit, ids of the requirements that its row fails]; `expiries` lists [day, what ends], the rows
    of a register that end on one day as one.
    """
    if isinstance(audit, Rejected):
        return {"sha256": audit.sha256, "problems": [p.code for p in audit.problems]}
    submission = audit.submission
    profile = submission.profile
    open_ = [(c.checklist.id, _open_results(c)) for c in audit.checklists]
    return {
        "sha256": submission.record.sha256,
        "answers": _answers_digest(audit),
        "site": {
            "name": profile.name,
            "code": profile.code,
            "country": profile.country,
            "jurisdiction": profile.jurisdiction or "",
            "products": list(profile.products),
            "assessed_on": profile.assessed_on.isoformat() if profile.assessed_on else "",
        },
        "assurance": audit.assurance.value,
        "problems": sorted({p.code for p in submission.problems}),
        "checklists": [_checklist(c) for c in audit.checklists],
        "asked": sorted({r.requirement.id for c in audit.checklists for r in c.results if _asked(r)}),
        "open": {checklist: [_open(r) for r in results] for checklist, results in open_},
        "areas": _areas(audit),
        "units": _units(audit, [r for _, results in open_ for r in results]),
        "expiries": sorted({(e.on.isoformat(), _what_ends(e)) for e in audit.expiries}),
        "exit": {level: exit_code(audit, level) for level in FAIL_ON},
    }


def _checklist(item: ChecklistAudit) -> dict[str, Any]:
    return {
        "id": item.checklist.id,
        "kind": item.checklist.kind.value,
        "edition": item.edition.edition if item.edition else "",
        "readiness": item.readiness.value,
        "without_overlays": item.without_overlays.value if item.without_overlays else "",
        "also_incomplete": item.also_incomplete,
        "low": item.score.low,
        "high": item.score.high,
        "counts": {c.value: n for c, n in item.counts.items()},
    }


def _asked(result: Result) -> bool:
    return result.requirement.duty is Duty.MUST and result.compliance is not Compliance.NOT_APPLICABLE


def _open_results(item: ChecklistAudit) -> list[Result]:
    return [r for r in item.results if r.compliance in _OPEN and r.requirement.duty is Duty.MUST]


def _open(result: Result) -> list[str]:
    extent = result.extent.value if result.extent else ""
    return [result.requirement.id, result.compliance.value, result.reason.value, extent]


def _areas(audit: Audit) -> dict[str, list[float]]:
    """Add up the weights of each area over all checklists."""
    sums: dict[str, list[float]] = {}
    for item in audit.checklists:
        for area in item.score.areas:
            total = sums.setdefault(area.area, [0.0, 0.0, 0.0])
            for position, value in enumerate((area.met, area.unknown, area.applicable)):
                total[position] += value
    return {
        area: [round(100 * met / all_, 1), round(100 * (met + unknown) / all_, 1)]
        for area, (met, unknown, all_) in sorted(sums.items())
        if all_
    }


def _units(audit: Audit, open_: Iterable[Result]) -> list[list[Any]]:
    """List contracted facilities with the requirements that their rows fail, whichever checklist asks."""
    response = audit.submission.response(_UNITS)
    if response is None:
        return []
    failing: dict[int, set[str]] = {}
    for result in open_:
        for step in result.steps:
            if step.question == _UNITS and step.row and step.outcome == "false":
                failing.setdefault(step.row, set()).add(result.requirement.id)
    return [
        [_text(row, "run_by"), _text(row, "activity"), _text(row, "unit"), sorted(failing.get(number, ()))]
        for number, row in enumerate(response.rows, start=1)
    ]


def _text(row: Row, column: str) -> str:
    entry = row.entries.get(column)
    return str(entry.value) if entry is not None and entry.state is AnswerState.ANSWERED else ""


def _what_ends(expiry: Expiry) -> str:
    """Leave out the number of a row, which says nothing beyond one centre."""
    return _ROW_NUMBER.sub("", expiry.what, count=1) if expiry.kind is ExpiryKind.ROW else expiry.what


def _answers_digest(audit: Audit) -> str:
    """Hash the answers, not the centre's name and dates, to find one self-assessment sent for two centres.

    Its name, code and address count for nothing in registers either, where a certificate names whom it is for.

    Empty where nothing that is judged is answered: blank workbooks are alike, but nobody copied them.
    """
    names = {"site_name", "site_code", "site_address"}
    identity = names | {"assessed_on", "assessed_by", "verifier_role", "verified_on"}
    own = {r.entry.original.casefold() for (q, _), r in audit.submission.responses.items() if q in names} - {""}
    judged = set[str]().union(*[result.questions for item in audit.checklists for result in item.results])
    answers = sorted(
        (question, scope, _words(response, own))
        for (question, scope), response in audit.submission.responses.items()
        if question not in identity and response.entry.state is not AnswerState.BLANK
    )
    if not any(question in judged for question, _, _ in answers):
        return ""
    return hashlib.sha256(json.dumps(answers, ensure_ascii=True).encode()).hexdigest()


def _words(response: Response, own: Set[str]) -> list[str]:
    """Give what an answer says, without what names the centre."""
    said = [response.entry.state, response.entry.original, *response.evidence.references]
    for row in response.rows:
        originals = [(column, entry.original) for column, entry in row.entries.items()]
        said.append("|".join([f"{c}={text}" for c, text in sorted(originals) if text.casefold() not in own]))
    return said
