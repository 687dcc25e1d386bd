"""Time reading, intake and judging of a filled workbook beside a plain openpyxl read-only pass; watch memory.

Seconds are those of the processor, medians of all runs. All runs read one workbook with one engine and plan, as a batch
does whose sites fill in one template.
"""

import argparse
import gc
import io
import resource
import statistics
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl

from cartaudit.assess import Engine
from cartaudit.catalogue import read_catalogue
from cartaudit.intake import IntakePlan, parse_submission
from cartaudit.model.answers import AnswerType
from cartaudit.model.layout import Field
from cartaudit.model.submission import Rejected, Submission
from cartaudit.pipeline import AuditOptions, judge
from cartaudit.resources import data_folder
from cartaudit.workbook import read_cells
from cartaudit.workbook.template import Filling, TemplatePlan, asked_questions, build_template

AS_OF = date(2026, 11, 22)
CATALOGUE = read_catalogue(data_folder("checklists"), ())


def workbook(questions: int) -> bytes:
    """Write a template of about so many questions, every one answered with evidence and a comment."""
    plan = TemplatePlan(as_of=AS_OF, tool_version="0", checklists=(("jacie", None), ("kymriah", None)))
    asked = asked_questions(CATALOGUE, plan)
    answers = {}
    for key, question in list(asked.items())[:questions]:
        if question.type is AnswerType.REGISTER:
            continue
        values = {
            AnswerType.INTEGER: 3,
            AnswerType.NUMBER: 2.5,
            AnswerType.DATE: date(2026, 5, 4),
            AnswerType.TEXT: "Ward lead",
        }
        answers[key] = {
            Field.ANSWER: values.get(question.type, "Yes"),
            Field.EVIDENCE: "SOP-012 version 3",
            Field.EVIDENCE_LEVEL: "cited",
            Field.EVIDENCE_DATED: date(2026, 3, 1),
            Field.COMMENT: "Checked at the last internal audit",
            Field.ANSWERED_BY: "Quality manager",
        }
    filling = Filling(answers=answers)
    return build_template(CATALOGUE, TemplatePlan(**{**_fields(plan), "filling": filling}))  # type: ignore[arg-type]


def _fields(plan: TemplatePlan) -> dict[str, object]:
    return {name: getattr(plan, name) for name in plan.__dataclass_fields__}


def plain(data: bytes) -> int:
    """Read every cell with openpyxl in read-only mode."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return sum(cell.value is not None for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)


def intake(data: bytes) -> Submission | Rejected:
    """Read and parse as cartaudit does."""
    cells = read_cells(data, "site.xlsx")
    return cells if isinstance(cells, Rejected) else parse_submission(cells, CATALOGUE, AS_OF)


def median(work: Callable[[], object], runs: int) -> float:
    """Give the median of several runs, in seconds of the processor."""
    times = []
    for _ in range(runs):
        gc.collect()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--files", type=int, default=200, help="files read one after the other for the memory table")
    parser.add_argument("--workbook", type=Path, help="time this workbook instead of a generated one")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    data = arguments.workbook.read_bytes() if arguments.workbook else workbook(arguments.questions)
    outcome = intake(data)
    if isinstance(outcome, Rejected):
        raise SystemExit(f"rejected: {outcome.problems[0]}")
    cells = read_cells(data, "site.xlsx")
    engine, plan = Engine(catalogue=CATALOGUE, as_of=AS_OF), IntakePlan(catalogue=CATALOGUE, as_of=AS_OF)
    options = AuditOptions(as_of=AS_OF, as_of_is_today=False)
    rows: tuple[tuple[str, Callable[[], object]], ...] = (
        ("plain openpyxl read-only pass", lambda: plain(data)),
        ("read", lambda: read_cells(data, "site.xlsx")),
        ("intake", lambda: parse_submission(cells, CATALOGUE, AS_OF, None, plan)),
        ("judge", lambda: judge(outcome, CATALOGUE, options, engine)),
    )
    print(
        f"workbook: {len(data):,} bytes, {outcome.record.cells_in_file:,} filled cells, {outcome.record.read} answers"
    )
    seconds = {name: median(work, arguments.runs) for name, work in rows}
    base = seconds["plain openpyxl read-only pass"]
    print(f"{'step':<34}{'seconds':>9}{'x plain':>9}")
    for name, taken in seconds.items():
        print(f"{name:<34}{taken:>9.3f}{taken / base:>9.2f}")
    print(f"\n{'files read':<34}{'MB peak':>9}")
    step = max(arguments.files // 5, 1)
    for count in range(1, arguments.files + 1):
        intake(data)
        if count % step == 0:
            print(f"{count:<34}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:>9.1f}")


if __name__ == "__main__":
    main()
