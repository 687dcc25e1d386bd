"""What texts that were read say is asked where they hold; a text not read is waited for, and drops nothing."""

from collections.abc import Mapping
from typing import Any

import pytest
from builders_content import AS_OF, judged, shipped_catalogue

from cartaudit.catalogue.messages import Place
from cartaudit.catalogue.strictness import looser_parts
from cartaudit.catalogue.thresholds_page import waiting
from cartaudit.model.audit import Compliance, Reason
from cartaudit.model.checklists import Kind

MET = Compliance.COMPLIANT
FAILED = Compliance.NON_COMPLIANT
WAITS = Compliance.NOT_ASSESSED
AWAY = Compliance.NOT_APPLICABLE


def vessel(product: str, cooling: str, **more: Any) -> Mapping[str, Any]:
    return {"vessel": "V1", "products": (product,), "hold": "regular", "cooling": cooling, **more}


class TestStorageMedium:
    @pytest.mark.parametrize(
        ("product", "where", "cooling", "expected"),
        [
            ("tecartus", "UK", "vapour", MET),
            ("tecartus", "UK", "jacketed", MET),
            ("tecartus", "UK", "shipper", MET),
            ("tecartus", "UK", "mechanical", FAILED),
            ("tecartus", "UK", "liquid", FAILED),
            ("breyanzi", "UK", "mechanical", FAILED),
            ("yescarta", "EU", "mechanical", FAILED),
            ("abecma", "EU", "mechanical", FAILED),
            ("kymriah", "EU", "mechanical", MET),
            ("kymriah", "US", "mechanical", MET),
            ("kymriah", "EU", "liquid", FAILED),
            ("kymriah", "EU", "dry_ice", FAILED),
            ("aucatzyl", "EU", "vapour", WAITS),
            ("aucatzyl", "EU", "liquid", FAILED),
        ],
    )
    def test_store_is_of_the_kind_the_text_names(
        self, product: str, where: str, cooling: str, expected: Compliance
    ) -> None:
        answers = {"vessels": [vessel(product, cooling)]}
        assert judged("PR-STO-04", answers, product=product, place=where).compliance is expected

    def test_time_limited_store_is_a_freezer(self) -> None:
        rows = [vessel("tecartus", "mechanical", hold="time_limited", held_since=AS_OF, held_once=True)]
        assert judged("PR-STO-04", {"vessels": rows}, product="tecartus", place="UK").compliance is MET


@pytest.mark.parametrize(
    ("requirement", "answers", "product", "where", "expected"),
    [
        ("PR-REG-04", {"traceability_years": 10}, "tecartus", "UK", FAILED),
        ("PR-REG-04", {"traceability_years": 30}, "tecartus", "UK", MET),
        ("PR-REG-04", {"traceability_years": 29}, "breyanzi", "UK", FAILED),
        ("PR-REG-04", {"traceability_years": 29}, "yescarta", "EU", FAILED),
        ("PR-REG-04", {"traceability_years": 10}, "kymriah", "US", AWAY),
        ("PR-REG-04", {"traceability_years": 30}, "yescarta", "UK", WAITS),
        ("PR-PAT-11", {"live_vaccine_weeks": 5}, "tecartus", "UK", FAILED),
        ("PR-PAT-11", {"live_vaccine_weeks": 6}, "breyanzi", "UK", MET),
        ("PR-PAT-11", {"live_vaccine_weeks": 6}, "carvykti", "EU", WAITS),
        ("PR-THW-28", {"ld_repeat_weeks": 3}, "breyanzi", "UK", FAILED),
        ("PR-THW-28", {"ld_repeat_weeks": 2}, "breyanzi", "UK", MET),
        ("PR-THW-28", {"ld_repeat_weeks": 3}, "tecartus", "UK", FAILED),
        ("PR-THW-28", {"ld_repeat_weeks": 4}, "kymriah", "EU", MET),
        ("PR-THW-28", {"ld_repeat_weeks": 9}, "kymriah", "US", AWAY),
    ],
)
def test_text_is_used_where_it_was_read_and_waited_for_where_not(
    requirement: str, answers: Mapping[str, Any], product: str, where: str, expected: Compliance
) -> None:
    result = judged(requirement, answers, product=product, place=where)
    assert result.compliance is expected
    assert result.reason is {WAITS: Reason.THRESHOLD_UNCONFIRMED, AWAY: Reason.NO_LIMIT}.get(expected, result.reason)


@pytest.mark.parametrize(
    ("product", "where", "shortest", "longest", "expected"),
    [
        ("kymriah", "EU", 30, 60, MET),
        ("kymriah", "EU", 29, 60, FAILED),
        ("kymriah", "EU", 30, 61, FAILED),
        ("breyanzi", "UK", 60, 30, FAILED),
        ("breyanzi", "UK", 30, 60, MET),
        ("tecartus", "UK", 60, 60, AWAY),
        ("abecma", "EU", 30, 60, WAITS),
    ],
)
def test_window_of_premedication(product: str, where: str, shortest: int, longest: int, expected: Compliance) -> None:
    answers = {"premedication_shortest_minutes": shortest, "premedication_longest_minutes": longest}
    assert judged("PR-THW-21", answers, product=product, place=where).compliance is expected


@pytest.mark.parametrize(
    ("product", "where", "rate", "expected"),
    [
        ("kymriah", "EU", (10, 20), MET),
        ("kymriah", "EU", (9, 20), FAILED),
        ("kymriah", "EU", (10, 21), FAILED),
        ("breyanzi", "UK", (0.5, 0.5), MET),
        ("breyanzi", "UK", (0.5, 5), FAILED),
        ("tecartus", "UK", (1, 99), AWAY),
    ],
)
def test_rate_of_infusion(product: str, where: str, rate: tuple[float, float], expected: Compliance) -> None:
    answers = {"infusion_rate_lowest": rate[0], "infusion_rate_highest": rate[1]}
    assert judged("PR-THW-11", answers, product=product, place=where).compliance is expected


def test_traceability_in_the_eu_rests_on_no_text_of_another_product() -> None:
    rows = [p for p in shipped_catalogue().parameters if p.name == "traceability_years_min" and p.jurisdiction == "EU"]
    own = {"kymriah": {"S5"}, "tecartus": {"S7"}, "breyanzi": {"S8"}, "carvykti": {"S48"}}
    assert {r.source for r in rows if r.product not in own} == {"E1394"}
    assert all(r.source in own[r.product] for r in rows if r.product in own)


def test_ready_is_possible_without_values_of_the_centre_where_a_text_was_read_in_full() -> None:
    catalogue = shipped_catalogue()
    possible = {
        (checklist.product, place)
        for checklist in catalogue.checklists.values()
        if checklist.kind is Kind.PRODUCT
        for place in ("US", "EU", "UK", "CH")
        if not waiting(catalogue, checklist, place)
    }
    assert possible == {("kymriah", "US"), ("kymriah", "EU"), ("tecartus", "UK"), ("breyanzi", "UK")}


@pytest.mark.parametrize(
    ("band", "faults"),
    [
        ({"min": 9}, 0),
        ({"max": 11}, 0),
        ({"min": 8, "max": 12}, 0),
        ({"min": 7}, 1),
        ({"max": 13}, 1),
        ({"min": 7, "max": 13}, 2),
    ],
)
def test_overlay_narrows_a_band_and_never_widens_it(band: Mapping[str, Any], faults: int) -> None:
    old = {"tocilizumab_interval_hours": {"between": {"min": 8, "max": 12}}}
    new = {"tocilizumab_interval_hours": {"between": dict(band)}}
    assert len(list(looser_parts(old, new, Place("overlay.toml", "stricter")))) == faults
