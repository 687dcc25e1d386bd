"""Writing the roll-up: in a process of its own, which reads the records one by one, and only when something changed."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cartaudit import __version__
from cartaudit.errors import CartauditError, RenderError
from cartaudit.files import write_atomically
from cartaudit.network.counting import by_centre, centres, handed_of
from cartaudit.network.job import Done, Job, Outcome, Setup, unpack_catalogue
from cartaudit.network.placing import BATCH_FILE, FOLDER, ROLL_UP, put
from cartaudit.network.regular import digest_of
from cartaudit.network.sealed import read_sealed, write_sealed
from cartaudit.network.slots import Child, Limits
from cartaudit.network.state import Record, are_there, read_record_of, read_run

NETWORK_FORMATS = ("json", "csv", "xlsx", "pdf")
"""In the order they are made: what the JSON of a large network takes for a moment is free again for the pages."""

NETWORK_FILES = tuple(f"network.{form}" for form in NETWORK_FORMATS)

_JOB = Limits(seconds=3600, function="cartaudit.network.rolling:roll_job")
_SECRET = "codes"


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
    *,
    force: bool = False,
) -> tuple[str, ...]:
    """Write the network's reports from the records of the centres that `batch.json` names; gives what was set aside.

    `content` packs the catalogue, `template_dir` holds a house style. With a `signature` of all that was audited,
    nothing is done where the reports of just this signature are there; else `on_begin` is called first. Raises
    RenderError where the roll-up fails.
    """
    batch = hashlib.sha256((out / BATCH_FILE).read_bytes()).hexdigest()
    text = json.dumps([signature, batch, asdict(options), as_of.isoformat(), __version__])
    if signature is not None and _is_current(out, text):
        return ()
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
    made = {f"network.{form}": _made(out, form) for form in NETWORK_FORMATS}
    hashes = {name: digest_of(path) for name, path in made.items()}
    return put(out, ROLL_UP, {"of": text, "hashes": hashes}, made, force=force)


def _made(out: Path, form: str) -> Path:
    """Name the file a child leaves for the driver: all are made before the first takes the place of an old one."""
    return out / FOLDER / f".network.{form}.part"


def _is_current(out: Path, text: str) -> bool:
    noted = read_sealed(out / FOLDER / ROLL_UP) or {}
    return noted.get("of") == text and not noted.get("earlier") and are_there(out, noted.get("hashes", {}))


def _secret(out: Path) -> str:
    """Keep one secret for each output folder: codes stay the same, and nobody can try names to find one out."""
    path = out / FOLDER / _SECRET
    noted = read_sealed(path)
    if noted is None:
        noted = {"secret": secrets.token_hex(16)}
        write_sealed(path, noted)
    return str(noted["secret"])


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
    run = read_run(out)
    if run is None:
        raise CartauditError("batch.json is not as the run left it; run the batch again")
    batch, keys = run
    sites = {site["name"]: site for site in batch["sites"]}

    def read(name: str) -> Record:
        return read_record_of(out, sites[name], keys) or _lost(sites[name])

    network = roll_up(
        by_centre(centres(handed_of(read(name)) for name in sites), read),
        unpack_catalogue(setup.content),
        setup.as_of,
        systemic_share=wish["systemic_share"],
        secret=wish["secret"] if wish["anonymise"] else None,
        ranks=wish["ranks"],
        other_files=batch["other_reasons"],
    )
    house = Path(setup.template_dir) if setup.template_dir else None
    for form in setup.formats:
        made = to_pdf(network, house) if form == "pdf" else RENDERERS[form](network)
        write_atomically(_made(out, form), made)
    return Done(outcome=Outcome.AUDITED)


def _lost(site: Mapping[str, Any]) -> Record:
    """Stand in for a record that is gone or another run's: the site is named, never skipped."""
    return Record(
        key="",
        name=site["name"],
        file=site["file"],
        sha256="",
        outcome=Outcome.CRASHED,
        message="the record of this site is gone, or not that of the run; run the batch again",
        summary={},
    )
