import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders_network import make_setup, request_for

from cartaudit import __version__
from cartaudit.network.job import Setup, pack_catalogue
from cartaudit.network.slots import Limits
from cartaudit.pipeline import load_catalogue
from cartaudit.synthetic.network_sites import write_network


@pytest.fixture
def setup() -> Setup:
    return make_setup()


@pytest.fixture(scope="session")
def catalogue() -> Any:
    return load_catalogue()


@pytest.fixture(scope="session")
def real_setup(catalogue: Any) -> Setup:
    return make_setup(pack_catalogue(catalogue))


@pytest.fixture
def killer_limits(monkeypatch: pytest.MonkeyPatch) -> Limits:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return Limits(seconds=2, function="killer_jobs:run")


@pytest.fixture(scope="session")
def sites_folder(tmp_path_factory: pytest.TempPathFactory, catalogue: Any) -> Path:
    """Twelve synthetic sites with their truths; read only."""
    folder = tmp_path_factory.mktemp("sites")
    write_network(catalogue, folder, 12, 3, __version__)
    return folder


@pytest.fixture(scope="session")
def batch_out(tmp_path_factory: pytest.TempPathFactory, sites_folder: Path) -> Path:
    """The outputs of one undisturbed run over the synthetic sites; read only."""
    from cartaudit.network.run import run_batch

    out = tmp_path_factory.mktemp("run") / "out"
    run_batch(request_for(sites_folder, out), "major")
    return out


@pytest.fixture(scope="session")
def many_folder(tmp_path_factory: pytest.TempPathFactory, catalogue: Any) -> Path:
    """Sixty synthetic sites for full-size runs; read only."""
    folder = tmp_path_factory.mktemp("many")
    write_network(catalogue, folder, 60, 5, __version__)
    return folder


@pytest.fixture(scope="session")
def many_out(tmp_path_factory: pytest.TempPathFactory, many_folder: Path) -> Path:
    """The outputs of one undisturbed run over the sixty sites; read only."""
    from cartaudit.network.run import run_batch

    out = tmp_path_factory.mktemp("many_run") / "out"
    run_batch(request_for(many_folder, out), "major")
    return out


@pytest.fixture(scope="session")
def read_json() -> Callable[[Path], Any]:
    return lambda path: json.loads(path.read_text(encoding="utf-8"))
