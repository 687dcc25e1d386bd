"""What a PDF shows and tells, taken out of it once: letters in their order of reading, pictures, bookmarks, prints."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cartaudit.report.pdf_drawn import DrawingError, DrawnPage, Run, drawn_pages
from cartaudit.verification.attached import Contents
from cartaudit.verification.described import told_of
from cartaudit.verification.fingerprint import Prints, document_prints

_TITLES = frozenset({"/H1", "/H2", "/H3"})


class LookingError(Exception):
    """A PDF that is not built as ours are; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A character and how it looks."""

    text: str
    font: str
    size: float
    colour: tuple[str | float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the structure of a PDF tells, letter by letter with the page of each.

    `furniture` holds the words of headers and footers and repeated table heads; `headings` those of table heads as they
    look, and `titles` those of chapters, which stand in the header of each page in its own look.
    """

    letters: tuple[Letter, ...]
    pages: tuple[int, ...]
    furniture: frozenset[Letter]
    headings: frozenset[Letter]
    titles: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen of a PDF; `forms` gives how each letter of each font is drawn, with its width."""

    pages: tuple[DrawnPage, ...]
    told: Told
    forms: Mapping[tuple[str, str], frozenset[object]]
    bookmarks: tuple[tuple[int, str], ...]
    structure: tuple[tuple[str, str], ...]
    links: frozenset[tuple[str, str]]
    described: Mapping[str, str]
    prints: Prints


def look_at(pdf: Any, data: bytes, contents: Contents, signed: Sequence[str]) -> Look:
    """Look at a PDF, leaving out of its prints what the fields named `signed` hold. Raises LookingError."""
    try:
        pages = drawn_pages(pdf)
        return Look(
            pages=pages,
            told=_told(pdf, pages),
            forms=_forms(pages),
            bookmarks=tuple(_bookmarks(pdf)),
            structure=tuple(_structure(pdf)),
            links=frozenset(_links(pdf)),
            described=told_of(pdf, contents),
            prints=document_prints(data, signed),
        )
    except DrawingError as error:
        raise LookingError(f"The pages draw what cartaudit does not: {error}.") from error
    except LookingError:
        raise
    except Exception as error:  # fonts and objects are anybody's, and the libraries that read them raise whatever comes
        raise LookingError(f"The PDF is not built as ours are ({type(error).__name__}).") from error


def _told(pdf: Any, pages: Sequence[DrawnPage]) -> Told:
    by_mark: dict[tuple[int, int], list[Run]] = {}
    furniture: set[Letter] = set()
    for number, page in enumerate(pages):
        for run in page.runs:
            if run.artifact:
                furniture |= _words(run, number + 1, len(pages))
            elif run.mark is not None:
                by_mark.setdefault((number, run.mark), []).append(run)
            elif run.text.strip():
                raise LookingError(f"Page {number + 1} holds text outside of the structure.")
    letters: list[Letter] = []
    places: list[int] = []
    headings: set[Letter] = set()
    titles: set[str] = set()
    for entry in _in_order(pdf):
        for run in by_mark.pop(entry.mark, []):
            text = "#" if entry.is_number and run.text.strip().isdigit() else "".join(run.text.split())
            letters += (_letter(character, run) for character in text)
            places += [entry.mark[0] + 1] * len(text)
            if entry.kind == "/TH":
                headings |= _words(run, 0, 0)
            if entry.kind in _TITLES:
                titles |= set(run.text.split())
    left = sorted(page + 1 for (page, _), runs in by_mark.items() if any(run.text.strip() for run in runs))
    if left:
        raise LookingError(f"Page {left[0]} holds text outside of the order in which it is read aloud.")
    return Told(
        letters=tuple(letters),
        pages=tuple(places),
        furniture=frozenset(furniture),
        headings=frozenset(headings),
        titles=frozenset(titles),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One piece of marked content in the order of the structure: page and number, and the element it belongs to.

    `is_number` where the element holds a link beside its own text, as an entry of the contents with its page number.
    """

    mark: tuple[int, int]
    kind: str
    is_number: bool


def _in_order(pdf: Any) -> Iterator[_Entry]:
    """Walk over the marked content of a PDF as a screen reader would."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    for item, owner in _walk(pdf):
        if isinstance(item, int) or item.get("/Type") == "/MCR":
            page = owner if isinstance(item, int) or "/Pg" not in item else item
            yield _Entry(
                mark=(numbers.get(page.Pg.objgen, -1), item if isinstance(item, int) else int(item.MCID)),
                kind=str(owner.S),
                is_number=any(not isinstance(kid, int) and kid.get("/S") == "/Link" for kid in _kids(owner)),
            )


def _walk(pdf: Any) -> Iterator[tuple[Any, Any]]:
    """Give every item of the structure in its order, with the element that holds it; each element once."""
    root = pdf.Root.StructTreeRoot
    waiting = [(kid, root) for kid in reversed(_kids(root))]
    seen: set[tuple[int, int]] = set()
    while waiting:
        item, owner = waiting.pop()
        yield item, owner
        if not isinstance(item, int) and "/S" in item:
            if item.objgen in seen or item.objgen == (0, 0):
                raise LookingError("The structure of the file leads back to itself.")
            seen.add(item.objgen)
            waiting += [(kid, item) for kid in reversed(_kids(item))]


def _kids(element: Any) -> list[Any]:
    import pikepdf

    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array | list) else [kids]


def _letter(text: str, run: Run) -> Letter:
    return Letter(text, run.font.name, round(run.size, 1), run.colour)


def _words(run: Run, page: int, count: int) -> set[Letter]:
    """Split a piece of text at its spaces; the numbers of page and pages are told by signs."""
    counted = {str(page): "#", str(count): "##"}
    return {_letter(counted.get(word, word), run) for word in run.text.split()}


def _forms(pages: Sequence[DrawnPage]) -> Mapping[tuple[str, str], frozenset[object]]:
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.ttLib import TTFont

    forms: dict[tuple[str, str], set[object]] = {}
    used: dict[int, tuple[Any, set[int]]] = {}
    for page in pages:
        for run in page.runs:
            used.setdefault(id(run.font), (run.font, set()))[1].update(run.glyphs)
    for font, glyphs in used.values():
        with TTFont(io.BytesIO(font.program), lazy=True) as program:
            shapes, order = program.getGlyphSet(), program.getGlyphOrder()
            for glyph in glyphs:
                pen = DecomposingRecordingPen(shapes)
                shapes[order[glyph]].draw(pen)
                drawn = (program["head"].unitsPerEm, tuple(map(str, pen.value)), round(font.width(glyph)))
                forms.setdefault((font.name, font.text([glyph])), set()).add(drawn)
    return {key: frozenset(found) for key, found in forms.items()}


def _bookmarks(pdf: Any) -> Iterator[tuple[int, str]]:
    """Give depth and title of all bookmarks in their order."""
    waiting = [(0, pdf.Root.get("/Outlines", {}).get("/First"))]
    seen: set[tuple[int, int]] = set()
    while waiting:
        depth, mark = waiting.pop()
        if mark is None or mark.objgen in seen:
            continue
        seen.add(mark.objgen)
        yield depth, str(mark.Title)
        waiting += [(depth, mark.get("/Next")), (depth + 1, mark.get("/First"))]


def _structure(pdf: Any) -> Iterator[tuple[str, str]]:
    """Give kind and told words of headings, figures and tables in their order; what a page end divides comes twice."""
    for item, _ in _walk(pdf):
        if not isinstance(item, int) and "/S" in item:
            kind, words = str(item.S), str(item.get("/Alt", ""))
            if words or kind in _TITLES or kind in ("/Figure", "/Table"):
                yield kind, words


def _links(pdf: Any) -> Iterator[tuple[str, str]]:
    """Give words and targets of all links, of which one may be broken over two lines or pages."""
    for page in pdf.pages:
        for note in page.obj.get("/Annots", []):
            if note.get("/Subtype") == "/Link":
                yield str(note.get("/Contents", "")), str(note.Dest)
