"""One centre as a job: bytes in, bytes out, so that it runs on any machine without a shared disk."""

import pickle
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cartaudit import __version__
from cartaudit.model.checklists import Catalogue
from cartaudit.model.submission import Rejected
from cartaudit.network.house import Packed

if TYPE_CHECKING:
    from cartaudit.assess import Engine
    from cartaudit.intake import IntakePlan


class Outcome(StrEnum):
    """How a job ended. Every file handed in ends in exactly one of these."""

    AUDITED = "audited"
    REJECTED = "rejected"
    CRASHED = "crashed"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What all jobs of a run share. `content` is the packed catalogue, see `pack_catalogue`; `digest` names the setup,
    so that a worker keeps what it has already unpacked. `house` is a packed house style, `template_dir` the folder in
    which it lies on the machine that does the job."""

    digest: str
    version: str
    content: bytes
    as_of: date
    as_of_is_today: bool
    selection: tuple[tuple[str, str | None], ...] | None
    formats: tuple[str, ...]
    detail: str = "full"
    audience: str = "centre"
    house: Packed = ()
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


def pack_catalogue(catalogue: Catalogue) -> bytes:
    """Pack a catalogue that was read and found sound, so that no worker has to read and lint it again."""
    return zlib.compress(pickle.dumps(catalogue, protocol=pickle.HIGHEST_PROTOCOL), 6)


@lru_cache(maxsize=2)
def unpack_catalogue(content: bytes) -> Catalogue:
    """Unpack what `pack_catalogue` packed; kept, because every job of a run asks for the same."""
    catalogue: Catalogue = pickle.loads(zlib.decompress(content))
    return catalogue


@lru_cache(maxsize=2)
def _engine(content: bytes, as_of: date) -> "Engine":
    """Keep the compiled criteria for the next job of the same run."""
    from cartaudit.assess import Engine

    return Engine(catalogue=unpack_catalogue(content), as_of=as_of)


@lru_cache(maxsize=2)
def _plan(content: bytes, as_of: date) -> "IntakePlan":
    """Keep what reading needs to know of the catalogue for the next job of the same run."""
    from cartaudit.intake import IntakePlan

    return IntakePlan(catalogue=unpack_catalogue(content), as_of=as_of)


def prepare() -> None:
    """Import what every job needs; a child does so before its first job comes, while the driver reads checklists."""
    import cartaudit.assess
    import cartaudit.network.summary
    import cartaudit.pipeline
    import cartaudit.report.json_report
    import cartaudit.workbook  # noqa: F401


def run_job(setup: Setup, job: Job) -> Done:
    """Audit one workbook and render its reports. Raises RuntimeError for a version mismatch, else only for a bug."""
    from cartaudit.network.summary import summarise
    from cartaudit.pipeline import AuditOptions, audit_bytes, render

    if setup.version != __version__:
        raise RuntimeError(f"the driver runs cartaudit {setup.version}, this worker {__version__}. Install the same.")
    catalogue = unpack_catalogue(setup.content)
    options = AuditOptions(as_of=setup.as_of, as_of_is_today=setup.as_of_is_today, selection=setup.selection)
    engine = _engine(setup.content, setup.as_of)
    plan = _plan(setup.content, setup.as_of)
    audit = audit_bytes(job.workbook, Path(job.name).name, catalogue, options, engine=engine, plan=plan)
    files = render(
        audit,
        catalogue,
        job.workbook,
        options,
        setup.formats,
        detail=setup.detail,
        audience=setup.audience,
        template_dir=Path(setup.template_dir) if setup.template_dir else None,
    )
    if isinstance(audit, Rejected):
        faults = "; ".join(str(p) for p in audit.problems[:3])
        return Done(outcome=Outcome.REJECTED, message=faults, summary=summarise(audit), files=files)
    return Done(outcome=Outcome.AUDITED, summary=summarise(audit), files=files)
