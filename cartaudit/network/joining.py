"""Several tagged PDFs of one look to one file, so that a long report is laid out in slices of bounded memory."""

import io
from collections.abc import Iterable
from typing import Any

import pikepdf

from cartaudit.errors import RenderError
from cartaudit.report.pdf import packed


def join_pdfs(first: bytes, more: Iterable[bytes]) -> bytes:
    """Put the pages of more PDFs behind those of the first, with their tags; each is dropped before the next is made.

    Title, bookmarks and everything else that a file has once are those of the first. The others must hold no links
    and no form fields. Raises RenderError where a part is not as cartaudit writes it.
    """
    with pikepdf.open(io.BytesIO(first)) as pdf:
        for part in more:
            with pikepdf.open(io.BytesIO(part)) as source:
                _append(pdf, source)
        return packed(pdf)


def count_pages(data: bytes) -> int:
    """Count the pages of a PDF."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def _append(pdf: pikepdf.Pdf, source: pikepdf.Pdf) -> None:
    """Append pages first: only then do copied tags refer to the copied pages."""
    document, numbers = _tags(pdf)
    added, its_numbers = _tags(source)
    offset = int(numbers[-2]) + 1
    for page in source.pages:
        if "/Annots" in page:
            raise RenderError("A part of the report holds links, which cannot be joined. Please report this.")
        pdf.pages.append(page)
        pdf.pages[-1].obj.StructParents = offset + int(page.obj.StructParents)
    for child in pdf.copy_foreign(added).K:
        child.P = document
        document.K.append(child)
    for key, owners in zip(its_numbers[::2], its_numbers[1::2], strict=True):
        numbers.append(offset + int(key))
        numbers.append(pdf.copy_foreign(_indirect(source, owners)))


def _indirect(pdf: pikepdf.Pdf, value: Any) -> Any:
    """Give the value as an object of its own, which is what can be copied to another file."""
    return value if value.is_indirect else pdf.make_indirect(value)


def _tags(pdf: pikepdf.Pdf) -> tuple[Any, Any]:
    """Give the root of the tags and the flat list that leads from pages to tags."""
    root = pdf.Root.StructTreeRoot
    if len(root.K) != 1 or "/Nums" not in root.ParentTree:
        raise RenderError("A part of the report is not tagged as expected. Please report this.")
    return root.K[0], root.ParentTree.Nums
