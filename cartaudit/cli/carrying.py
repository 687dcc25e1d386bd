"""From what people wrote into workbooks to the plan of a new one: for `merge` and `template --from`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cartaudit.intake.carry import Contents, Key, RegisterRow, carried_over, collect_contents
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import NO_LIMIT_WORD, Field, scoped_id
from cartaudit.model.parameters import ParameterScalar
from cartaudit.model.profile import Treatment
from cartaudit.model.submission import Rejected, SiteValue
from cartaudit.workbook import read_cells

if TYPE_CHECKING:
    from cartaudit.workbook.template import TemplatePlan


def read_contents(path: Path, catalogue: Catalogue) -> Contents | Rejected:
    """Read what people wrote into a template workbook, or say why it is refused."""
    cells = read_cells(path.read_bytes(), path.name)
    return cells if isinstance(cells, Rejected) else collect_contents(cells, catalogue)


def plan_from(contents: Contents, catalogue: Catalogue, tool_version: str, as_of: date | None = None) -> "TemplatePlan":
    """Plan a workbook that asks what the old one asked, with everything written there filled in.

    `as_of` is the day the old workbook was made for unless given.
    """
    from cartaudit.workbook.template import Filling, TemplatePlan

    identity = contents.identity
    answers = {key: {f: w.value for f, w in columns.items()} for key, columns in contents.answers.items()}
    return TemplatePlan(
        as_of=as_of or date.fromisoformat(identity.as_of),
        tool_version=tool_version,
        checklists=tuple((name, edition or None) for name, edition in identity.checklists.items()),
        treatments=planned_treatments(contents.keys),
        country=identity.country,
        filling=Filling(
            answers=answers,
            rows={name: tuple(row.values for row in rows) for name, rows in contents.rows.items()},
            site_values=tuple(_site_value(row, catalogue) for row in contents.site_values if "value" in row.values),
        ),
    )


def carry_into(plan: "TemplatePlan", old: Path, catalogue: Catalogue) -> "tuple[TemplatePlan, tuple[str, ...]] | None":
    """Fill a plan with what an old workbook holds, to be confirmed again; also say what was not carried.

    What the plan itself says comes first; checklists are taken in the edition now in force. None, with the
    problems printed, where the old workbook is refused.
    """
    contents = read_contents(old, catalogue)
    if isinstance(contents, Rejected):
        for found in contents.problems:
            click.echo(f"{contents.file}: {found}", err=True)
        return None
    carried = carried_over(contents)
    before = plan_from(carried, catalogue, plan.tool_version, plan.as_of)
    gone = tuple(name for name, _ in before.checklists if name not in catalogue.checklists)
    filled = replace(
        plan,
        checklists=plan.checklists or tuple((name, None) for name, _ in before.checklists if name not in gone),
        treatments=plan.treatments or before.treatments,
        country=plan.country or before.country,
        filling=replace(
            before.filling,
            answers={**before.filling.answers, **plan.filling.answers},
            rows={**before.filling.rows, **plan.filling.rows},
        ),
    )
    lost = (
        *contents.lost,
        *(f"{contents.name}: the catalogue no longer holds the checklist {name}" for name in gone),
        *_replaced(carried, plan),
        *not_asked(carried, catalogue, filled),
    )
    return filled, tuple(f"Not carried: {line}." for line in lost)


def _replaced(contents: Contents, plan: "TemplatePlan") -> Iterable[str]:
    for key, columns in plan.filling.answers.items():
        written = contents.answers.get(key, {}).get(Field.ANSWER)
        if written and written.value != columns[Field.ANSWER]:
            yield f"{written.place}: '{written.value}' was replaced by '{columns[Field.ANSWER]}' of the command"
    for name in plan.filling.rows:
        for row in contents.rows.get(name, ()):
            yield f"{row.place}: the row was replaced by what the command says"


def not_asked(contents: Contents, catalogue: Catalogue, plan: "TemplatePlan") -> tuple[str, ...]:
    """Name the answers for which the planned workbook has no row."""
    from cartaudit.workbook.template import asked_questions

    asked = asked_questions(catalogue, plan)
    answers = tuple(
        f"{next(iter(columns.values())).place}: the new workbook does not ask {scoped_id(*key)}"
        for key, columns in contents.answers.items()
        if key not in asked
    )
    rows = tuple(
        f"{row.place}: the new workbook does not ask {name}"
        for name, found in contents.rows.items()
        if (name, "") not in asked
        for row in found
    )
    return (*answers, *rows)


def planned_treatments(keys: Iterable[Key]) -> tuple[Treatment, ...]:
    """Tell the treatments a workbook was made for from the scopes of its questions."""
    scopes = sorted({scope for _, scope in keys if scope})
    full = [Treatment(product=p, indication=i, population=g) for p, i, g in (s.split(":") for s in scopes if ":" in s)]
    detailed = {t.product for t in full}
    return (*full, *(Treatment(product=s) for s in scopes if ":" not in s and s not in detailed))


def _site_value(row: RegisterRow, catalogue: Catalogue) -> SiteValue:
    text = {name: str(value) for name, value in row.values.items()}
    product = text.get("product", "")
    known = {name: p.id for p in catalogue.products.values() for name in (p.id, p.name.casefold())}
    dated = row.values.get("dated")
    value: ParameterScalar = row.values["value"]
    none = text["value"].casefold() == NO_LIMIT_WORD.casefold()
    return SiteValue(
        parameter=text.get("parameter", ""),
        product=known.get(product.casefold(), product),
        value=None if none else value,
        none=none,
        revision=text.get("revision", ""),
        section=text.get("section", ""),
        entered=text.get("entered", ""),
        dated=dated if isinstance(dated, date) else None,
        role=text.get("role", ""),
        indication=text.get("indication", ""),
        population=text.get("population", ""),
        cell=row.place,
    )
