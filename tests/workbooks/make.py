"""Write should_fail (one fault per file) and should_pass (the same answers in other looks); same bytes on every run."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from builders_faults import FAULTS  # noqa: E402 - the builders lie one folder up
from builders_intake import filled_book, save  # noqa: E402
from builders_looks import CHANGES, FORMS  # noqa: E402


def empty(name: str) -> Path:
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return folder


def write_passing() -> None:
    folder = empty("should_pass")
    for change in CHANGES:
        book = filled_book()
        change(book)
        (folder / f"{change.__name__}.xlsx").write_bytes(save(book))
    for form in FORMS:
        (folder / f"{form.__name__}.xlsx").write_bytes(form(save(filled_book())))


def write_failing() -> None:
    folder = empty("should_fail")
    expected = {}
    for fault in FAULTS:
        (folder / fault.file).write_bytes(fault.data())
        expected[fault.file] = [fault.code, fault.place, fault.handed_in_as or fault.file]
    (folder / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write_passing()
    write_failing()
