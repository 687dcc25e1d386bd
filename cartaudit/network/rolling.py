"""Writing the roll-up: in a process of its own, which reads the records one by one, and only when something changed."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cartaudit import __version__
from cartaudit.errors import RenderError
from cartaudit.files import write_atomically
from cartaudit.network.job import Done, Job, Outcome, Setup, unpack_catalogue
from cartaudit.network.slots import Child, Limits
from cartaudit.network.state import FOLDER, Record, read_record

NETWORK_FORMATS = ("json", "csv", "xlsx", "pdf")
"""In the order they are made: what the JSON of a large network takes for a moment is free again for the pages."""

_JOB = Limits(seconds=3600, function="cartaudit.network.rolling:roll_job")
_SIGNATURE, _SECRET = "rollup", "codes"


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """How a network is rolled up: see `roll_up`. `ranks` adds a table of centres in the order of open gates."""

    anonymise: bool = False
    systemic_share: float = 0.25
    ranks: bool = False


def write_roll_up(
    out: Path,
    content: Callable[[], bytes],
    as_of: date,
    options: RollUp,
    signature: str | None = None,
    on_begin: Callable[[], None] = lambda: None,
    template_dir: Path | None = None,
) -> bool:
    """Write the network's reports from the records of the centres that `batch.json` names; tell whether it was needed.

    `content` packs the catalogue, `template_dir` holds a house style. With a `signature` of all that was audited,
    nothing is done where the reports of just this signature are there; else `on_begin` is called first. Raises
    FileNotFoundError without `batch.json`, RenderError where the roll-up fails.
    """
    batch = hashlib.sha256((out / "batch.json").read_bytes()).hexdigest()
    mark = out / FOLDER / _SIGNATURE
    text = json.dumps([signature, batch, asdict(options), as_of.isoformat(), __version__])
    if signature is not None and _is_current(out, mark, text):
        return False
    on_begin()
    wish = {**asdict(options), "out": str(out), "secret": _secret(out) if options.anonymise else ""}
    setup = replace(_setup(content(), as_of), template_dir=str(template_dir.resolve()) if template_dir else "")
    child = Child(_JOB)
    try:
        done = child.run(setup, Job(name="roll-up", workbook=json.dumps(wish).encode()))
    finally:
        child.end()
    if done.outcome is not Outcome.AUDITED:
        fault = done.message.rstrip(".")
        raise RenderError(f"The network's report could not be made: {fault}. What was made of the sites is there.")
    mark.unlink(missing_ok=True)
    for form in NETWORK_FORMATS:
        _made(out, form).replace(out / f"network.{form}")
    sizes = {form: (out / f"network.{form}").stat().st_size for form in NETWORK_FORMATS}
    write_atomically(mark, json.dumps([text, sizes]).encode())
    return True


def _made(out: Path, form: str) -> Path:
    """Name the file a child leaves for the driver: all are made before the first takes the place of an old one."""
    return out / FOLDER / f".network.{form}.part"


def _is_current(out: Path, mark: Path, text: str) -> bool:
    try:
        signature, sizes = json.loads(mark.read_text(encoding="utf-8"))
        return bool(
            signature == text
            and all((out / f"network.{form}").stat().st_size == sizes[form] for form in NETWORK_FORMATS)
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _secret(out: Path) -> str:
    """Keep one secret for each output folder: codes stay the same, and nobody can try names to find one out."""
    path = out / FOLDER / _SECRET
    if not path.exists():
        write_atomically(path, secrets.token_hex(16).encode())
    return path.read_text(encoding="utf-8").strip()


def _setup(content: bytes, as_of: date) -> Setup:
    return Setup(
        digest="roll-up",
        version=__version__,
        content=content,
        as_of=as_of,
        as_of_is_today=False,
        selection=None,
        formats=NETWORK_FORMATS,
    )


def roll_job(setup: Setup, job: Job) -> Done:
    """Roll the records of a folder up and render the network's reports; runs in a worker child on the same machine.

    The reports are left as files, one after the other: what grows with the sites must not pass through the driver.
    """
    from cartaudit.network.rendering import RENDERERS, to_pdf
    from cartaudit.network.rollup import roll_up

    wish: dict[str, Any] = json.loads(job.workbook)
    out = Path(wish["out"])
    batch = json.loads((out / "batch.json").read_text(encoding="utf-8"))
    network = roll_up(
        _records(out, batch["sites"]),
        unpack_catalogue(setup.content),
        setup.as_of,
        systemic_share=wish["systemic_share"],
        secret=wish["secret"] if wish["anonymise"] else None,
        ranks=wish["ranks"],
        other_files=tuple(batch["other_files"]),
    )
    house = Path(setup.template_dir) if setup.template_dir else None
    for form in setup.formats:
        made = to_pdf(network, house) if form == "pdf" else RENDERERS[form](network)
        write_atomically(_made(out, form), made)
    return Done(outcome=Outcome.AUDITED)


def _records(out: Path, sites: list[dict[str, Any]]) -> Iterator[Record]:
    """Give the records of the sites that a run names; one whose record is gone is named as lost, never skipped."""
    for site in sites:
        record = read_record(out, site["name"])
        yield (
            record
            if record is not None
            else Record(
                key="",
                name=site["name"],
                file=site["file"],
                outcome=Outcome.CRASHED,
                message="the record of this site is gone; run the batch again",
                summary={},
                outputs={},
                sizes={},
            )
        )
