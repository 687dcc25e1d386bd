import io
from collections.abc import Callable

import openpyxl
import pytest
from builders_template import ALPHA, AS_OF, BETA, small_catalogue

from cartaudit.model.checklists import Catalogue
from cartaudit.workbook.template import TemplatePlan, build_template


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return small_catalogue()


@pytest.fixture(scope="session")
def plan() -> TemplatePlan:
    return TemplatePlan(as_of=AS_OF, tool_version="9.9", treatments=(ALPHA, BETA), country="DE")


@pytest.fixture(scope="session")
def opened(catalogue: Catalogue) -> Callable[[TemplatePlan], openpyxl.Workbook]:
    return lambda plan: openpyxl.load_workbook(io.BytesIO(build_template(catalogue, plan)))


@pytest.fixture(scope="session")
def book(opened: Callable[[TemplatePlan], openpyxl.Workbook], plan: TemplatePlan) -> openpyxl.Workbook:
    return opened(plan)
