"""A house style on the reports of a run: sent to the workers as bytes, and part of what a site's outputs depend on."""

import subprocess
from pathlib import Path

import pytest
from builders_network import make_setup, request_for

from cartaudit.errors import RenderError
from cartaudit.network import executors
from cartaudit.network.batch import Progress
from cartaudit.network.executors import drive, end_children
from cartaudit.network.house import house_digest, pack_house, unpack_house
from cartaudit.network.job import Job, Outcome
from cartaudit.network.run import run_batch, setup_digest
from cartaudit.network.slots import Limits


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "house style"
    (folder / "house").mkdir(parents=True)
    (folder / "house" / "logo.html.j2").write_text("<p>Sample Network Office</p>", encoding="utf-8")
    (folder / "house.css").write_text("h1 { color: #552200 }", encoding="utf-8")
    (folder / ".hidden").write_text("stays here", encoding="utf-8")
    return folder


def _text(path: Path) -> str:
    return subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout


def test_the_files_of_a_house_style_come_out_as_they_went_in(house: Path) -> None:
    packed = pack_house(house)
    folder = unpack_house(packed)
    assert folder is not None
    assert [name for name, _ in packed] == ["house/logo.html.j2", "house.css"]
    assert pack_house(folder) == packed
    assert unpack_house(packed) == folder


def test_no_house_style_is_nothing_to_send() -> None:
    assert (pack_house(None), house_digest(()), unpack_house(())) == ((), "", None)


def test_a_changed_house_style_makes_every_site_new(house: Path, tmp_path: Path) -> None:
    request = request_for(tmp_path, tmp_path / "out", template_dir=house)
    before = setup_digest(request)
    assert setup_digest(request_for(tmp_path, tmp_path / "out")) != before
    (house / "house.css").write_text("h1 { color: #000000 }", encoding="utf-8")
    assert setup_digest(request) != before


def test_a_house_style_that_cannot_be_unpacked_is_said_of_every_job(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(executors, "unpack_house", full)
    done = drive(make_setup(), [Job(name="a", workbook=b"x"), Job(name="b", workbook=b"x")], Limits())
    assert [d.outcome for d in done] == [Outcome.CRASHED, Outcome.CRASHED]
    assert "No space left" in done[0].message


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [("house/logo.html.j2", "{{ r.nothing }}", "'r' is undefined"), ("house/marks.html.j2", "{% if %}", "line 1")],
)
def test_a_faulty_house_style_is_said_before_any_site_is_done(
    name: str, text: str, fault: str, house: Path, tmp_path: Path, sites_folder: Path
) -> None:
    (house / name).write_text(text, encoding="utf-8")
    done: list[Progress] = []
    request = request_for(sites_folder / "site_00001.xlsx", tmp_path / "out", formats=("pdf",), template_dir=house)
    with pytest.raises(RenderError, match=fault):
        run_batch(request, "major", on_done=done.append)
    assert done == []


def test_reports_of_sites_and_network_wear_the_house_style(house: Path, tmp_path: Path, sites_folder: Path) -> None:
    site = next(sites_folder.glob("site_00001.xlsx"))
    run_batch(request_for(site, tmp_path / "out", formats=("pdf",), template_dir=house), "major")
    end_children()
    assert "Sample Network Office" in _text(tmp_path / "out" / "site_00001.pdf")
    assert "Sample Network Office" in _text(tmp_path / "out" / "network.pdf")
