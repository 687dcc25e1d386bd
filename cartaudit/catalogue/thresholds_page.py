"""The page of all thresholds by product and jurisdiction, written from the content files."""

from collections.abc import Iterator
from datetime import date

from cartaudit.catalogue.loading import read_catalogue
from cartaudit.criteria import walk
from cartaudit.criteria.grammar import BUILT_IN_PARAMETERS
from cartaudit.criteria.rule import Part
from cartaudit.criteria.values import is_number
from cartaudit.files import write_atomically
from cartaudit.model.checklists import Catalogue, Checklist, Kind
from cartaudit.model.parameters import ParameterScalar, ParameterValue, Verification
from cartaudit.model.requirements import Group, Requirement
from cartaudit.model.text import amount
from cartaudit.resources import data_folder

_INTRO = """# Thresholds by product and jurisdiction

Written from the files in `checklists/` by `cartaudit/catalogue/thresholds_page.py`; a test keeps it current.

- **Verification**: *label* and *authority* were read in that text, *secondary* elsewhere; all three decide.
  *unverified* never passes or fails a centre: the workbook asks for the value.
- *no limit* means that the text was read and sets none, *not permitted* that it was read and does not permit this. What
  was not read, or only for a time that has ended, is listed as such under each product; it keeps the verdict open until
  the centre supplies it.
- Periods: the first day in force, and the first day no longer in force. The text date is the date of the text read, not
  of the reading; where a text gave only a month or a year, the first day of it stands here.
"""

_FIGURES = (Part.NUMBER, Part.SHARE, Part.DAYS)


def thresholds_page(catalogue: Catalogue) -> str:
    """Give docs/thresholds.md: every value of every product, what was not read, and the figures inside requirements."""
    checklists = sorted(_product_checklists(catalogue), key=lambda c: c.product)
    sections = (_product_section(catalogue, checklist) for checklist in checklists)
    return "\n".join([_INTRO, _possible_section(catalogue, checklists), *sections, _literals_section(catalogue)])


def _product_checklists(catalogue: Catalogue) -> list[Checklist]:
    return [c for c in catalogue.checklists.values() if c.kind is Kind.PRODUCT]


def _product_section(catalogue: Catalogue, checklist: Checklist) -> str:
    product = catalogue.products[checklist.product]
    values = [p for p in catalogue.parameters if p.product == product.id]
    lines = [f"## {product.name} ({product.inn})", ""]
    for jurisdiction in catalogue.jurisdictions:
        rows = [v for v in values if v.jurisdiction == jurisdiction.id]
        if not rows:
            continue
        lines += [f"### {product.name}, {jurisdiction.id}", "", *_table(catalogue, rows), ""]
        missing = sorted(_read_by(checklist, jurisdiction.id) - {v.name for v in rows if v.effective_to is None})
        if missing:
            lines += [f"Not read for today: {', '.join(missing)}.", ""]
    return "\n".join(lines)


def _table(catalogue: Catalogue, rows: list[ParameterValue]) -> list[str]:
    ordered = sorted(rows, key=lambda v: (v.name, v.indication, v.population, v.effective_from or date.min))
    heading = "| parameter | value | in force | source | verification | text date | note |"
    return [heading, "|---|---|---|---|---|---|---|", *(_row(catalogue, value) for value in ordered)]


def _row(catalogue: Catalogue, value: ParameterValue) -> str:
    definition = catalogue.definitions[value.name]
    shown = definition.none_word if value.none else _shown(value.value, definition.unit)
    group = ", ".join(part for part in (value.indication, value.population) if part)
    verification = "**unverified**" if value.verification is Verification.UNVERIFIED else value.verification.value
    cells = (
        f"{value.name} ({group})" if group else value.name,
        shown,
        _period(value),
        value.source,
        verification,
        value.text_date.isoformat() if value.text_date else "undated",
        value.note,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _shown(value: ParameterScalar | None, unit: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " or ".join(value) if isinstance(value, tuple) else str(value)
    return amount(text, unit)


def _period(value: ParameterValue) -> str:
    start = value.effective_from.isoformat() if value.effective_from else ""
    end = value.effective_to.isoformat() if value.effective_to else ""
    match (start, end):
        case ("", ""):
            return ""
        case (_, ""):
            return f"from {start}"
        case ("", _):
            return f"up to {end}"
        case _:
            return f"{start} to {end}"


def _possible_section(catalogue: Catalogue, checklists: list[Checklist]) -> str:
    """Say where READY is possible without a value that the centre supplies, and elsewhere for how many it waits."""
    lines = [
        "## Where READY is possible without values of the centre",
        "",
        "*yes*, or the values that wait to be read. Commercial products, every indication; the texts of today.",
        "",
        f"| product | {' | '.join(_PLACES)} |",
        f"|---|{'---|' * len(_PLACES)}",
    ]
    for checklist in checklists:
        waits = [len(waiting(catalogue, checklist, place)) for place in _PLACES]
        name = catalogue.products[checklist.product].name
        lines.append(f"| {name} | {' | '.join(str(number) if number else 'yes' for number in waits)} |")
    return "\n".join([*lines, ""])


_PLACES = ("US", "EU", "UK", "CH")


def waiting(catalogue: Catalogue, checklist: Checklist, jurisdiction: str) -> frozenset[str]:
    """Name the parameters of requirements that can apply of which no value that decides is in force today."""
    return frozenset(
        name
        for requirement in checklist.requirements
        if checklist.product in requirement.applies.get("product", [checklist.product])
        and jurisdiction in requirement.applies.get("jurisdiction", [jurisdiction])
        for name in _open_names(catalogue, requirement, checklist.product, jurisdiction)
    )


def _open_names(catalogue: Catalogue, requirement: Requirement, product: str, jurisdiction: str) -> Iterator[str]:
    """Name what is not read of one requirement; nothing where a value that was read keeps it from applying."""
    names = {*walk.parameters(requirement.criterion), *requirement.applies.get("parameter", {})} - BUILT_IN_PARAMETERS
    rows = {
        name: [v for v in catalogue.parameters_of(name, product, jurisdiction) if v.effective_to is None]
        for name in names
    }
    for name, rules in requirement.applies.get("parameter", {}).items():
        values = [v.value for v in rows[name] if v.verification.decides]
        if values and not any(value in rules["allowed"] for value in values):
            return
    yield from (name for name, held in rows.items() if not held or not all(v.verification.decides for v in held))


def _read_by(checklist: Checklist, jurisdiction: str) -> set[str]:
    """Name the parameters that requirements of the product read in a jurisdiction."""
    names: set[str] = set()
    for requirement in checklist.requirements:
        products = requirement.applies.get("product", [checklist.product])
        places = requirement.applies.get("jurisdiction", [jurisdiction])
        if checklist.product in products and jurisdiction in places:
            names |= {*walk.parameters(requirement.criterion), *requirement.applies.get("parameter", {})}
    return names - BUILT_IN_PARAMETERS


def _literals_section(catalogue: Catalogue) -> str:
    requirements = {r.id: r for c in _product_checklists(catalogue) for r in c.requirements}
    lines = [
        "## Figures that stand in the requirements themselves",
        "",
        "Figures of guidelines, and proposals of this project, that do not vary by product.",
        "",
        "| requirement | figure | rests on |",
        "|---|---|---|",
    ]
    lines += [
        f"| {r.id} {r.title} | {'; '.join(figures)} | {_sources(r)} |"
        for r in requirements.values()
        if (figures := list(_literals(r.criterion)))
    ]
    return "\n".join([*lines, ""])


def _literals(group: Group) -> Iterator[str]:
    """Give each literal figure of a criterion with the answer or column it limits."""
    for use in walk.uses(group):
        name = use.column or use.question
        if isinstance(use.rule.argument, Part):
            if use.rule.argument in _FIGURES and is_number(use.argument):
                yield f"{name} {use.rule.name} {use.argument}"
        elif use.rule.halves:
            band = [f"{key} {value}" for key, value in use.argument.items() if is_number(value)]
            yield from [f"{name} {' '.join(band)}"] if band else []
        elif use.column:
            share = use.argument
            yield f"{name} min_share {share['min_share']} of {share['of']}, at least {share.get('min_sample', 1)}"


def _sources(requirement: Requirement) -> str:
    return ", ".join(f"{s.id} ({s.kind.value})" for s in requirement.sources)


def main() -> None:
    """Write docs/thresholds.md of the checkout."""
    folder = data_folder("checklists")
    page = folder.parent / "docs" / "thresholds.md"
    write_atomically(page, thresholds_page(read_catalogue(folder)).encode("utf-8"))


if __name__ == "__main__":
    main()
