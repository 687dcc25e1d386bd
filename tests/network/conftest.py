from datetime import date
from pathlib import Path

import pytest

from cartaudit import __version__
from cartaudit.network.job import Setup
from cartaudit.network.slots import Limits


@pytest.fixture
def setup() -> Setup:
    return Setup(
        digest="d",
        version=__version__,
        content=b"",
        overlays=(),
        as_of=date(2026, 11, 22),
        as_of_is_today=False,
        selection=None,
        formats=("json",),
    )


@pytest.fixture
def killer_limits(monkeypatch: pytest.MonkeyPatch) -> Limits:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return Limits(seconds=2, function="killer_jobs:run")
