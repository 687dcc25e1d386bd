"""Words: values, rules and thresholds as a quality manager reads them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from itertools import groupby
from string import Formatter
from typing import Any

from cartaudit.assess.names import Names
from cartaudit.criteria.criterion import Criterion, Test
from cartaudit.criteria.grammar import BUILT_IN_PARAMETERS
from cartaudit.criteria.rule import Asked, Phrase
from cartaudit.model.answers import AnswerState, AnswerType, Share, Status
from cartaudit.model.audit import Threshold
from cartaudit.model.layout import BOOLEAN_WORDS, NA_WORD, STATUS_WORDS
from cartaudit.model.submission import Entry
from cartaudit.model.text import amount, joined, shorten

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
        case "none" | "not_allowed":
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


def detail(phrase: Phrase | None) -> str:
    """Say what was counted; empty where nothing was."""
    return phrase.message.format(**phrase.fields) if phrase is not None else ""


_TESTS = 8192
"""Phrases of what rules ask for that are kept: a sixth of judging a site of a batch (74 -> 61 ms, 2026-12-01)."""


class Wording:
    """Words what rules ask for, on an audit date and with the names of a catalogue."""

    def __init__(self, names: Names, as_of: date) -> None:
        self.names, self.as_of = names, as_of
        self.expected = lru_cache(maxsize=_TESTS)(self._expected)

    def origin(self, threshold: Threshold) -> str:
        """Say where a threshold comes from, with the product's name."""
        return origin(threshold, self.names.product(threshold.product))

    def _expected(self, test: Test) -> str:
        """Say what a rule asks for, to stand after a colon: `at least 8 weeks (Kymriah, EU, label text of ...)`."""
        origins = [self.origin(t) for t in test.thresholds if t.parameter not in BUILT_IN_PARAMETERS]
        suffix = f" ({'; '.join(origins)})" if origins else ""
        if test.unconfirmed:
            return f"{test.rule.meaning} a figure that is not confirmed{suffix}"
        if test.closed:
            return f"nothing, because the text permits none{suffix}"
        where = test.beside.get("where")
        message = test.rule.words if where is None else test.rule.words_where
        argument = test.argument if isinstance(test.argument, Mapping) else {}
        fields = {"argument": test.argument, "other": test.other, "where": where, "as_of": self.as_of, **argument}
        return f"{_Filling(test.asked, self).vformat(message, (), fields)}{suffix}"

    def criterion(self, group: Criterion) -> str:
        """Say a whole group."""
        said = []
        for _, together in groupby(group.tests, key=lambda test: test.asked.id):
            tests = tuple(together)
            said.append(f"{subject(tests[0].asked)}: {', '.join(map(self.expected, tests))}")
        if group.alternatives:
            said.append(" or ".join(f"({self.criterion(a)})" for a in group.alternatives))
        return "; ".join(said)


class _Filling(Formatter):
    """Fills the named fields of a rule's message, each as its mark says: `{argument:amount}`."""

    def __init__(self, asked: Asked, wording: Wording) -> None:
        self._asked, self._wording = asked, wording

    def format_field(self, value: Any, format_spec: str) -> str:
        """Word one field."""
        match format_spec:
            case "amount":
                return with_unit(value, self._asked.unit)
            case "number":
                return number(value)
            case "per_cent":
                return per_cent(value)
            case "day":
                return str(value.isoformat())
            case "or" | "and":
                return listed((self._answer(v) for v in value), format_spec)
            case "subject":
                return subject(value)
            case "length":
                return f"{value} {'characters' if self._asked.type is AnswerType.TEXT else 'chosen'}"
            case "rows":
                return amount(str(value), "rows")
            case "group":
                return self._wording.criterion(value)
        return str(value)

    def _answer(self, value: Any) -> str:
        return choice(value, self._asked) if isinstance(value, str) else answer(value, self._asked)
