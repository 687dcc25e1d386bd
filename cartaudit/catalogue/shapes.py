"""Shapes of the tables in content files: one flat Cerberus schema each, unknown keys refused."""

import functools
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from cerberus import Validator, errors

from cartaudit.catalogue.messages import LintMessage, Place, listed, written
from cartaudit.model.answers import AnswerType
from cartaudit.model.checklists import Kind
from cartaudit.model.parameters import Direction, ParameterKind
from cartaudit.model.questions import Scope
from cartaudit.model.requirements import Duty, Phase, Severity, SourceKind

Schema = dict[str, dict[str, Any]]
Report = Callable[[str, str], None]

RELATIONS = ("unchanged", "renumbered", "reworded", "split", "merged", "new", "withdrawn")
COVERAGES = ("equal", "covers", "part")
PARAMETER_TYPES = ("integer", "number", "boolean", "text", "texts", "date")
CHOICE_LISTS = ("profile.products", "products", "indications", "jurisdictions.countries")
READ_VERIFICATIONS = ("label", "authority", "manufacturer", "secondary", "unverified")
OVERLAY_VERIFICATIONS = ("site",)
"""What an overlay may say of its own figures: a reading of the centre or its body, whatever it was read in."""

_SNAKE_ID = r"[a-z][a-z0-9_]*"
_ANY_ID = r"[A-Za-z][A-Za-z0-9_-]*"
_REQUIREMENT_ID = r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+"


def _day(field: str, value: object, report: Report) -> None:
    if type(value) is not date:
        report(field, "a date without quotes, like 2025-06-26")


def _texts(field: str, value: object, report: Report) -> None:
    if not (isinstance(value, list) and value and all(isinstance(v, str) and v.strip() for v in value)):
        report(field, 'a list of texts, like ["a", "b"]')


def _tables(field: str, value: object, report: Report) -> None:
    if not (isinstance(value, list) and value and all(isinstance(v, dict) for v in value)):
        report(field, "a list of tables, like [{ ... }]")


def _whole(field: str, value: object, report: Report) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        report(field, "a whole number")


def _share(field: str, value: object, report: Report) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        report(field, "a number from 0 to 1")


def _range(field: str, value: object, report: Report) -> None:
    numbers = isinstance(value, dict) and value.keys() == {"min", "max"} and all(map(_is_number, value.values()))
    if not numbers:
        report(field, "a range of numbers, like { min = 0, max = 365 }")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _published(field: str, value: object, report: Report) -> None:
    if not (isinstance(value, str) or type(value) is date):
        report(field, 'a date, or a text like "2025-06"')


def _parameter_value(field: str, value: object, report: Report) -> None:
    texts = isinstance(value, list) and value and all(isinstance(v, str) for v in value)
    if not (texts or isinstance(value, (bool, str)) or _is_number(value) or type(value) is date):
        report(field, "a number, true or false, a text, a date, or a list of texts")


_TEXT: dict[str, Any] = {"type": "string"}
_NEEDED_TEXT = _TEXT | {"required": True, "empty": False}
_FLAG = {"type": "boolean"}
_GROUP = {"type": "dict", "empty": False}
_DAY = {"check_with": _day}
_TEXTS = {"check_with": _texts}
_TABLES = {"check_with": _tables}
_SHARE = {"check_with": _share}
_RANGE = {"check_with": _range}
_SEVERITY = {"type": "string", "allowed": [s.value for s in Severity]}
_DAYS_COUNT = {"check_with": _whole, "min": 1}


def _id(pattern: str) -> dict[str, Any]:
    return {"type": "string", "required": True, "regex": pattern}


def _one_of(words: Iterator[str] | tuple[str, ...] | list[str], *, required: bool = False) -> dict[str, Any]:
    return {"type": "string", "allowed": list(words), "required": required}


def _example(field: str, value: object, report: Report) -> None:
    if not (isinstance(value, list) and value and all(isinstance(v, dict) and v for v in value)):
        report(field, "a list of tables of answers, like [{ clinical_sites = 1 }]")


_PERIOD: Schema = {"effective_from": _DAY, "effective_to": _DAY}

_PARAMETER: Schema = {
    "name": _NEEDED_TEXT,
    "jurisdiction": _NEEDED_TEXT,
    "value": {"check_with": _parameter_value},
    "none": {"type": "boolean", "allowed": [True]},
    "indication": _TEXT,
    "population": _TEXT,
    **_PERIOD,
    "source": _NEEDED_TEXT,
    "text_date": _DAY,
    "note": _TEXT,
}

SCHEMAS: dict[str, Schema] = {
    "area": {
        "id": _id(_SNAKE_ID),
        "title": _NEEDED_TEXT,
        "sheet": _NEEDED_TEXT,
    },
    "jurisdiction": {
        "id": _id(_ANY_ID),
        "title": _NEEDED_TEXT,
        "countries": _TEXTS | {"required": True},
        **_PERIOD,
    },
    "source": {
        "id": _id(_ANY_ID),
        "title": _NEEDED_TEXT,
        "grade": _one_of([k.value for k in SourceKind], required=True),
        "publisher": _TEXT,
        "date": {"check_with": _published},
        "address": _TEXT,
    },
    "definition": {
        "name": _id(_SNAKE_ID),
        "text": _NEEDED_TEXT,
        "type": _one_of(PARAMETER_TYPES, required=True),
        "direction": _one_of([d.value for d in Direction], required=True),
        "unit": _TEXT,
        "informational": _FLAG,
        "kind": _one_of([k.value for k in ParameterKind], required=True),
        "range": _RANGE,
        "usual": _RANGE,
        "excepts": _TEXT,
    },
    "question": {
        "id": _id(_SNAKE_ID),
        "type": _one_of([t.value for t in AnswerType], required=True),
        "scope": _one_of([s.value for s in Scope]),
        "text": _NEEDED_TEXT,
        "help": _TEXT,
        "evidence": _TEXT,
        "unit": _TEXT,
        "role": _TEXT,
        "choices": _TABLES,
        "choices_from": _one_of(CHOICE_LISTS),
        "sheet": _TEXT,
        "columns": _TABLES,
        "range": _RANGE,
        "usual": _RANGE,
        "latest": {"type": "dict"},
    },
    "latest": {
        "by": _NEEDED_TEXT,
        "same": _TEXTS | {"required": True},
        "scope": _TEXTS | {"required": True},
        "status": _NEEDED_TEXT,
        "standing": _TEXTS | {"required": True},
        "ended": _TEXTS | {"required": True},
    },
    "column": {
        "id": _id(_SNAKE_ID),
        "type": _one_of([t.value for t in AnswerType], required=True),
        "text": _NEEDED_TEXT,
        "help": _TEXT,
        "unit": _TEXT,
        "choices": _TABLES,
        "choices_from": _one_of(CHOICE_LISTS),
        "required": _FLAG,
        "unique": _FLAG,
        "range": _RANGE,
        "usual": _RANGE,
    },
    "choice": {"id": _id(_ANY_ID), "label": _NEEDED_TEXT},
    "consistency": {
        "id": _id(_SNAKE_ID),
        "text": _NEEDED_TEXT,
        "when": _GROUP,
        "needs": _GROUP,
        "answered": _TEXTS,
        "pair": _TEXTS,
        "counts": _GROUP,
        "reached": _GROUP,
        "doubts": _TEXTS,
        "otherwise": _GROUP,
        "finds": {"check_with": _example, "required": True},
        "spares": {"check_with": _example, "required": True},
    },
    "counts": {"register": _NEEDED_TEXT, "where": _GROUP, "column": _NEEDED_TEXT, "answer": _NEEDED_TEXT},
    "reached": {
        "register": _NEEDED_TEXT,
        "where": _GROUP,
        "column": _NEEDED_TEXT,
        "by": _NEEDED_TEXT,
        "columns": _TEXTS | {"required": True},
    },
    "checklist": {
        "id": _id(_SNAKE_ID),
        "kind": _one_of([k.value for k in Kind], required=True),
        "title": _NEEDED_TEXT,
        "body": _NEEDED_TEXT,
        "requirements_from": _TEXTS,
        "selected_by": _GROUP,
        "countries": _TEXTS,
        "example": _FLAG,
        "note": _TEXT,
        "scale": {"type": "dict"},
    },
    "scale": {
        "name": _NEEDED_TEXT,
        "partial_credit": _SHARE,
        "partial_is_deficiency": _FLAG,
        "majors_allowed": {"check_with": _whole, "min": 0},
        "isolated_max": _SHARE,
        "widespread_min": _SHARE,
    },
    "product": {
        "id": _id(_SNAKE_ID),
        "name": _NEEDED_TEXT,
        "inn": _NEEDED_TEXT,
        "holder": _NEEDED_TEXT,
        "vector": _TEXT,
        "indications": _TABLES | {"required": True},
    },
    "indication": {"id": _id(_ANY_ID), "label": _NEEDED_TEXT},
    "edition": {
        "edition": _NEEDED_TEXT,
        **_PERIOD,
        "status": _one_of(("authority", "secondary", "unverified"), required=True),
        "source": _NEEDED_TEXT,
        "note": _TEXT,
    },
    "edition_map": {
        "from": _NEEDED_TEXT,
        "to": _NEEDED_TEXT,
        "requirement": _NEEDED_TEXT,
        "relation": _one_of(RELATIONS, required=True),
        "note": _TEXT,
    },
    "requirement": {
        "id": _id(_REQUIREMENT_ID),
        "title": _NEEDED_TEXT,
        "area": _NEEDED_TEXT,
        "severity": _SEVERITY | {"required": True},
        "duty": _one_of([d.value for d in Duty], required=True),
        "gate": _FLAG,
        "allow_na": _FLAG,
        "evidence_required": _FLAG,
        "evidence_max_age_days": _DAYS_COUNT,
        "evidence": _NEEDED_TEXT,
        "owner": _TEXT,
        "deferred_until": _one_of([p.value for p in Phase]),
        "editions": _TEXTS,
        "reference": _TEXT,
        "applies": _GROUP,
        "remediation": _NEEDED_TEXT,
        "sources": _TABLES | {"required": True},
        "covered_by": _TABLES,
        "proposed_threshold": _TEXT,
        "one_sided": _TEXT,
        **_PERIOD,
        "criterion": {"type": "dict", "required": True},
        "partial": _GROUP,
        "watch": _GROUP,
    },
    "protected": {"id": _NEEDED_TEXT, "severity": _SEVERITY | {"required": True}, "gate": _FLAG},
    "decision": {
        "requirements": _TEXTS | {"required": True},
        "old": _NEEDED_TEXT,
        "new": _NEEDED_TEXT,
        "reason": _NEEDED_TEXT,
        "searched": _NEEDED_TEXT,
        "harm": _NEEDED_TEXT,
    },
    "applies": {"profile": _GROUP, "parameter": _GROUP, "jurisdiction": _TEXTS, "product": _TEXTS},
    "citation": {
        "id": _NEEDED_TEXT,
        "reference": _TEXT,
    },
    "coverage": {"requirement": _NEEDED_TEXT, "relation": _one_of(COVERAGES, required=True)},
    "parameter": _PARAMETER | {"verification": _one_of(READ_VERIFICATIONS, required=True)},
    "overlay": {"name": _id(_ANY_ID), "note": _TEXT},
    "overlay_parameter": _PARAMETER
    | {"product": _NEEDED_TEXT, "revision": _NEEDED_TEXT, "verification": _one_of(OVERLAY_VERIFICATIONS)},
    "stricter": {
        "requirement": _NEEDED_TEXT,
        "severity": _SEVERITY,
        "gate": {"type": "boolean", "allowed": [True]},
        "criterion": _GROUP,
        "note": _TEXT,
    },
}
"""One schema for each kind of table; what stands inside another table has a schema of its own."""

NESTED: Mapping[str, Mapping[str, str]] = {
    "question": {"choices": "choice", "columns": "column", "latest": "latest"},
    "column": {"choices": "choice"},
    "consistency": {"counts": "counts", "reached": "reached"},
    "checklist": {"scale": "scale"},
    "product": {"indications": "indication"},
    "requirement": {"applies": "applies", "sources": "citation", "covered_by": "coverage"},
}
"""Which keys of a table hold tables of which kind."""


def check_shape(kind: str, table: Mapping[str, Any], place: Place) -> Iterator[LintMessage]:
    """Report every key of a table, and of the tables inside it, that is unknown, missing or of a wrong shape."""
    validator = _validators()[kind]
    validator.validate(table, normalize=False)
    for error in validator._errors:
        yield _message(error, kind, place)
    for key, inner in NESTED.get(kind, {}).items():
        value = table.get(key)
        if isinstance(value, dict):
            yield from check_shape(inner, value, place.at(key))
        elif isinstance(value, list):
            for number, entry in enumerate(value, start=1):
                if isinstance(entry, dict):
                    yield from check_shape(inner, entry, place.at(key).item(label_of(entry, number)))


def label_of(table: Mapping[str, Any], number: int) -> str:
    """Name a table in messages: its id, or its number in the list."""
    for key in ("id", "edition", "requirement"):
        if isinstance(table.get(key), str) and table[key]:
            return str(table[key])
    name = table.get("name")
    if not isinstance(name, str):
        return str(number)
    parts = (name, *(table.get(key, "") for key in ("product", "jurisdiction", "indication", "population")))
    return " ".join(str(part) for part in parts if part)


@functools.cache
def _validators() -> Mapping[str, Validator]:
    return {kind: Validator(schema) for kind, schema in SCHEMAS.items()}


_TYPE_WORDS = {
    "string": "a text in quotes",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "dict": "a table",
}


def _message(error: Any, kind: str, place: Place) -> LintMessage:
    """Turn one Cerberus error into fault and remedy."""
    key = str(error.field)
    here = place.at(key)
    code = error.code
    if code == errors.UNKNOWN_FIELD.code:
        known = listed(SCHEMAS[kind])
        return here.error(
            f"'{key}' is no key of {kind}.",
            f"Known keys: {known}. (A key typed after a sub-table belongs to that sub-table.)",
        )
    if code == errors.REQUIRED_FIELD.code:
        return here.error(f"'{key}' is missing.", "Add it.")
    if code == errors.BAD_TYPE.code:
        return here.error(f"{written(error.value)} is not {_TYPE_WORDS[error.constraint]}.", _retype(error))
    if code == errors.EMPTY_NOT_ALLOWED.code:
        return here.error("Nothing stands here.", "Write it, or leave the key out where it is optional.")
    if code == errors.UNALLOWED_VALUE.code:
        words = ", ".join(written(word) for word in error.constraint)
        return here.error(f"{written(error.value)} is not allowed.", f"Choose one of: {words}.")
    if code == errors.REGEX_MISMATCH.code:
        return here.error(f"{written(error.value)} is no id.", _ID_REMEDIES[error.constraint])
    if code in (errors.MIN_VALUE.code, errors.MAX_VALUE.code):
        side = "below" if code == errors.MIN_VALUE.code else "above"
        return here.error(f"{written(error.value)} is {side} {error.constraint}.", "Correct the number.")
    wanted = error.info[0] if error.info else "what belongs here"
    return here.error(f"{written(error.value)} is not {wanted}.", "Write it in that form.")


_ID_REMEDIES = {
    _SNAKE_ID: "Use small letters, digits and underscores, a letter first.",
    _ANY_ID: "Use letters, digits, underscores and hyphens, a letter first.",
    _REQUIREMENT_ID: "Use capitals and digits joined by hyphens, a letter first, like PR-STO-01.",
}


def _retype(error: Any) -> str:
    if error.constraint == "string" and not isinstance(error.value, (dict, list)):
        return f'Put it in quotes: "{error.value}".'
    return f"Write {_TYPE_WORDS[error.constraint]}."
