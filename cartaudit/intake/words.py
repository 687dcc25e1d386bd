"""Words people answer with, looked up exactly; near misses are suggested, never taken."""

import difflib
from collections.abc import Mapping

from cartaudit.intake import vocabulary
from cartaudit.intake.clean import kept, key
from cartaudit.model.answers import Status
from cartaudit.model.layout import NA_WORD, STATUS_WORDS

NA = "not_applicable"
UNKNOWN = "unknown"

STATUS_EXPECTED = "Yes, Partial, No, In progress or N/A"
BOOLEAN_EXPECTED = "Yes, No or N/A"


def _table() -> dict[str, str]:
    tables: tuple[tuple[str, Mapping[str, str]], ...] = (
        (Status.YES, vocabulary.YES),
        (Status.PARTIAL, vocabulary.PARTIAL),
        (Status.NO, vocabulary.NO),
        (NA, vocabulary.NOT_APPLICABLE),
        (Status.IN_PROGRESS, vocabulary.IN_PROGRESS),
        (UNKNOWN, vocabulary.UNKNOWN),
    )
    found = {key(word): canonical for canonical, words in STATUS_WORDS.items() for word in (words, canonical)}
    for canonical, languages in tables:
        for words in languages.values():
            for word in words.split(" | "):
                found.setdefault(key(word), str(canonical))
    return found


_WORDS: Mapping[str, str] = _table()
_AMBIGUOUS = frozenset(key(word) for word in vocabulary.AMBIGUOUS) - {key(NA_WORD)}


_ENDS = " .!;,"
"""What may stand behind a word without changing it: `ja.` is `ja`."""

_BOXES = ("☐", "☒")
"""Boxes that say nothing by themselves: an empty one, and one that some programs write for ticked, others for no."""


@kept
def meaning(text: str) -> str | None:
    """Look up the canonical answer of a word: a Status value, NA, UNKNOWN, or None where it is no answer word."""
    folded = key(text)
    if folded in _AMBIGUOUS:
        return None
    return _WORDS.get(folded) or _WORDS.get(folded.rstrip(_ENDS))


@kept
def is_ambiguous(text: str) -> bool:
    """Tell whether two people would read the word differently."""
    return key(text) in _AMBIGUOUS or text in _BOXES


def suggest(text: str, words: Mapping[str, str] = _WORDS) -> str:
    """Name the closest known word for the remedy, or nothing; a suggestion is never taken for the answer."""
    close = difflib.get_close_matches(key(text)[:40], words, n=1, cutoff=0.8)
    return f" Did you mean '{close[0]}'?" if close else ""
