"""Special cases of the product checklists, each on its boundary: the day, the degree, the dose."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from builders_content import AS_OF, judged, shipped_catalogue, supplied

from cartaudit.catalogue.thresholds_page import thresholds_page
from cartaudit.criteria.resolution import resolve_parameter
from cartaudit.criteria.walk import parameters
from cartaudit.model.answers import Share
from cartaudit.model.audit import Compliance, Reason
from cartaudit.model.profile import Treatment
from cartaudit.model.requirements import Requirement, SourceKind
from cartaudit.resources import data_folder

MET = Compliance.COMPLIANT
FAILED = Compliance.NON_COMPLIANT
OPEN = Compliance.NOT_ASSESSED
AWAY = Compliance.NOT_APPLICABLE


def vessel(*products: str, warmest_c: float, **more: Any) -> Mapping[str, Any]:
    return {"vessel": "V1", "products": products, "hold": "regular", "warmest_c": warmest_c, **more}


def place(*products: str, doses: int, **more: Any) -> Mapping[str, Any]:
    return {"place": "Ward", "products": products, "tocilizumab_doses": doses, **more}


def _thresholds(requirement: Requirement, product: str, where: str) -> set[str]:
    """Name the parameters of a requirement that speaks about a product in a place."""
    applies = requirement.applies
    if product not in applies.get("product", [product]) or where not in applies.get("jurisdiction", [where]):
        return set()
    for name, rules in applies.get("parameter", {}).items():
        value = resolve_parameter(shipped_catalogue(), name, Treatment(product=product), where, AS_OF)
        if value is not None and value.value not in rules["allowed"]:
            return set()
    return {*parameters(requirement.criterion), *applies.get("parameter", {})} - {"product", "jurisdiction"}


def _read(name: str, product: str, where: str, indication: str) -> bool:
    treatment = Treatment(product=product, indication=indication, population="adult")
    value = resolve_parameter(shipped_catalogue(), name, treatment, where, AS_OF)
    return value is not None and value.verification.decides


class TestDriving:
    @pytest.mark.parametrize(
        ("product", "where", "as_of", "weeks", "expected"),
        [
            ("kymriah", "US", date(2025, 6, 25), 2, FAILED),
            ("kymriah", "US", date(2025, 6, 26), 2, MET),
            ("tecartus", "US", date(2025, 6, 25), 7, FAILED),
            ("tecartus", "US", date(2025, 6, 25), 8, MET),
            ("tecartus", "US", date(2025, 6, 26), 1, FAILED),
            ("tecartus", "US", date(2025, 6, 26), 2, MET),
            ("breyanzi", "UK", AS_OF, 3, FAILED),
            ("breyanzi", "UK", AS_OF, 4, MET),
            ("tecartus", "UK", AS_OF, 7, FAILED),
            ("kymriah", "EU", AS_OF, 7, FAILED),
            ("kymriah", "EU", AS_OF, 8, MET),
            ("aucatzyl", "US", AS_OF, 2, FAILED),
        ],
    )
    def test_weeks_follow_product_place_and_day(
        self, product: str, where: str, as_of: date, weeks: int, expected: Compliance
    ) -> None:
        result = judged("PR-DRV-01", {"counselled_driving_weeks": weeks}, product=product, place=where, as_of=as_of)
        assert result.compliance is expected

    def test_an_unverified_value_never_fails_a_centre(self) -> None:
        result = judged("PR-DRV-01", {"counselled_driving_weeks": 0}, product="aucatzyl", place="UK")
        assert (result.compliance, result.reason) == (OPEN, Reason.THRESHOLD_UNCONFIRMED)

    @pytest.mark.parametrize(("where", "expected"), [("EU", FAILED), ("US", AWAY)])
    def test_machines_are_demanded_only_where_the_text_names_them(self, where: str, expected: Compliance) -> None:
        result = judged("PR-DRV-02", {"counselled_machines": "no"}, product="kymriah", place=where)
        assert result.compliance is expected


class TestProximity:
    @pytest.mark.parametrize(("hours", "expected"), [(2.0, MET), (2.1, FAILED)])
    def test_travel_time_is_limited_for_kymriah_in_the_eu(self, hours: float, expected: Compliance) -> None:
        result = judged("PR-DRV-06", {"counselled_travel_hours": hours}, product="kymriah", place="EU")
        assert result.compliance is expected

    @pytest.mark.parametrize(("product", "where"), [("tecartus", "UK"), ("breyanzi", "UK"), ("kymriah", "US")])
    def test_a_text_without_travel_time_sets_no_limit(self, product: str, where: str) -> None:
        result = judged("PR-DRV-06", {"counselled_travel_hours": 5.0}, product=product, place=where)
        assert (result.compliance, result.reason) == (AWAY, Reason.NO_LIMIT)

    @pytest.mark.parametrize(("weeks", "expected"), [(1, FAILED), (2, MET)])
    def test_uk_breyanzi_asks_for_two_weeks_nearby(self, weeks: int, expected: Compliance) -> None:
        result = judged("PR-DRV-05", {"counselled_proximity_weeks": weeks}, product="breyanzi", place="UK")
        assert result.compliance is expected


class TestStorage:
    @pytest.mark.parametrize(("warmest_c", "expected"), [(-120.0, MET), (-119.9, FAILED)])
    def test_a_vessel_is_judged_by_the_limit_of_the_product(self, warmest_c: float, expected: Compliance) -> None:
        rows = [vessel("kymriah", warmest_c=warmest_c)]
        assert judged("PR-STO-01", {"vessels": rows}, product="kymriah", place="EU").compliance is expected

    @pytest.mark.parametrize(("product", "expected"), [("kymriah", MET), ("tecartus", FAILED)])
    def test_a_shared_vessel_fails_only_the_product_it_does_not_suit(self, product: str, expected: Compliance) -> None:
        rows = [vessel("kymriah", "tecartus", warmest_c=-140.0)]
        assert judged("PR-STO-01", {"vessels": rows}, product=product, place="EU").compliance is expected

    def test_a_product_in_no_vessel_is_not_assessed(self) -> None:
        rows = [vessel("tecartus", warmest_c=-180.0)]
        result = judged("PR-STO-01", {"vessels": rows}, product="kymriah", place="EU")
        assert (result.compliance, result.reason) == (OPEN, Reason.NO_ROWS)

    @pytest.mark.parametrize(
        ("warmest_c", "days", "once", "expected"),
        [
            (-70.0, 90, True, MET),
            (-90.0, 0, True, MET),
            (-69.9, 10, True, FAILED),
            (-90.1, 10, True, FAILED),
            (-80.0, 91, True, FAILED),
            (-80.0, 10, False, FAILED),
        ],
    )
    def test_uk_tecartus_may_wait_once_at_minus_80_for_90_days(
        self, warmest_c: float, days: int, once: bool, expected: Compliance
    ) -> None:
        since = AS_OF - timedelta(days=days)
        rows = [vessel("tecartus", warmest_c=warmest_c, hold="time_limited", held_since=since, held_once=once)]
        assert judged("PR-STO-01", {"vessels": rows}, product="tecartus", place="UK").compliance is expected

    @pytest.mark.parametrize(("product", "where"), [("tecartus", "EU"), ("tecartus", "CH"), ("kymriah", "EU")])
    def test_no_other_text_allows_a_store_at_minus_80(self, product: str, where: str) -> None:
        since = AS_OF - timedelta(days=1)
        rows = [vessel(product, warmest_c=-80.0, hold="time_limited", held_since=since, held_once=True)]
        assert judged("PR-STO-01", {"vessels": rows}, product=product, place=where).compliance is FAILED

    def test_us_tecartus_waits_for_its_storage_limit(self) -> None:
        rows = [vessel("tecartus", warmest_c=-180.0)]
        result = judged("PR-STO-01", {"vessels": rows}, product="tecartus", place="US")
        assert (result.compliance, result.reason) == (OPEN, Reason.THRESHOLD_UNCONFIRMED)

    def test_us_tecartus_is_judged_by_the_limit_the_centre_supplies(self) -> None:
        rows = [vessel("tecartus", warmest_c=-180.0)]
        values = [supplied("storage_temp_max_c", -150.0, product="tecartus")]
        result = judged("PR-STO-01", {"vessels": rows}, product="tecartus", place="US", site_values=values)
        assert result.compliance is MET

    @pytest.mark.parametrize(("events", "decided", "expected"), [(0, 0, MET), (2, 2, MET), (2, 1, FAILED)])
    def test_each_excursion_needs_a_decision(self, events: int, decided: int, expected: Compliance) -> None:
        answers = {"excursions_with_product": events, "excursions_decided": decided}
        assert judged("PR-STO-02", answers, product="kymriah", place="EU").compliance is expected


class TestThaw:
    @pytest.mark.parametrize(
        ("product", "method", "expected"),
        [
            ("breyanzi", "room_temperature", MET),
            ("breyanzi", "warm_37", FAILED),
            ("kymriah", "warm_37", MET),
            ("kymriah", "room_temperature", FAILED),
        ],
    )
    def test_breyanzi_thaws_at_room_temperature(self, product: str, method: str, expected: Compliance) -> None:
        assert judged("PR-THW-01", {"thaw_method": method}, product=product, place="EU").compliance is expected

    def test_no_bath_is_asked_for_where_thaw_is_at_room_temperature(self) -> None:
        result = judged("PR-THW-02", {"thaw_setpoint_c": 21.0}, product="breyanzi", place="UK")
        assert result.compliance is AWAY

    @pytest.mark.parametrize(
        ("requirement", "product", "anchor", "limit"),
        [
            ("PR-THW-05", "kymriah", "thaw_end", 30),
            ("PR-THW-06", "abecma", "thaw_start", 60),
            ("PR-THW-07", "breyanzi", "frozen_store_removal", 120),
        ],
    )
    @pytest.mark.parametrize(("over", "expected"), [(0, MET), (1, FAILED)])
    def test_each_clock_has_its_own_start_and_limit(
        self, requirement: str, product: str, anchor: str, limit: int, over: int, expected: Compliance
    ) -> None:
        answers = {"in_use_anchor": anchor, "in_use_minutes": limit + over}
        assert judged(requirement, answers, product=product, place="EU").compliance is expected

    @pytest.mark.parametrize("requirement", ["PR-THW-05", "PR-THW-06"])
    def test_only_the_clock_of_the_product_is_judged(self, requirement: str) -> None:
        answers = {"in_use_anchor": "frozen_store_removal", "in_use_minutes": 120}
        assert judged(requirement, answers, product="breyanzi", place="EU").compliance is AWAY

    def test_a_clock_that_starts_at_another_moment_fails(self) -> None:
        result = judged("PR-THW-04", {"in_use_anchor": "thaw_end"}, product="abecma", place="EU")
        assert result.compliance is FAILED

    def test_in_use_time_counted_from_another_moment_fails(self) -> None:
        answers = {"in_use_anchor": "thaw_end", "in_use_minutes": 60}
        assert judged("PR-THW-06", answers, product="abecma", place="EU").compliance is FAILED

    @pytest.mark.parametrize(("minutes", "expected"), [(30, MET), (31, FAILED)])
    def test_stability_of_three_hours_does_not_excuse_a_late_start(self, minutes: int, expected: Compliance) -> None:
        answers = {"infusion_start_minutes": minutes}
        assert judged("PR-THW-09", answers, product="tecartus", place="UK").compliance is expected

    @pytest.mark.parametrize(
        ("product", "answer", "expected"),
        [("kymriah", "weighed", FAILED), ("kymriah", "blocked", MET)],
    )
    def test_prophylactic_steroid_is_blocked(self, product: str, answer: str, expected: Compliance) -> None:
        result = judged("PR-THW-22", {"steroid_before_infusion": answer}, product=product, place="US")
        assert result.compliance is expected

    @pytest.mark.parametrize(
        ("requirement", "product", "where", "expected"),
        [
            ("PR-THW-22", "kymriah", "EU", FAILED),
            ("PR-THW-22", "kymriah", "UK", AWAY),
            ("PR-THW-22", "tecartus", "UK", AWAY),
            ("PR-THW-37", "tecartus", "UK", FAILED),
            ("PR-THW-37", "breyanzi", "UK", FAILED),
            ("PR-THW-37", "tecartus", "EU", AWAY),
            ("PR-THW-38", "carvykti", "US", FAILED),
            ("PR-THW-38", "carvykti", "EU", AWAY),
        ],
    )
    def test_prophylactic_steroid_is_judged_where_the_text_was_read(
        self, requirement: str, product: str, where: str, expected: Compliance
    ) -> None:
        result = judged(requirement, {"steroid_before_infusion": "weighed"}, product=product, place=where)
        assert result.compliance is expected

    @pytest.mark.parametrize(("where", "expected"), [("UK", FAILED), ("CH", FAILED), ("EU", AWAY), ("US", AWAY)])
    def test_irradiation_of_product_is_judged_where_the_text_was_read(self, where: str, expected: Compliance) -> None:
        result = judged("PR-THW-24", {"no_product_irradiation": "no"}, product="tecartus", place=where)
        assert result.compliance is expected

    def test_us_yescarta_may_weigh_a_prophylactic_steroid(self) -> None:
        answers = {"steroid_before_infusion": "weighed"}
        assert judged("PR-THW-22", answers, product="yescarta", place="US").compliance is AWAY
        assert judged("PR-THW-23", answers, product="yescarta", place="US").compliance is MET

    @pytest.mark.parametrize(("where", "expected"), [("US", MET), ("EU", MET)])
    def test_lymphodepletion_omitted_below_the_boundary_passes(self, where: str, expected: Compliance) -> None:
        answers = {"ld_omission_boundary": "below_1"}
        assert judged("PR-THW-29", answers, product="kymriah", place=where).compliance is expected

    @pytest.mark.parametrize(("where", "expected"), [("US", FAILED), ("EU", MET)])
    def test_the_boundary_itself_differs_between_us_and_eu(self, where: str, expected: Compliance) -> None:
        answers = {"ld_omission_boundary": "at_or_below_1"}
        assert judged("PR-THW-29", answers, product="kymriah", place=where).compliance is expected

    @pytest.mark.parametrize(
        ("product", "where", "indication", "anchor", "days", "expected"),
        [
            ("kymriah", "US", "dlbcl", "ld_end", (2, 11), MET),
            ("kymriah", "US", "dlbcl", "ld_end", (2, 12), FAILED),
            ("kymriah", "EU", "dlbcl", "ld_end", (2, 14), MET),
            ("kymriah", "EU", "fl", "ld_end", (2, 7), FAILED),
            ("tecartus", "UK", "mcl", "ld_end", (2, 14), FAILED),
            ("tecartus", "UK", "b_all", "ld_end", (2, 14), MET),
            ("carvykti", "US", "mm", "ld_end", (2, 4), MET),
            ("carvykti", "US", "mm", "ld_start", (5, 7), FAILED),
            ("carvykti", "UK", "mm", "ld_start", (5, 7), MET),
            ("carvykti", "UK", "mm", "ld_start", (4, 7), FAILED),
        ],
    )
    def test_interval_after_lymphodepletion_depends_on_indication_and_anchor(
        self, product: str, where: str, indication: str, anchor: str, days: tuple[int, int], expected: Compliance
    ) -> None:
        answers = {"ld_anchor": anchor, "ld_earliest_day": days[0], "ld_latest_day": days[1]}
        result = judged("PR-THW-27", answers, product=product, place=where, indication=indication)
        assert result.compliance is expected

    @pytest.mark.parametrize(("day", "expected"), [(12, MET), (13, FAILED)])
    def test_second_dose_has_its_window(self, day: int, expected: Compliance) -> None:
        answers = {"second_dose_earliest": 8, "second_dose_latest": day, "second_dose_delayed": 21}
        assert judged("PR-THW-33", answers, product="aucatzyl", place="US").compliance is expected


class TestMonitoring:
    @pytest.mark.parametrize(("visits", "expected"), [(1, FAILED), (2, MET)])
    @pytest.mark.parametrize(("product", "where"), [("kymriah", "EU"), ("breyanzi", "UK")])
    def test_visits_in_week_one(self, product: str, where: str, visits: int, expected: Compliance) -> None:
        assert judged("PR-MON-02", {"first_week_reviews": visits}, product=product, place=where).compliance is expected

    @pytest.mark.parametrize(("product", "where"), [("kymriah", "EU"), ("breyanzi", "UK")])
    def test_daily_review_is_not_demanded_where_the_text_asks_for_visits(self, product: str, where: str) -> None:
        result = judged("PR-MON-01", {"daily_review_days": 0}, product=product, place=where)
        assert (result.compliance, result.reason) == (AWAY, Reason.NO_LIMIT)

    @pytest.mark.parametrize(
        ("product", "where", "as_of", "days"),
        [
            ("yescarta", "EU", date(2024, 5, 31), 10),
            ("yescarta", "EU", date(2024, 6, 1), 7),
            ("carvykti", "EU", AS_OF, 14),
            ("abecma", "EU", AS_OF, 10),
            ("carvykti", "US", date(2025, 6, 25), 10),
            ("carvykti", "US", date(2025, 6, 26), 7),
            ("aucatzyl", "US", AS_OF, 14),
        ],
    )
    @pytest.mark.parametrize(("less", "expected"), [(0, MET), (1, FAILED)])
    def test_days_of_daily_review(
        self, product: str, where: str, as_of: date, days: int, less: int, expected: Compliance
    ) -> None:
        answers = {"daily_review_days": days - less}
        assert judged("PR-MON-01", answers, product=product, place=where, as_of=as_of).compliance is expected

    @pytest.mark.parametrize(("tool", "expected"), [("capd", MET), ("ice", FAILED)])
    def test_ice_does_not_suit_children_under_12(self, tool: str, expected: Compliance) -> None:
        answers = {"populations": ("paediatric",), "neuro_tool_children": tool}
        result = judged("PR-MON-07", answers, product="kymriah", place="EU", population="paediatric")
        assert result.compliance is expected

    def test_the_childrens_tool_is_not_asked_of_an_adult_centre(self) -> None:
        result = judged("PR-MON-07", {"neuro_tool_children": "none"}, product="kymriah", place="EU")
        assert result.compliance is AWAY

    @pytest.mark.parametrize(("hours", "expected"), [(8.0, MET), (8.1, FAILED)])
    def test_vital_signs_at_least_every_eight_hours(self, hours: float, expected: Compliance) -> None:
        assert judged("PR-MON-04", {"vital_signs_hours": hours}, product="kymriah", place="EU").compliance is expected

    def test_irradiated_blood_is_not_demanded_in_the_us(self) -> None:
        result = judged("PR-MON-16", {"irradiated_blood_rule": "no"}, product="kymriah", place="US")
        assert result.compliance is AWAY


class TestTocilizumab:
    @pytest.mark.parametrize(("doses", "expected"), [(3, FAILED), (4, MET)])
    @pytest.mark.parametrize("product", ["yescarta", "tecartus"])
    def test_switzerland_asks_for_four_doses(self, product: str, doses: int, expected: Compliance) -> None:
        answers = {"rescue_stock": [place(product, doses=doses)]}
        assert judged("PR-TOX-02", answers, product=product, place="CH").compliance is expected

    @pytest.mark.parametrize(
        ("product", "as_of", "doses", "expected"),
        [
            ("tecartus", date(2025, 6, 25), 1, FAILED),
            ("tecartus", date(2025, 6, 25), 2, MET),
            ("tecartus", date(2025, 6, 26), 2, OPEN),
            ("breyanzi", AS_OF, 2, OPEN),
            ("kymriah", AS_OF, 1, FAILED),
            ("kymriah", AS_OF, 2, MET),
            ("carvykti", AS_OF, 1, FAILED),
            ("carvykti", AS_OF, 2, MET),
        ],
    )
    def test_us_stock_after_the_rems(self, product: str, as_of: date, doses: int, expected: Compliance) -> None:
        answers = {"rescue_stock": [place(product, doses=doses)]}
        assert judged("PR-TOX-02", answers, product=product, place="US", as_of=as_of).compliance is expected

    @pytest.mark.parametrize(("doses", "expected"), [(0, FAILED), (1, MET)])
    def test_one_dose_in_the_uk(self, doses: int, expected: Compliance) -> None:
        answers = {
            "rescue_stock": [place("tecartus", doses=doses)],
            "tocilizumab_supply": "not_listed",
            "tocilizumab_supply_checked_on": AS_OF,
            "alternatives_on_site": "no",
        }
        assert judged("PR-TOX-01", answers, product="tecartus", place="UK").compliance is expected

    @pytest.mark.parametrize("requirement", ["PR-TOX-01", "PR-TOX-03"])
    @pytest.mark.parametrize(
        ("supply", "age", "alternatives", "expected"),
        [
            ("listed", 0, "yes", MET),
            ("listed", 30, "yes", MET),
            ("listed", 31, "yes", FAILED),
            ("listed", 2500, "yes", FAILED),
            ("listed", -1, "yes", OPEN),
            ("listed", None, "yes", OPEN),
            ("listed", 0, "no", FAILED),
            ("listed", 0, None, OPEN),
            ("listed_elsewhere", 0, "yes", FAILED),
            ("not_listed", 0, "yes", FAILED),
            ("not_checked", 0, "yes", FAILED),
        ],
    )
    def test_alternatives_stand_in_during_a_listed_shortage(
        self, requirement: str, supply: str, age: int | None, alternatives: str | None, expected: Compliance
    ) -> None:
        answers = {
            "rescue_stock": [place("kymriah", doses=0, resupply_hours=72)],
            "tocilizumab_supply": supply,
            "tocilizumab_supply_checked_on": None if age is None else AS_OF - timedelta(days=age),
            "alternatives_on_site": alternatives,
        }
        assert judged(requirement, answers, product="kymriah", place="EU").compliance is expected

    def test_one_way_round_for_what_one_sentence_asks_and_as_strict_as_the_rule_beside_it(self) -> None:
        every = {r.id: r for c in shipped_catalogue().checklists.values() for r in c.requirements}
        ways = {
            name: [g for g in r.criterion.get("anyof", ()) if "tocilizumab_supply" in g] for name, r in every.items()
        }
        ways = {name: found for name, found in ways.items() if found}
        assert set(ways) == {"PR-TOX-01", "PR-TOX-03", "FJ-TOX-001"}
        assert all(found == ways["PR-TOX-01"] for found in ways.values())
        looked_at = "tocilizumab_supply_checked_on"
        assert ways["PR-TOX-01"][0][looked_at] == every["PR-TOX-19"].criterion[looked_at]

    @pytest.mark.parametrize("where", ["US", "CH"])
    def test_texts_that_know_no_shortage_open_no_way_round(self, where: str) -> None:
        answers = {
            "rescue_stock": [place("kymriah", doses=0)],
            "tocilizumab_supply": "listed",
            "tocilizumab_supply_checked_on": AS_OF,
            "alternatives_on_site": "yes",
        }
        assert judged("PR-TOX-02", answers, product="kymriah", place=where).compliance is not MET

    @pytest.mark.parametrize(("population", "expected"), [("adult", FAILED), ("paediatric", AWAY)])
    def test_no_child_is_judged_by_the_infusion_rate_of_adults(self, population: str, expected: Compliance) -> None:
        answers = {"infusion_rate_lowest": 1.0, "infusion_rate_highest": 5.0}
        result = judged("PR-THW-11", answers, product="kymriah", place="US", population=population)
        assert result.compliance is expected

    @pytest.mark.parametrize(("age", "expected"), [(30, MET), (31, FAILED)])
    def test_shortage_list_is_looked_at_every_month(self, age: int, expected: Compliance) -> None:
        answers = {
            "tocilizumab_supply": "not_listed",
            "tocilizumab_supply_checked_on": AS_OF - timedelta(days=age),
        }
        assert judged("PR-TOX-19", answers, product="kymriah", place="EU").compliance is expected

    @pytest.mark.parametrize(("hours", "expected"), [(8.0, MET), (8.5, FAILED)])
    def test_a_further_dose_within_eight_hours(self, hours: float, expected: Compliance) -> None:
        answers = {
            "rescue_stock": [place("kymriah", doses=1, resupply_hours=hours)],
            "tocilizumab_supply": "not_listed",
        }
        assert judged("PR-TOX-03", answers, product="kymriah", place="EU").compliance is expected

    def test_one_place_without_stock_fails_the_product(self) -> None:
        rows = [place("kymriah", doses=2), {**place("kymriah", doses=0), "place": "Day unit"}]
        answers = {"rescue_stock": rows, "tocilizumab_supply": "not_listed"}
        assert judged("PR-TOX-01", answers, product="kymriah", place="EU").compliance is FAILED

    @pytest.mark.parametrize(("as_of", "expected"), [(date(2025, 6, 25), FAILED), (date(2025, 6, 26), AWAY)])
    def test_rems_enrolment_is_asked_until_the_programme_ended(self, as_of: date, expected: Compliance) -> None:
        answers = {"rems_enrolled": "not_enrolled"}
        assert judged("PR-GOV-04", answers, product="kymriah", place="US", as_of=as_of).compliance is expected

    def test_aucatzyl_never_had_a_rems(self) -> None:
        answers = {"rems_enrolled": "not_enrolled"}
        result = judged("PR-GOV-04", answers, product="aucatzyl", place="US", as_of=date(2025, 1, 15))
        assert result.compliance is AWAY

    @pytest.mark.parametrize(("days", "expected"), [(20, FAILED), (21, MET)])
    def test_gm_csf_is_blocked_for_three_weeks(self, days: int, expected: Compliance) -> None:
        answers = {"gmcsf_blocked_days": days, "gmcsf_blocked_until_crs_settled": "yes"}
        assert judged("PR-TOX-15", answers, product="kymriah", place="EU").compliance is expected


class TestStartingMaterial:
    @pytest.mark.parametrize(
        ("where", "as_of", "months", "expected"),
        [
            ("EU", date(2021, 12, 31), 18, MET),
            ("EU", date(2021, 12, 31), 19, FAILED),
            ("EU", date(2022, 1, 1), 30, MET),
            ("EU", date(2022, 1, 1), 31, FAILED),
            ("US", AS_OF, 9, MET),
            ("US", AS_OF, 10, FAILED),
        ],
    )
    def test_age_of_frozen_material(self, where: str, as_of: date, months: int, expected: Compliance) -> None:
        answers = {"starting_material": "cryopreserved", "frozen_age_months": months}
        assert judged("PR-APH-10", answers, product="kymriah", place=where, as_of=as_of).compliance is expected

    @pytest.mark.parametrize(("highest", "expected"), [(8.0, MET), (8.1, FAILED)])
    def test_fresh_material_is_kept_at_2_to_8(self, highest: float, expected: Compliance) -> None:
        answers = {"starting_material": "fresh", "fresh_lowest_c": 2.0, "fresh_highest_c": highest}
        assert judged("PR-APH-08", answers, product="yescarta", place="EU").compliance is expected

    def test_frozen_material_needs_no_fresh_range(self) -> None:
        answers = {"starting_material": "cryopreserved", "fresh_lowest_c": None, "fresh_highest_c": None}
        assert judged("PR-APH-08", answers, product="kymriah", place="EU").compliance is MET

    @pytest.mark.parametrize(("where", "expected"), [("EU", FAILED), ("US", AWAY)])
    def test_the_marker_window_is_asked_in_the_eu_only(self, where: str, expected: Compliance) -> None:
        assert judged("PR-APH-05", {"marker_window_days": 31}, product="kymriah", place=where).compliance is expected

    @pytest.mark.parametrize(("count", "expected"), [(0.2, MET), (0.19, FAILED)])
    def test_lymphocyte_count(self, count: float, expected: Compliance) -> None:
        assert judged("PR-APH-01", {"alc_floor": count}, product="kymriah", place="EU").compliance is expected


class TestCards:
    @pytest.mark.parametrize(("where", "expected"), [("EU", FAILED), ("UK", FAILED), ("US", AWAY)])
    def test_the_alert_card_is_a_duty_in_the_eu_and_uk(self, where: str, expected: Compliance) -> None:
        assert judged("PR-PAT-01", {"alert_card_rule": "no"}, product="breyanzi", place=where).compliance is expected

    def test_receipts_are_a_share_not_a_hundred_per_cent(self) -> None:
        answers = {"receipt_files": Share(numerator=19, denominator=20)}
        assert judged("PR-RCV-02", answers, product="kymriah", place="EU").compliance is MET

    def test_three_of_three_receipts_prove_nothing(self) -> None:
        answers = {"receipt_files": Share(numerator=3, denominator=3)}
        assert judged("PR-RCV-02", answers, product="kymriah", place="EU").compliance is OPEN


class TestShape:
    @pytest.mark.parametrize(
        ("product", "where"), [("kymriah", "EU"), ("kymriah", "US"), ("tecartus", "UK"), ("breyanzi", "UK")]
    )
    def test_every_threshold_that_applies_was_read(self, product: str, where: str) -> None:
        catalogue = shipped_catalogue()
        open_names = {
            name
            for requirement in catalogue.checklists[product].requirements
            for name in _thresholds(requirement, product, where)
            for indication in catalogue.products[product].indications
            if not _read(name, product, where, indication.id)
        }
        assert not open_names

    def test_every_product_has_the_shared_requirements(self) -> None:
        catalogue = shipped_catalogue()
        counts = {len(catalogue.checklists[p].requirements) for p in catalogue.products}
        assert len(catalogue.products) == 7
        assert len(counts) == 1
        assert counts.pop() >= 90

    @pytest.mark.parametrize("where", ["US", "EU", "GB", "UK", "CH", "IL"])
    def test_one_gate_on_tocilizumab_stock_speaks_in_every_jurisdiction(self, where: str) -> None:
        requirements = shipped_catalogue().checklists["kymriah"].requirements
        speaking = [
            r.id for r in requirements if r.id in ("PR-TOX-01", "PR-TOX-02") and where in r.applies["jurisdiction"]
        ]
        assert len(speaking) == 1

    def test_gates_are_few_and_none_rests_on_a_proposal(self) -> None:
        gates = [r for r in shipped_catalogue().checklists["kymriah"].requirements if r.gate]
        assert len(gates) <= 16
        assert not [r.id for r in gates if all(s.kind is SourceKind.PROPOSAL for s in r.sources)]

    def test_jurisdictions_of_products_are_known(self) -> None:
        catalogue = shipped_catalogue()
        known = {j.id for j in catalogue.jurisdictions}
        assert {p.jurisdiction for p in catalogue.parameters} <= known


def test_the_page_of_thresholds_is_current() -> None:
    page = data_folder("checklists").parent / "docs" / "thresholds.md"
    assert page.read_text(encoding="utf-8") == thresholds_page(shipped_catalogue()), (
        "Write it anew: python -m cartaudit.catalogue.thresholds_page"
    )


@pytest.mark.parametrize("page", ["founding_summary.md", "products.md"])
def test_every_requirement_and_parameter_named_in_the_docs_exists(page: str) -> None:
    catalogue = shipped_catalogue()
    text = (data_folder("checklists").parent / "docs" / "content" / page).read_text(encoding="utf-8")
    known = {r.id for c in catalogue.checklists.values() for r in c.requirements}
    named = set(re.findall(r"PR-[A-Z]{3}-[0-9]{2}", text))
    quoted = set(re.findall(r"`([a-z][a-z0-9]*(?:_[a-z0-9]+)+)`", text))
    assert named
    assert not named - known
    assert (
        not quoted - catalogue.definitions.keys() - catalogue.questions.keys() - {"no_limit", "threshold_unconfirmed"}
    )
