"""Turn the cells of a workbook into typed responses and problems."""

from datetime import date

from cartaudit.intake.mapping import Mapping
from cartaudit.intake.submission import parse_foreign, parse_template
from cartaudit.model.cells import Cells
from cartaudit.model.checklists import Catalogue
from cartaudit.model.submission import Rejected, Submission

__all__ = ["Mapping", "parse_submission"]


def parse_submission(
    cells: Cells, catalogue: Catalogue, as_of: date, mapping: Mapping | None = None
) -> Submission | Rejected:
    """Read a workbook as a submission, or say why it cannot be one. Never raises for what stands in the cells.

    A workbook that says it is a template is read as one, unless a mapping says how to read it.
    """
    if mapping is None:
        read = parse_template(cells, catalogue, as_of)
        if read is not None:
            return read
    return parse_foreign(cells, catalogue, as_of, mapping)
