"""What is kept of pure functions: the last short results, and no failure."""

import pytest

from cartaudit.model.kept import keeping


def test_a_short_text_is_worked_out_once() -> None:
    seen: list[str] = []
    length = keeping(entries=2, longest=3)(lambda text: seen.append(text) or len(text))
    assert [length(text) for text in ("a", "ab", "a", "ab")] == [1, 2, 1, 2]
    assert seen == ["a", "ab"]


def test_a_long_text_is_not_kept() -> None:
    seen: list[str] = []
    length = keeping(entries=2, longest=3)(lambda text: seen.append(text) or len(text))
    assert [length("abcd"), length("abcd")] == [4, 4]
    assert seen == ["abcd", "abcd"]


def test_the_oldest_gives_way() -> None:
    seen: list[str] = []
    length = keeping(entries=2, longest=3)(lambda text: seen.append(text) or len(text))
    assert [length(text) for text in ("a", "b", "c", "a")] == [1, 1, 1, 1]
    assert seen == ["a", "b", "c", "a"]


def test_a_failure_is_not_kept() -> None:
    number = keeping(entries=2, longest=3)(int)
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            number("x")


def test_no_more_texts_are_kept_than_said_and_the_latest_stay() -> None:
    met: list[str] = []

    @keeping(entries=6, longest=10)
    def note(text: str) -> str:
        met.append(text)
        return text.upper()

    for number in range(20):
        assert (note("again"), note(str(number))) == ("AGAIN", str(number))
    assert met == ["again", *map(str, range(20))]
    assert (note("0"), note("19")) == ("0", "19")
    assert met[-1] == "0"
