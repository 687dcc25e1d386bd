"""The tagged structure of a PDF as WeasyPrint hands it to a finisher, with every assumption about it checked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cartaudit.errors import RenderError

_REMEDY = "Install the version of WeasyPrint that cartaudit names, and report this."

Mark = tuple[int, int]
"""One piece of marked content: page index and its MCID on that page."""


def require(condition: object, expected: str) -> None:
    """Stop when WeasyPrint does not build what the finisher relies on; raises RenderError."""
    if not condition:
        raise RenderError(f"WeasyPrint did not build what the finisher relies on: {expected}. {_REMEDY}")


def number(reference: Any) -> int:
    """Give the object number of a reference such as `b"12 0 R"`."""
    if not (isinstance(reference, bytes) and reference.endswith(b" 0 R")):
        require(False, f"a reference, found {reference!r}")
    return int(reference[:-4])


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A PDF being finished: its objects, structure root, parent tree and pages.

    `nums` is the flat array of the parent tree; `page_marks[i]` maps the MCIDs of page i to structure elements;
    `streams[i]` is the list of operators of page i.
    """

    pdf: Any
    root: Any
    document: Any
    nums: list[Any]
    pages: tuple[Any, ...]
    page_marks: tuple[list[Any], ...]
    streams: tuple[list[Any], ...]
    page_index: dict[bytes, int]

    def get(self, reference: bytes) -> Any:
        """Look up an object by reference."""
        return self.pdf.objects[number(reference)]

    def children(self, element: Any) -> list[Any]:
        """List the structure elements below one element, marked content and object references left out."""
        kids = (self.get(kid) for kid in element["K"] if isinstance(kid, bytes))
        return [kid for kid in kids if kid.get("Type") == "/StructElem"]

    def parent(self, element: Any) -> Any:
        """Give the element above."""
        return self.get(element["P"])

    def below(self, element: Any) -> Iterator[Any]:
        """Walk over an element and everything below it, in reading order."""
        waiting = [element]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += reversed(self.children(one))

    def marks(self, element: Any) -> set[Mark]:
        """Collect the marked content of an element and everything below it."""
        return {(self.page_of(part), kid) for part in self.below(element) for kid in part["K"] if isinstance(kid, int)}

    def page_of(self, element: Any) -> int:
        """Give the index of the page an element stands on."""
        return self.page_index[bytes(element["Pg"])]

    def add(self, value: Any) -> Any:
        """Add an object to the PDF and give it back, now with a reference."""
        self.pdf.add_object(value)
        return value


def read_structure(pages: Iterable[Any], pdf: Any) -> Structure:
    """Read the structure from WeasyPrint's pages and pydyf's PDF; raises RenderError where it is not as expected."""
    require("StructTreeRoot" in pdf.catalog, "a structure tree")
    root = pdf.objects[number(pdf.catalog["StructTreeRoot"])]
    document = pdf.objects[number(root["K"][0])]
    require(len(root["K"]) == 1 and document.get("S") == "/Document", "one /Document below the structure root")
    nums = pdf.objects[number(root["ParentTree"])].get("Nums")
    count = len(tuple(pages))
    require(nums is not None and nums[: 2 * count : 2] == list(range(count)), "a parent tree that begins with pages")
    references = [bytes(reference) for reference in pdf.page_references]
    require(len(references) == count, "one PDF page for each page laid out")
    page_objects = tuple(pdf.objects[number(reference)] for reference in references)
    return Structure(
        pdf=pdf,
        root=root,
        document=document,
        nums=nums,
        pages=page_objects,
        page_marks=tuple(nums[2 * i + 1] for i in range(count)),
        streams=tuple(pdf.objects[number(page["Contents"])].stream for page in page_objects),
        page_index={reference: i for i, reference in enumerate(references)},
    )
