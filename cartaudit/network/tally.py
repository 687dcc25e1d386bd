"""Adding up centres one at a time: what is kept of each, by its number, for the lines of the network."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from sys import intern

from cartaudit.model.requirements import Requirement
from cartaudit.network.counting import counted
from cartaudit.network.job import Outcome
from cartaudit.network.network import CentreLine
from cartaudit.network.state import Record

AGE_BANDS = ((90, "up to 90 days"), (180, "91 to 180 days"), (365, "181 to 365 days"))
AGES = ("after the audit date", *(name for _, name in AGE_BANDS), "over 365 days", "not stated")

Files = tuple[int, tuple[int, ...]]
"""Files of one centre: its number, and their places among its records."""


@dataclass(slots=True, kw_only=True)
class Tally:
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
    units: dict[tuple[str, str], "Unit"] = field(default_factory=dict)
    expiries: dict[tuple[date, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    ages: Counter[str] = field(default_factory=Counter)
    assurance: Counter[str] = field(default_factory=Counter)
    lifted: int = 0
    same_file: list[Files] = field(default_factory=list)
    same_site: list[Files] = field(default_factory=list)
    answers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True, kw_only=True)
class Unit:
    """A contracted facility so far: at which centres it is named, at which it fails, and what."""

    name: str
    centres: set[int] = field(default_factory=set)
    failing: set[int] = field(default_factory=set)
    faults: set[str] = field(default_factory=set)


def add(tally: Tally, records: Sequence[Record], as_of: date) -> None:
    """Add one centre, given by the records of its files, the one that decides first."""
    number, record = len(tally.lines), counted(records)
    summary = record.summary
    opened = {name: [o for o in items if o[0] in tally.requirements] for name, items in summary.get("open", {}).items()}
    tally.names.append(record.name)
    tally.lines.append(_line(tally, record, records[1:], opened))
    _add_files(tally, number, records)
    if record.outcome is not Outcome.AUDITED:
        return
    for digest in {str(r.summary["answers"]) for r in records if r.outcome is Outcome.AUDITED} - {""}:
        tally.answers[digest].append(number)
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


def _add_files(tally: Tally, number: int, records: Sequence[Record]) -> None:
    """Note which files of a centre are the same, and whether they differ, by their place among its records."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        places[record.sha256].append(place)
    tally.same_file += [(number, tuple(same)) for same in places.values() if len(same) > 1]
    if len(places) > 1:
        tally.same_site.append((number, tuple(range(len(records)))))


def _line(
    tally: Tally, record: Record, others: Sequence[Record], opened: Mapping[str, Sequence[Sequence[str]]]
) -> CentreLine:
    summary = record.summary
    site = summary.get("site", {})
    ids = {o[0] for items in opened.values() for o in items}
    return CentreLine(
        label=" ".join(filter(None, (site.get("code", ""), site.get("name", "")))) or record.name,
        file=record.file,
        outcome=record.outcome,
        message=" ".join(filter(None, (record.message, *map(_unread, others)))),
        also=tuple(r.file for r in others),
        country=intern(str(site.get("country", ""))),
        products=tuple(intern(p) for p in site.get("products", ())),
        assurance=intern(str(summary.get("assurance", ""))),
        assessed_on=str(site.get("assessed_on", "")),
        verdicts={intern(c["id"]): intern(c["readiness"]) for c in summary.get("checklists", ())},
        areas={intern(area): (low, high) for area, (low, high) in summary.get("areas", {}).items()},
        open_gates=sum(tally.requirements[name].gate for name in ids),
        open=len(ids),
    )


def _unread(other: Record) -> str:
    """Say of a further file of a centre that it could not be audited."""
    if other.outcome is Outcome.AUDITED:
        return ""
    return f"{other.file} ({other.outcome.value.replace('_', ' ')}): {other.message}"


def _add_open(tally: Tally, number: int, opened: Mapping[str, Sequence[Sequence[str]]]) -> None:
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


def _add_unit(tally: Tally, number: int, name: str, activity: str, faults: Sequence[str]) -> None:
    """File a unit under its name; capitals and spaces do not tell two units apart."""
    folded = " ".join(name.casefold().split())
    if not folded:
        return
    unit = tally.units.setdefault((folded, activity), Unit(name=name))
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
