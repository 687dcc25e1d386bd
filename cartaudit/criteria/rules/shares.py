"""Shares: so many of so many cases, unless the sample is too small to prove or fail anything."""

from typing import Any

from cartaudit.criteria.rule import FAILS, HOLDS, ArgumentTable, Around, Part, Phrase, Rule, Verdict, passes, unknown
from cartaudit.criteria.rules.strictness import higher
from cartaudit.criteria.values import conforms, exact
from cartaudit.model.answers import AnswerType as T
from cartaudit.model.answers import Share
from cartaudit.model.audit import Reason

_COUNTED = "{cases} cases counted"
_OF = "{held} of {cases} cases"


def _min_share(value: Share, argument: Any, around: Around) -> Verdict:
    if value.denominator == 0:
        return unknown(Reason.NO_ROWS, "0 of 0 cases")
    if value.denominator < around.rules.get("min_sample", 0):
        return unknown(Reason.NO_ROWS, _COUNTED, cases=value.denominator)
    return passes(value.numerator >= exact(argument) * value.denominator)


def _min_sample(value: Share, argument: Any, around: Around) -> Verdict:
    enough = value.denominator >= max(argument, 1)
    return HOLDS if enough else unknown(Reason.NO_ROWS, _COUNTED, cases=value.denominator)


def _share_of(value: Any, argument: Any, around: Around) -> Verdict:
    """Test a count against another count of the same row."""
    sample: Any = around.answers.get(argument["of"])
    if not conforms(sample, T.INTEGER):
        return unknown(Reason.BLANK, "{other}", other=argument["of"])
    if not 0 <= value <= sample:
        return unknown(Reason.UNREADABLE, _OF, held=value, cases=sample)
    if sample < argument["min_sample"]:
        return unknown(Reason.NO_ROWS, _COUNTED, cases=sample)
    if value >= exact(argument["min_share"]) * sample:
        return HOLDS
    return FAILS._replace(detail=Phrase(_OF, {"held": value, "cases": sample}))


SHARES = (
    Rule(
        name="min_share",
        types=frozenset({T.SHARE}),
        argument=Part.SHARE,
        parameter=True,
        meaning="is a share of at least",
        words="at least {argument:per_cent}",
        holds=_min_share,
        tightens=higher,
        narrows=lambda bounds, share, as_of: bounds.add(share=max(bounds.share, share)),
        failing=lambda share, argument, answers: (share.denominator - share.numerator, share.denominator),
    ),
    Rule(
        name="min_sample",
        types=frozenset({T.SHARE}),
        argument=Part.SAMPLE,
        meaning="counts a sample of at least",
        words="at least {argument} cases counted",
        holds=_min_sample,
        tightens=higher,
        narrows=lambda bounds, sample, as_of: bounds.add(sample=max(bounds.sample, sample)),
    ),
    Rule(
        name="share_of",
        types=frozenset({T.INTEGER}),
        argument=ArgumentTable({"of": Part.NAME, "min_share": Part.SHARE}, {"min_sample": Part.SAMPLE}),
        meaning="is a share of another column of the same row of at least",
        words="at least {min_share:per_cent} of '{other:subject}' (which must be at least {min_sample})",
        holds=_share_of,
        tightens={"min_share": higher, "min_sample": higher},
        relates="==",
        sides=frozenset({"min", "max"}),
        failing=lambda held, argument, answers: (answers[argument["of"]] - held, answers[argument["of"]]),
    ),
)
