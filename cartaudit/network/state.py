"""What a run remembers: one small record per centre, written after its files, so that a killed run is resumed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartaudit.files import write_atomically
from cartaudit.network.job import Done, Job, Outcome, Setup

FOLDER = ".cartaudit"
_FINAL = (Outcome.AUDITED, Outcome.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One centre's outcome. `outputs` maps each format to its path below the output folder."""

    key: str
    name: str
    file: str
    outcome: Outcome
    message: str
    summary: Mapping[str, Any]
    outputs: Mapping[str, str]
    sizes: Mapping[str, int]


def job_key(setup: Setup, job: Job) -> str:
    """Hash all that decides the outputs of a job: workbook, name, checklists, overlays, templates, options, version."""
    parts = (setup.digest, setup.version, Path(job.name).name, hashlib.sha256(job.workbook).hexdigest())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def read_record(out: Path, name: str) -> Record | None:
    """Read the record of a centre; None when there is none or it cannot be read."""
    return _read(out / FOLDER / f"{name}.json")


def read_records(out: Path) -> Iterator[Record]:
    """Read all records of an output folder in the order of their names, one at a time."""
    for path in sorted((out / FOLDER).glob("*.json")):
        record = _read(path)
        if record is not None:
            yield record


def _read(path: Path) -> Record | None:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return Record(**{**raw, "outcome": Outcome(raw["outcome"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def is_current(out: Path, record: Record | None, key: str) -> bool:
    """Tell whether a record speaks of just these inputs, ended for good, and all its files are there and whole."""
    if record is None or record.key != key or record.outcome not in _FINAL:
        return False
    return all(
        (out / path).is_file() and (out / path).stat().st_size == record.sizes[form]
        for form, path in record.outputs.items()
    )


def write_done(out: Path, name: str, key: str, job_name: str, done: Done) -> Record:
    """Write the files of a job and then its record, each beside its target and renamed. Raises OSError."""
    outputs = {form: f"{name}.{form}" for form in sorted(done.files)}
    for form, path in outputs.items():
        write_atomically(out / path, done.files[form])
    record = Record(
        key=key,
        name=name,
        file=job_name,
        outcome=done.outcome,
        message=done.message,
        summary=done.summary,
        outputs=outputs,
        sizes={form: len(data) for form, data in done.files.items()},
    )
    raw = {field: getattr(record, field) for field in Record.__slots__}
    text = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    write_atomically(out / FOLDER / f"{name}.json", text.encode())
    return record
