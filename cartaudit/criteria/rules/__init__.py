"""The closed table of rules, one file a family."""

from cartaudit.criteria.rule import Rule
from cartaudit.criteria.rules.bands import BANDS
from cartaudit.criteria.rules.dates import DATES
from cartaudit.criteria.rules.lengths import LENGTHS
from cartaudit.criteria.rules.limits import LIMITS
from cartaudit.criteria.rules.membership import MEMBERSHIP
from cartaudit.criteria.rules.others import OTHERS
from cartaudit.criteria.rules.rows import ROWS
from cartaudit.criteria.rules.shares import SHARES

RULES: dict[str, Rule] = {
    rule.name: rule for rule in (*MEMBERSHIP, *LIMITS, *BANDS, *SHARES, *DATES, *LENGTHS, *OTHERS, *ROWS)
}
"""Every rule by name, in the order of the documentation."""
