"""Which questions a workbook must hold: those that the requirements of its checklists read at this centre."""

from collections.abc import Iterator, Sequence
from datetime import date

from cartaudit.criteria import walk
from cartaudit.criteria.asked import QuestionKey, questions_asked, scopes_of
from cartaudit.criteria.editions import InForce, as_made, in_force
from cartaudit.model.answers import AnswerType
from cartaudit.model.checklists import Catalogue
from cartaudit.model.profile import Profile
from cartaudit.model.questions import Question
from cartaudit.model.requirements import Duty
from cartaudit.model.submission import Identity

Keys = dict[QuestionKey, Question]


def made_for(identity: Identity, catalogue: Catalogue, as_of: date) -> tuple[InForce, ...]:
    """Give the checklists a workbook was made for, in the edition and of the day it names.

    Where it names none, as a sheet of the centre's own, all that are in force on the audit date.
    """
    known = catalogue.checklists
    if not identity.checklists:
        return tuple(in_force(checklist, as_of) for checklist in known.values())
    on = _made_on(identity, as_of)
    return tuple(as_made(known[name], edition, on) for name, edition in identity.checklists.items() if name in known)


def _made_on(identity: Identity, as_of: date) -> date:
    """Give the day a workbook was made for; the audit date where it does not say it."""
    try:
        return date.fromisoformat(identity.as_of)
    except ValueError:
        return as_of


def expected_questions(held: Sequence[InForce], catalogue: Catalogue, profile: Profile) -> Keys:
    """List question and scope of everything that has to have a place in the workbook, in catalogue order."""
    asked = questions_asked(held, catalogue.questions, profile.treatments, profile.jurisdiction)
    return {
        (question.id, scope): question
        for question in catalogue.questions.values()
        for scope in scopes_of(question, profile.treatments)
        if (question.id, scope) in asked
    }


def evidence_questions(held: Sequence[InForce], catalogue: Catalogue) -> Iterator[str]:
    """Name the questions whose answers need evidence; a register names it in its rows."""
    for requirement in (r for one in held for r in one.requirements):
        if requirement.evidence_required and requirement.duty is Duty.MUST:
            for name in walk.questions(requirement.criterion):
                if name in catalogue.questions and catalogue.questions[name].type is not AnswerType.REGISTER:
                    yield name
