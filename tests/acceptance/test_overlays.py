"""An overlay says what it is: its figures are site-supplied, and a verdict it makes better says so everywhere."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from cartaudit.catalogue import read_catalogue
from cartaudit.cli import cartaudit
from cartaudit.errors import ChecklistError
from cartaudit.model.audit import Audit, Readiness
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue, render
from cartaudit.resources import data_folder

ROOT = Path(__file__).parents[2]
OPTIONS = AuditOptions(as_of=date(2026, 11, 22), as_of_is_today=False, selection=(("kymriah", None),))
OVERLAY = """[overlay]
name = "lax"
[[parameter]]
product = "kymriah"
name = "driving_weeks_min"
jurisdiction = "EU"
value = 1
revision = "own"
source = "own reading"
"""


@pytest.fixture
def lax(tmp_path: Path) -> Path:
    path = tmp_path / "lax.toml"
    path.write_text(OVERLAY)
    return path


@pytest.fixture
def failing(lax: Path) -> bytes:
    """A workbook that fails the shipped figure and meets that of the overlay."""
    from cartaudit.model.layout import Field
    from cartaudit.synthetic.definitions import read_definitions
    from cartaudit.synthetic.samples import sample_plan
    from cartaudit.workbook.template import build_template

    catalogue = load_catalogue()
    (definition,) = [d for d in read_definitions(data_folder("samples")) if d.name.startswith("01")]
    plan = sample_plan(catalogue, definition, "0")
    answers = {key: dict(fields) for key, fields in plan.filling.answers.items()}
    answers["counselled_driving_weeks", "kymriah"][Field.ANSWER] = 2
    return build_template(catalogue, replace(plan, filling=replace(plan.filling, answers=answers)))


def test_a_verdict_made_better_by_an_overlay_says_so_in_every_format(lax: Path, failing: bytes) -> None:
    catalogue = load_catalogue(overlays=(lax,))
    audit = audit_bytes(failing, "a.xlsx", catalogue, OPTIONS)
    assert isinstance(audit, Audit)
    (checklist,) = audit.checklists
    assert (checklist.readiness, checklist.without_overlays) == (Readiness.READY, Readiness.NOT_READY)
    formats = render(audit, catalogue, failing, OPTIONS, ("html", "json", "md", "csv"))
    assert "Without the overlays in use: NOT READY" in formats["html"].decode()
    assert "Without the overlays in use: NOT READY" in formats["md"].decode()
    assert '"without_overlays": "NOT_READY"' in re.sub(r'":"', '": "', formats["json"].decode())


def test_the_terminal_says_so(lax: Path, failing: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(failing)
    arguments = [
        "check",
        str(tmp_path / "a.xlsx"),
        "-c",
        "kymriah",
        "--as-of",
        "2026-11-22",
        "--overlay",
        str(lax),
        "-q",
    ]
    assert "without overlays NOT READY" in CliRunner().invoke(cartaudit, arguments).output


def test_a_verdict_that_is_no_better_says_nothing(lax: Path) -> None:
    data = (data_folder("samples") / "01_ready_kymriah_eu.xlsx").read_bytes()
    audit = audit_bytes(data, "a.xlsx", load_catalogue(overlays=(lax,)), OPTIONS)
    assert isinstance(audit, Audit)
    assert [c.without_overlays for c in audit.checklists] == [None]


@pytest.mark.parametrize("claim", ["label", "authority", "manufacturer", "secondary", "unverified"])
def test_an_overlay_calls_no_figure_a_label(claim: str, tmp_path: Path) -> None:
    path = tmp_path / "o.toml"
    path.write_text(f'{OVERLAY}verification = "{claim}"\n')
    with pytest.raises(ChecklistError):
        load_catalogue(overlays=(path,))


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000 + "]" * 5000,
        "a = " + "{a=" * 900,
        "# " + "x" * 3_000_000,
        OVERLAY.replace("value = 1", "value = inf"),
        OVERLAY.replace("value = 1", "value = nan"),
    ],
    ids=["lists", "tables", "long", "infinite", "no number"],
)
def test_an_overlay_that_is_a_trap_is_one_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "o.toml"
    path.write_text(text)
    with pytest.raises(ChecklistError):
        load_catalogue(overlays=(path,))


def test_the_overlay_of_the_docs_can_be_used(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "content-format.md").read_text(encoding="utf-8")
    (example,) = [b for b in re.findall(r"```toml\n(.*?)```", page, re.S) if b.startswith("[overlay]")]
    path = tmp_path / "o.toml"
    path.write_text(example)
    assert read_catalogue(data_folder("checklists"), (path,)).overlays == ("north_network",)
