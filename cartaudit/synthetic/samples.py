"""Sample workbooks: made from their definitions by the solver and the template, never by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from cartaudit.criteria.asked import QuestionKey
from cartaudit.errors import ChecklistError
from cartaudit.model.answers import AnswerType, Share, Status
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import NA_WORD, Field
from cartaudit.model.profile import Treatment
from cartaudit.model.questions import Column, Question
from cartaudit.model.submission import SiteValue
from cartaudit.synthetic.answers import compliant_answers
from cartaudit.synthetic.definitions import Definition
from cartaudit.synthetic.demands import strictest_value
from cartaudit.workbook.template import Filling, TemplatePlan, build_template, pending_thresholds
from cartaudit.workbook.template_limits import value_in_force
from cartaudit.workbook.template_plan import CellContent

_TREATMENTS = "treatments"
_TEXT_AGE_DAYS = 30
_Rows = tuple[Mapping[str, CellContent], ...]


def build_sample(catalogue: Catalogue, definition: Definition, tool_version: str) -> bytes:
    """Make one workbook. Raises ChecklistError where the definition names what the catalogue does not hold."""
    plan = sample_plan(catalogue, definition, tool_version)
    return build_template(catalogue, plan)


def sample_plan(catalogue: Catalogue, definition: Definition, tool_version: str) -> TemplatePlan:
    """Give the plan of a sample, filled in with its answers."""
    profile = {"site_name": definition.title, "assessed_on": definition.as_of, **definition.profile}
    answers = {(name, ""): {Field.ANSWER: _typed(_question(catalogue, name), v)} for name, v in profile.items()}
    rows = tuple(
        {"product": t.product, "indication": t.indication, "population": t.population, "route": t.route}
        for t in definition.treatments
    )
    plan = TemplatePlan(
        as_of=definition.as_of,
        tool_version=tool_version,
        checklists=tuple((name, None) for name in definition.checklists),
        treatments=definition.treatments,
        country=str(profile.get("country", "")),
        title=definition.title,
        filling=Filling(answers=answers, rows={_TREATMENTS: rows}),
    )
    if definition.site_values:
        supplied = supplied_values(catalogue, plan)
        plan = replace(plan, filling=replace(plan.filling, site_values=supplied))
    return replace(plan, filling=_changed(compliant_answers(catalogue, plan), catalogue, definition))


def supplied_values(catalogue: Catalogue, plan: TemplatePlan) -> tuple[SiteValue, ...]:
    """Supply every threshold of a plan that waits, with what the catalogue holds or what is plausible."""
    dated = plan.as_of - timedelta(days=_TEXT_AGE_DAYS)
    place = catalogue.jurisdiction_of(plan.country, plan.as_of) or ""
    supplied = []
    for entry in pending_thresholds(catalogue, plan):
        treatment = Treatment(product=entry.product, indication=entry.indication, population=entry.population)
        known = value_in_force(catalogue, plan, entry.definition, treatment, place)
        held = known.value if known is not None else None
        value = (
            held if held is not None else strictest_value(entry.definition.name, catalogue, entry.product, plan.as_of)
        )
        if value is not None or entry.definition.permits:
            supplied.append(
                SiteValue(
                    parameter=entry.definition.name,
                    product=entry.product,
                    value=value,
                    none=value is None,
                    revision="Sample revision 1",
                    section="Section of the sample text",
                    dated=dated,
                    entered="Cell laboratory lead",
                    role="Pharmacist",
                    indication=entry.indication,
                    population=entry.population,
                )
            )
    return tuple(supplied)


def _changed(filling: Filling, catalogue: Catalogue, definition: Definition) -> Filling:
    answers = {k: f for k, f in filling.answers.items() if not _is_blank(k, catalogue, definition)}
    for change in definition.changes:
        _change(answers, change, catalogue)
    rows = {k: r for k, r in filling.rows.items() if not _is_blank((k, ""), catalogue, definition)}
    for change in definition.rows:
        name = change["register"]
        rows[name] = _changed_rows(rows.get(name, ()), change, _question(catalogue, name))
    return replace(filling, answers=answers, rows=rows)


def _is_blank(key: QuestionKey, catalogue: Catalogue, definition: Definition) -> bool:
    return key[0] in definition.blank or _question(catalogue, key[0]).area in definition.blank


def _change(
    answers: dict[QuestionKey, Mapping[Field, CellContent]], change: Mapping[str, Any], catalogue: Catalogue
) -> None:
    question = _question(catalogue, change["question"])
    scopes = [change["scope"]] if "scope" in change else [s for name, s in answers if name == question.id]
    if not scopes:
        raise ChecklistError(f"The sample changes '{question.id}', which its workbook does not ask. Correct it.")
    fields = {Field(k): v for k, v in change.items() if k not in ("question", "scope")}
    if Field.ANSWER in fields:
        fields[Field.ANSWER] = _typed(question, fields[Field.ANSWER])
    for scope in scopes:
        merged = {**answers.get((question.id, scope), {}), **fields}
        answers[question.id, scope] = {k: v for k, v in merged.items() if v != ""}


def _changed_rows(rows: _Rows, change: Mapping[str, Any], register: Question) -> _Rows:
    """Apply `set` to the rows in which all of `where` stands (all rows without it), or `remove` them; add `add`."""
    where = _typed_row(register, change.get("where", {}))
    update = _typed_row(register, change.get("set", {}))
    kept: list[Mapping[str, CellContent]] = []
    for row in rows:
        matches = all(row.get(column) == value for column, value in where.items())
        if matches and change.get("remove"):
            continue
        kept.append({**row, **update} if matches else row)
    return (*kept, *(_typed_row(register, row) for row in change.get("add", ())))


def _typed_row(register: Question, row: Mapping[str, Any]) -> dict[str, CellContent]:
    columns = {c.id: c for c in register.columns}
    unknown = sorted(row.keys() - columns.keys())
    if unknown:
        raise ChecklistError(f"The register '{register.id}' has no column '{unknown[0]}'. Correct the sample.")
    return {name: _typed(columns[name], value) for name, value in row.items()}


def _typed(asked: Question | Column, value: Any) -> CellContent:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return Share(**value)
    if asked.type is AnswerType.STATUS and value != NA_WORD:
        return Status(value)
    typed: str | int | float | bool | date = value
    return typed


def _question(catalogue: Catalogue, name: str) -> Question:
    if name not in catalogue.questions:
        raise ChecklistError(f"There is no question '{name}'. Correct the sample.")
    return catalogue.questions[name]
