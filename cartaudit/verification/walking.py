"""Walking over every object of a PDF, and naming what none of our reports holds."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cartaudit.report.pdf_allowed import BY_SIGNING, KINDS, TOP, WORDS, Free, Keys, Kind, Many, Named, Scalar

MOST_VALUES = 3_000_000
"""Values looked at in one file; a report of forty pages has about forty thousand."""

MOST_FAULTS = 20

_SCALARS = {
    "name": frozenset({"name_"}),
    "number": frozenset({"integer", "real"}),
    "text": frozenset({"string"}),
    "truth": frozenset({"boolean"}),
    "none": frozenset({"null"}),
}


@dataclass(frozen=True, slots=True)
class _Found:
    """A value, the kind its place asks for, and the way to it."""

    value: Any
    kind: str
    place: str


class TooMuchError(Exception):
    """A file holds more than any report, and was not looked at to its end."""


def foreign_parts(pdf: Any, *, signed: bool) -> list[str]:
    """Name what in a PDF is none of what our reports hold, the first few, each by its shortest way from the top.

    In a file that is `signed`, what programs add that sign may stand too. Raises TooMuchError where a file holds more
    values than any report.
    """
    waiting = deque([_Found(pdf.trailer, TOP, "")])
    seen: set[tuple[int, int, str]] = set()
    faults: dict[str, None] = {}
    for _ in range(MOST_VALUES):
        if not waiting or len(faults) >= MOST_FAULTS:
            return list(faults)
        found = waiting.popleft()
        number = getattr(found.value, "objgen", (0, 0))
        if number != (0, 0):
            if (*number, found.kind) in seen:
                continue
            seen.add((*number, found.kind))
        if not signed:
            faults |= dict.fromkeys(_in_words(f"{found.place}{key}") for key in _added(found))
        for step in _looked_at(found):
            if isinstance(step, str):
                faults[_in_words(step)] = None
            else:
                waiting.append(step)
    raise TooMuchError(f"it holds more than {MOST_VALUES:,} values".replace(",", " "))


def _added(found: _Found) -> Iterator[str]:
    """Give the keys of a value that only signing adds."""
    for key in BY_SIGNING.get(found.kind, ()):
        if (
            _fits(found.value, KINDS[found.kind])
            and key in found.value
            and (key != "/DR" or len(found.value[key].keys()))
        ):
            yield key


def _in_words(step: str) -> str:
    """Say a fault in words where there are some, and with the page where it is on one."""
    page = re.match(r"/Root/Pages(?:/Kids\[\d+\])*/Kids\[(\d+)\]", step)
    place = f"page {int(page[1]) + 1} {step[page.end() :]}".strip() if page else step
    words = next((WORDS[key] for key in reversed(re.findall(r"/\w+", step)) if key in WORDS), "")
    return f"{words} ({place})" if words else place


def _looked_at(found: _Found) -> Iterator[_Found | str]:
    """Give what is to be looked at below a value, and what is wrong about it."""
    kind = KINDS[found.kind]
    if isinstance(kind, tuple):
        fitting = next((name for name in kind if _fits(found.value, KINDS[name])), None)
        if fitting is None:
            yield f"{found.place or 'the file'} is no {' or '.join(kind)}"
        else:
            yield _Found(found.value, fitting, found.place)
    elif not _fits(found.value, kind):
        yield f"{found.place or 'the file'} is {_told(found.value)}"
    else:
        yield from _below(found, kind)


def _below(found: _Found, kind: Kind) -> Iterator[_Found | str]:
    value, place = found.value, found.place
    match kind:
        case Keys():
            for key in sorted(value.keys()):
                if key not in kind.allowed:
                    yield f"{place}{key}"
                else:
                    yield _Found(value[key], kind.allowed[key], f"{place}{key}")
            for key in sorted(kind.needed - value.keys()):
                yield f"{place}{key} is missing"
        case Named():
            for key in sorted(value.keys()):
                yield _Found(value[key], kind.of, f"{place}{key}")
        case Many():
            for number, item in enumerate(value):
                of = kind.of[number % len(kind.of)] if kind.in_turn else _first(item, kind.of)
                at = f"{place}[{number}]"
                yield at if of is None else _Found(item, of, at)
        case Free():
            yield from _free(found, kind)


def _free(found: _Found, kind: Free) -> Iterator[_Found | str]:
    """Look over what a program that signs has made."""
    value, place = found.value, found.place
    if _type(value) in ("dictionary", "stream"):
        for key in sorted(value.keys()):
            if key in kind.forbidden and not (key == "/S" and value.get("/Type") == "/Group"):
                yield f"{place}{key}"
            elif key not in ("/Parent", "/P"):
                yield _Found(value[key], found.kind, f"{place}{key}")
    elif _type(value) == "array":
        for item in value:
            yield _Found(item, found.kind, place)


def _first(value: Any, kinds: tuple[str, ...]) -> str | None:
    return next((name for name in kinds if _fits(value, KINDS[name])), None)


def _fits(value: Any, kind: Kind) -> bool:
    """Tell whether a value has the outer shape of a kind; what it holds is looked at in its turn."""
    shape = _type(value)
    match kind:
        case Scalar():
            return shape in _SCALARS[kind.of] and (not kind.values or str(value) in kind.values)
        case Many():
            return shape == "array"
        case Named():
            return shape == "dictionary"
        case Keys():
            return shape == ("stream" if kind.stream else "dictionary") and _is_typed(value, kind)
        case Free():
            return True
    return any(_fits(value, KINDS[name]) for name in kind)


def _is_typed(value: Any, kind: Keys) -> bool:
    """Tell whether what tells kinds apart is there, and says the right one."""
    for key in ("/Type", "/Subtype", "/PatternType"):
        told = KINDS[kind.allowed[key]] if key in kind.allowed else None
        if isinstance(told, Scalar) and told.values and key in value and str(value[key]) not in told.values:
            return False
    return kind.needed <= value.keys() or "/Type" in kind.needed


def _type(value: Any) -> str:
    """Give the PDF type of a value; pikepdf gives numbers, truths and nothing as Python's own."""
    import decimal

    import pikepdf

    if isinstance(value, pikepdf.Object):
        return str(value._type_code.name)
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "null" if value is None else "real" if isinstance(value, decimal.Decimal | float) else "string"


def _told(value: Any) -> str:
    """Say in a word or two what stands where something else should."""
    shape = _type(value).rstrip("_")
    if shape in ("name", "integer", "real", "boolean"):
        return f"'{str(value)[:40]}'"
    kind = value.get("/Subtype", value.get("/Type", "")) if shape in ("dictionary", "stream") else ""
    return f"{'an' if shape == 'array' else 'a'} {shape} {kind}".strip()
