import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import outloud
import pikepdf
import pydyf
import pytest
from builders_pdf import METADATA, ROWS

from cartaudit.errors import RenderError
from cartaudit.report.archival import boxes
from cartaudit.report.pdf import PdfRenderer
from cartaudit.report.structure import read_structure
from cartaudit.report.xmp import xmp_packet


def elements(pdf: pikepdf.Pdf, tag: str) -> list[Any]:
    return [element for element in walk(pdf.Root.StructTreeRoot) if element.get("/S") == f"/{tag}"]


def walk(element: Any) -> Iterator[Any]:
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            yield from walk(kid)


def test_outloud_finds_no_error(report_pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(report_pdf)
    result = outloud.check(tmp_path / "report.pdf")
    assert [f for f in result.findings if str(f.severity).lower().endswith("error")] == []


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_finds_the_file_sound(report_pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(report_pdf)
    run = subprocess.run(["qpdf", "--check", tmp_path / "report.pdf"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_metadata_claims_both_standards(opened: pikepdf.Pdf) -> None:
    packet = opened.Root.Metadata.read_bytes().decode()
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet


def test_metadata_and_document_information_agree(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata() as metadata:
        assert metadata["dc:title"] == METADATA.title == str(opened.docinfo["/Title"])
        assert metadata["xmp:CreateDate"] == "2026-11-22T00:00:00Z"
    assert str(opened.docinfo["/CreationDate"]).startswith("D:20261122000000")


def test_table_over_several_pages_is_one_table(opened: pikepdf.Pdf) -> None:
    assert len(opened.pages) > 3
    requirements, _ = elements(opened, "Table")
    assert sum(element.S == "/TR" for element in walk(requirements)) == ROWS + 1
    assert sum(element.S == "/THead" for element in walk(requirements)) == 1


def test_rows_of_a_joined_table_stand_in_order(opened: pikepdf.Pdf) -> None:
    table = elements(opened, "Table")[0]
    pages = [opened.pages.index(row.Pg) for row in walk(table) if row.S == "/TR"]
    assert pages == sorted(pages)


def test_header_cells_say_what_they_head(opened: pikepdf.Pdf) -> None:
    scopes = [str(cell.A.Scope) for cell in elements(opened, "TH")]
    assert scopes.count("/Column") == 3 + 2
    assert scopes.count("/Row") == ROWS


def test_table_of_one_row_has_column_heads_only(opened: pikepdf.Pdf) -> None:
    declarations = elements(opened, "Table")[1]
    assert [str(cell.A.Scope) for cell in walk(declarations) if cell.S == "/TH"] == ["/Column", "/Column"]


def test_running_heads_and_repeated_table_heads_are_artifacts(opened: pikepdf.Pdf) -> None:
    page = opened.pages[2].Contents.read_bytes()
    assert len(re.findall(rb"/Artifact\s<</Type /Pagination>>\sBDC", page)) == 2 + 3


def test_lines_of_a_paragraph_are_not_wrapped_in_spans(opened: pikepdf.Pdf) -> None:
    assert elements(opened, "Span") == []


def test_style_within_a_cell_leaves_one_element(renderer: PdfRenderer) -> None:
    body = (
        "<table><tbody><tr><th scope='row'><b>R-1</b> title<span>more</span></th><td>a<br>b</td></tr></tbody></table>"
    )
    html = f'<!DOCTYPE html><html lang="en"><head><title>t</title></head><body>{body}</body></html>'
    with pikepdf.open(io.BytesIO(renderer.render(html, metadata=METADATA))) as pdf:
        tags = [str(element.S) for element in walk(pdf.Root.StructTreeRoot) if "/S" in element]
        (heading,) = elements(pdf, "TH")
        marks = [int(kid) for kid in heading.K]
    assert tags == ["/Document", "/Table", "/TBody", "/TR", "/TH", "/TD"]
    assert marks == sorted(marks)
    assert len(marks) == 3


def test_every_mark_of_a_page_belongs_to_one_element(opened: pikepdf.Pdf) -> None:
    numbers = opened.Root.StructTreeRoot.ParentTree.Nums
    owners = numbers[1]
    for element in walk(opened.Root.StructTreeRoot):
        if element.get("/Pg") is not None and element.Pg.objgen == opened.pages[0].objgen:
            for mark in (k for k in element.get("/K", []) if isinstance(k, int)):
                assert owners[mark].objgen == element.objgen


def test_figure_has_a_text_alternative_and_a_box_on_the_page(opened: pikepdf.Pdf) -> None:
    (figure,) = elements(opened, "Figure")
    assert str(figure.Alt) == "Bars: 3 of 4 met"
    x1, y1, x2, y2 = (float(v) for v in figure.A.BBox)
    assert (round(x2 - x1), round(y2 - y1)) == (75, 30)
    assert 600 < y1 < y2 < 800


def test_links_are_described_by_their_words_and_print(opened: pikepdf.Pdf) -> None:
    links = [a for page in opened.pages for a in page.get("/Annots", []) if a.Subtype == "/Link"]
    assert [str(link.Contents) for link in links] == ["the declarations"]
    assert [int(link.F) for link in links] == [4]


def test_signature_field_is_empty_tagged_and_in_its_cell(opened: pikepdf.Pdf) -> None:
    (field,) = opened.Root.AcroForm.Fields
    assert (str(field.FT), str(field.TU), "/V" in field) == ("/Sig", "Signature: quality manager", False)
    (form,) = elements(opened, "Form")
    assert form.P.S == "/TD"
    nums = list(opened.Root.StructTreeRoot.ParentTree.Nums)
    assert nums[nums.index(int(field.StructParent)) + 1].objgen == form.objgen


def test_signature_field_lies_where_its_cell_is(opened: pikepdf.Pdf) -> None:
    (field,) = opened.Root.AcroForm.Fields
    x1, y1, x2, y2 = (float(v) for v in field.Rect)
    assert x2 - x1 > 200
    assert 35 < y2 - y1 < 50


def test_each_file_is_associated_once_with_its_relationship(opened: pikepdf.Pdf) -> None:
    files = [(str(f.UF), str(f.AFRelationship)) for f in opened.Root.AF]
    assert files == [("result.json", "/Data"), ("workbook.xlsx", "/Source")]


def test_all_fonts_are_embedded(opened: pikepdf.Pdf) -> None:
    descriptors = [
        o for o in opened.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
    ]
    assert descriptors
    assert all("/FontFile2" in d or "/FontFile3" in d for d in descriptors)


def test_another_structure_is_refused_with_a_clear_error() -> None:
    with pytest.raises(RenderError, match="a structure tree"):
        read_structure([], pydyf.PDF())


def test_pages_without_boxes_are_refused_with_a_clear_error() -> None:
    with pytest.raises(RenderError, match="_page_box"):
        list(boxes(SimpleNamespace(pages=[SimpleNamespace()])))


def test_metadata_survives_characters_xml_forbids() -> None:
    metadata = SimpleNamespace(
        title="a\x0bb",
        lang="en",
        authors=[],
        description=None,
        keywords=[],
        generator=None,
        created=None,
        modified=None,
    )
    assert "a\ufffdb".encode() in xmp_packet(metadata, producer="p")
