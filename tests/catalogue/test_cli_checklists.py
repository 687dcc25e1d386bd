import csv
import io
import json

import pytest

from cartaudit.cli import run


@pytest.fixture
def checklists(base, capsys):
    def call(*arguments):
        code = run(["checklists", *arguments, "--checklists", str(base)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_list_names_every_checklist_with_the_edition_in_force(checklists):
    code, out, _ = checklists("list", "--format", "json", "--as-of", "2026-02-01")
    found = json.loads(out)
    editions = {entry["id"]: entry["edition"] for entry in found["checklists"]}
    assert (code, editions) == (0, {"fact": "8", "acme": None, "england": "2024"})


def test_list_counts_the_requirements_of_the_edition_in_force(checklists):
    _, out, _ = checklists("list", "--format", "json", "--as-of", "2026-02-01")
    fact = json.loads(out)["checklists"][0]
    assert (fact["requirements"], fact["gates"], fact["criticals"]) == (2, 1, 1)


def test_list_gives_totals(checklists):
    _, out, _ = checklists("list", "--as-of", "2026-11-22")
    assert "3 checklists, 18 questions, 7 different requirements, 6 parameter values." in out


def test_list_marks_an_example(checklists):
    _, out, _ = checklists("list", "--as-of", "2026-11-22")
    assert "England *" in out
    assert "* example" in out


def test_show_lists_the_requirements_of_an_edition(checklists):
    code, out, _ = checklists("show", "fact@8")
    assert code == 0
    assert "FJ-CC-001" in out
    assert "FJ-CC-002" not in out


def test_show_gives_one_requirement_with_its_thresholds(checklists):
    _, out, _ = checklists("show", "acme", "pr-drv-01")
    assert "Weeks without driving" in out
    assert "2025-06-26" in out


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["show", "facto"], "Did you mean fact?"),
        (["show", "fact@7"], "There is no edition of fact '7'."),
        (["show", "fact", "FJ-CC-01"], "Did you mean FJ-CC-001"),
        (["diff", "fact@8", "jacie@9"], "There is no checklist 'jacie'."),
    ],
)
def test_an_unknown_name_is_a_usage_error_with_a_hint(checklists, arguments, hint):
    code, _, err = checklists(*arguments)
    assert code == 2
    assert hint in err


def test_lint_of_good_content_is_quiet_and_leaves_with_zero(checklists):
    assert checklists("lint") == (0, "Errors: 0. Warnings: 0.\n", "")


def test_lint_prints_every_error_and_leaves_with_four(checklists, base):
    (base / "sources.toml").write_text("[[source]\n", encoding="utf-8")
    (base / "areas.toml").write_text("[[area]\n", encoding="utf-8")
    code, out, _ = checklists("lint")
    assert code == 4
    assert "areas.toml: The file is not valid TOML" in out
    assert "sources.toml: The file is not valid TOML" in out
    assert out.endswith("Errors: 2. Warnings: 0.\n")


def test_lint_with_warnings_only_leaves_with_zero(checklists, base):
    with (base / "questions" / "discharge.toml").open("a", encoding="utf-8") as file:
        file.write('[[question]]\nid = "spare"\ntype = "text"\ntext = "Spare"\nhelp = "H"\nrole = "R"\n')
    code, out, _ = checklists("lint")
    assert (code, out.splitlines()[-1]) == (0, "Errors: 0. Warnings: 1.")


def test_lint_checks_overlays(checklists, tmp_path):
    overlay = tmp_path / "overlay.toml"
    overlay.write_text('[[stricter]]\nrequirement = "FJ-CC-001"\n', encoding="utf-8")
    code, out, _ = checklists("lint", "--overlay", str(overlay))
    assert code == 4
    assert "The [overlay] table is missing." in out


def test_faulty_content_stops_the_other_commands_with_every_error(checklists, base):
    (base / "sources.toml").write_text("[[source]\n", encoding="utf-8")
    code, _, err = checklists("list")
    assert code == 4
    assert "sources.toml: The file is not valid TOML" in err


def test_diff_shows_the_edition_map_and_what_is_new(checklists):
    _, out, _ = checklists("diff", "fact@8", "fact@9")
    assert "Added: FJ-CC-002 Checks are made on time" in out
    assert out.endswith("1 added, 0 removed, 0 changed.\n")


def test_export_gives_every_threshold_with_period_and_verification(checklists):
    _, out, _ = checklists("export", "thresholds")
    rows = [r for r in csv.DictReader(io.StringIO(out)) if r["parameter"] == "driving_weeks_min"]
    assert [(r["value"], r["effective_from"], r["verification"]) for r in rows] == [
        ("8", "", "label"),
        ("2", "2025-06-26", "secondary"),
    ]


def test_export_gives_requirements_as_json(checklists):
    _, out, _ = checklists("export", "requirements", "--format", "json")
    assert [r["requirement"] for r in json.loads(out)][:2] == ["FJ-CC-001", "FJ-CC-002"]


def test_export_writes_a_file(checklists, tmp_path):
    checklists("export", "-o", str(tmp_path / "out.csv"))
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").startswith("parameter,text,product")


def test_text_that_looks_like_a_formula_is_defused_in_csv(checklists, base):
    path = base / "manufacturers" / "acme.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('value = "thaw_start"', 'value = "thaw_start"\nnote = "=1+1"'), encoding="utf-8")
    _, out, _ = checklists("export")
    assert "'=1+1" in out


def test_a_date_that_is_none_is_a_usage_error(checklists):
    code, _, err = checklists("list", "--as-of", "yesterday")
    assert code == 2
    assert "'yesterday' is not a date. Write it as 2026-11-22." in err


def test_the_packaged_checklists_have_no_error(capsys):
    assert run(["checklists", "lint", "--quiet"]) == 0, capsys.readouterr().out
