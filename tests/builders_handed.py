"""Folders with every odd kind of place, as they are handed in, and what an ordinary user may see of them."""

import contextlib
import ctypes
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_NOBODY = 65534
_DROP, _DAC_OVERRIDE, _DAC_READ_SEARCH = 24, 1, 2


@contextlib.contextmanager
def ordinary_user() -> Iterator[Path]:
    """Give a folder of its own to a user whom permissions hold back, also where the tests run as root.

    It is cleared away by that user too, who could do no harm by a link that leads out of it.
    """
    folder = Path(tempfile.mkdtemp(prefix="handed-"))
    root = os.geteuid() == 0
    if root:
        os.chown(folder, _NOBODY, _NOBODY)
        os.seteuid(_NOBODY)
    try:
        yield folder
    finally:
        try:
            _open_all(folder)
            shutil.rmtree(folder)
        finally:
            if root:
                os.seteuid(0)


def _open_all(folder: Path) -> None:
    """Make every folder one's own again, from the top down; links are left alone."""
    folder.chmod(0o700)
    with os.scandir(folder) as entries:
        below = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    for path in below:
        _open_all(path)


def command_held_back(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a command of ours so that permissions hold it back, also where the tests run as root."""
    command = [sys.executable, "-m", "cartaudit", *arguments]
    drop = _give_up_the_rights_of_root if os.geteuid() == 0 else None
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=drop, timeout=120)


def _give_up_the_rights_of_root() -> None:
    """Stay root, who owns the interpreter, but without the right to pass permissions over."""
    libc = ctypes.CDLL(None, use_errno=True)
    for right in (_DAC_OVERRIDE, _DAC_READ_SEARCH):
        if libc.prctl(_DROP, right, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "a right of root cannot be given up")


def _workbook(path: Path) -> None:
    path.write_bytes(str(path).encode("utf-8", "surrogateescape"))


def _socket(path: Path) -> None:
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as made:  # an address is short
        made.bind("s")
    (path.parent / "s").rename(path)


def _closed(path: Path) -> None:
    path.mkdir()
    _workbook(path / "a.xlsx")
    path.chmod(0o000)


def _unsearchable(path: Path) -> None:
    path.mkdir()
    _workbook(path / "a.xlsx")
    (path / "n.txt").write_text("n")
    (path / "deep").mkdir()
    path.chmod(0o400)


def _hidden_folder(path: Path) -> None:
    path.mkdir()
    _workbook(path / "a.xlsx")


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target.replace("SELF", path.name))


KINDS: dict[str, tuple[str, Callable[[Path], object], int]] = {
    "workbook": ("{}.xlsx", _workbook, 1),
    "workbook in capitals": ("{}.XLSX", _workbook, 1),
    "old workbook": ("{}.xls", _workbook, 1),
    "closed workbook": ("{}.xlsx", lambda p: (_workbook(p), p.chmod(0o000)), 1),
    "text": ("{}.txt", _workbook, 1),
    "another PDF": ("{}.pdf", _workbook, 1),
    "hidden": (".{}.xlsx", _workbook, 1),
    "hidden folder": (".{}", _hidden_folder, 1),
    "lock": ("~${}.xlsx", _workbook, 1),
    "lock of LibreOffice": (".~lock.{}.xlsx#", _workbook, 1),
    "pipe": ("{}", os.mkfifo, 1),
    "pipe called a workbook": ("{}.xlsx", os.mkfifo, 1),
    "socket": ("{}.s", _socket, 1),
    "device": ("{}.xlsx", _link("/dev/zero"), 1),
    "link to nothing": ("{}.xlsx", _link("/nonexistent.xlsx"), 1),
    "link to no folder": ("{}", _link("/nonexistent"), 1),
    "link to itself": ("{}", _link("SELF"), 1),
    "link to where it lies": ("{}", _link("."), 1),
    "link up": ("{}", _link(".."), 1),
    "link to the top": ("{}", _link("/"), 1),
    "empty folder": ("{}", Path.mkdir, 1),
    "closed folder": ("{}", _closed, 1),
    "folder without search": ("{}", _unsearchable, 3),
}
"""Odd places: how they are called, how they are made, and how many places that is to who looks."""

NAMES = (
    "a", "A", "b", "é", "e\u0301", "-rf", "--force", "a b", "a\nb", "a\tb", "a\x1b[31mb", "ä" * 100, "x" * 200, "con",
    "network", "batch", "a\\b", "\udcff", "\\xff", "\u202ea", "\uffff", "a'b\"c", "$(id)", "=1+1", "a.json",
)  # fmt: skip
