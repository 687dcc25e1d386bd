"""`cartaudit template`: write an empty self-assessment workbook."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cartaudit.cli.options import as_of_option, checklists_option, load, overlay_option
from cartaudit.cli.writing import STANDARD, begin_writing, force_option, messages_beside, output_type, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartaudit.files import Outputs
    from cartaudit.model.checklists import Catalogue
    from cartaudit.model.profile import Treatment
    from cartaudit.workbook.template import Filling, TemplatePlan

_DEFAULT = Path("self-assessment.xlsx")


@click.command("template")
@click.option(
    "-o",
    "--output",
    type=output_type(),
    default=_DEFAULT,
    show_default=True,
    metavar="FILE",
    help="The workbook to write, `-` for standard output; with --split the folder of the parts.",
)
@click.option(
    "-c",
    "--checklist",
    "checklists",
    multiple=True,
    metavar="ID[@EDITION]",
    help="Ask what this checklist needs; repeat for more. Default: all that fit country and products.",
)
@click.option("--country", default="", metavar="CC", help="Two-letter country code; decides which thresholds apply.")
@click.option(
    "-p", "--product", "products", multiple=True, metavar="PRODUCT", help="A product delivered; repeat for more."
)
@click.option(
    "-t",
    "--treatment",
    "treatments",
    multiple=True,
    metavar="PRODUCT:INDICATION:POPULATION",
    help="A product with indication and population (adult, paediatric); repeat for more.",
)
@click.option(
    "--from",
    "old",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="OLD.xlsx",
    help="Carry answers and evidence over from this workbook, marked to be confirmed again.",
)
@click.option(
    "--split",
    type=click.Choice(["role"]),
    help="Write one part for each role that answers, into the folder -o names; `cartaudit merge` joins them.",
)
@force_option
@as_of_option
@overlay_option
@checklists_option
def command(
    output: Path,
    checklists: tuple[str, ...],
    country: str,
    products: tuple[str, ...],
    treatments: tuple[str, ...],
    old: Path | None,
    split: str | None,
    force: bool,
    as_of: date | None,
    overlay: tuple[Path, ...],
    checklists_folder: Path | None,
) -> int:
    """Write an empty self-assessment workbook, or one that carries last year's answers to be confirmed."""
    if split and output in (_DEFAULT, STANDARD):
        raise click.UsageError("With --split the parts need a folder. Name it with -o.")
    if not split:
        _check_suffix(output)
    outputs = begin_writing([] if split else [output], force=force)
    from cartaudit import __version__
    from cartaudit.pipeline import parse_selection
    from cartaudit.workbook.template import TemplatePlan

    catalogue = load(checklists_folder, overlay)
    code, given = _country(catalogue, country), _treatments(catalogue, products, treatments)
    plan = TemplatePlan(
        as_of=as_of or date.today(),
        tool_version=__version__,
        checklists=parse_selection(checklists) or (),
        treatments=given,
        country=code,
        filling=_known(code, given),
    )
    notes: tuple[str, ...] = ()
    if old:
        from cartaudit.cli.carrying import carry_into

        carried = carry_into(plan, old, catalogue)
        if carried is None:
            return 3
        plan, notes = carried
    plans = _parts(output, catalogue, plan) if split else {output: plan}
    _write(outputs, catalogue, plans)
    with messages_beside(plans):
        if old:
            click.echo(f"Carried over from {old}; its answers wait in the column 'Carried over: confirmed?'.")
        for target, planned in plans.items():
            _say(target, catalogue, planned)
        if split:
            click.echo(f"{len(plans)} parts. Join them with: cartaudit merge {output}/*.xlsx -o WHOLE.xlsx")
        for note in notes:
            click.echo(note)
    return 1 if notes else 0


def _check_suffix(output: Path) -> None:
    if output != STANDARD and output.suffix.casefold() != ".xlsx":
        raise click.UsageError(f"{output} does not end in .xlsx. Choose a name that does.")


def _write(outputs: "Outputs", catalogue: "Catalogue", plans: "Mapping[Path, TemplatePlan]") -> None:
    from cartaudit.workbook.template import build_template

    outputs.check(plans.keys() - {STANDARD})
    write(outputs, {target: build_template(catalogue, plan) for target, plan in plans.items()})


def _parts(folder: Path, catalogue: "Catalogue", plan: "TemplatePlan") -> "dict[Path, TemplatePlan]":
    """Plan a part for each role; a name says whose it is."""
    from cartaudit.workbook.template import asked_questions

    roles = sorted({question.role for question in asked_questions(catalogue, plan).values()} - {""})
    plans = {folder / f"{_file_name(role)}.xlsx": replace(plan, roles=(role,)) for role in roles}
    if len(plans) < len(roles):
        raise click.UsageError("Two roles of the checklists give the same file name. Rename one of them.")
    return plans


def _file_name(role: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", role.casefold()).strip("-")


def _known(country: str, treatments: "tuple[Treatment, ...]") -> "Filling":
    """Fill in what the command says and no more: by which route a product is given stays open."""
    from cartaudit.model.layout import Field
    from cartaudit.workbook.template import Filling

    rows = tuple({"product": t.product, "indication": t.indication, "population": t.population} for t in treatments)
    answers = {("country", ""): {Field.ANSWER: country}} if country else {}
    return Filling(answers=answers, rows={"treatments": rows} if rows else {})


def _country(catalogue: "Catalogue", country: str) -> str:
    from cartaudit.model.countries import COUNTRIES

    code = country.strip().upper()
    if code and code not in {*COUNTRIES, *(c for j in catalogue.jurisdictions for c in j.countries)}:
        raise click.UsageError(f"'{country}' is no country. Give its two-letter code, e.g. DE.")
    return code


def _treatments(
    catalogue: "Catalogue", products: tuple[str, ...], treatments: tuple[str, ...]
) -> "tuple[Treatment, ...]":
    from cartaudit.model.profile import Treatment

    found = [_treatment(catalogue, text) for text in treatments]
    detailed = {t.product for t in found}
    found += [Treatment(product=_product(catalogue, p)) for p in products if p.casefold() not in detailed]
    return tuple(dict.fromkeys(found))


def _product(catalogue: "Catalogue", name: str) -> str:
    product = name.strip().casefold()
    if product not in catalogue.products:
        raise click.UsageError(f"There is no product '{name}'. Choose one of: {', '.join(catalogue.products)}.")
    return product


def _treatment(catalogue: "Catalogue", text: str) -> "Treatment":
    from cartaudit.model.profile import Treatment

    parts = [part.strip() for part in text.casefold().split(":")]
    if len(parts) > 3:
        raise click.UsageError(f"'{text}' is no treatment. Write product:indication:population.")
    product, indication, population = [*parts, "", ""][:3]
    product = _product(catalogue, product)
    known = [i.id for i in catalogue.products[product].indications]
    if indication and indication not in known:
        raise click.UsageError(f"{product} has no indication '{indication}'. Choose one of: {', '.join(known)}.")
    if population not in ("", "adult", "paediatric"):
        raise click.UsageError(f"'{population}' is no population. Choose adult or paediatric.")
    return Treatment(product=product, indication=indication, population=population)


def _say(output: Path, catalogue: "Catalogue", plan: "TemplatePlan") -> None:
    from cartaudit.model.answers import AnswerType
    from cartaudit.workbook.template import asked_questions, choose_checklists, pending_thresholds

    asked = asked_questions(catalogue, plan)
    registers = sum(q.type is AnswerType.REGISTER for q in asked.values())
    areas = len({q.area for q in asked.values()})
    held = choose_checklists(catalogue, plan)
    chosen = ", ".join(f"{c.checklist.id}@{c.edition_name}" if c.edition else c.checklist.id for c in held)
    click.echo(f"{output.name}: {len(asked)} questions on {areas} sheets, {registers} of them lists of their own.")
    click.echo(f"Checklists: {chosen}. Content as of {plan.as_of.isoformat()}.")
    for c in held:
        if c.edition is None and c.checklist.editions:
            click.echo(f"No edition of {c.checklist.id} is in force on {plan.as_of.isoformat()}; it asks nothing.")
        elif (wanted := dict(plan.checklists).get(c.checklist.id)) not in (None, c.edition_name):
            click.echo(f"Edition {wanted} of {c.checklist.id} is not in force; edition {c.edition_name} was used.")
    if not plan.treatments:
        click.echo("It asks about every product. Name yours with --product or --treatment for a shorter one.")
    pending = len(pending_thresholds(catalogue, plan))
    if pending:
        click.echo(f"{pending} thresholds wait for confirmation on the sheet 'Site-supplied values'.")
