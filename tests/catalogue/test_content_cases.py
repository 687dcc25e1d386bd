from pathlib import Path

import pytest

from cartaudit.catalogue import LintSeverity, lint_catalogue, read_catalogue

FOLDER = Path(__file__).parent


def cases(folder):
    return [pytest.param(path, id=path.stem) for path in sorted((FOLDER / folder).glob("*.toml"))]


def assert_each_is_found(expected, messages):
    found = [str(message).replace("warning: ", "") for message in messages]
    shown = "\n".join(found) or "no message"
    for text in expected:
        assert any(text in message for message in found), f"{text}\nis not among:\n{shown}"
    assert len(found) == len(expected), f"expected {len(expected)} messages, found:\n{shown}"


def split(messages):
    errors = [m for m in messages if m.severity is LintSeverity.ERROR]
    return errors, [m for m in messages if m.severity is LintSeverity.WARNING]


@pytest.mark.parametrize("path", cases("should_fail"))
def test_a_fault_is_found_with_its_place_and_nothing_else_is(path, prepared):
    case = prepared(path)
    errors, _ = split(lint_catalogue(case.folder, case.overlays))
    assert_each_is_found(case.expected, errors)


@pytest.mark.parametrize("path", cases("should_pass"))
def test_content_without_fault_is_read(path, prepared):
    case = prepared(path)
    errors, warnings = split(lint_catalogue(case.folder, case.overlays))
    assert errors == []
    assert_each_is_found(case.warned, warnings)
    assert read_catalogue(case.folder, case.overlays).checklists
