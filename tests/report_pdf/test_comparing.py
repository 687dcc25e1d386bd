"""Two JSON documents are compared wherever they can differ, by kinds as well as by values."""

import copy
import signal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartaudit.verification.child import MOST_BYTES, Ended, _why, run_child
from cartaudit.verification.comparing import Manner, differences

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(VALUES)
def test_a_document_does_not_differ_from_itself(value: Any) -> None:
    assert not list(differences(copy.deepcopy(value), value))


@given(VALUES, VALUES)
def test_documents_that_are_not_the_same_differ_somewhere(told: Any, ours: Any) -> None:
    def typed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: typed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [typed(item) for item in value]
        return type(value).__name__, value

    assert bool(list(differences(told, ours))) == (typed(told) != typed(ours))


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        (True, 1),
        (0, False),
        ("1", 1),
        (None, ""),
        ([], {}),
        ([1, 2], [2, 1]),
        ({"a": None}, {}),
        ("", []),
        (float("nan"), 1.0),
    ],
)
def test_values_that_look_alike_differ(told: Any, ours: Any) -> None:
    assert list(differences(told, ours))


def test_whole_numbers_are_numbers() -> None:
    assert not list(differences({"a": 2.0}, {"a": 2}))


def test_a_difference_is_told_by_what_its_item_is() -> None:
    (found,) = differences({"r": [{"id": "X.1", "ok": "READY"}]}, {"r": [{"id": "X.1", "ok": "NOT READY"}]})
    assert (found.place, found.member, found.manner) == ("r[X.1].ok", "ok", Manner.OTHER)


def test_a_document_deeper_than_ours_is_refused() -> None:
    deep: Any = 1
    for _ in range(70):
        deep = [deep]
    with pytest.raises(ValueError, match="nested deeper"):
        list(differences(deep, deep))


def test_a_child_out_of_time_says_so() -> None:
    assert "more time" in _why(-signal.SIGXCPU)


def test_a_child_that_crashed_says_so() -> None:
    assert "breaks the PDF library" in _why(-signal.SIGSEGV)


def test_a_file_beyond_all_size_is_not_looked_into() -> None:
    (ended,) = run_child("verify", b"%PDF" + bytes(MOST_BYTES))
    assert isinstance(ended, Ended)
    assert "larger than 128 MB" in ended.why
