"""`batch.json`: what became of every place that was handed in, and which files are one site."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartaudit import __version__
from cartaudit.network import state
from cartaudit.network.counting import Handed, badness, handed_of, worst_verdicts
from cartaudit.network.finding import Other
from cartaudit.network.job import Outcome
from cartaudit.network.state import Record

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the driver keeps of a record; its memory must not grow with the summaries."""

    name: str
    file: str
    key: str
    outcome: Outcome
    exit_code: int
    handed: Handed
    badness: tuple[Any, ...]
    shown: Mapping[str, Any]


def line_of(record: Record, fail_on: str) -> Line:
    """Take from a record what `batch.json` says of it, and what the end of the run needs."""
    shown = {
        "file": record.file,
        "outcome": record.outcome.value,
        "message": record.message,
        "readiness": {c["id"]: c["readiness"] for c in record.summary.get("checklists", ())},
        "outputs": dict(record.outputs),
        "outputs_sha256": dict(record.hashes),
        "workbook_sha256": record.sha256,
    }
    return Line(
        name=record.name,
        file=record.file,
        key=record.key,
        outcome=record.outcome,
        exit_code=int(record.summary.get("exit", {}).get(fail_on, 1)),
        handed=handed_of(record),
        badness=badness(record),
        shown=shown,
    )


def write_batch_file(
    out: Path,
    head: Mapping[str, Any],
    lines: Sequence[Line],
    groups: Sequence[Sequence[str]],
    others: Sequence[Other],
    *,
    force: bool,
) -> tuple[str, ...]:
    """Write `batch.json`: what became of every place that was handed in. Gives what was set aside.

    `head` says how the run was asked for, `groups` are the names of sites by centre, see `counting.centres`.
    """
    by_name = {line.name: line for line in lines}
    deciders = {min((by_name[name] for name in group), key=lambda line: line.badness).name for group in groups}
    document = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "cartaudit", "version": __version__},
        **head,
        "sites": [{"name": line.name, **line.shown, "counted": line.name in deciders} for line in lines],
        "sites_counted": len(groups),
        "handed_in_twice": [_twice([by_name[name] for name in group]) for group in groups if len(group) > 1],
        "other_files": [other.file for other in others],
        "other_reasons": {other.file: other.why for other in others},
        "left_from_earlier_runs": sorted(set(state.record_names(out)) - by_name.keys()),
    }
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    return state.write_run(out, text.encode(), {line.name: line.key for line in lines}, force=force)


def _twice(lines: Sequence[Line]) -> dict[str, Any]:
    """Say of the files of one site why they are, and what counts of them."""
    same = len({line.handed.sha256 for line in lines}) == 1
    return {
        "files": [line.file for line in lines],
        "because": "same bytes" if same else "same site code",
        "readiness": worst_verdicts(line.shown["readiness"] for line in lines),
    }
