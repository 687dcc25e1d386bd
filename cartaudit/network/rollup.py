"""From the records of many centres to one network: counts, matrices, patterns. Reads no file and no clock."""

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from sys import intern
from typing import Any

from cartaudit.model.audit import Readiness
from cartaudit.model.checklists import Catalogue
from cartaudit.model.requirements import Requirement
from cartaudit.network.job import Outcome
from cartaudit.network.network import (
    CentreLine,
    ChecklistLine,
    ExpiryLine,
    LiftLine,
    Network,
    RequirementLine,
    UnitLine,
)
from cartaudit.network.state import Record

SYSTEMIC_SHARE = 0.25
"""Share of the centres asked from which an open requirement counts as systemic; a choice of this project."""

NAMED_AT_MOST = 10
"""How many files that could not be audited the first line names; all of them stand in a table of their own."""

AGE_BANDS = ((90, "up to 90 days"), (180, "91 to 180 days"), (365, "181 to 365 days"))
AGES = ("after the audit date", *(name for _, name in AGE_BANDS), "over 365 days", "not stated")
VERDICTS = (Readiness.READY, Readiness.CONDITIONAL, Readiness.INCOMPLETE, Readiness.NOT_READY, Readiness.OUT_OF_SCOPE)

_Groups = tuple[tuple[str, ...], ...]


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What is kept of the records seen so far; centres stand in it by their number."""

    requirements: Mapping[str, Requirement]
    lines: list[CentreLine] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    verdicts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    editions: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    asked: Counter[str] = field(default_factory=Counter)
    failing: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    unknown: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    lifts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    clears: Counter[str] = field(default_factory=Counter)
    units: dict[tuple[str, str], "_Unit"] = field(default_factory=dict)
    expiries: dict[tuple[date, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    ages: Counter[str] = field(default_factory=Counter)
    assurance: Counter[str] = field(default_factory=Counter)
    lifted: int = 0
    files: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True, kw_only=True)
class _Unit:
    name: str
    centres: set[int] = field(default_factory=set)
    failing: set[int] = field(default_factory=set)
    faults: set[str] = field(default_factory=set)


def roll_up(
    records: Iterable[Record],
    catalogue: Catalogue,
    as_of: date,
    *,
    systemic_share: float = SYSTEMIC_SHARE,
    secret: str | None = None,
    ranks: bool = False,
    other_files: tuple[str, ...] = (),
) -> Network:
    """Roll records up, one at a time; their order does not matter.

    With a `secret`, codes made from it stand for the names of centres, files and units, and messages are left out.
    """
    tally = _Tally(requirements={r.id: r for c in catalogue.checklists.values() for r in c.requirements})
    for record in records:
        _add(tally, record, as_of)
    labels = _labels(tally, secret)
    centres = [_shown(line, label, secret) for line, label in zip(tally.lines, labels, strict=True)]
    if ranks:
        centres = _ranked(centres)
    centres.sort(key=lambda c: (c.label, c.file))
    return Network(
        as_of=as_of,
        total=len(centres),
        audited=sum(c.outcome is Outcome.AUDITED for c in centres),
        headline=_headline(centres),
        systemic_share=systemic_share,
        anonymised=secret is not None,
        area_titles={a.id: a.title for a in sorted(catalogue.areas.values(), key=lambda a: a.order)},
        centres=tuple(centres),
        checklists=tuple(_checklists(tally, catalogue)),
        requirements=_requirement_lines(tally, labels, systemic_share),
        lifts=_lift_lines(tally, labels),
        units=_unit_lines(tally, labels, secret),
        expiries=_expiry_lines(tally, labels),
        ages={name: tally.ages[name] for name in AGES},
        assurance=dict(sorted(tally.assurance.items())),
        lifted=tally.lifted,
        same_file=_groups(tally.files, labels),
        same_answers=_groups(_beyond(tally.answers, tally.files), labels),
        other_files=() if secret is not None else other_files,
    )


def _add(tally: _Tally, record: Record, as_of: date) -> None:
    number, summary = len(tally.lines), record.summary
    opened = {name: [o for o in items if o[0] in tally.requirements] for name, items in summary.get("open", {}).items()}
    tally.names.append(record.name)
    tally.lines.append(_line(tally, record, opened))
    if summary.get("sha256"):
        tally.files[summary["sha256"]].append(number)
    if record.outcome is not Outcome.AUDITED:
        return
    if summary["answers"]:
        tally.answers[summary["answers"]].append(number)
    for item in summary["checklists"]:
        tally.verdicts[item["id"]][item["readiness"]] += 1
        tally.editions[item["id"]][item["edition"]] += 1
        tally.lifted += bool(item.get("without_overlays"))
    _add_open(tally, number, opened)
    tally.asked.update(summary["asked"])
    tally.assurance[summary["assurance"]] += 1
    tally.ages[_age(summary["site"]["assessed_on"], as_of)] += 1
    for on, what in summary["expiries"]:
        tally.expiries[date.fromisoformat(on), intern(what)].append(number)
    for run_by, activity, unit, faults in summary["units"]:
        _add_unit(tally, number, run_by or unit, activity, faults)


def _line(tally: _Tally, record: Record, opened: Mapping[str, Sequence[Sequence[str]]]) -> CentreLine:
    summary = record.summary
    site = summary.get("site", {})
    ids = {o[0] for items in opened.values() for o in items}
    return CentreLine(
        label=" ".join(filter(None, (site.get("code", ""), site.get("name", "")))) or record.name,
        file=record.file,
        outcome=record.outcome,
        message=record.message,
        country=intern(str(site.get("country", ""))),
        products=tuple(intern(p) for p in site.get("products", ())),
        assurance=intern(str(summary.get("assurance", ""))),
        assessed_on=str(site.get("assessed_on", "")),
        verdicts={intern(c["id"]): intern(c["readiness"]) for c in summary.get("checklists", ())},
        areas={intern(area): (low, high) for area, (low, high) in summary.get("areas", {}).items()},
        open_gates=sum(tally.requirements[name].gate for name in ids),
        open=len(ids),
    )


def _add_open(tally: _Tally, number: int, opened: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """Count open requirements once a centre; known to fail in one checklist beats not known in another."""
    items = [o for opened_here in opened.values() for o in opened_here]
    failing = {o[0] for o in items if o[1] != "NOT_ASSESSED"}
    for name in failing:
        tally.failing[name].append(number)
    for name in {o[0] for o in items} - failing:
        tally.unknown[name].append(number)
    gates = [{o[0] for o in opened_here if tally.requirements[o[0]].gate} for opened_here in opened.values()]
    all_gates: set[str] = set().union(*gates)
    for name in {next(iter(g)) for g in gates if len(g) == 1}:
        tally.lifts[name].append(number)
        tally.clears[name] += len(all_gates) == 1


def _add_unit(tally: _Tally, number: int, name: str, activity: str, faults: Sequence[str]) -> None:
    """File a unit under its name; capitals and spaces do not tell two units apart."""
    folded = " ".join(name.casefold().split())
    if not folded:
        return
    unit = tally.units.setdefault((folded, activity), _Unit(name=name))
    unit.name = min(unit.name, name)
    unit.centres.add(number)
    if faults:
        unit.failing.add(number)
        unit.faults.update(faults)


def _age(assessed_on: str, as_of: date) -> str:
    if not assessed_on:
        return "not stated"
    days = (as_of - date.fromisoformat(assessed_on)).days
    if days < 0:
        return "after the audit date"
    return next((name for limit, name in AGE_BANDS if days <= limit), "over 365 days")


def _labels(tally: _Tally, secret: str | None) -> list[str]:
    """Give each centre one label that no other has: code and name, with the file where two give the same."""
    if secret is not None:
        return [_code("C", name, secret) for name in tally.names]
    seen = Counter(line.label for line in tally.lines)
    return [line.label if seen[line.label] == 1 else f"{line.label} [{line.file}]" for line in tally.lines]


def _code(kind: str, name: str, secret: str) -> str:
    return f"{kind}-{hmac.new(secret.encode(), name.encode(), hashlib.sha256).hexdigest()[:10]}"


def _shown(line: CentreLine, label: str, secret: str | None) -> CentreLine:
    return replace(line, label=label) if secret is None else replace(line, label=label, file=label, message="")


def _ranked(centres: list[CentreLine]) -> list[CentreLine]:
    """Rank the audited centres by open gates, then by open requirements; equal ones share a rank."""
    audited = [c for c in centres if c.outcome is Outcome.AUDITED]
    measures = sorted((c.open_gates, c.open) for c in audited)
    place = {measure: number for number, measure in reversed(list(enumerate(measures, start=1)))}
    return [replace(c, rank=place[c.open_gates, c.open]) if c.outcome is Outcome.AUDITED else c for c in centres]


def _headline(centres: Sequence[CentreLine]) -> str:
    left = [c for c in centres if c.outcome is not Outcome.AUDITED]
    first = f"{len(centres) - len(left)} of {len(centres)} sites could be audited."
    if not left:
        return first
    named = ", ".join(f"{c.label} ({c.outcome.value.replace('_', ' ')})" for c in left[:NAMED_AT_MOST])
    more = f" and {len(left) - NAMED_AT_MOST} more, listed below" if len(left) > NAMED_AT_MOST else ""
    return f"{first} Not audited: {named}{more}."


def _checklists(tally: _Tally, catalogue: Catalogue) -> Iterator[ChecklistLine]:
    order = {name: number for number, name in enumerate(catalogue.checklists)}
    for name in sorted(tally.verdicts, key=lambda n: (order.get(n, len(order)), n)):
        checklist = catalogue.checklists.get(name)
        yield ChecklistLine(
            id=name,
            title=checklist.title if checklist else name,
            kind=checklist.kind.value if checklist else "",
            counts={v.value: tally.verdicts[name][v.value] for v in VERDICTS},
            editions=dict(sorted(tally.editions[name].items())),
        )


def _requirement_lines(tally: _Tally, labels: Sequence[str], share: float) -> tuple[RequirementLine, ...]:
    lines = []
    for name in {**tally.failing, **tally.unknown}:
        failing, unknown = tally.failing.get(name, []), tally.unknown.get(name, [])
        requirement, asked = tally.requirements[name], tally.asked[name]
        lines.append(
            RequirementLine(
                id=name,
                title=requirement.title,
                area=requirement.area,
                severity=requirement.severity.value,
                gate=requirement.gate,
                failing=len(failing),
                unknown=len(unknown),
                asked=asked,
                systemic=len(failing) + len(unknown) >= share * asked,
                centres=_named(failing + unknown, labels),
            )
        )
    return tuple(sorted(lines, key=lambda x: (-x.failing, -x.unknown, not x.gate, x.id)))


def _lift_lines(tally: _Tally, labels: Sequence[str]) -> tuple[LiftLine, ...]:
    lines = [
        LiftLine(
            id=name,
            title=tally.requirements[name].title,
            remediation=tally.requirements[name].remediation,
            clears=tally.clears[name],
            centres=_named(numbers, labels),
        )
        for name, numbers in tally.lifts.items()
    ]
    return tuple(sorted(lines, key=lambda x: (-len(x.centres), -x.clears, x.id)))


def _unit_lines(tally: _Tally, labels: Sequence[str], secret: str | None) -> tuple[UnitLine, ...]:
    lines = [
        UnitLine(
            name=unit.name if secret is None else _code("U", folded, secret),
            activity=activity,
            requirements=tuple(sorted(unit.faults)),
            failing=_named(unit.failing, labels),
            centres=_named(unit.centres, labels),
        )
        for (folded, activity), unit in tally.units.items()
        if len(unit.centres) > 1
    ]
    return tuple(sorted(lines, key=lambda x: (-len(x.failing), -len(x.centres), x.name, x.activity)))


def _expiry_lines(tally: _Tally, labels: Sequence[str]) -> tuple[ExpiryLine, ...]:
    ends = sorted(tally.expiries.items())
    return tuple(ExpiryLine(on=on, what=what, centres=_named(numbers, labels)) for (on, what), numbers in ends)


def _named(numbers: Iterable[int], labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(labels[number] for number in numbers))


def _beyond(answers: Mapping[str, list[int]], files: Mapping[str, list[int]]) -> dict[str, list[int]]:
    """Leave out groups of centres that have sent one and the same file: they are named as such already."""
    same_file = {frozenset(numbers) for numbers in files.values()}
    return {digest: numbers for digest, numbers in answers.items() if frozenset(numbers) not in same_file}


def _groups(found: Mapping[Any, list[int]], labels: Sequence[str]) -> _Groups:
    return tuple(sorted(_named(numbers, labels) for numbers in found.values() if len(numbers) > 1))
