"""A centre that was handed in more than once counts once: which files are one centre, and what is counted of it.

The same bytes are one centre, and so are workbooks with the same site code. Of several files the worse counts, answer
by answer: the worse verdict of each checklist, every requirement that is open in one of them, every end.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cartaudit.model.audit import Assurance, Readiness
from cartaudit.model.text import folded
from cartaudit.network.job import Outcome
from cartaudit.network.state import Record

WORST_FIRST = (
    Readiness.NOT_READY,
    Readiness.INCOMPLETE,
    Readiness.OUT_OF_SCOPE,
    Readiness.CONDITIONAL,
    Readiness.READY,
)
"""Of two verdicts on one centre the earlier one counts: what one of its files cannot speak for is not ready."""

_FOUND_WORST_FIRST = ("NON_COMPLIANT", "PARTIAL", "NOT_ASSESSED")
_OUTCOMES = (Outcome.AUDITED, Outcome.CRASHED, Outcome.TIMED_OUT, Outcome.REJECTED)
_SAYS_NOTHING = frozenset({"na", "none", "no", "nil", "tbc", "tbd", "unknown", "code", "sitecode", "xxx", "tofollow"})
"""What people write where there is no code, letters and digits only: sites do not become one by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What tells whether files speak of one centre: the SHA-256 of a file and the code its centre states."""

    name: str
    sha256: str
    code: str


def handed_of(record: Record) -> Handed:
    """Take from a record what tells which centre it speaks of."""
    code = str(record.summary.get("site", {}).get("code", ""))
    return Handed(name=record.name, sha256=record.sha256, code=folded_code(code))


def folded_code(code: str) -> str:
    """Fold a site code: capitals, widths of letters and spaces do not tell two apart; empty where it says nothing."""
    name = folded(code)
    said = "".join(c for c in name if c.isalnum())
    return "" if not said.strip("x") or said in _SAYS_NOTHING else name


def centres(handed: Iterable[Handed]) -> list[tuple[str, ...]]:
    """Group names by centre, each group and the list of them in order of names.

    Files are of one centre where they have the same bytes or the same code, directly or through others.
    """
    files = sorted(handed, key=lambda h: h.name)
    group = {h.name: [h.name] for h in files}
    first: dict[tuple[str, str], str] = {}
    for one in files:
        for mark in (("bytes", one.sha256), ("code", one.code)):
            if mark[1]:
                _join(group, first.setdefault(mark, one.name), one.name)
    return sorted({tuple(sorted(names)) for names in group.values()})


def _join(group: dict[str, list[str]], one: str, other: str) -> None:
    into, added = group[one], group[other]
    if into is not added:
        into.extend(added)
        group.update(dict.fromkeys(added, into))


def by_centre(groups: Iterable[Sequence[str]], read: Callable[[str], Record]) -> Iterator[tuple[Record, ...]]:
    """Read the records of each centre, and put the one that counts first, see `decider_first`."""
    for names in groups:
        yield decider_first([read(name) for name in names])


def decider_first(records: Sequence[Record]) -> tuple[Record, ...]:
    """Order the records of a centre by how bad they are; one that could not be audited decides nothing."""
    return tuple(sorted(records, key=badness))


def badness(record: Record) -> tuple[Any, ...]:
    """Give a key by which the worst of the files of a centre comes first."""
    verdicts = sorted(worst_rank(c["readiness"]) for c in record.summary.get("checklists", ()))
    open_ = sum(len(items) for items in record.summary.get("open", {}).values())
    return _OUTCOMES.index(record.outcome), verdicts[:1], -open_, record.name


def worst_rank(readiness: str) -> int:
    """Place a verdict in `WORST_FIRST`."""
    return WORST_FIRST.index(Readiness(readiness))


def worst_verdicts(verdicts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Give the worse verdict of each checklist that any of the files was judged by."""
    worst: dict[str, str] = {}
    for one in verdicts:
        for checklist, readiness in one.items():
            worst[checklist] = min(worst.get(checklist, readiness), readiness, key=worst_rank)
    return worst


def counted(records: Sequence[Record]) -> Record:
    """Make one record of those of a centre, the decider first: its own, with whatever is worse in the others."""
    audited = [r.summary for r in records if r.outcome is Outcome.AUDITED]
    if len(audited) < 2:
        return records[0]
    first = audited[0]
    summary = {
        **first,
        "site": {
            **first["site"],
            "products": _union(s["site"]["products"] for s in audited),
            "assessed_on": _age(audited),
        },
        "assurance": min((s["assurance"] for s in audited), key=list(Assurance).index),
        "checklists": _checklists(audited),
        "asked": _union(s["asked"] for s in audited),
        "open": _open(audited),
        "areas": _areas(audited),
        "units": _units(audited),
        "expiries": _union(tuple(map(tuple, s["expiries"])) for s in audited),
    }
    return replace(records[0], summary=summary)


def _union(lists: Iterable[Iterable[Any]]) -> list[Any]:
    return sorted(set[Any]().union(*lists))


def _age(summaries: Sequence[Mapping[str, Any]]) -> str:
    """Give the oldest day of self-assessment; where one of the files states none, none is known."""
    return min(str(s["site"]["assessed_on"]) for s in summaries)


def _checklists(summaries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    worst: dict[str, Mapping[str, Any]] = {}
    for item in (c for s in summaries for c in s["checklists"]):
        known = worst.setdefault(item["id"], item)
        worst[item["id"]] = min(known, item, key=_worst_checklist)
    return list(worst.values())


def _worst_checklist(item: Mapping[str, Any]) -> tuple[int, bool]:
    """Of equal verdicts the one counts that an overlay made better."""
    return worst_rank(item["readiness"]), not item.get("without_overlays")


def _open(summaries: Sequence[Mapping[str, Any]]) -> dict[str, list[list[str]]]:
    """Give by checklist every requirement that is open in one of the files, as it is worst."""
    found: dict[str, dict[str, list[str]]] = {}
    for checklist, items in (pair for s in summaries for pair in s["open"].items()):
        here = found.setdefault(checklist, {})
        for item in items:
            known = here.setdefault(item[0], item)
            if _FOUND_WORST_FIRST.index(item[1]) < _FOUND_WORST_FIRST.index(known[1]):
                here[item[0]] = item
    return {checklist: list(items.values()) for checklist, items in found.items()}


def _areas(summaries: Sequence[Mapping[str, Any]]) -> dict[str, list[float]]:
    areas: dict[str, list[float]] = {}
    for area, (low, high) in (pair for s in summaries for pair in s["areas"].items()):
        known = areas.get(area, [low, high])
        areas[area] = [min(known[0], low), min(known[1], high)]
    return areas


def _units(summaries: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    faults: dict[tuple[str, str, str], set[str]] = {}
    for run_by, activity, unit, failed in (u for s in summaries for u in s["units"]):
        faults.setdefault((run_by, activity, unit), set()).update(failed)
    return [[*unit, sorted(failed)] for unit, failed in sorted(faults.items())]
