"""The XMP packet of a report: what it is called, when it was made, and which standards it claims."""

import re
from typing import Any
from xml.sax.saxutils import escape

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
}
_EXTENSION = (
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    "<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of PDF/UA that the file claims</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property>"
    "</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)
"""PDF/A allows only properties it knows or that a file describes; those of PDF/UA have to be described."""


def xmp_packet(metadata: Any, *, producer: str) -> bytes:
    """Write the packet for WeasyPrint's metadata, claiming PDF/A-3a and PDF/UA-1."""
    parts = [
        _EXTENSION,
        _description("pdfaid", {"part": "3", "conformance": "A"}),
        _description("pdfuaid", {"part": "1"}),
        _description("dc", _dublin_core(metadata)),
        _description("xmp", _dates(metadata)),
        _description("pdf", {"Producer": _text(producer), "Keywords": _text(", ".join(metadata.keywords))}),
    ]
    body = "".join(part for part in parts if part)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'{body}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def _dublin_core(metadata: Any) -> dict[str, str]:
    authors = "".join(f"<rdf:li>{_text(author)}</rdf:li>" for author in metadata.authors)
    return {
        "format": "application/pdf",
        "title": _alternative(metadata.title),
        "language": f"<rdf:Bag><rdf:li>{_text(metadata.lang or 'en')}</rdf:li></rdf:Bag>",
        "creator": f"<rdf:Seq>{authors}</rdf:Seq>" if authors else "",
        "description": _alternative(metadata.description),
    }


def _dates(metadata: Any) -> dict[str, str]:
    return {
        "CreatorTool": _text(metadata.generator or ""),
        "CreateDate": _text(metadata.created or ""),
        "ModifyDate": _text(metadata.modified or ""),
    }


def _description(prefix: str, properties: dict[str, str]) -> str:
    """Write one block of properties; those without a value are left out."""
    inner = "".join(f"<{prefix}:{name}>{value}</{prefix}:{name}>" for name, value in properties.items() if value)
    return f'<rdf:Description rdf:about="" xmlns:{prefix}="{_NAMESPACES[prefix]}">{inner}</rdf:Description>'


def _alternative(text: str | None) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{_text(text)}</rdf:li></rdf:Alt>' if text else ""


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))
