"""Reading files that somebody else put there: regular ones only, so that no pipe or device is ever waited for."""

import hashlib
import os
import stat
from io import BufferedReader
from pathlib import Path

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class NotRegularError(OSError):
    """The path leads to something that is no regular file."""

    def __init__(self, path: Path) -> None:
        super().__init__(None, "it is no regular file", str(path))


def open_regular(path: Path, *, follow: bool = True) -> BufferedReader:
    """Open a regular file for reading; with `follow` false no link to one either. Raises OSError."""
    if not stat.S_ISREG(path.stat(follow_symlinks=follow).st_mode):
        raise NotRegularError(path)
    handle = os.open(path, _FLAGS | (0 if follow else getattr(os, "O_NOFOLLOW", 0)))
    if not stat.S_ISREG(os.fstat(handle).st_mode):  # it changed in between
        os.close(handle)
        raise NotRegularError(path)
    return os.fdopen(handle, "rb")


def digest_of(path: Path) -> str | None:
    """Give the SHA-256 of a regular file that is no link; None for all else, also for what cannot be read."""
    try:
        with open_regular(path, follow=False) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
