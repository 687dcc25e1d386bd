"""Whole workbooks in which one thing is wrong that content once let through, or right that it once refused."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from cartaudit.model.audit import Audit, Compliance, Readiness, Unheard
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue
from cartaudit.synthetic.definitions import parse_definition
from cartaudit.synthetic.samples import build_sample

CATALOGUE = load_catalogue()
AS_OF = date(2026, 11, 30)
LYMPHOMA = {"product": "kymriah", "indication": "dlbcl", "population": "adult"}
GERMANY = {"country": "DE", "commissioner": "germany", "accreditor": ["jacie"]}
ENGLAND = {"country": "GB", "commissioner": "england", "accreditor": ["jacie"]}
MANTLE = {"product": "tecartus", "indication": "mcl", "population": "adult"}
LISTED = {"tocilizumab_supply": "listed", "alternatives_on_site": "yes"}
_PROFILE = {
    "site_code": "C-01",
    "site_address": "1 Example Street, Sampletown",
    "assessed_by": "Quality manager",
    "phase": "established",
    "populations": ["adult"],
    "services": ["discharge", "infusion", "storage"],
    "collection_by": "own",
    "processing_by": "own",
    "clinical_sites": 1,
}


def audited(
    place: Mapping[str, Any],
    treatment: Mapping[str, str],
    changes: Mapping[str, Any] | None = None,
    rows: Sequence[Mapping[str, Any]] = (),
) -> Audit:
    """Build the workbook of a centre that meets everything but what is changed, and audit it."""
    scoped = {name.partition("@")[0]: name.partition("@")[2] for name in changes or {}}
    definition = {
        "title": "Centre (synthetic)",
        "as_of": AS_OF,
        "profile": {**_PROFILE, **place},
        "treatment": [dict(treatment)],
        "change": [
            {"question": question, "answer": value} | ({"scope": scope} if scope else {})
            for (question, scope), value in zip(scoped.items(), (changes or {}).values(), strict=True)
        ],
        "rows": [dict(row) for row in rows],
    }
    data = build_sample(CATALOGUE, parse_definition(definition, "case"), "test")
    audit = audit_bytes(data, "case.xlsx", CATALOGUE, AuditOptions(as_of=AS_OF, as_of_is_today=False))
    assert isinstance(audit, Audit)
    return audit


def readiness(audit: Audit) -> dict[str, Readiness]:
    return {c.checklist.id: c.readiness for c in audit.checklists}


def open_in(audit: Audit) -> set[str]:
    return {r.requirement.id for c in audit.checklists for r in c.results if r.compliance is Compliance.NON_COMPLIANT}


def stock(**columns: Any) -> Mapping[str, Any]:
    return {"register": "rescue_stock", "set": columns}


def test_order_set_that_underdoses_and_a_window_turned_round_are_open() -> None:
    audit = audited(
        GERMANY,
        LYMPHOMA,
        {
            "tocilizumab_cap_mg": 80,
            "tocilizumab_interval_hours": 24,
            "tocilizumab_doses_24h": 0,
            "tocilizumab_doses_total": 0,
            "ld_earliest_day@kymriah:dlbcl:adult": 14,
            "ld_latest_day@kymriah:dlbcl:adult": 3,
        },
    )
    assert open_in(audit) == {"PR-TOX-05", "PR-TOX-07", "PR-THW-27"}
    assert readiness(audit)["kymriah"] is Readiness.NOT_READY


def test_empty_cupboard_is_no_shortage_by_a_list_of_years_ago() -> None:
    audit = audited(
        GERMANY,
        LYMPHOMA,
        LISTED | {"tocilizumab_supply_checked_on": date(2020, 1, 1)},
        [stock(tocilizumab_doses=0)],
    )
    assert {"PR-TOX-01", "FJ-TOX-001"} <= open_in(audit)
    assert readiness(audit)["jacie"] is readiness(audit)["kymriah"] is Readiness.NOT_READY


def test_true_shortage_with_alternatives_is_what_the_text_allows() -> None:
    audit = audited(
        GERMANY,
        LYMPHOMA,
        LISTED | {"tocilizumab_supply_checked_on": AS_OF - timedelta(days=1)},
        [stock(tocilizumab_doses=0, resupply_hours=72)],
    )
    assert open_in(audit) == set()
    assert set(readiness(audit).values()) == {Readiness.READY}


def test_mechanical_freezer_is_no_nitrogen_vapour() -> None:
    audit = audited(ENGLAND, MANTLE, rows=[{"register": "vessels", "set": {"cooling": "mechanical"}}])
    assert open_in(audit) == {"PR-STO-04"}
    assert readiness(audit)["tecartus"] is not Readiness.READY


def test_ten_years_of_traceability_are_not_thirty_in_the_uk() -> None:
    audit = audited(ENGLAND, MANTLE, {"traceability_years": 10})
    assert open_in(audit) == {"PR-REG-04", "FJ-REG-012"}


def test_fever_trigger_below_the_heat_of_a_body_is_not_believed() -> None:
    audit = audited(GERMANY, LYMPHOMA, {"fever_trigger_c": 30})
    assert "CA235" in {p.code for p in audit.submission.problems}
    assert Readiness.READY not in {readiness(audit)[name] for name in ("jacie", "kymriah")}


@pytest.mark.parametrize(
    ("commissioner", "expected"),
    [
        ("scotland", (Unheard("commissioner", "Scotland"),)),
        ("other", (Unheard("commissioner", ""),)),
        ("england", ()),
        ("none", ()),
    ],
)
def test_commissioner_without_a_checklist_is_named(commissioner: str, expected: tuple[Unheard, ...]) -> None:
    assert audited(ENGLAND | {"commissioner": commissioner}, MANTLE).unheard == expected


def test_accreditation_is_judged_in_a_country_without_product_information() -> None:
    audit = audited({"country": "CA", "commissioner": "other", "accreditor": ["fact"]}, LYMPHOMA)
    assert readiness(audit) == {"fact": Readiness.READY, "kymriah": Readiness.OUT_OF_SCOPE}
    assert Unheard("country", "CA") in audit.unheard


def test_what_no_text_carries_is_shown_and_decides_nothing() -> None:
    audit = audited(GERMANY, LYMPHOMA, {"courier_delay_rule": "no"})
    assert open_in(audit) == {"FJ-COL-009", "PR-APH-09"}
    assert set(readiness(audit).values()) == {Readiness.READY}
    assert {c.score.high for c in audit.checklists} == {100.0}
