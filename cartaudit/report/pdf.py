"""HTML to an archival, accessible PDF: one warm renderer for each style, the same bytes for the same input."""

import gc
import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from cartaudit import __version__
from cartaudit.errors import RenderError
from cartaudit.report.loading import load_weasyprint, renderer_versions
from cartaudit.resources import data_folder

__all__ = ["ASSETS", "EmbeddedFile", "Metadata", "PdfRenderer", "find_asset", "render_pdf", "renderer_versions"]

if TYPE_CHECKING:
    import pikepdf

ASSETS = "https://templates.invalid/"
"""Base address of everything a template may name; it is served from folders, never from a network."""

_COLOUR_SPACE = "report-srgb"
_EMPTY = "<!DOCTYPE html><title>-</title>"
_WARM_UP = '<!DOCTYPE html><html lang="en"><title>-</title><p>-</p></html>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a PDF says of itself. `dated` becomes its creation date: the audit date, not the day of the run."""

    title: str
    dated: date
    description: str = ""
    keywords: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedFile:
    """A file inside a PDF; `relationship` is Source, Data or Supplement."""

    name: str
    data: bytes
    relationship: str
    description: str


class _ColourProfile:
    """The sRGB profile that ships with WeasyPrint, byte for byte.

    WeasyPrint's own class leaves the file open and writes it anew each time, with other bytes the second time.
    """

    name = "sRGB2014"
    components = ("r", "g", "b")

    def __init__(self) -> None:
        self.content = resources.files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()
        self.pdf_reference: bytes | None = None


class PdfRenderer:
    """A renderer with its style sheet, fonts and libraries loaded: build it once, render many reports.

    `folders` are searched in turn for images that a template names, the packaged templates last. What is loaded here
    stays for the life of the process, so the garbage collector is told not to look at it again.
    """

    def __init__(self, css: str, folders: Sequence[Path] = ()) -> None:
        self._weasyprint = load_weasyprint()
        self._fetcher = _asset_fetcher((*folders, data_folder("templates")))
        from weasyprint.text.fonts import FontConfiguration

        self._fonts = FontConfiguration()
        self._colours = {_COLOUR_SPACE: _ColourProfile()}
        with _no_warnings():
            self._sheet = self._weasyprint.CSS(
                string=css, font_config=self._fonts, url_fetcher=self._fetcher, base_url=ASSETS
            )
        self._lay_out(_WARM_UP)
        gc.collect()
        gc.freeze()

    def render(self, html: str, *, metadata: Metadata, attachments: Sequence[EmbeddedFile] = ()) -> bytes:
        """Give the PDF of one HTML document. Raises RenderError, also for everything WeasyPrint only warns about."""
        from cartaudit.report.archival import finish

        with _no_collection(), _no_warnings():
            document = self._lay_out(html)
            _describe(document.metadata, metadata)
            draft = document.write_pdf(
                finisher=finish,
                pdf_variant="pdf/a-3a",
                output_intent=_COLOUR_SPACE,
                pdf_identifier=False,
                uncompressed_pdf=True,
                attachments=[self._attachment(file, metadata.dated) for file in sorted(attachments, key=_name)],
            )
            return _compress(draft)

    def _lay_out(self, html: str) -> Any:
        return self._read(html).render(
            font_config=self._fonts,
            stylesheets=[self._sheet],
            color_profiles=dict(self._colours),
            output_intent=_COLOUR_SPACE,
        )

    def _read(self, html: str) -> Any:
        """Parse a document: as XML where it is well-formed, as our own templates are, else by the rules of HTML.

        The parser of XML is written in C and takes a fiftieth of the time, a tenth of a whole report.
        """
        try:
            root = ElementTree.fromstring(html)
        except ElementTree.ParseError:
            return self._weasyprint.HTML(string=html, base_url=ASSETS, url_fetcher=self._fetcher)
        page = self._weasyprint.HTML(string=_EMPTY, base_url=ASSETS, url_fetcher=self._fetcher)
        page.wrapper_element = type(page.wrapper_element).from_html_root(root)
        page.etree_element = root
        return page

    def _attachment(self, file: EmbeddedFile, dated: date) -> Any:
        moment = datetime.combine(dated, time(), UTC)
        return self._weasyprint.Attachment(
            file_obj=io.BytesIO(file.data),
            name=file.name,
            description=file.description,
            relationship=file.relationship,
            created=moment,
            modified=moment,
        )


def render_pdf(
    html: str, *, css: str, metadata: Metadata, attachments: Sequence[EmbeddedFile] = (), folders: Sequence[Path] = ()
) -> bytes:
    """Render one document with a renderer of its own; for many, keep a `PdfRenderer`."""
    return PdfRenderer(css, folders).render(html, metadata=metadata, attachments=attachments)


class _Collector(logging.Handler):
    """Keeps what WeasyPrint logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message."""
        self.messages.append(record.getMessage())


@contextmanager
def _no_warnings() -> Iterator[None]:
    """Turn everything WeasyPrint logs as a warning or an error into one RenderError."""
    logger = logging.getLogger("weasyprint")
    collector, level, propagate = _Collector(), logger.level, logger.propagate
    logger.addHandler(collector)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(collector)
        logger.setLevel(level)
        logger.propagate = propagate
    if collector.messages:
        first, more = collector.messages[0], len(collector.messages) - 1
        others = f" (and {more} more)" if more else ""
        raise RenderError(f"The report could not be rendered faithfully: {first}{others}. Correct the template.")


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector still while a document is laid out, and collect it whole at the end.

    Nothing of a document is garbage before; its boxes refer to each other, so that nothing else frees them after.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        if enabled:
            gc.enable()


def _asset_fetcher(folders: Sequence[Path]) -> Any:
    """Make a fetcher that serves files of the folders under `ASSETS` and refuses everything else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):  # type: ignore[misc]
        """Serves template assets; opens no connection."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Give one asset; raises ValueError for everything that is none."""
            path = find_asset(url, folders)
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _media_type(path)})

    return AssetFetcher()


def find_asset(url: str, folders: Sequence[Path]) -> Path:
    """Find the file behind an address below `ASSETS`; raises ValueError for other addresses and for missing files."""
    if not url.startswith(ASSETS):
        raise ValueError(f"'{url}' is not part of the templates; nothing else is loaded")
    name = unquote(urlsplit(url).path).lstrip("/")
    for folder in folders:
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return path
    raise ValueError(f"the templates hold no file '{name}'")


def _media_type(path: Path) -> str:
    types = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".css": "text/css", ".ttf": "font/ttf"}
    return types.get(path.suffix.lower(), "application/octet-stream")


def _describe(target: Any, metadata: Metadata) -> None:
    moment = f"{metadata.dated.isoformat()}T00:00:00Z"
    target.title = metadata.title
    target.authors = []
    target.description = metadata.description or None
    target.keywords = list(metadata.keywords)
    target.generator = f"cartaudit {__version__}"
    target.created = target.modified = moment
    target.lang = metadata.language


def _name(file: EmbeddedFile) -> str:
    return file.name


def _compress(draft: bytes) -> bytes:
    import pikepdf

    with pikepdf.open(io.BytesIO(draft)) as pdf:
        return packed(pdf)


def packed(pdf: "pikepdf.Pdf") -> bytes:
    """Write a PDF with its objects in compressed streams and an identifier made from the content."""
    import pikepdf

    out = io.BytesIO()
    pikepdf.settings.set_flate_compression_level(9)
    pdf.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    return out.getvalue()
