"""`cartaudit template`: write an empty self-assessment workbook."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cartaudit.cli.options import as_of_option, checklists_option, load, overlay_option

if TYPE_CHECKING:
    from cartaudit.model.checklists import Catalogue
    from cartaudit.model.profile import Treatment
    from cartaudit.workbook.template import Filling, TemplatePlan

_DEFAULT = Path("self-assessment.xlsx")


@click.command("template")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=_DEFAULT,
    show_default=True,
    metavar="FILE",
    help="The workbook to write.",
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
@click.option("--force", is_flag=True, help="Overwrite the file when it is there.")
@as_of_option
@overlay_option
@checklists_option
def command(
    output: Path,
    checklists: tuple[str, ...],
    country: str,
    products: tuple[str, ...],
    treatments: tuple[str, ...],
    force: bool,
    as_of: date | None,
    overlay: tuple[Path, ...],
    checklists_folder: Path | None,
) -> int:
    """Write an empty self-assessment workbook."""
    if output.exists() and not force:
        raise click.UsageError(f"{output} is there already. Choose another name with -o, or add --force.")
    if output.suffix.casefold() != ".xlsx":
        raise click.UsageError(f"{output} does not end in .xlsx. Choose a name that does.")
    from cartaudit import __version__
    from cartaudit.cli.auditing import parse_selection
    from cartaudit.files import write_atomically
    from cartaudit.workbook.template import TemplatePlan, build_template

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
    write_atomically(output, build_template(catalogue, plan))
    _say(output, catalogue, plan)
    return 0


def _known(country: str, treatments: "tuple[Treatment, ...]") -> "Filling":
    """Fill in what the command already says, so that the centre need not repeat it."""
    from cartaudit.model.layout import Field
    from cartaudit.workbook.template import Filling

    rows = tuple(
        {"product": t.product, "indication": t.indication, "population": t.population, "route": t.route}
        for t in treatments
    )
    answers = {("country", ""): {Field.ANSWER: country}} if country else {}
    return Filling(answers=answers, rows={"treatments": rows} if rows else {})


def _country(catalogue: "Catalogue", country: str) -> str:
    code = country.strip().upper()
    known = sorted({c for j in catalogue.jurisdictions for c in j.countries})
    if code and code not in known:
        raise click.UsageError(
            f"There is no product information for the country '{country}'. Known: {', '.join(known)}."
        )
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
    chosen = ", ".join(f"{c.checklist.id}@{c.edition}" for c in choose_checklists(catalogue, plan))
    click.echo(f"Wrote {output}: {len(asked)} questions on {areas} sheets, {registers} of them lists of their own.")
    click.echo(f"Checklists: {chosen}. Content as of {plan.as_of.isoformat()}.")
    if not plan.treatments:
        click.echo("It asks about every product. Name yours with --product or --treatment for a shorter one.")
    pending = len(pending_thresholds(catalogue, plan))
    if pending:
        click.echo(f"{pending} thresholds wait for confirmation on the sheet 'Site-supplied values'.")
