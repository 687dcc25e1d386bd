"""The script that holds two checkouts against each other sees what came out otherwise, and what explains it."""

import importlib.util
import random
from pathlib import Path

import pytest
from openpyxl import load_workbook

ROOT = Path(__file__).parents[2]
SPEC = importlib.util.spec_from_file_location("compare_checkouts", ROOT / "scripts" / "compare_checkouts.py")
assert SPEC is not None
assert SPEC.loader is not None
script = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(script)

RESULT = {"checklist": "jacie", "requirement": "FJ-1", "compliance": "COMPLIANT", "reason": "met", "message": "Yes."}
SAID = {"rejected": False, "checklists": [{"id": "jacie", "readiness": "READY"}], "results": [RESULT]}


def outcomes(everything=False, **change):
    said = {**SAID, "results": [{**RESULT, **change}]}
    return script.outcomes_of(said, ("2026-11-22", "site"), everything=everything)


def test_another_compliance_is_a_difference_with_its_place():
    found = script.differences(outcomes(), outcomes(compliance="NON_COMPLIANT", reason="criterion"))
    assert found == {("FJ-1", "outcome", "COMPLIANT met", "NON_COMPLIANT criterion"): ["2026-11-22 site jacie"]}


def test_a_requirement_judged_by_one_alone_is_a_difference():
    lacking = {key: said for key, said in outcomes().items() if key[-1] != "FJ-1"}
    assert list(script.differences(lacking, outcomes())) == [("FJ-1", "outcome", "absent", "COMPLIANT met")]


def test_messages_differ_only_where_everything_is_compared():
    assert not script.differences(outcomes(), outcomes(message="No."))
    assert script.differences(outcomes(everything=True), outcomes(everything=True, message="No."))


@pytest.mark.parametrize(
    ("entry", "allowed"),
    [
        ("FJ-1\tCOMPLIANT met\tNOT_ASSESSED *\tthe text was never read", True),
        ("FJ-*\t*\t*\tthe text was never read", True),
        ("FJ-2\tCOMPLIANT met\tNOT_ASSESSED blank\tthe text was never read", False),
        ("FJ-1\tCOMPLIANT met\tCOMPLIANT met\tthe text was never read", False),
    ],
)
def test_only_what_is_listed_with_its_reason_is_allowed(tmp_path, entry, allowed):
    path = tmp_path / "allowed.tsv"
    path.write_text(f"# what may differ\n{entry}\n")
    (found,) = script.differences(outcomes(), outcomes(compliance="NOT_ASSESSED", reason="blank"))
    assert bool(script.reason_for(found, script.read_allowed(path))) is allowed


def test_a_line_without_a_reason_allows_nothing(tmp_path):
    path = tmp_path / "allowed.tsv"
    path.write_text("FJ-1\tCOMPLIANT met\tNOT_ASSESSED blank\n")
    with pytest.raises(SystemExit, match="reason"):
        script.read_allowed(path)


def test_the_same_seed_disturbs_a_workbook_in_the_same_way():
    def disturbed(seed):
        book = load_workbook(ROOT / "samples" / "03_one_critical_gap.xlsx")
        script.disturb(book, random.Random(seed))
        return [[c.value for c in row] for sheet in book.worksheets for row in sheet.iter_rows()]

    first = disturbed("1 7")
    assert first == disturbed("1 7") != disturbed("1 8")
