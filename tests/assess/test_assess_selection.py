from dataclasses import replace
from datetime import date

import pytest
from builders_assess import (
    AS_OF,
    KYMRIAH,
    TECARTUS,
    audited,
    catalogue,
    checklist,
    product_checklist,
    profile,
    requirement,
    response,
    submission,
    value,
)

from cartaudit.assess import assess
from cartaudit.errors import UnknownChecklistError
from cartaudit.model.audit import Readiness
from cartaudit.model.checklists import Edition, Kind
from cartaudit.model.profile import Treatment

JACIE = checklist(requirement(), selected_by={"accreditor": {"contains": ["jacie"]}})
FACT = checklist(requirement(), id="fact", selected_by={"accreditor": {"contains": ["fact"]}})
ENGLAND = checklist(
    requirement(), id="england", kind=Kind.COMMISSIONER, selected_by={"collection_by": {"allowed": ["own"]}}
)
PRODUCTS = product_checklist("kymriah", requirement()), product_checklist("tecartus", requirement())
ALL = (ENGLAND, *PRODUCTS, FACT, JACIE)
EDITIONS = (
    Edition(edition="8", effective_to=date(2026, 1, 15)),
    Edition(edition="9", effective_from=date(2026, 1, 15)),
)


def chosen(sent, selection=None, *checklists):
    audit = assess(sent, catalogue(*(checklists or ALL)), AS_OF, selection)
    return [(a.checklist.id, a.readiness) for a in audit.checklists]


def test_profile_selects_accreditor_product_and_commissioner_in_that_order():
    sent = submission(response("accreditor", ("jacie",)), response("collection_by", "own"), response("status", "yes"))
    assert [name for name, _ in chosen(sent)] == ["jacie", "kymriah", "england"]


def test_unknown_profile_counts_as_selected():
    assert [name for name, _ in chosen(submission())] == ["fact", "jacie", "kymriah", "england"]


def test_checklists_asked_for_are_judged_whatever_the_profile_says():
    sent = submission(response("accreditor", ("fact",)), response("status", "yes"))
    assert chosen(sent, [("jacie", None)]) == [("jacie", Readiness.READY)]


def test_checklist_asked_for_twice_is_judged_once():
    assert len(chosen(submission(), [("jacie", None), ("jacie", None)])) == 1


@pytest.mark.parametrize(("name", "edition"), [("jaice", None), ("jacie", "7")])
def test_unknown_checklist_or_edition_is_named_with_those_known(name, edition):
    with pytest.raises(UnknownChecklistError, match=r"Known are: .*8|Known are: .*jacie"):
        chosen(submission(), [(name, edition)])


@pytest.mark.parametrize(("day", "edition"), [(date(2026, 1, 14), "8"), (date(2026, 1, 15), "9")])
def test_edition_in_force_on_the_audit_date_is_used(day, edition):
    assert audited(replace(JACIE, editions=EDITIONS), as_of=day).edition.edition == edition


def test_edition_asked_for_that_is_not_in_force_gives_way_with_a_note():
    dated = replace(JACIE, editions=EDITIONS)
    audit = assess(submission(), catalogue(dated), AS_OF, [("jacie", "8")]).checklists[0]
    assert audit.edition.edition == "9"
    assert "Edition 8 is not in force on 2026-01-15; edition 9 was used." in audit.conditions


def test_no_edition_in_force_is_out_of_scope():
    audit = audited(replace(JACIE, editions=EDITIONS[1:]), as_of=date(2025, 1, 1))
    assert (audit.readiness, audit.conditions) == (
        Readiness.OUT_OF_SCOPE,
        ("No edition is in force on 2025-01-01.",),
    )


def test_requirement_of_another_edition_or_period_is_not_judged():
    checked = checklist(
        requirement("R-1"),
        requirement("R-2", editions=("9",)),
        requirement("R-3", editions=("8",)),
        requirement("R-4", effective_from=date(2026, 1, 16)),
        requirement("R-5", effective_to=AS_OF),
        requirement("R-6", effective_from=AS_OF),
    )
    assert [r.requirement.id for r in audited(checked).results] == ["R-1", "R-3", "R-6"]


def test_product_on_another_route_only_is_out_of_scope():
    sent = submission(profile_=profile(treatments=(replace(KYMRIAH, route="trial"), TECARTUS)))
    audit = assess(sent, catalogue(*PRODUCTS), AS_OF)
    assert [(a.checklist.id, a.readiness) for a in audit.checklists] == [
        ("kymriah", Readiness.OUT_OF_SCOPE),
        ("tecartus", Readiness.INCOMPLETE),
    ]
    assert "protocol or licence governs" in audit.checklists[0].conditions[0]


def test_other_route_beside_the_commercial_one_is_said():
    both = profile(treatments=(KYMRIAH, replace(KYMRIAH, route="trial")))
    audit = audited(PRODUCTS[0], response("status", "yes"), profile_=both)
    assert (audit.readiness, audit.treatments) == (Readiness.READY, (KYMRIAH,))
    assert audit.conditions == ("Kymriah is also given on another route (trial), which is not judged.",)


def test_route_not_stated_counts_as_commercial():
    assert chosen(submission(profile_=profile(treatments=(replace(KYMRIAH, route=""),))), None, PRODUCTS[0]) == [
        ("kymriah", Readiness.INCOMPLETE)
    ]


def test_country_without_known_product_information_is_out_of_scope():
    audit = audited(PRODUCTS[0], profile_=profile(country="BR", jurisdiction=None))
    assert audit.readiness is Readiness.OUT_OF_SCOPE
    assert "BR" in audit.conditions[0]


@pytest.mark.parametrize(
    ("days", "outside"), [({"text_date": date(2026, 1, 16)}, True), ({"effective_from": AS_OF}, False), ({}, False)]
)
def test_a_product_speaks_from_its_first_text_on(days, outside):
    shelf = catalogue(PRODUCTS[0], parameters=(value("driving_weeks_min", 8, **days),))
    audit = assess(submission(response("status", "yes")), shelf, AS_OF, [("kymriah", None)]).checklists[0]
    assert (audit.readiness is Readiness.OUT_OF_SCOPE) is outside
    assert not outside or "2026-01-16" in audit.conditions[0]


def test_jurisdiction_follows_the_country_where_the_profile_leaves_it_out():
    assert audited(PRODUCTS[0], profile_=profile(country="FR", jurisdiction=None)).jurisdiction == "EU"


def test_product_asked_for_that_the_profile_does_not_list_is_out_of_scope():
    assert audited(PRODUCTS[1]).readiness is Readiness.OUT_OF_SCOPE


def test_out_of_scope_has_no_score():
    assert audited(PRODUCTS[1]).score.value is None


def test_order_of_responses_and_treatments_does_not_matter():
    answers = [response("status", "yes"), response("accreditor", ("jacie",)), response("collection_by", "own")]
    who = profile(treatments=(KYMRIAH, TECARTUS, Treatment(product="kymriah", indication="dlbcl", population="adult")))
    other = replace(who, treatments=who.treatments[::-1])
    one = assess(submission(*answers, profile_=who), catalogue(*ALL), AS_OF)
    two = assess(submission(*answers[::-1], profile_=other), catalogue(*ALL), AS_OF)
    assert [(a.checklist.id, a.readiness, [r.requirement.id for r in a.results]) for a in one.checklists] == [
        (a.checklist.id, a.readiness, [r.requirement.id for r in a.results]) for a in two.checklists
    ]
