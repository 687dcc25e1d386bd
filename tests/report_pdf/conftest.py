import io
from collections.abc import Iterator

import pikepdf
import pytest
from builders_pdf import CSS, FILES, METADATA, sample_html

from cartaudit.report.pdf import PdfRenderer


@pytest.fixture(scope="session")
def renderer() -> PdfRenderer:
    return PdfRenderer(CSS)


@pytest.fixture(scope="session")
def report_pdf(renderer: PdfRenderer) -> bytes:
    return renderer.render(sample_html(), metadata=METADATA, attachments=FILES)


@pytest.fixture
def opened(report_pdf: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(report_pdf)) as pdf:
        yield pdf
