"""What a PDF report carries, read back within bounds: its files one for one, and the archive of checklists."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from cartaudit.report.embedded import CHECKLISTS, MANIFEST, MANIFEST_VERSION, OVERLAY_FOLDER, VERSION_FILE
from cartaudit.report.pdf_allowed import ATTACHMENTS, OTHER_MEDIA_TYPES
from cartaudit.report.pdf_drawn import DrawingError, stream_bytes
from cartaudit.verification.checks import first_few, one_line

MOST_BYTES = 64_000_000
MOST_CHECKLIST_BYTES = 8_000_000
"""What an archive of checklists may unpack to; the released ones are 0.6 MB in 40 files."""

MOST_CHECKLISTS = 2_000
"""Bytes of one embedded file, and of all checklists unpacked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What was found in a PDF: its files by name, how each is described there, and the manifest.

    `faults` names what is wrong about the files, each in a few words; the files are there all the same.
    """

    files: Mapping[str, bytes]
    described: Mapping[str, Mapping[str, str]]
    manifest: Mapping[str, Any]
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReport:
    """A file that is no report of ours, or no longer one; `why` is one sentence."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Checklist files read back from an archive: those of the folder, and overlays by name, in their order."""

    folder: Mapping[str, bytes]
    overlays: Mapping[str, bytes] = field(default_factory=dict)


def open_pdf(data: bytes) -> Any:
    """Open a PDF without mending it, or say in NoReport why not."""
    import pikepdf

    if not data.startswith(b"%PDF-"):
        return NoReport(why="This is not a PDF file.")
    try:
        pdf = pikepdf.open(io.BytesIO(data), attempt_recovery=False)
    except pikepdf.PasswordError:
        return NoReport(why="The PDF is protected by a password; cartaudit writes none such.")
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        return NoReport(why=f"The PDF is damaged or cut off: {one_line(error).rpartition('): ')[2]}.")
    if pdf.is_encrypted:
        pdf.close()
        return NoReport(why="The PDF is encrypted; cartaudit writes none such.")
    return pdf


def read_contents(data: bytes) -> Contents | NoReport:
    """Take the embedded files and the manifest out of a PDF; says why where that is not possible."""
    pdf = open_pdf(data)
    if isinstance(pdf, NoReport):
        return pdf
    with pdf:
        try:
            return _read(pdf)
        except DrawingError as error:
            return NoReport(why=f"The embedded files cannot be read: {one_line(error)}.")
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError):
            return NoReport(why="The embedded files cannot be read: they are not attached as ours are.")


def _read(pdf: Any) -> Contents | NoReport:
    if "/Names" not in pdf.Root or "/EmbeddedFiles" not in pdf.Root.Names:
        return NoReport(why=f"This PDF is no cartaudit report: it holds no {MANIFEST}.")
    flat = list(pdf.Root.Names.EmbeddedFiles.Names)
    listed = [(str(name), file) for name, file in zip(flat[::2], flat[1::2], strict=True)]
    names = [name for name, _ in listed]
    if MANIFEST not in names:
        return NoReport(why=f"This PDF is no cartaudit report: it holds no {MANIFEST}.")
    faults: dict[str, str] = {}
    files: dict[str, bytes] = {}
    described: dict[str, Mapping[str, str]] = {}
    if len(set(names)) < len(names):
        faults[first_few(sorted({name for name in names if names.count(name) > 1}), 3)] = "listed more than once"
    for name, file in listed:
        if name not in ATTACHMENTS:
            faults[name] = "not named in the manifest, and no file that a report carries"
            continue
        fault = "; ".join(_odd(name, file))
        if fault:
            faults[name] = fault
        files[name] = stream_bytes(file.EF.F, MOST_BYTES)
        described[name] = _described(file)
    told = [_same(file) for file in pdf.Root.get("/AF", [])]
    if sorted(told) != sorted(_same(file) for _, file in listed):
        faults["The list of associated files"] = "not that of the embedded files"
    return _with_manifest(files, described, faults)


def _odd(name: str, file: Any) -> Iterator[str]:
    """Say in what an embedded file is not as we embed it."""
    expected, streams = ATTACHMENTS[name], file.EF
    if str(file.F) != name or str(file.UF) != name:
        yield "shown by another name"
    if "/UF" in streams and _same(streams.UF) != _same(streams.F):
        yield "another file for other programs"
    if str(file.AFRelationship) != f"/{expected.relationship}":
        yield f"not said to be {expected.relationship}"
    media_type = str(streams.F.get("/Subtype", "")).lstrip("/")
    if media_type not in (expected.media_type, *OTHER_MEDIA_TYPES):
        yield f"said to be {media_type or 'nothing'}"


def _same(value: Any) -> tuple[int, int]:
    number: tuple[int, int] = value.objgen
    return number


def _described(file: Any) -> dict[str, str]:
    """Give what a PDF program shows of an embedded file."""
    parameters = file.EF.F.get("/Params", {})
    return {
        "description": str(file.get("/Desc", "")),
        "created": str(parameters.get("/CreationDate", "")),
        "modified": str(parameters.get("/ModDate", "")),
        "size": str(parameters.get("/Size", "")),
        "checksum": bytes(parameters.get("/CheckSum", b"")).hex(),
    }


def _with_manifest(
    files: Mapping[str, bytes], described: Mapping[str, Mapping[str, str]], faults: Mapping[str, str]
) -> Contents | NoReport:
    try:
        manifest = json.loads(files[MANIFEST])
    except (ValueError, RecursionError):
        return NoReport(why=f"{MANIFEST} is altered: it is no JSON.")
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        return NoReport(why=f"{MANIFEST} is altered: it names no files.")
    if manifest.get("manifest_version") != MANIFEST_VERSION:
        return NoReport(why=f"{MANIFEST} has another version than this cartaudit reads; use a newer cartaudit.")
    altered = dict(_altered(files, described, manifest["files"]))
    return Contents(files=files, described=described, manifest=manifest, faults={**altered, **faults})


def _altered(
    files: Mapping[str, bytes], described: Mapping[str, Mapping[str, str]], stated: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Name the files that do not fit the manifest or the PDF, each with what is wrong in a few words."""
    yield from ((name, "missing") for name in sorted(stated.keys() - files.keys()))
    for name, data in sorted(files.items()):
        told = stated.get(name)
        if name != MANIFEST and told is None:
            yield name, "not named in the manifest"
        elif name != MANIFEST and (
            not isinstance(told, dict) or told.get("sha256") != hashlib.sha256(data).hexdigest()
        ):
            yield name, "altered: its SHA-256 is not the one in the manifest"
        elif described[name]["checksum"] != hashlib.md5(data, usedforsecurity=False).hexdigest():
            yield name, "altered: its checksum is not the one in the PDF"
        elif described[name]["size"] != str(len(data)):
            yield name, "altered: its size is not the one in the PDF"


def unpack_checklists(data: bytes) -> Packed | NoReport:
    """Read an archive of checklists back; every name is checked, nothing is written."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            if len(listed) > MOST_CHECKLISTS:
                return NoReport(why=f"{CHECKLISTS} holds more than {MOST_CHECKLISTS} files.")
            if sum(item.file_size for item in listed) > MOST_CHECKLIST_BYTES:
                return NoReport(why=f"{CHECKLISTS} unpacks to more than {MOST_CHECKLIST_BYTES // 1_000_000} MB.")
            members = {item.filename: archive.read(item) for item in listed}
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError, zipfile.LargeZipFile) as error:
        return NoReport(why=f"{CHECKLISTS} cannot be read: {one_line(error)}.")
    if len({name.casefold() for name in members}) < len(listed):
        return NoReport(why=f"{CHECKLISTS} holds a name twice.")
    if not all(_is_plain(name) for name in members):
        return NoReport(why=f"{CHECKLISTS} holds a name that leaves its folder.")
    if any(parent.as_posix() in members for name in members for parent in PurePosixPath(name).parents):
        return NoReport(why=f"{CHECKLISTS} holds a file that is a folder too.")
    if not all(name == VERSION_FILE or name.startswith(("checklists/", f"{OVERLAY_FOLDER}/")) for name in members):
        return NoReport(why=f"{CHECKLISTS} holds a file that is no checklist.")
    prefix = "checklists/"
    folder = {name.removeprefix(prefix): text for name, text in members.items() if name.startswith(prefix)}
    folder[VERSION_FILE] = members.get(VERSION_FILE, b"")
    overlays = {name: members[name] for name in sorted(members) if name.startswith(f"{OVERLAY_FOLDER}/")}
    return Packed(folder=folder, overlays=overlays)


def _is_plain(name: str) -> bool:
    """Tell whether a name stays in its folder on every system, and is that of a file."""
    parts = name.split("/")
    return all(part.strip(". ") for part in parts) and not set(name) & set('\\:*?"<>|') and name.isprintable()
