"""Which questions a workbook must hold: those that the requirements of its checklists read at this centre."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from cartaudit.model.answers import AnswerType
from cartaudit.model.checklists import Catalogue, Checklist
from cartaudit.model.profile import Profile
from cartaudit.model.questions import Question, Scope
from cartaudit.model.requirements import Duty, Group, Requirement

PROFILE_AREA = "profile"

_CENTRE, _PRODUCT = Scope.CENTRE, Scope.PRODUCT
_ONCE = ("",)

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

    def speaks(self, products: frozenset[str], jurisdiction: str | None) -> bool:
        """Tell whether the requirements are about a centre with these products in this jurisdiction."""
        if self.product and self.product not in products:
            return False
        judged = {self.product} if self.product else products
        if self.products and judged.isdisjoint(self.products):
            return False
        return not self.places or jurisdiction is None or jurisdiction in self.places


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
    products = frozenset(profile.products)
    wanted: dict[str, set[str]] = {}
    for demand in demanded:
        if demand.speaks(products, profile.jurisdiction):
            wanted.setdefault(demand.product, set()).update(demand.questions)
    found: Keys = {}
    for question in catalogue.questions.values():
        if question.area == PROFILE_AREA:
            found[question.id, ""] = question
        elif only := [product for product, names in wanted.items() if question.id in names]:
            for scope in _scopes(question, profile, only):
                found[question.id, scope] = question
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


def _scopes(question: Question, profile: Profile, only: Collection[str]) -> tuple[str, ...]:
    """Give the scopes in which a question is asked of these products; the empty name stands for all of them."""
    if question.scope is _CENTRE:
        return _ONCE
    if question.scope is _PRODUCT:
        return tuple(p for p in profile.products if "" in only or p in only)
    return tuple(t.key for t in profile.treatments if "" in only or t.product in only)
