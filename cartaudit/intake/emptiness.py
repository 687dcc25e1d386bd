"""Words that say nothing: a cell of `none`, `-`, `tbc` or `see SOP` names no document, person, measure or reason."""

from cartaudit.intake import vocabulary
from cartaudit.intake.clean import kept, key

_TABLES = (
    vocabulary.NOTHING,
    vocabulary.YES,
    vocabulary.NO,
    vocabulary.NOT_APPLICABLE,
    vocabulary.IN_PROGRESS,
    vocabulary.UNKNOWN,
)
_ROUND = " .,;:!?-–—_/\\|()[]{}<>*'\"„“”«»…"


def _bare(text: str) -> str:
    return key(text).strip(_ROUND)


_WORDS = frozenset(
    folded
    for table in _TABLES
    for words in table.values()
    for word in words.split(" | ")
    if len(folded := _bare(word)) > 1  # single letters are initials
) | {_bare(word) for word in vocabulary.AMBIGUOUS if len(_bare(word)) > 1}


@kept
def says_nothing(text: str) -> bool:
    """Tell whether a text, taken as a whole, says nothing in any language that is read. Initials and codes do."""
    bare = _bare(text)
    if not any(character.isalnum() for character in bare):
        return bool(text.strip())
    return bare in _WORDS or bare == "0"
