from datetime import date

import pytest
from builders_assess import (
    AS_OF,
    KYMRIAH,
    TECARTUS,
    audited,
    judged,
    product_checklist,
    profile,
    register,
    requirement,
    response,
    value,
)

from cartaudit.model.audit import Compliance, Reason
from cartaudit.model.parameters import Verification
from cartaudit.model.submission import SiteValue

DRIVING = product_checklist("kymriah", requirement(criterion={"weeks": {"min": {"parameter": "driving_weeks_min"}}}))


def site_value(amount, **more):
    more.setdefault("revision", "Rev. 7")
    more.setdefault("dated", date(2025, 11, 1))
    more.setdefault("role", "Pharmacist")
    more.setdefault("product", "kymriah")
    return SiteValue(parameter="driving_weeks_min", value=amount, **more)


def counselled(weeks, **more):
    return judged(DRIVING, response("weeks", weeks, scope="kymriah"), **more)


def test_limit_changes_on_its_first_day_in_force():
    us = (
        value("driving_weeks_min", 8, jurisdiction="US", effective_to=date(2025, 6, 26)),
        value("driving_weeks_min", 2, jurisdiction="US", effective_from=date(2025, 6, 26)),
    )
    site = profile(country="US", jurisdiction="US")
    before = counselled(2, parameters=us, profile_=site, as_of=date(2025, 6, 25))
    after = counselled(2, parameters=us, profile_=site, as_of=date(2025, 6, 26))
    assert (before.compliance, after.compliance) == (Compliance.NON_COMPLIANT, Compliance.COMPLIANT)


@pytest.mark.parametrize("verification", [Verification.LABEL, Verification.AUTHORITY, Verification.SECONDARY])
def test_verified_values_decide(verification):
    known = (value("driving_weeks_min", 8, verification=verification),)
    assert counselled(8, parameters=known).compliance is Compliance.COMPLIANT
    assert counselled(7, parameters=known).compliance is Compliance.NON_COMPLIANT


def test_site_supplied_value_decides_where_none_is_verified():
    weak = (value("driving_weeks_min", 8, verification=Verification.UNVERIFIED),)
    result = counselled(2, parameters=weak, site_values=[site_value(2)])
    assert result.compliance is Compliance.COMPLIANT
    assert result.thresholds[0].verification == "site"
    assert "site-supplied, revision Rev. 7" in result.criterion


@pytest.mark.parametrize("missing", ["revision", "dated", "role", "value"])
def test_incomplete_site_supplied_value_decides_nothing(missing):
    given = {"revision": {"revision": ""}, "dated": {"dated": None}, "role": {"role": ""}, "value": {}}[missing]
    supplied = site_value(None if missing == "value" else 2, **given)
    assert counselled(2, parameters=(), site_values=[supplied]).reason is Reason.THRESHOLD_UNCONFIRMED


def test_site_supplied_no_limit_takes_the_requirement_away_and_says_whose_reading_it_is():
    result = counselled(0, parameters=(), site_values=[site_value(None, none=True)])
    assert (result.compliance, result.reason) == (Compliance.NOT_APPLICABLE, Reason.NO_LIMIT)
    assert "site-supplied, revision Rev. 7, text of 2025-11-01" in result.message


def test_site_supplied_value_cannot_loosen_a_verified_one():
    assert counselled(7, site_values=[site_value(2)]).compliance is Compliance.NON_COMPLIANT


def test_site_supplied_value_can_be_stricter_than_a_verified_one():
    assert counselled(8, site_values=[site_value(9)]).compliance is Compliance.NON_COMPLIANT


def test_site_supplied_value_does_not_count_without_a_country():
    nowhere = profile(country="", jurisdiction=None)
    assert counselled(9, site_values=[site_value(2)], profile_=nowhere).reason is Reason.THRESHOLD_UNCONFIRMED


def test_offset_is_added_to_the_value():
    criterion = {"weeks": {"min": {"parameter": "driving_weeks_min", "offset": 1}}}
    checked = product_checklist("kymriah", requirement(criterion=criterion))
    assert judged(checked, response("weeks", 8, scope="kymriah")).compliance is Compliance.NON_COMPLIANT
    result = judged(checked, response("weeks", 9, scope="kymriah"))
    assert (result.compliance, result.thresholds[0].value) == (Compliance.COMPLIANT, 9)


def test_values_of_several_texts_are_spliced():
    criterion = {"choice": {"allowed": ["own", {"parameter": "sites"}]}}
    checked = product_checklist("kymriah", requirement(criterion=criterion))
    known = (value("sites", ("contracted", "hotel")),)
    assert judged(checked, response("choice", "contracted"), parameters=known).compliance is Compliance.COMPLIANT
    assert judged(checked, response("choice", "contracted"), parameters=()).reason is Reason.THRESHOLD_UNCONFIRMED


def test_text_without_a_limit_drops_its_rule_and_no_other():
    criterion = {
        "weeks": {"min": {"parameter": "driving_weeks_min"}},
        "temperature": {"max": {"parameter": "storage_max_c"}},
    }
    checked = product_checklist("kymriah", requirement(criterion=criterion))
    known = (value("driving_weeks_min", None, none=True), value("storage_max_c", -120.0))
    answers = response("weeks", 0, scope="kymriah"), response("temperature", -119.0)
    assert judged(checked, *answers, parameters=known).compliance is Compliance.NON_COMPLIANT


BAND = {"min": {"parameter": "driving_weeks_min"}, "max": {"parameter": "driving_weeks_max"}}
NOTHING = {"value": None, "none": True}


@pytest.mark.parametrize(
    ("least", "most", "weeks", "expected"),
    [
        ({}, {}, 8, Compliance.COMPLIANT),
        ({}, {}, 12, Compliance.COMPLIANT),
        ({}, {}, 7, Compliance.NON_COMPLIANT),
        ({}, {}, 13, Compliance.NON_COMPLIANT),
        ({}, NOTHING, 99, Compliance.COMPLIANT),
        ({}, NOTHING, 7, Compliance.NON_COMPLIANT),
        (NOTHING, {}, 0, Compliance.COMPLIANT),
        (NOTHING, {}, 13, Compliance.NON_COMPLIANT),
        (NOTHING, NOTHING, 0, Compliance.NOT_APPLICABLE),
        ({}, None, 9, Compliance.NOT_ASSESSED),
        ({}, None, 7, Compliance.NON_COMPLIANT),
        (None, {}, 9, Compliance.NOT_ASSESSED),
        (None, {}, 13, Compliance.NON_COMPLIANT),
        (None, NOTHING, 9, Compliance.NOT_ASSESSED),
    ],
)
def test_side_of_a_band_that_its_text_leaves_open_closes_nothing_and_one_not_read_proves_nothing(
    least, most, weeks, expected
):
    checked = product_checklist("kymriah", requirement(criterion={"weeks": {"between": BAND}}))
    rows = (("driving_weeks_min", 8, least), ("driving_weeks_max", 12, most))
    known = tuple(
        value(name, n) if not more else value(name, more["value"], none=True)
        for name, n, more in rows
        if more is not None
    )
    assert judged(checked, response("weeks", weeks, scope="kymriah"), parameters=known).compliance is expected


def test_selecting_rows_by_product_does_not_count_as_a_limit():
    criterion = {
        "vessels": {
            "where": {"products": {"contains": {"parameter": "product"}}},
            "every_row": {"warmest": {"max": {"parameter": "storage_max_c"}}},
            "min_rows": 1,
        }
    }
    checked = product_checklist("kymriah", requirement(criterion=criterion))
    row = {"vessel": "A", "products": ("kymriah",), "warmest": 20.0}
    result = judged(checked, register("vessels", row), parameters=(value("storage_max_c", None, none=True),))
    assert (result.compliance, result.reason) == (Compliance.NOT_APPLICABLE, Reason.NO_LIMIT)


def test_shared_vessel_may_suit_one_product_only():
    criterion = {
        "vessels": {
            "where": {"products": {"contains": {"parameter": "product"}}},
            "every_row": {"warmest": {"max": {"parameter": "storage_max_c"}}},
        }
    }
    row = register("vessels", {"vessel": "A", "products": ("kymriah", "tecartus"), "warmest": -130.0})
    both = profile(treatments=(KYMRIAH, TECARTUS))
    verdicts = [
        audited(product_checklist(p, requirement(criterion=criterion)), row, profile_=both).results[0].compliance
        for p in ("kymriah", "tecartus")
    ]
    assert verdicts == [Compliance.COMPLIANT, Compliance.NON_COMPLIANT]


def test_criterion_in_words_names_figure_unit_and_text():
    assert counselled(8).criterion == (
        "Weeks without driving: at least 8 weeks (Kymriah, EU, label text of 2026-01-01)"
    )


def test_message_names_figure_found_limit_and_unit():
    assert counselled(7).message == (
        "Weeks without driving: 7 weeks found, at least 8 weeks (Kymriah, EU, label text of 2026-01-01) required."
    )


def test_text_dates_are_listed_for_print():
    audit = audited(DRIVING, response("weeks", 8, scope="kymriah"))
    assert audit.text_dates == ("Kymriah, EU, label text of 2026-01-01",)


def test_audit_date_of_the_builders_lies_after_the_text():
    assert date(2026, 1, 1) < AS_OF
