"""A house style is bounded, and a page of HTML fetches nothing."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from builders_report import catalogue, small_audit

from cartaudit.deadline import TooLongError, deadline
from cartaudit.errors import RenderError
from cartaudit.report import html
from cartaudit.report.html import render_html
from cartaudit.report.model import build_report


def loop_without_end() -> None:
    while True:
        pass


def test_code_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(TooLongError), deadline(0.05):
        loop_without_end()


def test_code_that_ends_in_time_is_left_alone() -> None:
    with deadline(60):
        done = sum(range(1000))
    assert done == 499500


@pytest.mark.parametrize(
    "body",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% set c = a * b %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ ''.__class__.__mro__ }}",
    ],
)
def test_a_house_style_that_does_not_end_or_reaches_out_is_one_error(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html, "HOUSE_SECONDS", 0.5)
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "logo.html.j2").write_text(body)
    with pytest.raises(RenderError):
        render_html(build_report(small_audit(), catalogue()), target="pdf", template_dir=tmp_path)


class Addresses(HTMLParser):
    """Collects whatever a browser would fetch, and the policy."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        for name in ("src", "srcset", "data", "poster", "background", "action", "formaction", "manifest", "xlink:href"):
            if name in given and not given[name].startswith("data:"):
                self.fetched.append(given[name])
        if tag in ("link", "script", "iframe", "object", "embed", "base", "use", "image"):
            self.fetched.append(tag)
        if tag == "a" and not given.get("href", "#").startswith("#"):
            self.fetched.append(given["href"])


def test_a_page_for_the_web_fetches_nothing_and_says_so() -> None:
    page = render_html(build_report(small_audit(), catalogue()), target="web")
    read = Addresses()
    read.feed(page)
    assert read.fetched == []
    assert "default-src 'none'" in read.policy
    assert "script-src" not in read.policy
    assert "url(http" not in page
    assert "@import" not in page
