"""A report's digest of itself: with it, one that nobody changed since it was written is told from every other file."""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable

from cartaudit.files import rezip

XLSX_PROPERTY = "cartaudit_seal"
"""Custom document property that holds the seal of a spreadsheet."""

BLANK = "0" * 64
"""What stands in the place of a seal while the digest is taken."""

_DIGITS = b"[0-9a-f]"
_IN_TEXT = re.compile(rb'(?:,\n "seal": "|<!-- cartaudit seal )(%s{64})(?:"\n\}\n| -->\n)\Z' % _DIGITS)
_IN_PDF = re.compile(rb"/ID \[<(%s{32})><(\1)>\] >>\nstream\n" % _DIGITS)
_IN_XLSX = re.compile(rb'name="%s"[^>]*><vt:lpwstr[^>]*>(%s{64})</vt:lpwstr>' % (XLSX_PROPERTY.encode(), _DIGITS))
_PROPERTIES = "docProps/custom.xml"
_MOST = 256_000_000
"""Bytes that the parts of a spreadsheet may unpack to; no report comes near."""


def seal(form: str, data: bytes) -> bytes:
    """Give a report of some format with its seal; formats that have none (csv, md) as they are.

    JSON gets a last member, HTML a last comment, PDF its file identifier; a spreadsheet has a place for it already.
    """
    return _SEALERS.get(form, bytes)(data)


def is_sealed(data: bytes) -> bool:
    """Tell whether a file is a report with its seal, to the last byte; a spreadsheet: to the last byte of its parts."""
    if data.startswith(b"PK"):
        return _is_sealed_xlsx(data)
    found = _place_in_pdf(data) if data.startswith(b"%PDF-") else _IN_TEXT.search(data, max(len(data) - 200, 0))
    return found is not None and _digest(_blanked(data, found)).startswith(found[1].decode())


def is_signed(data: bytes) -> bool:
    """Tell whether a file is a PDF that carries somebody's signature."""
    return data.startswith(b"%PDF-") and b"/ByteRange" in data


def _seal_json(data: bytes) -> bytes:
    return _sealed_text(data.removesuffix(b"\n}\n"), b',\n "seal": "%s"\n}\n')


def _seal_html(data: bytes) -> bytes:
    return _sealed_text(data.rstrip(b"\n") + b"\n", b"<!-- cartaudit seal %s -->\n")


def _sealed_text(body: bytes, end: bytes) -> bytes:
    digest = _digest(body, end % BLANK.encode())
    return body + end % digest.encode()


def _seal_pdf(data: bytes) -> bytes:
    found = _place_in_pdf(data)
    if found is None:
        return data
    digest = _digest(_blanked(data, found)).encode()
    return _filled(data, found, digest)


def _place_in_pdf(data: bytes) -> re.Match[bytes] | None:
    """Find the identifier in the last cross-reference stream, as our PDF has it: twice the same."""
    return _IN_PDF.match(data, max(data.rfind(b"/ID [<"), 0))


def _blanked(data: bytes, found: re.Match[bytes]) -> bytes:
    return _filled(data, found, BLANK.encode())


def _filled(data: bytes, found: re.Match[bytes], digits: bytes) -> bytes:
    """Put digits into the places of a seal, as many as each has."""
    for number in range(1, found.re.groups + 1):
        start, end = found.span(number)
        data = data[:start] + digits[: end - start] + data[end:]
    return data


def _seal_xlsx(data: bytes) -> bytes:
    parts = _parts(data)
    found = _IN_XLSX.search(parts.get(_PROPERTIES, b""))
    if found is None:
        return data
    digest = _digest_of_parts(parts, found)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, part in (parts | {_PROPERTIES: _filled(parts[_PROPERTIES], found, digest.encode())}).items():
            target.writestr(name, part)
    return rezip(out.getvalue())


def _is_sealed_xlsx(data: bytes) -> bool:
    try:
        parts = _parts(data)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, OverflowError):
        return False
    found = _IN_XLSX.search(parts.get(_PROPERTIES, b""))
    return found is not None and _digest_of_parts(parts, found) == found[1].decode()


def _parts(data: bytes) -> dict[str, bytes]:
    """Read the parts of an archive. Raises what `zipfile` does, and ValueError where they are too large or doubled."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if sum(item.file_size for item in members) > _MOST or len({item.filename for item in members}) < len(members):
            raise ValueError("no report of ours")
        return {item.filename: archive.read(item) for item in members}


def _digest_of_parts(parts: dict[str, bytes], found: re.Match[bytes]) -> str:
    blanked = parts | {_PROPERTIES: _blanked(parts[_PROPERTIES], found)}
    return _digest(*(p for name, part in blanked.items() for p in (f"{name}\n{len(part)}\n".encode(), part)))


def _digest(*pieces: bytes) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


_SEALERS: dict[str, Callable[[bytes], bytes]] = {
    "json": _seal_json,
    "html": _seal_html,
    "pdf": _seal_pdf,
    "xlsx": _seal_xlsx,
}
