"""Fingerprints of what a PDF shows and does, whatever program saved it: pages with their fonts, and the rest."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_WAYS_BACK = frozenset({"/Parent", "/P", "/StructParent", "/StructParents", "/Pg", "/Prev"})
"""Keys that lead back to where one came from, or number what the structure tree finds by itself."""

_STORAGE = frozenset({"/Length", "/Filter", "/DecodeParms"})
_SAVED_ANEW = frozenset({"/Metadata", "/Extensions", "/Version", "/DSS", "/Perms", "/AF", "/Pages", "/AcroForm"})
"""Parts of the catalogue that a signature or a save changes rightly, or that are compared elsewhere."""

_CONTENT_OF_SIGNATURE = frozenset({"/AP", "/V", "/TU", "/Lock", "/SV", "/M", "/MK", "/DA", "/Alt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prints:
    """One fingerprint for each page, and one for each other part of the file that a reader acts on."""

    pages: tuple[bytes, ...]
    parts: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What was seen of one file: numbers of pages, fingerprints of objects, and objects being looked at."""

    pages: dict[tuple[int, int], int]
    filled: frozenset[str]
    prints: dict[tuple[int, int], bytes] = field(default_factory=dict)
    open: set[tuple[int, int]] = field(default_factory=set)


def document_prints(data: bytes, filled: Iterable[str] = ()) -> Prints:
    """Take the fingerprints of a PDF, leaving out what the signature fields named `filled` hold and look like."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        known = _Known(pages=pages, filled=frozenset(filled))
        return Prints(
            pages=tuple(_hash(_dictionary(page.obj, known, _WAYS_BACK)) for page in pdf.pages),
            parts=dict(_parts(pdf, known)),
        )


def _parts(pdf: Any, known: _Known) -> Iterator[tuple[str, bytes]]:
    for name in pdf.Root.keys() - _SAVED_ANEW - {"/Names"}:
        yield name, _print(pdf.Root[name], known)
    for name, tree in pdf.Root.get("/Names", {}).items():
        if name != "/EmbeddedFiles":
            yield f"/Names{name}", _print(tree, known)
    form = pdf.Root.get("/AcroForm", {})
    for name in form.keys() - {"/SigFlags", "/DR", "/DA"}:
        yield f"/AcroForm{name}", _print(form[name], known)


def _print(value: Any, known: _Known) -> bytes:
    """Take the fingerprint of a value; that of an object with a number is taken once."""
    number = getattr(value, "objgen", (0, 0))
    if number == (0, 0):
        return _hash(_pieces(value, known))
    if number in known.pages:
        return b"page %d" % known.pages[number]
    if number in known.open:
        return b"again"
    if number not in known.prints:
        known.open.add(number)
        known.prints[number] = _hash(_pieces(value, known))
        known.open.discard(number)
    return known.prints[number]


def _hash(pieces: Iterator[bytes]) -> bytes:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(b"%d:" % len(piece))
        digest.update(piece)
    return digest.digest()


def _pieces(value: Any, known: _Known) -> Iterator[bytes]:
    import pikepdf

    if isinstance(value, pikepdf.Stream):
        yield _content(value)
        yield from _dictionary(value, known, _WAYS_BACK | _STORAGE)
    elif isinstance(value, pikepdf.Dictionary):
        yield from _dictionary(value, known, _WAYS_BACK)
    elif isinstance(value, pikepdf.Array):
        for item in value:
            yield _print(item, known)
    elif isinstance(value, pikepdf.String):
        yield bytes(value)
    elif isinstance(value, bool) or value is None:
        yield str(value).encode()
    else:
        yield _scalar(value)


def _scalar(value: Any) -> bytes:
    """Give a number as its value, whatever way it was written; a name as it is."""
    try:
        return f"{float(value):.4f}".encode("ascii")
    except (TypeError, ValueError):
        return str(value).encode("utf-8", errors="replace")


def _content(stream: Any) -> bytes:
    import pikepdf

    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError:
        return bytes(stream.read_raw_bytes())


def _dictionary(value: Any, known: _Known, left_out: frozenset[str]) -> Iterator[bytes]:
    if value.get("/FT") == "/Sig" and str(value.get("/T", "")) in known.filled:
        left_out |= _CONTENT_OF_SIGNATURE
    elif known.filled and value.get("/S") == "/Form":
        left_out |= {"/Alt"}
    for name in sorted(value.keys() - left_out):
        yield name.encode("utf-8", errors="replace")
        yield _print(value[name], known)
