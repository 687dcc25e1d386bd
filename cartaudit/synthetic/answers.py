"""Compliant answers: a filling of the workbook that meets every requirement which applies to a centre."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook

from cartaudit.criteria.asked import QuestionKey
from cartaudit.criteria.bounds import Bounds
from cartaudit.criteria.grammar import ANYOF
from cartaudit.errors import ChecklistError
from cartaudit.model.answers import AnswerType
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import Field
from cartaudit.model.profile import Treatment
from cartaudit.model.questions import PROFILE_AREA, Column, Question
from cartaudit.synthetic.choosing import choose
from cartaudit.synthetic.demands import Demand, Setting, demands, make_setting
from cartaudit.synthetic.plausibility import CERTIFICATES, certified, preferred
from cartaudit.synthetic.rows import solve_rows
from cartaudit.synthetic.solver import Conflict, RowDemand, Task, settle, solve
from cartaudit.workbook.template import Filling, TemplatePlan, asked_questions
from cartaudit.workbook.template_asked import planned_treatments
from cartaudit.workbook.template_cells import Options
from cartaudit.workbook.template_plan import CellContent

DOCUMENTS = "documents"
"""The register of controlled documents, in which every document that evidence cites has to stand."""

EVIDENCE_DAYS = 45
"""How long before the audit date evidence is dated."""

_ANSWERED_DAYS = 7


def compliant_answers(catalogue: Catalogue, plan: TemplatePlan) -> Filling:
    """Answer every question of a plan so that each requirement that applies is met.

    The plan's own filling holds the profile (and treatments and site-supplied values) and is kept. Questions that no
    requirement reads at this centre stay blank while it has not opened. Raises ChecklistError, naming the
    requirement, where demands contradict each other.
    """
    try:
        return _compliant(catalogue, plan)
    except Conflict as conflict:
        raise ChecklistError(f"No centre can meet the checklists: {conflict}") from conflict


def _compliant(catalogue: Catalogue, plan: TemplatePlan) -> Filling:
    setting = make_setting(catalogue, plan)
    asked = asked_questions(catalogue, plan)
    options = Choices(catalogue, plan)
    found = tuple(demands(setting))
    tasks = [
        Task(source=d.requirement.id, criterion=d.criterion, key=_keyed(setting, d.treatment))
        for d in found
        if d.criterion is not None
    ]
    state = solve(tasks, lambda key: options.of(catalogue.questions[key[0]]), plan.as_of)
    bounds = {**dict.fromkeys((*_unlimited(asked, setting), *_read(found, setting)), Bounds()), **state.bounds}
    single = {k: b for k, b in bounds.items() if catalogue.questions[k[0]].type is not AnswerType.REGISTER}

    def pick(key: QuestionKey, limit: Bounds) -> Any:
        question = catalogue.questions[key[0]]
        try:
            return choose(limit, question, options.of(question), plan.as_of, f"See {document_of(question, catalogue)}")
        except ValueError as error:
            raise Conflict("checklists", str(error)) from error

    values = settle(replace(state, bounds=single), pick)
    answers = {k: _fields(v, catalogue.questions[k[0]], catalogue, plan.as_of) for k, v in values.items() if k in asked}
    rows = _registers(setting, state.registers, asked, options)
    if CERTIFICATES in rows:
        rows[CERTIFICATES] = _with_details(rows[CERTIFICATES], setting)
    if DOCUMENTS in rows:
        rows[DOCUMENTS] = _with_cited(rows[DOCUMENTS], answers, catalogue.questions[DOCUMENTS])
    given = plan.filling
    return Filling(answers={**answers, **given.answers}, rows={**rows, **given.rows}, site_values=given.site_values)


class Choices:
    """The ids that a question or column of a plan may be answered with."""

    def __init__(self, catalogue: Catalogue, plan: TemplatePlan) -> None:
        products = dict.fromkeys(t.product for t in planned_treatments(catalogue, plan))
        self._options = Options(Workbook(), catalogue, tuple(products))
        self._known: dict[str, tuple[str, ...]] = {}

    def of(self, asked: Question | Column) -> tuple[str, ...]:
        """List the ids; none for an answer that is no choice."""
        if asked.type not in (AnswerType.CHOICE, AnswerType.CHOICES):
            return ()
        return tuple(c.id for c in self._options.choices(asked))


def _keyed(setting: Setting, treatment: Treatment) -> Callable[[str], QuestionKey | None]:
    """Leave out what the profile answers, which is given and not solved for."""

    def key(name: str) -> QuestionKey | None:
        of_profile = setting.catalogue.questions[name].area == PROFILE_AREA
        return None if of_profile else (name, setting.scope(name, treatment))

    return key


def _unlimited(asked: Mapping[QuestionKey, Question], setting: Setting) -> list[QuestionKey]:
    if setting.profile.get("phase") == "pre_opening":
        return []
    return [k for k, q in asked.items() if q.area != PROFILE_AREA and q.type is not AnswerType.REGISTER]


def _read(found: Sequence[Demand], setting: Setting) -> Iterator[QuestionKey]:
    """Give what is answered under demands whatever is left of their rules: all but what stands in alternatives."""
    for demand in found:
        keyed = _keyed(setting, demand.treatment)
        keys = (keyed(name) for name in demand.requirement.criterion if name != ANYOF)
        yield from (key for key in keys if key is not None)


def document_of(question: Question, catalogue: Catalogue) -> str:
    """Name the procedure that answers of an area cite."""
    return f"SOP-{catalogue.areas[question.area].order:02d}"


def _fields(value: Any, question: Question, catalogue: Catalogue, as_of: date) -> dict[Field, CellContent]:
    return {
        Field.ANSWER: value,
        Field.EVIDENCE: f"{document_of(question, catalogue)} v3",
        Field.EVIDENCE_LEVEL: "cited",
        Field.EVIDENCE_DATED: as_of - timedelta(days=EVIDENCE_DAYS),
        Field.ANSWERED_BY: question.role or "Quality manager",
        Field.ANSWERED_ON: as_of - timedelta(days=_ANSWERED_DAYS),
    }


def _registers(
    setting: Setting,
    found: tuple[tuple[QuestionKey, RowDemand], ...],
    asked: Mapping[QuestionKey, Question],
    options: Choices,
) -> dict[str, tuple[dict[str, Any], ...]]:
    catalogue, plan = setting.catalogue, setting.plan
    by_register: dict[str, list[RowDemand]] = defaultdict(list)
    for (name, _), demand in found:
        by_register[name].append(demand)
    products = tuple(dict.fromkeys(t.product for t in planned_treatments(catalogue, plan)))
    rows = {}
    for name, wanted in by_register.items():
        question = catalogue.questions[name]
        if (name, "") in asked and name not in plan.filling.rows:
            columns = _of_columns(question, options)
            rows[name] = solve_rows(question, wanted, columns, products, plan.as_of, preferred(setting.profile))
    return rows


def _with_details(rows: tuple[dict[str, Any], ...], setting: Setting) -> tuple[dict[str, Any], ...]:
    """Give certificates the details that no requirement asks for, as far as the register has their columns."""
    columns = {c.id: c for c in setting.catalogue.questions[CERTIFICATES].columns}

    def day(name: str) -> Any:
        return choose(Bounds(), columns[name], (), setting.as_of, "") if name in columns else None

    return tuple(
        {c: v for c, v in row.items() if c in columns and v is not None}
        for row in certified(rows, setting.profile, day)
    )


def _of_columns(question: Question, options: Choices) -> Callable[[str], tuple[str, ...]]:
    columns = {c.id: c for c in question.columns}
    return lambda column: options.of(columns[column])


def _with_cited(
    rows: tuple[dict[str, Any], ...], answers: Mapping[QuestionKey, Mapping[Field, CellContent]], register: Question
) -> tuple[dict[str, Any], ...]:
    """Give every cited document a row like the first one of the register."""
    number = next(c.id for c in register.columns if c.unique)
    cited = sorted({str(fields[Field.EVIDENCE]).split(" ")[0] for fields in answers.values()})
    titles = next((c.id for c in register.columns if c.id == "title"), "")
    extra = ({**rows[0], number: name, **({titles: f"Procedure {name}"} if titles else {})} for name in cited)
    return (*rows, *extra)
