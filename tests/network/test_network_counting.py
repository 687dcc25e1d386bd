"""A centre counts once, however often it was handed in, and with whatever is worse in one of its files."""

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders_network import request_for
from hypothesis import given
from hypothesis import strategies as st
from test_network_resume import contents
from test_network_rollup import AS_OF, GATE, MAJOR, OTHER_GATE, record, rejected

from cartaudit.model.audit import Readiness
from cartaudit.model.checklists import Catalogue
from cartaudit.network.counting import Handed, by_centre, centres, counted, folded_code, handed_of, worst_rank
from cartaudit.network.job import Outcome
from cartaudit.network.network import Network
from cartaudit.network.rollup import roll_up
from cartaudit.network.run import run_batch
from cartaudit.network.state import Record
from cartaudit.synthetic.network_sites import Body

VERDICTS = [r.value for r in Readiness]


@pytest.fixture(scope="session")
def roll(catalogue: Catalogue) -> Any:
    def made(records: Iterable[Record], **options: Any) -> Network:
        by_name = {r.name: r for r in records}
        return roll_up(
            by_centre(centres(handed_of(r) for r in by_name.values()), by_name.__getitem__), catalogue, AS_OF, **options
        )

    return made


def _site(name: str, code: str, **changes: Any) -> Record:
    site = {"name": name, "code": code, "country": "DE", "products": ["kymriah"], "assessed_on": "2026-11-01"}
    return record(name, site={**site, **changes.pop("site", {})}, **changes)


def _verdict(checklist: str, readiness: str) -> dict[str, str]:
    return {"id": checklist, "readiness": readiness, "edition": "9"}


def _groups(*handed: tuple[str, str, str]) -> list[tuple[str, ...]]:
    return centres(Handed(name=name, sha256=sha256, code=code) for name, sha256, code in handed)


def test_files_are_of_one_centre_by_their_bytes_or_its_code() -> None:
    assert _groups(("a", "1", ""), ("b", "1", ""), ("c", "2", "x9"), ("d", "3", "x9"), ("e", "4", "")) == [
        ("a", "b"),
        ("c", "d"),
        ("e",),
    ]


def test_files_are_of_one_centre_through_a_third() -> None:
    assert _groups(("a", "1", ""), ("b", "1", "x9"), ("c", "2", "x9"), ("d", "2", "")) == [("a", "b", "c", "d")]


def test_sites_without_a_code_do_not_match_each_other() -> None:
    assert _groups(("a", "1", ""), ("b", "2", ""), ("c", "", ""), ("d", "", "")) == [("a",), ("b",), ("c",), ("d",)]


@pytest.mark.parametrize("code", ["", " ", "-", "?", "n/a", "N/A", "none", "tbc", "XXX", "…", "site code"])
def test_words_that_are_no_code_make_no_centre(code: str) -> None:
    assert folded_code(code) == ""


@pytest.mark.parametrize("code", ["DE 0815", "de  0815 ", "ＤＥ 0815"])
def test_a_code_is_the_same_in_other_capitals_and_widths(code: str) -> None:
    assert folded_code(code) == "de 0815"


def test_codes_that_differ_by_a_digit_stay_two() -> None:
    assert folded_code("DE-0815") != folded_code("DE-0816") != folded_code("DE0816")


@given(st.lists(st.tuples(st.sampled_from("12345"), st.sampled_from(["", "a", "b", "c"])), max_size=8), st.randoms())
def test_every_file_is_of_one_centre_in_whatever_order(files: list[tuple[str, str]], chance: Any) -> None:
    handed = [(str(number), sha256, code) for number, (sha256, code) in enumerate(files)]
    groups = _groups(*handed)
    assert sorted(name for group in groups for name in group) == sorted(name for name, _, _ in handed)
    chance.shuffle(handed)
    assert _groups(*handed) == groups


def test_the_same_bytes_twice_change_no_number(roll: Any) -> None:
    a = _site("a", "A1", open_={"jacie": [GATE]}, expiries=[["2027-01-01", "Certificate"]])
    b = _site("b", "B1", open_={"jacie": [MAJOR]})
    once, twice = roll([a, b], ranks=True), roll([a, b, replace(a, name="z", file="z.xlsx")], ranks=True)
    assert twice.same_file == (("a.xlsx", "z.xlsx"),)
    assert twice.same_site == twice.same_answers == ()
    assert (twice.total, twice.files) == (2, 3)
    assert twice.headline == "2 of 2 sites could be audited. 1 site was handed in more than once, counted once."
    assert [c.also for c in twice.centres] == [("z.xlsx",), ()]
    silent = {"same_file": (), "files": 2, "headline": once.headline}
    assert replace(twice, **silent, centres=tuple(replace(c, also=()) for c in twice.centres)) == once


def test_other_bytes_of_one_code_count_once_with_the_worse_of_each_checklist(roll: Any) -> None:
    a = _site(
        "a", "A1",
        checklists=[_verdict("jacie", "READY"), _verdict("kymriah", "NOT_READY")],
        open_={"kymriah": [GATE, f"?{MAJOR}"]}, areas={"quality": [80.0, 95.0]}, assurance="verified",
        expiries=[["2027-01-01", "Certificate"]], units=[["Bank", "storage", "u", []]], asked=[GATE, MAJOR],
    )  # fmt: skip
    b = _site(
        "b", " a1", site={"assessed_on": "2025-01-01", "products": ["yescarta"]},
        checklists=[_verdict("jacie", "CONDITIONAL"), _verdict("kymriah", "READY")],
        open_={"jacie": [OTHER_GATE, MAJOR]}, areas={"quality": [90.0, 90.0]},
        expiries=[["2027-01-01", "Certificate"], ["2027-02-01", "Licence"]],
        units=[["Bank", "storage", "u", [GATE]]], asked=[OTHER_GATE, MAJOR],
    )  # fmt: skip
    other = _site("c", "C1", units=[["Bank", "storage", "u", []]])
    network = roll([a, b, other])
    centre = next(c for c in network.centres if c.also)
    assert (centre.file, centre.also) == ("a.xlsx", ("b.xlsx",))
    assert centre.verdicts == {"jacie": "CONDITIONAL", "kymriah": "NOT_READY"}
    assert (centre.open_gates, centre.open) == (2, 3)
    assert centre.areas == {"quality": (80.0, 90.0)}
    assert centre.products == ("kymriah", "yescarta")
    assert (centre.assessed_on, centre.assurance) == ("2025-01-01", "self_assessed")
    assert network.same_site == (("a.xlsx", "b.xlsx"),)
    assert network.assurance == {"self_assessed": 2}
    assert {line.id: (line.failing, line.unknown, line.asked) for line in network.requirements} == {
        GATE: (1, 0, 2), OTHER_GATE: (1, 0, 2), MAJOR: (1, 0, 2),
    }  # fmt: skip
    assert [(e.what, len(e.centres)) for e in network.expiries] == [("Certificate", 1), ("Licence", 1)]
    assert [(len(u.centres), len(u.failing)) for u in network.units] == [(2, 1)]
    assert network.ages["over 365 days"] == 1
    assert sum(sum(c.counts.values()) for c in network.checklists) == 3


def test_the_oldest_day_is_not_known_where_one_file_states_none(roll: Any) -> None:
    ages = roll([_site("a", "A1"), _site("b", "A1", site={"assessed_on": ""})]).ages
    assert (ages["not stated"], sum(ages.values())) == (1, 1)


def test_what_cannot_speak_for_a_checklist_is_worse_than_ready(roll: Any) -> None:
    files = [_site("a", "A1", checklists=[_verdict("kymriah", v)]) for v in ("READY", "OUT_OF_SCOPE")]
    network = roll([files[0], replace(files[1], name="b", sha256="b")])
    assert network.centres[0].verdicts == {"kymriah": "OUT_OF_SCOPE"}


def test_a_file_that_crashed_is_named_beside_its_twin_that_did_not(roll: Any) -> None:
    a = _site("a", "A1")
    b = replace(rejected("b"), sha256=a.sha256, outcome=Outcome.CRASHED, message="signal 9", summary={})
    network = roll([a, b])
    assert (network.total, network.audited, network.files) == (1, 1, 2)
    assert network.centres[0].message == "b.xlsx (crashed): signal 9"


def test_files_of_one_bytes_that_could_not_be_audited_are_one_that_could_not(roll: Any) -> None:
    network = roll([rejected("a"), replace(rejected("b"), sha256="a")])
    assert (network.total, network.audited) == (1, 0)
    assert network.same_file == (("a.xlsx", "b.xlsx"),)


def test_anonymised_the_files_of_a_centre_have_codes_too(roll: Any) -> None:
    network = roll([_site("Elsewhere 1", "A1"), _site("Elsewhere 2", "A1")], secret="s")
    assert "Elsewhere" not in repr(network)
    assert len(network.same_site[0]) == 2


summaries = st.builds(
    lambda verdicts, opened: {
        "checklists": [_verdict(name, verdict) for name, verdict in verdicts.items()],
        "open": {
            name: [[i, state, "", ""] for i, state in items.items()]
            for name, items in opened.items()
            if name in verdicts
        },
    },
    st.dictionaries(st.sampled_from(["jacie", "fact", "kymriah"]), st.sampled_from(VERDICTS), min_size=1),
    st.dictionaries(
        st.sampled_from(["jacie", "fact", "kymriah"]),
        st.dictionaries(
            st.sampled_from([GATE, OTHER_GATE, MAJOR]), st.sampled_from(["NON_COMPLIANT", "PARTIAL", "NOT_ASSESSED"])
        ),
    ),
)


@given(st.lists(summaries, min_size=1, max_size=4))
def test_nothing_counts_better_than_in_the_worst_of_the_files(made: list[dict[str, Any]]) -> None:
    files = [_site(f"s{n}", "A1", **{**summary, "open": summary["open"]}) for n, summary in enumerate(made)]
    (records,) = by_centre(centres(map(handed_of, files)), {r.name: r for r in files}.__getitem__)
    summary = counted(records).summary
    verdicts = {c["id"]: c["readiness"] for c in summary["checklists"]}
    for file in files:
        for item in file.summary["checklists"]:
            assert worst_rank(verdicts[item["id"]]) <= worst_rank(item["readiness"])
        for checklist, items in file.summary["open"].items():
            found = {o[0]: o[1] for o in summary["open"][checklist]}
            order = ["NON_COMPLIANT", "PARTIAL", "NOT_ASSESSED"]
            assert all(order.index(found[o[0]]) <= order.index(o[1]) for o in items)
    assert set(verdicts) == {c["id"] for file in files for c in file.summary["checklists"]}
    assert len(summary["checklists"]) == len(verdicts)


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory, sites_folder: Path) -> Path:
    """A site, the same file again, the site again with a failing answer of another one, and another site."""
    folder = tmp_path_factory.mktemp("handed") / "in"
    folder.mkdir()
    truths = json.loads((sites_folder / "truths.json").read_text(encoding="utf-8"))["sites"]
    audited = [s for s in truths if s["outcome"] == "audited"]
    ready = next(s for s in audited if set(s["verdicts"].values()) == {"READY"})
    failing = next(s for s in audited if s["verdicts"].get("kymriah") == "NOT_READY")
    shutil.copy(sites_folder / ready["file"], folder / "first.xlsx")
    shutil.copy(sites_folder / ready["file"], folder / "again.xlsx")
    body = Body.of((sites_folder / failing["file"]).read_bytes())
    renamed = tuple((n, p.replace(failing["code"].encode(), ready["code"].encode())) for n, p in body.parts)
    (folder / "worse.xlsx").write_bytes(Body(parts=renamed).named("", "", "x"))
    other = next(s for s in audited if s not in (ready, failing) and set(s["verdicts"].values()) == {"READY"})
    shutil.copy(sites_folder / other["file"], folder / "other.xlsx")
    return folder


@pytest.fixture(scope="module")
def out(handed: Path) -> Path:
    run_batch(request_for(handed, handed.parent / "out"), "never")
    return handed.parent / "out"


def test_the_batch_file_says_which_files_are_one_site_and_what_counts(out: Path) -> None:
    batch = json.loads((out / "batch.json").read_text(encoding="utf-8"))
    (twice,) = batch["handed_in_twice"]
    assert twice["files"] == ["again.xlsx", "first.xlsx", "worse.xlsx"]
    assert twice["because"] == "same site code"
    assert twice["readiness"]["kymriah"] == "NOT_READY"
    assert {s["file"]: s["counted"] for s in batch["sites"]} == {
        "again.xlsx": False, "first.xlsx": False, "other.xlsx": True, "worse.xlsx": True,
    }  # fmt: skip
    assert batch["sites_counted"] == 2


def test_every_form_of_the_network_report_names_both_and_counts_one(out: Path) -> None:
    network = json.loads((out / "network.json").read_text(encoding="utf-8"))
    assert (network["total"], network["audited"], network["files"]) == (2, 2, 4)
    assert network["same_file"] == [["again.xlsx", "first.xlsx"]]
    assert network["same_site"] == [["again.xlsx", "first.xlsx", "worse.xlsx"]]
    kymriah = next(c for c in network["checklists"] if c["id"] == "kymriah")
    assert (kymriah["counts"]["READY"], kymriah["counts"]["NOT_READY"]) == (1, 1)
    rows = list(csv.DictReader(io.StringIO((out / "network.csv").read_text(encoding="utf-8-sig"))))
    assert {row["File"]: row["Handed in also as"] for row in rows} == {
        "worse.xlsx": "again.xlsx; first.xlsx", "other.xlsx": "",
    }  # fmt: skip
    book = openpyxl.load_workbook(out / "network.xlsx")
    assert [row[2].value for row in book["Duplicates"].iter_rows(min_row=2) if row[0].value == "site code"] == [
        "again.xlsx", "first.xlsx", "worse.xlsx",
    ]  # fmt: skip
    pdf = subprocess.run(["pdftotext", "-layout", str(out / "network.pdf"), "-"], capture_output=True, text=True)
    assert "1 site was handed in more than once" in " ".join(pdf.stdout.split())
    assert "again.xlsx; first.xlsx; worse.xlsx" in pdf.stdout


def test_the_same_comes_out_when_the_run_is_gone_on_with(out: Path, handed: Path, tmp_path: Path) -> None:
    again = shutil.copytree(out, tmp_path / "out")
    for name in ("worse.json", ".cartaudit/again.json", "network.json", "network.pdf", ".cartaudit/run"):
        (again / name).unlink()
    run_batch(request_for(handed, again), "never")
    assert contents(again) == contents(out)
