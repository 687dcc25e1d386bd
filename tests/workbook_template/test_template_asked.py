from dataclasses import replace
from datetime import date

import pytest
from builders_template import ALPHA, CRITERIA, requirement

from cartaudit.errors import UnknownChecklistError
from cartaudit.model.checklists import Catalogue
from cartaudit.model.profile import Treatment
from cartaudit.workbook.template import TemplatePlan, asked_questions, choose_checklists, pending_thresholds


def test_only_questions_that_a_requirement_reads_are_asked(catalogue: Catalogue, plan: TemplatePlan) -> None:
    names = {name for name, _ in asked_questions(catalogue, plan)}
    assert "unused" not in names
    assert {"sop", "vessels", "weeks"} <= names


def test_profile_questions_come_first(catalogue: Catalogue, plan: TemplatePlan) -> None:
    assert [name for name, _ in asked_questions(catalogue, plan)][:3] == ["country", "phase", "treatments"]


def test_question_of_two_products_is_asked_for_each(catalogue: Catalogue, plan: TemplatePlan) -> None:
    assert {s for name, s in asked_questions(catalogue, plan) if name == "weeks"} == {"alpha", "beta"}


def test_question_of_a_treatment_carries_its_key(catalogue: Catalogue, plan: TemplatePlan) -> None:
    assert ("visits", "alpha:mm:adult") in asked_questions(catalogue, plan)


def test_named_checklist_alone_decides(catalogue: Catalogue, plan: TemplatePlan) -> None:
    asked = asked_questions(catalogue, replace(plan, checklists=(("alpha", None),)))
    assert ("sop", "") not in asked
    assert ("weeks", "beta") not in asked


def test_question_that_only_at_least_names_is_asked(catalogue: Catalogue, plan: TemplatePlan) -> None:
    rules = requirement("X-10", {"minutes": {"at_least": "doses"}})
    accred = replace(catalogue.checklists["accred"], requirements=(rules,))
    smaller = replace(catalogue, checklists={"accred": accred})
    assert ("doses", "") in asked_questions(smaller, plan)


def test_requirement_of_another_edition_asks_nothing(catalogue: Catalogue, plan: TemplatePlan) -> None:
    accred = replace(
        catalogue.checklists["accred"], requirements=(requirement("X-01", CRITERIA["X-01"], editions=("1",)),)
    )
    changed = replace(catalogue, checklists={"accred": accred})
    assert ("sop", "") not in asked_questions(changed, plan)
    first = replace(plan, checklists=(("accred", "1"),), as_of=date(2025, 6, 1))
    assert ("sop", "") in asked_questions(changed, first)


def test_edition_that_is_not_in_force_gives_way_to_the_one_that_is(catalogue: Catalogue, plan: TemplatePlan) -> None:
    (chosen,) = choose_checklists(catalogue, replace(plan, checklists=(("accred", "1"),)))
    assert chosen.edition_name == "2"


def test_edition_in_force_is_chosen(catalogue: Catalogue, plan: TemplatePlan) -> None:
    assert {c.edition_name for c in choose_checklists(catalogue, plan)} == {"2"}


def test_products_not_delivered_are_left_out(catalogue: Catalogue, plan: TemplatePlan) -> None:
    chosen = choose_checklists(catalogue, replace(plan, treatments=(ALPHA,)))
    assert [c.checklist.id for c in chosen] == ["accred", "alpha"]


@pytest.mark.parametrize("wanted", [("other", None), ("accred", "3")])
def test_unknown_checklist_or_edition_is_refused(
    catalogue: Catalogue, plan: TemplatePlan, wanted: tuple[str, str | None]
) -> None:
    with pytest.raises(UnknownChecklistError, match="Known are"):
        choose_checklists(catalogue, replace(plan, checklists=(wanted,)))


def test_product_without_indication_is_asked_for_all_of_them(catalogue: Catalogue, plan: TemplatePlan) -> None:
    asked = asked_questions(catalogue, replace(plan, treatments=(Treatment(product="alpha"),)))
    assert {s for name, s in asked if name == "visits"} == {"alpha:mm:adult", "alpha:mm:paediatric"}


def test_open_thresholds_are_listed_and_settled_ones_are_not(catalogue: Catalogue, plan: TemplatePlan) -> None:
    found = {(p.definition.name, p.product): p.known for p in pending_thresholds(catalogue, plan)}
    assert found == {
        ("weeks_min", "beta"): "4 weeks (unverified)",
        ("visits_min", "beta"): "not found in a text we read",
        ("store_max_c", "beta"): "-150 °C (read at second hand)",
    }


def test_without_a_country_every_jurisdiction_is_looked_at(catalogue: Catalogue, plan: TemplatePlan) -> None:
    found = pending_thresholds(catalogue, replace(plan, country=""))
    assert all(p.known.startswith("EU: ") for p in found)
    assert found
