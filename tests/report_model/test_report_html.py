"""The report as HTML: every chapter there, text never markup, one file, golden text."""

import os
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from builders_report import AS_OF, catalogue, large_audit, requirement, result, small_audit

from cartaudit.errors import RenderError
from cartaudit.model.audit import Audit, Compliance, Expiry
from cartaudit.report.charts import Timeline, timeline
from cartaudit.report.html import _cut, _kept_ids, chapters, render_html, report_css
from cartaudit.report.model import Audience, Detail, ReportOptions, build_report
from cartaudit.report.parts import Tone

GOLDEN = Path(__file__).parents[1] / "golden"
CENTRE = ReportOptions()
COMMISSIONER = ReportOptions(audience=Audience.COMMISSIONER, detail=Detail.EXCEPTIONS)
VOID = {"meta", "input", "br", "img", "rect", "path", "circle"}


class Reader(HTMLParser):
    """Reads a page as a tree would be read aloud: text in order, headings, ids, link targets, open elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "action"):
                self.addresses.append(value or "")
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("rect", "path", "circle"):
            return
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.lines += [" ".join(line.split()) for line in data.splitlines() if line.strip()]


def small() -> Audit:
    rows = [(3, "clinical_unit"), (8, "discharge"), (4, "quality"), (5, "receipt"), (9, "thaw")]
    outcomes = (
        Compliance.NON_COMPLIANT,
        Compliance.PARTIAL,
        Compliance.COMPLIANT,
        Compliance.NOT_ASSESSED,
        Compliance.NOT_APPLICABLE,
    )
    made = [
        result(n, requirement(n, "FJ", area, f"Requirement {n}"), "jacie", c)
        for (n, area), c in zip(rows, outcomes, strict=True)
    ]
    return replace(small_audit(*made), expiries=large_audit(1, 0).expiries, reliance=large_audit(1, 0).reliance)


def page(audit: Audit, options: ReportOptions = CENTRE, target: str = "pdf", folder: Path | None = None) -> str:
    return render_html(build_report(audit, catalogue(), options), target=target, template_dir=folder)


@pytest.mark.parametrize("target", ["pdf", "web"])
@pytest.mark.parametrize("options", [ReportOptions(), ReportOptions(detail=Detail.EXCEPTIONS), COMMISSIONER])
def test_page_is_well_formed_and_every_link_has_its_place(target: str, options: ReportOptions) -> None:
    read = Reader(page(large_audit(), options, target))
    assert not read.open
    assert len(read.ids) == len(set(read.ids))
    assert {a[1:] for a in read.addresses if a.startswith("#")} <= set(read.ids)


@pytest.mark.parametrize("target", ["pdf", "web"])
def test_headings_descend_one_step_at_a_time(target: str) -> None:
    levels = Reader(page(large_audit(), target=target)).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("target", ["pdf", "web"])
def test_every_chapter_of_the_contents_is_there(target: str) -> None:
    report = build_report(small(), catalogue(), COMMISSIONER)
    ids = Reader(render_html(report, target=target)).ids
    assert [i for i in ids if i in dict(chapters(report))] == [i for i, _ in chapters(report)]


def test_web_page_loads_nothing_and_runs_nothing() -> None:
    read = Reader(page(small(), target="web"))
    assert all(a.startswith("#") for a in read.addresses)
    assert not {"script", "link", "iframe", "object"} & set(read.tags)


@pytest.mark.parametrize("target", ["pdf", "web"])
def test_markup_in_an_answer_stays_text(target: str) -> None:
    made = result(3, requirement(3, "FJ", "thaw", "T"), "jacie", Compliance.NON_COMPLIANT)._replace(
        claim="<script>alert(1)</script><img src=x>{{ 7*7 }}",
        message="Said.",
    )
    text = page(small_audit(made), target=target)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x&gt;{{ 7*7 }}" in text
    assert "<script>" not in text


def test_glyph_the_fonts_lack_is_shown_by_its_code_point_on_paper() -> None:
    made = result(3, requirement(3, "FJ", "thaw", "T"), "jacie", Compliance.NON_COMPLIANT)._replace(claim="ok 😀")
    assert "ok [U+1F600]" in page(small_audit(made))
    assert "ok 😀" in page(small_audit(made), target="web")


def test_every_chart_has_a_text_alternative() -> None:
    text = page(large_audit())
    assert text.count("<svg") == text.count('role="img"') == text.count("</title>") - 1


def test_signature_boxes_carry_their_ids() -> None:
    assert {"sig-quality-manager", "sig-programme-director", "sig-verifier"} <= set(Reader(page(small())).ids)


def test_exceptions_name_met_requirements_by_id_alone() -> None:
    lines = Reader(page(small(), ReportOptions(detail=Detail.EXCEPTIONS))).lines
    assert "FJ-QUA-004" in lines
    assert "Requirement 4" not in lines


def test_nothing_judged_is_never_worded_as_nothing_wrong() -> None:
    empty = replace(large_audit(1, 0), checklists=(), expiries=(), reliance=())
    lines = Reader(page(empty)).lines
    assert "No checklist was judged." in lines
    assert lines.count("Nothing was judged.") == 4
    assert "Every requirement that applies was judged." not in lines


def test_requirement_that_falls_short_is_named_by_its_number_and_not_told_twice() -> None:
    lines = Reader(page(small())).lines
    told = lines[len(lines) - lines[::-1].index("Requirements") :]
    assert any("Not met: FJ-CLI-003 (" in line for line in told)
    assert not any("Requirement 3" in line for line in told)


def test_actions_stand_under_who_answers_for_them_nobody_first_and_by_date() -> None:
    lines = Reader(page(large_audit(20, 20))).lines
    plan = lines[len(lines) - lines[::-1].index("Action plan") : len(lines) - lines[::-1].index("Expiries")]
    named = ("No owner", "Pharmacist", "Quality manager", "Ward sister")
    owners = [line for line in plan if line.split(",")[0] in named]
    assert owners == ["No owner, no date", "Pharmacist", "Quality manager", "Ward sister"]
    sister = [line[:10] for line in plan[plan.index("Ward sister") :] if line.endswith("·")]
    assert sister == sorted(sister)


def test_no_gaps_reads_as_no_gaps() -> None:
    met = result(4, requirement(4, "FJ", "thaw", "T"), "jacie", Compliance.COMPLIANT)
    lines = Reader(page(small_audit(met))).lines
    assert "No requirement is known to fall short." in lines


def test_house_style_takes_the_place_of_the_logo_and_adds_css(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "logo.html.j2").write_text("<p>Sample Network</p>", encoding="utf-8")
    (tmp_path / "house.css").write_text("h1 { color: #000000 }", encoding="utf-8")
    assert "<p>Sample Network</p>" in page(small(), folder=tmp_path)
    assert report_css(tmp_path).endswith("h1 { color: #000000 }")


def test_house_style_may_not_reach_into_python(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "logo.html.j2").write_text("{{ r.__class__.__mro__ }}", encoding="utf-8")
    with pytest.raises(RenderError, match="Correct the template"):
        page(small(), folder=tmp_path)


def test_fault_of_a_house_style_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "logo.html.j2").write_text("{{ r.nothing }}", encoding="utf-8")
    with pytest.raises(RenderError, match="nothing"):
        page(small(), folder=tmp_path)


def test_timeline_counts_what_lies_beyond_its_end() -> None:
    audit = replace(small(), expiries=(Expiry(on=AS_OF.replace(year=2040), what="Licence"),))
    report = build_report(audit, catalogue())
    chart = timeline(report.expiries, AS_OF)
    assert chart.later == 1
    assert sum(m.count for m in chart.months) == 0


def ending(*ons: date) -> Timeline:
    audit = replace(small(), expiries=tuple(Expiry(on=on, what=f"Licence {n}") for n, on in enumerate(ons)))
    return timeline(build_report(audit, catalogue()).expiries, AS_OF)


def test_only_what_has_ended_is_hatched_in_a_month_that_holds_both() -> None:
    month = ending(AS_OF.replace(day=1), AS_OF).months[3]
    assert month.ended_height == pytest.approx(month.height / 2)
    assert month.tone is Tone.WATCH


def test_line_of_the_audit_date_leaves_room_for_the_number_of_its_month() -> None:
    chart = ending(AS_OF, AS_OF)
    number = chart.months[3].top - 5
    assert not any(top <= number <= bottom for top, bottom in chart.today)


def test_action_of_the_summary_is_cut_between_words() -> None:
    assert _cut("Enter the figure on the sheet of values", 22) == "Enter the figure on…"


def test_ids_within_a_sentence_are_kept_from_breaking_at_their_hyphens() -> None:
    assert _kept_ids("1 gate not met: FJ-TOX-001.") == '1 gate not met: <span class="id">FJ-TOX-001</span>.'


def test_text_around_ids_stays_text() -> None:
    assert "<b>" not in _kept_ids("<b>FJ-TOX-001")


def test_timeline_shows_what_ended_long_ago_in_its_first_month() -> None:
    audit = replace(small(), expiries=(Expiry(on=AS_OF.replace(year=2020), what="Licence"),))
    chart = timeline(build_report(audit, catalogue()).expiries, AS_OF)
    assert chart.months[0].count == 1


@pytest.mark.parametrize(
    ("name", "options"), [("report_centre", ReportOptions()), ("report_commissioner", COMMISSIONER)]
)
def test_whole_report_reads_as_recorded(name: str, options: ReportOptions) -> None:
    text = "\n".join(Reader(page(small(), options)).lines) + "\n"
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("CARTAUDIT_UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
