"""Answers as people type them: what is read, and what is a problem and never a guess."""

from datetime import date, datetime

import pytest

from cartaudit.intake import vocabulary
from cartaudit.intake.answers import Asked, parse_answer
from cartaudit.intake.options import Options, make_options
from cartaudit.intake.words import is_ambiguous, meaning
from cartaudit.model.answers import AnswerState, AnswerType, Share, Status
from cartaudit.model.cells import Cell, CellKind
from cartaudit.model.questions import Choice
from cartaudit.model.submission import Entry

UNITS = Options()


def ask(
    value: object, type_: AnswerType, unit: str = "", *, options: Options = UNITS, **cell: object
) -> tuple[Entry, list[str]]:
    asked = Asked(question="q", type=type_, unit=unit, options=options)
    entry, problems = parse_answer(Cell(4, 3, value, **cell), asked, "S")  # type: ignore[arg-type]
    return entry, [p.code for p in problems]


WORDS = [
    (word, status)
    for table, status in (
        (vocabulary.YES, "yes"),
        (vocabulary.PARTIAL, "partial"),
        (vocabulary.NO, "no"),
        (vocabulary.IN_PROGRESS, "in_progress"),
        (vocabulary.NOT_APPLICABLE, "not_applicable"),
        (vocabulary.UNKNOWN, "unknown"),
    )
    for words in table.values()
    for word in words.split(" | ")
]


def test_no_word_means_two_things() -> None:
    assert [(word, status) for word, status in WORDS if meaning(word) != status] == []


def test_no_ambiguous_word_has_a_meaning() -> None:
    assert [word for word in vocabulary.AMBIGUOUS if meaning(word) is not None] == []


def test_ten_languages_can_say_yes_and_no() -> None:
    languages = {"en", "fr", "de", "es", "it", "pt", "nl", "pl", "sv/da/no", "cs/sk"}
    assert languages <= set(vocabulary.YES) & set(vocabulary.NO)


@pytest.mark.parametrize("word", ["  YES ", "Ｙｅｓ", "yes\u200b", "\u00a0Oui", "N/A", "In  progress", "✔"])
def test_case_width_and_blanks_do_not_matter(word: str) -> None:
    assert ask(word, AnswerType.STATUS)[1] == []


@pytest.mark.parametrize("word", ["x", "NC", "o", "na", "n.a.", "1", 0, "-", "s", "so", "yes/no", "☐"])
def test_what_two_people_read_differently_is_ambiguous(word: object) -> None:
    entry, codes = ask(word, AnswerType.STATUS)
    assert (entry.state, entry.value, codes) == (AnswerState.AMBIGUOUS, None, ["CA205"])


@pytest.mark.parametrize("word", ["mostly", "Not complian", "Compliantt", "yes but", "yes, see comment", "almost", "5"])
def test_what_is_no_answer_word_is_unreadable(word: str) -> None:
    entry, codes = ask(word, AnswerType.STATUS)
    assert (entry.state, entry.value, codes) == (AnswerState.UNREADABLE, None, ["CA204"])


def test_not_compliant_is_never_compliant() -> None:
    assert ask("Not compliant", AnswerType.STATUS)[0].value is Status.NO


@pytest.mark.parametrize(
    ("sign", "font", "value"),
    [
        ("ü", "Wingdings", "yes"),
        ("\uf0fc", "Wingdings", "yes"),
        ("û", "Wingdings", "no"),
        ("P", "Wingdings 2", "yes"),
        ("O", "Wingdings 2", "no"),
        ("a", "Webdings", "yes"),
    ],
)
def test_symbol_fonts_are_read_by_what_they_show(sign: str, font: str, value: str) -> None:
    assert ask(sign, AnswerType.STATUS, font=font)[0].value == value


@pytest.mark.parametrize("sign", ["ü", "û"])
def test_the_same_characters_in_another_font_are_ambiguous(sign: str) -> None:
    assert ask(sign, AnswerType.STATUS, font="Arial")[1] == ["CA205"]


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("12,5", "", 12.5),
        ("1.234,5", "", 1234.5),
        ("1,234.5", "", 1234.5),
        ("1 234", "", 1234),
        ("1'234", "", 1234),
        ("12.345.678", "", 12345678),
        ("0,125", "", 0.125),
        ("-150 °C", "°C", -150),
        ("\u2212150°C", "°C", -150),
        ("-150 deg C", "°C", -150),
        ("14 °F", "°C", -10),
        ("173.15 K", "°C", -100),
        ("14 d", "weeks", 2),
        ("2 weeks", "weeks", 2),
        ("1 week", "weeks", 2 - 1),
        ("2 Wochen", "weeks", 2),
        ("48 h", "days", 2),
        ("30 min", "hours", 0.5),
        ("2 years", "months", 24),
        ("95 %", "%", 95),
        ("3 beds", "beds", 3),
        ("50 km", "km", 50),
        ("0.2 × 10⁹/L", "10⁹/L", 0.2),
        ("0,2 x 10^9 / l", "10⁹/L", 0.2),
        ("0.2 10⁹/L", "10⁹/L", 0.2),
        ("0.5*10**8/mL", "10⁸/mL", 0.5),
        ("grade 1", "grade", 1),
        ("Grade 1", "grade", 1),
        ("1 grade", "grade", 1),
    ],
)
def test_numbers_are_converted_without_loss(typed: str, unit: str, value: float) -> None:
    entry, codes = ask(typed, AnswerType.NUMBER, unit)
    assert (entry.value, codes) == (value, [])


def test_a_conversion_is_recorded() -> None:
    assert ask("14 d", AnswerType.INTEGER, "weeks")[0].conversion == "14 d -> 2 weeks"


@pytest.mark.parametrize(
    ("typed", "unit", "code"),
    [
        ("1,234", "", "CA210"),
        ("1.234", "", "CA210"),
        ("<5", "", "CA201"),
        ("ca. 5", "", "CA201"),
        ("2-3", "", "CA201"),
        ("5 6 7", "", "CA201"),
        ("NaN", "", "CA201"),
        ("inf", "", "CA201"),
        ("1e5", "", "CA201"),
        ("", "", None),
        ("5 apples", "beds", "CA211"),
        ("0.2 × 10⁶/L", "10⁹/L", "CA201"),
        ("210⁹/L", "10⁹/L", "CA201"),
        ("2 months", "weeks", "CA211"),
        ("5 °C", "", "CA211"),
        (float("nan"), "", "CA201"),
        (float("inf"), "", "CA201"),
        (0.95, "%", "CA210"),
    ],
)
def test_what_is_no_clear_number_is_a_problem(typed: object, unit: str, code: str | None) -> None:
    entry, codes = ask(typed, AnswerType.NUMBER, unit)
    assert entry.value is None
    assert codes == ([code] if code else [])


def test_a_number_shown_as_per_cent_is_read_as_shown() -> None:
    assert ask(0.95, AnswerType.NUMBER, "%", number_format="0%")[0].value == 95


@pytest.mark.parametrize("value", [50, "50", "95 %", 0.95])
def test_a_percentage_is_no_share(value: object) -> None:
    assert ask(value, AnswerType.SHARE)[1] == ["CA221"]


def test_counts_in_one_cell_are_a_share() -> None:
    assert ask("19 of 20", AnswerType.SHARE)[0].value == Share(numerator=19, denominator=20)


@pytest.mark.parametrize(("value", "whole"), [(3.0, 3), ("3", 3), ("3,0", 3)])
def test_whole_numbers_are_integers(value: object, whole: int) -> None:
    entry, _ = ask(value, AnswerType.INTEGER)
    assert entry.value == whole
    assert isinstance(entry.value, int)


@pytest.mark.parametrize("value", [2.5, "2,5", "10 d"])
def test_a_fraction_is_no_integer(value: object) -> None:
    assert ask(value, AnswerType.INTEGER, "weeks")[1] == ["CA202"]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (datetime(2026, 5, 4), date(2026, 5, 4)),
        (date(2026, 5, 4), date(2026, 5, 4)),
        ("2026-05-04", date(2026, 5, 4)),
        ("2026/5/4", date(2026, 5, 4)),
        ("2026-05-04T00:00:00", date(2026, 5, 4)),
        ("13/04/2025", date(2025, 4, 13)),
        ("04/13/2025", date(2025, 4, 13)),
        ("31.12.2025", date(2025, 12, 31)),
        ("03/03/2025", date(2025, 3, 3)),
        ("4 May 2026", date(2026, 5, 4)),
        ("4th May 2026", date(2026, 5, 4)),
        ("May 4, 2026", date(2026, 5, 4)),
        ("04-May-2026", date(2026, 5, 4)),
        ("4. März 2026", date(2026, 3, 4)),
        ("1er août 2026", date(2026, 8, 1)),
        ("4 de mayo de 2026", date(2026, 5, 4)),
        ("4 maggio 2026", date(2026, 5, 4)),
        ("4 maja 2026", date(2026, 5, 4)),
        ("4. května 2026", date(2026, 5, 4)),
    ],
)
def test_dates_are_read(typed: object, value: date) -> None:
    entry, codes = ask(typed, AnswerType.DATE)
    assert (entry.value, codes) == (value, [])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("03/04/2025", "CA209"),
        ("03.04.2025", "CA209"),
        ("3-4-2025", "CA209"),
        ("13/04/25", "CA203"),
        ("2025", "CA203"),
        ("May 2026", "CA203"),
        ("2026-02-30", "CA203"),
        ("31/02/2026", "CA203"),
        ("soon", "CA203"),
        (46000, "CA219"),
        (True, "CA214"),
        (date(1900, 1, 1), "CA215"),
    ],
)
def test_what_is_no_clear_date_is_a_problem(typed: object, code: str) -> None:
    entry, codes = ask(typed, AnswerType.DATE)
    assert (entry.value, codes) == (None, [code])


OPTIONS = make_options(
    (
        Choice(id="own", label="Own unit"),
        Choice(id="germany", label="Germany (G-BA, statutory insurers)"),
        Choice(id="gas", label="Gas supply"),
        Choice(id="none", label="None"),
    ),
    {"own": ("Shared",), "gas": ("Shared",)},
)


@pytest.mark.parametrize("typed", ["own", "Own unit", " OWN  UNIT ", "Own\u00a0unit"])
def test_a_choice_is_read_by_id_or_label(typed: str) -> None:
    assert ask(typed, AnswerType.CHOICE, options=OPTIONS)[0].value == "own"


def test_an_option_comes_before_an_answer_word() -> None:
    assert ask("None", AnswerType.CHOICE, options=OPTIONS)[0].value == "none"


def test_a_name_of_two_options_is_ambiguous() -> None:
    assert ask("Shared", AnswerType.CHOICE, options=OPTIONS)[1] == ["CA213"]


def test_a_near_miss_is_suggested_and_not_taken() -> None:
    asked = Asked(question="q", type=AnswerType.CHOICE, options=OPTIONS)
    entry, problems = parse_answer(Cell(1, 1, "Own unitt"), asked, "S")
    assert entry.state is AnswerState.UNREADABLE
    assert "Did you mean 'own unit'?" in problems[0].remedy


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("Own unit; Gas supply", ("gas", "own")),
        ("own, gas", ("gas", "own")),
        ("Own unit\nGas supply", ("gas", "own")),
        ("Germany (G-BA, statutory insurers); Own unit", ("germany", "own")),
        ("Germany (G-BA, statutory insurers)", ("germany",)),
        ("own;own", ("own",)),
    ],
)
def test_several_choices_are_split_where_it_is_clear(typed: str, ids: tuple[str, ...]) -> None:
    assert ask(typed, AnswerType.CHOICES, options=OPTIONS)[0].value == ids


@pytest.mark.parametrize("kind", list(AnswerType))
def test_an_error_cell_is_never_an_answer(kind: AnswerType) -> None:
    entry, codes = ask("#N/A", kind, kind=CellKind.ERROR)
    assert (entry.state, entry.value, codes) == (AnswerState.UNREADABLE, None, ["CA207"])


@pytest.mark.parametrize("kind", list(AnswerType))
def test_a_formula_without_result_is_never_an_answer(kind: AnswerType) -> None:
    entry, codes = ask(None, kind, kind=CellKind.FORMULA_UNSTORED)
    assert (entry.state, entry.value, codes) == (AnswerState.UNREADABLE, None, ["CA208"])


@pytest.mark.parametrize("kind", list(AnswerType))
@pytest.mark.parametrize("text", ["", "   ", "\u00a0", "\u200b"])
def test_blanks_are_no_answer(kind: AnswerType, text: str) -> None:
    assert ask(text, kind)[0].state is AnswerState.BLANK


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (AnswerType.NUMBER, True),
        (AnswerType.INTEGER, date(2026, 1, 1)),
        (AnswerType.STATUS, datetime(2026, 1, 1)),
        (AnswerType.BOOLEAN, date(2026, 1, 1)),
    ],
)
def test_a_value_of_another_kind_is_a_problem(kind: AnswerType, value: object) -> None:
    entry, codes = ask(value, kind)
    assert (entry.value, codes) == (None, ["CA214"])


def test_is_ambiguous_leaves_the_written_word_alone() -> None:
    assert not is_ambiguous("N/A")
