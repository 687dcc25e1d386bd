"""The rules of criteria as a Cerberus validator that passes nothing in silence."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar, Protocol

from cerberus import TypeDefinition, Validator
from cerberus.errors import BAD_TYPE, NOT_NULLABLE, BaseErrorHandler, ErrorDefinition

from cartaudit.model.answers import AnswerType, Share, Status
from cartaudit.model.audit import Reason
from cartaudit.model.rules import RULES

FALSE_CODE = 0x101
UNKNOWN_CODE = 0x102
UNCONFIRMED = "unconfirmed"
"""Our own rule: names the rules of a field whose threshold may not decide."""

_PYTHON_TYPES: dict[AnswerType, tuple[type, ...]] = {
    AnswerType.STATUS: (Status,),
    AnswerType.BOOLEAN: (bool,),
    AnswerType.INTEGER: (int,),
    AnswerType.NUMBER: (int, float),
    AnswerType.SHARE: (Share,),
    AnswerType.DATE: (date,),
    AnswerType.CHOICE: (str,),
    AnswerType.CHOICES: (tuple,),
    AnswerType.TEXT: (str,),
    AnswerType.REGISTER: (tuple,),
}
_KINDS = {kind.value: kind for kind in AnswerType}
_RULE_NAMES = (*RULES, UNCONFIRMED)
_FALSE = {name: ErrorDefinition(FALSE_CODE, name) for name in _RULE_NAMES}
_UNKNOWN = {name: ErrorDefinition(UNKNOWN_CODE, name) for name in _RULE_NAMES}


class RowsVerdict(Protocol):
    """What the test of a register's rows gives back."""

    @property
    def truth(self) -> str:
        """Give `true`, `false` or `unknown`."""

    @property
    def reason(self) -> Reason | None:
        """Say why it is false or unknown."""

    @property
    def detail(self) -> str:
        """Say what was counted."""


Fault = tuple[str, int, str, tuple[Any, ...]]
"""What the validator noted: field, code, rule, and reason with detail where the rule is one of ours."""

NO_ROWS: Mapping[tuple[str, str], RowsVerdict] = {}


def conforms(value: object, kind: AnswerType) -> bool:
    """Tell whether a value is what its answer type promises: no bool for a number, no NaN, no datetime for a date."""
    if not isinstance(value, _PYTHON_TYPES[kind]):
        return False
    match value:
        case bool():
            return kind is AnswerType.BOOLEAN
        case int() | float():
            return math.isfinite(value)
        case datetime():
            return False
        case Share():
            return _is_count(value.numerator) and _is_count(value.denominator) and value.numerator <= value.denominator
        case Status():
            return kind is AnswerType.STATUS
        case str():
            return bool(value.strip())
        case tuple():
            return kind is AnswerType.REGISTER or (bool(value) and all(isinstance(v, str) and v for v in value))
    return True


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@lru_cache(maxsize=512)
def exact(value: float) -> Fraction:
    """Read a decimal as it is written, so that 0.07 of 100 is 7 and not a little more."""
    return Fraction(str(value))


class _NoMessages(BaseErrorHandler):  # type: ignore[misc]
    """Cerberus would render messages nobody reads; what was noted is read as it is."""


class CriterionValidator(Validator):  # type: ignore[misc]
    """Test one requirement's own fields; what comes out false or unknown is noted by field and rule.

    Configure with `as_of`. A field that is missing, empty or of another type makes every one of its rules unknown.
    Not thread-safe, like every Cerberus validator.
    """

    types_mapping: ClassVar = {kind.value: TypeDefinition(kind.value, t, ()) for kind, t in _PYTHON_TYPES.items()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("error_handler", _NoMessages)
        kwargs.setdefault("allow_unknown", True)
        self._rows = NO_ROWS
        super().__init__(*args, **kwargs)

    def judge(self, document: Mapping[str, Any], rows: Mapping[tuple[str, str], RowsVerdict] = NO_ROWS) -> list[Fault]:
        """Validate a document without changing it, and give what was noted: nothing means that every rule holds.

        `rows` says, by field and rule, what the rows of the document's registers came to.
        """
        self._rows = rows
        self.validate(document, normalize=False)
        faults: list[Fault] = self._errors
        return faults

    def _error(self, field: str, definition: ErrorDefinition, *info: Any) -> None:
        """Note a fault; the two trees that Cerberus would grow of it cost more than the test itself."""
        self._errors.append((field, definition.code, definition.rule, info))

    @property
    def _as_of(self) -> date:
        as_of: date = self._config["as_of"]
        return as_of

    def _false(self, rule: str, field: str, reason: Reason = Reason.CRITERION, detail: str = "") -> None:
        self._error(field, _FALSE[rule], reason, detail)

    def _unknown(self, rule: str, field: str, reason: Reason, detail: str = "") -> None:
        self._error(field, _UNKNOWN[rule], reason, detail)

    def _validate_type(self, data_type: str, field: str, value: object) -> None:
        """Test the answer type more strictly than Cerberus does.

        The rule's arguments are validated against this schema: {'type': 'string', 'check_with': 'type'}
        """
        if not conforms(value, _KINDS[data_type]):
            self._error(field, BAD_TYPE)
            self._drop_remaining_rules()

    def _validate_nullable(self, nullable: bool, field: str, value: object) -> None:
        """Refuse None for every rule; Cerberus would still run rules it does not know.

        The rule's arguments are validated against this schema: {'type': 'boolean'}
        """
        if value is None:
            self._error(field, NOT_NULLABLE)
            self._drop_remaining_rules()

    def _validate_unconfirmed(self, rules: list[str], field: str, value: object) -> None:
        """Leave rules open whose threshold is not found or not verified.

        The rule's arguments are validated against this schema: {'type': 'list', 'empty': False}
        """
        for rule in rules:
            self._unknown(UNCONFIRMED, field, Reason.THRESHOLD_UNCONFIRMED, rule)

    def _validate_allowed(self, allowed_values: list[Any], field: str, value: object) -> None:
        """Test membership.

        The rule's arguments are validated against this schema: {'type': 'list', 'empty': False}
        """
        if value not in allowed_values:
            self._false("allowed", field, _reason_of(value))

    def _validate_contains(self, expected_values: list[str], field: str, value: tuple[str, ...]) -> None:
        """Test that all are chosen.

        The rule's arguments are validated against this schema: {'type': 'list', 'empty': False}
        """
        if not set(expected_values) <= set(value):
            self._false("contains", field)

    def _validate_contains_any(self, expected_values: list[str], field: str, value: tuple[str, ...]) -> None:
        """Test that one at least is chosen.

        The rule's arguments are validated against this schema: {'type': 'list', 'empty': False}
        """
        if not set(expected_values) & set(value):
            self._false("contains_any", field)

    def _validate_min(self, min_value: float, field: str, value: float) -> None:
        """Test a lower limit, which itself passes.

        The rule's arguments are validated against this schema: {'type': 'number', 'nullable': False}
        """
        if not value >= min_value:
            self._false("min", field)

    def _validate_max(self, max_value: float, field: str, value: float) -> None:
        """Test an upper limit, which itself passes.

        The rule's arguments are validated against this schema: {'type': 'number', 'nullable': False}
        """
        if not value <= max_value:
            self._false("max", field)

    def _validate_min_share(self, min_share: float, field: str, value: Share) -> None:
        """Test a share, unless the sample is too small to prove or fail anything.

        The rule's arguments are validated against this schema: {'type': 'number', 'min': 0, 'max': 1}
        """
        if value.denominator == 0:
            self._unknown("min_share", field, Reason.NO_ROWS, "0 of 0 cases")
        elif value.denominator < (self.schema[field].get("min_sample") or 0):
            self._unknown("min_share", field, Reason.NO_ROWS, _sample(value))
        elif value.numerator < exact(min_share) * value.denominator:
            self._false("min_share", field)

    def _validate_min_sample(self, min_sample: int, field: str, value: Share) -> None:
        """Test that enough cases were counted; fewer leave it open.

        The rule's arguments are validated against this schema: {'type': 'integer', 'min': 0}
        """
        if value.denominator < max(min_sample, 1):
            self._unknown("min_sample", field, Reason.NO_ROWS, _sample(value))

    def _validate_not_expired(self, flag: bool, field: str, value: date) -> None:
        """Test that a date has not passed; it counts up to and including its own day.

        The rule's arguments are validated against this schema: {'type': 'boolean', 'allowed': [True]}
        """
        if value < self._as_of:
            self._false("not_expired", field)

    def _validate_max_age_days(self, days: float, field: str, value: date) -> None:
        """Test an age in days on the audit date; a date in the future cannot be believed.

        The rule's arguments are validated against this schema: {'type': 'number', 'min': 0}
        """
        if value > self._as_of:
            self._unknown("max_age_days", field, Reason.UNREADABLE, "the date lies after the audit date")
        elif (self._as_of - value).days > days:
            self._false("max_age_days", field)

    def _validate_not_before(self, earliest: date, field: str, value: date) -> None:
        """Test that a date is this one or later.

        The rule's arguments are validated against this schema: {'type': 'date'}
        """
        if value < earliest:
            self._false("not_before", field)

    def _validate_not_after(self, latest: date, field: str, value: date) -> None:
        """Test that a date is this one or earlier.

        The rule's arguments are validated against this schema: {'type': 'date'}
        """
        if value > latest:
            self._false("not_after", field)

    def _validate_minlength(self, min_length: int, field: str, value: str | tuple[str, ...]) -> None:
        """Test the length of a text without its margins, or the number of choices.

        The rule's arguments are validated against this schema: {'type': 'integer', 'min': 1}
        """
        if len(value.strip() if isinstance(value, str) else value) < min_length:
            self._false("minlength", field)

    def _validate_at_least(self, other: str, field: str, value: object) -> None:
        """Test against the answer to another question.

        The rule's arguments are validated against this schema: {'type': 'string', 'empty': False}
        """
        self._compare("at_least", other, field, value)

    def _validate_at_most(self, other: str, field: str, value: object) -> None:
        """Test against the answer to another question.

        The rule's arguments are validated against this schema: {'type': 'string', 'empty': False}
        """
        self._compare("at_most", other, field, value)

    def _validate_share_of(self, argument: dict[str, Any], field: str, value: int) -> None:
        """Test a count against another count of the same row, unless that sample is too small.

        The rule's arguments are validated against this schema: {'type': 'dict', 'empty': False}
        """
        sample = self.document.get(argument["of"])
        if not conforms(sample, AnswerType.INTEGER):
            self._unknown("share_of", field, Reason.BLANK, argument["of"])
        elif not 0 <= value <= sample:
            self._unknown("share_of", field, Reason.UNREADABLE, f"{value} of {sample} cases")
        elif sample < argument["min_sample"]:
            self._unknown("share_of", field, Reason.NO_ROWS, f"{sample} cases counted")
        elif value < exact(argument["min_share"]) * sample:
            self._false("share_of", field, detail=f"{value} of {sample} cases")

    def _compare(self, rule: str, other: str, field: str, value: Any) -> None:
        limit: Any = self.document.get(other)
        if not _comparable(value, limit):
            self._unknown(rule, field, Reason.BLANK, other)
        elif (value < limit) if rule == "at_least" else (value > limit):
            self._false(rule, field)

    def _validate_every_row(self, words: str, field: str, value: object) -> None:
        """Test all rows.

        The rule's arguments are validated against this schema: {'type': 'string', 'empty': False}
        """
        self._test_rows("every_row", field)

    def _validate_any_row(self, words: str, field: str, value: object) -> None:
        """Look for one row.

        The rule's arguments are validated against this schema: {'type': 'string', 'empty': False}
        """
        self._test_rows("any_row", field)

    def _validate_share_of_rows(self, words: str, field: str, value: object) -> None:
        """Test a share of the rows.

        The rule's arguments are validated against this schema: {'type': 'string', 'empty': False}
        """
        self._test_rows("share_of_rows", field)

    def _validate_min_rows(self, words: str, field: str, value: object) -> None:
        """Count the rows.

        The rule's arguments are validated against this schema: {'type': 'string', 'empty': False}
        """
        self._test_rows("min_rows", field)

    def _test_rows(self, rule: str, field: str) -> None:
        outcome = self._rows[field, rule]
        if outcome.truth == "false":
            self._false(rule, field, outcome.reason or Reason.CRITERION, outcome.detail)
        elif outcome.truth != "true":
            self._unknown(rule, field, outcome.reason or Reason.NO_ROWS, outcome.detail)


def _reason_of(value: object) -> Reason:
    if value is Status.IN_PROGRESS:
        return Reason.IN_PROGRESS
    return Reason.ANSWERED_NO if value is Status.NO or value is False else Reason.CRITERION


def _sample(value: Share) -> str:
    return f"{value.denominator} cases counted"


def _comparable(value: object, limit: object) -> bool:
    if conforms(value, AnswerType.DATE):
        return conforms(limit, AnswerType.DATE)
    return conforms(value, AnswerType.NUMBER) and conforms(limit, AnswerType.NUMBER)
