"""Compiling criteria: parameters filled in, every rule checked, one Cerberus validator for each group."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cerberus import SchemaError

from cartaudit.assess import words
from cartaudit.assess.compiled import DATED_RULES, Asked, CompiledField, CompiledGroup, RowsRule, Test
from cartaudit.assess.static import ANYOF
from cartaudit.assess.validator import UNCONFIRMED, CriterionValidator
from cartaudit.errors import ChecklistError
from cartaudit.model.answers import AnswerType, Status
from cartaudit.model.audit import Threshold
from cartaudit.model.questions import Question
from cartaudit.model.requirements import Group
from cartaudit.model.rules import BUILT_IN_PARAMETERS, RULES, Argument
from cartaudit.model.text import amount

ROW_RULES = ("every_row", "any_row", "share_of_rows", "min_rows")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a group is compiled for. `values` holds each parameter before its offset; `lookup` finds what is asked;
    `place` names the requirement in errors; `products` gives product names for print."""

    place: str
    lookup: Callable[[str], Asked | None]
    values: Mapping[str, Threshold]
    as_of: date
    products: Mapping[str, str]

    def fault(self, what: str) -> ChecklistError:
        """Make the error for content that cannot be judged; lint finds the same before."""
        return ChecklistError(f"{self.place}: {what} Run `cartaudit checklists lint`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filled:
    """An argument with its parameters filled in; `dropped` where the text sets no limit."""

    value: Any = None
    thresholds: tuple[Threshold, ...] = ()
    unconfirmed: bool = False
    dropped: bool = False


def compile_group(group: Group, setting: Setting) -> CompiledGroup | None:
    """Compile a group; None where every rule of it was dropped because the texts set no limit.

    Raises ChecklistError for content that lint would refuse: nothing is passed over.
    """
    if not isinstance(group, Mapping) or not group:
        raise setting.fault("a group of rules is empty.")
    fields = tuple(
        field for key, rules in group.items() if key != ANYOF and (field := _field(key, rules, setting)) is not None
    )
    alternatives = _alternatives(group[ANYOF], setting) if ANYOF in group else ()
    if not fields and not alternatives:
        return None
    own = tuple((field, test) for field in fields for test in field.tests)
    needs = [f.id for f in fields] + [t.other for _, t in own if t.other]
    return CompiledGroup(
        fields=fields,
        alternatives=alternatives,
        validator=_validator(fields, setting) if fields else None,
        needs=tuple(dict.fromkeys(needs)),
        reads=tuple(dict.fromkeys([*needs, *(name for a in alternatives for name in a.reads)])),
        own=own,
        over_rows=any(t.rows is not None for _, t in own) or any(a.over_rows for a in alternatives),
    )


def compile_values(name: str, rules: Mapping[str, Any], asked: Asked, setting: Setting) -> CompiledGroup | None:
    """Compile rules over the value of a parameter, as if it were an answer."""
    return compile_group({name: rules}, replace(setting, lookup=lambda key: asked if key == name else None))


def shifted(threshold: Threshold, offset: float) -> Threshold:
    """Add an offset to the value of a threshold; a value that is no number becomes one that was not found."""
    if not offset or threshold.value is None:
        return threshold
    if not _is_number(threshold.value):
        return threshold._replace(value=None, verification=words.NOT_FOUND)
    return threshold._replace(value=threshold.value + offset)  # type: ignore[operator]


def decides(threshold: Threshold) -> bool:
    """Tell whether a threshold may pass or fail a centre."""
    return threshold.value is not None and threshold.verification not in ("unverified", words.NOT_FOUND, words.NONE)


def _alternatives(groups: Any, setting: Setting) -> tuple[CompiledGroup, ...]:
    if not isinstance(groups, (list, tuple)) or not groups:
        raise setting.fault("'anyof' holds no groups.")
    return tuple(g for g in (compile_group(group, setting) for group in groups) if g is not None)


def _validator(fields: tuple[CompiledField, ...], setting: Setting) -> CriterionValidator:
    schema: dict[str, dict[str, Any]] = {}
    for field in fields:
        schema[field.id] = {"type": field.asked.type.value, "required": True}
        for test in field.tests:
            if test.unconfirmed:
                schema[field.id].setdefault(UNCONFIRMED, []).append(test.rule)
            elif test.rows is not None:
                schema[field.id][test.rule] = test.expected
            else:
                schema[field.id][test.rule] = test.argument
    try:
        return CriterionValidator(schema, as_of=setting.as_of)
    except SchemaError as error:
        raise setting.fault(f"the criterion cannot be tested ({error}).") from error


def _field(key: str, rules: Any, setting: Setting) -> CompiledField | None:
    asked = setting.lookup(key)
    if asked is None:
        raise setting.fault(f"there is nothing called '{key}' to test.")
    if not isinstance(rules, Mapping) or not rules:
        raise setting.fault(f"there is no rule for '{key}'.")
    for name in rules:
        if name not in RULES:
            raise setting.fault(f"there is no rule '{name}'.")
        if asked.type not in RULES[name].types:
            raise setting.fault(f"the rule '{name}' does not fit '{key}' ({asked.type.value}).")
    tests = _row_tests(rules, asked, setting) if asked.type is AnswerType.REGISTER else _tests(rules, asked, setting)
    rows = tuple((test.rule, test.rows) for test in tests if test.rows is not None)
    where = rows[0][1].where if rows else None
    return CompiledField(id=key, asked=asked, tests=tests, rows=rows, where=where) if tests else None


def _tests(rules: Mapping[str, Any], asked: Asked, setting: Setting) -> tuple[Test, ...]:
    made = (_test(name, argument, asked, setting) for name, argument in rules.items())
    return tuple(test for test in made if test is not None)


def _test(name: str, argument: Any, asked: Asked, setting: Setting) -> Test | None:
    filled = _fill(name, argument, asked, setting)
    if filled.dropped:
        return None
    return Test(
        rule=name,
        argument=filled.value,
        expected=_expected(name, filled, asked, setting),
        thresholds=filled.thresholds,
        unconfirmed=filled.unconfirmed,
        other=_other(name, filled.value),
        dated=name in DATED_RULES,
    )


def _other(name: str, argument: Any) -> str:
    """Name what an answer is compared with; empty where the rule compares with nothing else that was answered."""
    match RULES[name].argument:
        case Argument.NAME:
            return str(argument)
        case Argument.SHARE_OF:
            return str(argument["of"])
    return ""


def _expected(name: str, filled: _Filled, asked: Asked, setting: Setting) -> str:
    sources = "; ".join(
        words.origin(t, setting.products.get(t.product, t.product))
        for t in filled.thresholds
        if t.parameter not in BUILT_IN_PARAMETERS
    )
    suffix = f" ({sources})" if sources else ""
    if filled.unconfirmed:
        return f"{RULES[name].meaning} a figure that is not confirmed{suffix}"
    other = setting.lookup(_other(name, filled.value))
    said = words.expected(name, filled.value, asked, setting.as_of, words.subject(other) if other else "")
    return f"{said}{suffix}"


def _fill(name: str, argument: Any, asked: Asked, setting: Setting) -> _Filled:
    match RULES[name].argument:
        case Argument.VALUES:
            return _values(name, argument, asked, setting)
        case Argument.NUMBER | Argument.DAYS:
            return _number(name, argument, setting)
        case Argument.COUNT if _is_whole(argument) and argument >= 1:
            return _Filled(value=argument)
        case Argument.DATE if argument == "as_of":
            return _Filled(value=setting.as_of)
        case Argument.DATE if isinstance(argument, date) and not isinstance(argument, datetime):
            return _Filled(value=argument)
        case Argument.FLAG if argument is True:
            return _Filled(value=True)
        case Argument.NAME if isinstance(argument, str):
            other = setting.lookup(argument)
            if other is not None and asked.type in RULES[name].types and other.type in RULES[name].types:
                return _Filled(value=argument)
        case Argument.SHARE_OF if _is_share_of(argument, asked, setting):
            return _Filled(value={"min_sample": 1, **argument})
    raise setting.fault(f"{argument!r} cannot stand after '{name}'.")


def _is_share_of(argument: Any, asked: Asked, setting: Setting) -> bool:
    if not isinstance(argument, Mapping) or not {"of", "min_share"} <= argument.keys() <= {
        "of",
        "min_share",
        "min_sample",
    }:
        return False
    other, sample = setting.lookup(argument["of"]), argument.get("min_sample", 1)
    return (
        other is not None
        and other.type is asked.type
        and _fits_number("min_share", argument["min_share"])
        and _is_whole(sample)
        and sample >= 1
    )


def _number(name: str, argument: Any, setting: Setting) -> _Filled:
    if not isinstance(argument, Mapping):
        if not _fits_number(name, argument):
            raise setting.fault(f"{argument!r} cannot stand after '{name}'.")
        return _Filled(value=argument)
    threshold = _reference(argument, setting)
    if threshold.verification == words.NONE:
        return _Filled(thresholds=(threshold,), dropped=True)
    if not decides(threshold) or not _fits_number(name, threshold.value):
        return _Filled(thresholds=(threshold,), unconfirmed=True)
    return _Filled(value=threshold.value, thresholds=(threshold,))


def _values(name: str, argument: Any, asked: Asked, setting: Setting) -> _Filled:
    entries = [argument] if isinstance(argument, Mapping) else argument
    if not isinstance(entries, (list, tuple)) or not entries:
        raise setting.fault(f"{argument!r} cannot stand after '{name}'.")
    values: list[Any] = []
    thresholds: list[Threshold] = []
    unconfirmed = False
    for item in entries:
        if not isinstance(item, Mapping):
            if not _is_answer(item, asked.type):
                raise setting.fault(f"{item!r} is no answer to '{asked.id}'.")
            values.append(item)
            continue
        threshold = _reference(item, setting)
        thresholds.append(threshold)
        if threshold.verification == words.NONE:
            continue
        found = threshold.value if isinstance(threshold.value, tuple) else (threshold.value,)
        if decides(threshold) and found and all(_is_answer(v, asked.type) for v in found):
            values.extend(found)
        else:
            unconfirmed = True
    return _Filled(
        value=values, thresholds=tuple(thresholds), unconfirmed=unconfirmed, dropped=not values and not unconfirmed
    )


def _reference(table: Mapping[str, Any], setting: Setting) -> Threshold:
    name, offset = table.get("parameter"), table.get("offset", 0)
    if not isinstance(name, str) or not _is_number(offset) or not table.keys() <= {"parameter", "offset"}:
        raise setting.fault(f"{dict(table)!r} is no reference to a parameter.")
    if name not in setting.values:
        raise setting.fault(f"the parameter '{name}' was not filled in.")
    return shifted(setting.values[name], offset)


def _row_tests(rules: Mapping[str, Any], asked: Asked, setting: Setting) -> tuple[Test, ...]:
    """Compile the rules of a register; `where` belongs to each of the others and says nothing alone."""
    if not isinstance(asked, Question) or not any(name in rules for name in ROW_RULES):
        raise setting.fault(f"nothing is demanded of the rows of '{asked.id}'.")
    inner = replace(setting, lookup=asked.column)
    where = compile_group(rules["where"], inner) if "where" in rules else None
    made = (_row_test(name, rules[name], where, asked, inner) for name in ROW_RULES if name in rules)
    return tuple(test for test in made if test is not None)


def _row_test(name: str, argument: Any, where: CompiledGroup | None, asked: Question, setting: Setting) -> Test | None:
    unique = tuple(c.id for c in asked.columns if c.unique)
    match name, argument:
        case "min_rows", int() if _is_whole(argument) and argument >= 1:
            rule = RowsRule(where=where, group=None, min_rows=argument, unique=unique)
        case (("every_row" | "any_row"), _):
            group = compile_group(argument, setting)
            if group is None:
                return None
            rule = RowsRule(where=where, group=group)
        case "share_of_rows", {"min_share": float() | int() as share, "rows": rows, **rest}:
            sample: Any = rest.get("min_sample", 1)
            if not _fits_number("min_share", share) or not _is_whole(sample) or rest.keys() - {"min_sample"}:
                raise setting.fault(f"{argument!r} is no share of rows.")
            group = compile_group(rows, setting)
            if group is None:
                return None
            rule = RowsRule(where=where, group=group, min_share=share, min_sample=max(sample, 1))
        case _:
            raise setting.fault(f"{argument!r} cannot stand after '{name}'.")
    inner = [test for part in (rule.where, rule.group) if part is not None for _, test in part.all_tests()]
    dated = any(test.dated for test in inner)
    return Test(rule=name, argument=argument, expected=_rows_expected(name, rule), rows=rule, dated=dated)


def _rows_expected(name: str, rule: RowsRule) -> str:
    rows = f"the rows in which {group_words(rule.where)}" if rule.where else "the rows"
    held = group_words(rule.group) if rule.group else ""
    match name:
        case "min_rows":
            least = str(rule.min_rows)
            return f"at least {least} of {rows}" if rule.where else f"at least {amount(least, 'rows')}"
        case "every_row":
            return f"in all of {rows}: {held}"
        case "any_row":
            return f"in at least one of {rows}: {held}"
    return f"in at least {words.per_cent(rule.min_share or 0)} of {rows}: {held}"


def group_words(group: CompiledGroup) -> str:
    """Say a whole group in words."""
    said = [f"{words.subject(f.asked)}: {', '.join(t.expected for t in f.tests)}" for f in group.fields]
    if group.alternatives:
        said.append(" or ".join(f"({group_words(a)})" for a in group.alternatives))
    return "; ".join(said)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _fits_number(name: str, value: Any) -> bool:
    if not _is_number(value):
        return False
    match name:
        case "min_share":
            return bool(0 < value <= 1)
        case "max_age_days":
            return bool(value >= 0)
    return True


def _is_answer(value: object, kind: AnswerType) -> bool:
    match kind:
        case AnswerType.STATUS:
            return isinstance(value, str) and value in tuple(Status)
        case AnswerType.BOOLEAN:
            return isinstance(value, bool)
        case AnswerType.INTEGER:
            return _is_whole(value)
    return isinstance(value, str) and bool(value.strip())
