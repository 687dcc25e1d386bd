from pathlib import Path

import pytest

from cartaudit.network.batch import largest_first
from cartaudit.network.finding import Other, find_sites


def _touch(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def test_every_workbook_of_a_folder_and_its_folders_is_found(tmp_path: Path) -> None:
    found = find_sites([_touch(tmp_path, "b.xlsx", "deep/a.XLSM", "old.xls", "notes.txt")])
    assert [s.file for s in found.sites] == ["deep/a.XLSM", "b.xlsx", "old.xls"]
    assert found.others == (Other(file="notes.txt", why="no workbook by its name"),)


def test_lock_files_and_hidden_files_are_no_sites(tmp_path: Path) -> None:
    sites = find_sites([_touch(tmp_path, "~$a.xlsx", ".a.xlsx", ".git/b.xlsx")]).sites
    assert sites == ()


def test_workbooks_of_one_name_get_outputs_of_their_own(tmp_path: Path) -> None:
    sites = find_sites([_touch(tmp_path, "north/site.xlsx", "south/site.xlsx", "south/site.xlsm")]).sites
    assert len({s.name for s in sites}) == 3


def test_folders_with_the_same_files_stay_apart(tmp_path: Path) -> None:
    _touch(tmp_path, "north/site.xlsx", "south/site.xlsx")
    sites = find_sites([tmp_path / "north", tmp_path / "south"]).sites
    assert sorted(s.file for s in sites) == ["north/site.xlsx", "south/site.xlsx"]
    assert len({s.name for s in sites}) == 2


@pytest.mark.parametrize("name", ["network.xlsx", "Batch.xlsx"])
def test_a_workbook_cannot_take_the_name_of_a_file_of_the_run(tmp_path: Path, name: str) -> None:
    sites = find_sites([_touch(tmp_path, name)]).sites
    assert sites[0].name.casefold() not in ("network", "batch")


def test_a_very_long_name_is_shortened_for_the_outputs(tmp_path: Path) -> None:
    sites = find_sites([_touch(tmp_path, "é" * 120 + ".xlsx")]).sites
    assert len(sites[0].name.encode()) < 140


def test_the_output_folder_within_the_input_is_left_out(tmp_path: Path) -> None:
    _touch(tmp_path, "a.xlsx", "out/network.xlsx", "out/a.xlsx")
    found = find_sites([tmp_path], tmp_path / "out")
    assert [s.file for s in found.sites] == ["a.xlsx"]
    assert found.others == ()
    assert found.met_output


def test_a_file_named_twice_is_audited_once(tmp_path: Path) -> None:
    _touch(tmp_path, "a.xlsx")
    sites = find_sites([tmp_path, tmp_path / "a.xlsx"]).sites
    assert len(sites) == 1


def test_the_largest_workbook_is_begun_first(tmp_path: Path) -> None:
    for name, size in (("a", 10), ("b", 30), ("c", 20)):
        (tmp_path / f"{name}.xlsx").write_bytes(b"x" * size)
    sites = find_sites([tmp_path]).sites
    assert [site.name for site in largest_first(sites)] == ["b", "c", "a"]
