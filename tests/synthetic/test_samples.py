from functools import cache
from pathlib import Path

import pytest

from cartaudit import __version__
from cartaudit.assess import assess
from cartaudit.catalogue import read_catalogue
from cartaudit.cli import run
from cartaudit.errors import ChecklistError
from cartaudit.intake import parse_submission
from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import Field
from cartaudit.model.submission import Submission
from cartaudit.resources import data_folder
from cartaudit.synthetic import build_sample, sample_plan
from cartaudit.synthetic.definitions import Definition, parse_definition, read_definitions
from cartaudit.workbook import read_cells
from cartaudit.workbook.template import asked_questions

DEFINITIONS = {d.name: d for d in read_definitions(data_folder("samples"))}
QUICK = ("01_ready_kymriah_eu", "03_one_critical_gap", "07_shared_vessel")
EACH = [pytest.param(n, marks=[] if n in QUICK else [pytest.mark.full]) for n in DEFINITIONS]


@cache
def content() -> Catalogue:
    return read_catalogue(data_folder("checklists"))


@cache
def workbook(name: str) -> bytes:
    return build_sample(content(), DEFINITIONS[name], __version__)


@cache
def submission(name: str) -> Submission:
    read = parse_submission(read_cells(workbook(name), f"{name}.xlsx"), content(), DEFINITIONS[name].as_of)
    assert isinstance(read, Submission)
    return read


@cache
def audit(name: str) -> Audit:
    return assess(submission(name), content(), DEFINITIONS[name].as_of)


@pytest.mark.parametrize("name", EACH)
def test_sample_comes_to_the_verdicts_it_was_made_for(name: str) -> None:
    assert {c.checklist.id: c.readiness.value for c in audit(name).checklists} == dict(DEFINITIONS[name].expected)


@pytest.mark.parametrize("name", EACH)
def test_committed_workbook_is_what_the_program_makes(name: str) -> None:
    assert (data_folder("samples") / f"{name}.xlsx").read_bytes() == workbook(name), "run: cartaudit samples make"


@pytest.mark.parametrize("name", [p for p in EACH if p.values[0] != "04_incomplete"])
def test_filled_template_is_read_without_a_problem(name: str) -> None:
    assert [str(p) for p in submission(name).problems] == []


def test_answers_read_are_the_answers_written() -> None:
    name = QUICK[0]
    plan = sample_plan(content(), DEFINITIONS[name], __version__)
    asked = asked_questions(content(), plan)
    written = {k: f[Field.ANSWER] for k, f in plan.filling.answers.items() if k in asked and Field.ANSWER in f}
    read = {k: r.entry.value for k, r in submission(name).responses.items() if k in written}
    assert read == written


def test_rows_read_are_the_rows_written() -> None:
    name = QUICK[2]
    written = sample_plan(content(), DEFINITIONS[name], __version__).filling.rows["vessels"]
    response = submission(name).response("vessels")
    assert response is not None
    read = [{c: e.value for c, e in row.entries.items() if e.value is not None} for row in response.rows]
    assert read == list(map(dict, written))


def test_one_critical_gap_stands_at_a_score_above_95() -> None:
    judged = next(c for c in audit("03_one_critical_gap").checklists if c.checklist.id == "kymriah")
    assert judged.score.value is not None
    assert judged.score.value > 95


def test_no_cell_is_lost() -> None:
    record = submission(QUICK[0]).record
    assert record.cells_ignored == 0
    assert record.cells_used + record.cells_structural == record.cells_in_file


@pytest.mark.parametrize("name", list(DEFINITIONS))
def test_samples_are_named_as_synthetic(name: str) -> None:
    assert DEFINITIONS[name].title == f"Sample centre {name[:2]} (synthetic)"


def sample(**fields: object) -> Definition:
    base = {"title": "T", "as_of": DEFINITIONS[QUICK[0]].as_of, "profile": {"country": "DE"}, "treatment": []}
    return parse_definition(base | fields, "t")


def test_unknown_key_in_a_definition_is_refused() -> None:
    with pytest.raises(ChecklistError, match="unknown key 'chnage'"):
        sample(chnage=[])


def test_change_of_an_unknown_question_is_refused() -> None:
    definition = sample(change=[{"question": "no_such", "answer": 1}], treatment=[{"product": "kymriah"}])
    with pytest.raises(ChecklistError, match="no question 'no_such'"):
        build_sample(content(), definition, "1")


def test_samples_command_writes_each_definition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    definitions = tmp_path / "in"
    definitions.mkdir()
    source = data_folder("samples") / f"{QUICK[0]}.toml"
    (definitions / "one.toml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    target = tmp_path / "out"
    assert run(["samples", "make", "-o", str(target), "--definitions", str(definitions)]) == 0
    assert (target / "one.xlsx").read_bytes() == workbook(QUICK[0])
    assert "one.xlsx" in capsys.readouterr().err
