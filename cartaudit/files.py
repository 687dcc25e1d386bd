"""Writing files: whole or not at all, never over what is read, and over nothing that is not ours; fixed archives."""

import io
import os
import re
import stat
import tempfile
import tomllib
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartaudit.errors import InputAsOutputError, OutputError
from cartaudit.model.text import visible

MOST_TOML_BYTES, MOST_TOML_LEVELS = 2_000_000, 60
_BRACKETS = re.compile(r"[\[\]{}]")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_LONGEST_NAME = 200
"""Bytes of a name that stands in that of its unfinished copy; file systems take 255 for the whole."""

_LONGEST_SUFFIX = 10

_OTHER_NAME = "Nothing was written. Choose another name."
_OR_FORCE = "Nothing was written. Choose another name, or add --force to replace it."
_STANDARD = "`-` is standard output."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What a command may write over. `inputs` are the files and folders it reads: none is written, whatever is asked.

    `why_kept` says of a file that is there why it is kept (`is ...`), and nothing of one that may be replaced: an
    output of ours as it was written. With `force` every other file may be, but no folder, link, device or pipe.
    """

    why_kept: Callable[[Path], str]
    inputs: Sequence[Path] = ()
    force: bool = False

    def check(self, targets: Collection[Path]) -> None:
        """Refuse all of some targets where one may not be written. Raises InputAsOutputError, OutputError."""
        for target in targets:
            with _as_output_error(target):
                self._refuse_input(target)
        _refuse_one_name(targets)
        for target in targets:
            with _as_output_error(target):
                self._refuse_kept(target)

    def write(self, files: Mapping[Path, bytes]) -> None:
        """Write some files, all or none: each beside its target first, and renamed when all are there.

        What is in the way is looked at once more, as a person may have worked in it meanwhile. Raises
        InputAsOutputError, OutputError.
        """
        self.check(files.keys())
        staged: dict[Path, Path] = {}
        try:
            for target, data in files.items():
                with _as_output_error(target):
                    staged[target] = _stage(target, data)
            self.check(files.keys())
            for target, beside in staged.items():
                with _as_output_error(target):
                    beside.replace(target)
        finally:
            for beside in staged.values():
                beside.unlink(missing_ok=True)

    def _refuse_input(self, target: Path) -> None:
        for path in self.inputs:
            if is_same_file(target, path):
                raise InputAsOutputError(f"{_shown(target)} is read here, and is never written. {_OTHER_NAME}")
            if path.is_dir() and self._is_read_in(path, target):
                raise InputAsOutputError(
                    f"{_shown(target)} belongs to the folder {_shown(path)}, which this command reads. {_OTHER_NAME}"
                )

    def _is_read_in(self, folder: Path, target: Path) -> bool:
        """Tell whether a target is a file of a folder that is read; our own outputs may lie there."""
        if not target.is_file():
            return False
        inside = (Path(place, name) for place, _, names in os.walk(folder) for name in names)
        return any(is_same_file(target, path) for path in inside) and bool(self._why_kept(target, target.stat()))

    def _refuse_kept(self, target: Path) -> None:
        try:
            found = target.lstat()
        except (FileNotFoundError, NotADirectoryError):
            _refuse_no_folder(target)
            return
        if stat.S_ISLNK(found.st_mode):
            raise OutputError(f"{_shown(target)} is a link. Nothing was written. Name a file itself; {_STANDARD}")
        if stat.S_ISDIR(found.st_mode):
            raise OutputError(f"{_shown(target)} is a folder. {_OTHER_NAME}")
        if not stat.S_ISREG(found.st_mode):
            raise OutputError(f"{_shown(target)} is a device or a pipe. Nothing was written. Name a file; {_STANDARD}")
        why = "" if self.force else self._why_kept(target, found)
        if why:
            raise OutputError(f"{_shown(target)} is there already and {why}. {_OR_FORCE}")

    def _why_kept(self, target: Path, found: os.stat_result) -> str:
        return self.why_kept(target) if found.st_mode & stat.S_IWUSR else "is write-protected"


def is_same_file(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file, by whatever links.

    Names beside each other that differ by capitals or by how accents are put together count as one, as they do on many
    file systems.
    """
    return _is_one(one, other) or (_folded(one.name) == _folded(other.name) and _is_one(one.parent, other.parent))


def _is_one(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _refuse_one_name(targets: Collection[Path]) -> None:
    seen: dict[tuple[Path, str], Path] = {}
    for target in targets:
        first = seen.setdefault((target.parent, _folded(target.name)), target)
        if first is not target:
            raise OutputError(f"Two outputs would be called {_shown(target)}. Nothing was written. Rename one of them.")


def _refuse_no_folder(target: Path) -> None:
    """Refuse a target below something that is there and is no folder."""
    nearest = next((folder for folder in target.parents if os.path.lexists(folder)), None)
    if nearest is not None and not nearest.is_dir():
        raise OutputError(
            f"{_shown(target)} cannot be written, because {_shown(nearest)} is not a folder. {_OTHER_NAME}"
        )


@contextmanager
def _as_output_error(target: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"{_shown(target)} could not be written: {reason}. Choose another place.") from error


def _shown(path: Path) -> str:
    return visible(str(path))


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML that somebody handed in. Raises TOMLDecodeError, also for what is too long or nested too deeply."""
    if len(text) > MOST_TOML_BYTES:
        raise tomllib.TOMLDecodeError(f"it has more than {MOST_TOML_BYTES} characters")
    level = 0
    for sign in _BRACKETS.findall(text):
        level = level + 1 if sign in "[{" else max(level - 1, 0)
        if level > MOST_TOML_LEVELS:
            raise tomllib.TOMLDecodeError(f"lists or tables stand more than {MOST_TOML_LEVELS} deep in each other")
    return tomllib.loads(text)


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside the target, sync, and rename; the target is whole or untouched. Raises OSError that names it."""
    beside = _stage(path, data)
    try:
        with _naming(path):
            beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _stage(path: Path, data: bytes) -> Path:
    """Write the unfinished copy of a file beside its place, with the permissions that the file will have."""
    with _naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{_short(path.name)}.", suffix=".part")
    beside = Path(name)
    try:
        with _naming(path):
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            beside.chmod(_permissions(path))
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _short(name: str) -> str:
    """Shorten a name that would be too long with what is put around it; its suffix stays."""
    raw = name.encode("utf-8", "ignore")
    if len(raw) <= _LONGEST_NAME:
        return name
    return raw[: _LONGEST_NAME // 2].decode("utf-8", "ignore") + Path(name).suffix[:_LONGEST_SUFFIX]


def _permissions(path: Path) -> int:
    """Give the permissions of the file that is replaced, else those of a new one."""
    with suppress(OSError):
        found = path.lstat()
        if stat.S_ISREG(found.st_mode):
            return stat.S_IMODE(found.st_mode) & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let an OSError name the file that was to be written, not its unfinished copy."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def rezip(data: bytes) -> bytes:
    """Give the same archive with fixed times and attributes, members in the order they stood."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            member = zipfile.ZipInfo(item.filename, _FIXED_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o600 << 16
            target.writestr(member, source.read(item.filename), compresslevel=6)
    return out.getvalue()
