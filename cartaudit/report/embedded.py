"""What a PDF report carries: workbook, result, checklists and a manifest of hashes (read back by `verification`)."""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
