"""Which questions a workbook must hold: those that the requirements of its checklists read at this centre."""

from collections.abc import Iterator

from cartaudit.model.answers import AnswerType
from cartaudit.model.checklists import Catalogue, Checklist
from cartaudit.model.profile import Profile
from cartaudit.model.questions import Question, Scope
from cartaudit.model.requirements import Duty, Group, Requirement
from cartaudit.model.submission import Identity

PROFILE_AREA = "profile"

Keys = dict[tuple[str, str], Question]


def expected_questions(identity: Identity, catalogue: Catalogue, profile: Profile) -> Keys:
    """List question and scope of everything that has to have a place in the workbook, in catalogue order."""
    wanted: set[tuple[str, str]] = set()
    for checklist, requirement in identity_requirements(identity, catalogue):
        if not _speaks(checklist, requirement, profile):
            continue
        for name in requirement_questions(requirement):
            question = catalogue.questions.get(name)
            if question is not None:
                wanted |= {(name, scope) for scope in _scopes(question, profile, checklist)}
    return {
        (q.id, scope): q
        for q in catalogue.questions.values()
        for scope in ([""] if q.area == PROFILE_AREA else _scopes(q, profile, None))
        if q.area == PROFILE_AREA or (q.id, scope) in wanted
    }


def identity_requirements(identity: Identity, catalogue: Catalogue) -> Iterator[tuple[Checklist, Requirement]]:
    """Give the requirements of the checklists and editions a workbook was made for; of all where it names none."""
    named = identity.checklists or dict.fromkeys(catalogue.checklists, "")
    for name, edition in named.items():
        checklist = catalogue.checklists.get(name)
        for requirement in checklist.requirements if checklist else ():
            if checklist and (not requirement.editions or not edition or edition in requirement.editions):
                yield checklist, requirement


def evidence_questions(identity: Identity, catalogue: Catalogue) -> frozenset[str]:
    """Name the questions whose answers need evidence in a must-requirement of the workbook's checklists."""
    return frozenset(
        name
        for _, requirement in identity_requirements(identity, catalogue)
        if requirement.evidence_required and requirement.duty is Duty.MUST
        for name in group_questions(requirement.criterion)
        if name in catalogue.questions and catalogue.questions[name].type is not AnswerType.REGISTER
    )


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


def _speaks(checklist: Checklist, requirement: Requirement, profile: Profile) -> bool:
    products = requirement.applies.get("product")
    if checklist.product and checklist.product not in profile.products:
        return False
    judged = {checklist.product} if checklist.product else set(profile.products)
    if products and not judged & set(products):
        return False
    places = requirement.applies.get("jurisdiction")
    return not places or profile.jurisdiction is None or profile.jurisdiction in places


def _scopes(question: Question, profile: Profile, checklist: Checklist | None) -> tuple[str, ...]:
    only = checklist.product if checklist else ""
    match question.scope:
        case Scope.CENTRE:
            return ("",)
        case Scope.PRODUCT:
            return tuple(p for p in profile.products if only in ("", p))
        case Scope.TREATMENT:
            return tuple(t.key for t in profile.treatments if only in ("", t.product))
