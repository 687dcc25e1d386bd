"""What a run remembers: one sealed record for each site, which names its files by SHA-256."""

import contextlib
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cartaudit.errors import CartauditError
from cartaudit.network.job import Done, Outcome
from cartaudit.network.placing import BATCH_FILE, FOLDER, RUN, put
from cartaudit.network.regular import digest_of, open_regular
from cartaudit.network.sealed import read_sealed, write_sealed
from cartaudit.pipeline import FORMATS

_FINAL = (Outcome.AUDITED, Outcome.REJECTED)
_UNFINISHED = "unfinished"
_HALF = re.compile(rf"\..+\.({'|'.join(FORMATS)})\.[a-z0-9_]+\.part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One site's outcome. `sha256` is that of its workbook; `outputs` maps each format to its path below the folder.

    `hashes` maps paths to SHA-256; `earlier` holds those of files that were to be replaced when this was written, and
    is empty once they are.
    """

    key: str
    name: str
    file: str
    sha256: str
    outcome: Outcome
    message: str
    summary: Mapping[str, Any]
    outputs: Mapping[str, str] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str, Sequence[str]] = field(default_factory=dict)


def job_key(digest: str, file: str, sha256: str) -> str:
    """Hash all that decides the outputs of a job: setup, name and workbook. The setup's digest covers checklists,
    overlays, templates, options, audit date and version."""
    return hashlib.sha256("\n".join((digest, Path(file).name, sha256)).encode()).hexdigest()


@contextlib.contextmanager
def opened(out: Path) -> Iterator[None]:
    """Hold an output folder for one run and clear away what a killed run left half-written.

    Raises CartauditError when another run holds it, or what is there is no folder of ours; OSError when it cannot be
    written.
    """
    out.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        (out / FOLDER).mkdir()
    if not stat.S_ISDIR((out / FOLDER).lstat().st_mode):
        raise CartauditError(f"{out / FOLDER} is not the folder a run keeps its records in. Move it away.")
    handle = _open_lock(out)
    try:
        _hold(handle, out)
        _clear(out)
        try:
            yield
        finally:  # an interruption may fall between the making of a half file and what removes it
            _clear(out)
    finally:
        os.close(handle)


def _open_lock(out: Path) -> int:
    """Open the lock without emptying or following what is there in its place."""
    path = out / FOLDER / "lock"
    safe = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | safe, 0o666)
    except OSError as error:
        raise CartauditError(f"{path}: {error.strerror or error}. Remove it; no run is going on here.") from error


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


def _clear(out: Path) -> None:
    half = [path for path in out.glob(".*.part") if _HALF.fullmatch(path.name)]
    for path in (*half, *(out / FOLDER).glob(".*.part")):
        if path.is_file() and not path.is_symlink():
            path.unlink(missing_ok=True)


def begin(out: Path, as_of: date, *, given: bool = False) -> None:
    """Note that a run was begun, until `end`, with its audit date and whether that was given or simply the day."""
    write_sealed(out / FOLDER / _UNFINISHED, {"as_of": as_of.isoformat(), "given": given})


def unfinished(out: Path) -> date | None:
    """Give the audit date of a run that was begun here on its own day and did not end: it is gone on with."""
    noted = read_sealed(out / FOLDER / _UNFINISHED) or {}
    try:
        return None if noted["given"] else date.fromisoformat(noted["as_of"])
    except (KeyError, TypeError, ValueError):
        return None


def end(out: Path) -> None:
    """Note that the run is complete."""
    (out / FOLDER / _UNFINISHED).unlink(missing_ok=True)


def record_path(out: Path, name: str) -> Path:
    """Name the record of a site."""
    return out / FOLDER / f"{name}.json"


def record_names(out: Path) -> list[str]:
    """List the sites that have a record, also those of earlier runs."""
    return sorted(path.stem for path in (out / FOLDER).glob("*.json"))


def read_record(out: Path, name: str) -> Record | None:
    """Read the record of a site; None when there is none, or it is not as a run left it."""
    content = read_sealed(record_path(out, name))
    try:
        record = Record(**{**(content or {}), "outcome": Outcome((content or {})["outcome"])})
    except (TypeError, KeyError, ValueError):
        return None
    return record if record.name == name and _are_own(record.hashes, record.outputs, name) else None


def read_record_of(out: Path, site: Mapping[str, Any], keys: Mapping[str, str]) -> Record | None:
    """Read the record that belongs to a line of `batch.json`; None where there is none, or it is another run's."""
    record = read_record(out, site["name"])
    own = record is not None and record.key == keys.get(site["name"]) and record.file == site["file"]
    return record if own else None


def _are_own(hashes: Mapping[str, str], outputs: Mapping[str, str], name: str) -> bool:
    """Tell whether a record speaks of files beside each other in the output folder, under the name of its site."""
    return set(outputs.values()) == set(hashes) and all(f"{name}.{form}" == path for form, path in outputs.items())


def is_current(out: Path, record: Record | None, key: str) -> bool:
    """Tell whether a record speaks of just these inputs, ended for good, and all its files are there as written."""
    if record is None or record.key != key or record.outcome not in _FINAL or record.earlier:
        return False
    return are_there(out, record.hashes)


def are_there(out: Path, hashes: Mapping[str, str]) -> bool:
    """Tell whether files are there, each with its SHA-256."""
    return all(digest_of(out / path) == sha256 for path, sha256 in hashes.items())


def write_done(
    out: Path, name: str, key: str, file: str, sha256: str, done: Done, *, force: bool = False
) -> tuple[Record, tuple[str, ...]]:
    """Write the record of a job and its files; gives also what was set aside, see `put`. Raises OSError."""
    outputs = {form: f"{name}.{form}" for form in sorted(done.files)}
    hashes = {path: hashlib.sha256(done.files[form]).hexdigest() for form, path in outputs.items()}
    record = Record(
        key=key,
        name=name,
        file=file,
        sha256=sha256,
        outcome=done.outcome,
        message=done.message,
        summary=done.summary,
        outputs=outputs,
        hashes=hashes,
    )
    content = {field: getattr(record, field) for field in Record.__slots__}
    made = {path: done.files[form] for form, path in outputs.items()}
    return record, put(out, record_path(out, name).name, content, made, force=force)


def is_unfinished(out: Path) -> bool:
    """Tell whether a run was begun here that did not end."""
    return os.path.lexists(out / FOLDER / _UNFINISHED)


def read_run(out: Path) -> tuple[dict[str, Any], Mapping[str, str]] | None:
    """Give `batch.json` and the keys of its sites; None where it is not as the last run left it.

    Raises OSError where there is none that could be read.
    """
    noted = read_sealed(out / FOLDER / RUN) or {}
    with open_regular(out / BATCH_FILE) as stream:
        data = stream.read()
    if noted.get("hashes") != {BATCH_FILE: hashlib.sha256(data).hexdigest()}:
        return None
    return json.loads(data), noted["keys"]


def write_run(out: Path, batch: bytes, keys: Mapping[str, str], *, force: bool = False) -> tuple[str, ...]:
    """Write `batch.json` with the keys of its sites beside it; gives what was set aside. Raises OSError."""
    hashes = {BATCH_FILE: hashlib.sha256(batch).hexdigest()}
    return put(out, RUN, {"hashes": hashes, "keys": dict(keys)}, {BATCH_FILE: batch}, force=force)
