"""Lint of consistency rules: each way in which one can be wrong, in the shipped content."""

import shutil
from pathlib import Path

import pytest

from cartaudit.catalogue.loading import lint_catalogue

SHIPPED = Path(__file__).parents[2] / "checklists"
EXAMPLES = (
    "finds = [{ ld_earliest_day = 5, ld_latest_day = 2 }]\nspares = [{ ld_earliest_day = 2, ld_latest_day = 5 }]\n"
)
PAIR = 'pair = ["ld_earliest_day", "ld_latest_day"]\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("content") / "checklists"
    shutil.copytree(SHIPPED, path)
    return path


def lint(folder: Path, body: str) -> list[str]:
    text = f'[[consistency]]\nid = "tried"\ntext = "Tried."\n{body}'
    (folder / "consistency.toml").write_text(text, encoding="utf-8")
    return [m.fault for m in lint_catalogue(folder)]


def test_a_good_rule_is_let_through(folder):
    assert not lint(folder, PAIR + EXAMPLES)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (EXAMPLES, "has to demand one thing"),
        (PAIR + 'answered = ["oxygen_alarm"]\n' + EXAMPLES, "has to demand one thing"),
        ('pair = ["ld_latest_day", "ld_earliest_day"]\n' + EXAMPLES, "stays silent here"),
        (
            PAIR + EXAMPLES.replace("spares", "spares_") + "spares = [{ ld_earliest_day = 9, ld_latest_day = 1 }]\n",
            "no key",
        ),
        (PAIR + EXAMPLES.partition("spares")[0] + "spares = [{ ld_earliest_day = 9, ld_latest_day = 1 }]\n", "objects"),
        (PAIR + EXAMPLES.partition("spares")[0], "'spares' is missing"),
        ('pair = ["ld_earliest_day", "no_such"]\n' + EXAMPLES, "no question or column 'no_such'"),
        ('pair = ["ld_earliest_day", "opening_on"]\n' + EXAMPLES, "cannot be compared"),
        ('pair = ["ld_earliest_day", "in_use_minutes"]\n' + EXAMPLES, "cannot be compared"),
        ('pair = ["certificates.valid_from", "documents.review_due"]\n' + EXAMPLES, "cannot be compared"),
        ('needs = { ld_latest_day = { min = 1 } }\ndoubts = ["ld_latest_day"]\n' + EXAMPLES, "'when' stands with"),
        ("when = { ld_latest_day = { min = 1 } }\nneeds = { ld_earliest_day = { min = 1 } }\n" + EXAMPLES, "withheld"),
        ('when = { no_such = { min = 1 } }\nanswered = ["oxygen_alarm"]\n' + EXAMPLES, "no_such"),
        ('when = { ld_latest_day = { min = 1 } }\nanswered = ["no_such"]\n' + EXAMPLES, "no question 'no_such'"),
        (
            'when = { ld_latest_day = { min = 1 } }\nneeds = { phase = { allowed = ["established"] } }\n'
            'otherwise = { phase = "open" }\n' + EXAMPLES,
            "no choice of 'phase'",
        ),
        (
            'counts = { register = "facilities", column = "name", answer = "clinical_sites" }\n'
            'doubts = ["clinical_sites"]\n' + EXAMPLES,
            "has no column 'name'",
        ),
        (PAIR + EXAMPLES.replace("ld_latest_day = 2 }", "ld_latest_day = 2, no_such = 1 }"), "no question 'no_such'"),
    ],
)
def test_a_rule_that_is_wrong_is_refused(folder, body, fault):
    assert any(fault in found for found in lint(folder, body))
