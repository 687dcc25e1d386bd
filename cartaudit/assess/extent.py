"""Extent: how far a failing share or register fails."""

from collections.abc import Iterable
from fractions import Fraction

from cartaudit.assess.outcomes import Leaf, RowsOutcome
from cartaudit.assess.validator import exact
from cartaudit.model.answers import Share
from cartaudit.model.audit import Extent
from cartaudit.model.checklists import Scale

_ORDER = (Extent.ISOLATED, Extent.PATTERN, Extent.WIDESPREAD)


def grade(failing: int, cases: int, scale: Scale) -> Extent:
    """Grade failing cases: isolated up to `isolated_max` of them, widespread from `widespread_min`, both inclusive."""
    share = Fraction(failing, cases)
    if share >= exact(scale.widespread_min):
        return Extent.WIDESPREAD
    return Extent.ISOLATED if share <= exact(scale.isolated_max) else Extent.PATTERN


def extent_of(leaf: Leaf, value: object, scale: Scale) -> Extent | None:
    """Grade one failing rule; None where it speaks neither of a share nor of rows."""
    if isinstance(value, Share) and leaf.test.rule == "min_share" and value.denominator:
        return grade(value.denominator - value.numerator, value.denominator, scale)
    if leaf.rows is not None and leaf.test.rule not in ("any_row", "min_rows") and leaf.rows.matched:
        return _of_shares(leaf.rows, scale) or grade(len(leaf.rows.failed), leaf.rows.matched, scale)
    return None


def _of_shares(rows: RowsOutcome, scale: Scale) -> Extent | None:
    """Grade rows that fail by nothing but a share of their own; None where a row fails by anything else."""
    failing = [(row, inner) for row in rows.failed for inner in row.outcome.deciding]
    if not failing or any(inner.test.rule != "share_of" for _, inner in failing):
        return None
    counts = [(row.row.document[inner.field.id], row.row.document[inner.test.other]) for row, inner in failing]
    return worst(grade(sample - held, sample, scale) for held, sample in counts)


def worst(extents: Iterable[Extent | None]) -> Extent | None:
    """Give the widest of several extents; None where one of them has none, or there are none."""
    found = list(extents)
    known = [e for e in found if e is not None]
    return max(known, key=_ORDER.index) if known and len(known) == len(found) else None
