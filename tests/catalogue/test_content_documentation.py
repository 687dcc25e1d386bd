from pathlib import Path

import pytest

from cartaudit.catalogue.documentation import rules_as_markdown
from cartaudit.catalogue.shapes import CHOICE_LISTS, NESTED, SCHEMAS

PAGE = (Path(__file__).parents[2] / "docs" / "content-format.md").read_text(encoding="utf-8")
START = "<!-- rules: generated from cartaudit/criteria/rules -->\n"
END = "\n<!-- end of rules -->"


def test_the_table_of_rules_is_current():
    section = PAGE.partition(START)[2].partition(END)[0]
    assert section == rules_as_markdown(), f"replace the section by:\n{rules_as_markdown()}"


@pytest.mark.parametrize("name", sorted({key for schema in SCHEMAS.values() for key in schema}))
def test_every_key_is_described(name):
    assert name in PAGE


@pytest.mark.parametrize("name", CHOICE_LISTS)
def test_every_list_of_choices_is_described(name):
    assert f"`{name}`" in PAGE


def test_every_table_inside_another_has_a_shape():
    assert {inner for keys in NESTED.values() for inner in keys.values()} <= SCHEMAS.keys()
