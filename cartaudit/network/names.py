"""One name for the outputs of each file of a run, which no other file of the run has on any file system."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

_RESERVED = frozenset({"network", "batch"})
_LIMIT = 120
_DIGITS = (8, 16, 64)
_IOTA_BELOW = "\u0345"
_HASHED = re.compile(r"-[0-9a-f]{8,64}\Z")


def output_names(files: Iterable[str]) -> dict[str, str]:
    """Name the outputs of each file; `files` are the names the user knows them by, no two the same.

    A file keeps its own stem where no other has it. Else the stem is followed by a dash and digits of the SHA-256 of
    the whole name; a stem that looks so itself never stays as it is. So plain and hashed names cannot meet, plain ones
    differ by their stems, and hashed ones are given as many digits as it takes.
    """
    stems = {file: PurePosixPath(file).stem for file in files}
    times = Counter(map(folded, stems.values()))
    plain = {file: stem for file, stem in stems.items() if times[folded(stem)] == 1 and _may_stay(stem)}
    hashed: dict[str, str] = {}
    for digits in _DIGITS:
        hashed = {file: _hashed(file, stem, digits) for file, stem in stems.items() if file not in plain}
        if len({folded(name) for name in hashed.values()}) == len(hashed):
            break
    return plain | hashed


def folded(name: str) -> str:
    """Make names alike that some file system takes for one: other capitals, other ways to write a letter.

    Accents are left out: where a mark stands on a letter that has two capitals, no order of folding keeps it in place.
    """
    apart = unicodedata.normalize("NFKD", name).replace(_IOTA_BELOW, "ι")
    return "".join(c for c in unicodedata.normalize("NFKD", apart.upper().casefold()) if not unicodedata.combining(c))


def _may_stay(stem: str) -> bool:
    safe = stem.isprintable() and not stem.startswith(".") and len(stem.encode()) <= _LIMIT
    return bool(stem) and safe and folded(stem) not in _RESERVED and not _HASHED.search(folded(stem))


def _hashed(file: str, stem: str, digits: int) -> str:
    shown = "".join(c if c.isprintable() else "_" for c in stem).lstrip(".")
    short = shown.encode()[:_LIMIT].decode("utf-8", "ignore")
    return f"{short}-{hashlib.sha256(file.encode()).hexdigest()[:digits]}"
