"""The web page in a real browser: axe-core finds nothing, and nothing is fetched."""

import html
import json
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from builders_report import catalogue, large_audit

from cartaudit.report.html import render_html
from cartaudit.report.model import Audience, ReportOptions, build_report

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
_RUN = """
axe.run(document).then(function (found) {
  var short = found.violations.map(function (v) { return [v.id, v.nodes.length, v.nodes[0].html]; });
  var box = document.createElement("pre");
  box.id = "axe-found";
  box.textContent = JSON.stringify(short);
  document.body.appendChild(box);
});
"""


_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def _violations(page: str, folder: Path) -> Any:
    script = (resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    file = folder / "page.html"
    page = _POLICY.sub("", page)  # under which the script of axe does not run either
    file.write_text(page.replace("</body>", f"<script>{script}</script><script>{_RUN}</script></body>"), "utf-8")
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    command += ["--no-first-run", "--disable-component-update", "--disable-sync", f"--user-data-dir={folder / 'user'}"]
    command += ["--virtual-time-budget=60000", "--dump-dom", file.as_uri()]
    dumped = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    found = re.search(r'<pre id="axe-found">(.*?)</pre>', dumped, re.DOTALL)
    assert found, "axe did not finish"
    return json.loads(html.unescape(found[1]))


@needs_browser
@pytest.mark.parametrize("audience", list(Audience))
def test_axe_finds_no_violation(audience: Audience, tmp_path: Path) -> None:
    report = build_report(large_audit(40, 15), catalogue(), ReportOptions(audience=audience))
    assert _violations(render_html(report, target="web"), tmp_path) == []


@needs_browser
def test_axe_would_find_a_violation(tmp_path: Path) -> None:
    page = '<!DOCTYPE html><html><head><title>x</title></head><body><main><img src="x.png"></main></body></html>'
    assert {"image-alt", "html-has-lang"} <= {name for name, *_ in _violations(page, tmp_path)}


def test_page_loads_nothing_from_outside_itself() -> None:
    page = render_html(build_report(large_audit(40, 15), catalogue()), target="web")
    assert re.findall(r'(?:src|srcset|action)="(?!#|data:)[^"]*"|<link[^>]*>|@import|url\((?!data:|#)', page) == []
