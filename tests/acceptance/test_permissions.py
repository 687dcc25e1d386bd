"""What a text permits, on sample centres: none is not allowed, not read is not known, and no centre opens it itself."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cartaudit.model.audit import Audit, Compliance, Readiness
from cartaudit.model.submission import SiteValue
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue
from cartaudit.synthetic.definitions import read_definitions
from cartaudit.synthetic.samples import sample_plan
from cartaudit.workbook.template import build_template

CATALOGUE = load_catalogue()
DEFINITIONS = {d.name: d for d in read_definitions(Path(__file__).parents[2] / "samples")}
PERMISSIONS = sorted(name for name, d in CATALOGUE.definitions.items() if d.permits)
STORE = ("alt_storage_temp_max_c", "alt_storage_temp_min_c", "alt_storage_days_max")
WARM = {"hold": "time_limited", "cooling": "mechanical", "held_since": date(2026, 11, 1), "held_once": True}


def judged(sample: str, warmest: float, values: dict[str, Any]) -> Audit:
    """Judge a sample that keeps its product in a warm store, with values of its own for what would permit it."""
    definition = DEFINITIONS[sample]
    plan = sample_plan(CATALOGUE, definition, "0")
    rows = dict(plan.filling.rows)
    rows["vessels"] = tuple({**row, **WARM, "warmest_c": warmest, "alarm_c": warmest} for row in rows["vessels"])
    product = definition.treatments[0].product
    made: dict[str, Any] = {
        "revision": "7",
        "section": "6.4",
        "dated": date(2026, 11, 1),
        "entered": "Laboratory lead",
        "role": "Pharmacist",
    }
    supplied = tuple(
        SiteValue(parameter=name, product=product, value=value, none=value is None, **made)
        for name, value in values.items()
    )
    kept = tuple(v for v in plan.filling.site_values if v.parameter not in values)
    filling = replace(plan.filling, rows=rows, site_values=(*kept, *supplied))
    options = AuditOptions(as_of=definition.as_of, as_of_is_today=False)
    audit = audit_bytes(build_template(CATALOGUE, replace(plan, filling=filling)), "c.xlsx", CATALOGUE, options)
    assert isinstance(audit, Audit)
    return audit


def verdict(audit: Audit) -> Readiness:
    return next(c.readiness for c in audit.checklists if c.checklist.product)


def test_permissions_are_few_and_known():
    assert PERMISSIONS == [
        "alt_storage_days_max",
        "alt_storage_temp_max_c",
        "alt_storage_temp_min_c",
        "ld_omit_wbc_boundary",
        "second_dose_delayed_day_max",
    ]


def test_a_store_that_the_text_permits_is_judged_by_what_it_permits():
    audit = judged("02_ready_tecartus_uk", -80, {})
    results = {r.requirement.id: r.compliance for c in audit.checklists for r in c.results}
    assert results["PR-STO-01"] is Compliance.COMPLIANT


@pytest.mark.parametrize(
    "values",
    [
        {},
        dict.fromkeys(STORE),
        {"alt_storage_temp_max_c": 25, "alt_storage_temp_min_c": 2, "alt_storage_days_max": 3650},
        {"alt_storage_temp_max_c": -70, "alt_storage_temp_min_c": -90, "alt_storage_days_max": 90},
    ],
)
@pytest.mark.parametrize("sample", ["01_ready_kymriah_eu", "08_us"])
def test_no_centre_opens_a_store_that_no_text_permits(sample, values):
    for warmest in (20, -80):
        assert verdict(judged(sample, warmest, values)) not in (Readiness.READY, Readiness.CONDITIONAL)


@pytest.mark.parametrize(
    ("signed", "ready"),
    [
        ({}, True),
        ({"dated": date(2025, 11, 22)}, True),
        ({"dated": date(2025, 11, 21)}, False),
        ({"dated": date(2026, 11, 23)}, False),
        ({"entered": ""}, False),
        ({"entered": " PHARMACIST"}, False),
        ({"section": ""}, False),
        ({"revision": ""}, False),
    ],
)
def test_values_that_decide_alone_are_signed_by_two_roles_and_read_within_a_year(signed, ready):
    definition = DEFINITIONS["09_switzerland"]
    plan = sample_plan(CATALOGUE, definition, "0")
    values = tuple(replace(value, **signed) for value in plan.filling.site_values)
    plan = replace(plan, filling=replace(plan.filling, site_values=values))
    options = AuditOptions(as_of=definition.as_of, as_of_is_today=False)
    audit = audit_bytes(build_template(CATALOGUE, plan), "c.xlsx", CATALOGUE, options)
    verdicts = {c.readiness for c in audit.checklists if c.checklist.product}
    assert (verdicts == {Readiness.READY}) is ready
    assert ready or verdicts == {Readiness.INCOMPLETE}
