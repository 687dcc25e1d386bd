"""Phrases: each thing said once, questions whole, and nothing that decides left out."""

from dataclasses import replace

from builders_report import catalogue, requirement, result, small_audit

from cartaudit.model.audit import Compliance, Result
from cartaudit.report.model import build_report
from cartaudit.report.parts import Ask, Case, RequirementLine, SetAside
from cartaudit.report.phrases import (
    alike,
    answer,
    answers,
    by_reason,
    criterion,
    open_questions,
    places,
    put,
    spans,
    together,
    whom,
)


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
    made = one(4, Compliance.NON_COMPLIANT)._replace(questions=("q3",))
    made = made._replace(steps=tuple(s._replace(question="q3") for s in made.steps))
    line = build_report(small_audit(made), held).findings[0].requirement
    assert put(line.cases).asked == asked.text


def test_requirements_that_are_met_alike_stand_together_and_gaps_never() -> None:
    first = one(4, Compliance.COMPLIANT)
    second = first._replace(requirement=replace(first.requirement, id="FJ-THA-999"))
    assert [len(g) for g in alike(lines_of(first, second), False)] == [2]
    short = (r._replace(compliance=Compliance.NON_COMPLIANT) for r in (first, second))
    assert [len(g) for g in alike(lines_of(*short), False)] == [1, 1]


def test_cells_that_follow_one_another_are_a_span() -> None:
    assert spans(["Documents!E7", "Documents!E6", "Documents!E9", "Staff!B8", ""]) == "Documents!E6–E7, E9; Staff!B8"


def aside(identity: str, *products: str) -> list[SetAside]:
    return [
        SetAside(
            id=identity,
            title="Bag rinsed",
            affects=(f"{product} (EU)",),
            kind="By profile",
            decided_by=f"Does not apply to {product}.",
            cells=(),
        )
        for product in products
    ]


def test_what_no_product_asks_for_stands_once_with_the_exceptions() -> None:
    lines = [
        *aside("PR-1", "Abecma", "Kymriah", "Tecartus"),
        *aside("PR-2", "Abecma", "Tecartus"),
        *aside("PR-3", "Abecma"),
    ]
    (group,) = by_reason(lines)
    assert [(item.id, item.only) for item in group.items] == [
        ("PR-1", ""),
        ("PR-2", "all but Kymriah (EU)"),
        ("PR-3", "Abecma (EU)"),
    ]


def test_text_without_a_limit_is_named_for_each_product() -> None:
    said = "The product information sets no limit: Kymriah, EU, text of 2026-09-01."
    (group,) = by_reason([replace(aside("PR-1", "Kymriah")[0], decided_by=said, kind="No limit in the text")])
    assert (group.decided_by, group.items[0].only) == (
        "The product information sets no limit.",
        "Kymriah, EU, text of 2026-09-01",
    )


def test_all_products_are_named_by_one_word_and_the_rest_by_theirs() -> None:
    verdict = build_report(small_audit(one(4, Compliance.COMPLIANT)), catalogue()).verdicts[0]
    products = [replace(verdict, label=name, product=name) for name in ("A", "B", "C")]
    assert whom(("A", "JACIE", "B", "C"), products) == "all products, JACIE"
    assert whom(("A", "B"), products) == "A, B"


def test_what_is_open_in_the_same_words_is_said_once_for_all_it_concerns() -> None:
    (line,) = lines_of(one(2, Compliance.NOT_ASSESSED))
    case = replace(line.cases[0], note="When it starts: not confirmed (Abecma, EU, no value found).", cells=())
    other = replace(
        case, note="When it starts: not confirmed (Kymriah, EU, no value found).", affects=("Kymriah (EU)",)
    )
    assert [c.affects for c in together((case, other))] == [(*case.affects, "Kymriah (EU)")]
    assert open_questions(case) == "When it starts: not confirmed."


def product_cases(*said: tuple[str, str, str]) -> tuple[Case, ...]:
    """Make cases of products that differ in what is required, found and noted."""
    (line,) = lines_of(one(4, Compliance.COMPLIANT))
    case = line.cases[0]
    ask = Ask(question="Vessels?", short="Vessels", found="", required="", cell="Thaw!A6", holds=True)
    return tuple(
        replace(
            case,
            affects=(f"{name} (EU)",),
            claim="",
            note=found if not required else "",
            message=found,
            asks=(replace(ask, found=found, required=required),) if required else (),
            cells=("Thaw!A6",) if required else (),
            comments=(),
            extent="",
        )
        for name, required, found in said
    )


def test_rule_that_differs_by_the_products_name_alone_is_said_once() -> None:
    cases = product_cases(
        ("Abecma", "in all rows with Abecma: Yes", "7 rows"), ("Kymriah", "in all rows with Kymriah: Yes", "7 rows")
    )
    assert criterion(cases) == "Vessels. Required: in all rows with the product: Yes."


def test_rules_that_differ_in_their_figures_keep_the_names_of_their_products() -> None:
    said = criterion(
        product_cases(
            ("Abecma", "rows with Abecma: 1 dose", "7 rows"),
            ("Breyanzi", "rows with Breyanzi: 1 dose", "7 rows"),
            ("Kymriah", "rows with Kymriah: 2 doses", "7 rows"),
        )
    )
    assert "rows with Abecma or Breyanzi: 1 dose" in said
    assert "rows with Kymriah: 2 doses" in said


def test_answer_given_alike_for_several_products_is_said_once_for_them() -> None:
    cases = product_cases(("Abecma", "x", "7 rows"), ("Breyanzi", "x", "7 rows"), ("Kymriah", "x", "6 rows"))
    assert answers(cases, ()) == ("Abecma (EU), Breyanzi (EU): 7 rows. Thaw!A6.", "Kymriah (EU): 6 rows. Thaw!A6.")


def test_products_that_are_not_asked_are_named_once_together() -> None:
    cases = product_cases(
        ("Kymriah", "x", "7 rows"),
        ("Abecma", "", "Does not apply to Abecma."),
        ("Breyanzi", "", "Does not apply to Breyanzi."),
    )
    assert answers(cases, ())[-1] == "Does not apply: Abecma (EU), Breyanzi (EU)."


def test_answer_that_a_claim_repeats_is_said_once() -> None:
    (case,) = product_cases(("Kymriah", "at least 1", "1 patient"))
    assert answer(replace(case, claim="Vessels (Kymriah): 1 patient; Beds: 4")) == "1 patient, Answer: Beds: 4"


def row_case(**changes: object) -> Case:
    origin = "(Yescarta, EU, label text of 2024-06-01)"
    either = f"in all rows in which Held: Yescarta: either (Warmest: at most −150 °C {origin}) or (Kind: limited; "
    ask = Ask(
        question="List every vessel",
        short="Storage vessels",
        found="row 1 (A), Warmest: −140 °C (Vessels!F6)",
        required=f"{either}Warmest: at most −140 °C {origin})",
        cell="",
        holds=False,
    )
    (line,) = lines_of(one(3, Compliance.NON_COMPLIANT))
    return replace(line.cases[0], asks=(ask,), claim="1 row", **changes)


def test_rows_at_fault_begin_with_a_capital_and_are_not_followed_by_their_number() -> None:
    assert put([row_case(evidence=())]).found == "Row 1 (A), Warmest: −140 °C (Vessels!F6) (no evidence named)."


def test_several_figures_of_one_text_name_it_once() -> None:
    said = put([row_case()]).required
    assert said.count("label text of 2024-06-01") == 1
    assert said.endswith("or (Kind: limited; Warmest: at most −140 °C).")
