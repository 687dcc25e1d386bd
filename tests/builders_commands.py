"""Every command that writes, as a person calls it: by what it reads and the file it is to write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from builders_verification import CHECKLISTS, OPTIONS, small_catalogue, small_report, small_workbook

from cartaudit.pipeline import FORMATS, audit_bytes, render

DAY = ("--as-of", OPTIONS.as_of.isoformat())
CONTENT = ("--checklists", str(CHECKLISTS))
JUDGED = (*CONTENT, *DAY, "-c", "acme", "-q")
ASKED = (*CONTENT, *DAY, "-c", "acme", "-p", "acme", "--country", "US")

OVERLAY = b"""
[overlay]
name = "local"
[[parameter]]
product = "acme"
name = "driving_weeks_min"
jurisdiction = "US"
value = 1
source = "Letter of the maker"
revision = "3"
"""
SAMPLE = """
title = "Sample (synthetic)"
about = "For a test."
as_of = 2026-11-22
checklists = ["acme"]
[profile]
country = "US"
[[treatment]]
product = "acme"
"""


@cache
def small_reports() -> dict[str, bytes]:
    """Give a report of an empty workbook in every format."""
    audit = audit_bytes(small_workbook(), "site.xlsx", small_catalogue(), OPTIONS)
    return render(audit, small_catalogue(), small_workbook(), OPTIONS, FORMATS, detail="exceptions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One command with one of its outputs.

    `arguments` are made from a file that it reads (holding `reads`) and the path of the output; with `folder` the
    output is a file of this name in the folder that the command is given. `name` has the suffix of what is written.
    """

    command: str
    option: str
    name: str
    arguments: Callable[[Path, Path], Sequence[str]]
    reads: Callable[[], bytes] | None
    folder: bool = False

    @property
    def id(self) -> str:
        return f"{self.command} {self.option} {self.name}".replace(" ", "_")

    def line(self, read: Path, target: Path) -> list[str]:
        """Give the command line."""
        return [*self.command.split(), *self.arguments(read, target.parent if self.folder else target)]


def _reporting(form: str) -> Writing:
    return Writing(
        command="report",
        option="-o",
        name=f"site.{form}",
        arguments=lambda read, target: [str(read), *JUDGED, "-o", str(target), "--format", form],
        reads=small_workbook,
    )


def _exporting(what: str, form: str) -> Writing:
    return Writing(
        command="checklists export",
        option="-o",
        name=f"{what}.{form}",
        arguments=lambda read, target: [
            *(what, *CONTENT, "--overlay", str(read)),
            *("--format", form, "-o", str(target)),
        ],
        reads=lambda: OVERLAY,
    )


def definitions(beside: Path) -> Path:
    """Make a folder with the definition of one sample."""
    folder = beside / "definitions"
    folder.mkdir(exist_ok=True)
    (folder / "one.toml").write_text(SAMPLE, encoding="utf-8")
    return folder


WRITING = (
    Writing(
        command="check",
        option="--annotate",
        name="marked.xlsx",
        arguments=lambda read, target: [str(read), *JUDGED, "--annotate", str(target)],
        reads=small_workbook,
    ),
    *(_reporting(form) for form in FORMATS),
    Writing(
        command="report",
        option="-o FOLDER",
        name="site.csv",
        arguments=lambda read, target: [
            *(str(read), *JUDGED, "-o", str(target)),
            *("--format", "csv", "--format", "json"),
        ],
        reads=None,
        folder=True,
    ),
    Writing(
        command="template",
        option="-o",
        name="empty.xlsx",
        arguments=lambda read, target: [*ASKED, "--overlay", str(read), "-o", str(target)],
        reads=lambda: OVERLAY,
    ),
    Writing(
        command="template",
        option="--from -o",
        name="carried.xlsx",
        arguments=lambda read, target: [*CONTENT, *DAY, "--from", str(read), "-o", str(target)],
        reads=small_workbook,
    ),
    Writing(
        command="template",
        option="--split -o",
        name="nurse.xlsx",
        arguments=lambda read, target: [*ASKED, "--from", str(read), "--split", "role", "-o", str(target)],
        reads=small_workbook,
        folder=True,
    ),
    Writing(
        command="merge",
        option="-o",
        name="whole.xlsx",
        arguments=lambda read, target: [str(read), *CONTENT, "-o", str(target)],
        reads=small_workbook,
    ),
    Writing(
        command="map suggest",
        option="-o",
        name="columns.toml",
        arguments=lambda read, target: [str(read), *CONTENT, "-o", str(target)],
        reads=small_workbook,
    ),
    _exporting("thresholds", "csv"),
    _exporting("requirements", "json"),
    Writing(
        command="extract",
        option="-o",
        name="result.json",
        arguments=lambda read, target: [str(read), "-o", str(target)],
        reads=small_report,
        folder=True,
    ),
    Writing(
        command="samples make",
        option="-o",
        name="one.xlsx",
        arguments=lambda read, target: [
            *("--definitions", str(definitions(read.parent)), *CONTENT),
            *("-o", str(target)),
        ],
        reads=None,
        folder=True,
    ),
    Writing(
        command="samples make",
        option="--sites -o",
        name="truths.json",
        arguments=lambda read, target: ["--sites", "2", "-o", str(target)],
        reads=None,
        folder=True,
    ),
)
"""Every command with every output option, but for `batch` and `network`, whose folder keeps a record of its own."""
