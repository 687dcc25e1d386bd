"""Small documents that a run writes for the next one: sealed with their own SHA-256, and not believed without it."""

import hashlib
import json
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from cartaudit.files import write_atomically
from cartaudit.network.regular import open_regular

FORMAT = 2
_AT_MOST = 64_000_000
_SEAL = "seal"


def write_sealed(path: Path, content: Mapping[str, Any]) -> None:
    """Write a document beside its target and rename it. Raises OSError.

    A file that is replaced keeps its permissions; one that its owner may not read would never be read again.
    """
    with suppress(FileNotFoundError):
        if not path.lstat().st_mode & stat.S_IRUSR:
            path.unlink()
    write_atomically(path, seal(path.name, content))


def seal(name: str, content: Mapping[str, Any]) -> bytes:
    """Give the document of a name, which is part of what is sealed: one copied to another name is foreign there."""
    mark = {"format": FORMAT, "sha256": _digest(name, content)}
    return (json.dumps({_SEAL: mark, **content}, sort_keys=True, separators=(",", ":")) + "\n").encode()


def read_sealed(path: Path) -> dict[str, Any] | None:
    """Read a document back; None where there is none, or where it is not to the byte what was written for this name."""
    try:
        with open_regular(path, follow=False) as stream:
            data = stream.read(_AT_MOST)
        content: Any = json.loads(data)
        del content[_SEAL]
        return content if seal(path.name, content) == data else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _digest(name: str, content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{FORMAT}\n{name}\n{text}".encode()).hexdigest()
