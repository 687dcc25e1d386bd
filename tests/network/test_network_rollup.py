from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from cartaudit.model.checklists import Catalogue
from cartaudit.network.counting import by_centre, centres, handed_of
from cartaudit.network.job import Outcome
from cartaudit.network.network import Network
from cartaudit.network.rollup import roll_up
from cartaudit.network.state import Record

AS_OF = date(2026, 11, 22)
GATE, OTHER_GATE, MAJOR = "FJ-PRC-001", "FJ-COL-010", "FJ-QM-001"


def record(name: str, *, open_: dict[str, list[str]] | None = None, **summary: Any) -> Record:
    """An audited centre; `open_` lists, by checklist, requirements not met (`?` before the id: not assessed)."""
    opened = {
        checklist: [[i.lstrip("?"), "NOT_ASSESSED" if i.startswith("?") else "NON_COMPLIANT", "", ""] for i in ids]
        for checklist, ids in (open_ or {}).items()
    }
    whole = {
        "sha256": name,
        "answers": name,
        "site": {"name": name, "code": "", "country": "DE", "products": [], "assessed_on": "2026-11-01"},
        "assurance": "self_assessed",
        "checklists": [{"id": "jacie", "readiness": "READY", "edition": "9"}],
        "asked": [GATE, OTHER_GATE, MAJOR],
        "open": opened,
        "areas": {},
        "units": [],
        "expiries": [],
        **summary,
    }
    return Record(
        key=name,
        name=name,
        file=f"{name}.xlsx",
        sha256=whole["sha256"],
        outcome=Outcome.AUDITED,
        message="",
        summary=whole,
    )


def rejected(name: str) -> Record:
    return Record(
        key=name,
        name=name,
        file=f"{name}.xlsx",
        sha256=name,
        outcome=Outcome.REJECTED,
        message="St Elsewhere's file is broken",
        summary={"sha256": name},
    )


@pytest.fixture
def roll(catalogue: Catalogue) -> Any:
    def made(records: Iterable[Record], **options: Any) -> Network:
        by_name = {r.name: r for r in records}
        groups = centres(handed_of(r) for r in by_name.values())
        return roll_up(by_centre(groups, by_name.__getitem__), catalogue, AS_OF, **options)

    return made


def test_the_order_of_records_does_not_matter(roll: Any) -> None:
    records = [record("a", open_={"jacie": [GATE]}), rejected("b"), record("c", open_={"jacie": [MAJOR]})]
    assert roll(records) == roll(reversed(records))


def test_the_headline_names_whatever_could_not_be_audited(roll: Any) -> None:
    network = roll([record("a"), rejected("b")])
    assert network.headline == "1 of 2 sites could be audited. Not audited: b (rejected)."


def test_many_files_that_could_not_be_audited_are_counted_and_listed(roll: Any) -> None:
    network = roll([rejected(f"s{n:02}") for n in range(13)])
    assert network.headline.startswith("0 of 13 sites could be audited. Not audited: s00 (rejected)")
    assert network.headline.endswith("and 3 more, listed below.")
    assert len(network.not_audited) == 13


def test_a_requirement_open_at_the_cut_off_is_systemic(roll: Any) -> None:
    records = [record("a", open_={"jacie": [MAJOR]}), record("b"), record("c"), record("d")]
    assert roll(records, systemic_share=0.25).requirements[0].systemic
    assert not roll(records, systemic_share=0.26).requirements[0].systemic


def test_centres_to_which_a_requirement_does_not_apply_are_not_asked(roll: Any) -> None:
    network = roll([record("a", open_={"jacie": [MAJOR]}), record("b", asked=[])])
    assert network.requirements[0].asked == 1


def test_what_is_not_known_is_counted_apart_from_what_fails(roll: Any) -> None:
    network = roll([record("a", open_={"jacie": [MAJOR]}), record("b", open_={"jacie": [f"?{MAJOR}"]})])
    assert (network.requirements[0].failing, network.requirements[0].unknown) == (1, 1)


def test_a_requirement_open_in_two_checklists_counts_a_centre_once(roll: Any) -> None:
    network = roll([record("a", open_={"jacie": [f"?{MAJOR}"], "fact": [MAJOR]})])
    assert (network.requirements[0].failing, network.requirements[0].unknown) == (1, 0)


def test_the_only_open_gate_of_a_checklist_lifts_the_centre(roll: Any) -> None:
    network = roll([record("a", open_={"jacie": [GATE, MAJOR]}), record("b", open_={"jacie": [GATE, OTHER_GATE]})])
    assert [(x.id, x.centres, x.clears) for x in network.lifts] == [(GATE, ("a",), 1)]


def test_a_lift_does_not_clear_a_centre_with_another_gate_open_elsewhere(roll: Any) -> None:
    network = roll([record("a", open_={"jacie": [GATE], "fact": [OTHER_GATE]})])
    assert [x.clears for x in network.lifts] == [0, 0]


def test_a_shared_unit_is_found_whatever_its_capitals_and_spaces(roll: Any) -> None:
    units = (["Cell Bank", "storage", "u", [GATE]], [" cell  bank", "storage", "u", []])
    network = roll([record("a", units=[units[0]]), record("b", units=[units[1]])])
    assert [(u.centres, u.failing, u.requirements) for u in network.units] == [(("a", "b"), ("a",), (GATE,))]


def test_a_unit_of_one_centre_is_not_shared(roll: Any) -> None:
    assert roll([record("a", units=[["Cell Bank", "storage", "u", [GATE]]])]).units == ()


def test_centres_of_one_name_keep_labels_of_their_own(roll: Any) -> None:
    site = {"name": "St Elsewhere", "code": "", "country": "", "products": [], "assessed_on": ""}
    network = roll([record("a", site=site), record("b", site=site)])
    assert [c.label for c in network.centres] == ["St Elsewhere [a.xlsx]", "St Elsewhere [b.xlsx]"]


def test_the_same_answers_of_two_sites_are_named(roll: Any) -> None:
    network = roll([record("a", answers="y"), record("b", answers="y")])
    assert network.same_answers == (("a", "b"),)
    assert network.same_file == network.same_site == ()


def test_a_self_assessment_dated_after_the_audit_is_not_called_fresh(roll: Any) -> None:
    site = {"name": "a", "code": "", "country": "", "products": [], "assessed_on": "2026-12-01"}
    ages = roll([record("a", site=site)]).ages
    assert ages["after the audit date"] == 1
    assert ages["up to 90 days"] == 0


def test_anonymised_nothing_names_a_centre(roll: Any) -> None:
    units = [["St Elsewhere bank", "storage", "u", [GATE]]]
    site = {"name": "St Elsewhere", "code": "", "country": "DE", "products": [], "assessed_on": ""}
    records = [
        record("Elsewhere 1", site=site, units=units),
        record("Elsewhere 2", units=units),
        rejected("Elsewhere 3"),
    ]
    network = roll(records, secret="s", other_files={"Elsewhere notes.txt": "hidden"})
    assert "Elsewhere" not in repr(network)
    assert network.total == 3


def test_codes_are_stable_for_one_secret_and_differ_for_another(roll: Any) -> None:
    labels = [{c.label for c in roll([record("a")], secret=secret).centres} for secret in ("s", "s", "t")]
    assert labels[0] == labels[1] != labels[2]


def test_ranks_are_off_unless_asked_for(roll: Any) -> None:
    records = [record("a", open_={"jacie": [GATE]}), record("b"), rejected("c")]
    assert {c.rank for c in roll(records).centres} == {0}
    assert [c.rank for c in roll(records, ranks=True).centres] == [2, 1, 0]
