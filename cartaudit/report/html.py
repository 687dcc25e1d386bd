"""The report as HTML: for the page (PDF) or for a browser (one file), with room for a house style."""

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from cartaudit.deadline import TooLongError, deadline
from cartaudit.errors import RenderError
from cartaudit.model.audit import SHORT, Compliance
from cartaudit.report import phrases, words
from cartaudit.report.charts import area_chart, harm_chart, timeline
from cartaudit.report.fonts import replace_missing
from cartaudit.report.model import Report
from cartaudit.report.parts import ActionLine, Case, ExpiryLine, RelianceLine, Shape, Verdict
from cartaudit.resources import data_folder

_GLYPHS = {
    Shape.CIRCLE: "●",
    Shape.DIAMOND: "◆",
    Shape.TRIANGLE: "▲",
    Shape.SQUARE: "■",
    Shape.OPEN_SQUARE: "□",
}

HOUSE_CSS = "house.css"
"""A style sheet in the folder of a house style, read after our own."""


def render_html(report: Report, *, target: str = "pdf", template_dir: Path | None = None) -> str:
    """Render a report for `pdf` (style sheet apart, see `report_css`) or `web` (one file with everything in it).

    `template_dir` may hold templates that take the place of ours (`house/logo.html.j2`, `house/marks.html.j2`,
    `house/approvers.html.j2`, or any other) and a `house.css`; they run in a sandbox. Raises RenderError.
    """
    web = target == "web"
    environment = _environment(template_dir, web)
    try:
        template = environment.get_template("web.html.j2" if web else "report.html.j2")
        return _render(
            template,
            template_dir,
            r=report,
            web=web,
            charts=_charts(report),
            chapters=chapters(report),
            numbers=_numbers(report),
            css=Markup(web_css(template_dir)) if web else "",
        )
    except TemplateError as error:
        raise RenderError(f"The report's template failed: {_place(error)}{error}. Correct the template.") from error
    except _FAULTS as error:
        if template_dir is None:
            raise
        raise RenderError(f"A template in '{template_dir.name}' failed: {error}. Correct the template.") from error


def _render(template: Template, template_dir: Path | None, **values: Any) -> str:
    """Render a template; one of a house style within bounds of time."""
    if template_dir is None:
        return template.render(**values)
    with deadline(HOUSE_SECONDS):
        return template.render(**values)


HOUSE_SECONDS = 30.0
"""How long a house style may take to write the text of a report, which ours takes a third of a second for."""

_FAULTS = (
    TooLongError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    OverflowError,
)
"""What a template of a house style can make go wrong; in our own it is a bug and stays one."""


def _place(error: TemplateError) -> str:
    name, line = getattr(error, "name", None), getattr(error, "lineno", None)
    return f"{name} line {line}: " if name and line else ""


def render_page(name: str, values: Mapping[str, Any], template_dir: Path | None = None) -> str:
    """Render another paged template, with the same filters, safeguards and house style. Raises RenderError."""
    try:
        return _render(_environment(template_dir, False).get_template(name), template_dir, **values)
    except TemplateError as error:
        raise RenderError(f"The template {name} failed: {_place(error)}{error}. Correct the template.") from error
    except _FAULTS as error:
        if template_dir is None:
            raise
        raise RenderError(f"A template in '{template_dir.name}' failed: {error}. Correct the template.") from error


def check_house(template_dir: Path) -> None:
    """Read every template of a house style, without rendering any. Raises RenderError with the first that is faulty."""
    environment = _environment(template_dir, False)
    for path in sorted(template_dir.rglob("*.j2")):
        try:
            environment.get_template(path.relative_to(template_dir).as_posix())
        except TemplateError as error:
            raise RenderError(f"The house style failed: {_place(error)}{error}. Correct the template.") from error


def report_css(template_dir: Path | None = None) -> str:
    """Read the style sheet of the PDF, with the house style's after it."""
    return _css("report.css", template_dir)


def web_css(template_dir: Path | None = None) -> str:
    """Read the style sheet of the single-file report, with the house style's after it."""
    return _css("web.css", template_dir)


def _css(name: str, template_dir: Path | None) -> str:
    own = (data_folder("templates") / name).read_text(encoding="utf-8")
    house = template_dir / HOUSE_CSS if template_dir else None
    return f"{own}\n{house.read_text(encoding='utf-8')}" if house and house.is_file() else own


def chapters(report: Report) -> tuple[tuple[str, str], ...]:
    """List the chapters after the summary as (id, title), in the order of the pages."""
    listed = (
        ("document", "Document control", True),
        ("scope", "Scope", True),
        ("answers", "Treatments at this address", report.commissioner is not None),
        ("verdicts", "Verdicts", True),
        ("gates", "Essential criteria", True),
        ("findings", "Findings", True),
        ("open", "Not assessed", True),
        ("plan", "Action plan", report.commissioner is None),
        ("expiries", "Expiries", True),
        ("watch", "Watch list", bool(report.watch)),
        ("reliance", "Candidates for reliance", bool(report.reliance)),
        ("set-aside", "Not applicable and deferred", True),
        ("requirements", "Requirements", True),
        ("problems", "Workbook problems", True),
        ("reading", "Reading record", True),
        ("provenance", "Provenance", True),
        ("limitations", "Limitations", True),
        ("declarations", "Declarations", True),
    )
    return tuple((anchor, title) for anchor, title, shown in listed if shown)


def _charts(report: Report) -> dict[str, Any]:
    return {
        "areas": area_chart(report.areas),
        "harm": harm_chart(report.harm_grid),
        "timeline": timeline(report.expiries, report.as_of),
    }


def _numbers(report: Report) -> dict[str, str]:
    """Give the number of the finding or open point by requirement id; a finding comes first."""
    points = {p.requirement.id: p.number for p in report.open_points}
    return points | {f.requirement.id: f.number for f in report.findings}


@cache
def _environment(template_dir: Path | None, web: bool) -> SandboxedEnvironment:
    folders = ([template_dir] if template_dir else []) + [data_folder("templates")]
    environment = SandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_as_is if web else _within_fonts,
    )
    environment.filters.update(_FILTERS)
    environment.globals |= {"nl": "\n", "tab": "\t"}
    environment.filters["asset"] = _inlined(folders) if web else str
    return environment


def _as_is(value: object) -> object:
    if value is None:
        raise RenderError("A template prints a value that is not there. Correct the template.")
    return value


def _within_fonts(value: object) -> object:
    """Show what the embedded fonts lack as `[U+XXXX]`."""
    value = _as_is(value)
    if not isinstance(value, str) or isinstance(value, Markup) or (value.isascii() and value.isprintable()):
        return value
    return replace_missing(value)[0]


_MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


def _inlined(folders: Sequence[Path]) -> Callable[[str], str]:
    """Make the filter that puts an image of the template folders into the file itself."""

    def asset(name: str) -> str:
        for folder in folders:
            path = (folder / name).resolve()
            if path.is_file() and path.is_relative_to(folder.resolve()) and path.suffix.lower() in _MEDIA:
                data = base64.b64encode(path.read_bytes()).decode("ascii")
                return f"data:{_MEDIA[path.suffix.lower()]};base64,{data}"
        raise RenderError(f"The templates hold no image '{name}'. Put it into the template folder.")

    return asset


def _cut(text: str, limit: int) -> str:
    """Cut a text after its last whole word within the limit; a word longer than half of it is cut itself."""
    if len(text) <= limit:
        return text
    whole = text[:limit].rpartition(" ")[0]
    kept = whole if len(whole) > limit // 2 else text[: limit - 1]
    return f"{kept.rstrip(' ,;:')}…"


def _aside(statement: str) -> str:
    """Give what a verdict's statement says after its word."""
    _, _, rest = statement.partition(" (")
    return rest.removesuffix(")")


def _bounds(verdict: Verdict) -> str:
    if verdict.score_low is None or verdict.score_high is None:
        return "–"
    low, high = f"{verdict.score_low:.1f}", f"{verdict.score_high:.1f}"
    return low if low == high else f"{low}–{high}"


def _ranges(numbers: Sequence[str]) -> str:
    """Write numbers that follow one another (`C01`, `C02`, `C03`) as a range."""
    runs: list[list[str]] = []
    for number in numbers:
        if runs and int(number[1:]) == int(runs[-1][-1][1:]) + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


_ID = re.compile(r"\b([A-Z]{2,5}(?:-[A-Z]{2,5})*-\d+)\b")
"""The id of a requirement, as it stands within a sentence."""


def _nowrap(ids: Iterable[str]) -> Markup:
    """List ids so that none is broken at its hyphens."""
    return Markup(", ").join(Markup('<span class="id">{}</span>').format(i) for i in ids)


def _kept_ids(text: str) -> Markup:
    """Keep the ids of requirements within a text from being broken at their hyphens."""
    parts = _ID.split(text)
    return Markup("").join(_nowrap((p,)) if n % 2 else p for n, p in enumerate(parts))


def _in_days(days: int) -> str:
    if days == 0:
        return "on the audit date"
    return f"in {words.counted(days, 'day')}" if days > 0 else f"{words.counted(-days, 'day')} ago"


def _standing(cases: Sequence[Case]) -> tuple[Case, ...]:
    return tuple(c for c in cases if c.compliance in SHORT)


def _unknown(cases: Sequence[Case]) -> tuple[Case, ...]:
    return tuple(c for c in cases if c.compliance is Compliance.NOT_ASSESSED)


def _hanging(lines: Sequence[ExpiryLine], most: int = 24) -> Markup:
    """Name the requirements that hang on some expiries; where they are many, the data names the rest."""
    ids = tuple(dict.fromkeys(i for line in lines for i in line.requirements))
    named = ids or tuple(dict.fromkeys(c for line in lines for c in line.checklists))
    rest = len(named) - most
    return _nowrap(named[:most]) + (f" and {rest} more, named in the embedded data" if rest > 0 else "")


def _by_owner(groups: Sequence[Sequence[ActionLine]]) -> list[tuple[str, bool, list[Sequence[ActionLine]]]]:
    """Gather actions by who answers for them, nobody first, those with a date (True) before those without, by date."""
    gathered: dict[tuple[str, bool], list[Sequence[ActionLine]]] = {}
    for group in sorted(groups, key=lambda g: g[0].due or date.max):
        gathered.setdefault((group[0].owner_role, group[0].due is not None), []).append(group)
    ordered = sorted(gathered.items(), key=lambda item: (item[0][0].casefold(), not item[0][1]))
    return [(owner, dated, members) for (owner, dated), members in ordered]


def _by_certificate(lines: Sequence[RelianceLine]) -> list[tuple[str, list[tuple[str, list[list[RelianceLine]]]]]]:
    """Gather candidates for reliance by certificate, by products and relation, and by what covers what."""
    pairs: dict[tuple[str, str, str, str, date | None], list[RelianceLine]] = {}
    for line in lines:
        key = (line.requirement, line.covered_by, line.relation, line.certificate, line.until)
        pairs.setdefault(key, []).append(line)
    found: dict[str, dict[str, list[list[RelianceLine]]]] = {}
    for (_, _, relation, certificate, until), pair in pairs.items():
        ends = f"ends {words.day(until)}" if until else ""
        title = ", ".join(filter(None, (certificate or "Certificate not named", ends)))
        products = words.listed(dict.fromkeys(x.product for x in pair if x.product))
        alike = found.setdefault(title, {}).setdefault(": ".join(filter(None, (products, relation))), [])
        alike.append(pair)
    return [(title, list(groups.items())) for title, groups in found.items()]


def _where(requirement: str, numbers: dict[str, str], full: bool) -> str:
    """Give the id of the place where a requirement is described."""
    return numbers.get(requirement) or (f"r-{requirement}" if full else "requirements")


_FILTERS: dict[str, Callable[..., Any]] = {
    "alike": phrases.together,
    "aside": _aside,
    "bounds": _bounds,
    "by_certificate": _by_certificate,
    "by_owner": _by_owner,
    "cited": phrases.cited,
    "all_alike": phrases.alike,
    "answer": phrases.answer,
    "answers": phrases.answers,
    "by_reason": phrases.by_reason,
    "criterion": phrases.criterion,
    "capital": phrases.capital,
    "counted": words.counted,
    "cut": _cut,
    "day": words.day,
    "ended": phrases.ended,
    "evidence": phrases.evidence,
    "glyph": _GLYPHS.__getitem__,
    "hanging": _hanging,
    "in_days": _in_days,
    "limits": phrases.limits,
    "kept_ids": _kept_ids,
    "listed": words.listed,
    "nowrap": _nowrap,
    "own_actions": phrases.own_actions,
    "open_questions": phrases.open_questions,
    "places": phrases.places,
    "put": phrases.put,
    "ranges": _ranges,
    "short_tags": phrases.short_tags,
    "sources": phrases.sources,
    "spans": phrases.spans,
    "standing": _standing,
    "thresholds": phrases.thresholds,
    "unknown": _unknown,
    "unplanned": phrases.unplanned,
    "where": _where,
    "whom": phrases.whom,
}
