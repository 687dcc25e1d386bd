"""Seen + named = there: whatever lies in a folder is a site of the run or named with the reason why not."""

import contextlib
import os
from pathlib import Path

import pytest
from builders_handed import KINDS, NAMES, ordinary_user
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartaudit.network.finding import Found, find_sites

_ODD = st.tuples(st.sampled_from(sorted(KINDS)), st.sampled_from(NAMES))
_TREES = st.recursive(
    st.lists(_ODD, max_size=6),
    lambda below: st.tuples(st.lists(_ODD, max_size=4), st.dictionaries(st.sampled_from(NAMES), below, max_size=2)),
    max_leaves=4,
)


def _make(folder: Path, tree: object) -> int:
    """Make a folder, and count the places that have to be accounted for."""
    folder.mkdir()
    odd, below = tree if isinstance(tree, tuple) else (tree, {})
    total = 0
    for name, content in below.items():
        total += _make(folder / f"d {name}", content)
    for kind, name in odd:
        pattern, make, number = KINDS[kind]
        path = folder / pattern.format(name)
        if not os.path.lexists(path):
            make(path)
            total += number
    return total or (0 if list(folder.iterdir()) else 1)


def _named(found: Found) -> list[str]:
    return [s.file for s in found.sites] + [o.file for o in found.others]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_TREES)
def test_every_place_of_a_folder_is_seen_or_named_once(tree: object) -> None:
    with ordinary_user() as top:
        there = _make(top / "in", tree)
        found = find_sites([top / "in"])
        assert len(_named(found)) == len(set(_named(found))) == there
        assert len({s.name for s in found.sites}) == len(found.sites)
        assert all(o.why for o in found.others)
        assert all(name.encode() for name in _named(found))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_odd_place_is_a_site_a_fault_or_left_for_a_reason(kind: str) -> None:
    pattern, make, _ = KINDS[kind]
    with ordinary_user() as top:
        (top / "in").mkdir()
        (top / "in" / "sound.xlsx").write_bytes(b"sound")
        make(top / "in" / pattern.format("odd"))
        found = find_sites([top / "in"])
        sites = {s.file: bool(s.fault) for s in found.sites if s.file != "sound.xlsx"}
        assert (sites, {o.file: o.why for o in found.others}) == EXPECTED[kind]


EXPECTED: dict[str, tuple[dict[str, bool], dict[str, str]]] = {
    "workbook": ({"odd.xlsx": False}, {}),
    "workbook in capitals": ({"odd.XLSX": False}, {}),
    "old workbook": ({"odd.xls": False}, {}),
    "closed workbook": ({"odd.xlsx": False}, {}),
    "text": ({}, {"odd.txt": "no workbook by its name"}),
    "another PDF": ({}, {"odd.pdf": "no workbook by its name"}),
    "hidden": ({}, {".odd.xlsx": "hidden"}),
    "hidden folder": ({}, {".odd/": "hidden"}),
    "lock": ({}, {"~$odd.xlsx": "the lock file of a workbook that is open"}),
    "lock of LibreOffice": ({}, {".~lock.odd.xlsx#": "the lock file of a workbook that is open"}),
    "pipe": ({}, {"odd": "a pipe"}),
    "pipe called a workbook": ({"odd.xlsx": True}, {}),
    "socket": ({}, {"odd.s": "a socket"}),
    "device": ({"odd.xlsx": True}, {}),
    "link to nothing": ({"odd.xlsx": True}, {}),
    "link to no folder": ({"odd": True}, {}),
    "link to itself": ({"odd": True}, {}),
    "link to where it lies": ({}, {"odd/": "the same folder as in/"}),
    "link up": ({}, {"odd/": "a link up to a folder that holds this one, which is not followed"}),
    "link to the top": ({}, {"odd/": "a link up to a folder that holds this one, which is not followed"}),
    "empty folder": ({}, {"odd/": "an empty folder"}),
    "closed folder": ({"odd/": True}, {}),
    "folder without search": ({"odd/a.xlsx": True, "odd/deep/": True}, {"odd/n.txt": "no workbook by its name"}),
}


def _touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    return folder


def test_a_link_to_a_folder_outside_is_followed_once(tmp_path: Path) -> None:
    _touch(tmp_path, "in/a.xlsx", "real/c.xlsx", "real/deep/d.xlsx")
    (tmp_path / "in" / "one").symlink_to(tmp_path / "real")
    (tmp_path / "in" / "two").symlink_to("../real/deep")
    (tmp_path / "real" / "back").symlink_to(tmp_path / "in")
    found = find_sites([tmp_path / "in"])
    assert [s.file for s in found.sites] == ["a.xlsx", "one/c.xlsx", "one/deep/d.xlsx"]
    assert {o.file: o.why for o in found.others} == {
        "two/": "the same folder as one/deep/",
        "one/back/": "the same folder as in/",
    }


def test_folders_that_link_to_each_other_are_looked_at_once(tmp_path: Path) -> None:
    _touch(tmp_path, "in/x/a.xlsx", "in/y/b.xlsx", "far/c.xlsx", "away/d.xlsx")
    links = {"in/x/y": "in/y", "in/y/x": "in/x", "in/f": "far", "far/g": "away", "away/f": "far"}
    for place, target in links.items():
        (tmp_path / place).symlink_to(tmp_path / target)
    found = find_sites([tmp_path / "in"])
    assert sorted(s.file for s in found.sites) == ["f/c.xlsx", "f/g/d.xlsx", "x/a.xlsx", "y/b.xlsx"]
    assert sorted(o.file for o in found.others) == ["f/g/f/", "x/y/", "y/x/"]


def test_a_file_reached_again_by_a_link_counts_where_it_lies(tmp_path: Path) -> None:
    _touch(tmp_path, "in/z.xlsx", "real/c.xlsx")
    for name, target in (("a.xlsx", "z.xlsx"), ("b.xlsx", "../real/c.xlsx"), ("n.xlsx", "../real/c.xlsx")):
        (tmp_path / "in" / name).symlink_to(target)
    found = find_sites([tmp_path / "in"])
    assert [s.file for s in found.sites] == ["b.xlsx", "z.xlsx"]
    assert {o.file: o.why for o in found.others} == {
        "a.xlsx": "the same file as z.xlsx",
        "n.xlsx": "the same file as b.xlsx",
    }


def test_folders_handed_in_one_within_the_other_count_once(tmp_path: Path) -> None:
    _touch(tmp_path, "in/a.xlsx", "in/deep/b.xlsx")
    for paths in ([tmp_path / "in", tmp_path / "in" / "deep"], [tmp_path / "in" / "deep", tmp_path / "in"]):
        found = find_sites(paths)
        assert sorted(Path(s.file).name for s in found.sites) == ["a.xlsx", "b.xlsx"]
        assert found.others == ()


def test_a_folder_handed_in_again_by_a_link_is_named(tmp_path: Path) -> None:
    _touch(tmp_path, "in/a.xlsx")
    (tmp_path / "again").symlink_to("in")
    found = find_sites([tmp_path / "in", tmp_path / "again", tmp_path / "in" / ".." / "in"])
    assert len(found.sites) == 1
    assert [o.why for o in found.others] == ["the same folder as in/"]


def test_what_is_named_itself_is_a_site_whatever_it_is_called(tmp_path: Path) -> None:
    _touch(tmp_path, ".hidden.xlsx", "report.pdf", "noname")
    os.mkfifo(tmp_path / "pipe")
    found = find_sites([tmp_path / name for name in (".hidden.xlsx", "report.pdf", "noname", "pipe")])
    assert {s.file: bool(s.fault) for s in found.sites} == {
        ".hidden.xlsx": False, "report.pdf": False, "noname": False, "pipe": True,
    }  # fmt: skip


def test_a_report_of_ours_among_the_workbooks_is_a_site_that_will_be_refused(tmp_path: Path) -> None:
    (tmp_path / "r.pdf").write_bytes(b"%PDF-1.7\n<xmp:CreatorTool>cartaudit 0.1.0</xmp:CreatorTool>")
    (tmp_path / "evidence.pdf").write_bytes(b"%PDF-1.7\n<xmp:CreatorTool>Writer</xmp:CreatorTool>")
    found = find_sites([tmp_path])
    assert [s.file for s in found.sites] == ["r.pdf"]
    assert [o.file for o in found.others] == ["evidence.pdf"]


def test_a_folder_too_deep_to_be_looked_at_is_named(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        for _ in range(30):
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
        Path("a.xlsx").write_bytes(b"a")
    found = find_sites([tmp_path])
    assert [bool(s.fault) for s in found.sites] == [True]
    assert len(found.sites[0].name.encode()) < 140


def test_a_link_to_the_output_folder_is_not_followed(tmp_path: Path) -> None:
    _touch(tmp_path, "in/a.xlsx", "out/b.xlsx")
    (tmp_path / "in" / "results").symlink_to("../out")
    found = find_sites([tmp_path / "in"], tmp_path / "out")
    assert [o.why for o in found.others] == ["a link to the output folder"]
