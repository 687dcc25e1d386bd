"""Comparing the pages of a report with those of the audit made again: what they say, draw and tell."""

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from cartaudit.report.embedded import Contents
from cartaudit.report.fonts import replace_missing
from cartaudit.report.model import Report
from cartaudit.report.rendering import RenderJob, template_hashes, to_pdf
from cartaudit.verification.checks import Check, failed, first_few, held, noted
from cartaudit.verification.signatures import signed_fields


def can_compare(contents: Contents, template_dir: Path | None) -> bool:
    """Tell whether the pages can be made again here: that needs the templates they were made with."""
    return bool(template_hashes(template_dir) == contents.manifest["templates"])


def look_for_verdicts(data: bytes, report: Report) -> Iterator[Check]:
    """Look for the verdicts and findings of the audit on pages that cannot be made again."""
    from cartaudit.report.pdf_text import page_texts

    yield noted("The report was made with other templates, so that its pages cannot be made again here.")
    yield from _verdicts_in("".join(page_texts(data)), report)


def compare_pages(data: bytes, contents: Contents, job: RenderJob) -> Iterator[Check]:
    """Compare what the pages say and draw with the report made again."""
    from cartaudit.report.pdf_text import page_texts

    again, seen = to_pdf(job), page_texts(data)
    if data == again:
        yield held(f"All {len(seen)} pages are byte for byte those made from the embedded files.")
        return
    expected = page_texts(again)
    if len(seen) != len(expected):
        yield failed(f"The report has {len(seen)} pages; made again it has {len(expected)}.")
    wrong = [number for number, (a, b) in enumerate(zip(seen, expected, strict=False), start=1) if a != b]
    if wrong:
        yield failed(f"{_pages(wrong)} not say what the audit made again says.")
        yield from _verdicts_in("".join(seen), job.report)
    elif len(seen) == len(expected):
        yield from _compare_drawings(data, again, contents)


def _compare_drawings(data: bytes, again: bytes, contents: Contents) -> Iterator[Check]:
    """Compare fonts, drawings, links, bookmarks and structure, where the same libraries must give the same."""
    from cartaudit.report.pdf import renderer_versions
    from cartaudit.verification.fingerprint import document_prints

    filled = signed_fields(data)
    found, expected = document_prints(data, filled), document_prints(again, filled)
    pairs = enumerate(zip_longest(found.pages, expected.pages), start=1)
    wrong = [number for number, (a, b) in pairs if a != b]
    names = found.parts.keys() | expected.parts.keys()
    parts = sorted(name for name in names if found.parts.get(name) != expected.parts.get(name))
    yield held(f"The text of all {len(found.pages)} pages is that of the audit made again.")
    if not wrong and not parts:
        if data.startswith(again):
            yield held("The report made again stands in the file byte for byte; what was added changes no page.")
        else:
            yield noted("The file was saved anew by another program; its pages draw what they should.")
        return
    if contents.manifest.get("renderer") != renderer_versions():
        yield noted(f"{len(wrong)} pages are drawn differently, as another version of Pango would; look at them.")
        return
    if wrong:
        yield failed(f"{_pages(wrong)} not draw what the same libraries draw here: something was laid over or moved.")
    if parts:
        yield failed(f"Beside the pages, the file's {first_few(parts, 5)} is not what cartaudit writes.")


def _verdicts_in(text: str, report: Report) -> Iterator[Check]:
    from cartaudit.report.pdf_text import squeeze

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
