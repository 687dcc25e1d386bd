"""Results written out directly are the bytes that the described document gives."""

import dataclasses
import itertools
from datetime import date

import pytest
from builders_formats import gap_result, met_result, small_audit
from builders_report import large_audit

from cartaudit.model.audit import Audit, Compliance, Expiry, Extent, RelianceItem, Result, Step, Threshold
from cartaudit.model.submission import Action, Evidence, EvidenceLevel
from cartaudit.report.json_report import audit_json, render_audit, render_json

ODD = 'A "quoted" \\ word,\n\ttab, \x00\x1f\x7f, é, 中, 😀, \u2028, \u202e, \ud800 and </script>'


def holds(audit: Audit) -> None:
    assert render_audit(audit) == render_json(audit_json(audit))


def with_result(result: Result) -> Audit:
    audit = small_audit()
    first, *rest = audit.checklists
    return dataclasses.replace(audit, checklists=(dataclasses.replace(first, results=(result,)), *rest))


@pytest.mark.parametrize("audit", [small_audit(), large_audit(), small_audit(checklists=())])
def test_an_audit_is_written_as_described(audit: Audit) -> None:
    holds(audit)


@pytest.mark.parametrize("result", [gap_result(), met_result()])
def test_every_text_of_a_result_is_escaped_as_described(result: Result) -> None:
    texts = {name: ODD for name, value in result._asdict().items() if value == "" or name == "message"}
    step = Step(question=ODD, rule=ODD, expected=ODD, found=ODD, outcome=ODD, cause=ODD, column=ODD, cell=ODD, row=7)
    evidence = Evidence(references=(ODD, ""), level=EvidenceLevel.SIGHTED, dated=date(2026, 1, 2), cell=ODD)
    holds(
        with_result(
            result._replace(
                **texts,
                cells=(ODD, ODD),
                questions=(),
                steps=(step, step),
                evidence=(evidence, Evidence()),
                action=Action(text=ODD, owner_role=ODD, due=date(2026, 1, 2), containment=ODD),
                expiries=(Expiry(on=date(2026, 1, 2), what=ODD, cell=ODD),) * 2,
            )
        )
    )


def test_every_text_of_what_ends_and_is_relied_on_is_escaped_as_described() -> None:
    texts = {"product": ODD, "requirement": ODD, "covered_by": ODD, "relation": ODD, "certificate": ODD}
    ends = (Expiry(on=date(2026, 1, 2), what=ODD, cell=ODD, requirement=ODD, checklist=ODD),) * 2
    relied = (RelianceItem(**texts, until=date(2026, 1, 2)), RelianceItem(**texts))
    for expiries, reliance in ((ends, relied), (ends[:1], relied[1:]), ((), ())):
        holds(dataclasses.replace(small_audit(), expiries=expiries, reliance=reliance))


def test_texts_are_written_as_described_however_long_and_many() -> None:
    result = gap_result()
    for steps, message in ((result.steps * 50, ODD), (result.steps, ODD * 500)):
        holds(with_result(result._replace(steps=steps, message=message)))


@pytest.mark.parametrize("value", [None, True, False, 0, -0.0, 1e300, 0.1, 8, ODD, (), ("a", ODD), date(2026, 1, 2)])
def test_every_kind_of_threshold_is_written_as_described(value: object) -> None:
    threshold = Threshold(parameter="p", value=value, unit=ODD, verification="label", text_date=date(2026, 1, 2))
    holds(with_result(gap_result()._replace(thresholds=(threshold, threshold))))


def test_every_choice_of_words_is_written_as_described() -> None:
    for compliance, extent in itertools.product((*Compliance, None), (*Extent, None)):
        result = gap_result()._replace(claimed=compliance, extent=extent, watch=True, overridden=True)
        holds(with_result(result))


def test_a_number_that_json_does_not_know_is_refused() -> None:
    threshold = Threshold(parameter="p", value=float("nan"), unit="", verification="label")
    with pytest.raises(ValueError, match="JSON"):
        render_audit(with_result(gap_result()._replace(thresholds=(threshold,))))
