"""What a PDF report carries: workbook, result, checklists and a manifest of hashes; written, and read back."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cartaudit.model.audit import Audit
from cartaudit.report.json_report import render_audit, render_json
from cartaudit.report.pdf import EmbeddedFile

MANIFEST = "manifest.json"
RESULT = "result.json"
CHECKLISTS = "checklists.zip"
WORKBOOK = "workbook.xlsx"
SUBMISSION = "submission.json"
MAPPING = "columns.toml"

MANIFEST_VERSION = 1
VERSION_FILE = "VERSION"
OVERLAY_FOLDER = "overlays"
OVERLAY_PREFIX = "overlay:"

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_MAX_UNPACKED = 64_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a report is to carry beside the result.

    Either `workbook` (as handed in, named `file_name`) or, for a reader who may not see it, `submission` (reduced, as
    JSON). `content` holds the checklist files by name, `templates` the hashes of the templates used, `renderer` the
    versions of the libraries that draw, `request` how the audit was asked for (selection, detail, audience).
    """

    file_name: str
    content: Mapping[str, bytes]
    content_version: str
    templates: Mapping[str, str]
    renderer: Mapping[str, str]
    request: Mapping[str, Any]
    workbook: bytes = b""
    submission: bytes = b""
    mapping: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What was found in a PDF: its files by name, their checksums as the PDF states them, and the manifest."""

    files: Mapping[str, bytes]
    checksums: Mapping[str, str]
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReport:
    """A file that is no report of ours, or no longer one; `why` is one sentence."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Checklist files read back from an archive: those of the folder, and overlays by name, in their order."""

    folder: Mapping[str, bytes]
    overlays: Mapping[str, bytes] = field(default_factory=dict)


def embedded_files(audit: Audit, carried: Carried) -> tuple[EmbeddedFile, ...]:
    """Give the files to embed: the source, the result, the checklists, and the manifest over all of them."""
    files = [
        EmbeddedFile(
            name=RESULT,
            data=render_audit(audit),
            relationship="Data",
            description="The result of the audit (JSON)",
        ),
        EmbeddedFile(
            name=CHECKLISTS,
            data=pack_checklists(carried.content, carried.content_version),
            relationship="Supplement",
            description="The checklists that were used",
        ),
        _source_file(carried),
    ]
    if carried.mapping and not carried.submission:
        files.append(
            EmbeddedFile(
                name=MAPPING,
                data=carried.mapping,
                relationship="Supplement",
                description="How the workbook's own layout was read",
            )
        )
    manifest = EmbeddedFile(
        name=MANIFEST,
        data=render_json(manifest_json(audit, carried, files)),
        relationship="Supplement",
        description="Hashes of everything the report rests on",
    )
    return tuple(sorted([*files, manifest], key=lambda file: file.name))


def _source_file(carried: Carried) -> EmbeddedFile:
    if carried.submission:
        return EmbeddedFile(
            name=SUBMISSION,
            data=carried.submission,
            relationship="Source",
            description="The answers the verdict needs, without comments and evidence texts",
        )
    return EmbeddedFile(
        name=WORKBOOK, data=carried.workbook, relationship="Source", description="The workbook as it was handed in"
    )


def manifest_json(audit: Audit, carried: Carried, files: Sequence[EmbeddedFile]) -> dict[str, Any]:
    """Name everything a report rests on, with hashes, as JSON-ready values."""
    provenance, record = audit.provenance, audit.submission.record
    return {
        "manifest_version": MANIFEST_VERSION,
        "tool": {"name": "cartaudit", "version": provenance.tool_version if provenance else ""},
        "as_of": audit.as_of.isoformat(),
        "as_of_is_today": provenance.as_of_is_today if provenance else True,
        "file_name": carried.file_name,
        "workbook_sha256": record.sha256,
        "mapping": record.mapping,
        "request": dict(carried.request),
        "files": {
            f.name: {"sha256": _sha256(f.data), "size": len(f.data), "relationship": f.relationship} for f in files
        },
        "content_version": carried.content_version,
        "content": {name: _sha256(data) for name, data in sorted(carried.content.items())},
        "editions": [
            {
                "checklist": c.checklist.id,
                "edition": c.edition.edition if c.edition else None,
                "jurisdiction": c.jurisdiction,
            }
            for c in audit.checklists
        ],
        "label_texts": _label_texts(audit),
        "templates": dict(sorted(carried.templates.items())),
        "renderer": dict(carried.renderer),
    }


def _label_texts(audit: Audit) -> list[dict[str, Any]]:
    """List the texts that thresholds came from, each once, with the date of the text."""
    texts = {
        (t.product, t.jurisdiction, t.source, _iso(t.text_date), t.verification)
        for c in audit.checklists
        for r in c.results
        for t in r.thresholds
    }
    names = ("product", "jurisdiction", "source", "text_date", "verification")
    return [dict(zip(names, text, strict=True)) for text in sorted(texts)]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def pack_checklists(content: Mapping[str, bytes], version: str) -> bytes:
    """Pack checklist files (overlays as `overlay:NAME`) into an archive; the same files give the same bytes."""
    members = {VERSION_FILE: f"{version}\n".encode()}
    overlays = [name for name in content if name.startswith(OVERLAY_PREFIX)]
    for name, data in content.items():
        if not name.startswith(OVERLAY_PREFIX):
            members[f"checklists/{name}"] = data
    for number, name in enumerate(overlays):
        members[f"{OVERLAY_FOLDER}/{number:02}.toml"] = content[name]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            item = zipfile.ZipInfo(name, _FIXED_TIME)
            item.compress_type = zipfile.ZIP_DEFLATED
            item.create_system = 3
            archive.writestr(item, members[name], compresslevel=9)
    return out.getvalue()


def unpack_checklists(data: bytes) -> Packed | NoReport:
    """Read an archive of checklists back; every name is checked, nothing is written."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MAX_UNPACKED:
                return NoReport(why=f"{CHECKLISTS} unpacks to more than {_MAX_UNPACKED // 1_000_000} MB.")
            members = {item.filename: archive.read(item) for item in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        return NoReport(why=f"{CHECKLISTS} cannot be read: {error}.")
    if any(not _is_plain(name) for name in members):
        return NoReport(why=f"{CHECKLISTS} holds a name that leaves its folder.")
    prefix = "checklists/"
    folder = {name.removeprefix(prefix): text for name, text in members.items() if name.startswith(prefix)}
    folder[VERSION_FILE] = members.get(VERSION_FILE, b"")
    overlays = {name: members[name] for name in sorted(members) if name.startswith(f"{OVERLAY_FOLDER}/")}
    return Packed(folder=folder, overlays=overlays)


def _is_plain(name: str) -> bool:
    return not name.startswith(("/", "\\")) and ".." not in name.split("/") and "\\" not in name and ":" not in name


def read_contents(data: bytes) -> Contents | NoReport:
    """Take the embedded files and the manifest out of a PDF; says why where that is not possible."""
    import pikepdf

    if not data.startswith(b"%PDF-"):
        return NoReport(why="This is not a PDF file.")
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            files = {name: spec.get_file() for name, spec in pdf.attachments.items()}
            read = {name: file.read_bytes() for name, file in files.items()}
            checksums = {name: _stated_checksum(file.obj) for name, file in files.items()}
    except pikepdf.PasswordError:
        return NoReport(why="The PDF is protected by a password; cartaudit writes none such.")
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        return NoReport(why=f"The PDF is damaged or cut off: {str(error).splitlines()[0]}.")
    if MANIFEST not in read:
        return NoReport(why=f"This PDF is no cartaudit report: it holds no {MANIFEST}.")
    return _with_manifest(read, checksums)


def _with_manifest(files: Mapping[str, bytes], checksums: Mapping[str, str]) -> Contents | NoReport:
    try:
        manifest = json.loads(files[MANIFEST])
    except ValueError:
        return NoReport(why=f"{MANIFEST} is altered: it is no JSON.")
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        return NoReport(why=f"{MANIFEST} is altered: it names no files.")
    if manifest.get("manifest_version") != MANIFEST_VERSION:
        return NoReport(why=f"{MANIFEST} has another version than this cartaudit reads; use a newer cartaudit.")
    return Contents(files=files, checksums=checksums, manifest=manifest)


def _stated_checksum(stream: Any) -> str:
    """Give the MD5 that the PDF states for an embedded file, in hexadecimal; empty where it states none."""
    parameters = stream.get("/Params", {})
    stated = parameters.get("/CheckSum") if parameters else None
    return bytes(stated).hex() if stated is not None else ""


def altered_files(contents: Contents) -> dict[str, str]:
    """Name the files that do not fit the manifest or the PDF, each with what is wrong in a few words."""
    stated = contents.manifest["files"]
    faults = {name: "missing" for name in stated if name not in contents.files}
    for name, data in sorted(contents.files.items()):
        if name == MANIFEST:
            continue
        if name not in stated:
            faults[name] = "not named in the manifest"
        elif not isinstance(stated[name], dict) or stated[name].get("sha256") != _sha256(data):
            faults[name] = "altered: its SHA-256 is not the one in the manifest"
    for name, checksum in contents.checksums.items():
        if name not in faults and checksum != hashlib.md5(contents.files[name], usedforsecurity=False).hexdigest():
            faults[name] = "altered: its checksum is not the one in the PDF"
    return faults


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
