"""A PDF made to break its reader ends in a sentence, within the time and memory of the child that looks into it."""

import pytest
from builders_hostile import HOSTILE, broken_files, hostile
from builders_verification import CHECKLISTS, small_report

from cartaudit.verification import Outcome, carried_files, outcome, verify_report


def ends_in_a_sentence(data: bytes) -> None:
    checks = verify_report(data, released=CHECKLISTS)
    assert outcome(checks) is Outcome.DOES_NOT_HOLD, [check.text for check in checks]
    for check in checks:
        assert "\n" not in check.text
        assert check.text.endswith(".")
        assert len(check.text) < 600
    carried_files(data)


@pytest.mark.parametrize("name", HOSTILE)
def test_report_made_to_break_its_reader_ends_in_a_sentence(name: str) -> None:
    ends_in_a_sentence(hostile(small_report(), HOSTILE[name]))


@pytest.mark.parametrize("name", sorted(broken_files(small_report())))
def test_file_broken_in_its_bytes_ends_in_a_sentence(name: str) -> None:
    ends_in_a_sentence(broken_files(small_report())[name])
