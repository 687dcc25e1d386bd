import copy
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartaudit.catalogue.content import sort_content
from cartaudit.catalogue.lint.checklists import lint_checklists
from cartaudit.catalogue.lint.places import lint_places
from cartaudit.catalogue.lint.requirements import lint_requirements, setting
from cartaudit.catalogue.overlays import apply_raw
from cartaudit.catalogue.reading import RawFile, Reading, read_folder

BASE = Path(__file__).parent / "base"
OVERLAY = {
    "overlay": {"name": "local"},
    "parameter": [
        {
            "product": "acme",
            "name": "driving_weeks_min",
            "jurisdiction": "US",
            "value": 1,
            "source": "Letter",
            "revision": "3",
            "effective_from": date(2025, 1, 1),
        }
    ],
    "stricter": [
        {"requirement": "FJ-CC-002", "severity": "critical", "criterion": {"checks_on_time": {"min_share": 0.95}}},
        {"requirement": "FJ-CC-003", "criterion": {"vessels": {"min_rows": 2}}},
        {"requirement": "FJ-CC-001", "gate": True, "criterion": {"alarm_tested": {"allowed": ["yes"]}}},
    ],
}
JUNK = (0, -1, 1.5, float("nan"), True, "", "x", "yes", [], [1], [[]], ["x"], [{}], {}, {"x": 1}, {"parameter": 3})
JUNK += ({"parameter": "product"}, date(2026, 1, 1), datetime(2026, 1, 1, 1), {"anyof": [{}, 1]}, {"every_row": {}})


def leaves(part, path=()):
    yield path
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in entries:
        yield from leaves(value, (*path, key))


def changed(data, path, junk):
    data = copy.deepcopy(data)
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = junk
    return data


FILES = read_folder(BASE).files
SPOTS = [(number, path) for number, raw in enumerate(FILES) for path in leaves(raw.data) if path]
OVERLAY_SPOTS = [path for path in leaves(OVERLAY) if path]


def lint(files, overlay=OVERLAY):
    content, messages = sort_content(Reading(files=tuple(files), version="0", messages=()))
    checked = setting(content)
    found = [*messages, *lint_places(content), *lint_requirements(checked), *lint_checklists(checked)]
    overlaid = apply_raw(checked, [RawFile(name="overlay.toml", data=overlay, content=b"")])
    return [str(message) for message in (*found, *overlaid.messages)]


@pytest.fixture(scope="module")
def quiet():
    return lint(FILES)


def test_the_base_and_its_overlay_are_without_fault(quiet):
    assert quiet == []


@settings(max_examples=40, derandomize=True)
@given(spot=st.sampled_from(SPOTS), junk=st.sampled_from(JUNK))
def test_junk_anywhere_in_content_is_reported_and_never_raises(spot, junk):
    number, path = spot
    raw = FILES[number]
    mutated = RawFile(name=raw.name, data=changed(raw.data, path, junk), content=b"")
    assert all(isinstance(text, str) for text in lint([*FILES[:number], mutated, *FILES[number + 1 :]]))


@settings(max_examples=40, derandomize=True)
@given(path=st.sampled_from(OVERLAY_SPOTS), junk=st.sampled_from(JUNK))
def test_junk_anywhere_in_an_overlay_is_reported_and_never_raises(path, junk):
    assert all(isinstance(text, str) for text in lint(FILES, changed(OVERLAY, path, junk)))
