"""A small document with everything the finisher mends."""

from datetime import date

from cartaudit.report.pdf import EmbeddedFile, Metadata

CSS = """
@page { size: A4; margin: 20mm; @top-right { content: "Running head" } @bottom-right { content: counter(page) } }
html { font: 9pt/1.3 "Noto Sans" }
h1, h2 { bookmark-level: 1 }
table { width: 100%; table-layout: fixed; border-spacing: 0 }
td, th { text-align: left; vertical-align: top; white-space: pre-line }
tr { break-inside: avoid }
ul { list-style: none; padding: 0 }
td.sign { height: 14mm; border: 1pt solid #000 }
"""
ROWS = 120
METADATA = Metadata(title="Gap analysis: Sample <centre> & café", dated=date(2026, 11, 22), keywords=("CAR-T", "audit"))
FILES = (
    EmbeddedFile(name="result.json", data=b"{}\n", relationship="Data", description="Result"),
    EmbeddedFile(name="workbook.xlsx", data=b"PK workbook", relationship="Source", description="Workbook"),
)


def sample_html() -> str:
    rows = "".join(
        f'<tr><th scope="row">R-{i}</th><td>met</td><td>A claim in words that is long enough to need two lines of '
        f"this column, number {i}.</td></tr>"
        for i in range(ROWS)
    )
    return f"""<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>
    <h1>Report</h1><p>See <a href="#signing">the declarations</a>.</p>
    <p>One paragraph that is long enough to need more than one line on the page, so that its lines would each be wrapped
    in a span of their own, which nobody who listens to the document would want to hear announced.</p>
    <svg xmlns="http://www.w3.org/2000/svg" width="100" height="40"><title>Bars: 3 of 4 met</title>
    <rect width="75" height="20"/></svg>
    <ul><li>first</li><li>second</li></ul>
    <h2>Requirements</h2>
    <table><thead><tr><th scope="col">Id</th><th scope="col">State</th><th scope="col">Claim</th></tr></thead>
    <tbody>{rows}</tbody></table>
    <h2 id="signing">Declarations</h2>
    <table><thead><tr><th scope="col">Role</th><th scope="col">Signature</th></tr></thead><tbody>
    <tr><th scope="row">Quality manager</th><td class="sign" id="sig-quality-manager"></td></tr></tbody></table>
    </body></html>"""
