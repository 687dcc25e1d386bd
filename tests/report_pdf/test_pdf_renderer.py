import hashlib
import io
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import builders_report
import pikepdf
import pytest
from builders_pdf import CSS, FILES, METADATA, sample_html

from cartaudit.errors import RenderError
from cartaudit.report.html import render_html
from cartaudit.report.model import build_report
from cartaudit.report.pdf import ASSETS, PdfRenderer, find_asset

PAGE = '<!DOCTYPE html><html lang="en"><head><title>t</title></head><body>{}</body></html>'


def test_same_input_gives_the_same_bytes(renderer: PdfRenderer, report_pdf: bytes) -> None:
    assert renderer.render(sample_html(), metadata=METADATA, attachments=FILES) == report_pdf


def test_another_process_gives_the_same_bytes(report_pdf: bytes) -> None:
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]);"
        "from builders_pdf import CSS, FILES, METADATA, sample_html; from cartaudit.report.pdf import PdfRenderer;"
        "data = PdfRenderer(CSS).render(sample_html(), metadata=METADATA, attachments=FILES);"
        "print(hashlib.sha256(data).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parents[1])], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == hashlib.sha256(report_pdf).hexdigest()


def test_order_of_attachments_does_not_matter(renderer: PdfRenderer) -> None:
    html = PAGE.format("<p>a</p>")
    one = renderer.render(html, metadata=METADATA, attachments=FILES)
    assert renderer.render(html, metadata=METADATA, attachments=FILES[::-1]) == one


def test_missing_glyph_is_an_error(renderer: PdfRenderer) -> None:
    with pytest.raises(RenderError, match=r"rendered faithfully.*glyph"):
        renderer.render(PAGE.format("<p>\U0001f600</p>"), metadata=METADATA)


def test_link_to_nowhere_is_an_error(renderer: PdfRenderer) -> None:
    with pytest.raises(RenderError, match="No anchor #nowhere"):
        renderer.render(PAGE.format('<p><a href="#nowhere">x</a></p>'), metadata=METADATA)


def test_unknown_css_is_an_error() -> None:
    with pytest.raises(RenderError, match="rendered faithfully"):
        PdfRenderer("p { no-such-property: 1 }")


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/x.png",
        "file:///etc/hostname",
        "ftp://localhost/x.png",
        "data:image/png;base64,AA==",
        "../x.png",
    ],
)
def test_nothing_but_template_assets_is_loaded(renderer: PdfRenderer, address: str) -> None:
    with pytest.raises(RenderError, match="Failed to load image"):
        renderer.render(PAGE.format(f'<p><img src="{address}" alt="x"></p>'), metadata=METADATA)


def test_asset_of_a_house_style_goes_before_the_packaged_one(tmp_path: Path) -> None:
    first, second = tmp_path / "house", tmp_path / "packaged"
    for folder in (first, second):
        folder.mkdir()
        (folder / "logo.svg").write_text("<svg/>")
    assert find_asset(f"{ASSETS}logo.svg", (first, second)) == (first / "logo.svg").resolve()


@pytest.mark.parametrize("name", ["../secret.txt", "%2e%2e/secret.txt", "missing.svg", ""])
def test_asset_outside_the_folders_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("x")
    folder = tmp_path / "templates"
    folder.mkdir()
    with pytest.raises(ValueError, match="hold no file"):
        find_asset(f"{ASSETS}{name}", (folder,))


def test_house_style_image_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'
    )
    data = PdfRenderer(CSS, (tmp_path,)).render(
        PAGE.format('<p><img src="logo.svg" alt="Logo"></p>'), metadata=METADATA
    )
    assert data.startswith(b"%PDF-1.7")


def test_attachments_come_out_as_they_went_in(report_pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(report_pdf)) as pdf:
        assert {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()} == {
            file.name: file.data for file in FILES
        }


def test_language_is_stated(report_pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(report_pdf)) as pdf:
        assert str(pdf.Root.Lang) == "en"


def test_missing_pango_is_said_in_one_line_with_the_remedy() -> None:
    code = (
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'weasyprint': raise OSError('cannot load library libpango')\n"
        "sys.meta_path.insert(0, Refuse())\n"
        "from cartaudit.errors import RenderError\n"
        "from cartaudit.report.loading import load_weasyprint\n"
        "try: load_weasyprint()\n"
        "except RenderError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.count("\n") == 1
    assert "needs Pango" in run.stdout
    assert "Remedy: " in run.stdout


def test_well_formed_document_gives_the_same_pages_by_either_parser(renderer: PdfRenderer) -> None:
    page = PAGE.format("<h1>a &amp; b</h1>\n<table><tbody>\n<tr><td>c</td><td></td></tr>\n</tbody></table><p>d\ne</p>")
    sloppy = page.replace("</p>", "").replace("</title>", "</TITLE>")
    assert renderer.render(page, metadata=METADATA) == renderer.render(sloppy, metadata=METADATA)


def test_our_own_templates_are_well_formed() -> None:
    report = build_report(builders_report.large_audit(20, 6), builders_report.catalogue(20))
    assert ElementTree.fromstring(render_html(report)).tag == "html"


def test_font_tools_are_loaded_when_they_are_called() -> None:
    code = (
        "import sys\n"
        "from cartaudit.report.loading import load_weasyprint\n"
        "load_weasyprint()\n"
        "from weasyprint.pdf import fonts\n"
        "before = 'fontTools.subset' in sys.modules\n"
        "options = fonts.subset.Options(hinting=False)\n"
        "print(before, type(options).__module__, options.hinting)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False fontTools.subset False\n"


def test_module_does_not_import_weasyprint_until_it_renders() -> None:
    code = (
        "import sys, cartaudit.report.pdf; print([m for m in ('weasyprint', 'pikepdf', 'pydyf') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
