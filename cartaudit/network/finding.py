"""What was handed in: every place below the folders, each either a site of the run or named with the reason why not."""

import errno
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cartaudit.network.names import output_names
from cartaudit.network.placing import SET_ASIDE
from cartaudit.network.regular import open_regular
from cartaudit.workbook.reading.own import own_pdf

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods", ".csv"})
"""What counts as a workbook in a folder; those that cannot be read are rejected by name, never skipped."""

_LOCKS = ("~$", ".~lock.")
_PDF_LIMIT = 64_000_000
_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One file of the run: its path, the name the user knows it by, and the stem of its outputs.

    `fault` says why it cannot be looked at, where a workbook may be and nothing can be read: it is rejected unread.
    """

    path: Path
    file: str
    name: str
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A place that is no site, and why: `notes.txt`, "no workbook by its name"."""

    file: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that was found. `met_output` says that the output folder lies among it; what is in there is not listed."""

    sites: tuple[Site, ...]
    others: tuple[Other, ...]
    met_output: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Something on the way: `real` is where it leads; a `fault` makes it a rejected site, a `why` no site at all."""

    path: Path
    shown: str
    real: str = ""
    link: bool = False
    fault: str = ""
    why: str = ""


def find_sites(paths: Sequence[Path], out: Path | None = None) -> Found:
    """Find the workbooks in files and folders, links followed, sorted by name.

    A folder or file that is reached twice counts where it is reached without a link, and is named where it is reached
    again. What may hold a site and cannot be looked at (a closed folder, a link that leads nowhere, a pipe called
    `a.xlsx`) is a site with a fault. What lies in the output folder `out` is not looked at.
    """
    walk = _Walk(out=str(_real(out)) if out is not None else "")
    several = sum(map(_is_folder, paths)) > 1
    for path in paths:
        walk.begin(path, several=several)
    walk.follow_links()
    return _sorted_out(walk)


def _sorted_out(walk: "_Walk") -> Found:
    first: dict[str, _Place] = {}
    for place in sorted(walk.files, key=lambda p: (p.link, p.shown)):
        first.setdefault(place.real, place)
    places = [p for p in walk.files if first[p.real] is p] + walk.unread
    again = [(p, f"the same file as {first[p.real].shown}") for p in walk.files if first[p.real] is not p]
    others = [(p, p.why) for p in walk.others] + again
    all_ = [*places, *(p for p, _ in others)]
    times = Counter(p.shown for p in all_)
    known = {p: p.shown if times[p.shown] == 1 else _shown(str(p.path.absolute())) for p in all_}
    names = output_names(known[p] for p in places)
    sites = [Site(path=p.path, file=known[p], name=names[known[p]], fault=p.fault) for p in places]
    return Found(
        sites=tuple(sorted(sites, key=lambda s: (s.name, s.file))),
        others=tuple(sorted((Other(file=known[p], why=why) for p, why in others), key=lambda o: o.file)),
        met_output=walk.met_output,
    )


@dataclass(slots=True, kw_only=True)
class _Walk:
    """What was met so far. `folders` maps where a folder really lies to the name it is known by."""

    out: str
    files: list[_Place] = field(default_factory=list)
    unread: list[_Place] = field(default_factory=list)
    others: list[_Place] = field(default_factory=list)
    links: list[_Place] = field(default_factory=list)
    folders: dict[str, str] = field(default_factory=dict)
    entries: set[str] = field(default_factory=set)
    met_output: bool = False

    def begin(self, path: Path, *, several: bool) -> None:
        """Look at one path that was handed in."""
        whole = Path(os.path.abspath(path))  # noqa: PTH100 - a link stays a link, `..` does not stay
        entry = str(_real(whole.parent) / whole.name)
        if entry in self.entries:
            return
        self.entries.add(entry)
        real, link = _real(path), _told(path.is_symlink)
        if not _is_folder(path):
            self._file(_Place(path=path, shown=_shown(whole.name), real=str(real), link=link), named=True)
            return
        shown = f"{_shown(real.name)}/"
        place = _Place(path=path, shown=shown, real=str(real), link=link)
        if self._is_new(place):
            self._descend(place, shown if several else "")

    def follow_links(self) -> None:
        """Follow the links to folders, after all folders that are reached without one."""
        while self.links:
            links, self.links = sorted(self.links, key=lambda p: p.shown), []
            for place in links:
                if self._leads_on(place):
                    self._descend(place, place.shown)

    def _leads_on(self, place: _Place) -> bool:
        """Tell whether a link leads to a folder that was not looked at; else it is named."""
        here = str(_real(place.path.parent))
        if self.out and _lies_in(place.real, self.out):
            self._leave(place, "a link to the output folder")
            return False
        if place.real != here and _lies_in(here, place.real) and place.real not in self.folders:
            self._leave(place, "a link up to a folder that holds this one, which is not followed")
            return False
        return self._is_new(place)

    def _is_new(self, place: _Place) -> bool:
        known = self.folders.get(place.real)
        if known is None:
            self.folders[place.real] = place.shown
        else:
            self._leave(place, f"the same folder as {known}")
        return known is None

    def _descend(self, start: _Place, prefix: str) -> None:
        """Look at a folder and at all below it that is reached without a link."""
        waiting = [(start, prefix)]
        while waiting:
            folder, prefix = waiting.pop()
            for entry in self._entries(folder):
                place = self._met(folder, entry, prefix)
                if place is not None:
                    waiting.append((place, place.shown))

    def _entries(self, folder: _Place) -> list[os.DirEntry[str]]:
        found: list[os.DirEntry[str]] = []
        try:
            with os.scandir(folder.path) as entries:
                found.extend(entries)
        except OSError as error:
            self._refuse(folder, f"The folder could not be read ({_why(error)}). Check that it may be read.")
        else:
            if not found:
                self._leave(folder, "an empty folder")
        return found

    def _met(self, folder: _Place, entry: os.DirEntry[str], prefix: str) -> _Place | None:
        """Sort one entry of a folder; gives it back where it is a folder to look at."""
        real = str(Path(folder.real) / entry.name)
        if real in self.entries:
            return None
        self.entries.add(real)
        link, folder_itself = _told(entry.is_symlink), _told(lambda: entry.is_dir(follow_symlinks=False))
        place = _Place(path=Path(entry.path), shown=prefix + _shown(entry.name), real=real, link=link)
        if entry.name.startswith(_LOCKS):
            self._leave(place, "the lock file of a workbook that is open")
            return None
        if entry.name.startswith("."):
            self._leave(_as_folder(place) if folder_itself else place, "hidden")
            return None
        if place.link:
            self._link(place)
            return None
        if not folder_itself:
            self._file(place)
            return None
        if real == self.out:
            self.met_output = True
            return None
        place = _as_folder(place)
        return place if self._is_new(place) else None

    def _link(self, place: _Place) -> None:
        place = _Place(path=place.path, shown=place.shown, real=str(_real(place.path)), link=True)
        if _is_folder(place.path):
            self.links.append(_as_folder(place))
        else:
            self._file(place)

    def _file(self, place: _Place, *, named: bool = False) -> None:
        """Sort what is no folder; with `named` it was handed in by itself and is taken for a workbook."""
        suffix = place.path.suffix.lower()
        meant = named or suffix in SUFFIXES
        try:
            mode = place.path.stat().st_mode
        except OSError as error:
            if meant or place.link:  # such a link may be meant for a folder
                self._refuse(place, _lost(error, link=place.link))
                return
            mode = 0
        kind = next((words for test, words in _KINDS if test(mode)), "")
        if kind and meant:
            self._refuse(place, f"It is {kind}, which is never opened. Hand in a file.")
        elif not kind and (meant or (suffix == ".pdf" and _is_report(place.path))):
            self.files.append(place)
        else:
            self._leave(place, kind or "no workbook by its name")

    def _leave(self, place: _Place, why: str) -> None:
        self.others.append(_Place(path=place.path, shown=place.shown, why=why))

    def _refuse(self, place: _Place, fault: str) -> None:
        self.unread.append(_Place(path=place.path, shown=place.shown, fault=fault))


def _as_folder(place: _Place) -> _Place:
    return _Place(path=place.path, shown=f"{place.shown}/", real=place.real, link=place.link)


def _real(path: Path) -> Path:
    """Follow every link in a path, as far as it leads; a circle of links is no error here."""
    return Path(os.path.realpath(path))


def _is_folder(path: Path) -> bool:
    return _told(lambda: stat.S_ISDIR(path.stat().st_mode))


def _told(question: Callable[[], bool]) -> bool:
    """Ask what a place is; one that cannot be looked at is neither link nor folder as far as is known."""
    try:
        return question()
    except OSError:
        return False


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _lost(error: OSError, *, link: bool) -> str:
    if link and error.errno == errno.ENOENT:
        return "The link leads nowhere. Hand in the file or folder it is meant to lead to."
    if link and error.errno == errno.ELOOP:
        return "The link leads back to itself. Hand in the file or folder it is meant to lead to."
    return f"It could not be looked at ({_why(error)}). Check that it is there and may be read."


def _why(error: OSError) -> str:
    return error.strerror or str(error)


def _is_report(path: Path) -> bool:
    """Tell whether a PDF is a report of ours; another one is a document beside the workbooks, as centres send them."""
    try:
        with open_regular(path) as stream:
            return own_pdf(stream.read(_PDF_LIMIT)) is not None
    except OSError:
        return False


def _shown(name: str) -> str:
    """Make a file name text where it is none on this system; no two names come out the same."""
    doubled = name.replace("\\", "\\\\") if os.sep == "/" else name.replace("\\", "/")
    return doubled.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def workbooks_in(folder: Path) -> Iterator[Path]:
    """List what counts as a workbook below an output folder, hidden ones and those set aside there left out."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != SET_ASIDE)
        yield from (Path(place) / f for f in sorted(files) if Path(f).suffix.lower() in SUFFIXES and f[0] not in ".~")
