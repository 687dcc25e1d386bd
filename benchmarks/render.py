"""Time the PDF renderer against a naive use of WeasyPrint for the same content, all variants interleaved in one run.

Run `python benchmarks/render.py` (about five minutes) or with `--quick`. CPU seconds are the best of the rounds;
trust the ratios. The figures of the docs come from here.
"""

import argparse
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

import builders_report  # noqa: E402  lives beside the tests

from cartaudit.report.html import render_html, report_css  # noqa: E402
from cartaudit.report.loading import load_weasyprint  # noqa: E402
from cartaudit.report.model import Detail, Report, ReportOptions, build_report  # noqa: E402
from cartaudit.report.pdf import Metadata, PdfRenderer  # noqa: E402

NAIVE = HERE / "naive"
REQUIREMENTS, GAPS = 180, 60
YARDSTICK = "naive WeasyPrint"
"""One column for each field, findings as cards: the same facts as one would lay them out for a browser."""
SIZES = (100, 200, 400, 800, 1600)
IMPORT = "import time; import cartaudit.report.pdf as p; p.load_weasyprint(); print(time.process_time())"


def report_of(requirements: int, gaps: int, detail: Detail = Detail.FULL) -> Report:
    """Build the report of a made-up audit."""
    audit = builders_report.large_audit(requirements, gaps)
    return build_report(audit, builders_report.catalogue(requirements), ReportOptions(detail=detail))


def cpu(work: Callable[[], bytes]) -> tuple[float, bytes]:
    """Give CPU seconds and the result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def naive_html(html: str) -> str:
    """Give our own markup as one would write it for a browser: grids of facts, flex headings, badges, paragraphs."""
    html = _FACTS.sub(lambda found: f'<div class="grid">{_FACT.sub(_AS_GRID, found[1])}</div>', html)
    html = re.sub(r'<h3 id="([^"]+)" class="f">', r'<h3 id="\1" class="flex">', html)
    html = re.sub(r'<span class="t-(\w+)">', r'<span class="badge t-\1">', html)
    return re.sub(r"(<t[dh]\b[^>]*>)(.*?)(?=</t[dh]>)", _in_paragraphs, html, flags=re.DOTALL)


def _in_paragraphs(cell: re.Match[str]) -> str:
    if "<div" in cell[2] or "<table" in cell[2] or not cell[2].strip():
        return cell[0]
    lines = cell[2].replace('<span class="s">\n', '\n<span class="s">').split("\n")
    return cell[1] + "".join(f"<p>{line}</p>" for line in lines if line.strip())


_FACTS = re.compile(r'<table class="kv[^"]*"><tbody>(.*?)</tbody></table>', re.DOTALL)
_FACT = re.compile(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>', re.DOTALL)
_AS_GRID = r'<div class="label">\1</div><div class="value"><p>\2</p></div>'


def naive_pdf(html: str) -> bytes:
    """Render as one would without knowing better: a style sheet for browsers, parsed each time, no tags, no archive."""
    weasyprint = load_weasyprint()
    css = weasyprint.CSS(string=(NAIVE / "naive.css").read_text(encoding="utf-8"))
    data: bytes = weasyprint.HTML(string=html).write_pdf(stylesheets=[css])
    return data


def our_pdf(renderer: PdfRenderer, report: Report) -> bytes:
    """Render as cartaudit does, without attachments."""
    return renderer.render(render_html(report), metadata=Metadata(title=report.title, dated=report.as_of))


def compare(renderer: PdfRenderer, rounds: int) -> None:
    """Print CPU, ratio and size of each variant."""
    full, exceptions = report_of(REQUIREMENTS, GAPS), report_of(REQUIREMENTS, GAPS, Detail.EXCEPTIONS)
    variants: dict[str, Callable[[], bytes]] = {
        YARDSTICK: lambda: naive_pdf(render_html(full, template_dir=NAIVE)),
        "our markup, naive styles": lambda: naive_pdf(naive_html(render_html(full))),
        "cartaudit, full": lambda: our_pdf(renderer, full),
        "cartaudit, exceptions": lambda: our_pdf(renderer, exceptions),
    }
    best: dict[str, float] = {}
    sizes: dict[str, int] = {}
    for _ in range(rounds):
        for name, work in variants.items():
            seconds, data = cpu(work)
            best[name] = min(seconds, best.get(name, seconds))
            sizes[name] = len(data)
    whole = best[YARDSTICK]
    print(f"\n{REQUIREMENTS} requirements, {len(full.findings)} findings, {len(full.open_points)} open points")
    print(f"{'variant':26}{'CPU s':>8}{'ratio':>8}{'kB':>8}")
    for name, seconds in best.items():
        print(f"{name:26}{seconds:8.2f}{seconds / whole:8.2f}{sizes[name] / 1000:8.0f}")


def scale(renderer: PdfRenderer, sizes: tuple[int, ...]) -> None:
    """Print how the cost grows with the number of requirements."""
    print(f"\n{'requirements':>12}{'CPU s':>8}{'ms each':>9}{'kB':>8}")
    for size in sizes:
        report = report_of(size, size // 3)
        seconds, data = cpu(lambda report=report: our_pdf(renderer, report))  # type: ignore[misc]
        print(f"{size:12}{seconds:8.2f}{1000 * seconds / size:9.1f}{len(data) / 1000:8.0f}")


def memory() -> None:
    """Print the peak memory of a fresh worker that renders ten reports."""
    run = subprocess.run([sys.executable, __file__, "--worker"], capture_output=True, text=True, check=True)
    print(f"\npeak memory of a worker over ten full reports: {run.stdout.strip()} MB")


def worker() -> None:
    """Render ten reports and print the peak memory in MB."""
    renderer, report = PdfRenderer(report_css()), report_of(REQUIREMENTS, GAPS)
    for _ in range(10):
        our_pdf(renderer, report)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def import_time() -> None:
    """Print the CPU seconds of importing the renderer, best of five fresh processes."""
    runs = (
        subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True) for _ in range(5)
    )
    print(f"\nimport of the renderer: {min(float(run.stdout) for run in runs):.2f} CPU s")


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round, small sizes, no memory")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        worker()
        return
    import_time()
    if not arguments.quick:
        memory()  # before this process grows: a child inherits the peak of its parent
    renderer = PdfRenderer(report_css())
    compare(renderer, 1 if arguments.quick else 3)
    scale(renderer, SIZES[:2] if arguments.quick else SIZES)


if __name__ == "__main__":
    main()
