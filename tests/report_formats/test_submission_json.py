from datetime import date

import builders_report
import pytest

from cartaudit.model.answers import AnswerState, Share, Status
from cartaudit.model.submission import Action, Entry, Evidence, EvidenceLevel, Override, Response, Row
from cartaudit.report.submission_json import parse_submission_json, render_submission


def entry(value: object) -> Entry:
    return Entry(state=AnswerState.ANSWERED, value=value, original=str(value), cell="A!B2")  # type: ignore[arg-type]


def response(question: str, value: object, **more: object) -> Response:
    return Response(question=question, entry=entry(value), **more)  # type: ignore[arg-type]


FULL = response(
    "alarm",
    Status.YES,
    scope="kymriah",
    comment="ask Dr X",
    answered_by="Lead nurse",
    answered_on=date(2026, 11, 2),
    evidence=Evidence(
        references=("SOP-1 v2", "binder in room 4"), level=EvidenceLevel.CITED, dated=date(2026, 1, 2), cell="A!C2"
    ),
    action=Action(text="Replace", owner_role="Lead", due=date(2027, 1, 1), containment="Moved"),
    override=Override(entry=entry(Status.NO), role="Inspector", on=date(2026, 11, 3), reason="Seen"),
)
REGISTER = Response(
    question="documents",
    entry=entry(True),
    rows=(Row(entries={"number": entry("sop-1 v2"), "review": entry(date(2026, 5, 1))}, cell="D!A3"),),
)


@pytest.mark.parametrize(
    "value",
    [
        Status.PARTIAL,
        True,
        3,
        2.5,
        Share(numerator=9, denominator=10, period="2026"),
        date(2026, 1, 1),
        "text",
        ("a", "b"),
    ],
)
def test_every_kind_of_answer_survives_the_round_trip(value: object) -> None:
    submission = builders_report.submission(responses={("q", ""): response("q", value)})
    assert parse_submission_json(render_submission(submission)) == submission


def test_whole_submission_survives_the_round_trip() -> None:
    submission = builders_report.submission(responses={("alarm", "kymriah"): FULL, ("documents", ""): REGISTER})
    assert parse_submission_json(render_submission(submission)) == submission


def test_order_of_names_survives_because_reports_print_it() -> None:
    sheets = builders_report.submission().record.sheets
    read = parse_submission_json(render_submission(builders_report.submission()))
    assert [list(sheet) for sheet in read.record.sheets] == [list(sheet) for sheet in sheets]


@pytest.mark.parametrize(
    "data", [b"[]", b"{", b'{"submission_version": 1}', b'{"submission_version": 1, "submission": {"profile": 3}}']
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  json has its own words
        parse_submission_json(data)
