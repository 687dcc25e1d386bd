"""Lint of consistency rules: names and groups, and whether each finds its contradictions and spares honest answers."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from cartaudit.catalogue.lint.criteria import lint_criterion, lint_without_parameters
from cartaudit.catalogue.lint.options import options_of, wanted_answer
from cartaudit.catalogue.lint.places import lint_duplicates
from cartaudit.catalogue.lint.requirements import Setting
from cartaudit.catalogue.messages import LintMessage, Place, instead, written
from cartaudit.criteria.consistency import ConsistencyRules, ExampleSheet, kind_of, questions_doubted
from cartaudit.criteria.grammar import columns_of
from cartaudit.criteria.rule import Asked
from cartaudit.errors import ChecklistError
from cartaudit.model.answers import AnswerType
from cartaudit.model.consistency import Consistency, Example

EXAMPLE_DAY = date(2026, 1, 1)
"""The audit date on which examples are tried."""

_ORDERED = (AnswerType.INTEGER, AnswerType.NUMBER, AnswerType.DATE)


def lint_consistency(checked: Setting) -> Iterator[LintMessage]:
    """Check every consistency rule."""
    rules = checked.content.consistency
    yield from lint_duplicates(((rule.id, _place(rule)) for rule in rules), "Consistency rule")
    for rule in rules:
        found = list(_lint(rule, _place(rule), checked))
        yield from found
        if not found and checked.content.complete("question"):
            yield from _examples(rule, _place(rule), checked)


def _place(rule: Consistency) -> Place:
    return Place(rule.source_file, f"consistency[{rule.id}]")


def _lint(rule: Consistency, place: Place, checked: Setting) -> Iterator[LintMessage]:
    kind = kind_of(rule)
    if not kind:
        yield place.error("The rule has to demand one thing.", "Fill one of needs, answered, pair, counts and reached.")
        return
    if (kind in ("needs", "answered")) != bool(rule.when):
        yield place.at("when").error(
            f"'when' stands with needs and answered only, and '{kind}' is here.", "Correct it."
        )
    for key, group in (("when", rule.when), ("needs", rule.needs)):
        if group:
            yield from lint_criterion(group, place.at(key), checked.vocabulary)
            yield from lint_without_parameters(group, place.at(key))
    if kind == "pair":
        yield from _pair(rule, place.at("pair"), checked)
    elif not questions_doubted(rule):
        yield place.at("doubts").error("Nothing is withheld.", "Name the questions that cannot count meanwhile.")
    for name in (*rule.answered, *rule.doubts):
        yield from _question(name, place, checked)
    for name, value in rule.otherwise.items():
        yield from _reading(name, value, place.at("otherwise").at(name), checked)
    for key, table in (("counts", rule.counts), ("reached", rule.reached)):
        if table:
            yield from _places(table, place.at(key), checked)


def _question(name: str, place: Place, checked: Setting) -> Iterator[LintMessage]:
    questions = checked.vocabulary.questions
    if name not in questions and name not in checked.vocabulary.broken_questions:
        yield place.error(f"There is no question '{name}'.", instead(name, questions, "a question"))


def _reading(name: str, value: Any, place: Place, checked: Setting) -> Iterator[LintMessage]:
    """Check what else an answer may be: one of its choices."""
    yield from _question(name, place, checked)
    asked = checked.vocabulary.questions.get(name)
    if asked is None:
        return
    options = options_of(asked, checked.vocabulary.options)
    if options is None or not isinstance(value, str) or value not in options:
        wanted = wanted_answer(asked, checked.vocabulary.options)
        yield place.error(f"{written(value)} is no choice of '{name}'.", f"Write {wanted}.")


def _pair(rule: Consistency, place: Place, checked: Setting) -> Iterator[LintMessage]:
    found = [_asked(name, checked) for name in rule.pair]
    for name, asked in zip(rule.pair, found, strict=True):
        if asked is None:
            yield place.error(f"There is no question or column '{name}'.", "Write question or register.column.")
    if len(found) != 2:
        yield place.error("A pair are two answers.", "Name the one that is at most the other first.")
    elif all(asked is not None for asked in found):
        registers = {name.partition(".")[0] if "." in name else "" for name in rule.pair}
        scopes = {getattr(asked, "scope", None) for asked in found}
        types = {asked.type for asked in found if asked is not None}
        ordered = types <= set(_ORDERED) and (AnswerType.DATE not in types or len(types) == 1)
        if len(registers) != 1 or len(scopes) != 1 or not ordered:
            yield place.error("The two cannot be compared.", "Name two numbers or two dates of one scope or register.")


def _asked(name: str, checked: Setting) -> Asked | None:
    question, _, column = name.partition(".")
    asked = checked.vocabulary.questions.get(question)
    return columns_of(asked).get(column) if column else asked


def _places(table: Mapping[str, Any], place: Place, checked: Setting) -> Iterator[LintMessage]:
    """Check the registers and columns that a rule on places names."""
    for key, columns in (("register", [table["column"]]), ("by", table.get("columns", []))):
        if key in table:
            yield from _question(table[key], place.at(key), checked)
            known = columns_of(checked.vocabulary.questions.get(table[key]))
            for column in columns:
                if column not in known:
                    yield place.at(key).error(f"'{table[key]}' has no column '{column}'.", "Name one of its columns.")
    if "answer" in table:
        yield from _question(table["answer"], place.at("answer"), checked)
    if "where" in table:
        group = {table["register"]: {"where": table["where"], "min_rows": 1}}
        yield from lint_criterion(group, place, checked.vocabulary)
        yield from lint_without_parameters(group, place)


def _examples(rule: Consistency, place: Place, checked: Setting) -> Iterator[LintMessage]:
    """Try a rule on its own examples."""
    try:
        rules = ConsistencyRules([rule], checked.vocabulary.questions, EXAMPLE_DAY)
    except ChecklistError as error:
        yield place.error(str(error), "Correct it.")
        return
    for key, examples, wanted in (("finds", rule.finds, True), ("spares", rule.spares, False)):
        for number, example in enumerate(examples, start=1):
            here = place.at(key).item(number)
            strangers = list(_strangers(example, here, checked))
            yield from strangers
            if not strangers and any(rules.breaches(ExampleSheet(example))) is not wanted:
                fault = "The rule stays silent here." if wanted else "The rule objects here."
                yield here.error(fault, "Correct the rule or the example.")


def _strangers(example: Example, place: Place, checked: Setting) -> Iterator[LintMessage]:
    for name, value in example.items():
        yield from _question(name, place.at(name), checked)
        known = columns_of(checked.vocabulary.questions.get(name))
        for row in value if isinstance(value, list) and known else ():
            if not isinstance(row, Mapping) or not row.keys() <= known.keys():
                yield place.at(name).error("The row names a column that is not there.", "Name columns of the register.")
