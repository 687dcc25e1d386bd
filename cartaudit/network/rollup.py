"""From the records of many centres to one network: counts, matrices, patterns. Reads no file and no clock."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cartaudit.model.audit import Readiness
from cartaudit.model.checklists import Catalogue
from cartaudit.model.requirements import Requirement
from cartaudit.network.job import Outcome
from cartaudit.network.state import Record

SYSTEMIC_SHARE = 0.25
"""Share of the centres asked at or above which an open requirement counts as systemic; a choice of this project."""

AGE_BANDS = ((90, "up to 90 days"), (180, "91 to 180 days"), (365, "181 to 365 days"))
VERDICTS = (Readiness.READY, Readiness.CONDITIONAL, Readiness.INCOMPLETE, Readiness.NOT_READY, Readiness.OUT_OF_SCOPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreLine:
    """One centre of the network. `verdicts` maps checklist to readiness, `areas` area to (low, high) in per cent."""

    label: str
    file: str
    outcome: Outcome
    message: str
    country: str
    assurance: str
    assessed_on: str
    verdicts: Mapping[str, str]
    areas: Mapping[str, tuple[float, float]]
    open_gates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistLine:
    """One checklist over all centres: how many came out how, and which editions were used."""

    id: str
    title: str
    kind: str
    counts: Mapping[str, int]
    editions: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """One requirement over all centres asked: how many fail it, how many do not know; systemic or local."""

    id: str
    title: str
    area: str
    severity: str
    gate: bool
    failing: int
    unknown: int
    asked: int
    systemic: bool
    centres: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftLine:
    """One requirement that is the only open gate at `centres`: meeting it lifts each of them over the gates."""

    id: str
    title: str
    remediation: str
    centres: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """One contracted facility that several centres share, with what fails there."""

    name: str
    activity: str
    requirements: tuple[str, ...]
    failing: tuple[str, ...]
    centres: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Many centres on one audit date."""

    as_of: date
    total: int
    audited: int
    headline: str
    systemic_share: float
    anonymised: bool
    centres: tuple[CentreLine, ...]
    checklists: tuple[ChecklistLine, ...]
    requirements: tuple[RequirementLine, ...]
    lifts: tuple[LiftLine, ...]
    units: tuple[UnitLine, ...]
    expiries: tuple[tuple[date, str, str], ...]
    ages: Mapping[str, int]
    assurance: Mapping[str, int]
    same_file: tuple[tuple[str, ...], ...]
    same_answers: tuple[tuple[str, ...], ...]
    other_files: tuple[str, ...] = ()


def roll_up(
    records: Iterable[Record],
    catalogue: Catalogue,
    as_of: date,
    *,
    systemic_share: float = SYSTEMIC_SHARE,
    anonymise: bool = False,
    other_files: tuple[str, ...] = (),
) -> Network:
    """Roll records up. The order of the records does not matter; `anonymise` puts stable codes for names and files."""
    ranked = sorted(records, key=lambda r: (r.name, r.file))
    labels = {r.name: _label(r, anonymise=anonymise) for r in ranked}
    audited = [r for r in ranked if r.outcome is Outcome.AUDITED]
    requirements = {r.id: r for c in catalogue.checklists.values() for r in c.requirements}
    return Network(
        as_of=as_of,
        total=len(ranked),
        audited=len(audited),
        headline=_headline(ranked, labels),
        systemic_share=systemic_share,
        anonymised=anonymise,
        centres=tuple(_centre(r, labels[r.name], requirements, anonymise=anonymise) for r in ranked),
        checklists=_checklists(audited, catalogue),
        requirements=_requirements(audited, labels, catalogue, requirements, systemic_share),
        lifts=_lifts(audited, labels, requirements),
        units=_units(audited, labels, anonymise=anonymise),
        expiries=_expiries(audited, labels),
        ages=_ages(audited, as_of),
        assurance=Counter(str(r.summary["assurance"]) for r in audited),
        same_file=_same(ranked, labels, "sha256"),
        same_answers=_same(audited, labels, "answers"),
        other_files=() if anonymise else other_files,
    )


def _label(record: Record, *, anonymise: bool) -> str:
    """Name a centre by code and name, or by a code that the same file name gives in every run."""
    if anonymise:
        return f"C-{hashlib.sha256(record.name.encode()).hexdigest()[:8]}"
    site = record.summary.get("site", {})
    named = " ".join(filter(None, (site.get("code", ""), site.get("name", ""))))
    return named or record.name


def _headline(records: list[Record], labels: Mapping[str, str]) -> str:
    left = [r for r in records if r.outcome is not Outcome.AUDITED]
    first = f"{len(records) - len(left)} of {len(records)} sites could be audited."
    if not left:
        return first
    named = ", ".join(f"{labels[r.name]} ({r.outcome.value.replace('_', ' ')})" for r in left[:10])
    more = f" and {len(left) - 10} more, listed below" if len(left) > 10 else ""
    return f"{first} Not audited: {named}{more}."


def _centre(record: Record, label: str, requirements: Mapping[str, Requirement], *, anonymise: bool) -> CentreLine:
    summary = record.summary
    site = summary.get("site", {})
    gates = {o[0] for opened in summary.get("open", {}).values() for o in opened if _gate(requirements, o[0])}
    return CentreLine(
        label=label,
        file=label if anonymise else record.file,
        outcome=record.outcome,
        message="" if anonymise else record.message,
        country=str(site.get("country", "")),
        assurance=str(summary.get("assurance", "")),
        assessed_on=str(site.get("assessed_on", "")),
        verdicts={c["id"]: c["readiness"] for c in summary.get("checklists", ())},
        areas={area: (low, high) for area, (low, high) in summary.get("areas", {}).items()},
        open_gates=len(gates),
    )


def _gate(requirements: Mapping[str, Requirement], requirement: str) -> bool:
    return requirement in requirements and requirements[requirement].gate


def _checklists(records: list[Record], catalogue: Catalogue) -> tuple[ChecklistLine, ...]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    editions: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        for item in record.summary["checklists"]:
            counts[item["id"]][item["readiness"]] += 1
            editions[item["id"]][item["edition"]] += 1
    return tuple(
        ChecklistLine(
            id=name,
            title=catalogue.checklists[name].title if name in catalogue.checklists else name,
            kind=catalogue.checklists[name].kind.value if name in catalogue.checklists else "",
            counts={v.value: counts[name][v.value] for v in VERDICTS},
            editions=dict(sorted(editions[name].items())),
        )
        for name in sorted(counts)
    )


def _requirements(
    records: list[Record],
    labels: Mapping[str, str],
    catalogue: Catalogue,
    requirements: Mapping[str, Requirement],
    systemic_share: float,
) -> tuple[RequirementLine, ...]:
    """Count, per requirement, the centres where it is open; asked are those with a checklist that holds it."""
    holds = {name: {r.id for r in c.requirements} for name, c in catalogue.checklists.items()}
    failing: dict[str, set[str]] = defaultdict(set)
    unknown: dict[str, set[str]] = defaultdict(set)
    asked: Counter[str] = Counter()
    for record in records:
        judged = [c["id"] for c in record.summary["checklists"] if c["readiness"] != Readiness.OUT_OF_SCOPE.value]
        asked.update(set().union(*(holds.get(name, set()) for name in judged)))
        for opened in record.summary["open"].values():
            for requirement, compliance, *_ in opened:
                (unknown if compliance == "NOT_ASSESSED" else failing)[requirement].add(record.name)
    lines = [
        RequirementLine(
            id=name,
            title=requirements[name].title,
            area=requirements[name].area,
            severity=requirements[name].severity.value,
            gate=requirements[name].gate,
            failing=len(failing[name]),
            unknown=len(unknown[name] - failing[name]),
            asked=asked[name],
            systemic=len(failing[name] | unknown[name]) >= systemic_share * asked[name],
            centres=tuple(labels[n] for n in sorted(failing[name] | unknown[name])),
        )
        for name in (*failing, *(set(unknown) - set(failing)))
        if name in requirements and asked[name]
    ]
    return tuple(sorted(lines, key=lambda x: (-x.failing, -x.unknown, not x.gate, x.id)))


def _lifts(
    records: list[Record], labels: Mapping[str, str], requirements: Mapping[str, Requirement]
) -> tuple[LiftLine, ...]:
    only: dict[str, list[str]] = defaultdict(list)
    for record in records:
        gates = {o[0] for opened in record.summary["open"].values() for o in opened if _gate(requirements, o[0])}
        if len(gates) == 1:
            only[gates.pop()].append(labels[record.name])
    lines = [
        LiftLine(id=n, title=requirements[n].title, remediation=requirements[n].remediation, centres=tuple(c))
        for n, c in only.items()
    ]
    return tuple(sorted(lines, key=lambda x: (-len(x.centres), x.id)))


def _units(records: list[Record], labels: Mapping[str, str], *, anonymise: bool) -> tuple[UnitLine, ...]:
    """List contracted facilities that several centres name; spelling and spaces at the edges do not part them."""
    named: dict[tuple[str, str], str] = {}
    centres: dict[tuple[str, str], set[str]] = defaultdict(set)
    failing: dict[tuple[str, str], set[str]] = defaultdict(set)
    failed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record in records:
        for name, activity, faults in record.summary.get("units", ()):
            key = (" ".join(name.casefold().split()), activity)
            named.setdefault(key, name)
            centres[key].add(labels[record.name])
            if faults:
                failing[key].add(labels[record.name])
                failed[key].update(faults)
    lines = [
        UnitLine(
            name=f"U-{hashlib.sha256(key[0].encode()).hexdigest()[:8]}" if anonymise else named[key],
            activity=key[1],
            requirements=tuple(sorted(failed[key])),
            failing=tuple(sorted(failing[key])),
            centres=tuple(sorted(centres[key])),
        )
        for key in centres
        if len(centres[key]) > 1
    ]
    return tuple(sorted(lines, key=lambda x: (-len(x.failing), -len(x.centres), x.name)))


def _expiries(records: list[Record], labels: Mapping[str, str]) -> tuple[tuple[date, str, str], ...]:
    found = [
        (date.fromisoformat(on), labels[record.name], str(what))
        for record in records
        for on, what in record.summary.get("expiries", ())
    ]
    return tuple(sorted(found))


def _ages(records: list[Record], as_of: date) -> dict[str, int]:
    ages: Counter[str] = Counter()
    for record in records:
        text = str(record.summary["site"]["assessed_on"])
        if not text:
            ages["not stated"] += 1
            continue
        days = (as_of - date.fromisoformat(text)).days
        ages[next((name for limit, name in AGE_BANDS if days <= limit), "over 365 days")] += 1
    return {name: ages[name] for name in (*(b for _, b in AGE_BANDS), "over 365 days", "not stated")}


def _same(records: list[Record], labels: Mapping[str, str], field: str) -> tuple[tuple[str, ...], ...]:
    """Group centres whose workbooks share a digest; each group has at least two."""
    groups: dict[Any, list[str]] = defaultdict(list)
    for record in records:
        if record.summary.get(field):
            groups[record.summary[field]].append(labels[record.name])
    return tuple(sorted(tuple(g) for g in groups.values() if len(g) > 1))
