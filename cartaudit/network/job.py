"""One centre as a job: bytes in, bytes out, so that it runs on any machine without a shared disk."""

import json
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from cartaudit import __version__
from cartaudit.model.checklists import Catalogue
from cartaudit.model.submission import Rejected


class Outcome(StrEnum):
    """How a job ended. Every file handed in ends in exactly one of these."""

    AUDITED = "audited"
    REJECTED = "rejected"
    CRASHED = "crashed"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What all jobs of a run share. `content` is the packed checklist folder with overlays, see `pack_content`;
    `digest` names the setup, so that a worker keeps what it has already read."""

    digest: str
    version: str
    content: bytes
    overlays: tuple[str, ...]
    as_of: date
    as_of_is_today: bool
    selection: tuple[tuple[str, str | None], ...] | None
    formats: tuple[str, ...]
    detail: str = "full"
    audience: str = "centre"
    template_dir: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One workbook. `name` is its path as the user knows it."""

    name: str
    workbook: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a job: outcome, a message for people, a summary for the roll-up, and the files by format."""

    outcome: Outcome
    message: str = ""
    summary: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


def pack_content(folder: Path, overlays: tuple[Path, ...]) -> bytes:
    """Pack the files of a checklist folder (under `checklists/`) and overlays (under `overlays/`) for the pipes."""
    files = {f"checklists/{p.relative_to(folder).as_posix()}": p for p in sorted(folder.rglob("*")) if p.is_file()}
    files |= {f"overlays/{number}/{p.name}": p for number, p in enumerate(overlays)}
    texts = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
    return zlib.compress(json.dumps(texts, sort_keys=True).encode(), 6)


@lru_cache(maxsize=2)
def _catalogue(digest: str, content: bytes) -> Catalogue:
    from cartaudit.pipeline import load_catalogue

    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        for name, text in json.loads(zlib.decompress(content)).items():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return load_catalogue(root / "checklists", sorted((root / "overlays").glob("*/*")))


def run_job(setup: Setup, job: Job) -> Done:
    """Audit one workbook and render its reports. Raises only for a version mismatch or a bug."""
    from cartaudit.network.summary import summarise
    from cartaudit.pipeline import AuditOptions, audit_bytes, render

    if setup.version != __version__:
        raise RuntimeError(f"the driver runs cartaudit {setup.version}, this worker {__version__}; install the same")
    catalogue = _catalogue(setup.digest, setup.content)
    options = AuditOptions(as_of=setup.as_of, as_of_is_today=setup.as_of_is_today, selection=setup.selection)
    audit = audit_bytes(job.workbook, Path(job.name).name, catalogue, options)
    files = render(audit, catalogue, job.workbook, options, setup.formats, detail=setup.detail, audience=setup.audience)
    if isinstance(audit, Rejected):
        faults = "; ".join(str(p) for p in audit.problems[:3])
        return Done(outcome=Outcome.REJECTED, message=faults, summary=summarise(audit), files=files)
    return Done(outcome=Outcome.AUDITED, summary=summarise(audit), files=files)
