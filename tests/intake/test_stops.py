"""What a problem stops proves nothing: no error of a workbook stands beside a positive result that it touches."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from builders_intake import CATALOGUE, codes, filled_book, read, save, set_answer

from cartaudit.assess import Engine, assess
from cartaudit.intake import vocabulary
from cartaudit.intake.emptiness import says_nothing
from cartaudit.model.audit import Audit, Compliance, Readiness, Result
from cartaudit.model.layout import Field, split_scoped_id
from cartaudit.model.problem_codes import CODES
from cartaudit.model.problems import Problem, ProblemSeverity, Stops
from cartaudit.model.submission import Rejected, Submission
from cartaudit.pipeline import exit_code

AS_OF = date(2026, 11, 22)
FOLDER = Path(__file__).parents[1] / "workbooks" / "should_fail"
FILES = sorted(json.loads((FOLDER / "expected.json").read_text()))
ALL = tuple((name, None) for name in CATALOGUE.checklists)
POSITIVE = (Readiness.READY, Readiness.CONDITIONAL)
WORDS = [word for words in vocabulary.NOTHING.values() for word in words.split(" | ")]


def judged(submission: Submission, engine: Engine | None = None) -> Audit:
    return assess(submission, CATALOGUE, AS_OF, ALL, engine)


def book_with(question: str, value: object, field: Field) -> Submission:
    book = filled_book()
    set_answer(book, question, value, field)
    submission = read(save(book))
    assert isinstance(submission, Submission)
    return submission


def touched(problem: Problem, audit: Audit) -> Iterator[Result]:
    """Give the results that rest on what a problem stops."""
    name, _, column = split_scoped_id(problem.question)[0].partition(".")
    for checklist in audit.checklists:
        for result in checklist.results:
            reads = not column or problem.stops is Stops.ROW or column in {step.column for step in result.steps}
            evidence = problem.stops is Stops.EVIDENCE and result.requirement.evidence_required
            answer = problem.stops in (Stops.ANSWER, Stops.ROW) and reads
            if name in result.questions and (answer or evidence):
                yield result


@pytest.mark.parametrize("name", FILES)
def test_no_error_stands_beside_a_positive_result_it_touches(name: str) -> None:
    submission = read((FOLDER / name).read_bytes(), name)
    if isinstance(submission, Rejected):
        return
    audit = judged(submission)
    errors = [p for p in submission.problems if p.severity is ProblemSeverity.ERROR]
    for problem in errors:
        assert all(r.compliance is not Compliance.COMPLIANT for r in touched(problem, audit)), str(problem)
        if problem.stops is Stops.IDENTITY:
            assert all(c.readiness not in POSITIVE for c in audit.checklists)
    assert not errors or exit_code(audit, "critical") == 1


def test_the_filled_workbook_is_positive_so_that_stopping_shows() -> None:
    submission = read(save(filled_book()))
    assert isinstance(submission, Submission)
    results = [r.compliance for c in judged(submission).checklists for r in c.results]
    assert results.count(Compliance.COMPLIANT) >= 5


def test_an_error_stops_something_and_a_warning_nothing() -> None:
    for entry in CODES.values():
        assert (entry.severity is ProblemSeverity.ERROR) == (entry.stops is not Stops.NOTHING)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_that_says_nothing_is_known_in_any_dress(word: str) -> None:
    for text in (word, word.upper(), f" {word}. ", f"({word})", f"– {word} –"):
        assert says_nothing(text)


@pytest.mark.parametrize(
    "text", ["-", "?", "...", "–", "N/A", "n.a.", "tbc", "TBD", "yes", "ja", "ok", "vorhanden", "0", "✓"]
)
def test_signs_and_answers_say_nothing_where_a_document_is_asked(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "SOP-12",
        "SOP 12 v3",
        "QM-H 4.2",
        "AB",
        "J",
        "see SOP-12",
        "none of the above applies, see QM-1",
        "4711",
        "K. Meier",
        "Draft guideline QM-7, in force since May",
        "Log",
    ],
)
def test_codes_initials_and_sentences_are_no_empty_words(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize("word", ["none", "-", "tbc", "folgt", "siehe SOP", "voir ci-dessus", "as above", "yes"])
@pytest.mark.parametrize("field", [Field.EVIDENCE, Field.ACTION, Field.CONTAINMENT, Field.OWNER_ROLE, Field.NA_REASON])
def test_an_empty_word_counts_as_blank_and_is_named(field: Field, word: str) -> None:
    with_word, blank = (book_with("alarm_tested", value, field) for value in (word, None))
    one, two = with_word.responses["alarm_tested", ""], blank.responses["alarm_tested", ""]
    assert (one.evidence.references, one.action, one.na_reason) == (two.evidence.references, two.action, two.na_reason)
    assert [c for c, _ in codes(with_word) if c == "CA236"] == ["CA236"]
    verdicts = [[(r.compliance, r.reason) for c in judged(s).checklists for r in c.results] for s in (with_word, blank)]
    assert verdicts[0] == verdicts[1]


def test_a_document_beside_an_empty_word_still_counts() -> None:
    submission = book_with("alarm_tested", "SOP-12; tbc", Field.EVIDENCE)
    assert submission.responses["alarm_tested", ""].evidence.references == ("SOP-12",)
    assert [(p.code, p.severity) for p in submission.problems] == [("CA236", ProblemSeverity.WARNING)]


def test_a_date_that_is_none_stops_what_its_field_is_for() -> None:
    stops = {}
    for field in (Field.EVIDENCE_DATED, Field.DUE, Field.ANSWERED_ON):
        (problem,) = book_with("alarm_tested", "last spring", field).problems
        stops[field] = problem.stops
    assert stops == {
        Field.EVIDENCE_DATED: Stops.EVIDENCE,
        Field.DUE: Stops.PLAN,
        Field.ANSWERED_ON: Stops.NOTHING,
    }


def test_a_failing_answer_fails_whatever_is_stopped() -> None:
    book = filled_book()
    set_answer(book, "alarm_tested", "No")
    set_answer(book, "alarm_tested", "next year", Field.EVIDENCE_DATED)
    submission = read(save(book))
    assert isinstance(submission, Submission)
    (result,) = [r for c in judged(submission).checklists for r in c.results if r.questions == ("alarm_tested",)]
    assert result.compliance is Compliance.NON_COMPLIANT


def test_a_list_that_goes_on_on_another_sheet_is_read_from_both() -> None:
    book = filled_book()
    copy = book.copy_worksheet(book["Storage vessels"])
    copy.title = "Storage vessels (2)"
    for cells in copy.iter_rows(min_row=3):
        if cells[0].value:
            cells[0].value = f"{cells[0].value}-more"
    submission = read(save(book))
    assert isinstance(submission, Submission)
    names = [row.entries["vessel"].value for row in submission.responses["vessels", ""].rows]
    assert names == ["LN2-A", "LN2-B", "LN2-A-more", "LN2-B-more"]
    assert ("CA152", "Storage vessels (2)") in [(p.code, p.sheet) for p in submission.problems]


def test_a_copied_list_with_the_same_rows_is_no_second_list() -> None:
    book = filled_book()
    book.copy_worksheet(book["Storage vessels"]).title = "Storage vessels (2)"
    submission = read(save(book))
    assert isinstance(submission, Submission)
    assert "CA310" in [p.code for p in submission.problems]
    results = [r for c in judged(submission).checklists for r in c.results if "vessels" in r.questions]
    assert all(r.compliance is not Compliance.COMPLIANT for r in results)


def test_a_warm_engine_keeps_what_is_stopped_of_one_centre_from_the_other() -> None:
    clean = read(save(filled_book()))
    faulty = book_with("set_point", -180, Field.ANSWER)
    assert isinstance(clean, Submission)

    key = ("set_point", "")
    stopped = replace(
        faulty, responses={**faulty.responses, key: replace(faulty.responses[key], stopped=(Stops.ANSWER,))}
    )
    for order in ((clean, stopped), (stopped, clean)):
        engine = Engine(catalogue=CATALOGUE, as_of=AS_OF)
        warm = [[r.compliance for c in judged(s, engine).checklists for r in c.results] for s in order]
        fresh = [[r.compliance for c in judged(s).checklists for r in c.results] for s in order]
        assert warm == fresh
        assert warm[0] != warm[1]


def test_a_shifted_workbook_is_named_as_that() -> None:
    book = filled_book()
    for sheet in book.worksheets:
        sheet.insert_cols(1)
        sheet.insert_rows(1)
    book.custom_doc_props.props.clear()
    assert codes(read(save(book))) == [("CA153", "_cartaudit")]
