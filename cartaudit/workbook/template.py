"""The self-assessment workbook: written from the catalogue for a plan, empty or filled in."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook

from cartaudit.criteria.asked import QuestionKey
from cartaudit.files import rezip
from cartaudit.model.answers import AnswerType
from cartaudit.model.areas import Area
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import IDENTITY_SHEET, LISTS_SHEET, register_sheet
from cartaudit.model.questions import PROFILE_AREA, Question
from cartaudit.workbook import styles
from cartaudit.workbook.template_areas import HEADING_ROW, AreaWriter, rows_formula
from cartaudit.workbook.template_asked import (
    asked_questions,
    choose_checklists,
    planned_treatments,
)
from cartaudit.workbook.template_cells import Options
from cartaudit.workbook.template_front import Progress, identity, write_identity, write_instructions
from cartaudit.workbook.template_limits import Pending, pending_thresholds
from cartaudit.workbook.template_plan import Filling, TemplatePlan
from cartaudit.workbook.template_registers import write_register, write_site_values

__all__ = [
    "Filling",
    "Pending",
    "TemplatePlan",
    "asked_questions",
    "build_template",
    "choose_checklists",
    "pending_thresholds",
]

_FIXED_TIME = datetime(2000, 1, 1)
_Asked = tuple[QuestionKey, Question]


def build_template(catalogue: Catalogue, plan: TemplatePlan) -> bytes:
    """Write the workbook of a plan as .xlsx; the same plan and catalogue give the same bytes.

    Raises UnknownChecklistError for a checklist or edition that the catalogue does not hold.
    """
    chosen, asked = choose_checklists(catalogue, plan), asked_questions(catalogue, plan)
    book = Workbook()
    book.remove(book.worksheets[0])
    styles.add_styles(book)
    products = dict.fromkeys(t.product for t in planned_treatments(catalogue, plan))
    options = Options(book, catalogue, tuple(products))
    progress: list[Progress] = []
    for area in sorted(catalogue.areas.values(), key=lambda a: (a.id != PROFILE_AREA, a.order)):
        rows = [item for item in asked.items() if item[1].area == area.id]
        if rows:
            progress += _write_area(book, area, rows, catalogue, plan, options)
    write_site_values(book, catalogue, plan, pending_thresholds(catalogue, plan), options)
    write_instructions(book, plan, chosen, catalogue, progress)
    write_identity(book, identity(plan, chosen, catalogue))
    book.move_sheet(LISTS_SHEET, offset=len(book.sheetnames) - 1 - book.sheetnames.index(LISTS_SHEET))
    book.move_sheet(IDENTITY_SHEET, offset=len(book.sheetnames) - 1 - book.sheetnames.index(IDENTITY_SHEET))
    book.active = 0
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is book.worksheets[0]
    return _save(book, plan)


def _write_area(
    book: Workbook,
    area: Area,
    asked: Sequence[_Asked],
    catalogue: Catalogue,
    plan: TemplatePlan,
    options: Options,
) -> list[Progress]:
    """Write an area's sheet and the registers it points to; give their lines of the table of sheets."""
    writer = AreaWriter(book, area, catalogue, plan, options)
    writer.write(asked)
    counted = writer.answered(HEADING_ROW + len(asked), elsewhere=True)
    lines = [Progress(title=area.title, sheet=area.sheet, questions=len(asked), formula=counted)]
    for _, question in asked:
        if question.type is AnswerType.REGISTER:
            write_register(book, question, plan, options)
            sheet = register_sheet(question.id, question.sheet)
            lines.append(
                Progress(title=question.text, sheet=sheet, questions=None, formula=rows_formula(question, plan))
            )
    return lines


def _save(book: Workbook, plan: TemplatePlan) -> bytes:
    book.properties.title = plan.title or "CAR-T treatment centre: self-assessment"
    book.properties.creator = "cartaudit"
    book.properties.created = _FIXED_TIME
    book.calculation.fullCalcOnLoad = True
    stream = io.BytesIO()
    book.save(stream)
    return rezip(_with_fixed_times(stream.getvalue()))


def _with_fixed_times(data: bytes) -> bytes:
    """Put a fixed time where the library wrote the clock's, so that two runs give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", content)
            target.writestr(name, content)
    return out.getvalue()
