"""The accreditation and commissioner checklists as shipped: size, honesty of sources, and their special cases."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from builders_accreditation import AS_OF, audited, judged, shipped

from cartaudit.criteria.rules import RULES
from cartaudit.model.audit import Compliance, Reason
from cartaudit.model.checklists import Checklist, Kind
from cartaudit.model.parameters import Verification
from cartaudit.model.requirements import Duty, Phase, Requirement, Severity, SourceKind
from cartaudit.resources import data_folder

ACCREDITATION = ("jacie", "fact")
COMMISSIONERS = ("england", "germany", "france", "italy", "spain", "us_medicare")
OURS = (*ACCREDITATION, *COMMISSIONERS)
PREFIXES = {
    "england": "GB-EN-",
    "germany": "DE-GBA-",
    "france": "FR-",
    "italy": "IT-",
    "spain": "ES-",
    "us_medicare": "US-NCD-",
}
FACTS = (
    "lymphocyte count",
    "infectious disease markers",
    "day of shipment",
    "fresh apheresis product",
    "30 months",
    "fludarabine",
    "ECOG",
    "active infection",
    "latent HBV",
    "antigen loss",
    "8 mg/kg",
    "3 doses",
    "stock on site",
    "CRS within 2 days",
    "neurotoxicity",
    "first four weeks",
    "vital signs",
    "neurological checks",
    "ferritin",
    "no driving",
    "FACT-JACIE",
    "payers",
    "persistence",
    "B-cell aplasia",
)
"""What the founding summary named, in the words of its page."""
LAST_YEAR = AS_OF - timedelta(days=300)
NEXT_YEAR = AS_OF + timedelta(days=300)
YESTERDAY = AS_OF - timedelta(days=1)
CONTRACTED = {"collection_by": "contracted"}
SITE = {"site": "Main", "roles": ("infusion",), "populations": ("adult",), "icu_adult": "same_campus"}


def checklist(name: str) -> Checklist:
    return shipped().checklists[name]


def requirements() -> list[Requirement]:
    found = {r.id: r for name in OURS for r in checklist(name).requirements}
    return list(found.values())


def requirement(name: str) -> Requirement:
    return next(r for r in requirements() if r.id == name)


def rules_in(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for entry in part:
            yield from rules_in(entry)
    elif hasattr(part, "items"):
        for key, value in part.items():
            yield key
            yield from rules_in(value)


def certificate(**changes: Any) -> dict[str, Any]:
    return {
        "certificate": "Treatment centre",
        "body": "jacie",
        "covers": ("clinical", "iec"),
        "populations": ("adult",),
        "facility": "Treatment centre",
        "status": "certified",
        "valid_from": AS_OF,
        "expires_on": NEXT_YEAR,
    } | changes


def partner(**changes: Any) -> dict[str, Any]:
    return {
        "unit": "Blood service, collection",
        "activity": "collection",
        "run_by": "Blood service",
        "answers_for_it": "Head of apheresis",
        "certificate": "Licence 7",
        "scope_covers_activity": True,
        "expires_on": NEXT_YEAR,
        "agreement_on": LAST_YEAR,
        "audited_on": LAST_YEAR,
        "failure_notice": True,
    } | changes


class TestSize:
    @pytest.mark.parametrize("name", ACCREDITATION)
    def test_accreditation_has_at_least_110_requirements(self, name: str) -> None:
        assert len(checklist(name).requirements) >= 110

    @pytest.mark.parametrize("name", ACCREDITATION)
    def test_gates_are_few(self, name: str) -> None:
        assert 15 <= sum(r.gate for r in checklist(name).requirements) <= 20

    @pytest.mark.parametrize("name", ACCREDITATION)
    def test_criticals_are_about_thirty(self, name: str) -> None:
        assert 28 <= sum(r.severity is Severity.CRITICAL for r in checklist(name).requirements) <= 35

    @pytest.mark.parametrize("name", ACCREDITATION)
    def test_every_area_is_covered(self, name: str) -> None:
        covered = {r.area for r in checklist(name).requirements}
        assert covered == set(shipped().areas) - {"profile"}

    def test_six_commissioners_are_chosen_by_the_profile(self) -> None:
        found = [c for c in shipped().checklists.values() if c.kind is Kind.COMMISSIONER]
        assert sorted(c.id for c in found) == sorted(COMMISSIONERS)
        assert all("commissioner" in c.selected_by for c in found)


class TestSources:
    def test_no_gate_and_no_critical_cites_a_proposal(self) -> None:
        weighty = [r for r in requirements() if r.gate or r.severity is Severity.CRITICAL]
        assert [r.id for r in weighty if any(s.kind is SourceKind.PROPOSAL for s in r.sources)] == []

    def test_nothing_rests_on_memory(self) -> None:
        assert [r.id for r in requirements() if any(s.id == "MEM" for s in r.sources)] == []

    def test_proposals_cite_the_proposal_source_only(self) -> None:
        proposals = [(r.id, s) for r in requirements() for s in r.sources if s.kind is SourceKind.PROPOSAL]
        assert {s.id for _, s in proposals} == {"QP"}

    def test_material_of_a_maker_is_not_called_a_label(self) -> None:
        makers = {"S12", "S13", "S14", "S33", "S51", "S54", "S62", "S70"}
        everything = [r for c in shipped().checklists.values() for r in c.requirements]
        cited = {(r.id, c.id) for r in everything for c in r.sources if c.id in makers and c.kind is SourceKind.LABEL}
        values = {p.name for p in shipped().parameters if p.source in makers and p.verification is Verification.LABEL}
        assert (cited, values) == (set(), set())

    def test_every_requirement_can_be_acted_on(self) -> None:
        poor = [r.id for r in requirements() if len(r.remediation) < 25 or not r.evidence or not r.owner]
        assert poor == []

    def test_references_name_areas_only(self) -> None:
        area = re.compile(r"[BCD]\d{1,2}(\.\d)?(, [BCD]\d{1,2}(\.\d)?)*")
        assert [r.id for r in requirements() if r.reference and not area.fullmatch(r.reference)] == []

    @pytest.mark.parametrize("name", COMMISSIONERS)
    def test_commissioner_editions_are_dated(self, name: str) -> None:
        assert all(e.effective_from and e.source for e in checklist(name).editions)

    @pytest.mark.parametrize("name", ["england", "germany", "france", "spain", "us_medicare"])
    def test_checklists_read_in_part_are_examples(self, name: str) -> None:
        assert checklist(name).example


class TestForm:
    @pytest.mark.parametrize(("name", "prefix"), PREFIXES.items())
    def test_ids_are_namespaced(self, name: str, prefix: str) -> None:
        assert all(r.id.startswith(prefix) for r in checklist(name).requirements)

    def test_every_rule_is_used(self) -> None:
        every = [r for c in shipped().checklists.values() for r in c.requirements]
        used = {k for r in every for part in (r.criterion, r.partial, r.watch) for k in rules_in(part)}
        assert set(RULES) - used == set()
        assert "anyof" in used

    def test_wording_of_the_field(self) -> None:
        texts = [t for r in requirements() for t in (r.title, r.remediation, r.evidence)]
        texts += [q.text + " " + q.help for q in shipped().questions.values()]
        wrong = re.compile(r"JACIE accreditation|FACT certification|conditioning|wallet card|site audit", re.I)
        assert [t for t in texts if wrong.search(t)] == []

    def test_questions_of_our_areas_explain_themselves(self) -> None:
        ours = ("governance", "clinical_unit", "personnel", "quality", "registry", "emergency", "pharmacy")
        asked = [q for q in shipped().questions.values() if q.area in (*ours, "pharmacovigilance")]
        assert [q.id for q in asked if not (q.help and q.evidence and q.role)] == []

    def test_recommendations_are_never_above_minor(self) -> None:
        assert [r.id for r in requirements() if r.duty is Duty.SHOULD and r.severity is not Severity.MINOR] == []

    def test_content_version_is_dated(self) -> None:
        assert shipped().version == "2026.12"
        assert "## 2026.12\n" in (data_folder("checklists") / "CHANGELOG.md").read_text(encoding="utf-8")


class TestEditions:
    @pytest.mark.parametrize("name", ACCREDITATION)
    @pytest.mark.parametrize(
        ("on", "edition"),
        [
            (date(2021, 8, 15), None),
            (date(2021, 8, 16), "8"),
            (date(2026, 2, 1), "8"),
            (date(2026, 2, 2), "9"),
        ],
    )
    def test_edition_in_force_changes_on_the_day(self, name: str, on: date, edition: str | None) -> None:
        found = checklist(name).edition_on(on)
        assert (found.edition if found else None) == edition

    @pytest.mark.parametrize("name", ACCREDITATION)
    def test_ninth_edition_says_that_its_day_is_secondary(self, name: str) -> None:
        (ninth,) = [e for e in checklist(name).editions if e.edition == "9"]
        assert ninth.status == "secondary"

    @pytest.mark.parametrize("name", ACCREDITATION)
    def test_edition_map_agrees_with_the_requirements(self, name: str) -> None:
        wanted = {"new": ("9",), "withdrawn": ("8",)}
        for change in checklist(name).edition_map:
            assert requirement(change.requirement).editions == wanted.get(change.relation, ())

    def test_requirement_of_the_ninth_edition_is_not_judged_in_the_eighth(self) -> None:
        def ids(edition: str) -> set[str]:
            (found,) = audited({}, edition=edition, country="US").checklists
            return {r.requirement.id for r in found.results}

        assert "FJ-GOV-015" in ids("9") - ids("8")
        assert "FJ-PHV-009" in ids("8") - ids("9")


class TestScales:
    def test_partial_is_a_deficiency_for_fact_only(self) -> None:
        answers = {"quality_manager": "no_protected_time"}
        assert judged("FJ-PER-003", answers, checklist="jacie").compliance is Compliance.PARTIAL
        assert judged("FJ-PER-003", answers, checklist="fact").compliance is Compliance.NON_COMPLIANT

    def test_partial_earns_no_points(self) -> None:
        assert all(checklist(name).scale.partial_credit == 0 for name in ACCREDITATION)


class TestFirstApplicants:
    def test_certificates_are_no_matter_of_the_accreditation_checklists(self) -> None:
        asking = [r.id for n in ACCREDITATION for r in checklist(n).requirements if "certificates" in r.criterion]
        assert asking == []

    def test_activity_of_a_start_up_is_a_deferred_recommendation(self) -> None:
        eligibility = requirement("FA-GOV-002")
        assert eligibility.duty is Duty.SHOULD
        assert eligibility.deferred_until is Phase.ESTABLISHED

    def test_patient_samples_wait_for_patients(self) -> None:
        samples = [r for r in requirements() if "chart_audits" in r.criterion and r.id.startswith("FJ-")]
        assert len(samples) >= 10
        assert all(r.deferred_until is Phase.ESTABLISHED for r in samples)

    def test_chart_audit_is_deferred_before_opening(self) -> None:
        result = judged("FJ-CLU-005", {}, phase=Phase.PRE_OPENING)
        assert (result.compliance, result.reason) == (Compliance.NOT_APPLICABLE, Reason.DEFERRED)

    def test_dry_run_counts_before_opening(self) -> None:
        result = judged("FJ-QM-028", {"dry_run_on": LAST_YEAR}, phase=Phase.PRE_OPENING)
        assert result.compliance is Compliance.COMPLIANT

    def test_three_of_three_files_prove_nothing_for_an_established_centre(self) -> None:
        row = {"topic": "consent", "sample": 3, "complete": 3, "audited_on": LAST_YEAR}
        result = judged("FJ-CLU-005", {"chart_audits": [row]})
        assert (result.compliance, result.reason) == (Compliance.NOT_ASSESSED, Reason.NO_ROWS)

    @pytest.mark.parametrize(("complete", "compliance"), [(16, Compliance.PARTIAL), (15, Compliance.NON_COMPLIANT)])
    def test_many_incomplete_files_fail(self, complete: int, compliance: Compliance) -> None:
        row = {"topic": "consent", "sample": 20, "complete": complete, "audited_on": LAST_YEAR}
        assert judged("FJ-CLU-005", {"chart_audits": [row]}, checklist="jacie").compliance is compliance

    def test_one_missing_signature_in_twenty_files_closes_no_centre(self) -> None:
        row = {"topic": "consent", "sample": 20, "complete": 19, "audited_on": LAST_YEAR}
        assert judged("FJ-CLU-005", {"chart_audits": [row]}).compliance is Compliance.COMPLIANT


class TestContractedFacilities:
    def test_contracting_out_swaps_the_duty(self) -> None:
        own = judged("FJ-COL-005", {}, profile=CONTRACTED)
        swapped = judged("FJ-COL-010", {"partner_units": [partner()]}, profile=CONTRACTED)
        assert own.compliance is Compliance.NOT_APPLICABLE
        assert swapped.compliance is Compliance.COMPLIANT

    @pytest.mark.parametrize(
        "fault", [{"expires_on": YESTERDAY}, {"scope_covers_activity": False}, {"agreement_on": NEXT_YEAR}]
    )
    def test_lapsed_or_narrow_certificate_of_the_facility_fails(self, fault: dict[str, Any]) -> None:
        result = judged("FJ-COL-010", {"partner_units": [partner(**fault)]}, profile=CONTRACTED)
        assert result.compliance is Compliance.NON_COMPLIANT

    def test_contracted_facility_that_is_not_listed_is_no_pass(self) -> None:
        result = judged("FJ-COL-010", {"partner_units": []}, profile=CONTRACTED)
        assert result.compliance is Compliance.NOT_ASSESSED

    def test_contract_without_failure_notice_is_a_gap(self) -> None:
        answers = {"partner_units": [partner(failure_notice=False)]}
        assert judged("FJ-COL-011", answers, profile=CONTRACTED).compliance is Compliance.NON_COMPLIANT


class TestSites:
    def test_each_infusion_site_needs_intensive_care(self) -> None:
        second = SITE | {"site": "Second", "icu_adult": "none"}
        assert judged("FJ-ICU-001", {"facilities": [SITE]}).compliance is Compliance.COMPLIANT
        assert judged("FJ-ICU-001", {"facilities": [SITE, second]}).compliance is Compliance.NON_COMPLIANT

    def test_follow_up_site_needs_none(self) -> None:
        clinic = {"site": "Clinic", "roles": ("follow_up",), "populations": ("adult",), "icu_adult": "none"}
        assert judged("FJ-ICU-001", {"facilities": [SITE, clinic]}).compliance is Compliance.COMPLIANT

    def test_transfer_agreement_counts_but_is_named(self) -> None:
        result = judged("FJ-ICU-001", {"facilities": [SITE | {"icu_adult": "transfer_agreement"}]})
        assert result.compliance is Compliance.COMPLIANT
        assert result.watch

    def test_children_are_judged_by_their_own_intensive_care(self) -> None:
        site = SITE | {"populations": ("adult", "paediatric"), "icu_paediatric": "none"}
        profile = {"populations": ("adult", "paediatric")}
        assert judged("FJ-ICU-001", {"facilities": [site]}, profile=profile).compliance is Compliance.COMPLIANT
        assert judged("FJ-ICU-002", {"facilities": [site]}, profile=profile).compliance is Compliance.NON_COMPLIANT

    def test_ice_is_not_for_children_under_twelve(self) -> None:
        profile = {"populations": ("paediatric",)}
        assert judged("FJ-MON-004", {"neuro_tool_children": "ice"}, profile=profile).compliance is (
            Compliance.NON_COMPLIANT
        )
        assert judged("FJ-MON-004", {"neuro_tool_children": "ice"}).compliance is Compliance.NOT_APPLICABLE


class TestPlaces:
    def test_alert_card_is_critical_in_the_eu_and_recommended_in_the_us(self) -> None:
        answers = {"alert_card_rule": "no"}
        assert judged("FJ-PAT-001", answers, country="DE").compliance is Compliance.NON_COMPLIANT
        assert judged("FJ-PAT-001", answers, country="US").compliance is Compliance.NOT_APPLICABLE
        assert requirement("FJ-PAT-002").duty is Duty.SHOULD

    def test_tissue_authority_is_asked_where_its_law_holds(self) -> None:
        assert judged("FJ-GOV-006", {"tissue_licence": "none"}, country="ES").compliance is Compliance.NON_COMPLIANT
        assert judged("FJ-GOV-006", {"tissue_licence": "none"}, country="US").compliance is Compliance.NOT_APPLICABLE


class TestCertificates:
    def test_certificate_in_scope_and_in_date(self) -> None:
        result = judged("GB-EN-01", {"certificates": [certificate()]}, checklist="england", country="GB")
        assert result.compliance is Compliance.COMPLIANT

    def test_last_day_still_counts(self) -> None:
        answers = {"certificates": [certificate(expires_on=AS_OF)]}
        assert judged("GB-EN-01", answers, checklist="england", country="GB").compliance is Compliance.COMPLIANT

    def test_expired_with_an_extension_letter_is_not_lapsed(self) -> None:
        row = certificate(status="extended_by_letter", expires_on=YESTERDAY, extension_until=NEXT_YEAR)
        result = judged("GB-EN-01", {"certificates": [row]}, checklist="england", country="GB")
        assert result.compliance is Compliance.COMPLIANT
        assert result.watch

    @pytest.mark.parametrize(
        "fault",
        [
            {"expires_on": YESTERDAY},
            {"valid_from": AS_OF + timedelta(days=1)},
            {"status": "suspended"},
            {"status": "applied", "expires_on": None},
            {"status": "none", "expires_on": None},
            {"covers": ("clinical", "allogeneic")},
            {"body": "fact"},
            {"status": "extended_by_letter", "extension_until": YESTERDAY},
        ],
    )
    def test_what_does_not_hold_fails(self, fault: dict[str, Any]) -> None:
        result = judged("GB-EN-01", {"certificates": [certificate(**fault)]}, checklist="england", country="GB")
        assert result.compliance is Compliance.NON_COMPLIANT

    @pytest.mark.parametrize("missing", ["valid_from", "expires_on"])
    def test_certificate_without_a_date_is_no_pass(self, missing: str) -> None:
        answers = {"certificates": [certificate(**{missing: None})]}
        assert judged("GB-EN-01", answers, checklist="england", country="GB").compliance is Compliance.NOT_ASSESSED

    def test_italy_asks_for_collection_and_processing_too(self) -> None:
        answers = {"certificates": [certificate(covers=("allogeneic", "clinical"))]}
        assert judged("IT-02", answers, checklist="italy", country="IT").compliance is Compliance.COMPLIANT
        assert judged("IT-03", answers, checklist="italy", country="IT").compliance is Compliance.NON_COMPLIANT

    def test_german_certificate_ends_on_its_day(self) -> None:
        answers = {"authorisation_status@kymriah": "listed", "authorisation_until@kymriah": AS_OF}
        later = AS_OF + timedelta(days=1)
        on_the_day = judged("DE-GBA-01", answers, checklist="germany")
        after = judged("DE-GBA-01", answers, checklist="germany", as_of=later)
        assert (on_the_day.compliance, after.compliance) == (Compliance.COMPLIANT, Compliance.NON_COMPLIANT)


class TestAuthorisations:
    def test_every_product_of_the_centre_needs_the_decision(self) -> None:
        treatments = ("kymriah", "tecartus")
        one = {"authorisation_status@kymriah": "listed"}
        both = one | {"authorisation_status@tecartus": "listed"}
        refused = one | {"authorisation_status@tecartus": "refused"}
        came_out = [
            judged("GB-EN-03", answers, checklist="england", country="GB", products=treatments).compliance
            for answers in (one, both, refused)
        ]
        assert came_out == [Compliance.NOT_ASSESSED, Compliance.COMPLIANT, Compliance.NON_COMPLIANT]


class TestRescueMedicines:
    @pytest.mark.parametrize(
        ("supply", "alternatives", "expected"),
        [
            ("listed", "yes", Compliance.COMPLIANT),
            ("listed", "no", Compliance.NON_COMPLIANT),
            ("not_listed", "yes", Compliance.NON_COMPLIANT),
        ],
    )
    def test_shortage_with_alternatives_closes_no_centre(
        self, supply: str, alternatives: str, expected: Compliance
    ) -> None:
        answers = {
            "rescue_stock": [{"place": "Ward", "tocilizumab_doses": 0}],
            "tocilizumab_supply": supply,
            "tocilizumab_supply_checked_on": AS_OF,
            "alternatives_on_site": alternatives,
        }
        assert judged("FJ-TOX-001", answers).compliance is expected


class TestMedicare:
    @pytest.mark.parametrize(("on", "edition"), [(date(2025, 6, 25), "2019"), (date(2025, 6, 26), "2025")])
    def test_edition_changes_when_the_risk_programme_ends(self, on: date, edition: str) -> None:
        found = checklist("us_medicare").edition_on(on)
        assert found is not None
        assert found.edition == edition

    def test_enrolment_is_asked_before_the_end_only(self) -> None:
        assert requirement("US-NCD-01").editions == ("2019",)
        assert requirement("US-NCD-05").editions == ("2025",)

    def test_product_information_must_have_been_read_since_the_change(self) -> None:
        def on(day: date) -> Compliance:
            answers = {"product_information_checked_on": day}
            return judged("US-NCD-07", answers, checklist="us_medicare", country="US").compliance

        assert on(date(2025, 6, 25)) is Compliance.NON_COMPLIANT
        assert on(date(2025, 6, 26)) is Compliance.COMPLIANT


class TestRegistry:
    @pytest.mark.parametrize(
        ("rate", "compliance", "watch"),
        [
            (2.0, Compliance.COMPLIANT, False),
            (2.01, Compliance.COMPLIANT, True),
            (3.0, Compliance.COMPLIANT, True),
            (3.01, Compliance.NON_COMPLIANT, False),
        ],
    )
    def test_error_rate_at_its_borders(self, rate: float, compliance: Compliance, watch: bool) -> None:
        result = judged("FA-REG-001", {"registry_error_rate": rate}, checklist="fact")
        assert (result.compliance, result.watch) == (compliance, watch)

    def test_unresolved_excursion_is_the_fault_and_not_the_excursion(self) -> None:
        ids = requirement("FJ-STO-001").criterion["anyof"]
        assert [sorted(group) for group in ids] == [["excursions_with_product"], ["excursions_decided"]]


class TestProfile:
    def test_ids_of_the_profile_stay(self) -> None:
        kept = (
            "site_name site_code site_address country commissioner accreditor phase populations services collection_by"
        )
        kept += " processing_by clinical_sites treatments assessed_on assessed_by verifier_role verified_on"
        assert set(kept.split()) <= {q.id for q in shipped().questions.values() if q.area == "profile"}


class TestPages:
    """The pages on this content name what the files hold."""

    @staticmethod
    def page(name: str) -> str:
        return (data_folder("checklists").parent / "docs" / "content" / name).read_text(encoding="utf-8")

    def test_accreditation_page_lists_gates_and_criticals(self) -> None:
        page = self.page("accreditation.md")
        heavy = [r for r in checklist("jacie").requirements if r.gate or r.severity is Severity.CRITICAL]
        rows = [f"| {r.id} | {r.title} |" for r in heavy]
        assert [row for row in rows if row not in page] == []
        assert page.count("\n| FJ-") == len(rows)

    def test_accreditation_page_counts_right(self) -> None:
        found = checklist("jacie").requirements
        page = self.page("accreditation.md")
        assert f"{sum(r.gate for r in found)} of {len(found)} requirements for JACIE are gates" in page
        assert f"{sum(r.is_proposal for r in found)} of {len(found)} requirements cite no authority" in page

    def test_founding_summary_names_what_exists(self) -> None:
        page = self.page("founding_summary.md")
        known = {r.id for c in shipped().checklists.values() for r in c.requirements}
        assert set(re.findall(r"\b(?:PR|FJ|FA|JA)-[A-Z]+-\d+", page)) - known == set()
        names = shipped().definitions.keys() | shipped().questions.keys()
        assert {n for n in re.findall(r"`([a-z][a-z_0-9]+)`", page) if not n.startswith("_")} - names == set()

    @pytest.mark.parametrize("fact", FACTS)
    def test_founding_summary_holds_every_fact(self, fact: str) -> None:
        rows = [r.split("|")[1:3] for r in self.page("founding_summary.md").splitlines() if r.startswith("| ")]
        assert any(fact in said and where.strip() for said, where in rows)

    @pytest.mark.parametrize("name", COMMISSIONERS)
    def test_commissioner_page_counts_right(self, name: str) -> None:
        found = checklist(name)
        gates = sum(r.gate for r in found.requirements)
        row = f"| `{name}` | {found.body} | {len(found.requirements)} | {gates} |"
        assert row in self.page("commissioners.md")
