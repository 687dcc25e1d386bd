"""Turn the cells of a workbook into typed responses and problems."""

from datetime import date

from cartaudit.intake.mapping import Mapping
from cartaudit.intake.plan import IntakePlan
from cartaudit.intake.submission import parse_foreign, parse_template
from cartaudit.model.cells import Cells
from cartaudit.model.checklists import Catalogue
from cartaudit.model.submission import Rejected, Submission

__all__ = ["IntakePlan", "Mapping", "parse_submission"]


def parse_submission(
    cells: Cells,
    catalogue: Catalogue,
    as_of: date,
    mapping: Mapping | None = None,
    plan: IntakePlan | None = None,
) -> Submission | Rejected:
    """Read a workbook as a submission, or say why it cannot be one. Never raises for what stands in the cells.

    A workbook that says it is a template is read as one, unless a mapping says how to read it.
    Give a plan of the same catalogue and audit date to many calls in a row: what they share is then worked out once.
    """
    if plan is None or plan.catalogue is not catalogue or plan.as_of != as_of:
        plan = IntakePlan(catalogue=catalogue, as_of=as_of)
    if mapping is None:
        read = parse_template(cells, plan)
        if read is not None:
            return read
    return parse_foreign(cells, plan, mapping)
