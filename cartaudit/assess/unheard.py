"""Whom a profile names although nothing here speaks for it: a commissioner, or a country and its texts."""

from collections.abc import Iterator, Sequence

from cartaudit.model.audit import ChecklistAudit, Unheard
from cartaudit.model.checklists import Catalogue, Kind
from cartaudit.model.profile import COMMERCIAL
from cartaudit.model.submission import Submission


def unheard(
    submission: Submission, audits: Sequence[ChecklistAudit], catalogue: Catalogue, jurisdiction: str
) -> Iterator[Unheard]:
    """Name the commissioner without a checklist that was judged, and the country of products without their texts."""
    question, response = catalogue.questions.get("commissioner"), submission.response("commissioner")
    named = response.entry.value if response else None
    judged = any(a.checklist.kind is Kind.COMMISSIONER for a in audits)
    if question is not None and isinstance(named, str) and named != "none" and not judged:
        label = next((c.label for c in question.choices if c.id == named), named)
        yield Unheard("commissioner", "" if named == "other" else label)
    profile = submission.profile
    if profile.country and not jurisdiction and any(t.route == COMMERCIAL for t in profile.treatments):
        yield Unheard("country", profile.country)
