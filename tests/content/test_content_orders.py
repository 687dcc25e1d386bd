"""Order sets and windows, judged on both sides of each of their limits."""

from collections.abc import Mapping
from typing import Any

import pytest
from builders_content import judged

from cartaudit.model.audit import Compliance

MET = Compliance.COMPLIANT
FAILED = Compliance.NON_COMPLIANT

TOCILIZUMAB: Mapping[str, Any] = {
    "tocilizumab_mg_per_kg": 8,
    "tocilizumab_cap_mg": 800,
    "tocilizumab_infusion_minutes": 60,
    "tocilizumab_interval_hours": 8,
}


class TestTocilizumab:
    @pytest.mark.parametrize(
        ("question", "given", "expected"),
        [
            ("tocilizumab_mg_per_kg", 8.0, MET),
            ("tocilizumab_mg_per_kg", 7.9, FAILED),
            ("tocilizumab_mg_per_kg", 8.1, FAILED),
            ("tocilizumab_mg_per_kg", 0.8, FAILED),
            ("tocilizumab_cap_mg", 799, FAILED),
            ("tocilizumab_cap_mg", 801, FAILED),
            ("tocilizumab_cap_mg", 80, FAILED),
            ("tocilizumab_infusion_minutes", 59, FAILED),
            ("tocilizumab_infusion_minutes", 61, FAILED),
            ("tocilizumab_interval_hours", 7.9, FAILED),
            ("tocilizumab_interval_hours", 12, MET),
            ("tocilizumab_interval_hours", 12.1, FAILED),
            ("tocilizumab_interval_hours", 24, FAILED),
        ],
    )
    def test_order_is_neither_too_much_nor_too_little(self, question: str, given: float, expected: Compliance) -> None:
        answers = {**TOCILIZUMAB, question: given}
        assert judged("PR-TOX-05", answers, product="kymriah", place="EU").compliance is expected

    @pytest.mark.parametrize(
        ("in_a_day", "in_all", "expected"),
        [(3, 4, MET), (1, 1, MET), (4, 4, FAILED), (3, 5, FAILED), (0, 4, FAILED), (3, 0, FAILED), (0, 0, FAILED)],
    )
    def test_doses_are_limited_and_at_least_one_can_be_given(
        self, in_a_day: int, in_all: int, expected: Compliance
    ) -> None:
        answers = {"tocilizumab_doses_24h": in_a_day, "tocilizumab_doses_total": in_all}
        assert judged("PR-TOX-07", answers, product="kymriah", place="EU").compliance is expected

    @pytest.mark.parametrize(("dose", "expected"), [(12, MET), (11.9, FAILED), (12.1, FAILED)])
    def test_dose_below_30_kg(self, dose: float, expected: Compliance) -> None:
        answers = {"tocilizumab_mg_per_kg_small": dose, "populations": ("paediatric",)}
        result = judged("PR-TOX-06", answers, product="kymriah", place="US", population="paediatric")
        assert result.compliance is expected


class TestWindows:
    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [(2, 14, MET), (14, 14, MET), (1, 14, FAILED), (2, 15, FAILED), (14, 3, FAILED)],
    )
    def test_interval_after_lymphodepletion_begins_before_it_ends(
        self, first: int, last: int, expected: Compliance
    ) -> None:
        answers = {"ld_anchor": "ld_end", "ld_earliest_day": first, "ld_latest_day": last}
        result = judged("PR-THW-27", answers, product="kymriah", place="EU", indication="dlbcl")
        assert result.compliance is expected

    @pytest.mark.parametrize(
        ("first", "last", "delayed", "expected"),
        [
            (8, 12, 21, MET),
            (7, 12, 21, FAILED),
            (8, 13, 21, FAILED),
            (8, 12, 22, FAILED),
            (12, 8, 21, FAILED),
            (8, 12, 11, FAILED),
        ],
    )
    def test_days_of_a_second_dose_follow_each_other(
        self, first: int, last: int, delayed: int, expected: Compliance
    ) -> None:
        answers = {"second_dose_earliest": first, "second_dose_latest": last, "second_dose_delayed": delayed}
        assert judged("PR-THW-33", answers, product="aucatzyl", place="US").compliance is expected

    @pytest.mark.parametrize(("low", "high", "expected"), [(2, 8, MET), (8, 2, FAILED), (1, 8, FAILED), (2, 9, FAILED)])
    def test_fresh_material_has_a_range(self, low: float, high: float, expected: Compliance) -> None:
        answers = {"starting_material": "fresh", "fresh_lowest_c": low, "fresh_highest_c": high}
        assert judged("PR-APH-08", answers, product="breyanzi", place="UK").compliance is expected

    @pytest.mark.parametrize(
        ("low", "high", "expected"), [(0.5, 2, MET), (2, 0.5, FAILED), (0.4, 2, FAILED), (0.5, 2.1, FAILED)]
    )
    def test_cells_are_frozen_at_a_concentration_within_the_range(
        self, low: float, high: float, expected: Compliance
    ) -> None:
        answers = {"controlled_freezing": "yes", "freezing_wbc_lowest": low, "freezing_wbc_highest": high}
        assert judged("PR-APH-11", answers, product="kymriah", place="EU").compliance is expected

    @pytest.mark.parametrize(
        ("happened", "decided", "expected"), [(0, 0, MET), (2, 2, MET), (2, 1, FAILED), (2, 3, FAILED)]
    )
    def test_as_many_excursions_are_decided_as_happened(
        self, happened: int, decided: int, expected: Compliance
    ) -> None:
        answers = {"excursions_with_product": happened, "excursions_decided": decided}
        assert judged("PR-STO-02", answers, product="kymriah", place="EU").compliance is expected
