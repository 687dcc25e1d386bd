"""Lint of checklists, editions, products and the values of their parameters."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from cartaudit.catalogue.content import Body, Content
from cartaudit.catalogue.lint.criteria import lint_without_parameters
from cartaudit.catalogue.lint.places import lint_duplicates, lint_period, overlap
from cartaudit.catalogue.lint.requirements import Setting, lint_profile_group
from cartaudit.catalogue.messages import LintMessage, Place, instead, written
from cartaudit.catalogue.reading import BODY_FOLDERS
from cartaudit.criteria.comparing import fits
from cartaudit.criteria.supplied import possible
from cartaudit.model.checklists import Kind
from cartaudit.model.parameters import ParameterDefinition, ParameterValue

ValueKey = tuple[str, str, str, str, str]


def lint_checklists(checked: Setting) -> Iterator[LintMessage]:
    """Check every checklist file, and what may stand only once over all of them."""
    bodies = checked.content.bodies
    yield from lint_duplicates(((b.checklist.id, b.place.at("checklist")) for b in bodies), "Checklist")
    yield from lint_duplicates(((b.product.id, b.place.at("product")) for b in bodies if b.product), "Product")
    for body in bodies:
        yield from _head(body, checked)
        yield from _editions(body, checked)
        yield from _edition_map(body, checked.content)
    for value in checked.content.parameters():
        yield from lint_value(value, value_place(value), checked)
    yield from lint_overlaps(checked.content.parameters())


def _head(body: Body, checked: Setting) -> Iterator[LintMessage]:
    place, checklist = body.place.at("checklist"), body.checklist
    kind = BODY_FOLDERS[body.file.folder]
    if checklist.kind is not kind:
        yield place.at("kind").error(
            f"The kind is {checklist.kind.value}, the folder holds {kind.value} checklists.", "Correct one of them."
        )
    if kind is Kind.PRODUCT and body.product is None and "product" not in body.file.data:
        yield body.place.at("product").error("The [product] table is missing.", "Add it.")
    if kind is not Kind.PRODUCT:
        for key in ("product", "parameter"):
            if key in body.file.data:
                yield body.place.at(key).error(f"'{key}' belongs to manufacturers only.", "Remove it.")
        if not checklist.selected_by:
            yield place.at("selected_by").warning(
                "The checklist is never chosen by the profile.", "Add selected_by = { question = { ... } }."
            )
    if checklist.selected_by:
        yield from lint_profile_group(checklist.selected_by, place.at("selected_by"), checked.vocabulary)
        yield from lint_without_parameters(checklist.selected_by, place.at("selected_by"))
    for stem, name in zip(body.requirements_from, body.shared_files(), strict=True):
        if name not in checked.content.requirements and checked.content.complete("requirement"):
            yield place.at("requirements_from").error(
                f"There is no file '{name}'.",
                f"Name a file beside this one that begins with an underscore, not '{stem}'.",
            )
    found = all(name in checked.content.requirements for name in body.shared_files())
    if found and not checked.content.requirements_of(body) and checked.content.complete("requirement"):
        yield place.error("The checklist has no requirement.", "Add [[requirement]] tables or requirements_from.")
    if checklist.scale.isolated_max >= checklist.scale.widespread_min:
        yield place.at("scale").error("isolated_max is not below widespread_min.", "Correct one of them.")


def _editions(body: Body, checked: Setting) -> Iterator[LintMessage]:
    if not body.editions and body.checklist.kind is not Kind.PRODUCT and not body.file.data.get("edition"):
        yield body.place.at("edition").error("The checklist has no edition.", "Add a dated [[edition]].")
    entries = [(e.edition, body.place.at("edition").item(e.edition)) for e in body.editions]
    yield from lint_duplicates(entries, "Edition")
    for number, (edition, (_, place)) in enumerate(zip(body.editions, entries, strict=True)):
        yield from lint_period(edition, place)
        if edition.source not in checked.sources:
            yield place.at("source").error(
                f"There is no source '{edition.source}'.",
                instead(edition.source, checked.sources, "one of sources.toml"),
            )
        for other in body.editions[:number]:
            if overlap(edition, other) and edition.effective_from == other.effective_from:
                yield place.at("effective_from").error(
                    f"Editions '{other.edition}' and '{edition.edition}' begin on the same day.",
                    "Date them apart: nothing else tells which of them is in force.",
                )


def _edition_map(body: Body, content: Content) -> Iterator[LintMessage]:
    editions = {e.edition for e in body.editions}
    requirements = content.known("requirement", (r.id for r in content.requirements_of(body)))
    for change in body.edition_map:
        place = body.place.at("edition_map").item(change.requirement)
        for key, edition in (("from", change.from_edition), ("to", change.to_edition)):
            if edition not in editions:
                yield place.at(key).error(
                    f"There is no edition '{edition}'.", instead(edition, editions, "an edition of this file")
                )
        if change.requirement not in requirements:
            yield place.error(
                f"There is no requirement '{change.requirement}' in this checklist.",
                instead(change.requirement, requirements, "one of its requirements"),
            )


def value_place(value: ParameterValue) -> Place:
    """Give the place of a parameter value, named by what tells it from others."""
    since = f" {value.effective_from}" if value.effective_from else ""
    parts = (value.name, value.jurisdiction, value.indication, value.population)
    return Place(value.source_file, f"parameter[{' '.join(p for p in parts if p)}{since}]")


def lint_value(value: ParameterValue, place: Place, checked: Setting) -> Iterator[LintMessage]:
    """Check one value of a parameter against its definition and the ids it names."""
    definition = checked.vocabulary.definitions.get(value.name)
    if definition is None:
        if value.name not in checked.vocabulary.broken_definitions:
            yield place.at("name").error(
                f"There is no parameter '{value.name}'.",
                instead(value.name, checked.vocabulary.definitions, "one of parameters.toml"),
            )
    else:
        yield from _typed(value, definition, place)
    yield from lint_period(value, place)
    if value.jurisdiction not in checked.jurisdictions:
        yield place.at("jurisdiction").error(
            f"There is no jurisdiction '{value.jurisdiction}'.",
            instead(value.jurisdiction, checked.jurisdictions, "one of jurisdictions.toml"),
        )
    if value.source not in checked.sources:
        yield place.at("source").error(
            f"There is no source '{value.source}'.", instead(value.source, checked.sources, "one of sources.toml")
        )
    yield from _patients(value, place, checked)


def _typed(value: ParameterValue, definition: ParameterDefinition, place: Place) -> Iterator[LintMessage]:
    if value.none and value.value is not None:
        yield place.at("none").error(
            "'none' and 'value' stand together.", "Keep one: none means the text sets no limit."
        )
    elif value.value is None and not value.none:
        yield place.at("value").error(
            "There is no value.", "Write value = ..., or none = true where the text sets no limit."
        )
    elif value.value is not None and not fits(value.value, definition.type):
        yield place.at("value").error(
            f"{written(value.value)} is not of type {definition.type}.",
            "Write a value of the type that parameters.toml declares.",
        )
    elif not possible(value.value, definition):
        assert definition.range is not None
        yield place.at("value").error(
            f"{written(value.value)} lies outside what can be, {definition.range.low} to {definition.range.high}.",
            "Correct the value, or widen the range in parameters.toml with a reason.",
        )


def _patients(value: ParameterValue, place: Place, checked: Setting) -> Iterator[LintMessage]:
    product = next((b.product for b in checked.content.bodies if b.product and b.product.id == value.product), None)
    if product is not None and value.indication:
        known = {i.id for i in product.indications}
        if value.indication not in known:
            yield place.at("indication").error(
                f"'{value.indication}' is no indication of {product.id}.",
                instead(value.indication, known, "one of the product's indications"),
            )
    treatments = checked.vocabulary.questions.get("treatments")
    column = treatments.column("population") if treatments else None
    if column is not None and value.population and value.population not in {c.id for c in column.choices}:
        yield place.at("population").error(
            f"'{value.population}' is no population of the profile.", "Use an id of the column treatments.population."
        )


def lint_overlaps(values: tuple[ParameterValue, ...]) -> Iterator[LintMessage]:
    """Report values of the same parameter, product, place and patients whose periods share a day."""
    groups: dict[ValueKey, list[ParameterValue]] = defaultdict(list)
    for value in values:
        groups[value_key(value)].append(value)
    for group in groups.values():
        ordered = sorted(group, key=lambda v: v.effective_from or date.min)
        for number, later in enumerate(ordered):
            for earlier in ordered[:number]:
                if overlap(earlier, later):
                    yield value_place(later).error(
                        f"The period overlaps with that from {earlier.effective_from or 'ever'} "
                        f"to {earlier.effective_to or 'open'}.",
                        "effective_to is exclusive: end the earlier value on the day the later one begins.",
                    )


def value_key(value: ParameterValue) -> ValueKey:
    """Give what tells one series of values from another; only their periods differ then."""
    return value.name, value.product, value.jurisdiction, value.indication, value.population
