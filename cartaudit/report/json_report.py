"""The result as JSON, as `result.schema.json` describes it: the contract of `check` and `report`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from enum import Enum
from importlib import resources
from typing import Any

from cartaudit import __version__
from cartaudit.model.audit import (
    Audit,
    ChecklistAudit,
    Compliance,
    Expiry,
    Gap,
    Provenance,
    RelianceItem,
    Result,
    Score,
    Then,
    Threshold,
)
from cartaudit.model.problems import Problem
from cartaudit.model.profile import Profile, Treatment
from cartaudit.model.requirements import Citation
from cartaudit.model.submission import Action, Evidence, ReadingRecord, Rejected, Response, SiteValue
from cartaudit.report.json_lines import expiry_line, reliance_line, result_lines

FORMAT_VERSION = 1
_DECIMALS = 2


def audit_json(audit: Audit) -> dict[str, Any]:
    """Give an audit as JSON-ready values; lists stand in the order of the audit, dates as ISO text.

    Whether the audit date was the day of the run is left out: the same inputs and date give the same document.
    """
    return _document(audit) | {
        "results": [_result(c, r) for c in audit.checklists for r in c.results],
        "expiries": [_expiry(e) for e in audit.expiries],
        "reliance": [_reliance(r) for r in audit.reliance],
    }


def render_audit(audit: Audit) -> bytes:
    """Write an audit: the bytes of `render_json(audit_json(audit))`, in a third of the time."""
    written = {
        "results": _listed([line for audited in audit.checklists for line in result_lines(audited)]),
        "expiries": _listed(map(expiry_line, audit.expiries)),
        "reliance": _listed(map(reliance_line, audit.reliance)),
    }
    return _written({key: _lines(value) for key, value in _document(audit).items()} | written)


def _document(audit: Audit) -> dict[str, Any]:
    """Give everything but what there is hundreds of: the results, what ends and what is relied on."""
    submission = audit.submission
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "cartaudit", "version": _tool_version(audit.provenance)},
        "as_of": audit.as_of.isoformat(),
        "rejected": False,
        "assurance": audit.assurance.value,
        "source": _source(submission.record.file, submission.record.sha256, submission.record.size),
        "site": _site(submission.profile),
        "problems": [_problem(p) for p in submission.problems],
        "checklists": [_checklist(c) for c in audit.checklists],
        "gaps": [_gap(g) for c in audit.checklists for g in c.gaps],
        "unheard": [item._asdict() for item in audit.unheard],
        "site_values": [_site_value(v) for v in submission.site_values],
        "comments": [c for r in submission.responses.values() for c in _comments(r)],
        "provenance": _provenance(audit.provenance) if audit.provenance else None,
        "reading_record": _reading_record(submission.record),
    }


def rejected_json(rejected: Rejected, as_of: date) -> dict[str, Any]:
    """Give a rejected file as the same document: its problems, no site, no results."""
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "cartaudit", "version": __version__},
        "as_of": as_of.isoformat(),
        "rejected": True,
        "assurance": None,
        "source": _source(rejected.file, rejected.sha256, rejected.record.size),
        "site": None,
        "problems": [_problem(p) for p in rejected.problems],
        "checklists": [],
        "results": [],
        "gaps": [],
        "expiries": [],
        "reliance": [],
        "unheard": [],
        "site_values": [],
        "comments": [],
        "provenance": None,
        "reading_record": _reading_record(rejected.record),
    }


def render_json(document: Mapping[str, Any]) -> bytes:
    r"""Write a document as ASCII JSON with sorted keys and a final newline; each entry of a list stands on one line.

    Everything beyond ASCII is written as \uXXXX: no reader has to guess an encoding, and no bidirectional or invisible
    character can hide in the file. Raises ValueError on NaN and infinity.
    """
    return _written({key: _lines(value) for key, value in document.items()})


def _written(members: Mapping[str, Iterable[str]]) -> bytes:
    """Join the members, each given in pieces; all at once, as a document of a megabyte is slow to copy."""
    pieces: list[str] = []
    for key in sorted(members):
        pieces += [",\n " if pieces else "{\n ", _line(key), ": ", *members[key]]
    return b"".join([piece.encode("ascii") for piece in [*pieces, "\n}\n"]])


def _lines(value: Any) -> Iterable[str]:
    """Break lists of objects into lines; what is within a line is left to the fast encoder, which cannot indent."""
    if not (isinstance(value, list) and value and isinstance(value[0], Mapping)):
        return (_line(value),)
    return _listed(map(_line, value))


def _listed(lines: Iterable[str]) -> Iterable[str]:
    pieces = [piece for line in lines for piece in (",\n  ", line)]
    return ("[\n  ", *pieces[1:], "\n ]") if pieces else ("[]",)


_line = json.JSONEncoder(ensure_ascii=True, sort_keys=True, allow_nan=False).encode


def result_schema() -> dict[str, Any]:
    """Read the JSON Schema (draft 2020-12) that the documents follow."""
    text = resources.files("cartaudit.report").joinpath("result.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _tool_version(provenance: Provenance | None) -> str:
    return provenance.tool_version if provenance else __version__


def _source(file: str, sha256: str, size: int) -> dict[str, Any]:
    return {"file": file, "sha256": sha256, "size": size}


def _site(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "code": profile.code,
        "country": profile.country,
        "jurisdiction": profile.jurisdiction,
        "products": list(profile.products),
        "phase": profile.phase.value if profile.phase else None,
        "treatments": [_treatment(t) for t in profile.treatments],
        "assessed_on": _iso(profile.assessed_on),
        "verifier_role": profile.verifier_role,
        "verified_on": _iso(profile.verified_on),
    }


def _treatment(treatment: Treatment) -> dict[str, str]:
    return {
        "product": treatment.product,
        "indication": treatment.indication,
        "population": treatment.population,
        "route": treatment.route,
    }


def _problem(problem: Problem) -> dict[str, str]:
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "sheet": problem.sheet,
        "cell": problem.cell,
        "question": problem.question,
        "found": problem.found,
        "expected": problem.expected,
        "remedy": problem.remedy,
        "message": problem.message,
    }


def _checklist(audited: ChecklistAudit) -> dict[str, Any]:
    checklist, edition = audited.checklist, audited.edition
    return {
        "id": checklist.id,
        "kind": checklist.kind.value,
        "title": checklist.title,
        "body": checklist.body,
        "product": checklist.product,
        "example": checklist.example,
        "scale": checklist.scale.name,
        "edition": edition.edition if edition else None,
        "edition_from": _iso(edition.effective_from) if edition else None,
        "edition_to": _iso(edition.effective_to) if edition else None,
        "edition_status": edition.status if edition else "",
        "jurisdiction": audited.jurisdiction,
        "readiness": audited.readiness.value,
        "without_overlays": audited.without_overlays.value if audited.without_overlays else None,
        "also_incomplete": audited.also_incomplete,
        "then": _then(audited.then) if audited.then else None,
        "reasons": list(audited.conditions),
        "score": _score(audited.score),
        "counts": {c.value: audited.counts.get(c, 0) for c in Compliance},
        "treatments": [_treatment(t) for t in audited.treatments],
        "text_dates": list(audited.text_dates),
    }


def _then(then: Then) -> dict[str, Any]:
    return {
        "on": then.on.isoformat(),
        "readiness": then.readiness.value,
        "also_incomplete": then.also_incomplete,
        "lapses": [
            {
                "requirement": lapse.requirement.id,
                "gate": lapse.requirement.gate,
                "compliance": lapse.compliance.value,
                "reason": lapse.reason.value,
                "cells": list(lapse.cells),
            }
            for lapse in then.lapses
        ],
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "value": _rounded(score.value),
        "low": _rounded(score.low),
        "high": _rounded(score.high),
        "areas": [
            {
                "area": a.area,
                "low": _rounded(a.low),
                "high": _rounded(a.high),
                "met": _rounded(a.met),
                "unknown": _rounded(a.unknown),
                "applicable": _rounded(a.applicable),
            }
            for a in score.areas
        ],
        "trace": list(score.trace),
    }


def _result(audited: ChecklistAudit, result: Result) -> dict[str, Any]:
    requirement = result.requirement
    thresholds = [_threshold(t) for t in result.thresholds]
    return {
        "checklist": result.checklist,
        "edition": audited.edition.edition if audited.edition else None,
        "product": result.product,
        "jurisdiction": result.jurisdiction,
        "requirement": requirement.id,
        "title": requirement.title,
        "area": requirement.area,
        "duty": requirement.duty.value,
        "severity": requirement.severity.value.upper(),
        "gate": requirement.gate,
        "proposal": requirement.is_proposal,
        "compliance": result.compliance.value,
        "reason": result.reason.value,
        "message": result.message,
        "watch": result.watch,
        "questions": list(result.questions),
        "cells": list(result.cells),
        "claim": result.claim,
        "claimed": result.claimed.value if result.claimed else None,
        "overridden": result.overridden,
        "override_note": result.override_note,
        "criterion": result.criterion,
        "threshold": thresholds[0] if thresholds else {},
        "thresholds": thresholds,
        "steps": [s._asdict() for s in result.steps],
        "evidence": [_evidence(e) for e in result.evidence],
        "extent": result.extent.value if result.extent else None,
        "deciding_profile": result.deciding_profile,
        "na_reason": result.na_reason,
        "remediation": requirement.remediation,
        "action": _action(result.action),
        "expiries": [_expiry(e) for e in result.expiries],
        "sources": [_citation(s) for s in requirement.sources],
    }


def _threshold(threshold: Threshold) -> dict[str, Any]:
    return {name: _plain(value) for name, value in threshold._asdict().items()}


def _citation(citation: Citation) -> dict[str, str]:
    return {
        "id": citation.id,
        "kind": citation.kind.value,
        "date": citation.date,
        "reference": citation.reference,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "references": list(evidence.references),
        "level": evidence.level.value,
        "dated": _iso(evidence.dated),
        "cell": evidence.cell,
    }


def _action(action: Action) -> dict[str, Any]:
    return {
        "text": action.text,
        "owner_role": action.owner_role,
        "due": _iso(action.due),
        "containment": action.containment,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "checklist": gap.result.checklist,
        "product": gap.result.product,
        "jurisdiction": gap.result.jurisdiction,
        "requirement": gap.result.requirement.id,
        "severity": gap.result.requirement.severity.value.upper(),
        "gate": gap.result.requirement.gate,
        "compliance": gap.result.compliance.value,
        "action": gap.action,
        "owner_role": gap.owner_role,
        "due": _iso(gap.due),
        "contained": gap.contained,
        "open_without_plan": gap.open_without_plan,
    }


def _expiry(expiry: Expiry) -> dict[str, str]:
    return {
        "on": expiry.on.isoformat(),
        "what": expiry.what,
        "cell": expiry.cell,
        "requirement": expiry.requirement,
        "checklist": expiry.checklist,
        "kind": expiry.kind.value,
    }


def _reliance(item: RelianceItem) -> dict[str, str | None]:
    return {
        "product": item.product,
        "requirement": item.requirement,
        "covered_by": item.covered_by,
        "relation": item.relation,
        "until": _iso(item.until),
        "certificate": item.certificate,
    }


def _site_value(value: SiteValue) -> dict[str, Any]:
    return {f.name: _plain(getattr(value, f.name)) for f in fields(value)} | {"complete": value.complete}


def _comments(response: Response) -> list[dict[str, str]]:
    """Give what the centre and an inspector remarked on one answer."""
    if not (response.comment or response.inspector_comment):
        return []
    said = (("centre", response.comment), ("inspector", response.inspector_comment))
    place = {"question": response.question, "scope": response.scope, "cell": response.entry.cell}
    return [{**place, "by": by, "text": text} for by, text in said if text.strip()]


def _provenance(provenance: Provenance) -> dict[str, Any]:
    return {
        "tool_version": provenance.tool_version,
        "as_of": provenance.as_of.isoformat(),
        "catalogue_version": provenance.catalogue_version,
        "catalogue_hash": provenance.catalogue_hash,
        "content_hashes": dict(provenance.content_hashes),
        "overlays": dict(provenance.overlays),
    }


def _reading_record(record: ReadingRecord) -> dict[str, Any]:
    return {f.name: _plain(getattr(record, f.name)) for f in fields(record)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, _DECIMALS)


def _plain(value: Any) -> Any:
    """Turn a value of the model into what JSON knows."""
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case str():
            return value
        case Iterable():
            return [_plain(item) for item in value]
        case _:
            return value
