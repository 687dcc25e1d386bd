"""The text of a PDF page by page, as it is seen: also what a screen reader is not told."""

import io

from cartaudit.report.pdf_drawn import drawn_pages, texts_of


def page_texts(data: bytes) -> tuple[str, ...]:
    """Give the text of each page without any white space, in the order in which it is painted. Raises DrawingError."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        return tuple(squeeze(text) for text in texts_of(drawn_pages(pdf)))


def squeeze(text: str) -> str:
    """Remove all white space: line ends are not written into a PDF, so they cannot be compared."""
    return "".join(text.split())
