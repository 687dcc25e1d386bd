"""What a criterion asked, question by question: the wording once, what was found, and what is required."""

import re
from collections.abc import Mapping

from cartaudit.criteria.grammar import ANYOF
from cartaudit.criteria.rules import RULES
from cartaudit.model.audit import Compliance, Reason, Result, Step
from cartaudit.model.questions import Question
from cartaudit.model.submission import Row
from cartaudit.report import words
from cartaudit.report.lookup import Lookup
from cartaudit.report.parts import Ask

ROWS_NAMED = 8
"""Rows of a register that are named one by one; the embedded data and the workbook hold them all."""

_TREATMENTS = re.compile(r"\d+ of \d+ treatments come out so\.")
_SPOKEN = frozenset(
    {
        Reason.MET,
        Reason.CRITERION,
        Reason.ANSWERED_NO,
        Reason.BLANK,
        Reason.UNREADABLE,
        Reason.NO_ROWS,
        Reason.THRESHOLD_UNCONFIRMED,
    }
)
"""Reasons that what was found and what is required say by themselves."""


def asks_of(lookup: Lookup, result: Result) -> tuple[Ask, ...]:
    """List the questions of a criterion as they were tested, those of all its alternatives included."""
    gathered: dict[tuple[str, str], list[Step]] = {}
    for step in result.steps:
        gathered.setdefault((step.question, step.scope), []).append(step)
    return tuple(_ask(lookup, result, steps) for steps in gathered.values())


def note_of(lookup: Lookup, result: Result) -> str:
    """Say what the questions do not: a reason beyond them, and for how many treatments it holds."""
    if not result.steps or result.compliance is Compliance.NOT_APPLICABLE:
        return lookup.text(result.message)
    said = _TREATMENTS.search(result.message)
    parts = [
        "" if result.reason in _SPOKEN else _beyond(lookup, result),
        f"{said.group().capitalize()}" if said else "",
    ]
    return " ".join(p for p in parts if p)


def _beyond(lookup: Lookup, result: Result) -> str:
    if result.reason in (Reason.IN_PROGRESS, Reason.OVERDUE):
        return words.REASONS[result.reason]
    return lookup.text(result.message)


def _ask(lookup: Lookup, result: Result, steps: list[Step]) -> Ask:
    first = steps[0]
    question = lookup.catalogue.questions.get(first.question)
    own, rows = [s for s in steps if not s.row], [s for s in steps if s.row]
    holds = all(s.outcome == "true" or s.cause == "declared" for s in own)
    if holds or any(RULES[s.rule].one_is_enough for s in own):
        rows = []  # a search finds no single row at fault
    scope = "" if first.scope == result.product else first.scope
    text = lookup.question(f"{first.question}@{scope}" if scope else first.question)
    failing = _rows_failing(lookup, question, rows)
    alternatives = _alternatives(result, own) if rows else []
    named = [f"{_column(question, s.column)}: {s.expected}" for s in rows]
    required = alternatives or named or [s.expected for s in own]
    return Ask(
        question=text,
        short=(question.sheet if question else "") or lookup.question(first.question),
        found=lookup.text(failing or f"{_missing(lookup, result, own)}{_found(own)}"),
        required="; ".join(dict.fromkeys(r.replace("in all of the rows", "in all rows") for r in required)),
        cell="" if failing else first.cell,
        holds=holds,
    )


def _alternatives(result: Result, steps: list[Step]) -> list[str]:
    """Give rules whose rows may keep to one of several ways in full: of the columns alone all would seem required."""
    said = []
    for step in steps:
        rules = result.requirement.criterion.get(step.question, {}).get(step.rule, {})
        if isinstance(rules, Mapping) and ANYOF in rules:
            said.append(step.expected.replace(": (", ": either (", 1))
    return said


def _found(steps: list[Step]) -> str:
    """Say the answer once, with what each rule adds to it."""
    answers = list(dict.fromkeys(s.found for s in steps))
    said = answers[:1]
    for answer in answers[1:]:
        head = f"{answers[0].partition('; ')[0]}; "
        said.append(answer.removeprefix(head))
    return "; ".join(dict.fromkeys(said))


def _missing(lookup: Lookup, result: Result, steps: list[Step]) -> str:
    """Name first which of the choices required were not made, since a reader would have to compare two long lists."""
    short = next((s for s in steps if s.rule == "contains" and s.outcome == "false"), None)
    question = lookup.catalogue.questions.get(short.question) if short else None
    response = lookup.audit.submission.response(short.question, short.scope) if short else None
    if question is None or response is None or result.overridden or not isinstance(response.entry.value, tuple):
        return ""
    wanted = result.requirement.criterion.get(question.id, {}).get("contains", ())
    labels = [c.label for c in question.choices if c.id in wanted and c.id not in response.entry.value]
    return f"Missing: {'; '.join(labels)}. Chosen: " if labels else ""


def _rows_failing(lookup: Lookup, question: Question | None, steps: list[Step]) -> str:
    named: dict[int, dict[str, None]] = {}
    for step in steps:
        cell = f" ({step.cell})" if step.cell else ""
        named.setdefault(step.row, {})[f"{_column(question, step.column)}: {step.found}{cell}"] = None
    lines = [f"row {n}{_row_name(lookup, question, steps[0], n)}, {', '.join(v)}" for n, v in named.items()]
    rest = len(lines) - ROWS_NAMED
    return "; ".join(lines[:ROWS_NAMED]) + (f"; and {words.counted(rest, 'more row')}" if rest > 0 else "")


def _column(question: Question | None, column_id: str) -> str:
    columns = question.columns if question else ()
    return next((c.text for c in columns if c.id == column_id), words.titled(column_id)).rstrip(".?: ")


def _row_name(lookup: Lookup, question: Question | None, step: Step, number: int) -> str:
    """Name a row by the columns that tell rows apart; empty where there are none."""
    response = lookup.audit.submission.response(step.question, step.scope)
    if not question or not response or number > len(response.rows):
        return ""
    row: Row = response.rows[number - 1]
    names = [
        lookup.cell_text(row.entries[c.id], c.choices, c.unit)
        for c in question.columns
        if c.unique and c.id in row.entries
    ]
    shown = ", ".join(n for n in names if n)
    return f" ({shown})" if shown else ""
