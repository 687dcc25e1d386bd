"""Lint of requirements: criteria, applicability, gates, sources, coverage, and the parameters they rest on."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cartaudit.catalogue.content import Body, Content
from cartaudit.catalogue.lint.criteria import Vocabulary, lint_criterion, lint_value_rules
from cartaudit.catalogue.lint.places import lint_duplicates, lint_period, place_of
from cartaudit.catalogue.lint.sides import lint_sides
from cartaudit.catalogue.messages import LintMessage, OpenNames, Place, instead
from cartaudit.criteria import walk
from cartaudit.criteria.grammar import BUILT_IN_PARAMETERS
from cartaudit.model.checklists import Kind
from cartaudit.model.countries import COUNTRIES
from cartaudit.model.questions import PROFILE_AREA
from cartaudit.model.requirements import Duty, Requirement, Severity, SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What requirements are checked against: vocabulary, the checklists each file serves, and other ids."""

    content: Content
    vocabulary: Vocabulary
    bodies_of: Mapping[str, tuple[Body, ...]]
    areas: frozenset[str]
    sources: frozenset[str]
    undated_sources: frozenset[str]
    jurisdictions: frozenset[str]
    products: frozenset[str]
    accreditation: frozenset[str]


def setting(content: Content) -> Setting:
    """Gather what requirements are checked against."""
    bodies_of: dict[str, list[Body]] = defaultdict(list)
    for body in content.bodies:
        for name in (*body.shared_files(), body.file.name):
            bodies_of[name].append(body)
    return Setting(
        content=content,
        vocabulary=vocabulary(content),
        bodies_of={name: tuple(bodies) for name, bodies in bodies_of.items()},
        areas=content.known("area", (a.id for a in content.areas)),
        sources=content.known("source", (s.id for s in content.sources)),
        undated_sources=frozenset(s.id for s in content.sources) - {s.id for s in content.sources if s.date},
        jurisdictions=content.known("jurisdiction", (j.id for j in content.jurisdictions)),
        products=content.known("product", (b.product.id for b in content.bodies if b.product)),
        accreditation=content.known(
            "requirement",
            (r.id for file, group in content.requirements.items() if file.startswith("accreditation/") for r in group),
        ),
    )


def vocabulary(content: Content) -> Vocabulary:
    """Gather what criteria may name."""
    values: dict[str, list[Any]] = defaultdict(list)
    for value in content.parameters():
        values[value.name].append(value)
    products = {b.product.id for b in content.bodies if b.product}
    indications = {i.id for b in content.bodies if b.product for i in b.product.indications}
    countries = {*COUNTRIES, *(c for j in content.jurisdictions for c in j.countries)}
    known_products = OpenNames if not content.complete("product", "checklist") else frozenset
    options = {
        "products": known_products(products),
        "profile.products": known_products(products),
        "indications": known_products(indications),
        "jurisdictions": content.known("jurisdiction", (j.id for j in content.jurisdictions)),
        "jurisdictions.countries": (frozenset if content.complete("jurisdiction") else OpenNames)(countries),
    }
    for name, rows in values.items():
        flat = (v for row in rows for v in (row.value if isinstance(row.value, tuple) else (row.value,)))
        options[f"values.{name}"] = frozenset(v for v in flat if isinstance(v, str))
    for definition in content.definitions if not content.complete("parameter", "product", "checklist") else ():
        options[f"values.{definition.name}"] = OpenNames()
    return Vocabulary(
        questions={q.id: q for q in reversed(content.questions)},
        definitions={d.name: d for d in content.definitions},
        values=values,
        options=options,
        broken_questions=content.known("question", ()),
        broken_definitions=content.known("definition", ()),
    )


def lint_requirements(checked: Setting) -> Iterator[LintMessage]:
    """Check every requirement of every file."""
    requirements = checked.content.all_requirements()
    yield from lint_duplicates(((r.id, requirement_place(r)) for r in requirements), "Requirement")
    for requirement in requirements:
        yield from lint_requirement(requirement, checked)
    yield from _unused(checked, requirements)


def requirement_place(requirement: Requirement) -> Place:
    """Give the place of a requirement."""
    return Place(requirement.source_file, f"requirement[{requirement.id}]")


def lint_requirement(requirement: Requirement, checked: Setting) -> Iterator[LintMessage]:
    """Check one requirement."""
    place = requirement_place(requirement)
    if requirement.area not in checked.areas:
        yield place.at("area").error(
            f"There is no area '{requirement.area}'.", instead(requirement.area, checked.areas, "one of areas.toml")
        )
    yield from lint_period(requirement, place)
    found = list(lint_criterion(requirement.criterion, place.at("criterion"), checked.vocabulary, binding=True))
    yield from found or lint_sides(requirement, place, checked.vocabulary)
    for key, group in (("partial", requirement.partial), ("watch", requirement.watch)):
        if group:
            yield from lint_criterion(group, place.at(key), checked.vocabulary)
    yield from _weight(requirement, place)
    yield from _citations(requirement, place, checked)
    yield from _applies(requirement, place.at("applies"), checked)
    yield from _coverage(requirement, place, checked)
    yield from _editions(requirement, place, checked)
    yield from _parameters(requirement, place, checked)


def _weight(requirement: Requirement, place: Place) -> Iterator[LintMessage]:
    """Check what a gate or a critical requirement may be."""
    if requirement.gate and requirement.allow_na:
        yield place.at("allow_na").error("A gate may never allow N/A.", "Remove allow_na, or narrow 'applies'.")
    if requirement.gate and requirement.duty is not Duty.MUST:
        yield place.at("gate").error(
            f"What moves no verdict ({requirement.duty.value}) cannot be a gate.", "Remove gate, or make it a must."
        )
    yield from _proposed(requirement, place)
    if requirement.evidence_max_age_days and not requirement.evidence_required:
        yield place.at("evidence_max_age_days").warning(
            "Evidence may age out, but none is required.", "Add evidence_required = true, or remove the age."
        )


def _proposed(requirement: Requirement, place: Place) -> Iterator[LintMessage]:
    """Check that figures of this project inside a sourced duty are marked, and close no centre."""
    proposes = any(c.kind is SourceKind.PROPOSAL for c in requirement.sources)
    mixed = proposes and not requirement.is_proposal and any(walk.figures(requirement.criterion))
    here = place.at("proposed_threshold")
    if mixed and not requirement.proposed_threshold:
        yield here.error(
            "The duty has a source, a figure may be a proposal, and it is not said which.",
            "Name the figures that are proposals of this project, or drop the proposal from the sources.",
        )
    if requirement.proposed_threshold and not mixed:
        yield here.error(
            "No figure of a sourced duty is a proposal here.", "Remove it, or cite a proposal beside the source."
        )
    if mixed and (requirement.gate or requirement.severity is Severity.CRITICAL):
        yield here.error(
            "A proposed figure may not decide a gate or a critical.", "Ask for it in a requirement of its own."
        )


def _citations(requirement: Requirement, place: Place, checked: Setting) -> Iterator[LintMessage]:
    for citation in requirement.sources:
        here = place.at("sources").item(citation.id)
        if citation.id not in checked.sources:
            yield here.error(
                f"There is no source '{citation.id}'.", instead(citation.id, checked.sources, "one of sources.toml")
            )
    if not any(c.date or c.id not in checked.undated_sources for c in requirement.sources):
        yield place.at("sources").error(
            "None of the sources has a date.", 'Write it in sources.toml; "undated" where a text shows none.'
        )


def _applies(requirement: Requirement, place: Place, checked: Setting) -> Iterator[LintMessage]:
    applies = requirement.applies
    if "profile" in applies:
        yield from lint_profile_group(applies["profile"], place.at("profile"), checked.vocabulary)
    for key, known in (("jurisdiction", checked.jurisdictions), ("product", checked.products)):
        for name in applies.get(key, ()):
            if name not in known:
                yield place.at(key).error(f"There is no {key} '{name}'.", instead(name, known, f"a known {key}"))
    for name, rules in applies.get("parameter", {}).items():
        here = place.at("parameter")
        definition = checked.vocabulary.definitions.get(name)
        if definition is not None:
            yield from lint_value_rules(rules, here, definition, checked.vocabulary)
        elif name not in checked.vocabulary.broken_definitions:
            remedy = instead(name, checked.vocabulary.definitions, "one of parameters.toml")
            yield here.at(name).error(f"There is no parameter '{name}'.", remedy)


def lint_profile_group(group: Any, place: Place, vocabulary: Vocabulary) -> Iterator[LintMessage]:
    """Check a group that may ask nothing but the profile."""
    yield from lint_criterion(group, place, vocabulary)
    for name in walk.questions(group):
        question = vocabulary.questions.get(name)
        if question is not None and question.area != PROFILE_AREA:
            yield place.at(name).error(f"'{name}' is no question of the profile.", "Test profile questions only.")


def _coverage(requirement: Requirement, place: Place, checked: Setting) -> Iterator[LintMessage]:
    bodies = checked.bodies_of.get(requirement.source_file, ())
    if requirement.covered_by and any(b.checklist.kind is not Kind.PRODUCT for b in bodies):
        yield place.at("covered_by").error("Only a manufacturer's requirement can be covered.", "Remove covered_by.")
    for coverage in requirement.covered_by:
        if coverage.requirement not in checked.accreditation:
            yield (
                place.at("covered_by")
                .item(coverage.requirement)
                .error(
                    f"There is no accreditation requirement '{coverage.requirement}'.",
                    instead(coverage.requirement, checked.accreditation, "one of an accreditation checklist"),
                )
            )


def _editions(requirement: Requirement, place: Place, checked: Setting) -> Iterator[LintMessage]:
    bodies = checked.bodies_of.get(requirement.source_file, ())
    known = {e.edition for body in bodies for e in body.editions}
    for edition in requirement.editions:
        if bodies and edition not in known:
            yield place.at("editions").error(
                f"No checklist of this requirement has an edition '{edition}'.",
                instead(edition, known, "an edition of the checklist"),
            )


def _parameters(requirement: Requirement, place: Place, checked: Setting) -> Iterator[LintMessage]:
    """Check that the parameters a requirement rests on can be found for its products."""
    bodies = checked.bodies_of.get(requirement.source_file, ())
    used = set(walk.parameters_of(requirement))
    others = [b.checklist.id for b in bodies if b.checklist.kind is not Kind.PRODUCT]
    if others and used - {"jurisdiction"}:
        yield place.error(
            f"Parameter '{min(used - {'jurisdiction'})}' can never be found in checklist '{others[0]}', "
            "which is no product's.",
            "Write the value itself.",
        )
        return
    products = {b.product.id for b in bodies if b.product}
    if not products or not checked.content.complete("parameter", "product", "checklist"):
        return
    for name in sorted(used & checked.vocabulary.definitions.keys() - BUILT_IN_PARAMETERS):
        if not any(v.product in products for v in checked.vocabulary.values.get(name, ())):
            yield place.error(
                f"No product of this requirement has a value for parameter '{name}'.",
                "Add a [[parameter]] to a product, or write the value itself.",
            )


def _unused(checked: Setting, requirements: Sequence[Requirement]) -> Iterator[LintMessage]:
    """Warn of questions nobody uses, shared files nobody includes and parameters no criterion reads."""
    content = checked.content
    groups = [group for r in requirements for group in walk.groups_of(r)]
    groups += [body.checklist.selected_by for body in content.bodies]
    used = set(walk.questions(*groups))
    if content.complete("requirement", "checklist"):
        for question in content.questions:
            if question.area != PROFILE_AREA and question.id not in used:
                yield place_of(question).warning("No requirement uses this question.", "Use it, or remove it.")
        read = {name for r in requirements for name in walk.parameters_of(r)}
        for definition in content.definitions:
            if definition.name not in read and not definition.informational:
                yield Place("parameters.toml", f"definition[{definition.name}]").warning(
                    "No requirement uses this parameter.", "Use it, or remove it."
                )
        for name in content.requirements:
            if name.rpartition("/")[2].startswith("_") and name not in checked.bodies_of:
                yield Place(name).warning("No checklist includes this file.", "Name it in requirements_from.")
