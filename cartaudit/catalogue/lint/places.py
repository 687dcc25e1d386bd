"""Lint of areas, jurisdictions, sources and questions: ids, sheets, choices, columns, the needed profile."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from cartaudit.catalogue.content import Content
from cartaudit.catalogue.lint.latest import lint_latest
from cartaudit.catalogue.lint.ranges import lint_ranges
from cartaudit.catalogue.messages import LintMessage, Place, instead, listed
from cartaudit.criteria.grammar import ANYOF
from cartaudit.model.answers import AnswerType
from cartaudit.model.areas import Area
from cartaudit.model.layout import IDENTITY_SHEET, INSTRUCTIONS_SHEET, SITE_VALUES_SHEET
from cartaudit.model.questions import PROFILE_AREA, Choice, Column, Question, Scope
from cartaudit.model.requirements import Phase

NEEDED_PROFILE: Mapping[str, AnswerType] = {
    "site_name": AnswerType.TEXT,
    "site_code": AnswerType.TEXT,
    "country": AnswerType.CHOICE,
    "phase": AnswerType.CHOICE,
    "treatments": AnswerType.REGISTER,
    "assessed_on": AnswerType.DATE,
    "verifier_role": AnswerType.TEXT,
    "verified_on": AnswerType.DATE,
}
"""Profile questions that are read by name, with their types."""

NEEDED_COLUMNS = ("product", "indication", "population", "route")
"""Columns of the register `treatments` that are read by name."""

_RESERVED_SHEETS = (INSTRUCTIONS_SHEET, SITE_VALUES_SHEET, IDENTITY_SHEET, "History")
_REFUSED_IN_SHEETS = frozenset("[]:*?/\\")
_CHOOSING = frozenset({AnswerType.CHOICE, AnswerType.CHOICES})


class Dated(Protocol):
    """Anything in force for a period; `effective_to` is exclusive."""

    @property
    def effective_from(self) -> date | None:
        """Give the first day, or None for since ever."""

    @property
    def effective_to(self) -> date | None:
        """Give the first day no longer in force, or None for open."""


def overlap(one: Dated, other: Dated) -> bool:
    """Tell whether two periods share a day."""
    return (one.effective_from or date.min) < (other.effective_to or date.max) and (
        other.effective_from or date.min
    ) < (one.effective_to or date.max)


def lint_period(dated: Dated, place: Place) -> Iterator[LintMessage]:
    """Report a period that ends before it begins."""
    if dated.effective_from and dated.effective_to and dated.effective_to <= dated.effective_from:
        yield place.at("effective_to").error(
            f"The period ends on {dated.effective_to}, not after its first day {dated.effective_from}.",
            "effective_to is the first day no longer in force: write a later one.",
        )


def lint_duplicates(entries: Iterable[tuple[str, Place]], what: str) -> Iterator[LintMessage]:
    """Report ids that stand twice, at the second place."""
    seen: dict[str, Place] = {}
    for name, place in entries:
        if name in seen:
            yield place.error(
                f"{what} '{name}' stands twice; first in {seen[name].file}.", "Rename or remove one: ids never repeat."
            )
        seen.setdefault(name, place)


def lint_places(content: Content) -> Iterator[LintMessage]:
    """Check areas, jurisdictions, sources and questions."""
    yield from _ids(content)
    yield from _sheets(content)
    yield from _jurisdictions(content)
    areas = content.known("area", (a.id for a in content.areas))
    unknown_areas = {(q.source_file, q.area) for q in content.questions if q.area and q.area not in areas}
    for file, area in sorted(unknown_areas):
        yield Place(file, "area").error(f"There is no area '{area}'.", instead(area, areas, "one of areas.toml"))
    for question in content.questions:
        yield from _question(question)
    yield from _profile(content)


def place_of(question: Question) -> Place:
    """Give the place of a question."""
    return Place(question.source_file, f"question[{question.id}]")


def _ids(content: Content) -> Iterator[LintMessage]:
    for file, kind, names in (
        ("areas.toml", "area", [a.id for a in content.areas]),
        ("jurisdictions.toml", "jurisdiction", [j.id for j in content.jurisdictions]),
        ("sources.toml", "source", [s.id for s in content.sources]),
        ("parameters.toml", "definition", [d.name for d in content.definitions]),
    ):
        yield from lint_duplicates(((name, Place(file, f"{kind}[{name}]")) for name in names), kind.capitalize())
    yield from lint_duplicates(((q.id, place_of(q)) for q in content.questions), "Question")


def _sheets(content: Content) -> Iterator[LintMessage]:
    taken = {name.casefold(): "the tool" for name in _RESERVED_SHEETS}
    registers = [q for q in content.questions if q.type is AnswerType.REGISTER and q.sheet]
    owners: list[Area | Question] = [*content.areas, *registers]
    for owner in owners:
        place = (Place("areas.toml", f"area[{owner.id}]") if isinstance(owner, Area) else place_of(owner)).at("sheet")
        yield from _sheet_name(owner.sheet, place)
        if owner.sheet.casefold() in taken:
            yield place.error(
                f"Sheet '{owner.sheet}' is taken by {taken[owner.sheet.casefold()]}; capitals make no difference.",
                "Choose another name.",
            )
        taken.setdefault(owner.sheet.casefold(), f"'{owner.id}'")


def _sheet_name(name: str, place: Place) -> Iterator[LintMessage]:
    if len(name) > 31:
        yield place.error(f"Sheet name '{name}' has {len(name)} characters.", "Shorten it to 31 or fewer.")
    refused = sorted(set(name) & _REFUSED_IN_SHEETS)
    if refused or name.startswith("'") or name.endswith("'") or name != name.strip():
        yield place.error(
            f"Sheet name '{name}' holds what a workbook refuses.",
            "Leave out [ ] : * ? / \\ everywhere, and apostrophes and blanks at the ends.",
        )


def _jurisdictions(content: Content) -> Iterator[LintMessage]:
    for number, one in enumerate(content.jurisdictions):
        place = Place("jurisdictions.toml", f"jurisdiction[{one.id}]")
        yield from lint_period(one, place)
        for country in one.countries:
            if len(country) != 2 or not country.isascii() or not country.isupper():
                yield place.at("countries").error(
                    f"'{country}' is no country code.", "Write the two capitals of ISO 3166."
                )
        for other in content.jurisdictions[:number]:
            shared = set(one.countries) & set(other.countries)
            if shared and overlap(one, other):
                yield place.at("countries").error(
                    f"{listed(shared)} stands in {other.id} too, in the same period.",
                    "A country belongs to one jurisdiction on any one day: date them apart.",
                )


def _question(question: Question) -> Iterator[LintMessage]:
    place = place_of(question)
    if question.id == ANYOF:
        yield place.error(f"'{ANYOF}' is a word of the criterion grammar.", "Choose another id.")
    yield from _choices(question, place)
    yield from lint_ranges(question, place)
    yield from lint_latest(question, place)
    if question.type is AnswerType.REGISTER:
        yield from _register(question, place)
    else:
        for key, found in (("sheet", question.sheet), ("columns", question.columns)):
            if found:
                yield place.at(key).error(f"'{key}' belongs to registers only.", "Remove it.")
    if question.area == PROFILE_AREA and question.scope is not Scope.CENTRE:
        yield place.at("scope").error("A profile question is asked of the centre once.", "Remove the scope.")
    if question.type is AnswerType.NUMBER and not question.unit:
        yield place.at("unit").warning("The number has no unit.", 'Write one, or "1" for a bare number.')
    if question.area != PROFILE_AREA:
        missing = [key for key in ("help", "role") if not getattr(question, key)]
        if missing:
            yield place.warning(f"{' and '.join(missing)} missing.", "Say what counts and who usually answers.")


def _choices(asked: Question | Column, place: Place) -> Iterator[LintMessage]:
    if asked.type not in _CHOOSING:
        for key, found in (("choices", asked.choices), ("choices_from", asked.choices_from)):
            if found:
                yield place.at(key).error(f"'{key}' does not fit the answer type {asked.type.value}.", "Remove it.")
        return
    if bool(asked.choices) == bool(asked.choices_from):
        yield place.error("A choice needs either 'choices' or 'choices_from'.", "Write one of the two, and not both.")
    yield from _distinct([c.id for c in asked.choices], "id", place)
    yield from _distinct([_shown(c) for c in asked.choices], "label", place)


def _shown(choice: Choice) -> str:
    return " ".join(choice.label.casefold().split())


def _distinct(names: Sequence[str], what: str, place: Place) -> Iterator[LintMessage]:
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield place.at("choices").error(f"Choice {what} '{name}' stands twice.", "Make each one different.")


def _register(question: Question, place: Place) -> Iterator[LintMessage]:
    if not question.columns:
        yield place.at("columns").error("A register needs columns.", "Add columns = [{ ... }].")
    if not question.sheet:
        yield place.at("sheet").error(
            "A register needs a sheet of its own.", 'Add sheet = "..." (up to 31 characters).'
        )
    if question.scope is not Scope.CENTRE:
        yield place.at("scope").error(
            "A register is filled once for the centre.", "Remove the scope, and give the register a product column."
        )
    ids = [c.id for c in question.columns]
    for name in sorted({n for n in ids if ids.count(n) > 1}):
        yield place.at("columns").item(name).error(f"Column '{name}' stands twice.", "Rename or remove one.")
    headings = [" ".join(c.text.casefold().split()) for c in question.columns]
    for heading in sorted({h for h in headings if headings.count(h) > 1}):
        yield place.at("columns").error(f"Two columns are headed '{heading}'.", "Word them differently.")
    for column in question.columns:
        yield from _column(column, place.at("columns").item(column.id))


def _column(column: Column, place: Place) -> Iterator[LintMessage]:
    if column.id == ANYOF:
        yield place.error(f"'{ANYOF}' is a word of the criterion grammar.", "Choose another id.")
    if column.type is AnswerType.REGISTER:
        yield place.at("type").error("A register cannot hold a register.", "Make it a register question of its own.")
    if column.type is AnswerType.SHARE:
        yield place.at("type").error(
            "A share needs three cells and cannot be a column.", "Use two integer columns, compared by at_most."
        )
    else:
        yield from lint_ranges(column, place)
    yield from _choices(column, place)


def _profile(content: Content) -> Iterator[LintMessage]:
    """Check that the answers the engine reads by name are asked for, each in its type."""
    found = {q.id: q for q in content.questions if q.area == PROFILE_AREA}
    known = content.known("question", ())
    file = next((q.source_file for q in found.values()), "questions/profile.toml")
    for name, kind in NEEDED_PROFILE.items():
        place = Place(file, f"question[{name}]")
        if name not in found:
            if name not in known:
                yield place.error("The profile needs this question.", f'Add it, with type = "{kind.value}".')
        elif found[name].type is not kind:
            yield place.at("type").error(f"The type is {found[name].type.value}.", f"It must be {kind.value}.")
    treatments = found.get("treatments")
    for column in NEEDED_COLUMNS if treatments else ():
        if treatments and treatments.column(column) is None:
            yield place_of(treatments).at("columns").error(f"Column '{column}' is missing.", "Add it.")
    phase = found.get("phase")
    if phase and {c.id for c in phase.choices} != {p.value for p in Phase}:
        yield (
            place_of(phase)
            .at("choices")
            .error("The phases are not those the engine knows.", f"Use the ids {', '.join(Phase)}.")
        )
