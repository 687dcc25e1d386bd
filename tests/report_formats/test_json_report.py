import copy
import dataclasses
import json
from datetime import date

import pytest
from builders_formats import AS_OF, RECORD, rejected_file, small_audit
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from cartaudit.report.json_report import audit_json, rejected_json, render_json, result_schema


def validate(document: object) -> None:
    schema = result_schema()
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document)


def test_schema_is_a_valid_draft_2020_12_schema() -> None:
    Draft202012Validator.check_schema(result_schema())


def test_audit_follows_the_schema() -> None:
    validate(json.loads(render_json(audit_json(small_audit()))))


def test_rejected_file_follows_the_schema() -> None:
    validate(json.loads(render_json(rejected_json(rejected_file(), AS_OF))))


def test_schema_refuses_an_unknown_name() -> None:
    document = audit_json(small_audit())
    document["results"][0]["surprise"] = 1
    with pytest.raises(ValidationError, match="surprise"):
        validate(document)


def test_schema_refuses_a_rejected_file_with_results() -> None:
    document = copy.deepcopy(audit_json(small_audit()))
    document["rejected"] = True
    with pytest.raises(ValidationError):
        validate(document)


def test_names_of_the_contract_are_there() -> None:
    document = audit_json(small_audit())
    assert document["format_version"] == 1
    assert document["as_of"] == "2026-11-22"
    assert document["assurance"] == "self_assessed"
    assert document["source"] == {"file": "site.xlsx", "sha256": "a" * 64, "size": 4096}
    assert document["site"]["products"] == ["kymriah"]
    assert document["problems"][0]["cell"] == "D14"
    checklist = document["checklists"][0]
    assert (checklist["id"], checklist["kind"], checklist["edition"], checklist["jurisdiction"]) == (
        "kymriah",
        "product",
        "2026-1",
        "EU",
    )
    assert checklist["score"]["value"] == 37.5
    result = document["results"][0]
    assert (result["requirement"], result["compliance"], result["reason"]) == (
        "PR-STO-01",
        "NON_COMPLIANT",
        "criterion",
    )
    assert result["cells"] == ["Storage vessels!C7"]


def test_severity_of_a_requirement_is_upper_case_and_of_a_problem_lower_case() -> None:
    document = audit_json(small_audit())
    assert document["results"][0]["severity"] == "CRITICAL"
    assert document["problems"][0]["severity"] == "error"


def test_every_compliance_is_counted_even_when_none_has_it() -> None:
    counts = audit_json(small_audit())["checklists"][0]["counts"]
    assert counts == {"COMPLIANT": 1, "PARTIAL": 0, "NON_COMPLIANT": 1, "NOT_APPLICABLE": 0, "NOT_ASSESSED": 0}


def test_deciding_threshold_carries_value_source_and_text_date() -> None:
    threshold = audit_json(small_audit())["results"][0]["threshold"]
    assert (threshold["value"], threshold["unit"], threshold["source"], threshold["text_date"]) == (
        -120,
        "°C",
        "S4",
        "2025-06-27",
    )


def test_gap_names_action_owner_and_due_date() -> None:
    gap = audit_json(small_audit())["gaps"][0]
    assert (gap["action"], gap["owner_role"], gap["due"]) == ("Replace vessel B", "Laboratory lead", "2027-01-15")


def test_rejected_file_has_its_problems_and_no_results() -> None:
    document = rejected_json(rejected_file(), AS_OF)
    assert document["rejected"] is True
    assert [p["code"] for p in document["problems"]] == ["CA101"]
    assert document["results"] == []


def test_day_of_the_run_leaves_no_trace() -> None:
    audit = small_audit()
    assert audit.provenance is not None
    today = dataclasses.replace(audit, provenance=dataclasses.replace(audit.provenance, as_of_is_today=True))
    assert render_json(audit_json(audit)) == render_json(audit_json(today))


def test_bytes_are_sorted_ascii_with_a_final_newline() -> None:
    data = render_json(audit_json(small_audit()))
    assert data.isascii()
    assert data.endswith(b"}\n")
    assert list(json.loads(data)) == sorted(json.loads(data))


def test_text_of_a_centre_survives_the_round_trip() -> None:
    audit = small_audit()
    nasty = 'Zürich "<b>" \u202e\u0007 \U0001f600'
    submission = dataclasses.replace(
        audit.submission, profile=dataclasses.replace(audit.submission.profile, name=nasty)
    )
    document = json.loads(render_json(audit_json(dataclasses.replace(audit, submission=submission))))
    assert document["site"]["name"] == nasty


def test_dates_and_tuples_in_the_reading_record_become_plain_json() -> None:
    record = dataclasses.replace(RECORD, details={"saved": date(2026, 11, 1), "names": ("a", "b")})
    audit = small_audit()
    audit = dataclasses.replace(audit, submission=dataclasses.replace(audit.submission, record=record))
    assert audit_json(audit)["reading_record"]["details"] == {"saved": "2026-11-01", "names": ["a", "b"]}


def test_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        render_json({"score": float("nan")})
