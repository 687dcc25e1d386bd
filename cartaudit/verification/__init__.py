"""Verifying a report: does it carry what it says, does the audit come out the same, do the pages say so, who signed."""

import tempfile
from pathlib import Path

from cartaudit.errors import CartauditError
from cartaudit.report.embedded import CHECKLISTS, Contents, NoReport, altered_files, read_contents, unpack_checklists
from cartaudit.resources import data_folder
from cartaudit.verification.checks import Check, State, failed, held, holds, one_line
from cartaudit.verification.pages import can_compare, compare_pages, look_for_verdicts
from cartaudit.verification.remaking import compare_manifest, compare_released, compare_results, make_again
from cartaudit.verification.signatures import Signing, check_signatures

__all__ = ["Check", "State", "holds", "verify_report"]


def verify_report(
    data: bytes, template_dir: Path | None = None, released: Path | None = None, trust: bytes | None = None
) -> tuple[Check, ...]:
    """Check a PDF report; the last line is the conclusion. Never raises for what stands in the file.

    `released` is the folder of the checklists to compare with, by default those that come with cartaudit. `trust` holds
    the certificates (PEM) a signature has to go back to; without it, whom to trust is left open.
    """
    contents = read_contents(data)
    if isinstance(contents, NoReport):
        return (failed(contents.why),)
    signing = check_signatures(data, trust)
    faults = altered_files(contents)
    if faults:
        return (*(failed(f"{name}: {fault}.") for name, fault in faults.items()), *signing.lines)
    lines = [held(f"The {len(contents.files)} embedded files are those the manifest names.")]
    comparable = False
    try:
        comparable = can_compare(contents, template_dir)
        lines += _checked(data, contents, template_dir if comparable else None, released, comparable)
    except (CartauditError, KeyError, TypeError, ValueError, AttributeError) as error:
        lines.append(failed(f"The audit cannot be made again from the embedded files: {one_line(error)}."))
    lines += signing.lines
    return (*lines, _conclusion(tuple(lines), signing, comparable))


def _checked(
    data: bytes, contents: Contents, template_dir: Path | None, released: Path | None, comparable: bool
) -> list[Check]:
    packed = unpack_checklists(contents.files[CHECKLISTS])
    if isinstance(packed, NoReport):
        return [failed(packed.why)]
    lines = list(compare_released(packed, released or data_folder("checklists")))
    with tempfile.TemporaryDirectory() as folder:
        remade = make_again(contents, packed, Path(folder), template_dir)
    if isinstance(remade, Check):
        return [*lines, remade]
    pages = compare_pages(data, contents, remade.job) if comparable else look_for_verdicts(data, remade.report)
    return [*lines, *compare_results(contents, remade), *compare_manifest(contents, remade), *pages]


def _conclusion(lines: tuple[Check, ...], signing: Signing, comparable: bool) -> Check:
    if not holds(lines):
        return failed("The report does not hold. Ask whoever sent it for the original.")
    what = "Consistent" if comparable else "Consistent as far as its files go, its pages not compared"
    return Check(state=signing.state if comparable else State.NOTE, text=f"{what}, {signing.origin}.")
