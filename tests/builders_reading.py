"""The words of a report in the order of the structure tree, of the page, and of the HTML, white space taken out.

Artifacts (running heads and feet, repeated table heads) and pictures are left out everywhere.
"""

import io
import subprocess
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf

from cartaudit.report.pdf_text import squeeze

HEADING = ("\x02", "\x03")
"""Stand around the headings of chapters; `chapters` splits at them, `plain` takes them out."""

Marks = dict[tuple[int, int], str]

_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})


def told_words(data: bytes) -> str:
    """Give the text in the order of the structure tree, as a screen reader tells it."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        texts = _marked_texts(pdf)
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        return squeeze("".join(_told(pdf.Root.StructTreeRoot, pages, texts, 0)))


def _told(element: Any, pages: dict[tuple[int, int], int], texts: Marks, page: int) -> Iterator[str]:
    if "/Pg" in element:
        page = pages[element.Pg.objgen]
    if element.get("/S") == "/Figure":
        return
    is_chapter = element.get("/S") == "/H2"
    if is_chapter:
        yield HEADING[0]
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            if kid.get("/Type") == "/MCR":
                yield texts[pages[kid.Pg.objgen] if "/Pg" in kid else page, int(kid.MCID)]
            elif kid.get("/Type") != "/OBJR":
                yield from _told(kid, pages, texts, page)
        else:
            yield texts[page, int(kid)]
    if is_chapter:
        yield HEADING[1]


def _marked_texts(pdf: pikepdf.Pdf) -> Marks:
    """Give the text of each piece of marked content by page and number."""
    texts: Marks = {}
    for number, page in enumerate(pdf.pages):
        fonts = {name: _codes(font) for name, font in page.resources.get("/Font", {}).items()}
        stack: list[int | None] = []
        codes: dict[int, str] = {}
        for instruction in pikepdf.parse_content_stream(page):
            operands, operator = instruction.operands, str(instruction.operator)
            if operator in ("BDC", "BMC"):
                properties = operands[1] if operator == "BDC" else {}
                mark = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
                stack.append(None if mark is None else int(mark))
                if mark is not None:
                    texts.setdefault((number, int(mark)), "")
            elif operator == "EMC":
                stack.pop()
            elif operator == "Tf":
                codes = fonts[str(operands[0])]
            elif operator in ("Tj", "TJ"):
                owner = next((mark for mark in reversed(stack) if mark is not None), None)
                if owner is not None:
                    texts[number, owner] += "".join(_shown(operands[0], codes))
    return texts


def _shown(operand: Any, codes: dict[int, str]) -> Iterator[str]:
    for part in operand if isinstance(operand, pikepdf.Array) else [operand]:
        if isinstance(part, pikepdf.String):
            raw = bytes(part)
            for place in range(0, len(raw), 2):
                yield codes[int.from_bytes(raw[place : place + 2], "big")]


def _codes(font: Any) -> dict[int, str]:
    from cartaudit.report.pdf_fonts import read_table

    return read_table(font.ToUnicode.read_bytes())


def printed_words(data: bytes, folder: Path) -> str:
    """Give the text in the order of `pdftotext -raw`, from a copy without artifacts and pictures."""
    path = folder / "bare.pdf"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pictures = _figure_marks(pdf)
        for number, page in enumerate(pdf.pages):
            kept = list(_without(pikepdf.parse_content_stream(page), {m for p, m in pictures if p == number}))
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        pdf.save(path)
    command = ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"]
    return squeeze(subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8"))


def _figure_marks(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    return {
        (pages[element.Pg.objgen], int(kid))
        for element in pdf.objects
        if isinstance(element, pikepdf.Dictionary) and element.get("/S") == "/Figure"
        for kid in element.K
        if not isinstance(kid, pikepdf.Dictionary)
    }


def _without(instructions: Sequence[Any], pictures: set[int]) -> Iterator[Any]:
    """Drop the text operators inside artifacts and pictures; everything else stays."""
    stack: list[bool] = []
    for instruction in instructions:
        operands, operator = instruction.operands, str(instruction.operator)
        if operator in ("BDC", "BMC"):
            properties = operands[1] if operator == "BDC" else {}
            mark = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
            stack.append(str(operands[0]) == "/Artifact" or (mark is not None and int(mark) in pictures))
        elif operator == "EMC":
            stack.pop()
        if operator not in ("Tj", "TJ", "Do") or not any(stack):
            yield instruction


class _Words(HTMLParser):
    def __init__(self, left_out: frozenset[str]) -> None:
        super().__init__()
        self._left_out = left_out
        self._open: list[bool] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            names = {tag, *(f".{name}" for name in (dict(attrs).get("class") or "").split())}
            self._open.append(bool(names & self._left_out))
        if tag == "h2":
            self.handle_data(HEADING[0])

    def handle_endtag(self, tag: str) -> None:
        if tag == "h2":
            self.handle_data(HEADING[1])
        if tag not in _VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.texts.append(data)


def html_words(html: str, left_out: frozenset[str] = frozenset()) -> str:
    """Give the text of an HTML document in its order, without the elements and classes (`.name`) left out."""
    words = _Words(left_out | {"head", "svg", "style", "script"})
    words.feed(html)
    return squeeze("".join(words.texts))


def plain(words: str) -> str:
    """Give words without the signs around headings."""
    return words.replace(HEADING[0], "").replace(HEADING[1], "")


def chapters(words: str) -> dict[str, str]:
    """Split words into chapters by their headings, in their order; what stands before the first has no name."""
    first, *rest = words.split(HEADING[0])
    return {"": first} | dict(part.split(HEADING[1], 1) for part in rest)


def first_difference(one: str, two: str) -> str:
    """Show where two texts part, with what stands around; empty where they are the same."""
    if one == two:
        return ""
    place = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return f"at {place}: …{one[place - 60 : place]}| {one[place : place + 60]} | {two[place : place + 60]}"
