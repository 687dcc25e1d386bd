"""Small catalogues, submissions and verdicts for the tests of judging."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from cartaudit.assess import assess
from cartaudit.model.answers import AnswerState, AnswerType, Share, Status
from cartaudit.model.areas import Area
from cartaudit.model.audit import Audit, ChecklistAudit, Result
from cartaudit.model.checklists import Catalogue, Checklist, Edition, Indication, Jurisdiction, Kind, Product, Scale
from cartaudit.model.parameters import Direction, ParameterDefinition, ParameterValue, Verification
from cartaudit.model.profile import Profile, Treatment
from cartaudit.model.questions import Choice, Column, Question, Scope
from cartaudit.model.requirements import Citation, Duty, Phase, Requirement, Severity, SourceKind
from cartaudit.model.submission import (
    Action,
    Entry,
    Evidence,
    EvidenceLevel,
    Override,
    Response,
    Row,
    SiteValue,
    Submission,
)

AS_OF = date(2026, 1, 15)
KYMRIAH = Treatment(product="kymriah", indication="all", population="paediatric")
TECARTUS = Treatment(product="tecartus", indication="mcl", population="adult")

T = AnswerType
_CHOICES = (Choice(id="own", label="Own unit"), Choice(id="contracted", label="Contracted facility"))
_SERVICES = (Choice(id="infusion", label="Infusion"), Choice(id="discharge", label="Discharge"))


def question(name: str, kind: AnswerType, **more: Any) -> Question:
    more.setdefault("area", "quality")
    more.setdefault("text", f"Question {name}?")
    return Question(id=name, type=kind, **more)


QUESTIONS = (
    question("status", T.STATUS),
    question("other_status", T.STATUS),
    question("third_status", T.STATUS),
    question("flag", T.BOOLEAN),
    question("count", T.INTEGER, unit="doses"),
    question("second_count", T.INTEGER, unit="doses"),
    question("temperature", T.NUMBER, unit="°C"),
    question("share", T.SHARE),
    question("day", T.DATE),
    question("second_day", T.DATE),
    question("choice", T.CHOICE, choices=_CHOICES),
    question("choices", T.CHOICES, choices=_SERVICES),
    question("words", T.TEXT),
    question("weeks", T.INTEGER, unit="weeks", scope=Scope.PRODUCT, text="Weeks without driving"),
    question("plan", T.STATUS, scope=Scope.TREATMENT),
    question("product_status", T.STATUS, scope=Scope.PRODUCT),
    question("services", T.CHOICES, area="profile", choices=_SERVICES, text="What this centre does itself"),
    question("accreditor", T.CHOICES, area="profile"),
    question("collection_by", T.CHOICE, area="profile", choices=_CHOICES),
    question("site_address", T.TEXT, area="profile"),
    question(
        "treatments",
        T.REGISTER,
        area="profile",
        columns=tuple(Column(id=c, type=T.CHOICE, text=c) for c in ("product", "indication", "population", "route")),
    ),
    question(
        "vessels",
        T.REGISTER,
        sheet="Storage vessels",
        columns=(
            Column(id="vessel", type=T.TEXT, text="Vessel", unique=True),
            Column(id="products", type=T.CHOICES, text="Products held"),
            Column(id="warmest", type=T.NUMBER, text="Warmest temperature", unit="°C"),
            Column(id="alarm", type=T.STATUS, text="Alarm"),
            Column(id="checked_on", type=T.DATE, text="Checked on"),
            Column(id="valid_until", type=T.DATE, text="Valid until"),
        ),
    ),
    question(
        "audits",
        T.REGISTER,
        sheet="Chart audits",
        columns=(
            Column(id="topic", type=T.TEXT, text="Topic", unique=True),
            Column(id="looked_at", type=T.INTEGER, text="Files looked at"),
            Column(id="complete", type=T.INTEGER, text="Complete files"),
        ),
    ),
    question(
        "certificates",
        T.REGISTER,
        area="governance",
        sheet="Certificates",
        columns=(
            Column(id="certificate", type=T.TEXT, text="Certificate", unique=True),
            Column(id="body", type=T.CHOICE, text="Body"),
            Column(id="covers", type=T.CHOICES, text="Covers"),
            Column(id="populations", type=T.CHOICES, text="Populations"),
            Column(id="address", type=T.TEXT, text="Address"),
            Column(id="status", type=T.CHOICE, text="Status"),
            Column(id="valid_from", type=T.DATE, text="From"),
            Column(id="expires_on", type=T.DATE, text="Expires on"),
            Column(id="extension_until", type=T.DATE, text="Extended until"),
        ),
    ),
)

DEFINITIONS = (
    ParameterDefinition(
        name="driving_weeks_min", text="Weeks without driving", type="integer", direction=Direction.MIN, unit="weeks"
    ),
    ParameterDefinition(
        name="driving_weeks_max", text="Most weeks", type="integer", direction=Direction.MAX, unit="weeks"
    ),
    ParameterDefinition(
        name="storage_max_c", text="Warmest storage", type="number", direction=Direction.MAX, unit="°C"
    ),
    ParameterDefinition(name="anchor", text="Start of the in-use clock", type="text", direction=Direction.EQUAL),
    ParameterDefinition(name="sites", text="Ways of holding", type="texts", direction=Direction.SET),
)


def value(name: str, amount: Any, **more: Any) -> ParameterValue:
    more.setdefault("product", "kymriah")
    more.setdefault("jurisdiction", "EU")
    more.setdefault("source", "S1")
    more.setdefault("verification", Verification.LABEL)
    return ParameterValue(name=name, value=amount, **more)


PARAMETERS = (
    value("driving_weeks_min", 8, text_date=date(2026, 1, 1)),
    value("driving_weeks_min", 4, product="tecartus", verification=Verification.SECONDARY),
    value("storage_max_c", -120.0),
    value("storage_max_c", -150.0, product="tecartus"),
    value("anchor", "thaw_start"),
)


def requirement(name: str = "R-01", /, **more: Any) -> Requirement:
    more.setdefault("title", f"Requirement {name}")
    more.setdefault("area", "quality")
    more.setdefault("severity", Severity.MAJOR)
    more.setdefault("duty", Duty.MUST)
    if "criterion" not in more:
        more = {"partial": {"status": {"allowed": ["partial"]}}, **more}
    more.setdefault("criterion", {"status": {"allowed": ["yes"]}})
    more.setdefault("remediation", "Mend it.")
    more.setdefault("sources", (Citation(id="S1", kind=SourceKind.LABEL),))
    return Requirement(id=name, **more)


def scale(**more: Any) -> Scale:
    return Scale(name="test", **more)


def checklist(*requirements: Requirement, **more: Any) -> Checklist:
    more.setdefault("id", "jacie")
    more.setdefault("kind", Kind.ACCREDITATION)
    more.setdefault("title", "Accreditation criteria")
    more.setdefault("body", "JACIE")
    more.setdefault("editions", (Edition(edition="8"),))
    more.setdefault("scale", scale())
    return Checklist(requirements=requirements, **more)


def product_checklist(product: str, *requirements: Requirement, **more: Any) -> Checklist:
    more.setdefault("editions", ())
    return checklist(*requirements, id=product, kind=Kind.PRODUCT, title=product, product=product, **more)


def catalogue(
    *checklists: Checklist,
    parameters: Iterable[ParameterValue] = PARAMETERS,
    questions: Iterable[Question] = QUESTIONS,
) -> Catalogue:
    return Catalogue(
        version="test",
        areas={"quality": Area(id="quality", title="Quality", sheet="Quality", order=1)},
        questions={q.id: q for q in questions},
        definitions={d.name: d for d in DEFINITIONS},
        parameters=tuple(parameters),
        products={
            "kymriah": Product(
                id="kymriah", name="Kymriah", inn="tisagenlecleucel", indications=(Indication(id="all", label="ALL"),)
            ),
            "tecartus": Product(id="tecartus", name="Tecartus", inn="brexucabtagene autoleucel"),
        },
        jurisdictions=(
            Jurisdiction(id="EU", title="EU", countries=("DE", "FR")),
            Jurisdiction(id="US", title="US", countries=("US",)),
        ),
        sources={},
        checklists={c.id: c for c in checklists},
        hashes={},
    )


def entry(given: Any, cell: str = "Quality!C4") -> Entry:
    """Make a cell: an Entry as it is, None blank, an AnswerState with no value, words of a status, or a value."""
    match given:
        case Entry():
            return given
        case None:
            return Entry(state=AnswerState.BLANK, cell=cell)
        case AnswerState():
            return Entry(state=given, original=given.value, cell=cell)
        case "yes" | "no" | "partial" | "in_progress":
            return Entry(state=AnswerState.ANSWERED, value=Status(given), original=given, cell=cell)
    return Entry(state=AnswerState.ANSWERED, value=given, original=str(given), cell=cell)


EVIDENCE = Evidence(references=("SOP-1 v2",), level=EvidenceLevel.CITED, dated=date(2026, 1, 1))
PLAN = Action(text="Mend it", owner_role="Quality manager", due=date(2026, 3, 1))


def response(name: str, given: Any = None, scope: str = "", cell: str = "", **more: Any) -> Response:
    return Response(question=name, entry=entry(given, cell or f"Quality!{name}"), scope=scope, **more)


def na(name: str, reason: str = "Not done here", **more: Any) -> Response:
    return response(name, AnswerState.NOT_APPLICABLE, na_reason=reason, **more)


def register(name: str, *rows: Mapping[str, Any], **more: Any) -> Response:
    """Make a register from rows of column -> what `entry` takes; no rows at all is blank."""
    made = tuple(
        Row(
            entries={column: entry(given, f"{name}!{column}{number}") for column, given in row.items()},
            cell=f"{name}!A{number}",
        )
        for number, row in enumerate(rows, start=2)
    )
    state = AnswerState.ANSWERED if rows else AnswerState.BLANK
    return Response(question=name, entry=Entry(state=state, cell=f"{name}!A2"), rows=made, **more)


def override(given: Any, **more: Any) -> Override:
    more.setdefault("role", "Inspector")
    more.setdefault("on", date(2026, 1, 10))
    more.setdefault("reason", "Seen on site")
    return Override(entry=entry(given, "Quality!T4"), **more)


def profile(**more: Any) -> Profile:
    more.setdefault("country", "DE")
    more.setdefault("jurisdiction", "EU")
    more.setdefault("phase", Phase.ESTABLISHED)
    more.setdefault("treatments", (KYMRIAH,))
    return Profile(**more)


def submission(
    *responses: Response, profile_: Profile | None = None, site_values: Iterable[SiteValue] = ()
) -> Submission:
    return Submission(
        profile=profile_ or profile(),
        responses={(r.question, r.scope): r for r in responses},
        site_values=tuple(site_values),
    )


def judged(
    checked: Requirement | Checklist,
    *responses: Response,
    as_of: date = AS_OF,
    profile_: Profile | None = None,
    site_values: Iterable[SiteValue] = (),
    scale_: Scale | None = None,
    parameters: Iterable[ParameterValue] = PARAMETERS,
) -> Result:
    """Judge one requirement (in an accreditation checklist) or the first of a checklist."""
    whole = checked if isinstance(checked, Checklist) else checklist(checked, scale=scale_ or scale())
    audit = audited(whole, *responses, as_of=as_of, profile_=profile_, site_values=site_values, parameters=parameters)
    return audit.results[0]


def audited(
    checked: Checklist,
    *responses: Response,
    as_of: date = AS_OF,
    profile_: Profile | None = None,
    site_values: Iterable[SiteValue] = (),
    parameters: Iterable[ParameterValue] = PARAMETERS,
) -> ChecklistAudit:
    """Judge one checklist."""
    sent = submission(*responses, profile_=profile_, site_values=site_values)
    return assess(sent, catalogue(checked, parameters=parameters), as_of, [(checked.id, None)]).checklists[0]


def whole_audit(*checklists: Checklist, sent: Submission, as_of: date = AS_OF, **more: Any) -> Audit:
    """Judge what the profile selects."""
    return assess(sent, catalogue(*checklists, **more), as_of)


def met(name: str = "status", **more: Any) -> Response:
    """Answer a status question with a yes that cites its evidence."""
    return replace(response(name, "yes"), evidence=EVIDENCE, **more)


def share(numerator: int, denominator: int) -> Share:
    return Share(numerator=numerator, denominator=denominator, period="last 12 months")
