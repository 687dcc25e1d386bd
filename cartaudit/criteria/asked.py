"""What is asked: the questions that requirements in force read, each for the products or treatments it is asked for.

The workbook that is written, the one that is expected back, and the answers that are judged all follow from here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from cartaudit.criteria.editions import InForce
from cartaudit.criteria.walk import questions_of
from cartaudit.model.checklists import Checklist
from cartaudit.model.profile import Treatment
from cartaudit.model.questions import PROFILE_AREA, Question, Scope
from cartaudit.model.requirements import Requirement

QuestionKey = tuple[str, str]
"""Question id and scope ("" for the centre, a product id or a treatment key)."""


def scope_key(scope: Scope, treatment: Treatment | None) -> str:
    """Give the key under which a question is answered for a treatment."""
    if treatment is None or scope is Scope.CENTRE:
        return ""
    return treatment.product if scope is Scope.PRODUCT else treatment.key


def scopes_of(question: Question, treatments: Iterable[Treatment]) -> tuple[str, ...]:
    """List the scopes in which a question is asked for some treatments, each once."""
    if question.scope is Scope.CENTRE:
        return ("",)
    return tuple(dict.fromkeys(scope_key(question.scope, treatment) for treatment in treatments))


def concerns(
    requirement: Requirement, checklist: Checklist, products: Collection[str], jurisdiction: str | None
) -> bool:
    """Tell whether a requirement may be judged at a centre with these products (jurisdiction None: not known)."""
    if checklist.product and checklist.product not in products:
        return False
    judged = {checklist.product} if checklist.product else products
    only, places = requirement.applies.get("product"), requirement.applies.get("jurisdiction")
    if only and not any(product in only for product in judged):
        return False
    return not places or jurisdiction is None or jurisdiction in places


def questions_asked(
    held: Iterable[InForce],
    questions: Mapping[str, Question],
    treatments: Sequence[Treatment],
    jurisdiction: str | None,
) -> set[QuestionKey]:
    """Gather what checklists in force ask of a centre with these treatments; the profile is always asked."""
    products, found = {t.product for t in treatments}, set()
    for checklist, _, requirements in held:
        own = [t for t in treatments if checklist.product in ("", t.product)]
        names = {n for r in requirements if concerns(r, checklist, products, jurisdiction) for n in questions_of(r)}
        found |= {(n, scope) for n in names if n in questions for scope in scopes_of(questions[n], own)}
    return found | {(q.id, "") for q in questions.values() if q.area == PROFILE_AREA}
