"""The planted truths of a synthetic network, found again by a run over it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ReadJson = Callable[[Path], Any]


@pytest.fixture
def truths(sites_folder: Path, read_json: ReadJson) -> Any:
    return read_json(sites_folder / "truths.json")


@pytest.fixture
def network(batch_out: Path, read_json: ReadJson) -> Any:
    return read_json(batch_out / "network.json")


def _files(network: Any, labels: list[str]) -> list[str]:
    """Give all files that were handed in for these centres, each of which is named once."""
    by_label = {c["label"]: (c["file"], *c["also"]) for c in network["centres"]}
    return sorted(file for label in labels for file in by_label[label])


def test_every_file_has_the_planted_outcome_and_verdicts(truths: Any, network: Any) -> None:
    found = {f: (c["outcome"], c["verdicts"]) for c in network["centres"] for f in (c["file"], *c["also"])}
    assert found == {s["file"]: (s["outcome"], s.get("verdicts", {})) for s in truths["sites"]}


def test_no_workbook_has_a_problem_that_was_not_planted(truths: Any, batch_out: Path, read_json: ReadJson) -> None:
    names = [Path(s["file"]).stem for s in truths["sites"] if s["outcome"] == "audited"]
    found = [read_json(batch_out / ".cartaudit" / f"{name}.json")["summary"]["problems"] for name in names]
    assert found == [[]] * len(names)


def test_just_the_planted_requirements_are_open(truths: Any, network: Any) -> None:
    found = {r["id"]: _files(network, r["centres"]) for r in network["requirements"]}
    planted: dict[str, list[str]] = {}
    for site in truths["sites"]:
        for requirement in site.get("open", ()):
            planted.setdefault(requirement, []).append(site["file"])
    assert found == planted


def test_the_failing_cell_bank_is_found_with_its_sites(truths: Any, network: Any) -> None:
    found = {u["name"]: (_files(network, u["centres"]), bool(u["failing"])) for u in network["units"]}
    assert found == {u["name"]: (u["sites"], u["fails"]) for u in truths["units"] if len(u["sites"]) > 1}


def test_single_gates_that_lift_sites_are_found(truths: Any, network: Any) -> None:
    found = {x["id"]: _files(network, x["centres"]) for x in network["lifts"]}
    assert found == {gate: files for gate, files in truths["only_gates"].items() if files}


def test_files_and_answers_sent_twice_are_found(truths: Any, network: Any) -> None:
    assert network["same_file"] == truths["same_file"]
    assert [c["file"] for c in network["centres"] if c["also"]] == [files[0] for files in truths["same_file"]]
    assert [_files(network, g) for g in network["same_answers"]] == truths["same_answers"]


def test_rows_of_a_register_that_end_on_one_day_are_one_line_of_the_calendar(network: Any) -> None:
    ends = [e["what"] for e in network["expiries"]]
    assert "Documents: Next review due" in ends
    assert not any(", row" in what for what in ends)


def test_the_first_line_names_what_could_not_be_audited(network: Any) -> None:
    assert network["headline"] == (
        "10 of 11 sites could be audited. 1 site was handed in more than once, counted once. "
        "Not audited: site_00012 (rejected)."
    )


def test_the_batch_file_names_every_workbook_and_what_is_none(
    sites_folder: Path, batch_out: Path, read_json: ReadJson
) -> None:
    batch = read_json(batch_out / "batch.json")
    assert [s["file"] for s in batch["sites"]] == sorted(p.name for p in sites_folder.glob("*.xlsx"))
    assert batch["other_files"] == ["truths.json"]


def test_the_same_seed_makes_the_same_network(tmp_path: Path, sites_folder: Path, catalogue: Any) -> None:
    from cartaudit import __version__
    from cartaudit.synthetic.network_sites import write_network

    write_network(catalogue, tmp_path, 12, 3, __version__)
    again = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert again == {p.name: p.read_bytes() for p in sites_folder.iterdir()}


@pytest.mark.full
def test_a_thousand_sites_end_to_end(tmp_path: Path, catalogue: Any, read_json: ReadJson) -> None:
    from builders_network import request_for

    from cartaudit import __version__
    from cartaudit.network.run import run_batch
    from cartaudit.synthetic.network_sites import write_network

    write_network(catalogue, tmp_path / "in", 1000, 7, __version__)
    run_batch(request_for(tmp_path / "in", tmp_path / "out"), "major")
    truths, network = read_json(tmp_path / "in" / "truths.json"), read_json(tmp_path / "out" / "network.json")
    test_every_file_has_the_planted_outcome_and_verdicts(truths, network)
    test_just_the_planted_requirements_are_open(truths, network)
    test_the_failing_cell_bank_is_found_with_its_sites(truths, network)
    test_single_gates_that_lift_sites_are_found(truths, network)
    test_files_and_answers_sent_twice_are_found(truths, network)
