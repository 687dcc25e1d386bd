"""Turn the cells of a workbook into typed responses and problems."""

from datetime import date

from cartaudit.intake.submission import parse_template, reject
from cartaudit.model.cells import Cells
from cartaudit.model.checklists import Catalogue
from cartaudit.model.problem_codes import problem
from cartaudit.model.submission import Rejected, Submission

__all__ = ["parse_submission"]


def parse_submission(cells: Cells, catalogue: Catalogue, as_of: date, mapping: None = None) -> Submission | Rejected:
    """Read a workbook as a submission, or say why it cannot be one. Never raises for what stands in the cells."""
    read = parse_template(cells, catalogue, as_of)
    return reject(cells, [problem("CA131")]) if read is None else read
