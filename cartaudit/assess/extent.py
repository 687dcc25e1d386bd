"""Extent: how far a failing share or register fails."""

from collections.abc import Iterable
from fractions import Fraction

from cartaudit.criteria.outcomes import Leaf
from cartaudit.criteria.rules.rows import SortedRows
from cartaudit.criteria.values import exact
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
    counted = leaf.test.rule.failing
    if counted is None or leaf.test.closed or (leaf.test.rule.rows is not None and leaf.rows is None):
        return None
    if leaf.rows is not None and (graded := _of_shares(leaf.rows, scale)):
        return graded
    failing, cases = counted(value if leaf.rows is None else leaf.rows, leaf.test.argument, {})
    return grade(failing, cases, scale) if cases else None


def _of_shares(rows: SortedRows, scale: Scale) -> Extent | None:
    """Grade rows that fail by nothing but a share of their own; None where a row fails by anything else."""
    failing = [(row.row, leaf) for row in rows.failed for leaf in row.outcome.deciding]
    counts = [
        leaf.test.rule.failing(row.value(leaf.test.asked.id), leaf.test.argument, row.document)
        for row, leaf in failing
        if leaf.test.rule.failing is not None and not leaf.test.closed
    ]
    if not failing or len(counts) < len(failing):
        return None
    return worst(grade(fails, cases, scale) for fails, cases in counts)


def worst(extents: Iterable[Extent | None]) -> Extent | None:
    """Give the widest of several extents; None where one of them has none, or there are none."""
    found = list(extents)
    known = [e for e in found if e is not None]
    return max(known, key=_ORDER.index) if known and len(known) == len(found) else None
