"""Making the audit of a report again from the files it carries, and comparing what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cartaudit.files import parse_toml
from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.model.submission import Rejected
from cartaudit.pipeline import AuditOptions, audit_bytes, judge, load_catalogue
from cartaudit.report.embedded import MAPPING, SUBMISSION, VERSION_FILE, WORKBOOK
from cartaudit.report.model import Audience, Detail, Report, ReportOptions, build_report
from cartaudit.report.rendering import RenderJob
from cartaudit.verification.attached import Contents, Packed
from cartaudit.verification.checks import Check, failed, first_few, held, not_compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """The audit of an embedded source made again, with everything it was made from."""

    audit: Audit
    catalogue: Catalogue
    report: Report
    job: RenderJob


def compare_released(packed: Packed, home: Path, known: Sequence[bytes] = ()) -> Iterator[Check]:
    """Compare the embedded checklists with the released ones, as far as both claim to be the same version.

    `known` holds the overlays that whoever verifies has himself.
    """
    version, ours = _version(packed.folder.get(VERSION_FILE, b"")), _version_of(home)
    for name, content in packed.overlays.items():
        if content in known:
            yield held(f"The overlay {_overlay_name(content, name)} is the one you named.")
        else:
            yield not_compared(
                f"The overlay {_overlay_name(content, name)} is not one of the released checklists; its values and "
                "rules are those of whoever made the report. Name yours with --overlay to compare it."
            )
    if version != ours:
        yield not_compared(f"The checklists are of content version {version}; this cartaudit has {ours}.")
        return
    embedded = {name: content for name, content in packed.folder.items() if name != VERSION_FILE}
    differing = sorted(
        name
        for name, content in embedded.items()
        if not (home / name).is_file() or (home / name).read_bytes() != content
    )
    lacking = sorted({path.relative_to(home).as_posix() for path in home.rglob("*.toml")} - embedded.keys())
    if differing:
        yield failed(f"Checklists: {first_few(differing, 3)} differ from content version {ours} as it was released.")
    if lacking:
        yield failed(f"Checklists: {first_few(lacking, 3)} of content version {ours} were left out.")
    if not differing and not lacking:
        yield held(f"The {len(embedded)} checklist files are those released as content version {ours}.")


def _overlay_name(content: bytes, place: str) -> str:
    """Give the name an overlay has given itself, else its place in the archive."""
    try:
        name = parse_toml(content.decode("utf-8"))["overlay"]["name"]
    except (ValueError, KeyError, TypeError):
        return place
    return " ".join(repr(str(name)).split())


def make_again(contents: Contents, packed: Packed, folder: Path, template_dir: Path | None) -> Remade | Check:
    """Judge the embedded source by the embedded checklists."""
    manifest, request = contents.manifest, contents.manifest["request"]
    overlays = _write_files(packed, folder)
    catalogue = load_catalogue(folder / "checklists", overlays)
    selection = request["selection"]
    options = AuditOptions(
        as_of=date.fromisoformat(manifest["as_of"]),
        as_of_is_today=bool(manifest["as_of_is_today"]),
        selection=None if selection is None else tuple((name, edition) for name, edition in selection),
    )
    audit = _audit(contents, catalogue, options)
    if isinstance(audit, Rejected):
        return failed(f"The embedded workbook is rejected: {audit.problems[0].message}")
    report_options = ReportOptions(
        detail=Detail(request["detail"]), audience=Audience(request["audience"]), language=str(request["language"])
    )
    report = build_report(audit, catalogue, report_options)
    job = RenderJob(
        audit=audit,
        catalogue=catalogue,
        report=report,
        workbook=contents.files.get(WORKBOOK, b""),
        submission=contents.files.get(SUBMISSION, b""),
        mapping=contents.files.get(MAPPING, b""),
        selection=options.selection,
        template_dir=template_dir,
    )
    return Remade(audit=audit, catalogue=catalogue, report=report, job=job)


def _write_files(packed: Packed, folder: Path) -> tuple[Path, ...]:
    """Write checklist files into a folder of ours; gives the paths of the overlays in their order."""
    for name, content in {f"checklists/{n}": c for n, c in packed.folder.items()}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name, content in packed.overlays.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tuple(folder / name for name in packed.overlays)


def _audit(contents: Contents, catalogue: Catalogue, options: AuditOptions) -> Audit | Rejected:
    if SUBMISSION in contents.files:
        from cartaudit.assess.then import without_lapsed_gates
        from cartaudit.report.submission_json import parse_submission_json

        return without_lapsed_gates(judge(parse_submission_json(contents.files[SUBMISSION]), catalogue, options))
    mapping: Any = None
    if MAPPING in contents.files:
        from cartaudit.intake.mapping import parse_mapping

        mapping = parse_mapping(contents.files[MAPPING].decode("utf-8"), str(contents.manifest["mapping"]))
    name = str(contents.manifest["file_name"])
    return audit_bytes(contents.files[WORKBOOK], name, catalogue, options, mapping)


def _version(text: bytes) -> str:
    return text.decode("utf-8", errors="replace").strip() or "0"


def _version_of(folder: Path) -> str:
    path = folder / VERSION_FILE
    return _version(path.read_bytes()) if path.is_file() else "0"
