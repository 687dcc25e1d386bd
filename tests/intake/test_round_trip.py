"""What is written into a template is what is read from it; and no row or cell is ever lost."""

from dataclasses import replace
from datetime import date

from builders_intake import AS_OF, CATALOGUE, filled_book, read, save
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartaudit.intake import parse_submission
from cartaudit.model.answers import AnswerState, Share, Status
from cartaudit.model.cells import CellKind, Cells
from cartaudit.model.layout import Field
from cartaudit.model.profile import Treatment
from cartaudit.model.submission import Submission
from cartaudit.workbook import read_cells
from cartaudit.workbook.template import Filling, TemplatePlan, build_template

QUICK = settings(max_examples=8, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None)
LETTERS = st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("Cc", "Cf", "Zs"))
TEXTS = st.text(LETTERS, min_size=1, max_size=30).map("text {}".format)
DATES = st.dates(date(1990, 1, 1), AS_OF)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    denominator = draw(st.integers(1, 500))
    return Share(numerator=draw(st.integers(0, denominator)), denominator=denominator, period="last year")


ANSWERS = st.fixed_dictionaries(
    {
        "alarm_tested": st.sampled_from(Status),
        "monitored": st.booleans(),
        "vessel_count": st.integers(0, 10_000),
        "set_point": st.floats(-300, 300).map(lambda x: round(x, 3)),
        "alarms_answered": shares(),
        "last_validation": DATES,
        "refill": st.sampled_from(["own", "contracted", "none"]),
        "backups": st.sets(st.sampled_from(["vessel", "gas", "partner"]), min_size=1).map(lambda s: tuple(sorted(s))),
        "contact": TEXTS,
        "site_name": TEXTS,
    }
)
VESSELS = st.lists(st.tuples(TEXTS, st.integers(-200, 0)), max_size=5, unique_by=lambda row: row[0].casefold())


def fields(value: object) -> dict[Field, object]:
    if isinstance(value, Share):
        return {
            Field.ANSWER: value,
            Field.NUMERATOR: value.numerator,
            Field.DENOMINATOR: value.denominator,
            Field.PERIOD: value.period,
        }
    return {Field.ANSWER: value}


@QUICK
@given(ANSWERS, VESSELS)
def test_what_is_written_into_a_template_is_what_is_read(
    answers: dict[str, object], vessels: list[tuple[str, int]]
) -> None:
    rows = tuple({"vessel": name, "products": ("kymriah",), "warmest_c": warmest} for name, warmest in vessels)
    filling = Filling(answers={(q, ""): fields(v) for q, v in answers.items()}, rows={"vessels": rows})  # type: ignore[arg-type]
    treatment = Treatment(product="kymriah", indication="all", population="adult")
    plan = TemplatePlan(as_of=AS_OF, tool_version="0", treatments=(treatment,), filling=filling)
    outcome = read(build_template(CATALOGUE, plan))
    assert isinstance(outcome, Submission)
    assert {q: outcome.responses[q, ""].entry.value for q in answers} == answers
    read_rows = outcome.responses["vessels", ""].rows
    assert [(r.entries["vessel"].value, r.entries["warmest_c"].value) for r in read_rows] == vessels


VALUES = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from(
        ["yes", "n/a", "x", "#REF!", "=1", "1,234", "03/04/2025", "_xD800_", "_x0000_", "kymriah;;", "@", ":", "a@b:c"]
    ),
)
PLAIN_CELLS = read_cells(save(filled_book()), "a.xlsx")


@settings(max_examples=100, derandomize=True, database=None)
@given(st.data())
def test_no_content_of_cells_ever_raises_or_loses_a_cell(data: st.DataObject) -> None:
    assert isinstance(PLAIN_CELLS, Cells)
    number = data.draw(st.integers(0, len(PLAIN_CELLS.sheets) - 1))
    sheet = PLAIN_CELLS.sheets[number]
    cells = list(sheet.cells)
    for place in data.draw(st.lists(st.integers(0, len(cells) - 1), min_size=1, max_size=6)):
        value = data.draw(VALUES)
        kind = CellKind.FORMULA_UNSTORED if value is None else data.draw(st.sampled_from(CellKind))
        if kind is CellKind.FORMULA_UNSTORED:
            value = None
        cells[place] = cells[place]._replace(value=value, kind=kind)
    sheets = list(PLAIN_CELLS.sheets)
    sheets[number] = replace(sheet, cells=tuple(cells))
    outcome = parse_submission(replace(PLAIN_CELLS, sheets=tuple(sheets)), CATALOGUE, AS_OF)
    record = outcome.record
    assert record.cells_used + record.cells_structural + record.cells_ignored == record.cells_in_file
    if isinstance(outcome, Submission):
        assert all(
            (r.entry.value is None) == (r.entry.state is not AnswerState.ANSWERED) or r.rows
            for r in outcome.responses.values()
        )
        str([str(p) for p in outcome.problems]).encode()
