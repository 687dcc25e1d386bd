"""Writing files so that a killed run leaves no half file, and archives so that two runs give the same bytes."""

import io
import os
import re
import tempfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

MOST_TOML_BYTES, MOST_TOML_LEVELS = 2_000_000, 60
_BRACKETS = re.compile(r"[\[\]{}]")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


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
    """Write beside the target, sync, and rename; the target is whole or untouched. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


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
