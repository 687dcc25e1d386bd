"""Putting files into an output folder: named in a record by SHA-256 before they are written, and nothing else lost."""

import json
import os
import stat
import zipfile
from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from cartaudit.files import write_atomically
from cartaudit.network.regular import digest_of, open_regular
from cartaudit.network.sealed import read_sealed, write_sealed
from cartaudit.pipeline import FORMATS
from cartaudit.report.seal import is_sealed

FOLDER = ".cartaudit"
"""The folder of records below an output folder."""

SET_ASIDE = "replaced"
"""Where a file goes that a run wrote and that was changed since, before it is made again."""

BATCH_FILE = "batch.json"
RUN, ROLL_UP = "run", "network"
"""The records of `batch.json` and of the network's reports; those of sites end with `.json`."""

_MOST = 512_000_000
"""Bytes of a file that are looked at to find out whether it is a report of ours; none comes near."""

_TYPED_INTO = frozenset({".xlsx", ".csv", ".md"})
"""Formats that people work in: one that was changed since is not even set aside, the run stops before it begins."""

_NONE: frozenset[str] = frozenset()


def put(
    out: Path, entry: str, content: Mapping[str, Any], made: Mapping[str, bytes | Path], *, force: bool = False
) -> tuple[str, ...]:
    """Write a record, then the files it names by SHA-256 in `hashes`, each beside its target and renamed.

    Written in this order, a killed run leaves a record whose files are not all there, and every file that is there
    stands in a record: those to be replaced in `earlier`, until they are. Files of the earlier record that this one
    does not name are removed, so that no report of other answers stays behind. A file that is not as it was written
    goes to `SET_ASIDE` instead of being lost, or with `force` is written over; the names of those set aside are given
    back. `made` holds bytes, or the path of a file that is moved. Raises OSError.
    """
    record, hashes = out / FOLDER / entry, content["hashes"]
    known = recorded(record)
    before = _possible(out, record) if known is None else known
    left = {name: sorted(before[name] - {hashes.get(name, "")}) for name in sorted(before)}
    earlier = {name: digests for name, digests in left.items() if digests or name not in hashes}
    write_sealed(record, {**content, "earlier": earlier})
    kept = [_place(out / name, data, hashes[name], before.get(name, _NONE), force=force) for name, data in made.items()]
    kept += [_remove(out / name, before[name]) for name in sorted(before.keys() - hashes.keys())]
    if earlier:
        write_sealed(record, {**content, "earlier": {}})
    return tuple(filter(None, kept))


def recorded(record: Path) -> dict[str, frozenset[str]] | None:
    """Give the files a record names with the SHA-256 each may have; None where there is no record to believe."""
    content = read_sealed(record)
    if content is None:
        return None
    known = {name: frozenset(digests) for name, digests in content.get("earlier", {}).items()}
    return known | {name: known.get(name, _NONE) | {sha256} for name, sha256 in content.get("hashes", {}).items()}


def _possible(out: Path, record: Path) -> dict[str, frozenset[str]]:
    """Give the files that a site's record may have named which cannot be believed any more, whatever they hold."""
    if record.suffix != ".json" or not os.path.lexists(record):
        return {}
    names = (f"{record.stem}.{form}" for form in FORMATS)
    return {name: _NONE for name in names if os.path.lexists(out / name)}


def _place(target: Path, data: bytes | Path, sha256: str, known: frozenset[str], *, force: bool) -> str:
    """Put a file in its place; gives the name under which what stood there was set aside, if it was."""
    there = digest_of(target)
    if there == sha256:
        if isinstance(data, Path):
            data.unlink()
        return ""
    kept = "" if force or ((there in known or _is_sealed(target)) and _may_be_replaced(target)) else _set_aside(target)
    if isinstance(data, Path):
        data.replace(target)
    else:
        write_atomically(target, data)
    return kept


def _may_be_replaced(target: Path) -> bool:
    """Tell whether somebody protected a file against writing, to keep it as it is."""
    return bool(target.lstat().st_mode & stat.S_IWUSR)


def _remove(target: Path, known: frozenset[str]) -> str:
    """Take away a file of an earlier record; one that is not as it was written is set aside."""
    if digest_of(target) not in known or not _may_be_replaced(target):
        return _set_aside(target)
    target.unlink()
    return ""


def _set_aside(target: Path) -> str:
    """Move what stands there to where nothing is lost, and give its new name below the folder; nothing for nothing."""
    if not os.path.lexists(target):
        return ""
    folder = target.parent / SET_ASIDE
    folder.mkdir(exist_ok=True)
    names = (f"{target.stem}{'' if number == 1 else f'-{number}'}{target.suffix}" for number in count(1))
    free = next(name for name in names if not os.path.lexists(folder / name))
    target.rename(folder / free)
    return f"{SET_ASIDE}/{free}"


def is_recorded(path: Path) -> bool:
    """Tell whether a file is as a run left it in its folder: whether its SHA-256 stands in the folder's records."""
    known = recorded(path.parent / FOLDER / _entry(path.name)) or {}
    return digest_of(path) in known.get(path.name, _NONE)


def in_the_way(out: Path, names: Iterable[str]) -> list[str]:
    """List the files of these names that no run here wrote, or that people worked in since: never written over.

    A report of ours that is as it was written says so itself, wherever it comes from.
    """
    there = [name for name in names if os.path.lexists(out / name)]
    return [name for name in there if not _was_written_here(out, name)] if there else []


def _was_written_here(out: Path, name: str) -> bool:
    record = out / FOLDER / _entry(name)
    known = recorded(record)
    if known is None:  # lost, or not to be believed: what stands there will be set aside unless it is made the same
        return os.path.lexists(record) or name in _named_by_run(out) or _is_sealed(out / name)
    if digest_of(out / name) in known.get(name, _NONE) or _is_sealed(out / name):
        return True
    return name in known and not _is_typed_into(out / name)


def _is_sealed(path: Path) -> bool:
    """Tell whether a file is a report of ours that nobody changed."""
    try:
        with open_regular(path, follow=False) as stream:
            return is_sealed(stream.read(_MOST))
    except OSError:
        return False


def _entry(name: str) -> str:
    """Name the record in which a file of the output folder would stand."""
    stem = Path(name).stem
    return {"batch": RUN, "network": ROLL_UP}.get(stem, f"{stem}.json")


def _named_by_run(out: Path) -> set[str]:
    """List the files that `batch.json` names, and its own and the network's where a record of either is left."""
    own = any(os.path.lexists(out / FOLDER / entry) for entry in (RUN, ROLL_UP))
    names = {BATCH_FILE, *(f"network.{form}" for form in FORMATS)} if own else set()
    try:
        with open_regular(out / BATCH_FILE, follow=False) as stream:
            return names.union(*[site["outputs"].values() for site in json.load(stream)["sites"]])
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return names


def _is_typed_into(path: Path) -> bool:
    """Tell whether a file that was changed is of a kind that people work in, and not just broken."""
    if path.suffix not in _TYPED_INTO or path.is_symlink() or not path.is_file():
        return False
    return path.suffix != ".xlsx" or zipfile.is_zipfile(path)
