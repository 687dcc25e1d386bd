"""What a commissioner sees of a submission: only what the list allows, and enough to come to the same results."""

import string
from dataclasses import fields
from pathlib import Path

import builders_report
import pytest

from cartaudit.assess.reduction import PRESENT, reduce_submission
from cartaudit.model.audience import ALLOWANCES, LEFT_OUT, Keep, allowance_markdown
from cartaudit.model.audit import Audit
from cartaudit.model.problem_codes import CODES, problem
from cartaudit.model.submission import Submission
from cartaudit.pipeline import AuditOptions, _for_commissioner, audit_bytes, load_catalogue
from cartaudit.report.submission_json import parse_submission_json, render_submission
from cartaudit.synthetic.network_sites import AS_OF, write_network

ROOT = Path(__file__).parents[2]
CATALOGUE = builders_report.catalogue()


def reduced(**changes: object) -> Submission:
    return reduce_submission(builders_report.submission(**changes), CATALOGUE)


@pytest.mark.parametrize("kind", ALLOWANCES, ids=lambda kind: kind.__name__)
def test_every_field_of_the_model_stands_on_the_list(kind: type) -> None:
    assert {f.name for f in fields(kind)} == set(ALLOWANCES[kind])


def test_what_is_kept_or_reduced_has_a_reason() -> None:
    for table in ALLOWANCES.values():
        assert all(a.why or a.keep is Keep.WITHIN for a in table.values())


def test_the_page_is_written_from_the_list() -> None:
    assert (ROOT / "docs" / "commissioner.md").read_text(encoding="utf-8") == allowance_markdown()
    assert len(LEFT_OUT) > 5


def test_aliases_are_the_same_wherever_the_same_text_stands_and_as_long() -> None:
    from cartaudit.assess.reduction import _Reducer

    reducer = _Reducer(builders_report.submission(), CATALOGUE)
    names = ["Vessel A", "vessel a", "Vessel B", "x", "y", "Z", "SOP-12 version 3"]
    aliases = [reducer.alias(name) for name in names]
    assert [len(alias) for alias in aliases] == [len(name) for name in names]
    assert aliases[0] == aliases[1]
    assert len(set(aliases)) == len(names) - 1
    assert not any(name.casefold() in alias.casefold() for name, alias in zip(names, aliases, strict=True))


@pytest.mark.parametrize("code", CODES)
def test_a_problem_keeps_its_code_and_none_of_its_words(code: str) -> None:
    texts = (CODES[code].fault, CODES[code].remedy, CODES[code].expected)
    names = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name} - {"found"}
    told = problem(
        code, sheet="Secret", cell="C5", question="secret", found="secret", **dict.fromkeys(sorted(names), "secret")
    )
    (kept,) = reduced(problems=(told,)).problems
    assert (kept.code, kept.severity, kept.stops) == (told.code, told.severity, told.stops)
    assert (
        "secret" not in f"{kept.message}{kept.remedy}{kept.found}{kept.expected}{kept.sheet}{kept.question}".casefold()
    )
    assert not kept.cell


def test_what_is_left_of_a_network_is_judged_to_the_same_results(tmp_path: Path) -> None:
    catalogue = load_catalogue()
    options = AuditOptions(as_of=AS_OF, as_of_is_today=False)
    write_network(catalogue, tmp_path, 8, 3, "0")
    audits = [audit_bytes(p.read_bytes(), p.name, catalogue, options) for p in sorted(tmp_path.glob("*.xlsx"))]
    judged = [audit for audit in audits if isinstance(audit, Audit)]
    assert len(judged) > 5
    for audit in judged:
        again, written = _for_commissioner(audit, catalogue, options)  # raises where any result differs
        assert render_submission(parse_submission_json(written)) == written
        assert again.submission.profile.verifier_role in ("", PRESENT)
