"""What a run remembers: one small record per centre, written after its files, so that a killed run is resumed."""

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cartaudit.errors import CartauditError
from cartaudit.files import write_atomically
from cartaudit.network.job import Done, Outcome

FOLDER = ".cartaudit"
_FINAL = (Outcome.AUDITED, Outcome.REJECTED)
_UNFINISHED = "unfinished"


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


def job_key(digest: str, file: str, sha256: str) -> str:
    """Hash all that decides the outputs of a job: setup, name and workbook. The setup's digest covers checklists,
    overlays, templates, options, audit date and version."""
    return hashlib.sha256("\n".join((digest, Path(file).name, sha256)).encode()).hexdigest()


@contextlib.contextmanager
def opened(out: Path) -> Iterator[None]:
    """Hold an output folder for one run and clear away what a killed run left half-written.

    Raises CartauditError when another run holds it, OSError when it cannot be written.
    """
    (out / FOLDER).mkdir(parents=True, exist_ok=True)
    with (out / FOLDER / "lock").open("w") as lock:
        _hold(lock.fileno(), out)
        for folder in (out, out / FOLDER):
            for left in folder.glob(".*.part"):
                left.unlink(missing_ok=True)
        yield


def _hold(handle: int, out: Path) -> None:
    """Take the lock, which the system gives back when this process ends, however it ends."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CartauditError(f"{out}: another run is writing here. Wait for it, or name another folder.") from error
    except OSError:
        return  # a file system without locks


def begin(out: Path, as_of: date) -> None:
    """Note the audit date of a run that starts today, until `end`: the same command goes on with it tomorrow."""
    write_atomically(out / FOLDER / _UNFINISHED, as_of.isoformat().encode())


def unfinished(out: Path) -> date | None:
    """Give the audit date of a run that was begun here and did not end."""
    try:
        return date.fromisoformat((out / FOLDER / _UNFINISHED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def end(out: Path) -> None:
    """Note that the run is complete."""
    (out / FOLDER / _UNFINISHED).unlink(missing_ok=True)


def read_record(out: Path, name: str) -> Record | None:
    """Read the record of a centre; None when there is none or it cannot be read."""
    return _read(out / FOLDER / f"{name}.json")


def record_names(out: Path) -> list[str]:
    """List the centres that have a record, also those of earlier runs."""
    return sorted(path.stem for path in (out / FOLDER).glob("*.json"))


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
    """Write the files of a job and then its record, each beside its target and renamed. Raises OSError.

    The old record goes first, so that no record ever speaks of files of two runs; files of the last run that this
    one does not write are removed, so that no report of other answers stays behind.
    """
    outputs = {form: f"{name}.{form}" for form in sorted(done.files)}
    old = read_record(out, name)
    (out / FOLDER / f"{name}.json").unlink(missing_ok=True)
    for form, path in outputs.items():
        write_atomically(out / path, done.files[form])
    for form in set(old.outputs) - set(outputs) if old is not None else ():
        if form.isalnum():
            (out / f"{name}.{form}").unlink(missing_ok=True)
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
    text = json.dumps(raw, sort_keys=True, separators=(",", ":"))
    write_atomically(out / FOLDER / f"{name}.json", text.encode())
    return record
