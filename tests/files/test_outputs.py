"""What may be written over: nothing that is read, nothing that is not ours, and never by half."""

import os
import stat
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from cartaudit.errors import InputAsOutputError, OutputError
from cartaudit.files import Outputs, is_same_file, write_atomically

OURS = b"ours"


def why_kept(path: Path) -> str:
    return "" if path.read_bytes() == OURS else "is not ours"


def outputs(*inputs: Path, force: bool = False) -> Outputs:
    return Outputs(why_kept=why_kept, inputs=inputs, force=force)


@pytest.fixture
def read(tmp_path: Path) -> Path:
    path = tmp_path / "Site é.xlsx"
    path.write_bytes(b"answers")
    return path


def hard_link(read: Path) -> Path:
    path = read.with_name("hard.xlsx")
    os.link(read, path)
    return path


def link(read: Path) -> Path:
    path = read.with_name("link.xlsx")
    path.symlink_to(read.name)
    return path


def way_round(read: Path) -> Path:
    (read.parent / "in").mkdir()
    return read.parent / "in" / ".." / read.name


def through_linked_folder(read: Path) -> Path:
    (read.parent / "linked").symlink_to(read.parent, target_is_directory=True)
    return read.parent / "linked" / read.name


SPELLINGS: list[Callable[[Path], Path]] = [
    lambda read: read,
    lambda read: read.with_name(read.name.upper()),
    lambda read: read.with_name(unicodedata.normalize("NFD", read.name)),
    hard_link,
    link,
    way_round,
    through_linked_folder,
]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("spelled", SPELLINGS)
def test_what_is_read_is_never_written_by_whatever_name(
    spelled: Callable[[Path], Path], force: bool, read: Path
) -> None:
    target = spelled(read)
    with pytest.raises(InputAsOutputError, match="is read here"):
        outputs(read, force=force).write({target: b"new"})
    assert read.read_bytes() == b"answers"


@pytest.mark.parametrize("spelled", [hard_link, link])
def test_an_input_named_by_a_link_is_not_written_where_it_lies(spelled: Callable[[Path], Path], read: Path) -> None:
    with pytest.raises(InputAsOutputError):
        outputs(spelled(read), force=True).check([read])


@pytest.mark.parametrize("force", [False, True])
def test_a_file_of_a_folder_that_is_read_is_never_written(read: Path, tmp_path: Path, force: bool) -> None:
    with pytest.raises(InputAsOutputError, match="belongs to the folder"):
        outputs(tmp_path, force=force).check([read])


def test_our_own_output_in_a_folder_that_is_read_may_be_replaced(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    target.write_bytes(OURS)
    outputs(tmp_path).write({target: b"new"})
    assert target.read_bytes() == b"new"


def test_a_new_file_in_a_folder_that_is_read_may_be_written(tmp_path: Path) -> None:
    outputs(tmp_path).write({tmp_path / "new.pdf": b"new"})
    assert (tmp_path / "new.pdf").read_bytes() == b"new"


def test_files_that_only_look_alike_are_two(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert not is_same_file(tmp_path / "a" / "x.xlsx", tmp_path / "b" / "x.xlsx")
    assert not is_same_file(tmp_path / "missing" / "x.xlsx", tmp_path / "x.xlsx")


def test_foreign_file_is_kept_and_named(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"a\.pdf is there already and is not ours\. .* --force"):
        outputs().write({target: b"new"})
    assert target.read_bytes() == b"mine"


def test_force_replaces_a_foreign_file(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"mine")
    outputs(force=True).write({target: b"new"})
    assert target.read_bytes() == b"new"


def test_our_own_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(OURS)
    target.chmod(0o640)
    outputs().write({target: b"new"})
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_write_protected_file_of_ours_is_kept_until_forced(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(OURS)
    target.chmod(0o444)
    with pytest.raises(OutputError, match="write-protected"):
        outputs().check([target])
    outputs(force=True).write({target: b"new"})
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("leads_to", ["foreign", "ours", "nowhere", "folder"])
def test_link_is_never_written_through_nor_replaced(leads_to: str, force: bool, tmp_path: Path) -> None:
    (tmp_path / "foreign").write_bytes(b"mine")
    (tmp_path / "ours").write_bytes(OURS)
    (tmp_path / "folder").mkdir()
    target = tmp_path / "a.pdf"
    target.symlink_to(leads_to)
    with pytest.raises(OutputError, match="is a link"):
        outputs(force=force).write({target: b"new"})
    assert target.is_symlink()
    assert (tmp_path / "foreign").read_bytes() == b"mine"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("force", [False, True])
def test_folder_pipe_and_device_are_never_written(tmp_path: Path, force: bool) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for target, why in (("folder", "is a folder"), ("pipe", "a pipe"), ("/dev/null", "a device")):
        with pytest.raises(OutputError, match=why):
            outputs(force=force).write({tmp_path / target: b"new"})


def test_file_in_the_place_of_a_folder_is_kept(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(OutputError, match="out is not a folder"):
        outputs(force=True).write({tmp_path / "out" / "deep" / "a.pdf": b"new"})
    assert (tmp_path / "out").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["a" * 300, "nul\0.pdf"])
def test_impossible_name_is_one_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="could not be written"):
        outputs().write({tmp_path / name: b"new"})


@pytest.mark.parametrize("letter", ["a", "é", "漢"])
def test_longest_name_of_a_file_system_is_written(letter: str, tmp_path: Path) -> None:
    target = tmp_path / (letter * (250 // len(letter.encode())) + ".pdf")
    outputs().write({target: b"new"})
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_of_several_outputs_none_is_written_where_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"b\.csv"):
        outputs().write({tmp_path / name: b"new" for name in ("a.csv", "b.csv", "c.csv")})
    assert [path.name for path in tmp_path.iterdir()] == ["b.csv"]


def test_of_several_outputs_none_is_written_where_one_cannot_be(tmp_path: Path) -> None:
    ours = tmp_path / "a.pdf"
    ours.write_bytes(OURS)
    with pytest.raises(OutputError):
        outputs().write({ours: b"new", tmp_path / ("b" * 300): b"new"})
    assert ours.read_bytes() == OURS
    assert list(tmp_path.iterdir()) == [ours]


def test_two_outputs_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Two outputs"):
        outputs().write({tmp_path / "a.xlsx": b"one", tmp_path / "A.xlsx": b"two"})
    assert list(tmp_path.iterdir()) == []


def test_error_of_the_disk_names_the_file_and_not_its_unfinished_copy(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    (tmp_path / "a.pdf" / "inside").touch()
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"file/b\.pdf'$"):
        write_atomically(tmp_path / "file" / "b.pdf", b"new")
    with pytest.raises(OSError, match=r"a\.pdf'$"):
        write_atomically(tmp_path / "a.pdf", b"new")
    assert not list(tmp_path.glob(".*"))


def test_file_changed_while_the_output_was_made_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(OURS)
    found = outputs()
    found.check([target])
    target.write_bytes(b"a comment was typed into it")
    with pytest.raises(OutputError):
        found.write({target: b"new"})
    assert target.read_bytes() == b"a comment was typed into it"


def test_file_that_a_person_saves_at_the_last_moment_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(OURS)

    def saved_after_the_first_look(path: Path) -> str:
        why = why_kept(path)
        path.write_bytes(b"saved just now")
        return why

    with pytest.raises(OutputError):
        Outputs(why_kept=saved_after_the_first_look).write({target: b"new"})
    assert target.read_bytes() == b"saved just now"
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]
