"""Making the audit of a report again from the files it carries, and comparing what came of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cartaudit import __version__
from cartaudit.files import parse_toml
from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.model.submission import Rejected
from cartaudit.pipeline import AuditOptions, audit_bytes, judge, load_catalogue, sha256
from cartaudit.report.embedded import (
    MANIFEST,
    MAPPING,
    RESULT,
    SUBMISSION,
    VERSION_FILE,
    WORKBOOK,
    Contents,
    Packed,
    manifest_json,
)
from cartaudit.report.json_report import audit_json, render_json
from cartaudit.report.model import Audience, Detail, Report, ReportOptions, build_report
from cartaudit.report.rendering import RenderJob, carried
from cartaudit.verification.checks import Check, failed, first_few, held, noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """The audit of an embedded source made again, with everything it was made from."""

    audit: Audit
    catalogue: Catalogue
    report: Report
    job: RenderJob


def compare_released(packed: Packed, home: Path) -> Iterator[Check]:
    """Compare the embedded checklists with the released ones, as far as both claim to be the same version."""
    version, ours = _version(packed.folder.get(VERSION_FILE, b"")), _version_of(home)
    for name, content in packed.overlays.items():
        yield noted(
            f"The overlay {_overlay_name(content, name)} is not one of the released checklists; its values and rules "
            "are those of whoever made the report."
        )
    if version != ours:
        yield noted(f"The checklists are of content version {version}; this cartaudit has {ours} and cannot compare.")
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
        from cartaudit.report.submission_json import parse_submission_json

        return judge(parse_submission_json(contents.files[SUBMISSION]), catalogue, options)
    mapping: Any = None
    if MAPPING in contents.files:
        from cartaudit.intake.mapping import parse_mapping

        mapping = parse_mapping(contents.files[MAPPING].decode("utf-8"), str(contents.manifest["mapping"]))
    name = str(contents.manifest["file_name"])
    return audit_bytes(contents.files[WORKBOOK], name, catalogue, options, mapping)


def compare_results(contents: Contents, remade: Remade) -> Iterator[Check]:
    """Compare the embedded result with the one made again, whatever version of cartaudit wrote it."""
    source = "reduced submission" if SUBMISSION in contents.files else "workbook"
    told = json.loads(contents.files[RESULT])
    ours = json.loads(render_json(audit_json(remade.audit)))
    maker = told["tool"]["version"]
    if maker != __version__:
        yield noted(f"Made by cartaudit {maker}, checked by {__version__}.")
    _forget_version(told)
    _forget_version(ours)
    if told == ours:
        yield held(f"Judging the embedded {source} again gives the same {len(ours['results'])} results.")
        return
    if maker != __version__ and _judgements(told) == _judgements(ours):
        yield held(f"Judging the embedded {source} again gives the same verdicts; this version words them otherwise.")
        return
    yield from map(failed, _differences(told, ours))


def _judgements(document: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Give what was judged, without the words that another version may choose otherwise."""
    verdicts = [(c["id"], c["jurisdiction"], c["readiness"]) for c in document["checklists"]]
    names = ("checklist", "product", "requirement", "compliance", "severity", "gate")
    return [*verdicts, *(tuple(result[name] for name in names) for result in document["results"])]


def _forget_version(document: dict[str, Any]) -> None:
    document["tool"]["version"] = ""
    if document["provenance"]:
        document["provenance"]["tool_version"] = ""


def _differences(told: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    """Say what differs, the verdicts first; at least one line."""
    found = False
    judged = _keyed(ours["checklists"], "id", "jurisdiction")
    for name, verdict in _keyed(told["checklists"], "id", "jurisdiction").items():
        again = judged[name]["readiness"] if name in judged else "not judged"
        if again != verdict["readiness"]:
            found = True
            yield f"{verdict['title']}: the report says {verdict['readiness']}, judged again it is {again}."
    keys = ("checklist", "product", "requirement")
    before, after = _keyed(told["results"], *keys), _keyed(ours["results"], *keys)
    changed = sorted({key[-1] for key in before.keys() | after.keys() if before.get(key) != after.get(key)})
    if changed:
        found = True
        yield f"{RESULT}: the results of {first_few(changed, 5)} are not those of the audit made again."
    if not found:
        parts = ", ".join(sorted(key for key in told.keys() | ours.keys() if told.get(key) != ours.get(key)))
        yield f"{RESULT}: {parts} do not fit the audit made again."


def _keyed(items: list[dict[str, Any]], *names: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(item[name] for name in names): item for item in items}


def compare_manifest(contents: Contents, remade: Remade) -> Iterator[Check]:
    """Make the manifest again and compare it part by part; what cannot be remade here is left aside."""
    from cartaudit.report.pdf import EmbeddedFile

    told = dict(contents.manifest)
    files = [
        EmbeddedFile(name=n, data=d, relationship=told["files"][n]["relationship"], description="")
        for n, d in contents.files.items()
        if n != MANIFEST
    ]
    ours = json.loads(render_json(manifest_json(remade.audit, carried(remade.job), files)))
    apart = {"templates", "renderer"} | ({"tool"} if told["tool"]["version"] != __version__ else set())
    wrong = sorted(key for key in told.keys() | ours.keys() if key not in apart and told.get(key) != ours.get(key))
    relations = {n: f["relationship"] for n, f in told["files"].items()}
    source = SUBMISSION if SUBMISSION in relations else WORKBOOK
    if relations.get(source) != "Source" or relations.get(RESULT) != "Data":
        wrong.append("the relationships of the files")
    if SUBMISSION not in contents.files and told["workbook_sha256"] != sha256(contents.files[WORKBOOK]):
        wrong.append("the hash of the workbook")
    if wrong:
        yield failed(f"{MANIFEST}: {', '.join(wrong)} do not fit the audit made again.")
    else:
        yield held("The manifest fits: audit date, editions, label texts and hashes are those of the audit.")


def _version(text: bytes) -> str:
    return text.decode("utf-8", errors="replace").strip() or "0"


def _version_of(folder: Path) -> str:
    path = folder / VERSION_FILE
    return _version(path.read_bytes()) if path.is_file() else "0"
