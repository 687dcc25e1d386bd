from dataclasses import replace
from datetime import date

import pytest

from cartaudit.catalogue import LintSeverity, lint_catalogue, read_catalogue
from cartaudit.criteria.resolution import resolve_parameter
from cartaudit.errors import ChecklistError
from cartaudit.model.parameters import Verification
from cartaudit.model.profile import Treatment
from cartaudit.model.requirements import Severity

ACME = Treatment(product="acme")
VALUE = """
[overlay]
name = "local"
[[parameter]]
product = "acme"
name = "driving_weeks_min"
jurisdiction = "US"
value = 1
source = "Letter of the maker"
revision = "3"
effective_from = 2025-01-01
effective_to = 2026-01-01
"""


@pytest.fixture
def catalogue(base):
    return read_catalogue(base)


@pytest.fixture
def overlay(tmp_path):
    def write(text, name="local.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def driving(catalogue, on, jurisdiction="US"):
    return resolve_parameter(catalogue, "driving_weeks_min", ACME, jurisdiction, on)


def requirement(catalogue, checklist, name):
    return next(r for r in catalogue.checklists[checklist].requirements if r.id == name)


def test_requirements_of_shared_files_come_first(catalogue):
    assert [r.id for r in catalogue.checklists["fact"].requirements] == ["FJ-CC-001", "FJ-CC-002", "FJ-CC-003"]


def test_areas_keep_the_order_of_the_file(catalogue):
    assert [(a.id, a.order) for a in catalogue.areas.values()] == [("profile", 0), ("cold_chain", 1), ("discharge", 2)]


def test_values_change_on_the_first_day_in_force(catalogue):
    days = [date(2025, 6, 25), date(2025, 6, 26)]
    assert [driving(catalogue, day).value for day in days] == [8, 2]


def test_a_place_without_a_value_finds_none(catalogue):
    assert driving(catalogue, date(2025, 6, 26), "UK") is None


def test_an_undefined_parameter_is_a_programming_error(catalogue):
    with pytest.raises(KeyError):
        resolve_parameter(catalogue, "nothing", ACME, "US", date(2026, 1, 1))


def test_the_jurisdiction_is_a_built_in_parameter(catalogue):
    found = resolve_parameter(catalogue, "jurisdiction", ACME, "US", date(2026, 1, 1))
    assert found.value == "US"


def test_nothing_is_partial_that_the_content_does_not_call_so(catalogue):
    assert {r.id: r.partial for r in catalogue.checklists["fact"].requirements if r.partial} == {}


def test_the_edition_in_force_is_the_later_of_two(catalogue):
    fact = catalogue.checklists["fact"]
    days = [date(2026, 2, 1), date(2026, 2, 2)]
    assert [fact.edition_on(day).edition for day in days] == ["8", "9"]


def test_before_the_first_edition_none_is_in_force(catalogue):
    assert catalogue.checklists["fact"].edition_on(date(2021, 8, 15)) is None


def test_a_country_changes_jurisdiction_on_the_day(catalogue):
    days = [date(2024, 12, 31), date(2025, 1, 1)]
    assert [catalogue.jurisdiction_of("GB", day) for day in days] == ["GB", "UK"]


def test_every_content_file_is_hashed_and_kept(catalogue, base):
    names = {path.relative_to(base).as_posix() for path in base.rglob("*.toml")}
    assert (set(catalogue.hashes), set(catalogue.files)) == (names, names)


def test_the_version_is_that_of_the_version_file(catalogue):
    assert catalogue.version == "2026.1"


def test_without_a_version_file_the_version_is_zero(base):
    (base / "VERSION").unlink()
    assert read_catalogue(base).version == "0"


def test_the_digest_changes_with_any_file(catalogue, base):
    with (base / "sources.toml").open("a", encoding="utf-8") as file:
        file.write("# a comment\n")
    assert read_catalogue(base).digest != catalogue.digest


def test_the_digest_does_not_hang_on_the_order_of_files(catalogue):
    backwards = dict(reversed(list(catalogue.hashes.items())))
    assert replace(catalogue, hashes=backwards).digest == catalogue.digest


def test_faults_of_several_files_are_reported_in_one_pass(base):
    (base / "sources.toml").write_text("[[source]\n", encoding="utf-8")
    (base / "areas.toml").write_text("[[area]]\nid = 1\n", encoding="utf-8")
    files = {m.file for m in lint_catalogue(base) if m.severity is LintSeverity.ERROR}
    assert {"sources.toml", "areas.toml"} <= files


def test_what_refers_to_a_broken_file_is_not_reported_again(base):
    (base / "parameters.toml").write_text("[[definition]\n", encoding="utf-8")
    assert {m.file for m in lint_catalogue(base) if m.severity is LintSeverity.ERROR} == {"parameters.toml"}


@pytest.mark.parametrize(
    "name",
    ["areas.toml", "sources.toml", "parameters.toml", "jurisdictions.toml", "questions/discharge.toml"],
)
def test_a_file_that_is_not_utf_8_is_one_message(base, name):
    (base / name).write_bytes(b'x = "\xff"')
    [error] = [m for m in lint_catalogue(base) if m.severity is LintSeverity.ERROR]
    assert (error.file, error.fault) == (name, "The file is not UTF-8 text.")


def test_a_missing_file_is_reported_by_name(base):
    (base / "parameters.toml").unlink()
    assert [m.file for m in lint_catalogue(base) if m.severity is LintSeverity.ERROR] == ["parameters.toml"]


def test_an_empty_folder_is_reported_and_nothing_read(tmp_path):
    with pytest.raises(ChecklistError):
        read_catalogue(tmp_path)


def test_files_of_editors_are_left_alone(base):
    (base / ".sources.toml").write_text("[[broken", encoding="utf-8")
    (base / "questions" / "~x.toml").write_text("[[broken", encoding="utf-8")
    assert lint_catalogue(base) == ()


def test_an_overlay_is_named_and_hashed(base, overlay):
    catalogue = read_catalogue(base, [overlay(VALUE)])
    assert (catalogue.overlays, "overlay:local" in catalogue.hashes) == (("local",), True)


@pytest.mark.parametrize(
    ("day", "weeks"),
    [(date(2024, 12, 31), 8), (date(2025, 1, 1), 1), (date(2025, 12, 31), 1), (date(2026, 1, 1), 2)],
)
def test_an_overlay_value_holds_in_its_period_and_shipped_ones_around_it(base, overlay, day, weeks):
    assert driving(read_catalogue(base, [overlay(VALUE)]), day).value == weeks


def test_an_overlay_value_is_site_supplied_unless_it_says_otherwise(base, overlay):
    catalogue = read_catalogue(base, [overlay(VALUE)])
    found = driving(catalogue, date(2025, 7, 1))
    assert (found.verification, found.revision, found.source) == (Verification.SITE, "3", "Letter of the maker")


def test_a_later_overlay_takes_the_place_of_an_earlier_one(base, overlay):
    second = VALUE.replace('"local"', '"second"').replace("value = 1", "value = 5")
    catalogue = read_catalogue(base, [overlay(VALUE), overlay(second, "second.toml")])
    assert driving(catalogue, date(2025, 7, 1)).value == 5


def test_two_overlays_of_one_name_are_refused(base, overlay):
    with pytest.raises(ChecklistError) as raised:
        read_catalogue(base, [overlay(VALUE), overlay(VALUE, "copy.toml")])
    assert "Overlay 'local' is given twice." in raised.value.details[0]


def test_a_missing_overlay_is_reported(base, tmp_path):
    with pytest.raises(ChecklistError):
        read_catalogue(base, [tmp_path / "nowhere.toml"])


def test_an_overlay_raises_severity_and_makes_a_gate(base, overlay):
    text = '[overlay]\nname = "x"\n[[stricter]]\nrequirement = "PR-STO-01"\nseverity = "critical"\ngate = true'
    found = requirement(read_catalogue(base, [overlay(text)]), "acme", "PR-STO-01")
    assert (found.severity, found.gate) == (Severity.CRITICAL, True)


def test_an_overlay_replaces_a_literal_and_leaves_its_neighbours(base, overlay):
    text = (
        '[overlay]\nname = "x"\n[[stricter]]\nrequirement = "FJ-CC-002"\n'
        "criterion = { checks_on_time = { min_share = 0.95 } }"
    )
    found = requirement(read_catalogue(base, [overlay(text)]), "fact", "FJ-CC-002")
    assert found.criterion == {"checks_on_time": {"min_share": 0.95, "min_sample": 10}}


def test_an_overlay_of_a_shared_requirement_holds_in_every_checklist_that_includes_it(base, overlay):
    fact = (base / "accreditation" / "fact.toml").read_text(encoding="utf-8")
    (base / "accreditation" / "jacie.toml").write_text(fact.replace('"fact"', '"jacie"'), encoding="utf-8")
    text = '[overlay]\nname = "x"\n[[stricter]]\nrequirement = "FJ-CC-003"\nseverity = "major"'
    catalogue = read_catalogue(base, [overlay(text)])
    found = {name: requirement(catalogue, name, "FJ-CC-003").severity for name in ("fact", "jacie")}
    assert found == {"fact": Severity.MAJOR, "jacie": Severity.MAJOR}


def test_what_refers_to_a_broken_product_is_not_reported_again(base):
    (base / "manufacturers" / "acme.toml").write_text("[checklist\n", encoding="utf-8")
    errors = [m.file for m in lint_catalogue(base) if m.severity is LintSeverity.ERROR]
    assert errors == ["manufacturers/acme.toml"]


def test_a_catalogue_with_errors_is_not_read_and_carries_every_error(base):
    (base / "questions" / "new.toml").write_text("x = 1\n", encoding="utf-8")
    errors = [str(m) for m in lint_catalogue(base) if m.severity is LintSeverity.ERROR]
    with pytest.raises(ChecklistError) as raised:
        read_catalogue(base)
    assert raised.value.details == tuple(errors)
    assert len(errors) == 2
