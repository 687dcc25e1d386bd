"""Several hands, one workbook; and last year's answers in this year's workbook."""

import functools
import io
from datetime import date

import openpyxl
from builders_intake import AS_OF, CATALOGUE, KYMRIAH, codes, read
from openpyxl.workbook import Workbook

from cartaudit.cli.carrying import not_asked, plan_from
from cartaudit.intake.carry import Contents, carried_over, collect_contents, merge_contents
from cartaudit.model.answers import AnswerState
from cartaudit.model.layout import Field
from cartaudit.model.profile import Treatment
from cartaudit.model.submission import EvidenceLevel, Submission
from cartaudit.workbook import read_cells
from cartaudit.workbook.template import Filling, TemplatePlan, build_template

TREATMENT = Treatment(product="kymriah", indication="all", population="adult")
LATER = date(2027, 11, 22)


def template(filling: Filling = Filling()) -> bytes:  # noqa: B008 - a frozen value
    plan = TemplatePlan(as_of=AS_OF, tool_version="0", treatments=(TREATMENT,), country="DE", filling=filling)
    return build_template(CATALOGUE, plan)


def part(
    name: str, answers: dict[str, object], rows: dict[str, tuple[dict[str, object], ...]] | None = None
) -> Contents:
    filled = {(question, ""): {Field.ANSWER: value} for question, value in answers.items()}
    data = template(Filling(answers=filled, rows=rows or {}))  # type: ignore[arg-type]
    contents = collect_contents(read_cells(data, name), CATALOGUE)  # type: ignore[arg-type]
    assert isinstance(contents, Contents)
    return contents


def merged(*parts: Contents) -> tuple[Submission, tuple[str, ...]]:
    whole, conflicts = merge_contents(parts)
    outcome = read(build_template(CATALOGUE, plan_from(whole, CATALOGUE, "0")))
    assert isinstance(outcome, Submission)
    return outcome, conflicts


def test_parts_are_joined() -> None:
    whole, conflicts = merged(part("a.xlsx", {"alarm_tested": "Yes"}), part("b.xlsx", {"vessel_count": 3}))
    values = [whole.responses[q, ""].entry.value for q in ("alarm_tested", "vessel_count")]
    assert (values, conflicts) == (["yes", 3], ())


def test_the_same_answer_twice_is_no_conflict() -> None:
    whole, conflicts = merged(part("a.xlsx", {"alarm_tested": "Yes"}), part("b.xlsx", {"alarm_tested": "yes"}))
    assert (whole.responses["alarm_tested", ""].entry.value, conflicts) == ("yes", ())


def test_a_conflict_names_both_cells_and_is_left_blank() -> None:
    whole, conflicts = merged(part("a.xlsx", {"alarm_tested": "Yes"}), part("b.xlsx", {"alarm_tested": "No"}))
    assert len(conflicts) == 1
    assert "a.xlsx: Cold chain!C5 says 'Yes'" in conflicts[0]
    assert "b.xlsx: Cold chain!C5 says 'No'" in conflicts[0]
    assert whole.responses["alarm_tested", ""].entry.state is AnswerState.BLANK


def test_three_parts_conflict_whatever_their_order() -> None:
    one, two = part("1.xlsx", {"vessel_count": 1}), part("2.xlsx", {"vessel_count": 2})
    for order in ((one, two, two), (two, two, one), (two, one, two)):
        whole, conflicts = merge_contents(order)
        assert conflicts
        assert Field.ANSWER not in whole.answers.get(("vessel_count", ""), {})


def test_the_rows_of_a_register_are_joined_and_equal_ones_counted_once() -> None:
    rows = [{"vessel": name, "products": ("kymriah",), "warmest_c": -180} for name in ("A", "B")]
    one, two = part("a.xlsx", {}, {"vessels": tuple(rows)}), part("b.xlsx", {}, {"vessels": (rows[1],)})
    whole, _ = merged(one, two)
    assert [r.entries["vessel"].value for r in whole.responses["vessels", ""].rows] == ["A", "B"]


@functools.cache
def filled() -> Contents:
    answers = {
        ("alarm_tested", ""): {
            Field.ANSWER: "Yes",
            Field.EVIDENCE: "SOP-1",
            Field.EVIDENCE_LEVEL: "sighted",
            Field.EVIDENCE_DATED: date(2026, 1, 2),
            Field.INSPECTOR_ANSWER: "No",
        },
        ("hold_hours", KYMRIAH): {Field.ANSWER: 0.5},
    }
    contents = collect_contents(read_cells(template(Filling(answers=answers)), "old.xlsx"), CATALOGUE)  # type: ignore[arg-type]
    assert isinstance(contents, Contents)
    return contents


@functools.cache
def renewed() -> Submission:
    plan = plan_from(carried_over(filled()), CATALOGUE, "0", LATER)
    outcome = read(build_template(CATALOGUE, plan))
    assert isinstance(outcome, Submission)
    return outcome


def test_answers_carried_over_wait_for_confirmation() -> None:
    responses = renewed().responses
    assert responses["alarm_tested", ""].reconfirm
    assert responses["hold_hours", KYMRIAH].reconfirm


def test_evidence_is_carried_over() -> None:
    evidence = renewed().responses["alarm_tested", ""].evidence
    assert (evidence.references, evidence.level, evidence.dated) == (
        ("SOP-1",),
        EvidenceLevel.SIGHTED,
        date(2026, 1, 2),
    )


def test_the_inspectors_answer_is_not_carried_over() -> None:
    assert renewed().responses["alarm_tested", ""].override is None


def test_an_answer_carried_over_is_a_problem_until_it_is_confirmed() -> None:
    assert [c for c, _ in codes(renewed())].count("CA316") == 2


def test_what_the_new_workbook_does_not_ask_is_named() -> None:
    plan = TemplatePlan(as_of=LATER, tool_version="0", checklists=(("acc", None),), treatments=(TREATMENT,))
    assert any("hold_hours" in line for line in not_asked(filled(), CATALOGUE, plan))


def test_a_value_that_cannot_be_carried_is_named() -> None:
    book: Workbook = openpyxl.load_workbook(io.BytesIO(template()))
    book["Cold chain"]["C5"] = "=1+1"
    stream = io.BytesIO()
    book.save(stream)
    contents = collect_contents(read_cells(stream.getvalue(), "old.xlsx"), CATALOGUE)  # type: ignore[arg-type]
    assert isinstance(contents, Contents)
    assert any("Cold chain!C5" in line for line in contents.lost)


def test_text_beside_the_tables_is_named_as_not_carried() -> None:
    book: Workbook = openpyxl.load_workbook(io.BytesIO(template()))
    book["Instructions"]["B30"] = book["Cold chain"]["AC9"] = "Vessel C is out of use"
    stream = io.BytesIO()
    book.save(stream)
    contents = collect_contents(read_cells(stream.getvalue(), "old.xlsx"), CATALOGUE)  # type: ignore[arg-type]
    assert isinstance(contents, Contents)
    assert [line.split(" '")[0] for line in contents.lost] == ["old.xlsx: Instructions!B30", "old.xlsx: Cold chain!AC9"]


def test_nothing_is_named_as_not_carried_where_all_is() -> None:
    assert filled().lost == ()
