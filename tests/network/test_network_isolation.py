from pathlib import Path

from killer_jobs import KILLERS

from cartaudit.network.batch import Site, find_sites, run_sites
from cartaudit.network.executors import local_executor
from cartaudit.network.job import Outcome, Setup
from cartaudit.network.slots import Limits
from cartaudit.network.state import read_records


def _folder(root: Path, good: int) -> Path:
    """Good workbooks with the killers spread among them."""
    folder = root / "in"
    folder.mkdir()
    for number in range(good):
        (folder / f"site_{number:03}.xlsx").write_bytes(f"good {number}".encode())
    for number, word in enumerate(KILLERS):
        (folder / f"site_{number * good // len(KILLERS):03}_killer.xlsx").write_bytes(word)
    return folder


def _run(sites: tuple[Site, ...], out: Path, setup: Setup, limits: Limits) -> dict[str, Outcome]:
    with local_executor(2) as executor:
        return {r.file: r.outcome for r in run_sites(sites, out, setup, executor, 2, limits)}


def test_nine_killers_take_no_good_workbook_with_them(tmp_path: Path, setup: Setup, killer_limits: Limits) -> None:
    folder = _folder(tmp_path, 40)
    sites, _ = find_sites([folder])
    outcomes = _run(sites, tmp_path / "out", setup, killer_limits)
    expected = {
        site.file: KILLERS.get(site.path.read_bytes(), Outcome.AUDITED)  # killers by what they hold
        for site in sites
    }
    assert outcomes == expected
    assert sum(o is Outcome.AUDITED for o in outcomes.values()) == 40
    assert len(list(read_records(tmp_path / "out"))) == 49
