"""Comparing pages drawn by other libraries: their words, sizes, colours, letters and shapes, wherever they came to lie.

Other versions of Pango or HarfBuzz break lines and pages elsewhere. Everything but places is held against the report
made again.
"""

from collections.abc import Iterator
from dataclasses import replace

from cartaudit.report.pdf_drawn import Paint
from cartaudit.verification.checks import Check, failed, first_few
from cartaudit.verification.looking import Look, Told


def compare_looks(told: Look, ours: Look) -> Iterator[Check]:
    """Compare two reports, the first of which was handed in, in all but places; yields nothing but what fails."""
    yield from _compare_words(told.told, ours.told)
    firsts = list(dict.fromkeys(told.told.pages))
    if firsts != sorted(firsts):
        yield failed("The pages stand in another order than what they say.")
    stray = set(_stray(told.told, ours.told))
    if stray:
        yield failed(f"Headers and footers say or look other than ours: {first_few(sorted(stray), 5)}.")
    more, fewer = _shapes(told) - _shapes(ours), _shapes(ours) - _shapes(told)
    if more:
        yield failed(f"The pages paint {len(more)} shapes or colours that the report made again does not.")
    if fewer:
        yield failed(f"The pages do not paint {len(fewer)} shapes or colours of the report made again.")
    yield from _compare_letters(told, ours)
    pairs = {
        "bookmarks": told.bookmarks == ours.bookmarks,
        "structure": told.structure == ours.structure,
        "links": told.links == ours.links,
    }
    wrong = [name for name, same in pairs.items() if not same]
    if wrong:
        yield failed(f"Of the file, {first_few(wrong, 3)} are not those of the report made again.")


def _stray(told: Told, ours: Told) -> Iterator[str]:
    """Give words of headers and footers that ours do not have, or in another look."""
    looks = {replace(letter, text="") for letter in ours.furniture}
    for letter in told.furniture - ours.furniture - ours.headings:
        if letter.text not in ours.titles or replace(letter, text="") not in looks:
            yield letter.text


def _compare_words(told: Told, ours: Told) -> Iterator[Check]:
    pairs = zip(told.letters, ours.letters, strict=False)
    shorter = min(len(told.letters), len(ours.letters))
    place = next((number for number, (a, b) in enumerate(pairs) if a != b), shorter)
    if place == len(told.letters) == len(ours.letters):
        return
    page = told.pages[min(place, len(told.pages) - 1)] if told.pages else 1
    texts = ["".join(letter.text for letter in side.letters[place : place + 40]) for side in (told, ours)]
    if texts[0] == texts[1]:
        yield failed(f"Page {page} draws '{texts[0]}' in another font, size or colour than ours.")
    else:
        yield failed(f"Page {page} says '{texts[0]}' where the audit made again says '{texts[1]}'.")


def _compare_letters(told: Look, ours: Look) -> Iterator[Check]:
    """Compare the outlines and widths of all letters, font by font: a letter must look like what it is said to be."""
    wrong = [
        text for (font, text), forms in told.forms.items() if not forms <= ours.forms.get((font, text), frozenset())
    ]
    if wrong:
        yield failed(f"Letters are drawn other than ours: {first_few(sorted(set(wrong)), 8)}.")


def _shapes(look: Look) -> set[tuple[object, ...]]:
    """Give what is painted, and in which colour; of rectangles, whatever their size."""
    painted = (item for page in look.pages for item in page.items if isinstance(item, Paint))
    return {(item.what, item.colour, item.shape) for item in painted}
