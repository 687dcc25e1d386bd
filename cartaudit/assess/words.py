"""Words: values, rules and thresholds as a quality manager reads them."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from cartaudit.assess.compiled import Asked
from cartaudit.model.answers import AnswerState, AnswerType, Share, Status
from cartaudit.model.audit import Threshold
from cartaudit.model.layout import BOOLEAN_WORDS, NA_WORD, STATUS_WORDS
from cartaudit.model.submission import Entry
from cartaudit.model.text import amount, joined, shorten

NOT_FOUND = "not_found"
NONE = "none"

_SOURCES = {
    "label": "label text",
    "authority": "authority text",
    "manufacturer": "maker's material, text",
    "secondary": "secondary source, text",
    "unverified": "unverified value, text",
}


_PLACES = {"US": "the US", "EU": "the EU", "UK": "the UK", "GB": "the UK", "CH": "Switzerland", "IL": "Israel"}
"""Whose product information it is, in a sentence; that of Great Britain became that of the UK."""


def places(jurisdictions: Iterable[str]) -> str:
    """List places in a sentence by name, each once; one without a name by its id."""
    return listed(dict.fromkeys(_PLACES.get(j, j) for j in jurisdictions), "and")


def subject(asked: Asked) -> str:
    """Name a question or column in a sentence: its wording on one line, without the final stop."""
    return _one_line(asked.text) or asked.id


@lru_cache(maxsize=4096)
def _one_line(text: str) -> str:
    return shorten(text, 190).rstrip(".?:! ")


def number(value: float) -> str:
    """Print a number without a needless fraction, a negative one with a minus sign."""
    return (str(int(value)) if float(value).is_integer() else repr(float(value))).replace("-", "−")


def with_unit(value: float, unit: str) -> str:
    """Print a number with its unit."""
    return amount(number(value), unit)


def per_cent(share: float) -> str:
    """Print a share between 0 and 1 in per cent, one decimal where needed."""
    return f"{number(round(share * 100, 1))} %"


def listed(values: Iterable[str], joint: str) -> str:
    """Join values for a sentence: `a, b and c`."""
    return joined(list(values), joint)


def answer(value: Any, asked: Asked) -> str:
    """Print a typed answer in the question's own words and unit."""
    match value:
        case Status():
            return STATUS_WORDS[value]
        case bool():
            return BOOLEAN_WORDS[value]
        case int() | float():
            return with_unit(value, asked.unit)
        case Share():
            share = f" ({per_cent(value.numerator / value.denominator)})" if value.denominator else ""
            return f"{value.numerator} of {value.denominator}{share}"
        case date():
            return value.isoformat()
        case str():
            return choice(value, asked)
        case tuple() if asked.type is AnswerType.REGISTER:
            return f"{len(value)} row{'' if len(value) == 1 else 's'}"
        case tuple():
            return listed((choice(v, asked) for v in value), "and")
    return shorten(str(value))


def choice(value: str, asked: Asked) -> str:
    """Print the label of a choice, or the text itself."""
    if asked.type is AnswerType.STATUS:
        return STATUS_WORDS.get(value, value)
    for option in asked.choices:
        if option.id == value:
            return option.label
    return shorten(value)


def entry_words(entry: Entry, value: Any, asked: Asked) -> str:
    """Say what stands in a cell: the answer, that it is blank, or what could not be read."""
    if value is not None:
        return answer(value, asked)
    match entry.state:
        case AnswerState.NOT_APPLICABLE:
            return NA_WORD
        case AnswerState.BLANK:
            return "no rows" if asked.type is AnswerType.REGISTER else "blank"
    return f"'{shorten(entry.original)}', which cannot be read" if entry.original else "unreadable"


def origin(threshold: Threshold, product: str) -> str:
    """Say where a threshold comes from: product, place, kind of text and its date or revision."""
    return ", ".join(filter(None, (product, threshold.jurisdiction, _text(threshold))))


def _text(threshold: Threshold) -> str:
    dated = f" of {threshold.text_date.isoformat()}" if threshold.text_date else ", undated"
    match threshold.verification:
        case "site":
            revision = f", revision {shorten(threshold.revision)}" if threshold.revision else ""
            return f"site-supplied{revision}, text{dated}"
        case "not_found":
            return "no value found"
        case "none":
            supplied = f"site-supplied, revision {shorten(threshold.revision)}, " if threshold.revision else ""
            return f"{supplied}text{dated}"
    return f"{_SOURCES.get(threshold.verification, threshold.verification)}{dated}"


def threshold_value(threshold: Threshold, label: Callable[[str], str]) -> str:
    """Print the value of a threshold with its unit; `label` words what stands for a choice."""
    match threshold.value:
        case None:
            return "no value"
        case bool():
            return BOOLEAN_WORDS[threshold.value]
        case int() | float():
            return with_unit(threshold.value, threshold.unit)
        case date():
            return threshold.value.isoformat()
        case tuple():
            return listed(map(label, threshold.value), "and")
    return label(threshold.value)


def expected(rule: str, argument: Any, asked: Asked, as_of: date, other: str = "") -> str:
    """Say what a rule asks for, to stand after a colon: `at least 8 weeks`."""
    match rule:
        case "allowed":
            return listed((answer(v, asked) if not isinstance(v, str) else choice(v, asked) for v in argument), "or")
        case "contains":
            return f"includes {listed((choice(v, asked) for v in argument), 'and')}"
        case "contains_any":
            return f"includes {listed((choice(v, asked) for v in argument), 'or')}"
        case "min":
            return f"at least {with_unit(argument, asked.unit)}"
        case "max":
            return f"at most {with_unit(argument, asked.unit)}"
        case "min_share":
            return f"at least {per_cent(argument)}"
        case "min_sample":
            return f"at least {argument} cases counted"
        case "not_expired":
            return f"not expired on {as_of.isoformat()}"
        case "max_age_days":
            return f"at most {number(argument)} days before {as_of.isoformat()}"
        case "not_before":
            return f"not before {argument.isoformat()}"
        case "not_after":
            return f"not after {argument.isoformat()}"
        case "minlength":
            return f"at least {argument} {'characters' if asked.type is AnswerType.TEXT else 'chosen'}"
        case "at_least":
            return f"at least the answer to '{other}'"
        case "at_most":
            return f"at most the answer to '{other}'"
        case "share_of":
            share, sample = per_cent(argument["min_share"]), argument["min_sample"]
            return f"at least {share} of '{other}' (which must be at least {sample})"
    return rule
