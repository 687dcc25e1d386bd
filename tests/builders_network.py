"""What a batch is asked for, small enough for a test."""

from datetime import date
from pathlib import Path
from typing import Any

from cartaudit import __version__
from cartaudit.network.job import Setup

AS_OF = date(2026, 11, 22)


def make_setup(content: bytes = b"", version: str = __version__) -> Setup:
    return Setup(
        digest="d",
        version=version,
        content=content,
        as_of=AS_OF,
        as_of_is_today=False,
        selection=None,
        formats=("json",),
    )


def request_for(folder: Path, out: Path, **changes: Any) -> Any:
    from cartaudit.network.run import Request
    from cartaudit.pipeline import AuditOptions

    wanted = {
        "paths": (folder,),
        "out": out,
        "options": AuditOptions(as_of=AS_OF, as_of_is_today=date.today() == AS_OF),  # as the command line does
        "formats": ("json",),
        "jobs": 2,
    }
    return Request(**{**wanted, **changes})
