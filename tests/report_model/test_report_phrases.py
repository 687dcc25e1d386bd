"""Phrases: each thing said once, questions whole, and nothing that decides left out."""

from dataclasses import replace

from builders_report import catalogue, requirement, result, small_audit

from cartaudit.model.audit import Compliance, Result
from cartaudit.report.model import build_report
from cartaudit.report.parts import RequirementLine
from cartaudit.report.phrases import alike, criterion, places, put


def lines_of(*results: Result) -> list[RequirementLine]:
    report = build_report(small_audit(*results), catalogue())
    return [line for table in report.requirements for line in table.lines]


def one(number: int, compliance: Compliance) -> Result:
    return result(number, requirement(number, "FJ", "thaw", f"Requirement {number}"), "jacie", compliance)


def test_cells_of_one_sheet_name_it_once() -> None:
    assert places(["Cold chain!C22", "Cold chain!C23", "Thaw!C4"]) == "Cold chain!C22, C23; Thaw!C4"


def test_question_stands_once_with_what_is_required() -> None:
    (line,) = lines_of(one(4, Compliance.COMPLIANT))
    assert criterion(line.cases).count("Required: yes.") == 1


def test_gap_says_what_was_found_where_and_by_which_evidence() -> None:
    (line,) = lines_of(one(3, Compliance.NON_COMPLIANT))
    assert put(line.cases).found == "No (Thaw!C7; no evidence named)."


def test_long_question_is_never_cut() -> None:
    held = catalogue()
    asked = replace(next(iter(held.questions.values())), id="q3", text="Is " + "very " * 60 + "much done?")
    held = replace(held, questions={**held.questions, "q3": asked})
    made = replace(one(4, Compliance.NON_COMPLIANT), questions=("q3",))
    made = replace(made, steps=tuple(replace(s, question="q3") for s in made.steps))
    line = build_report(small_audit(made), held).findings[0].requirement
    assert put(line.cases).asked == asked.text


def test_requirements_that_are_met_alike_stand_together_and_gaps_never() -> None:
    first = one(4, Compliance.COMPLIANT)
    second = replace(first, requirement=replace(first.requirement, id="FJ-THA-999"))
    assert [len(g) for g in alike(lines_of(first, second), False)] == [2]
    short = (replace(r, compliance=Compliance.NON_COMPLIANT) for r in (first, second))
    assert [len(g) for g in alike(lines_of(*short), False)] == [1, 1]
