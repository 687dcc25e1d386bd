"""Which questions a workbook must hold: those that the requirements of its checklists read at this centre."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cartaudit.model.answers import AnswerType
from cartaudit.model.checklists import Catalogue, Checklist
from cartaudit.model.profile import Profile
from cartaudit.model.questions import Question, Scope
from cartaudit.model.requirements import Duty, Group, Requirement

PROFILE_AREA = "profile"

Keys = dict[tuple[str, str], Question]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the requirements of a checklist read that apply under the same conditions.

    `editions`, `products` and `places` are those of the requirements, empty where they do not ask. `evidence` names
    the questions whose answers need evidence; a register names it in its rows.
    """

    product: str
    editions: tuple[str, ...]
    products: tuple[str, ...]
    places: tuple[str, ...]
    questions: frozenset[str]
    evidence: frozenset[str]

    def of_edition(self, edition: str) -> bool:
        """Tell whether the requirements belong to an edition; all do where none is named."""
        return not self.editions or not edition or edition in self.editions

    def speaks(self, profile: Profile) -> bool:
        """Tell whether the requirements are about a centre with this profile."""
        if self.product and self.product not in profile.products:
            return False
        judged = {self.product} if self.product else set(profile.products)
        if self.products and not judged & set(self.products):
            return False
        return not self.places or profile.jurisdiction is None or profile.jurisdiction in self.places


def demands(checklist: Checklist, catalogue: Catalogue) -> tuple[Demand, ...]:
    """Gather what a checklist demands, by the conditions it demands it under."""
    conditions: dict[tuple[tuple[str, ...], ...], list[Requirement]] = {}
    for requirement in checklist.requirements:
        applies = (requirement.applies.get(name) or () for name in ("product", "jurisdiction"))
        conditions.setdefault((requirement.editions, *map(tuple, applies)), []).append(requirement)
    return tuple(
        Demand(
            product=checklist.product,
            editions=editions,
            products=products,
            places=places,
            questions=frozenset(n for r in listed for n in requirement_questions(r) if n in catalogue.questions),
            evidence=frozenset(name for r in listed for name in _evidence_questions(r, catalogue)),
        )
        for (editions, products, places), listed in conditions.items()
    )


def _evidence_questions(requirement: Requirement, catalogue: Catalogue) -> Iterator[str]:
    if requirement.evidence_required and requirement.duty is Duty.MUST:
        for name in group_questions(requirement.criterion):
            if name in catalogue.questions and catalogue.questions[name].type is not AnswerType.REGISTER:
                yield name


def expected_questions(demanded: Iterable[Demand], catalogue: Catalogue, profile: Profile) -> Keys:
    """List question and scope of everything that has to have a place in the workbook, in catalogue order."""
    wanted: dict[str, set[str]] = {}
    for demand in demanded:
        if demand.speaks(profile):
            for name in demand.questions:
                wanted.setdefault(name, set()).add(demand.product)
    found: Keys = {}
    for question in catalogue.questions.values():
        if question.area == PROFILE_AREA:
            found[question.id, ""] = question
        elif question.id in wanted:
            only = wanted[question.id]
            asked = {scope for product in only for scope in _scopes(question, profile, product)}
            found |= {(question.id, scope): question for scope in _scopes(question, profile, "") if scope in asked}
    return found


def requirement_questions(requirement: Requirement) -> Iterator[str]:
    """Name every question a requirement reads."""
    for group in (
        requirement.criterion,
        requirement.partial,
        requirement.watch,
        requirement.applies.get("profile", {}),
    ):
        yield from group_questions(group)


def group_questions(group: Group) -> Iterator[str]:
    """Name the questions a group reads, those that `at_least` and `at_most` refer to included."""
    for name, rules in group.items():
        if name == "anyof":
            for alternative in rules:
                yield from group_questions(alternative)
        else:
            yield name
            yield from (rules[rule] for rule in ("at_least", "at_most") if rule in rules)


def _scopes(question: Question, profile: Profile, only: str) -> tuple[str, ...]:
    match question.scope:
        case Scope.CENTRE:
            return ("",)
        case Scope.PRODUCT:
            return tuple(p for p in profile.products if only in ("", p))
        case Scope.TREATMENT:
            return tuple(t.key for t in profile.treatments if only in ("", t.product))
