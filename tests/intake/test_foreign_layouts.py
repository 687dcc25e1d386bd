"""A centre's own sheets: every `.md` of the folder is a layout with its answers, every `.toml` its map."""

from pathlib import Path

import pytest
from builders_intake import CATALOGUE, codes, markdown_book, read, save

from cartaudit.errors import MappingError
from cartaudit.intake.mapping import mapping_toml, parse_mapping
from cartaudit.intake.suggest import suggest_mapping
from cartaudit.model.layout import split_scoped_id
from cartaudit.model.submission import Rejected, Submission
from cartaudit.workbook import read_cells

FOLDER = Path(__file__).parents[1] / "workbooks" / "foreign"
LAYOUTS = sorted(path.stem for path in FOLDER.glob("*.md"))
AUTOMATIC = [name for name in LAYOUTS if "# auto: no" not in (FOLDER / f"{name}.md").read_text()]


def expected(name: str) -> dict[tuple[str, str], str]:
    lines = (FOLDER / f"{name}.md").read_text().splitlines()
    pairs = (line[2:].rpartition(": ") for line in lines if line.startswith("> "))
    return {split_scoped_id(question): value for question, _, value in pairs}


def said(outcome: Submission | Rejected, name: str) -> dict[tuple[str, str], str]:
    assert isinstance(outcome, Submission), [str(p) for p in outcome.problems]
    return {key: str(outcome.responses[key].entry.value) for key in expected(name)}


def data_of(name: str) -> bytes:
    return save(markdown_book((FOLDER / f"{name}.md").read_text()))


def mapping_of(name: str):  # type: ignore[no-untyped-def]
    return parse_mapping((FOLDER / f"{name}.toml").read_text(), f"{name}.toml")


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_read_by_its_map(name: str) -> None:
    outcome = read(data_of(name), mapping=mapping_of(name))
    assert said(outcome, name) == expected(name)
    assert [c for c, _ in codes(outcome) if c not in ("CA302", "CA401", "CA406", "CA413", "CA414")] == []


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_reading_record_of_a_layout_adds_up_and_names_the_map(name: str) -> None:
    outcome = read(data_of(name), mapping=mapping_of(name))
    record = outcome.record
    assert record.cells_used + record.cells_structural + record.cells_ignored == record.cells_in_file
    assert record.mapping == f"{name}.toml"


@pytest.mark.parametrize("name", AUTOMATIC)
def test_a_layout_with_ids_or_exact_wordings_needs_no_map(name: str) -> None:
    outcome = read(data_of(name))
    assert said(outcome, name) == expected(name)
    assert outcome.record.mapping == "found by headings and contents"


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_suggested_map_reads_what_was_matched(name: str) -> None:
    cells = read_cells(data_of(name), "x.xlsx")
    assert not isinstance(cells, Rejected)
    suggestion = suggest_mapping(cells, CATALOGUE)
    again = parse_mapping(mapping_toml(suggestion.mapping, suggestion.likenesses), "again.toml")
    assert again.sheets == suggestion.mapping.sheets


def test_there_are_at_least_ten_layouts() -> None:
    assert len(LAYOUTS) >= 10


SHEET = """
## Own
| Id | Question | Answer |
| {id} | {wording} | Yes |
"""


ABOVE = """
## Own
| Sample centre | | Without the satellite unit |

| Id | Question | Answer | Seen by QA |
| alarm_tested | Is every alarm tested? | Yes | |
"""


def above(text: str, code: str = "CA414") -> list[str]:
    outcome = read(save(markdown_book(text)))
    assert isinstance(outcome, Submission)
    return [f"{p.place} {p.message}" for p in outcome.problems if p.code == code]


def test_text_in_and_above_the_headings_is_named_but_for_the_headings() -> None:
    assert above(ABOVE) == ["Own!A1 Text stands where nothing is read: A1, C1, D3."]


def test_text_above_the_headings_is_listed_and_the_account_adds_up() -> None:
    record = read(save(markdown_book(ABOVE))).record
    assert record.ignored == (
        "Own!A1: Sample centre",
        "Own!C1: Without the satellite unit",
        "Own!D3: Seen by QA",
    )
    assert record.cells_used + record.cells_structural + record.cells_ignored == record.cells_in_file


def test_headings_alone_are_nothing_strange() -> None:
    assert above(SHEET.format(id="alarm_tested", wording="Is every alarm tested?")) == []


def test_headings_of_two_rows_are_nothing_strange() -> None:
    text = "## T\n| Id | Question | Answer | |\n| | | Yes | No |\n| alarm_tested | x | x | |\n"
    assert above(text) == []


def test_an_answer_word_above_the_headings_is_named() -> None:
    text = "## T\n| Satellite unit? | Yes |\n| Id | Answer |\n| alarm_tested | Yes |\n"
    assert above(text) == ["T!A1 Text stands where nothing is read: A1, B1."]


def test_text_above_a_list_in_the_centres_own_workbook_is_named() -> None:
    lists = """
## Storage vessels
| List every vessel. Name each once. | | Without the vessels on loan |
| vessel | products | warmest_c | validated_on |
| Vessel | Products held | Warmest reading (°C) | Validated on |
| LN2-A | Kymriah | -182 | |
"""
    assert above(SHEET.format(id="alarm_tested", wording="") + lists) == [
        "Storage vessels!C1 Text stands where nothing is read: C1."
    ]


def test_the_answers_a_map_gives_itself_are_not_named_as_unused() -> None:
    name = "english_profile_in_the_map"
    assert [place for _, place in codes(read(data_of(name), mapping=mapping_of(name))) if "column map" in place] == []


def own(id_: str = "1", wording: str = "Is every alarm tested?") -> bytes:
    return save(markdown_book(SHEET.format(id=id_, wording=wording)))


def test_likeness_never_decides() -> None:
    outcome = read(own(wording="Is every alarm tested regularly?"))
    assert codes(outcome) == [("CA131", "")]


def test_likeness_is_suggested() -> None:
    cells = read_cells(own(wording="Is every alarm tested regularly?"), "x.xlsx")
    assert not isinstance(cells, Rejected)
    assert suggest_mapping(cells, CATALOGUE).likenesses == {"1": ("alarm_tested", "Is every alarm tested?")}


def test_a_row_with_an_answer_and_no_question_is_named() -> None:
    book = markdown_book(SHEET.format(id="alarm_tested", wording="") + "| 2 | Do you like it? | Yes |\n")
    assert ("CA151", "Own!A3") in codes(read(book))


def test_two_ticks_are_a_problem_at_the_second() -> None:
    book = markdown_book("## T\n| Id | Question | Yes | No |\n| alarm_tested | x | x | x |\n")
    assert ("CA220", "T!D2") in codes(read(book))


def test_a_tick_that_is_none_is_a_problem() -> None:
    book = markdown_book("## T\n| Id | Question | Yes | No |\n| alarm_tested | x | maybe | |\n")
    assert ("CA204", "T!C2") in codes(read(book))


def test_a_map_of_another_workbook_is_refused() -> None:
    outcome = read(own(), mapping=mapping_of("swedish"))
    assert codes(outcome) == [("CA137", "")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format = 2", "has format 2"),
        ("nonsense", "not TOML"),
        ("format = 1", "names no sheet"),
        ('format = 1\n[[sheet]]\nname = "A"\nheader_row = 1\n[sheet.columns]\nid = "A"\n', "neither an answer"),
        ('format = 1\n[[sheet]]\nname = "A"\nheader_row = 1\n[sheet.columns]\nanswer = "A"\n', "neither an id"),
        (
            'format = 1\n[[sheet]]\nname = "A"\nheader_row = 1\n[sheet.columns]\nid = "1"\nanswer = "B"\n',
            "not a column",
        ),
        (
            'format = 1\n[[sheet]]\nname = "A"\nheader_row = 1\n[sheet.columns]\nidd = "A"\nanswer = "B"\n',
            "unknown key",
        ),
        ("format = 1\nsheet = 3\n", "[[sheet]]"),
    ],
)
def test_a_faulty_map_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(MappingError) as error:
        parse_mapping(text, "m.toml")
    assert said in str(error.value)
