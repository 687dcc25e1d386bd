"""What stands beside a value: understood, harmless, or the cell is unreadable; never dropped in silence."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cartaudit.intake.answers import Asked, parse_answer
from cartaudit.intake.beside import takes_back
from cartaudit.intake.number_formats import said_with_date, shown_number
from cartaudit.intake.options import Options
from cartaudit.intake.units import convert
from cartaudit.model.answers import AnswerState, AnswerType, Status
from cartaudit.model.cells import Cell, CellKind, Mark, Run
from cartaudit.model.questions import NumberRange
from cartaudit.model.submission import Entry

RAISED, STRUCK, LOWERED = frozenset({Mark.RAISED}), frozenset({Mark.STRUCK}), frozenset({Mark.LOWERED})
NUMBERS = (AnswerType.INTEGER, AnswerType.NUMBER)
UNITS = ("minutes", "hours", "days", "weeks", "months", "years", "°C", "°F", "K", "%", "mL", "mg", "km")
READ = (AnswerState.ANSWERED,)


def ask(cell: Cell, kind: AnswerType, unit: str = "", *, stated: str = "", **more: object) -> tuple[Entry, list[str]]:
    asked = Asked(question="q", type=kind, unit=unit, options=Options(), **more)  # type: ignore[arg-type]
    entry, problems = parse_answer(cell, asked, "S", stated=stated)
    return entry, [p.code for p in problems]


def cell_of(value: object, **looks: object) -> Cell:
    return Cell(4, 3, value, **looks)  # type: ignore[arg-type]


def runs_of(*runs: tuple[str, frozenset[Mark]]) -> Cell:
    return cell_of("".join(text for text, _ in runs), runs=tuple(Run(*run) for run in runs))


@pytest.mark.parametrize("kind", NUMBERS)
@given(digits=st.integers(0, 9999), mark=st.sampled_from([RAISED, STRUCK, LOWERED]), other=st.integers(0, 99))
def test_a_number_with_a_part_set_apart_never_joins_it(
    kind: AnswerType, digits: int, mark: frozenset[Mark], other: int
) -> None:
    for runs in (((str(digits), frozenset()), (str(other), mark)), ((str(other), mark), (str(digits), frozenset()))):
        if digits % 100 == 10 and mark is RAISED:
            continue  # a power of ten
        entry, codes = ask(runs_of(*runs), kind, "weeks")
        assert (entry.value, codes) == (None, ["CA226"])


def test_a_power_of_ten_is_read_as_one() -> None:
    entry, codes = ask(
        runs_of(("0.2 × 10", frozenset()), ("9", RAISED), ("/L", frozenset())), AnswerType.NUMBER, "10⁹/L"
    )
    assert (entry.value, codes) == (0.2, [])


@pytest.mark.parametrize("word", ["Yes", "No", "Partial", "ja", "non"])
def test_a_footnote_mark_behind_a_word_is_left_out_and_said(word: str) -> None:
    entry, codes = ask(runs_of((word, frozenset()), ("1)", RAISED)), AnswerType.STATUS)
    plain, _ = ask(cell_of(word), AnswerType.STATUS)
    assert (entry.value, codes) == (plain.value, [])
    assert word in entry.conversion


def test_what_is_struck_out_of_a_text_does_not_count() -> None:
    entry, _ = ask(runs_of(("Yes", STRUCK), (" No", frozenset())), AnswerType.STATUS)
    assert entry.value is Status.NO
    entry, _ = ask(runs_of(("2025-01-01", STRUCK), (" 2026-01-01", frozenset())), AnswerType.DATE)
    assert entry.value == date(2026, 1, 1)


@pytest.mark.parametrize("kind", [k for k in AnswerType if k is not AnswerType.REGISTER])
@pytest.mark.parametrize("value", ["Yes", "text", 5, -3.5, True, date(2026, 5, 4)])
def test_a_cell_struck_through_is_no_answer(kind: AnswerType, value: object) -> None:
    entry, codes = ask(cell_of(value, marks=STRUCK), kind)
    assert (entry.value, codes) == (None, ["CA225"])
    entry, codes = ask(runs_of(("Yes", STRUCK), (" ", frozenset())), kind)
    assert entry.value is None


@pytest.mark.parametrize("wanted", UNITS)
@pytest.mark.parametrize("given", UNITS)
@pytest.mark.parametrize("place", ["format", "beside", "typed"])
def test_a_unit_beside_the_number_is_converted_or_refused(place: str, given: str, wanted: str) -> None:
    number = 7
    cell = {
        "format": cell_of(number, number_format=f'0" {given}"'),
        "beside": cell_of(number),
        "typed": cell_of(f"{number} {given}"),
    }[place]
    entry, codes = ask(cell, AnswerType.NUMBER, wanted, stated=given if place == "beside" else "")
    expected = convert(Fraction(number), given, wanted)
    if expected is None:
        assert (entry.value, codes) == (None, ["CA211"])
    else:
        assert codes == []
        assert entry.value == pytest.approx(float(expected))
        assert bool(entry.conversion) == (expected != number)


@pytest.mark.parametrize("given", ["bar", "patients", "x", "mmHg", "€"])
def test_an_unknown_unit_is_never_taken_for_the_question_s(given: str) -> None:
    for cell, stated in (
        (cell_of(7, number_format=f'0" {given}"'), ""),
        (cell_of(7), given),
        (cell_of(f"7 {given}"), ""),
    ):
        entry, codes = ask(cell, AnswerType.NUMBER, "hours", stated=stated)
        assert entry.value is None
        assert codes in (["CA211"], ["CA201"])


def test_two_units_that_do_not_agree_are_no_answer() -> None:
    entry, codes = ask(cell_of(7, number_format='0" days"'), AnswerType.NUMBER, "hours", stated="weeks")
    assert (entry.value, codes) == (None, ["CA228"])
    entry, codes = ask(cell_of(7, number_format='0" days"'), AnswerType.NUMBER, "hours", stated="days")
    assert (entry.value, codes) == (168, [])


HARMLESS = [
    "General", "@", "0", "0.00", "#,##0", "#,##0.00", "0;-0", "#,##0_);(#,##0)", "#,##0.00_);[Red](#,##0.00)",
    "0.00E+00",    "# ?/?", "[Red]0", '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', "+0;-0;0", "[$-409]0", "0_ ",
    "[Black][>5]0;[Red]0",
]  # fmt: skip


@pytest.mark.parametrize("code", HARMLESS)
@given(value=st.one_of(st.integers(-300, 300), st.floats(-300, 300, allow_nan=False).map(lambda v: round(v, 2))))
def test_ordinary_formats_change_nothing(code: str, value: float) -> None:
    entry, codes = ask(cell_of(value, number_format=code), AnswerType.NUMBER, "°C")
    plain, _ = ask(cell_of(value), AnswerType.NUMBER, "°C")
    assert (entry.value, codes) == (plain.value, [])


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (";;;", 5), ("0;0", -5), ('"-"0', 80), ('"< "0', 5), ('"> "0', 5), ("0,", 5000), ("0.0,,", 5e6),
        ('0;-0;"none"', 0),        ('[>5]"ok";0', 9), ('"ok"', 5), ("-0", 5), ("0;;0", -5), ('0" °F"%', 5), ("(0)", 5),
    ],
)  # fmt: skip
def test_a_format_that_shows_another_thing_is_refused(code: str, value: float) -> None:
    entry, codes = ask(cell_of(value, number_format=code), AnswerType.NUMBER, "°C")
    assert entry.value is None
    assert codes[0] in ("CA227", "CA211")


def test_per_cent_is_what_the_format_shows() -> None:
    assert ask(cell_of(0.05, number_format="0%"), AnswerType.NUMBER, "%")[0].value == 5
    assert ask(cell_of(5, number_format='0"%"'), AnswerType.NUMBER, "%")[0].value == 5
    assert ask(cell_of(0.05, number_format="0%"), AnswerType.NUMBER, "hours")[1] == ["CA211"]


@given(st.text('0#?.,;%"@[]<>=5 daysE+-()_*\\', max_size=14), st.integers(-9, 9))
def test_no_format_breaks_the_reading(code: str, value: int) -> None:
    shown_number(code, value)
    entry, codes = ask(cell_of(value, number_format=code), AnswerType.NUMBER, "hours")
    assert (entry.state in READ) == (not codes)


def test_a_text_is_what_its_format_shows() -> None:
    entry, codes = ask(cell_of("4", number_format='@" days"'), AnswerType.NUMBER, "hours")
    assert (entry.value, codes) == (96, [])
    assert ask(cell_of("Yes", number_format="0;0;0;"), AnswerType.STATUS)[1] == ["CA227"]
    assert ask(cell_of("Yes", number_format='"No, not "@'), AnswerType.STATUS)[0].value is None


@pytest.mark.parametrize(
    "formula", ["TODAY()", "NOW()-3", "IF(A1,TODAY(),B1)", "today ( )", "RAND()*5", "RANDBETWEEN(1,9)"]
)
def test_a_value_of_the_day_or_of_chance_is_none(formula: str) -> None:
    kind = AnswerType.NUMBER if "RAND" in formula else AnswerType.DATE
    value = 5 if "RAND" in formula else date(2026, 5, 4)
    entry, codes = ask(cell_of(value, kind=CellKind.FORMULA, formula=formula), kind)
    assert (entry.value, codes) == (None, ["CA224"])


@pytest.mark.parametrize("formula", ["DATE(2026,5,4)", "A1", 'IF(A1="TODAY()",B1,C1)', "MYTODAY()", "EDATE(A1,12)"])
def test_a_fixed_formula_is_read_by_its_result(formula: str) -> None:
    entry, codes = ask(cell_of(date(2026, 5, 4), kind=CellKind.FORMULA, formula=formula), AnswerType.DATE)
    assert (entry.value, codes) == (date(2026, 5, 4), [])


@pytest.mark.parametrize("value", [date(2026, 5, 4), True, timedelta(hours=3)])
def test_a_text_that_became_something_else_is_no_text(value: object) -> None:
    assert ask(cell_of(value), AnswerType.TEXT)[1] == ["CA214"]


def test_a_length_of_time_is_read_where_one_is_asked() -> None:
    assert (
        ask(cell_of(timedelta(hours=26, minutes=30), number_format="[h]:mm"), AnswerType.NUMBER, "hours")[0].value
        == 26.5
    )
    assert ask(cell_of(timedelta(days=2)), AnswerType.INTEGER, "hours")[0].value == 48
    assert ask(cell_of(timedelta(days=2)), AnswerType.NUMBER, "°C")[1] == ["CA214"]


@given(low=st.integers(-300, 300), width=st.integers(1, 500), value=st.integers(-2000, 2000))
def test_a_number_outside_its_range_is_no_answer(low: int, width: int, value: int) -> None:
    limits = NumberRange(low=low, high=low + width)
    entry, codes = ask(cell_of(value), AnswerType.INTEGER, "°C", range=limits, usual=limits)
    assert (entry.value is not None) == limits.holds(value)
    assert codes == ([] if limits.holds(value) else ["CA235"])


def test_an_unusual_number_is_read_and_asked_about() -> None:
    limits, usual = NumberRange(low=0, high=100), NumberRange(low=5, high=10)
    entry, codes = ask(cell_of(50), AnswerType.INTEGER, "hours", range=limits, usual=usual)
    assert (entry.value, codes) == (50, ["CA418"])


@pytest.mark.parametrize("end", ["", ".", "!", " .", ","])
@pytest.mark.parametrize("word", ["ja", "yes", "oui", "sí", "tak", "ano", "No", "nein", "Partial", "teilweise"])
def test_a_stop_behind_a_word_changes_nothing(word: str, end: str) -> None:
    assert ask(cell_of(f"{word}{end}"), AnswerType.STATUS)[0].value == ask(cell_of(word), AnswerType.STATUS)[0].value


def test_a_crossed_box_says_nothing_by_itself() -> None:
    assert ask(cell_of("☒"), AnswerType.STATUS)[1] == ["CA205"]
    assert ask(cell_of("x", font="Wingdings"), AnswerType.STATUS)[1] == ["CA205"]


@pytest.mark.parametrize(
    "code",
    [
        "yyyy\\-mm\\-dd",
        'd" de "mmmm" de "yyyy',
        'dd.mm.yyyy" г."',
        'yyyy"年"m"月"d"日"',
        '[$-411]ggge"年"m"月"d"日"',
        "[$-409]d\\-mmm\\-yy;@",
        "m/d/yy h:mm",
        "h:mm\\ AM/PM",
        "mm:ss.000",
        "B2dd/mm/yyyy",
        "yyyy_4",
        "yyyy* ",
        "yyyy\\-mm\\-ddThh:mm",
    ],
)
def test_an_ordinary_format_of_dates_changes_nothing(code: str) -> None:
    assert said_with_date(code) == ""
    entry, codes = ask(cell_of(date(2027, 12, 27), number_format=code), AnswerType.DATE)
    assert (entry.value, codes) == (date(2027, 12, 27), [])


@pytest.mark.parametrize("said", ["2019", "expired", "before", "20.01.", "not", "1", "abgelaufen"])
@pytest.mark.parametrize(
    "form", ['dd.mm."{}"', '"{} "yyyy\\-mm\\-dd', "{escaped}yyyy", "[${}]yyyy", "yyyy;yyyy;@;{escaped}"]
)
def test_words_and_figures_in_a_format_of_dates_are_no_date(said: str, form: str) -> None:
    code = form.format(said, escaped="".join(f"\\{sign}" for sign in said))
    entry, codes = ask(cell_of(date(2027, 12, 27), number_format=code), AnswerType.DATE)
    assert (entry.value, codes) == (None, ["CA227"])


@pytest.mark.parametrize("sign", "0479ax")
def test_a_cell_filled_with_a_sign_is_not_the_number(sign: str) -> None:
    entry, _ = ask(cell_of(8, number_format=f"0*{sign}"), AnswerType.INTEGER, "hours")
    assert entry.value is None
    entry, _ = ask(cell_of("Yes", number_format=f"@*{sign}"), AnswerType.STATUS)
    assert entry.value is None
    for harmless in (f"0_{sign}", "0* ", "* 0", "0*-"):
        entry, _ = ask(cell_of(8, number_format=harmless), AnswerType.INTEGER, "hours")
        assert entry.value == 8


@example(value=0, other=1)
@given(value=st.integers(-200, 200), other=st.integers(-200, 200))
def test_a_note_with_another_number_takes_the_answer_back(value: int, other: int) -> None:
    for words in ("really {}", "{} hours", "{}h", "measured {} at the top", "{},0", "SOP 12: {}", "on 2026-03-01: {}"):
        assert takes_back(words.format(other), value) is (other != value)


@pytest.mark.parametrize(
    "note",
    ["see SOP-12", "SOP 12, page 3", "as of 2026-03-01", "checked in 2025", "Rev. 4", "§ 5", "V2.1", "A4-12", "nr. 7"],
)
def test_a_note_that_names_a_document_or_day_leaves_a_number(note: str) -> None:
    assert not takes_back(note, 8)


@pytest.mark.parametrize("note", ["8-12 h", "8 to 12", "8–12 hours", "2 x 12"])
def test_a_note_with_a_range_takes_a_number_back(note: str) -> None:
    assert takes_back(note, 8)


@given(day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), other=st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_note_with_another_date_takes_a_date_back(day: date, other: date) -> None:
    assert takes_back(f"see {other.isoformat()}", day) is (other != day)
    assert not takes_back(f"{day.day}.{day.month}.{day.year}", day)
    assert not takes_back(f"{day.month}/{day.day}/{day.year}", day)
