"""What a file is, told from its first bytes and its archive members."""

import io
import zipfile
from pathlib import PurePosixPath

from cartaudit.workbook.reading.limits import Limits, Refused
from cartaudit.workbook.reading.own import own_pdf

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"


def refuse_foreign_kinds(data: bytes, file_name: str, limits: Limits) -> None:
    """Refuse by name whatever is no zip archive. Raises Refused."""
    name = PurePosixPath(file_name.replace("\\", "/")).name
    if name.startswith(("~$", ".~lock.")):
        raise Refused("CA110")
    if not data:
        raise Refused("CA102")
    if len(data) > limits.file_bytes:
        raise Refused("CA112", size=len(data), limit=limits.file_bytes)
    if data.startswith(_OLE):
        raise Refused(_ole_kind(data))
    if not data.startswith(_ZIP):
        raise Refused(_plain_kind(data))


def _ole_kind(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data or "EncryptionInfo".encode("utf-16-le") in data:
        return "CA103"
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return "CA104"
    return "CA101"


def _plain_kind(data: bytes) -> str:
    head = data[:4096]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf"):
        return own_pdf(data) or "CA108"
    if b"<html" in head.lower() or start.startswith(b"<!doctype html"):
        return "CA109"
    if start.startswith((b"\x09\x08", b"\x09\x04", b"\x09\x02")) or (b"urn:schemas-microsoft-com:office" in head):
        return "CA104"
    return "CA107" if _is_text(head) else "CA101"


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    control = sum(1 for byte in head if byte < 32 and byte not in (9, 10, 13))
    return control == 0 and len(head.strip()) > 0


def open_archive(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open the archive after its directory was checked: what it is, sizes, ratios, doubles. Raises Refused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError) as error:
        raise Refused("CA111", why=_reason(error)) from error
    members = archive.infolist()
    _check_kind({_canonical(m.filename) for m in members}, archive)
    if len(members) > limits.parts:
        raise Refused("CA115", what="parts", limit=limits.parts)
    if any(m.flag_bits & 1 for m in members):
        raise Refused("CA103")
    _check_sizes(members, limits)
    return archive


def _check_kind(names: set[str], archive: zipfile.ZipFile) -> None:
    if "xl/workbook.bin" in names:
        raise Refused("CA105")
    if "mimetype" in names:
        try:
            mimetype = archive.read("mimetype")[:200] if archive.getinfo("mimetype").file_size < 1000 else b""
        except (KeyError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
            raise Refused("CA111", why=_reason(error)) from error
        if b"opendocument" in mimetype:
            raise Refused("CA106")
    if "[content_types].xml" not in names or any(n.startswith(("word/", "ppt/", "visio/")) for n in names):
        raise Refused("CA116")


def _check_sizes(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    seen: set[str] = set()
    total = 0
    for member in members:
        name = _canonical(member.filename)
        if name in seen:
            raise Refused("CA111", why=f"the part {name} stands in it twice")
        seen.add(name)
        cap = limits.style_bytes if name.endswith("/styles.xml") else limits.part_bytes
        total += member.file_size
        if member.file_size > cap:
            raise Refused("CA113", part=name, limit=cap)
        ratio = member.file_size // max(member.compress_size, 1)
        if member.file_size > limits.ratio_from and ratio > limits.ratio:
            raise Refused("CA121", part=name, ratio=ratio, limit=limits.ratio)
    if total > limits.unpacked_bytes:
        raise Refused("CA113", part="whole archive", limit=limits.unpacked_bytes)


def _canonical(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _reason(error: Exception) -> str:
    return str(error).split("\n")[0][:80].rstrip(".") or type(error).__name__
