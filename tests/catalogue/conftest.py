import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
BASE = FOLDER / "base"


@dataclass(frozen=True)
class Case:
    folder: Path
    overlays: tuple[Path, ...]
    expected: tuple[str, ...]
    warned: tuple[str, ...]


def prepare(case: Path, target: Path) -> Case:
    folder = target / "checklists"
    shutil.copytree(BASE, folder)
    head = _head(case)
    path = folder / head.get("append", head.get("replace", head.get("edit", ["."])))[0]
    if "edit" in head:
        text = path.read_text(encoding="utf-8")
        old, new = (head[key][0].replace("\\n", "\n") for key in ("old", "new"))
        assert text.count(old) == 1, f"{case.name}: the old text stands {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
    elif "append" in head:
        path.write_text(path.read_text(encoding="utf-8") + "\n" + case.read_text(encoding="utf-8"), encoding="utf-8")
    elif "replace" in head:
        path.parent.mkdir(exist_ok=True)
        shutil.copy(case, path)
    overlays = (case,) if "overlay" in head else ()
    return Case(folder, overlays, tuple(head.get("expect", ())), tuple(head.get("warn", ())))


def _head(case: Path) -> dict[str, list[str]]:
    head: dict[str, list[str]] = {}
    for line in case.read_text(encoding="utf-8").splitlines():
        if not line.startswith("# "):
            break
        key, _, value = line[2:].partition(":")
        head.setdefault(key, []).append(value.strip())
    return head


@pytest.fixture
def base(tmp_path):
    return Path(shutil.copytree(BASE, tmp_path / "base"))


@pytest.fixture
def prepared(tmp_path):
    return lambda case: prepare(case, tmp_path)
