"""The rules as a Cerberus validator, made from the rule objects, that passes nothing in silence."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from cerberus import TypeDefinition, Validator
from cerberus.errors import BAD_TYPE, NOT_NULLABLE, BaseErrorHandler, ErrorDefinition

from cartaudit.criteria.criterion import Test
from cartaudit.criteria.rule import ArgumentTable, Around, Part, Rule, Verdict
from cartaudit.criteria.rules import RULES
from cartaudit.criteria.truth import Truth
from cartaudit.criteria.values import PYTHON_TYPES, conforms
from cartaudit.model.answers import AnswerType
from cartaudit.model.audit import Reason

UNCONFIRMED = "unconfirmed"
"""Our own rule: names the rules of a field whose threshold may not decide."""

_OPEN = Verdict(Truth.UNKNOWN, Reason.THRESHOLD_UNCONFIRMED)


class Verdicts(dict[tuple[str, str], Verdict]):
    """What rules came to that do not simply hold, by field and rule; `broken` are the fields that carry no value of
    their type."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: set[str] = set()


class _NoMessages(BaseErrorHandler):  # type: ignore[misc]
    """Cerberus would render messages nobody reads; what was noted is read as it is."""


class RuleValidator(Validator):  # type: ignore[misc]
    """Test one requirement's own fields. Configure with `as_of` and `tests`.

    A field that is missing, empty or of another type makes every one of its rules unknown. Not thread-safe, like every
    Cerberus validator.
    """

    types_mapping: ClassVar = {kind.value: TypeDefinition(kind.value, t, ()) for kind, t in PYTHON_TYPES.items()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("error_handler", _NoMessages)
        kwargs.setdefault("allow_unknown", True)
        kwargs.setdefault("tests", {})
        super().__init__(*args, **kwargs)

    @classmethod
    def of(cls, tests: Iterable[Test], as_of: date) -> "RuleValidator":
        """Make the validator of some tests. Raises SchemaError for an argument that could pass in silence."""
        schema: dict[str, dict[str, Any]] = {}
        found = {}
        for test in tests:
            if test.closed:
                continue
            field = schema.setdefault(test.asked.id, {"type": test.asked.type.value, "required": True})
            found[test.asked.id, test.rule.name] = test
            if test.unconfirmed:
                field.setdefault(UNCONFIRMED, []).append(test.rule.name)
            else:
                field[test.rule.name] = _shown(test)
        return cls(schema, as_of=as_of, tests=found)

    def judge(self, document: Mapping[str, Any], judge_row: Callable[[Any, Any], Any]) -> Verdicts:
        """Validate a document without changing it, and give what does not simply hold."""
        self._noted, self._judge_row = Verdicts(), judge_row
        self.validate(document, normalize=False)
        return self._noted

    def _error(self, field: str, definition: ErrorDefinition, *info: Any) -> None:
        """Note that a field cannot be tested; the trees of errors that Cerberus would grow cost more than the test."""
        self._noted.broken.add(field)

    def _test(self, rule: str, field: str, value: Any) -> None:
        test = self._config["tests"][field, rule]
        around = Around(self._config["as_of"], self.document, test.beside, test.asked, self._judge_row)
        self._noted[field, rule] = test.rule.holds(value, test.argument, around)

    def _validate_type(self, data_type: str, field: str, value: object) -> None:
        """Test the answer type more strictly than Cerberus does.

        The rule's arguments are validated against this schema: {'type': 'string', 'check_with': 'type'}
        """
        if not conforms(value, AnswerType(data_type)):
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
            self._noted[field, rule] = _OPEN


_SCHEMAS: dict[Part, dict[str, Any]] = {
    Part.VALUES: {"type": "list", "empty": False},
    Part.NUMBER: {"type": "number", "nullable": False},
    Part.SHARE: {"type": "number", "min": 0, "max": 1},
    Part.DAYS: {"type": "number", "min": 0},
    Part.COUNT: {"type": "integer", "min": 1},
    Part.SAMPLE: {"type": "integer", "min": 1},
    Part.DATE: {"type": "date"},
    Part.FLAG: {"type": "boolean", "allowed": [True]},
    Part.NAME: {"type": "string", "empty": False},
    Part.GROUP: {"type": "string", "empty": False},
}
"""What Cerberus asks of an argument before it makes a validator; a compiled group is shown to it by a word."""


def _shown(test: Test) -> Any:
    argument = test.rule.argument
    return "compiled" if argument is Part.GROUP or isinstance(argument, ArgumentTable) else test.argument


def _method(rule: Rule) -> Callable[..., None]:
    """Make the method by which Cerberus tests a rule; the schema of the argument is read from its docstring."""

    def validate(self: Any, argument: Any, field: str, value: Any) -> None:
        self._test(rule.name, field, value)

    part = rule.argument if isinstance(rule.argument, Part) else Part.GROUP
    schema = f"The rule's arguments are validated against this schema: {_SCHEMAS[part]}"
    validate.__doc__ = f"Test whether the answer {rule.meaning}.\n\n{schema}"
    return validate


_META: Any = type(RuleValidator)

CriterionValidator: type[RuleValidator] = _META(
    "CriterionValidator",
    (RuleValidator,),
    {"__doc__": RuleValidator.__doc__, **{f"_validate_{rule.name}": _method(rule) for rule in RULES.values()}},
)
"""The validator with one method for each rule of the table."""
