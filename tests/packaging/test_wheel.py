import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ("checklists", "templates", "samples")


@pytest.fixture(scope="module")
def wheel_members(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    out = tmp_path_factory.mktemp("wheel")
    code = (
        "import sys; from hatchling.builders.wheel import WheelBuilder; "
        f"print(next(WheelBuilder({str(ROOT)!r}).build(directory={str(out)!r}, versions=['standard'])))"
    )
    built = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    with zipfile.ZipFile(built.stdout.strip().splitlines()[-1]) as wheel:
        return {name for name in wheel.namelist() if ".dist-info/" not in name}


def _tracked(folder: str) -> set[str]:
    listed = subprocess.run(["git", "ls-files", folder], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}


def test_wheel_holds_every_file_of_package_and_data_folders(wheel_members: set[str]) -> None:
    expected = _tracked("cartaudit")
    for folder in DATA:
        expected |= {f"cartaudit/{name}" for name in _tracked(folder)}
    assert expected <= wheel_members


def test_wheel_holds_nothing_but_the_package(wheel_members: set[str]) -> None:
    assert all(name.startswith("cartaudit/") for name in wheel_members)


def test_data_folders_hold_no_python() -> None:
    assert [p for folder in DATA for p in (ROOT / folder).rglob("*.py")] == []
