"""A house style on its way to the workers: packed into the setup, unpacked beside the children that render with it."""

import atexit
import hashlib
import shutil
import tempfile
import threading
from pathlib import Path

Packed = tuple[tuple[str, bytes], ...]
"""The files of a folder: path below it, with slashes, and content."""

_unpacked: dict[Packed, Path] = {}
_lock = threading.Lock()


def pack_house(folder: Path | None) -> Packed:
    """Read the files of a house style, hidden ones left out; nothing for None. Raises OSError."""
    if folder is None:
        return ()
    found = ((path.relative_to(folder), path) for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple((name.as_posix(), path.read_bytes()) for name, path in found if not name.name.startswith("."))


def house_digest(house: Packed) -> str:
    """Hash names and contents; empty without a house style."""
    sums = (f"{name}\0{hashlib.sha256(data).hexdigest()}\n" for name, data in house)
    return hashlib.sha256("".join(sums).encode()).hexdigest() if house else ""


def unpack_house(house: Packed) -> Path | None:
    """Give the folder that holds these files on this machine; written once a process, and removed with it.

    The process that drives children does so, as they are killed and could not clear away. Raises OSError.
    """
    if not house:
        return None
    with _lock:
        folder = _unpacked.get(house)
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="cartaudit-house-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            for name, data in house:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(data)
            _unpacked[house] = folder
        return folder
