"""Write the workbooks of should_fail: one fault per file, the same bytes on every run."""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from builders_faults import FAULTS  # noqa: E402 - the builders lie one folder up


def main() -> None:
    folder = HERE / "should_fail"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    expected = {}
    for fault in FAULTS:
        (folder / fault.file).write_bytes(fault.data())
        expected[fault.file] = [fault.code, fault.place]
    (folder / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
