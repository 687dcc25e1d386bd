import csv
import io
import json
import re
import subprocess
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import openpyxl
import pikepdf
import pytest
from test_network_rollup import AS_OF, GATE, record, rejected

from cartaudit.model.checklists import Catalogue
from cartaudit.network import pages
from cartaudit.network.network import Network
from cartaudit.network.pages import render_pdf
from cartaudit.network.rendering import RENDERERS
from cartaudit.network.rollup import roll_up
from cartaudit.report.html import render_page

SITES = 50
EVIL = '=HYPERLINK("http://evil.invalid","x")'


@pytest.fixture(scope="module")
def network(catalogue: Catalogue) -> Network:
    site = {"name": EVIL, "code": "", "country": "DE", "products": ["kymriah"], "assessed_on": "2026-10-01"}
    areas = {"quality": [80.0, 95.0], "cold_chain": [100.0, 100.0]}
    records = [
        record("a", site=site, areas=areas, open_={"jacie": [GATE]}, expiries=[["2027-01-01", "Certificate"]]),
        record("b <b>bold</b>", areas=areas, units=[["Bank", "storage", "u", [GATE]]]),
        record("c", areas=areas, units=[["Bank", "storage", "u", []]], sha256="x"),
        record("d", sha256="x"),
        rejected("broken"),
    ]
    centres = [(r,) for r in records if r.name not in "cd"] + [tuple(r for r in records if r.name in "cd")]
    return roll_up(centres, catalogue, AS_OF, other_files={"notes.txt": "no workbook by its name"})


@pytest.fixture(scope="module")
def pdf(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "network.pdf"
    path.write_bytes(RENDERERS["pdf"](network))
    return path


def _text(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("form", sorted(RENDERERS))
def test_the_same_network_gives_the_same_bytes(form: str, network: Network) -> None:
    assert RENDERERS[form](network) == RENDERERS[form](network)


def test_the_json_is_as_its_schema_says(network: Network) -> None:
    schema = json.loads(resources.files("cartaudit.network").joinpath("network.schema.json").read_text("utf-8"))
    document = json.loads(RENDERERS["json"](network))
    jsonschema.validate(document, schema)


def test_no_cell_of_the_csv_begins_a_formula(network: Network) -> None:
    rows = csv.reader(io.StringIO(RENDERERS["csv"](network).decode("utf-8-sig")))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_csv_has_a_line_for_every_file(network: Network) -> None:
    rows = list(csv.DictReader(io.StringIO(RENDERERS["csv"](network).decode("utf-8-sig"))))
    assert sorted(row["File"] for row in rows) == sorted(c.file for c in network.centres)


def test_the_workbook_holds_every_table_with_filters_and_frozen_headings(network: Network) -> None:
    book = openpyxl.load_workbook(io.BytesIO(RENDERERS["xlsx"](network)))
    assert book.sheetnames == [
        *("Summary", "Not audited", "Centres", "Matrix", "Verdicts", "Checklists", "Requirements", "Lifts"),
        *("Units", "Expiries", "Duplicates", "Other files"),
    ]
    assert all(sheet.auto_filter.ref and sheet.freeze_panes for sheet in book.worksheets)


def test_no_cell_of_the_workbook_is_a_formula(network: Network) -> None:
    book = openpyxl.load_workbook(io.BytesIO(RENDERERS["xlsx"](network)))
    cells: list[Any] = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert EVIL in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_pdf_opens_with_how_many_could_be_audited(pdf: Path) -> None:
    lines = [line.strip() for line in _text(pdf).splitlines() if line.strip()]
    assert lines[2].startswith("3 of 4 sites could be audited. 1 site was handed in more than once")


def test_the_pdf_is_tagged(pdf: Path) -> None:
    info = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in info


def test_text_of_a_workbook_is_no_markup_in_the_pdf(pdf: Path) -> None:
    assert "b <b>bold</b>" in _text(pdf)


def test_the_pages_are_well_formed_which_spares_the_slow_parser(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    monkeypatch.setattr(pages, "render_page", lambda *page: rendered.append(render_page(*page)) or rendered[-1])
    render_pdf(network, rows_at_a_time=2)
    assert {ElementTree.fromstring(page).tag for page in rendered} == {"html"}
    assert len(rendered) == 2


def test_every_matrix_page_repeats_its_heading(network: Network, tmp_path: Path) -> None:
    many = tuple(replace(network.centres[1], label=f"Site {n:03}") for n in range(60))
    path = tmp_path / "n.pdf"
    path.write_bytes(RENDERERS["pdf"](replace(network, centres=many)))
    pages = [page for page in _text(path).split("\f") if "Site 0" in page and "Gates" in page]
    assert len(pages) >= 2
    assert sum(page.count("Site 0") for page in pages) >= 60


@pytest.fixture(scope="module")
def long_pdf(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report whose matrix is laid out in three slices."""
    many = tuple(replace(network.centres[1], label=f"Site {n:04}") for n in range(SITES))
    path = tmp_path_factory.mktemp("long") / "network.pdf"
    path.write_bytes(render_pdf(replace(network, centres=many), 20))
    return path


def test_a_matrix_laid_out_in_slices_names_every_site_once(long_pdf: Path) -> None:
    assert re.findall(r"^Site (\d{4})", _text(long_pdf), re.MULTILINE) == [f"{n:04}" for n in range(SITES)]


def test_pages_laid_out_in_slices_are_numbered_through(long_pdf: Path) -> None:
    pages = _text(long_pdf).split("\f")[1:-1]
    assert [int(page.split()[-1]) for page in pages] == list(range(2, len(pages) + 2))


def test_every_page_says_how_far_its_verdicts_can_be_trusted(long_pdf: Path) -> None:
    pages = _text(long_pdf).split("\f")[:-1]
    assert all("sites audited · self-assessed, not verified" in page for page in pages)


def test_pages_on_sites_of_different_trust_say_so(network: Network, tmp_path: Path) -> None:
    (tmp_path / "n.pdf").write_bytes(render_pdf(replace(network, assurance={"self_assessed": 3, "verified": 1})))
    assert "sites audited · trust differs from site to site (page 1)" in _text(tmp_path / "n.pdf")


def test_the_tags_of_joined_slices_lead_to_the_pages_they_stand_on(long_pdf: Path) -> None:
    with pikepdf.open(long_pdf) as pdf:
        root = pdf.Root.StructTreeRoot
        numbers = list(root.ParentTree.Nums)
        owners = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        cells = [
            (page.obj.objgen, owner.Pg.objgen)
            for page in pdf.pages
            for owner in owners[int(page.obj.StructParents)]
            if isinstance(owner, pikepdf.Dictionary) and owner.S in ("/TD", "/TH")
        ]
        assert len(owners) * 2 == len(numbers)
        assert len(cells) > SITES
        assert all(page == stated for page, stated in cells)
        assert {child.P.objgen for child in root.K[0].K} == {root.K[0].objgen}


def test_a_file_joined_from_slices_is_sound(long_pdf: Path) -> None:
    with pikepdf.open(long_pdf) as pdf:
        assert not pdf.check_pdf_syntax()
