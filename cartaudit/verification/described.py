"""Comparing what a PDF says of itself (title, subject, keywords, dates) with the one made again."""

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from cartaudit.report.pdf_drawn import stream_bytes
from cartaudit.verification.attached import Contents
from cartaudit.verification.checks import Check, failed, first_few, held, not_compared

_MOST_BYTES = 1_000_000
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_SAVED = frozenset({"/ModDate", "xmp:ModifyDate", "xmp:MetadataDate"})
"""What a program rightly changes that signs a report or saves it."""

_OF_VERSION = frozenset({"/Creator", "xmp:CreatorTool"})
_OF_RENDERER = frozenset({"/Producer", "pdf:Producer"})

_PREFIXES = {
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.aiim.org/pdfa/ns/id/": "pdfaid",
    "http://www.aiim.org/pdfua/ns/id/": "pdfuaid",
    _RDF: "rdf",
}


def compare_descriptions(
    told: Mapping[str, str], ours: Mapping[str, str], *, same_version: bool, same_renderer: bool
) -> Iterator[Check]:
    """Compare what two PDFs say of themselves, the first of which was handed in."""
    apart = _SAVED | (frozenset() if same_version else _OF_VERSION) | (frozenset() if same_renderer else _OF_RENDERER)
    wrong = sorted(name for name in told.keys() | ours.keys() if name not in apart and told.get(name) != ours.get(name))
    if not wrong:
        yield held("Title, subject, keywords and dates of the PDF are those of the report made again.")
    elif same_version:
        yield failed(f"What the PDF says of itself is not what cartaudit writes: {first_few(wrong, 5)}.")
    else:
        yield not_compared(f"What the PDF says of itself was written by another version: {first_few(wrong, 5)}.")


def told_of(pdf: Any, contents: Contents) -> Mapping[str, str]:
    """Give all that a PDF says of itself, by name. Raises ValueError and others where it cannot be read."""
    info = {str(key): str(value) for key, value in pdf.trailer.get("/Info", {}).items()}
    files = {
        f"{name}: {key}": text
        for name, told in contents.described.items()
        for key, text in told.items()
        if key in ("description", "created", "modified")
    }
    return info | files | _xmp(stream_bytes(pdf.Root.Metadata, _MOST_BYTES))


def _xmp(packet: bytes) -> dict[str, str]:
    if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet or b"\0" in packet:
        raise ValueError("XMP with declarations of its own")
    told: dict[str, str] = {}
    for description in ElementTree.fromstring(packet).iter(f"{{{_RDF}}}Description"):
        for name, value in description.attrib.items():
            told[_short(name)] = value
        for number, element in enumerate(description):
            name = _short(element.tag)
            told[name if name not in told else f"{name} ({number})"] = _text(element)
    told.pop("rdf:about", None)
    return told


def _short(name: str) -> str:
    namespace, _, local = name.lstrip("{").rpartition("}")
    return f"{_PREFIXES.get(namespace, namespace)}:{local}"


def _text(element: ElementTree.Element) -> str:
    """Give everything an element holds in one line: its elements, attributes and texts."""
    parts = [
        f"{_short(e.tag)}{sorted(e.attrib.items())}{(e.text or '').strip()}|{(e.tail or '').strip()}" for e in element
    ]
    inner = [_text(e) for e in element]
    return "".join((element.text or "").strip() + "".join(parts) + "".join(inner))
