import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from cartaudit.cli import cartaudit, run


def test_a_folder_without_a_workbook_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    assert run(["batch", str(tmp_path / "in"), "-o", str(tmp_path / "out")]) == 2
    assert "no workbook found" in capsys.readouterr().err


def test_an_unknown_checklist_is_a_usage_error_before_any_site_is_read(
    tmp_path: Path, sites_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["batch", str(sites_folder), "-o", str(tmp_path / "out"), "-c", "nowhere", "--format", "json"]
    assert run(arguments) == 2
    assert "no checklist 'nowhere'" in capsys.readouterr().err


def test_a_run_with_a_rejected_file_ends_with_3_and_prints_plain_progress(
    tmp_path: Path, sites_folder: Path, batch_out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["batch", str(sites_folder), "-o", str(batch_out), "--as-of", "2026-11-22", "--format", "json"]
    assert run(arguments) == 3
    printed = capsys.readouterr()
    assert printed.out.startswith("11 audited, 1 rejected.")
    assert "12 of 12 sites, 12 unchanged" in printed.err
    assert "\x1b" not in printed.err


def test_a_run_says_when_only_the_network_report_is_left_to_do(
    tmp_path: Path, sites_folder: Path, batch_out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = shutil.copytree(batch_out, tmp_path / "out")
    arguments = ["batch", str(sites_folder), "-o", str(out), "--as-of", "2026-11-22", "--format", "json"]
    run(arguments)
    assert "network report" not in capsys.readouterr().err
    run([*arguments, "--ranks"])
    assert capsys.readouterr().err.endswith("12 of 12 sites, 12 unchanged\nMaking the network report.\n")


def test_network_writes_the_roll_up_again_without_names(tmp_path: Path, batch_out: Path) -> None:
    shutil.copytree(batch_out, tmp_path / "out")
    assert run(["network", str(tmp_path / "out"), "--anonymise"]) == 0
    network = json.loads((tmp_path / "out" / "network.json").read_text(encoding="utf-8"))
    assert network["anonymised"]
    assert network["as_of"] == "2026-11-22"
    assert "Hospital" not in (tmp_path / "out" / "network.json").read_text(encoding="utf-8")


def test_network_of_a_folder_without_a_run_is_a_usage_error(tmp_path: Path) -> None:
    assert run(["network", str(tmp_path)]) == 2


def test_samples_of_many_sites_need_a_folder_of_their_own() -> None:
    assert CliRunner().invoke(cartaudit, ["samples", "make", "--sites", "3"]).exit_code == 2
