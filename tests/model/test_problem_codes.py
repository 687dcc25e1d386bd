import re
import string
from pathlib import Path

import pytest

from cartaudit.model.problem_codes import CODES, GROUPS, ProblemCode, codes_markdown, problem

ROOT = Path(__file__).parents[2]
SOURCES = "\n".join(
    path.read_text() for room in ("intake", "workbook") for path in (ROOT / "cartaudit" / room).rglob("*.py")
)


def test_the_documentation_is_current() -> None:
    assert (ROOT / "docs" / "problems.md").read_text() == codes_markdown()


@pytest.mark.parametrize("entry", CODES.values(), ids=CODES)
def test_every_code_is_used(entry: ProblemCode) -> None:
    assert f'"{entry.code}"' in SOURCES


def test_no_code_is_used_that_the_table_lacks() -> None:
    assert set(re.findall(r'"(CA\d{3})"', SOURCES)) <= set(CODES)


@pytest.mark.parametrize("entry", CODES.values(), ids=CODES)
def test_fault_and_remedy_are_sentences(entry: ProblemCode) -> None:
    assert entry.group in GROUPS.values()
    assert entry.fault.rstrip("}").endswith((".", "suggestion"))
    assert entry.remedy.removesuffix("{suggestion}").endswith((".", "unit}."))
    assert "!" not in entry.fault + entry.remedy


@pytest.mark.parametrize("entry", CODES.values(), ids=CODES)
def test_what_was_found_is_shown_harmless(entry: ProblemCode) -> None:
    names = {
        name
        for text in (entry.fault, entry.remedy, entry.expected)
        for _, name, _, _ in string.Formatter().parse(text)
        if name
    }
    fields = dict.fromkeys(names - {"found"}, "x")
    made = problem(entry.code, found="a\x00b\u202e" + "c" * 200, **fields)
    assert "\x00" not in made.message + made.found
    assert "\u202e" not in made.message + made.found
    assert len(made.found) <= 60


def test_a_problem_says_place_fault_and_remedy() -> None:
    made = problem("CA204", sheet="Cold chain", cell="D14", found="mostly", expected="Yes, Partial, No or N/A")
    assert str(made) == "Cold chain!D14: 'mostly' is not an answer. Choose Yes, Partial, No or N/A. [CA204]"


def test_braces_in_a_cell_are_text() -> None:
    assert problem("CA201", found="{unit}{0}").message == "'{unit}{0}' is not a number."
