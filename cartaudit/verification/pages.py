"""Comparing the pages of a report with those of the audit made again: what they say, draw and tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from cartaudit.report.fonts import replace_missing
from cartaudit.report.model import Report
from cartaudit.report.pdf_drawn import texts_of
from cartaudit.report.pdf_text import squeeze
from cartaudit.verification.checks import Check, failed, first_few, held, not_compared
from cartaudit.verification.fingerprint import Prints
from cartaudit.verification.looking import Look
from cartaudit.verification.looks import compare_looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What can be expected of the pages: made by the same version of cartaudit, its templates, the same libraries."""

    same_version: bool
    same_templates: bool
    same_renderer: bool


def compare_pages(found: Look, again: Look, report: Report, grounds: Grounds) -> Iterator[Check]:
    """Compare all pages, as far as may be expected, with those of the report made again."""
    if not (grounds.same_version and grounds.same_templates):
        yield from _look_for_verdicts(found, report, grounds)
        return
    wrong = tuple(_compare_prints(found.prints, again.prints))
    if not wrong:
        yield held(f"The text of all {len(found.pages)} pages is that of the audit made again.")
        yield from claimed_libraries(grounds)
    elif grounds.same_renderer:
        yield from _told_apart(found, again, report)
        yield from wrong
    else:
        yield from _compare_elsewhere(found, again)


def claimed_libraries(grounds: Grounds) -> Iterator[Check]:
    """Say what a report claims of the libraries that drew it, where its pages do not bear it out."""
    if not grounds.same_renderer:
        yield not_compared(
            "The manifest names other libraries than those here, though the pages are drawn as these draw them; that "
            "claim was not compared."
        )


def _compare_prints(found: Prints, expected: Prints) -> Iterator[Check]:
    """Compare fonts, drawings, links, bookmarks and structure, where the same libraries must give the same."""
    pairs = enumerate(zip_longest(found.pages, expected.pages), start=1)
    wrong = [number for number, (a, b) in pairs if a != b]
    names = found.parts.keys() | expected.parts.keys()
    parts = sorted(name for name in names if found.parts.get(name) != expected.parts.get(name))
    if wrong:
        yield failed(f"{_pages(wrong)} not draw what the same libraries draw here: something was laid over or moved.")
    if parts:
        yield failed(f"Beside the pages, the file's {first_few(parts, 5)} is not what cartaudit writes.")


def _told_apart(found: Look, again: Look, report: Report) -> Iterator[Check]:
    """Say on which pages the text is another one."""
    seen, ours = [[squeeze(text) for text in texts_of(side.pages)] for side in (found, again)]
    if len(seen) != len(ours):
        yield failed(f"The report has {len(seen)} pages; made again it has {len(ours)}.")
    wrong = [number for number, (a, b) in enumerate(zip(seen, ours, strict=False), start=1) if a != b]
    if wrong:
        yield failed(f"{_pages(wrong)} not say what the audit made again says.")
        yield from _verdicts_in("".join(seen), report)


def _compare_elsewhere(found: Look, again: Look) -> Iterator[Check]:
    """Compare pages that other libraries drew."""
    checks = tuple(compare_looks(found, again))
    yield from checks
    if not checks:
        yield held("Words, letters, sizes, colours and shapes are those of the report made again, in the same order.")
        yield not_compared(
            "Content holds; layout not compared: the report was drawn by other versions of the libraries than those "
            "here, which break lines and pages elsewhere."
        )


def _look_for_verdicts(found: Look, report: Report, grounds: Grounds) -> Iterator[Check]:
    """Look for the verdicts and findings of the audit on pages that cannot be made again."""
    yield from _verdicts_in("".join(squeeze(text) for text in texts_of(found.pages)), report)
    why = "another version of cartaudit" if not grounds.same_version else "templates that are not here"
    yield not_compared(f"The pages were made with {why}, so that what they say beside the verdicts was not compared.")


def _verdicts_in(text: str, report: Report) -> Iterator[Check]:
    facts = [("the centre's name", report.centre_name)]
    facts += [(f"the verdict on {v.label}", v.mark.word) for v in report.verdicts]
    facts += [(f"finding {f.number}", f.requirement.id) for f in report.findings]
    missing = [name for name, fact in facts if squeeze(replace_missing(fact)[0]) not in text]
    if missing:
        yield failed(f"The pages do not state {first_few(missing, 5)} as the audit made again does.")
    else:
        yield held(f"The pages name the centre, the {len(report.verdicts)} verdicts and every finding.")


def _pages(numbers: list[int]) -> str:
    named = first_few([str(number) for number in numbers], 5)
    return f"Page {named} does" if len(numbers) == 1 else f"Pages {named} do"
