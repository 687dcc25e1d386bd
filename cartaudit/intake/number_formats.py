"""What a number format adds to a value: the sign, unit or per cent a person sees, a thousandth, or nothing at all."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_PLACES = frozenset("0#?")
_CONDITION = re.compile(r"\[\s*(<=|>=|<>|<|>|=)\s*([+-]?[0-9.]+)\s*\]")
_TESTS = {
    "<": lambda value, limit: value < limit,
    ">": lambda value, limit: value > limit,
    "<=": lambda value, limit: value <= limit,
    ">=": lambda value, limit: value >= limit,
    "=": lambda value, limit: value == limit,
    "<>": lambda value, limit: value != limit,
}


class Shown(NamedTuple):
    """How one section of a format shows a value: the text before and behind it, whether in per cent, in thousands
    (0: as it is), and whether the value shows at all. `signed` tells that a minus is shown where the value has one."""

    before: str = ""
    behind: str = ""
    per_cent: bool = False
    thousands: int = 0
    value: bool = True
    signed: bool = True


AS_IT_IS = Shown()


def shown_number(code: str, value: float) -> Shown:
    """Say how a format shows a number; dates and times are no matter of this."""
    if code in ("General", "@", ""):
        return AS_IT_IS
    sections = list(_sections(code))
    number = _section_of(sections, value)
    shown = _read(sections[number])
    own_sign = number > 0 and value < 0 and not any(map(_CONDITION.search, sections))
    if own_sign:
        return shown._replace(signed="-" in shown.before or "(" in shown.before or "-" in shown.behind)
    return shown


def shown_text(code: str) -> Shown:
    """Say how a format shows a text: by its fourth section, or by a single one that holds an @."""
    sections = list(_sections(code))
    if len(sections) == 4:
        return _read(sections[3], places=frozenset("@"))
    if len(sections) == 1 and "@" in sections[0]:
        return _read(sections[0], places=frozenset("@"))
    return AS_IT_IS


_SAID_WITH_DATES = re.compile(
    r"de|del|di|den|der|the|of|le|la|il|e|h|t|z|uhr|kl|utc|г|год|года|р|r|rok|roku|år|év|"
    r"年|月|日|時|时|分|秒|년|월|일|시|초",
    re.IGNORECASE,
)
"""Words and signs that formats of dates write between day, month, year and hour."""

_WORDS = re.compile(r"\w+")
_OTHER_CALENDAR = re.compile(r"^b[12](?=[dmy])", re.IGNORECASE)


def said_with_date(code: str) -> str:
    """Give what a format of dates writes beside the date that could say another thing: figures, words of its own."""
    code = _OTHER_CALENDAR.sub("", code)
    said = " ".join("".join(_literal(token) if _is_written(token) else " " for _, token in _tokens(code)).split())
    return said if not all(map(_SAID_WITH_DATES.fullmatch, _WORDS.findall(said))) else ""


def _is_written(token: str) -> bool:
    return token[0] in '"\\*123456789' or token.startswith("[$")


def _section_of(sections: list[str], value: float) -> int:
    """Choose the section for a number as Excel does: by conditions, else positive, negative, zero."""
    conditions = [_CONDITION.search(section) for section in sections[:2]]
    if any(conditions):
        for number, found in enumerate(conditions):
            if found and _TESTS[found[1]](value, float(found[2])):
                return number
        rest = [n for n, found in enumerate(conditions) if not found]
        return min(2, len(sections) - 1) if len(sections) > 2 else (rest[0] if rest else len(sections) - 1)
    if value < 0 and len(sections) > 1:
        return 1
    return 2 if value == 0 and len(sections) > 2 else 0


def _sections(code: str) -> Iterator[str]:
    """Split a format at semicolons that are not quoted."""
    start = 0
    for place, token in _tokens(code):
        if token == ";":
            yield code[start:place]
            start = place + 1
    yield code[start:]


def _tokens(code: str) -> Iterator[tuple[int, str]]:
    """Take a format apart: quoted texts, bracketed settings, escaped signs, single signs; each with its place."""
    place = 0
    while place < len(code):
        sign = code[place]
        end = place + 1
        if sign == '"':
            end = code.find('"', place + 1) + 1 or len(code)
        elif sign == "[":
            end = code.find("]", place + 1) + 1 or len(code)
        elif sign in "\\_*":
            end = place + 2
        elif code[place : place + 7].casefold() == "general":
            end = place + 7
        yield place, code[place:end]
        place = end


def _read(section: str, places: frozenset[str] = _PLACES) -> Shown:
    before, behind = "", ""
    per_cent, value, commas, exponent = False, False, 0, False
    for _, token in _tokens(section):
        if token in places or token.casefold() == "general":
            value, commas = True, 0
        elif token == "," and value:
            commas += 1
        elif token == "%":
            per_cent = True
        elif token in (".", "/", "@") or (token in "Ee+-" and exponent):
            continue
        elif token in "Ee" and value:
            exponent = True
        else:
            text = _literal(token)
            if value:
                behind += text
            else:
                before += text
    return Shown(before.strip(), behind.strip(), per_cent, commas, value)


def _literal(token: str) -> str:
    if token[0] == '"':
        return token.strip('"')
    if token[0] == "\\":
        return token[1:]
    if token[0] == "*":
        return f" {token[1:] * 2} " if token[1:].isalnum() else " "  # fills the cell with that sign
    if token[0] == "_":
        return " "
    if token[0] == "[":
        return token[2:-1].partition("-")[0] if token.startswith("[$") else ""
    return token
