"""Contexts: for which treatments a requirement is judged."""

from dataclasses import dataclass

from cartaudit.assess.facts import BLANK_ENTRY
from cartaudit.assess.thresholds import Context
from cartaudit.model.answers import AnswerState
from cartaudit.model.checklists import Checklist, Kind
from cartaudit.model.profile import COMMERCIAL, TREATMENTS, Treatment
from cartaudit.model.questions import Scope
from cartaudit.model.submission import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a centre delivers, as far as it can be read. `commercial` holds the treatments that labels govern (those
    whose route is not stated among them), `unread` the cells of rows that name no readable product."""

    commercial: tuple[Treatment, ...]
    other: tuple[Treatment, ...]
    unread: tuple[str, ...]

    def of(self, product: str) -> tuple[Treatment, ...]:
        """Give the treatments with one product that its label governs."""
        return tuple(t for t in self.commercial if t.product == product)


def delivered(submission: Submission) -> Delivered:
    """Sort the treatments of the profile by who governs them."""
    treatments = tuple(dict.fromkeys(submission.profile.treatments))
    return Delivered(
        commercial=tuple(t for t in treatments if t.product and t.route in (COMMERCIAL, "")),
        other=tuple(t for t in treatments if t.product and t.route not in (COMMERCIAL, "")),
        unread=_unread(submission),
    )


def _unread(submission: Submission) -> tuple[str, ...]:
    """Find the rows whose product cannot be read, unless their route says that no label governs them."""
    response = submission.response(TREATMENTS)
    rows = response.rows if response is not None else ()
    cells = []
    for row in rows:
        product = row.entries.get("product", BLANK_ENTRY)
        route = row.entries.get("route", BLANK_ENTRY)
        elsewhere = route.state is AnswerState.ANSWERED and route.value != COMMERCIAL
        if product.state is not AnswerState.ANSWERED and not elsewhere:
            cells.append(product.cell or row.cell)
    return tuple(cells)


def contexts_for(
    per: Scope, checklist: Checklist, treatments: tuple[Treatment, ...], jurisdiction: str
) -> tuple[Context, ...]:
    """List what a requirement that can differ `per` this is judged for, each context once.

    Where only products differ, one treatment stands for all of its product; where nothing does, one for all.
    """
    if per is Scope.CENTRE and checklist.kind is not Kind.PRODUCT:
        return (Context(jurisdiction=jurisdiction),)
    if per is Scope.TREATMENT:
        chosen = treatments
    elif per is Scope.PRODUCT:
        chosen = tuple({t.product: t for t in reversed(treatments)}.values())[::-1]
    else:
        chosen = treatments[:1]
    return tuple(Context(jurisdiction=jurisdiction, treatment=t) for t in chosen) or (
        Context(jurisdiction=jurisdiction),
    )
