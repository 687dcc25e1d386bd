"""No two files of a run share an output name, on whatever file system, however they are called."""

import hashlib
import unicodedata
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartaudit.network.names import folded, output_names

FOLDINGS: dict[str, Callable[[str], str]] = {
    "as they are": str,
    "without capitals": str.lower,
    "in capitals": str.upper,
    "casefold": str.casefold,
    "composed": lambda name: unicodedata.normalize("NFC", name),
    "decomposed, without capitals": lambda name: unicodedata.normalize("NFD", name.casefold()),
    "compatible": lambda name: unicodedata.normalize("NFKC", name).casefold(),
}
"""What file systems take for one name."""

ODD = (
    *("network", "Batch", "NETWORK", "straße", "STRASSE", "é", "e\u0301", "É", "ﬁ", "fi", "ı", "ᾳ"),
    *("a", "A", "a\nb", "-rf", ".x"),
)


def _names(files: Sequence[str]) -> list[str]:
    return list(output_names(dict.fromkeys(files)).values())


def _apart(files: Sequence[str]) -> None:
    names = _names(files)
    assert len(names) == len(set(files))
    for fold in FOLDINGS.values():
        assert len({fold(name) for name in names}) == len(names)
    assert all(name.isprintable() and "/" not in name and not name.startswith(".") for name in names)
    assert all(name.casefold() not in ("network", "batch") for name in names)
    assert all(len(name.encode()) <= 120 + 1 + 64 for name in names)


stems = st.one_of(st.sampled_from(ODD), st.text("aAbé-0f", min_size=1, max_size=12), st.text(min_size=1, max_size=200))
files = st.builds(
    lambda folder, stem, suffix: f"{folder}{stem.replace('/', '_').replace(chr(0), '_')}{suffix}",
    st.sampled_from(["", "x/", "X/", "y/z/"]),
    stems.filter(lambda stem: not any("\ud800" <= c <= "\udfff" for c in stem)),
    st.sampled_from([".xlsx", ".XLSX", ".xls", "", "/"]),
)


@given(st.lists(files, unique=True, max_size=12))
def test_no_two_files_share_an_output_name(given: list[str]) -> None:
    _apart(given)


@given(st.lists(files, unique=True, min_size=1, max_size=6), st.data())
def test_a_file_called_like_the_outputs_of_another_has_its_own(given: list[str], data: st.DataObject) -> None:
    """Take names that came out, in other capitals too, as names that go in; three times over."""
    for _ in range(3):
        taken = data.draw(st.sampled_from(_names(given)))
        folder, name = data.draw(st.sampled_from(["", "w/"])), data.draw(st.sampled_from([taken, taken.upper()]))
        given.append(f"{folder}{name}.xlsx")
        _apart(given)


@given(st.lists(files, unique=True, max_size=8))
def test_names_do_not_depend_on_the_order(given: list[str]) -> None:
    assert output_names(given) == output_names(given[::-1])


@pytest.mark.parametrize("stem", ["site", "Klinik Süd 2026", "a.b", "x-1234567", "-n"])
def test_a_name_of_its_own_stays_as_it_is(stem: str) -> None:
    assert _names([f"{stem}.xlsx", "other.xlsx"])[0] == stem


def test_hashes_that_begin_alike_are_given_more_digits() -> None:
    seen: dict[str, str] = {}
    for number in range(1_000_000):
        file = f"{number}/site.xlsx"
        other = seen.setdefault(hashlib.sha256(file.encode()).hexdigest()[:8], file)
        if other != file:
            break
    _apart([file, other])
    assert {len(name) for name in _names([file, other])} == {len("site-") + 16}


@given(st.text(), st.text())
def test_what_a_file_system_takes_for_one_name_is_folded_to_one(one: str, other: str) -> None:
    for fold in FOLDINGS.values():
        if fold(one) == fold(other):
            assert folded(one) == folded(other)
        assert folded(fold(one)) == folded(one)
