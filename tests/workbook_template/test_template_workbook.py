import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from builders_template import ALPHA, AS_OF

from cartaudit.model.answers import AnswerState, Share, Status
from cartaudit.model.checklists import Catalogue
from cartaudit.model.countries import COUNTRIES
from cartaudit.model.layout import AREA_HEADINGS, FIXED_KEY, IDENTITY_SHEET, LISTS_SHEET, SITE_VALUE_HEADINGS, Field
from cartaudit.model.submission import SiteValue
from cartaudit.workbook.template import Filling, TemplatePlan, build_template
from cartaudit.workbook.template_areas import COLUMN, FIRST_ROW, HEADING_ROW

Opened = Callable[[TemplatePlan], openpyxl.Workbook]


def cell(book: openpyxl.Workbook, sheet: str, name: str, field: Field = Field.ANSWER) -> openpyxl.cell.Cell:
    for row in range(FIRST_ROW, book[sheet].max_row + 1):
        if book[sheet].cell(row, 1).value == name:
            return book[sheet].cell(row, COLUMN[field])
    raise AssertionError(name)


def answers(**given: object) -> Filling:
    return Filling(answers={(name, ""): {Field.ANSWER: value} for name, value in given.items()})  # type: ignore[dict-item]


def checks_on(book: openpyxl.Workbook, sheet: str, address: str) -> list[str]:
    found = book[sheet].data_validations.dataValidation
    return [f"{d.type} {d.formula1}" for d in found if address in d.sqref]


def test_sheets_stand_in_the_order_of_the_work(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [
        "Instructions",
        "Profile",
        "Treatments",
        "Cold chain",
        "Storage vessels",
        "Discharge",
        "Site-supplied values",
        LISTS_SHEET,
        IDENTITY_SHEET,
    ]


@pytest.mark.parametrize("sheet", ["Profile", "Cold chain", "Discharge"])
def test_question_sheets_carry_every_heading(book: openpyxl.Workbook, sheet: str) -> None:
    found = [c.value for c in book[sheet][HEADING_ROW]]
    assert found == [h.title for h in AREA_HEADINGS]


def test_every_visible_sheet_is_protected_without_a_password(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            assert sheet.protection.sheet
            assert not sheet.protection.password


@pytest.mark.parametrize(
    ("field", "locked"),
    [(Field.ID, True), (Field.QUESTION, True), (Field.ANSWER, False), (Field.INSPECTOR_ROLE, False)],
)
def test_questions_are_locked_and_answers_open(book: openpyxl.Workbook, field: Field, locked: bool) -> None:
    assert cell(book, "Cold chain", "sop", field).protection.locked is locked


def test_status_is_chosen_from_a_list_with_na(book: openpyxl.Workbook) -> None:
    place = cell(book, "Cold chain", "sop").coordinate
    (check,) = checks_on(book, "Cold chain", place)
    column = check.split("$")[1]
    words = [c.value for c in book[LISTS_SHEET][column] if c.value]
    assert words == ["Yes", "Partial", "No", "In progress", "N/A"]


def test_profile_choice_offers_no_na(book: openpyxl.Workbook) -> None:
    (check,) = checks_on(book, "Profile", cell(book, "Profile", "country").coordinate)
    assert [c.value for c in book[LISTS_SHEET][check.split("$")[1]] if c.value] == sorted(COUNTRIES)


@pytest.mark.parametrize("name", ["doses", "minutes", "checked_on"])
def test_numbers_and_dates_are_checked_and_let_na_through(book: openpyxl.Workbook, name: str) -> None:
    (check,) = checks_on(book, "Cold chain", cell(book, "Cold chain", name).coordinate)
    assert check.startswith("custom ")
    assert '="N/A"' in check


def test_question_cell_holds_help_and_good_evidence(book: openpyxl.Workbook) -> None:
    text = cell(book, "Cold chain", "sop", Field.QUESTION).value
    assert text == "Text of sop\nWhat counts.\nGood evidence: SOP 1\nUsually answered by: Quality manager"


def test_question_of_a_product_names_it(book: openpyxl.Workbook) -> None:
    assert cell(book, "Discharge", "weeks@beta", Field.QUESTION).value.startswith("Beta: ")
    text = cell(book, "Discharge", "visits@alpha:mm:adult", Field.QUESTION).value
    assert text.startswith("Alpha, Myeloma, adults: ")


def test_choices_list_their_options_in_the_question(book: openpyxl.Workbook) -> None:
    assert "Receipt; Thaw; None" in cell(book, "Cold chain", "steps", Field.QUESTION).value


def test_share_is_counted_in_its_own_columns(book: openpyxl.Workbook) -> None:
    assert cell(book, "Cold chain", "audits").value == "counted"
    assert cell(book, "Cold chain", "audits", Field.NUMERATOR).protection.locked is False
    assert cell(book, "Cold chain", "sop", Field.NUMERATOR).protection.locked is True


def test_share_columns_are_hidden_where_nothing_is_counted(book: openpyxl.Workbook) -> None:
    letter = openpyxl.utils.get_column_letter(COLUMN[Field.NUMERATOR])
    assert book["Discharge"].column_dimensions[letter].hidden
    assert not book["Cold chain"].column_dimensions[letter].hidden


def test_register_points_to_its_sheet_and_counts_rows(book: openpyxl.Workbook) -> None:
    assert cell(book, "Cold chain", "vessels").value == 'see sheet "Storage vessels"'
    assert cell(book, "Cold chain", "vessels", Field.UNIT).value.startswith("=COUNTA('Storage vessels'!")


def test_register_has_column_ids_above_headings_and_forty_rows(book: openpyxl.Workbook) -> None:
    sheet = book["Storage vessels"]
    assert [c.value for c in sheet[4]] == ["vessel", "products", "warmest_c", "mapped_on", "complying", "examined"]
    assert [c.value for c in sheet[5]][:4] == ["Vessel", "Products held", "Warmest position (°C)", "Mapped on"]
    assert sheet.max_row == 45


def test_register_grows_with_its_rows(opened: Opened, plan: TemplatePlan) -> None:
    rows = tuple({"vessel": f"V{n}"} for n in range(50))
    book = opened(replace(plan, filling=Filling(rows={"vessels": rows})))
    assert book["Storage vessels"].max_row == 65
    assert book["Storage vessels"].cell(55, 1).value == "V49"


def test_answers_are_written_as_people_read_them(opened: Opened, plan: TemplatePlan) -> None:
    filling = answers(
        sop=Status.IN_PROGRESS,
        alarm=False,
        doses=3,
        checked_on=date(2026, 1, 2),
        licence="not_yet",
        steps=("receipt", "thaw"),
        name=AnswerState.NOT_APPLICABLE,
        audits=Share(numerator=3, denominator=4, period="2026"),
    )
    book = opened(replace(plan, filling=filling))
    found = {name: cell(book, "Cold chain", name).value for (name, _) in filling.answers}
    assert found["checked_on"].date() == date(2026, 1, 2)
    assert {k: v for k, v in found.items() if k != "checked_on"} == {
        "sop": "In progress",
        "alarm": "No",
        "doses": 3,
        "licence": "Not yet",
        "steps": "Receipt; Thaw",
        "name": "N/A",
        "audits": "counted",
    }
    assert cell(book, "Cold chain", "audits", Field.DENOMINATOR).value == 4


def test_text_that_looks_like_a_formula_stays_text(opened: Opened, plan: TemplatePlan) -> None:
    book = opened(replace(plan, filling=answers(name="=1+1")))
    assert cell(book, "Cold chain", "name").data_type == "s"


def test_open_threshold_has_a_row_and_takes_the_site_value(opened: Opened, plan: TemplatePlan) -> None:
    given = SiteValue(
        parameter="weeks_min", product="beta", value=6, revision="R1", dated=date(2026, 5, 1), role="Pharmacist"
    )
    sheet = opened(replace(plan, filling=Filling(site_values=(given,))))["Site-supplied values"]
    assert [c.value for c in sheet[4]] == [title for _, title in SITE_VALUE_HEADINGS]
    row = next(r for r in sheet.iter_rows(min_row=5, values_only=True) if r[0] == "weeks_min")
    assert row[1] == "Beta"
    assert row[6:9] == ("4 weeks (unverified)", 6, "R1")


def test_site_value_without_a_limit_is_written_as_a_word(opened: Opened, plan: TemplatePlan) -> None:
    given = SiteValue(
        parameter="weeks_min", product="beta", value=None, none=True, revision="R1", dated=AS_OF, role="Pharmacist"
    )
    sheet = opened(replace(plan, filling=Filling(site_values=(given,))))["Site-supplied values"]
    row = next(r for r in sheet.iter_rows(min_row=5, values_only=True) if r[0] == "weeks_min")
    assert row[7] == "None"


def test_identity_stands_on_a_hidden_sheet_and_in_the_properties(book: openpyxl.Workbook, catalogue: Catalogue) -> None:
    sheet = {r[0]: r[1] for r in book[IDENTITY_SHEET].iter_rows(values_only=True) if r[0] != FIXED_KEY}
    assert book[IDENTITY_SHEET].sheet_state == "hidden"
    assert sheet["checklists"] == "accred@2; alpha@2; beta@2"
    assert sheet["catalogue"] == catalogue.digest
    assert sheet["as_of"] == AS_OF.isoformat()
    properties = {p.name: p.value for p in book.custom_doc_props}
    assert properties == {f"cartaudit_{k}": v for k, v in sheet.items()}


def test_instructions_count_answers_sheet_by_sheet(book: openpyxl.Workbook) -> None:
    formulas = [c.value for row in book["Instructions"] for c in row if str(c.value).startswith("=")]
    assert any("'Cold chain'!" in f for f in formulas)
    assert any("'Storage vessels'!" in f for f in formulas)


def test_headings_are_frozen_and_repeated_in_print(book: openpyxl.Workbook) -> None:
    sheet = book["Cold chain"]
    assert sheet.freeze_panes == "C5"
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.page_setup.orientation == "landscape"


def test_same_plan_gives_the_same_bytes(catalogue: Catalogue, plan: TemplatePlan) -> None:
    assert build_template(catalogue, plan) == build_template(catalogue, plan)


def test_archive_carries_no_clock(catalogue: Catalogue) -> None:
    data = build_template(catalogue, TemplatePlan(as_of=AS_OF, tool_version="1", treatments=(ALPHA,)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


def test_an_area_prints_two_pages_wide_until_an_inspector_has_answered(
    opened: Callable[[TemplatePlan], openpyxl.Workbook], plan: TemplatePlan, book: openpyxl.Workbook
) -> None:
    inspected = replace(plan, filling=Filling(answers={("sop", ""): {Field.INSPECTOR_ANSWER: "No"}}))
    printed = [len(b["Cold chain"].col_breaks.brk) + 1 for b in (book, opened(inspected))]
    assert printed == [2, 3]
    assert book["Cold chain"].print_area.startswith("'Cold chain'!$A$1:$S$")
