"""No forged report holds, whatever its manifest claims, so that less of it could be expected to be as made here."""

from collections.abc import Iterator
from functools import cache
from unittest.mock import patch

import pytest
from builders_forgeries import CLAIMS, FORGERIES, forged
from builders_verification import CHECKLISTS, small_job, small_report

from cartaudit.report.html import report_css
from cartaudit.report.pdf import PdfRenderer
from cartaudit.report.rendering import RenderJob, to_pdf
from cartaudit.verification import Check, Outcome, State, outcome
from cartaudit.verification.verifying import Expected, verify


@cache
def _made(key: tuple[object, ...], job: "_Job") -> bytes:
    return to_pdf(job.job)


class _Job:
    """A job that is the same as another for the cache."""

    def __init__(self, job: RenderJob) -> None:
        self.job = job

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return True


def made_once(job: RenderJob) -> bytes:
    """Make a report again, the same one only once: these tests forge one report in many ways."""
    return _made((job.workbook, job.audit.as_of, job.template_dir), _Job(job))


@pytest.fixture(autouse=True)
def _make_once() -> Iterator[None]:
    with patch("cartaudit.verification.verifying.to_pdf", made_once):
        yield


def told(data: bytes) -> tuple[Check, ...]:
    return tuple(verify(data, Expected(released=CHECKLISTS)))


WORDS_OF_ANOTHER_VERSION = {"other words in the result", "another title", "another subject in XMP"}
"""What another version may word otherwise; it is then named as not compared."""

PLACES_OF_OTHERS = {"letters drawn as lines", "text as furniture of the page", "text in a mark that is taken"}
"""What templates or a version that are not here may draw; the pages are then named as not compared."""

TOLD_BY_OTHERS = {
    "another bookmark",
    "words for those who listen",
    "another order of reading",
    "letters with other looks",
    "letters with other widths",
    "fonts that changed places",
    "other glyphs",
    "letters with other meanings",
    "pages that changed places",
    "a page left out",
    "a file described otherwise",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_no_forgery_holds(name: str) -> None:
    checks = told(forged(small_report(), FORGERIES[name]))
    assert outcome(checks) is Outcome.DOES_NOT_HOLD, [check.text for check in checks]


@pytest.mark.parametrize("name", FORGERIES)
def test_no_forgery_holds_that_claims_other_libraries(name: str) -> None:
    checks = told(forged(small_report(), FORGERIES[name], "other libraries"))
    assert outcome(checks) is Outcome.DOES_NOT_HOLD, [check.text for check in checks]


@pytest.mark.parametrize("claim", ["other templates", "another version"])
@pytest.mark.parametrize("name", FORGERIES)
def test_no_forgery_holds_that_claims_what_is_not_here(name: str, claim: str) -> None:
    checks = told(forged(small_report(), FORGERIES[name], claim))
    found = outcome(checks)
    assert found is not Outcome.HOLDS
    excused = PLACES_OF_OTHERS | TOLD_BY_OTHERS
    excused |= WORDS_OF_ANOTHER_VERSION if claim == "another version" else set()
    if name not in excused:
        assert found is Outcome.DOES_NOT_HOLD, [check.text for check in checks]


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim != "nothing"])
def test_a_claim_alone_is_named_as_not_compared(claim: str) -> None:
    checks = told(forged(small_report(), lambda pdf: None, claim))
    assert outcome(checks) is Outcome.NOT_COMPARED
    assert any(check.state is State.NOT_COMPARED for check in checks[:-1])


def drawn_elsewhere(more: str, libraries: str = "1.99") -> bytes:
    """Draw the small report as other libraries would: with other distances, so that lines and pages break elsewhere."""
    job = small_job()
    renderer = PdfRenderer(report_css(None) + more)
    with patch("cartaudit.report.loading.renderer_versions", lambda: {"pango": libraries, "weasyprint": "70.0"}):
        from cartaudit.report import rendering

        with patch.object(rendering, "_renderer", lambda template_dir: renderer):
            return to_pdf(job)


@pytest.mark.parametrize(
    "more",
    [
        "body { word-spacing: .4pt }",
        "body { letter-spacing: .02pt }",
        "p, li, td { line-height: 1.7 }",
        "h2 { margin-top: 30mm }",
        "table { margin-bottom: 12mm }",
    ],
)
def test_a_report_drawn_by_other_libraries_holds_in_its_content(more: str) -> None:
    data = drawn_elsewhere(more)
    assert data != small_report()
    checks = told(data)
    assert outcome(checks) is Outcome.NOT_COMPARED, [check.text for check in checks if check.state is State.FAILS]
    assert checks[-1].text.startswith("Content holds; layout not compared")


@pytest.mark.parametrize("name", FORGERIES)
def test_no_forgery_of_a_report_drawn_by_other_libraries_passes(name: str) -> None:
    checks = told(forged(drawn_elsewhere_once(), FORGERIES[name]))
    assert outcome(checks) is Outcome.DOES_NOT_HOLD, [check.text for check in checks]


@cache
def drawn_elsewhere_once() -> bytes:
    return drawn_elsewhere("body { word-spacing: .4pt } h2 { margin-top: 20mm }")


@pytest.mark.parametrize(
    "more",
    ["body { color: #333 }", "h1 { font-size: 12pt }", "td { font-weight: bold }", "th { background: #ff9 }"],
)
def test_a_report_that_looks_otherwise_does_not_hold(more: str) -> None:
    assert outcome(told(drawn_elsewhere(more))) is Outcome.DOES_NOT_HOLD


def test_the_same_report_saved_anew_holds() -> None:
    assert outcome(told(forged(small_report(), lambda pdf: None))) is Outcome.HOLDS
