"""Where the data folders are: packaged beside the code, or at the root of a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """Find `checklists`, `templates` or `samples`: the packaged folder first, then the repository root."""
    packaged = _PACKAGE / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name
