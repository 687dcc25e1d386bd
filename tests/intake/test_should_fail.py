import json
from pathlib import Path

import pytest
from builders_intake import codes, read

FOLDER = Path(__file__).parents[1] / "workbooks" / "should_fail"
EXPECTED = json.loads((FOLDER / "expected.json").read_text())


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_fault_gives_its_code_at_its_cell_and_nothing_else(name: str) -> None:
    code, place, handed_in_as = EXPECTED[name]
    outcome = read((FOLDER / name).read_bytes(), handed_in_as)
    assert codes(outcome) == [(code, place)]


def test_every_file_has_an_expectation() -> None:
    assert {p.name for p in FOLDER.iterdir()} - {"expected.json"} == set(EXPECTED)


def test_there_are_at_least_sixty_kinds_of_fault() -> None:
    assert len(EXPECTED) >= 60
