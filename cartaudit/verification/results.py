"""Comparing the result and the manifest that a report carries with those of the audit made again, field by field."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from cartaudit import __version__
from cartaudit.report.embedded import MANIFEST, RESULT, SUBMISSION, manifest_json
from cartaudit.report.json_report import audit_json, render_json
from cartaudit.report.pdf import EmbeddedFile
from cartaudit.report.rendering import carried
from cartaudit.verification.attached import Contents
from cartaudit.verification.checks import Check, failed, first_few, held, not_compared
from cartaudit.verification.comparing import Difference, Manner, differences
from cartaudit.verification.remaking import Remade

WORDED = frozenset({"message", "remedy", "expected", "reasons", "trace", "steps", "override_note"})
"""Members of a result that are sentences, which another version of cartaudit may word otherwise."""

_JUDGED = frozenset({"readiness", "compliance", "severity", "gate", "results", "checklists", "requirement"})
"""Members that every version has."""

_RENDERED = frozenset({"templates", "renderer"})
"""Members of a manifest that say how pages were made, which `pages.py` looks at."""


def maker_of(contents: Contents) -> str:
    """Give the version of cartaudit that a report says it was made by."""
    return str(contents.manifest["tool"]["version"])


def compare_results(contents: Contents, remade: Remade) -> Iterator[Check]:
    """Compare the embedded result with the one made again, whatever version of cartaudit wrote it."""
    source = "reduced submission" if SUBMISSION in contents.files else "workbook"
    try:
        told = json.loads(contents.files[RESULT])
        ours = json.loads(render_json(audit_json(remade.audit)))
        maker = told["tool"]["version"]
        found = [difference for difference in differences(told, ours) if not _is_version(difference)]
    except (ValueError, TypeError, KeyError, RecursionError):
        yield failed(f"{RESULT} is not of the form of a result of cartaudit.")
        return
    other = maker != __version__
    if other:
        yield not_compared(f"Made by cartaudit {maker}, checked by {__version__}.")
    left = [difference for difference in found if other and _is_of_version(difference)]
    wrong = [difference for difference in found if difference not in left]
    if not wrong:
        yield held(f"Judging the embedded {source} again gives the same {len(ours['results'])} results.")
    if left:
        names = first_few(sorted({difference.member for difference in left}), 8)
        yield not_compared(f"{RESULT}: what another version words or holds otherwise was not compared: {names}.")
    yield from _told(RESULT, wrong)


def _is_version(difference: Difference) -> bool:
    return difference.place in ("tool.version", "provenance.tool_version")


def _is_of_version(difference: Difference) -> bool:
    """Tell whether a difference may come from another version of cartaudit: a wording, or a new member."""
    if difference.member in WORDED:
        return True
    return difference.manner is not Manner.OTHER and difference.member not in _JUDGED


def _told(name: str, wrong: Sequence[Difference]) -> Iterator[Check]:
    """Say what differs, the verdicts first; one line each for the first few."""
    ordered = sorted(wrong, key=lambda difference: difference.member != "readiness")
    for difference in ordered[:5]:
        told, ours = _short(difference.told), _short(difference.ours)
        match difference.manner:
            case Manner.OTHER:
                what = f"the report says {told}, judged again it is {ours}"
            case Manner.LACKING:
                what = "not in the report"
            case Manner.MORE:
                what = f"only in the report ({told})"
        yield failed(f"{name}, {difference.place}: {what}.")
    if len(ordered) > 5:
        yield failed(f"{name} differs in {len(ordered) - 5} more places from that of the audit made again.")


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}..."


def compare_manifest(contents: Contents, remade: Remade) -> Iterator[Check]:
    """Make the manifest again and compare it field by field; how the pages were made is left to the pages."""
    told = dict(contents.manifest)
    files = [
        EmbeddedFile(name=name, data=data, relationship=told["files"][name]["relationship"], description="")
        for name, data in contents.files.items()
        if name != MANIFEST
    ]
    ours = json.loads(render_json(manifest_json(remade.audit, carried(remade.job), files)))
    other = maker_of(contents) != __version__
    apart = _RENDERED | ({"tool"} if other else set())
    wrong = [found for found in differences(told, ours) if found.place.partition(".")[0].partition("[")[0] not in apart]
    if wrong:
        yield from _told(MANIFEST, wrong)
    else:
        yield held("The manifest fits: audit date, editions, label texts and hashes are those of the audit.")
