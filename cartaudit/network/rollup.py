"""From the records of many centres to one network: counts, matrices, patterns. Reads no file and no clock."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from cartaudit.model.audit import Readiness
from cartaudit.model.checklists import Catalogue
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
from cartaudit.network.tally import AGES, Files, Tally, add

SYSTEMIC_SHARE = 0.25
"""Share of the centres asked from which an open requirement counts as systemic; a choice of this project."""

NAMED_AT_MOST = 10
"""How many files that could not be audited the first line names; all of them stand in a table of their own."""

VERDICTS = (Readiness.READY, Readiness.CONDITIONAL, Readiness.INCOMPLETE, Readiness.NOT_READY, Readiness.OUT_OF_SCOPE)

_Groups = tuple[tuple[str, ...], ...]


def roll_up(
    centres: Iterable[Sequence[Record]],
    catalogue: Catalogue,
    as_of: date,
    *,
    systemic_share: float = SYSTEMIC_SHARE,
    secret: str | None = None,
    ranks: bool = False,
    other_files: Mapping[str, str] | None = None,
) -> Network:
    """Roll centres up, one at a time; their order does not matter.

    Each is given by the records of all its files, the one that decides first (see `counting`), and counts once.
    `other_files` maps files that are no sites to the reason why. With a `secret`, codes made from it stand for the
    names of centres, files and units, and messages are left out.
    """
    tally = Tally(requirements={r.id: r for c in catalogue.checklists.values() for r in c.requirements})
    others = dict(other_files or {}) if secret is None else {}
    for records in centres:
        add(tally, records, as_of)
    labels = _labels(tally, secret)
    lines = [_shown(line, label, secret) for line, label in zip(tally.lines, labels, strict=True)]
    same_file, same_site = _together(tally.same_file, lines), _together(tally.same_site, lines)
    if ranks:
        lines = _ranked(lines)
    lines.sort(key=lambda c: (c.label, c.file))
    return Network(
        as_of=as_of,
        total=len(lines),
        audited=sum(c.outcome is Outcome.AUDITED for c in lines),
        files=sum(1 + len(c.also) for c in lines),
        headline=_headline(lines),
        systemic_share=systemic_share,
        anonymised=secret is not None,
        area_titles={a.id: a.title for a in sorted(catalogue.areas.values(), key=lambda a: a.order)},
        centres=tuple(lines),
        checklists=tuple(_checklists(tally, catalogue)),
        requirements=_requirement_lines(tally, labels, systemic_share),
        lifts=_lift_lines(tally, labels),
        units=_unit_lines(tally, labels, secret),
        expiries=_expiry_lines(tally, labels),
        ages={name: tally.ages[name] for name in AGES},
        assurance=dict(sorted(tally.assurance.items())),
        lifted=tally.lifted,
        same_file=same_file,
        same_site=same_site,
        same_answers=_groups(tally.answers, labels),
        other_files=tuple(sorted(others)),
        other_reasons=others,
    )


def _labels(tally: Tally, secret: str | None) -> list[str]:
    """Give each centre one label that no other has: code and name, with the file where two give the same."""
    if secret is not None:
        return [_code("C", name, secret) for name in tally.names]
    seen = Counter(line.label for line in tally.lines)
    return [line.label if seen[line.label] == 1 else f"{line.label} [{line.file}]" for line in tally.lines]


def _code(kind: str, name: str, secret: str) -> str:
    return f"{kind}-{hmac.new(secret.encode(), name.encode(), hashlib.sha256).hexdigest()[:10]}"


def _shown(line: CentreLine, label: str, secret: str | None) -> CentreLine:
    if secret is None:
        return replace(line, label=label)
    also = tuple(_code("F", file, secret) for file in line.also)
    return replace(line, label=label, file=label, also=also, message="")


def _ranked(centres: list[CentreLine]) -> list[CentreLine]:
    """Rank the audited centres by open gates, then by open requirements; equal ones share a rank."""
    audited = [c for c in centres if c.outcome is Outcome.AUDITED]
    measures = sorted((c.open_gates, c.open) for c in audited)
    place = {measure: number for number, measure in reversed(list(enumerate(measures, start=1)))}
    return [replace(c, rank=place[c.open_gates, c.open]) if c.outcome is Outcome.AUDITED else c for c in centres]


def _headline(centres: Sequence[CentreLine]) -> str:
    left = [c for c in centres if c.outcome is not Outcome.AUDITED]
    first = f"{len(centres) - len(left)} of {len(centres)} sites could be audited."
    twice = sum(bool(c.also) for c in centres)
    if twice:
        first += f" {twice} {'site was' if twice == 1 else 'sites were'} handed in more than once, counted once."
    if not left:
        return first
    named = ", ".join(f"{c.label} ({c.outcome.value.replace('_', ' ')})" for c in left[:NAMED_AT_MOST])
    more = f" and {len(left) - NAMED_AT_MOST} more, listed below" if len(left) > NAMED_AT_MOST else ""
    return f"{first} Not audited: {named}{more}."


def _checklists(tally: Tally, catalogue: Catalogue) -> Iterator[ChecklistLine]:
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


def _requirement_lines(tally: Tally, labels: Sequence[str], share: float) -> tuple[RequirementLine, ...]:
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


def _lift_lines(tally: Tally, labels: Sequence[str]) -> tuple[LiftLine, ...]:
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


def _unit_lines(tally: Tally, labels: Sequence[str], secret: str | None) -> tuple[UnitLine, ...]:
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


def _expiry_lines(tally: Tally, labels: Sequence[str]) -> tuple[ExpiryLine, ...]:
    ends = sorted(tally.expiries.items())
    return tuple(ExpiryLine(on=on, what=what, centres=_named(numbers, labels)) for (on, what), numbers in ends)


def _named(numbers: Iterable[int], labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(labels[number] for number in numbers))


def _together(groups: Iterable[Files], lines: Sequence[CentreLine]) -> _Groups:
    """Name files of one centre."""
    return tuple(sorted(tuple(sorted(_files(lines[number])[p] for p in places)) for number, places in groups))


def _files(line: CentreLine) -> tuple[str, ...]:
    return (line.file, *line.also)


def _groups(found: Mapping[Any, list[int]], labels: Sequence[str]) -> _Groups:
    return tuple(sorted({_named(numbers, labels) for numbers in found.values() if len(numbers) > 1}))
