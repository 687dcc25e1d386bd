"""A whole run: set up, do every centre, and write what came of it."""

import contextlib
import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cartaudit import __version__
from cartaudit.errors import CartauditError, UnknownChecklistError
from cartaudit.files import write_atomically
from cartaudit.model.checklists import Catalogue
from cartaudit.network import state
from cartaudit.network.batch import Progress, Site, find_sites, largest_first, run_sites
from cartaudit.network.executors import (
    dask_executor,
    local_executor,
    start_children,
    start_workers_children,
    usable_cores,
    versions,
)
from cartaudit.network.house import house_digest, pack_house
from cartaudit.network.job import Outcome, Setup, pack_catalogue
from cartaudit.network.rolling import RollUp, write_roll_up
from cartaudit.network.slots import Limits
from cartaudit.network.state import Record
from cartaudit.pipeline import AuditOptions, load_catalogue
from cartaudit.report.rendering import template_hashes
from cartaudit.resources import data_folder

BATCH_FILE = "batch.json"
FORMAT_VERSION = 1

SENT_TOGETHER = 8
"""Jobs sent to a cluster at once where only JSON is asked for: an eighth of the messages, still under two seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a run is asked for. `folder` None means the packaged checklists, `jobs` 0 one slot for each core.

    `date_given` is false where the audit date is simply today's; an unfinished run then keeps its own date.
    """

    paths: tuple[Path, ...]
    out: Path
    options: AuditOptions
    date_given: bool = True
    formats: tuple[str, ...] = ("pdf", "json")
    folder: Path | None = None
    overlays: tuple[Path, ...] = ()
    detail: str = "full"
    audience: str = "centre"
    template_dir: Path | None = None
    jobs: int = 0
    scheduler: str = ""
    force: bool = False
    limits: Limits = Limits()
    roll_up: RollUp = RollUp()


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What a run is about to do, for whoever shows progress."""

    sites: int
    slots: int
    options: AuditOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended: outcomes by number, and the exit code of the command-line contract."""

    outcomes: Mapping[Outcome, int]
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What the driver keeps of a record; its memory must not grow with the summaries."""

    name: str
    key: str
    outcome: Outcome
    exit_code: int
    shown: Mapping[str, Any]


def content_hashes(folder: Path, overlays: Sequence[Path]) -> dict[str, str]:
    """Hash every file of a checklist folder, and overlays by their place, without reading their content as TOML."""
    paths = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    paths |= {f"overlay {number:04}: {p.name}": p for number, p in enumerate(overlays)}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in paths.items()}


def setup_digest(request: Request) -> str:
    """Hash all that decides the outputs of a site but its workbook."""
    options = request.options
    parts: dict[str, Any] = {
        "content": content_hashes(request.folder or data_folder("checklists"), request.overlays),
        "templates": template_hashes(None),
        "house": house_digest(pack_house(request.template_dir)),
        "as_of": options.as_of.isoformat(),
        "as_of_is_today": options.as_of_is_today,
        "selection": options.selection,
        "formats": sorted(request.formats),
        "detail": request.detail,
        "audience": request.audience,
        "versions": versions(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def make_setup(request: Request, catalogue: Catalogue, digest: str) -> Setup:
    """Pack what all jobs share. Raises UnknownChecklistError for a selection that the catalogue does not hold."""
    _refuse_unknown(catalogue, request.options)
    return Setup(
        digest=digest,
        version=__version__,
        content=pack_catalogue(catalogue),
        as_of=request.options.as_of,
        as_of_is_today=request.options.as_of_is_today,
        selection=request.options.selection,
        formats=tuple(sorted(request.formats)),
        detail=request.detail,
        audience=request.audience,
        house=pack_house(request.template_dir),
    )


def _refuse_unknown(catalogue: Catalogue, options: AuditOptions) -> None:
    for name, edition in options.selection or ():
        if name not in catalogue.checklists:
            known = ", ".join(catalogue.checklists)
            raise UnknownChecklistError(f"There is no checklist '{name}'. Known are: {known}.")
        editions = [e.edition for e in catalogue.checklists[name].editions]
        if edition is not None and edition not in editions:
            known = ", ".join(editions) or "none"
            raise UnknownChecklistError(
                f"There is no edition '{edition}' of the checklist '{name}'. Known are: {known}."
            )


def run_batch(
    request: Request,
    fail_on: str,
    on_start: Callable[[Started], None] = lambda _: None,
    on_done: Callable[[Progress], None] = lambda _: None,
    on_roll_up: Callable[[], None] = lambda: None,
) -> Ended:
    """Do every workbook and write reports, `batch.json` and the network's roll-up below the output folder.

    Checklists are read only when there is something to compute. Raises ChecklistError before any job is started,
    OSError when the output folder cannot be written, CartauditError when a scheduler or the folder cannot be used.
    """
    sites, other = find_sites(request.paths, request.out)
    _refuse_overwriting(sites, request.out)
    with state.opened(request.out):
        request = _dated(request)
        digest = setup_digest(request)

        @functools.cache
        def setup() -> Setup:
            catalogue = load_catalogue(request.folder, request.overlays)
            if setup_digest(request) != digest:
                raise CartauditError("The checklists changed while being read. Run the command again.")
            if request.template_dir is not None:
                _try_style(request.template_dir, catalogue, request.options.as_of)
            return make_setup(request, catalogue, digest)

        with _executor(request) as (executor, slots, start):
            on_start(Started(sites=len(sites), slots=slots, options=request.options))

            @functools.cache
            def begin() -> Setup:
                start()
                return setup()

            records = run_sites(
                largest_first(sites),
                request.out,
                digest,
                begin,
                executor,
                slots,
                request.limits,
                together=_together(request),
                far=bool(request.scheduler),
                force=request.force,
                on_done=on_done,
            )
            lines = sorted((_line(record, fail_on) for record in records), key=lambda line: line.name)
        _write_batch(request, lines, other)
        content = functools.cache(lambda: setup().content)
        signature = hashlib.sha256("\n".join(f"{x.name} {x.key} {x.outcome}" for x in lines).encode()).hexdigest()
        as_of, signed = request.options.as_of, f"{digest} {signature}"
        write_roll_up(request.out, content, as_of, request.roll_up, signed, on_roll_up, request.template_dir)
        state.end(request.out)
    return _ended(lines)


def _try_style(template_dir: Path, catalogue: Catalogue, as_of: date) -> None:
    """Refuse a faulty house style before it fails at every site; only then does the driver load what pages need."""
    from cartaudit.network.pages import check_style
    from cartaudit.network.rollup import roll_up

    check_style(roll_up((), catalogue, as_of), template_dir)


def _dated(request: Request) -> Request:
    """Keep the audit date of a run that was begun on another day and did not end, unless a date is given."""
    if request.date_given:
        return request
    begun = state.unfinished(request.out) or request.options.as_of
    state.begin(request.out, begun)
    return replace(request, options=replace(request.options, as_of=begun))


def _refuse_overwriting(sites: Sequence[Site], out: Path) -> None:
    target = out.resolve()
    for site in sites:
        if site.path.resolve().parent == target:
            raise CartauditError(
                f"{out} holds the workbook {site.file}, which is never written over. Name another folder after -o."
            )


def _ended(lines: Sequence[_Line]) -> Ended:
    outcomes = {o: sum(line.outcome is o for line in lines) for o in Outcome}
    unread = sum(n for o, n in outcomes.items() if o is not Outcome.AUDITED)
    return Ended(outcomes=outcomes, exit_code=3 if unread else max((x.exit_code for x in lines), default=1))


@contextlib.contextmanager
def _executor(request: Request) -> Iterator[tuple[Executor, int, Callable[[], None]]]:
    """Give where jobs run, how many at a time, and what starts the children there before the first job."""
    if request.scheduler:
        with dask_executor(request.scheduler) as (executor, slots, client):
            yield executor, slots, functools.partial(start_workers_children, client, request.limits)
        return
    slots = request.jobs or usable_cores()
    with local_executor(slots) as executor:
        yield executor, slots, functools.partial(start_children, request.limits, slots)


def _together(request: Request) -> int:
    """Send several jobs at once to a cluster where nothing is rendered: a job then takes little more than its way."""
    return SENT_TOGETHER if request.scheduler and set(request.formats) <= {"json"} else 1


def _line(record: Record, fail_on: str) -> _Line:
    shown = {
        "file": record.file,
        "outcome": record.outcome.value,
        "message": record.message,
        "readiness": {c["id"]: c["readiness"] for c in record.summary.get("checklists", ())},
        "outputs": dict(record.outputs),
    }
    code = int(record.summary.get("exit", {}).get(fail_on, 1))
    return _Line(name=record.name, key=record.key, outcome=record.outcome, exit_code=code, shown=shown)


def _write_batch(request: Request, lines: Sequence[_Line], other: Sequence[str]) -> None:
    names = [line.name for line in lines]
    document = {
        "format_version": FORMAT_VERSION,
        "tool": {"name": "cartaudit", "version": __version__},
        "as_of": request.options.as_of.isoformat(),
        "content": content_hashes(request.folder or data_folder("checklists"), request.overlays),
        "formats": sorted(request.formats),
        "sites": [{"name": line.name, **line.shown} for line in lines],
        "other_files": list(other),
        "left_from_earlier_runs": sorted(set(state.record_names(request.out)) - set(names)),
    }
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    write_atomically(request.out / BATCH_FILE, text.encode())
