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
from cartaudit.criteria.editions import named_checklist, named_edition
from cartaudit.errors import CartauditError
from cartaudit.model.checklists import Catalogue
from cartaudit.network import state
from cartaudit.network.batch import Progress, largest_first, run_sites
from cartaudit.network.batch_file import Line, line_of, write_batch_file
from cartaudit.network.counting import centres
from cartaudit.network.executors import (
    dask_executor,
    local_executor,
    start_children,
    start_workers_children,
    usable_cores,
    versions,
)
from cartaudit.network.finding import find_sites
from cartaudit.network.house import house_digest, pack_house
from cartaudit.network.job import Outcome, Setup, pack_catalogue
from cartaudit.network.refusals import refuse_foreign, refuse_overwriting
from cartaudit.network.rolling import RollUp, write_roll_up
from cartaudit.network.slots import Limits
from cartaudit.pipeline import AuditOptions, load_catalogue
from cartaudit.report.rendering import template_hashes
from cartaudit.resources import data_folder

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
    """How a run ended: outcomes by number, and the exit code of the command-line contract.

    `not_audited` pairs files with what became of them, `twice` groups the files of one site, `set_aside` names files
    that were changed since a run wrote them, and were made again.
    """

    outcomes: Mapping[Outcome, int]
    exit_code: int
    not_audited: tuple[tuple[str, Outcome], ...] = ()
    twice: tuple[tuple[str, ...], ...] = ()
    set_aside: tuple[str, ...] = ()


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
        checklist = named_checklist(catalogue, name)
        if edition is not None:
            named_edition(checklist, edition)


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
    found = find_sites(request.paths, request.out)
    refuse_overwriting(request.paths, found, request.out)
    set_aside: list[str] = []

    def done(progress: Progress) -> None:
        set_aside.extend(progress.set_aside)
        on_done(progress)

    with state.opened(request.out):
        if not request.force:
            refuse_foreign(found, request.formats, request.out)
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
            on_start(Started(sites=len(found.sites), slots=slots, options=request.options))

            @functools.cache
            def begin() -> Setup:
                start()
                return setup()

            records = run_sites(
                largest_first(found.sites),
                request.out,
                digest,
                begin,
                executor,
                slots,
                request.limits,
                together=_together(request),
                far=bool(request.scheduler),
                force=request.force,
                on_done=done,
            )
            lines = sorted((line_of(record, fail_on) for record in records), key=lambda line: line.name)
        groups = centres(line.handed for line in lines)
        set_aside += write_batch_file(request.out, _head(request), lines, groups, found.others, force=request.force)
        content = functools.cache(lambda: setup().content)
        signature = hashlib.sha256("\n".join(f"{x.name} {x.key} {x.outcome}" for x in lines).encode()).hexdigest()
        set_aside += write_roll_up(
            request.out,
            content,
            request.options.as_of,
            request.roll_up,
            f"{digest} {signature}",
            on_roll_up,
            request.template_dir,
            force=request.force,
        )
        state.end(request.out)
    return _ended(lines, groups, set_aside)


def _try_style(template_dir: Path, catalogue: Catalogue, as_of: date) -> None:
    """Refuse a faulty house style before it fails at every site; only then does the driver load what pages need."""
    from cartaudit.network.pages import check_style
    from cartaudit.network.rollup import roll_up

    check_style(roll_up((), catalogue, as_of), template_dir)


def _dated(request: Request) -> Request:
    """Keep the audit date of a run that was begun on another day and did not end, unless a date is given."""
    begun = None if request.date_given else state.unfinished(request.out)
    as_of = begun or request.options.as_of
    state.begin(request.out, as_of, given=request.date_given)
    return replace(request, options=replace(request.options, as_of=as_of))


def _head(request: Request) -> dict[str, Any]:
    """Say in `batch.json` how the run was asked for."""
    return {
        "as_of": request.options.as_of.isoformat(),
        "content": content_hashes(request.folder or data_folder("checklists"), request.overlays),
        "formats": sorted(request.formats),
    }


def _ended(lines: Sequence[Line], groups: Sequence[Sequence[str]], set_aside: Sequence[str]) -> Ended:
    files = {line.name: line.file for line in lines}
    unread = tuple((line.file, line.outcome) for line in lines if line.outcome is not Outcome.AUDITED)
    return Ended(
        outcomes={o: sum(line.outcome is o for line in lines) for o in Outcome},
        exit_code=3 if unread else max((x.exit_code for x in lines), default=1),
        not_audited=unread,
        twice=tuple(tuple(files[name] for name in group) for group in groups if len(group) > 1),
        set_aside=tuple(set_aside),
    )


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
