"""Read workbooks with calamine in a process of its own: a length and the bytes come in, a line of JSON goes out."""

import io
import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any


def read(data: bytes) -> dict[str, list[tuple[int, int, str, Any]]]:
    """Give the filled cells of every sheet: row, column, kind, value."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: list(_cells(book.get_sheet_by_name(name))) for name in book.sheet_names}


def _cells(sheet: Any) -> Any:
    if sheet.start is None:
        return
    for row, values in enumerate(sheet.to_python(skip_empty_area=False), 1):
        for column, value in enumerate(values, 1):
            if value != "" and value is not None:
                yield row, column, *_plain(value)


def _plain(value: Any) -> tuple[str, Any]:
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, int | float):
        return "number", float(value)
    if isinstance(value, datetime | date | time | timedelta):
        return "time", str(value)
    return "text", str(value)


def main() -> None:
    """Answer one workbook after the other until the input ends."""
    while header := sys.stdin.buffer.readline():
        try:
            answer: Any = read(sys.stdin.buffer.read(int(header)))
        except Exception as error:
            answer = f"refused: {type(error).__name__}"
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
