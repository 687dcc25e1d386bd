"""Verifying a report: does it carry what it says, does the audit come out the same, do the pages say so."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from cartaudit import __version__
from cartaudit.errors import CartauditError
from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.model.submission import Rejected
from cartaudit.pipeline import AuditOptions, audit_bytes, judge, load_catalogue, sha256
from cartaudit.report.embedded import (
    CHECKLISTS,
    MANIFEST,
    MAPPING,
    RESULT,
    SUBMISSION,
    VERSION_FILE,
    WORKBOOK,
    Contents,
    NoReport,
    Packed,
    altered_files,
    manifest_json,
    read_contents,
    unpack_checklists,
)
from cartaudit.report.json_report import audit_json, render_json
from cartaudit.report.model import Audience, Detail, Report, ReportOptions, build_report
from cartaudit.report.rendering import RenderJob, carried, template_hashes, to_pdf
from cartaudit.resources import data_folder


class State(StrEnum):
    """What came of one check. NOTE holds nothing against the report, and says what could not be shown."""

    HOLDS = "holds"
    FAILS = "fails"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of a verification."""

    state: State
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """The audit of an embedded source made again, with everything it was made from."""

    audit: Audit
    catalogue: Catalogue
    report: Report
    job: RenderJob


def verify_report(data: bytes, template_dir: Path | None = None, released: Path | None = None) -> tuple[Check, ...]:
    """Check a PDF report; the last line is the conclusion. Never raises for what stands in the file.

    `released` is the folder of the checklists to compare with, by default those that come with cartaudit.
    """
    contents = read_contents(data)
    if isinstance(contents, NoReport):
        return (_fails(contents.why),)
    faults = altered_files(contents)
    if faults:
        return tuple(_fails(f"{name}: {fault}.") for name, fault in faults.items())
    lines = [_holds(f"The {len(contents.files)} embedded files are those the manifest names.")]
    try:
        lines += _checked(data, contents, template_dir, released or data_folder("checklists"))
    except (CartauditError, KeyError, TypeError, ValueError, AttributeError) as error:
        lines.append(_fails(f"The audit cannot be made again from the embedded files: {_one_line(error)}."))
    return (*lines, _conclusion(lines, data))


def holds(checks: tuple[Check, ...]) -> bool:
    """Tell whether nothing speaks against a report."""
    return all(check.state is not State.FAILS for check in checks)


def _checked(data: bytes, contents: Contents, template_dir: Path | None, released: Path) -> list[Check]:
    packed = unpack_checklists(contents.files[CHECKLISTS])
    if isinstance(packed, NoReport):
        return [_fails(packed.why)]
    lines = list(_released(packed, released))
    with tempfile.TemporaryDirectory() as folder:
        remade = _make_again(contents, packed, Path(folder), template_dir)
    if isinstance(remade, Check):
        return [*lines, remade]
    return [
        *lines,
        *_compare_results(contents, remade),
        *_compare_manifest(contents, remade),
        *_compare_pages(data, contents, remade, template_dir),
    ]


def _released(packed: Packed, home: Path) -> Iterator[Check]:
    """Compare the embedded checklists with the released ones, as far as both claim to be the same version."""
    version, ours = _version(packed.folder.get(VERSION_FILE, b"")), _version_of(home)
    for name in packed.overlays:
        yield _note(f"An overlay was used: {Path(name).stem}. Its values are those of whoever made the report.")
    if version != ours:
        yield _note(f"The checklists are of content version {version}; this cartaudit has {ours} and cannot compare.")
        return
    differing = sorted(
        name
        for name, content in packed.folder.items()
        if name != VERSION_FILE and (not (home / name).is_file() or (home / name).read_bytes() != content)
    )
    count = len(packed.folder) - 1
    if differing:
        named = ", ".join(differing[:3]) + (f" and {len(differing) - 3} more" if len(differing) > 3 else "")
        yield _fails(f"Checklists: {named} differ from content version {ours} as it was released.")
    else:
        yield _holds(f"The {count} checklist files are those released as content version {ours}.")


def _make_again(contents: Contents, packed: Packed, folder: Path, template_dir: Path | None) -> Remade | Check:
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
        return _fails(f"The embedded workbook is rejected: {audit.problems[0].message}")
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

        mapping = parse_mapping(contents.files[MAPPING].decode("utf-8"), MAPPING)
    name = str(contents.manifest["file_name"])
    return audit_bytes(contents.files[WORKBOOK], name, catalogue, options, mapping)


def _compare_results(contents: Contents, remade: Remade) -> Iterator[Check]:
    """Compare the embedded result with the one made again, whatever version of cartaudit wrote it."""
    source = "reduced submission" if SUBMISSION in contents.files else "workbook"
    told = json.loads(contents.files[RESULT])
    ours = json.loads(render_json(audit_json(remade.audit)))
    maker = told["tool"]["version"]
    if maker != __version__:
        yield _note(f"Made by cartaudit {maker}, checked by {__version__}.")
    _forget_version(told)
    _forget_version(ours)
    if told == ours:
        yield _holds(f"Judging the embedded {source} again gives the same {len(ours['results'])} results.")
        return
    yield from map(_fails, _differences(told, ours))


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
        named = ", ".join(changed[:5]) + (f" and {len(changed) - 5} more" if len(changed) > 5 else "")
        yield f"{RESULT}: the results of {named} are not those of the audit made again."
    if not found:
        parts = ", ".join(sorted(key for key in told.keys() | ours.keys() if told.get(key) != ours.get(key)))
        yield f"{RESULT}: {parts} do not fit the audit made again."


def _keyed(items: list[dict[str, Any]], *names: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(item[name] for name in names): item for item in items}


def _compare_manifest(contents: Contents, remade: Remade) -> Iterator[Check]:
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
        yield _fails(f"{MANIFEST}: {', '.join(wrong)} do not fit the audit made again.")
    else:
        yield _holds("The manifest fits: audit date, editions, label texts and hashes are those of the audit.")


def _compare_pages(data: bytes, contents: Contents, remade: Remade, template_dir: Path | None) -> Iterator[Check]:
    """Compare what the pages say and draw with the report made again."""
    from cartaudit.report.pdf_text import page_texts

    seen = page_texts(data)
    if template_hashes(template_dir) != contents.manifest["templates"]:
        yield _note("The report was made with other templates, so that its pages cannot be made again here.")
        yield from _verdicts_in("".join(seen), remade.report)
        return
    again = to_pdf(remade.job)
    if data.startswith(again):
        yield _holds(f"All {len(seen)} pages are byte for byte those made from the embedded files.")
        return
    expected = page_texts(again)
    if len(seen) != len(expected):
        yield _fails(f"The report has {len(seen)} pages; made again it has {len(expected)}.")
    wrong = [number for number, (a, b) in enumerate(zip(seen, expected, strict=False), start=1) if a != b]
    if wrong:
        yield _fails(f"{_pages(wrong)} not say what the audit made again says.")
        yield from _verdicts_in("".join(seen), remade.report)
    elif len(seen) == len(expected):
        yield from _compare_drawings(data, again, contents)


def _compare_drawings(data: bytes, again: bytes, contents: Contents) -> Iterator[Check]:
    from cartaudit.report.pdf import renderer_versions
    from cartaudit.report.pdf_text import page_contents

    drawn, expected = page_contents(data), page_contents(again)
    wrong = [number for number, (a, b) in enumerate(zip(drawn, expected, strict=True), start=1) if a != b]
    yield _holds(f"The text of all {len(drawn)} pages is that of the audit made again.")
    if not wrong:
        yield _note("The file was saved anew by another program; its pages draw what they should.")
    elif contents.manifest.get("renderer") == renderer_versions():
        yield _fails(f"{_pages(wrong)} not draw what the same libraries draw here: something was laid over or moved.")
    else:
        yield _note(f"{len(wrong)} pages are drawn differently, as another version of Pango would; look at them.")


def _verdicts_in(text: str, report: Report) -> Iterator[Check]:
    """Look for the verdicts and findings of the audit on the pages of the report."""
    from cartaudit.report.fonts import replace_missing
    from cartaudit.report.pdf_text import squeeze

    facts = [("the centre's name", report.centre_name)]
    facts += [(f"the verdict on {v.label}", v.mark.word) for v in report.verdicts]
    facts += [(f"finding {f.number}", f.requirement.id) for f in report.findings]
    missing = [name for name, fact in facts if squeeze(replace_missing(fact)[0]) not in text]
    if missing:
        named = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        yield _fails(f"The pages do not state {named} as the audit made again does.")
    else:
        yield _holds(f"The pages name the centre, the {len(report.verdicts)} verdicts and every finding.")


def _pages(numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:5])) + (f" and {len(numbers) - 5} more" if len(numbers) > 5 else "")
    return f"Page {named} does" if len(numbers) == 1 else f"Pages {named} do"


def _conclusion(lines: list[Check], data: bytes) -> Check:
    if any(line.state is State.FAILS for line in lines):
        return _fails("The report does not hold. Ask whoever sent it for the original.")
    return _note("Consistent, origin not proven: the report is not signed.")


def _version(text: bytes) -> str:
    return text.decode("utf-8", errors="replace").strip() or "0"


def _version_of(folder: Path) -> str:
    path = folder / VERSION_FILE
    return _version(path.read_bytes()) if path.is_file() else "0"


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def _holds(text: str) -> Check:
    return Check(state=State.HOLDS, text=text)


def _fails(text: str) -> Check:
    return Check(state=State.FAILS, text=text)


def _note(text: str) -> Check:
    return Check(state=State.NOTE, text=text)
