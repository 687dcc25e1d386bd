"""A realistic audit made by hand: one centre, three kinds of checklist, as many requirements and gaps as asked for."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from cartaudit.model.answers import AnswerState, AnswerType
from cartaudit.model.areas import Area
from cartaudit.model.audit import (
    AreaScore,
    Assurance,
    Audit,
    ChecklistAudit,
    Compliance,
    Expiry,
    Extent,
    Gap,
    Provenance,
    Readiness,
    Reason,
    RelianceItem,
    Result,
    Score,
    Step,
    Threshold,
)
from cartaudit.model.checklists import Catalogue, Checklist, Edition, Indication, Jurisdiction, Kind, Product, Scale
from cartaudit.model.parameters import Direction, ParameterDefinition
from cartaudit.model.problems import Problem, ProblemSeverity
from cartaudit.model.profile import Profile, Treatment
from cartaudit.model.questions import Choice, Question, Scope
from cartaudit.model.requirements import Citation, Duty, Phase, Requirement, Severity, Source, SourceKind
from cartaudit.model.submission import (
    Action,
    Entry,
    Evidence,
    EvidenceLevel,
    Identity,
    ReadingRecord,
    Response,
    SiteValue,
    Submission,
)

AS_OF = date(2026, 11, 22)

TOPICS: dict[str, tuple[str, tuple[str, ...]]] = {
    "governance": (
        "Governance and eligibility",
        ("Programme director named", "Activity above the minimum", "Organisation chart current"),
    ),
    "clinical_unit": (
        "Clinical unit and services",
        ("Protected beds available", "Round-the-clock medical cover", "Referral routes agreed"),
    ),
    "personnel": (
        "Personnel, training and competency",
        ("Competency assessed every year", "Toxicity grading trained", "Deputy for every key role"),
    ),
    "quality": (
        "Quality management",
        ("Document control", "Deviations reviewed in time", "Internal audit plan followed", "Outcome review"),
    ),
    "apheresis": ("Apheresis and starting material", ("Collection agreement in force", "Donor screening on record")),
    "receipt": (
        "Receipt, identity and custody",
        ("Identity checked by two people", "Shipper temperature reviewed", "Chain of identity unbroken"),
    ),
    "cold_chain": (
        "Cold chain and storage",
        ("Vessel below the product's limit", "Alarm set point tested", "Excursions assessed"),
    ),
    "thaw": ("Thaw and administration", ("Thaw within the time allowed", "Infusion within the in-use time")),
    "monitoring": ("Monitoring capacity", ("Daily monitoring after infusion", "Patients stay near the centre")),
    "toxicity_drugs": (
        "Toxicity management drugs",
        ("Tocilizumab doses at hand", "Second-line rescue medicines reachable"),
    ),
    "emergency": ("Intensive care and emergency", ("Intensive care bed agreed", "Transfer time practised")),
    "discharge": (
        "Driving, hazardous activities, proximity and discharge",
        ("Driving restriction in the discharge counselling", "Return instructions handed out"),
    ),
    "patient_information": ("Patient information and alert card", ("Patient alert card handed out",)),
    "registry": ("Registry and long-term follow-up", ("Registry data complete", "Follow-up for fifteen years agreed")),
    "pharmacovigilance": ("Pharmacovigilance", ("Serious reactions reported in time",)),
    "pharmacy": ("Pharmacy", ("Prescription checked by a pharmacist", "Product release documented")),
}

ASPECTS = (
    "",
    "written procedure",
    "record of the last twelve months",
    "responsible person named",
    "yearly review",
    "tested in an exercise",
    "contracted facility included",
)

SOURCES = {
    "S1": Source(
        id="S1",
        grade=SourceKind.LABEL,
        title="SmPC Kymriah",
        publisher="EMA",
        date="2025-09",
        address="https://example.org/kymriah",
    ),
    "S2": Source(id="S2", grade=SourceKind.LABEL, title="SmPC Tecartus", publisher="EMA", date="2025-07"),
    "A3": Source(
        id="A3",
        grade=SourceKind.STANDARD,
        title="Common standards for cellular therapies",
        publisher="FACT-JACIE",
        date="2021-08",
    ),
    "E1": Source(
        id="E1",
        grade=SourceKind.AUTHORITY,
        title="Service specification for CAR-T therapy",
        publisher="NHS England",
        date="2024-04",
    ),
}

KYMRIAH = Product(
    id="kymriah",
    name="Kymriah",
    inn="tisagenlecleucel",
    indications=(Indication(id="b_all", label="B-cell acute lymphoblastic leukaemia"),),
)
TECARTUS = Product(
    id="tecartus",
    name="Tecartus",
    inn="brexucabtagene autoleucel",
    indications=(Indication(id="mcl", label="Mantle cell lymphoma"),),
)

DRIVING = ParameterDefinition(
    name="driving_weeks_min",
    text="Weeks without driving after infusion",
    type="integer",
    direction=Direction.MIN,
    unit="weeks",
)

TREATMENTS = (
    Treatment(product="kymriah", indication="b_all", population="paediatric"),
    Treatment(product="kymriah", indication="b_all", population="adult"),
    Treatment(product="tecartus", indication="mcl", population="adult"),
)

QUESTIONS_PROFILE = (
    Question(id="site_name", area="profile", text="Name of the treatment centre", type=AnswerType.TEXT),
    Question(
        id="site_address",
        area="profile",
        text="Address of the site where CAR-T cells are infused",
        type=AnswerType.TEXT,
    ),
    Question(
        id="collection_by",
        area="profile",
        text="Who collects the starting material (apheresis)",
        type=AnswerType.CHOICE,
        choices=(Choice(id="contracted", label="Contracted facility"),),
    ),
    Question(
        id="monitored_beds",
        area="emergency",
        text="Intensive care beds agreed for CAR-T patients",
        type=AnswerType.INTEGER,
    ),
    Question(
        id="new_recipients_12m",
        area="clinical_unit",
        text="Patients infused with CAR-T cells in the last twelve months",
        type=AnswerType.INTEGER,
    ),
)


def threshold(product: str, weeks: int = 8, verification: str = "secondary") -> Threshold:
    """Make the driving restriction of one product as it entered a criterion."""
    return Threshold(
        parameter="driving_weeks_min",
        value=weeks,
        unit="weeks",
        verification=verification,
        product=product,
        jurisdiction="EU",
        source="S1" if product == "kymriah" else "S2",
        text_date=date(2025, 9, 12),
    )


def requirement(number: int, prefix: str, area: str, title: str) -> Requirement:
    """Make one requirement; severities, gates and sources cycle with its number."""
    severity = (Severity.MAJOR, Severity.MINOR, Severity.MAJOR, Severity.CRITICAL, Severity.MINOR)[number % 5]
    gate = severity is Severity.CRITICAL and number // 5 % 4 < 2
    proposal = severity is Severity.MINOR and number % 4 == 1
    product = prefix == "PR"
    source = Citation(
        id="S1" if product else "A3",
        kind=SourceKind.PROPOSAL if proposal else SourceKind.LABEL if product else SourceKind.STANDARD,
        date="2025-09" if product else "2021-08",
        reference="4.4" if product else "B4",
    )
    return Requirement(
        id=f"{prefix}-{area[:3].upper()}-{number:03}",
        title=title,
        area=area,
        severity=severity,
        duty=Duty.SHOULD if number % 23 == 7 else Duty.MUST,
        gate=gate,
        criterion={f"q{number}": {"allowed": ["yes"]}},
        remediation=f"Put it in writing, name who answers for it, and show the record: {title.lower()}.",
        evidence="The procedure in force with its number, and the latest record.",
        evidence_required=True,
        owner="Quality manager",
        reference="B4" if not product else "",
        sources=(source,),
    )


def titles() -> list[tuple[str, str]]:
    """List (area, title) pairs, spread over the areas, more than any test needs."""
    return [
        (area, f"{topic}: {aspect}" if aspect else topic)
        for aspect in ASPECTS
        for area, (_, topics) in TOPICS.items()
        for topic in topics
    ]


def outcome(number: int, every: int) -> Compliance:
    """Spread outcomes: one in `every` falls short, a few are unknown or do not apply."""
    if every and number % every == 0:
        return Compliance.PARTIAL if number % (4 * every) == 0 else Compliance.NON_COMPLIANT
    if number % 29 == 5:
        return Compliance.NOT_ASSESSED
    return Compliance.NOT_APPLICABLE if number % 17 == 3 else Compliance.COMPLIANT


REASON = {
    Compliance.COMPLIANT: Reason.MET,
    Compliance.PARTIAL: Reason.CRITERION,
    Compliance.NON_COMPLIANT: Reason.ANSWERED_NO,
    Compliance.NOT_ASSESSED: Reason.BLANK,
    Compliance.NOT_APPLICABLE: Reason.PROFILE,
}

CLAIM = {
    Compliance.COMPLIANT: "Yes",
    Compliance.PARTIAL: "Partial: in force on the ward, not yet in the day clinic",
    Compliance.NON_COMPLIANT: "No",
    Compliance.NOT_ASSESSED: "",
    Compliance.NOT_APPLICABLE: "",
}


def result(number: int, asked: Requirement, checklist: str, compliance: Compliance, product: str = "") -> Result:
    """Make one result with claim, evidence, cell, steps and, for discharge, a threshold."""
    question = f"q{number - 3}" if number % 18 == 3 else f"q{number}"
    cell = f"{TOPICS[asked.area][0].split()[0].strip(',')}!C{number + 4}"
    reason = REASON[compliance]
    if compliance is Compliance.NON_COMPLIANT and number % 4 == 0:
        reason = Reason.CRITERION
    limits = (threshold(product),) if product and asked.area in ("discharge", "monitoring") else ()
    known = compliance in (Compliance.COMPLIANT, Compliance.PARTIAL, Compliance.NON_COMPLIANT)
    evidence = Evidence(
        references=(f"SOP-{100 + number} v{1 + number % 5}", f"Record of {1 + number % 12}/2026"),
        level=tuple(EvidenceLevel)[number % 4],
        dated=AS_OF - timedelta(days=20 + 7 * (number % 50)),
        cell=cell,
    )
    extent = tuple(Extent)[number % 3] if reason is Reason.CRITERION else None
    return Result(
        checklist=checklist,
        requirement=asked,
        compliance=compliance,
        reason=reason,
        message={
            Compliance.COMPLIANT: "Every part of the criterion holds.",
            Compliance.PARTIAL: "The answer is Partial where Yes is asked.",
            Compliance.NON_COMPLIANT: "The answer is No where Yes is asked.",
            Compliance.NOT_ASSESSED: "The answer cell is empty.",
            Compliance.NOT_APPLICABLE: "The starting material is collected by a contracted facility.",
        }[compliance],
        product=product,
        jurisdiction="EU" if product else "",
        questions=(question,),
        cells=(cell,),
        claim=CLAIM[compliance],
        criterion=f"“{asked.title}” is answered Yes" + (", for at least 8 weeks" if limits else ""),
        thresholds=limits if known else (),
        steps=(
            Step(
                question=question,
                rule="allowed",
                expected="Yes",
                found=CLAIM[compliance] or "blank",
                outcome="true" if compliance is Compliance.COMPLIANT else "false",
                cell=cell,
            ),
        ),
        evidence=(evidence,) if known and number % 3 else (),
        extent=extent,
        watch=compliance is Compliance.COMPLIANT and number % 19 == 1,
        deciding_profile="Who collects the starting material: Contracted facility"
        if compliance is Compliance.NOT_APPLICABLE
        else "",
        action=_action(number) if compliance in (Compliance.PARTIAL, Compliance.NON_COMPLIANT) else Action(),
    )


def _action(number: int) -> Action:
    if number % 4 == 3:
        return Action()
    return Action(
        text=f"Revise SOP-{100 + number}, train both shifts and audit twenty cases.",
        owner_role=("Quality manager", "Ward sister", "Pharmacist")[number % 3],
        due=AS_OF + timedelta(days=15 * (number % 8) - 10),
        containment="Second check by the shift lead until then." if number % 5 == 0 else "",
    )


def gap(one: Result) -> Gap:
    """Make the gap of a result that falls short."""
    action = one.action
    return Gap(
        result=one,
        action=action.text or one.requirement.remediation,
        owner_role=action.owner_role,
        due=action.due,
        contained=bool(action.containment),
        open_without_plan=not (action.owner_role and action.due),
    )


def readiness_of(results: tuple[Result, ...]) -> Readiness:
    """Judge some results roughly, by gates, unknowns and majors."""
    must = [r for r in results if r.requirement.duty is Duty.MUST]
    heavy = [r for r in must if r.requirement.gate or r.requirement.severity is not Severity.MINOR]
    failed = [r for r in heavy if r.compliance in (Compliance.PARTIAL, Compliance.NON_COMPLIANT)]
    if len(failed) > 5 or any(r.requirement.gate or r.requirement.severity is Severity.CRITICAL for r in failed):
        return Readiness.NOT_READY
    if any(r.compliance is Compliance.NOT_ASSESSED for r in heavy):
        return Readiness.INCOMPLETE
    return Readiness.CONDITIONAL if failed else Readiness.READY


def checklist_audit(
    checklist: Checklist, results: tuple[Result, ...], readiness: Readiness | None = None
) -> ChecklistAudit:
    """Sum results up as an audit of one checklist would."""
    readiness = readiness or readiness_of(results)
    counts = Counter(r.compliance for r in results)
    must = [r for r in results if r.requirement.duty is Duty.MUST and r.compliance is not Compliance.NOT_APPLICABLE]
    areas = tuple(_area_score(a, [r for r in must if r.requirement.area == a]) for a in TOPICS)
    low = _share(must, Compliance.COMPLIANT)
    high = low + _share(must, Compliance.NOT_ASSESSED)
    gaps = tuple(gap(r) for r in results if r.compliance in (Compliance.PARTIAL, Compliance.NON_COMPLIANT))
    conditions = () if readiness is Readiness.READY else _conditions(gaps)
    product = checklist.product
    return ChecklistAudit(
        checklist=checklist,
        edition=checklist.editions[0] if checklist.editions else None,
        jurisdiction="EU" if product else "",
        readiness=readiness,
        conditions=conditions,
        score=Score(value=low, low=low, high=high, areas=tuple(a for a in areas if a.applicable), trace=()),
        counts=dict(counts),
        results=results,
        gaps=gaps,
        also_incomplete=readiness is Readiness.NOT_READY and counts[Compliance.NOT_ASSESSED] > 0,
        treatments=tuple(t for t in TREATMENTS if t.product == product),
        text_dates=("2025-09-12",) if product else (),
    )


def _conditions(gaps: tuple[Gap, ...]) -> tuple[str, ...]:
    gates = [g.result.requirement.id for g in gaps if g.result.requirement.gate]
    majors = [g for g in gaps if g.result.requirement.severity is Severity.MAJOR]
    said = []
    if gates:
        named = ", ".join(gates[:3]) + (f" and {len(gates) - 3} more" if len(gates) > 3 else "")
        said.append(f"{len(gates)} essential criteria (gates) not fully met: {named}.")
    if majors:
        said.append(f"{len(majors)} major requirements open; the checklist allows 5.")
    return tuple(said)


def _weight(results: list[Result]) -> float:
    return float(sum(r.requirement.severity.weight for r in results))


def _share(results: list[Result], compliance: Compliance) -> float:
    whole = _weight(results)
    return 100 * _weight([r for r in results if r.compliance is compliance]) / whole if whole else 0.0


def _area_score(area: str, results: list[Result]) -> AreaScore:
    met = _weight([r for r in results if r.compliance is Compliance.COMPLIANT])
    unknown = _weight([r for r in results if r.compliance is Compliance.NOT_ASSESSED])
    whole = _weight(results)
    low = 100 * met / whole if whole else None
    high = 100 * (met + unknown) / whole if whole else None
    return AreaScore(area=area, low=low, high=high, met=met, unknown=unknown, applicable=whole)


def checklists() -> dict[str, Checklist]:
    """Make the four checklists: JACIE, two products, England."""
    scale = Scale(name="JACIE, four answers")
    edition = Edition(edition="8", effective_from=date(2021, 8, 16), status="authority", source="A3")
    rows = (
        ("jacie", Kind.ACCREDITATION, "JACIE certification (FACT-JACIE-style criteria)", "JACIE", ""),
        ("kymriah", Kind.PRODUCT, "Kymriah (tisagenlecleucel)", "Novartis", "kymriah"),
        ("tecartus", Kind.PRODUCT, "Tecartus (brexucabtagene autoleucel)", "Gilead/Kite", "tecartus"),
        ("england", Kind.COMMISSIONER, "NHS England service specification", "NHS England", ""),
        ("fact", Kind.ACCREDITATION, "FACT accreditation (FACT-JACIE-style criteria)", "FACT", ""),
    )
    return {
        i: Checklist(
            id=i,
            kind=k,
            title=t,
            body=b,
            product=p,
            editions=(edition,),
            scale=scale,
            requirements=(),
            example=i == "england",
        )
        for i, k, t, b, p in rows
    }


def catalogue(numbers: int = 180) -> Catalogue:
    """Make a catalogue that knows the names and wordings of the audits built here."""
    questions = {q.id: q for q in QUESTIONS_PROFILE}
    for number, (area, title) in enumerate(titles()[: numbers + 1]):
        questions[f"q{number}"] = Question(
            id=f"q{number}", area=area, text=f"{title}: is it in place?", type=AnswerType.STATUS, scope=Scope.CENTRE
        )
    return Catalogue(
        version="2026.11",
        areas={
            a: Area(id=a, title=title, sheet=title[:31], order=order)
            for order, (a, (title, _)) in enumerate(TOPICS.items(), 1)
        },
        questions=questions,
        definitions={"driving_weeks_min": DRIVING},
        parameters=(),
        products={"kymriah": KYMRIAH, "tecartus": TECARTUS},
        jurisdictions=(Jurisdiction(id="EU", title="European Union", countries=("DE",)),),
        sources=SOURCES,
        checklists=checklists(),
        hashes={"accreditation/jacie.toml": "ab" * 32, "manufacturers/kymriah.toml": "cd" * 32},
    )


def _response(question: str, value: object, original: str) -> Response:
    entry = Entry(state=AnswerState.ANSWERED, value=value, original=original, cell="Profile!C4")  # type: ignore[arg-type]
    return Response(question=question, entry=entry)


def submission(**changes: object) -> Submission:
    """Make the submission of the centre that every audit here is about."""
    profile = Profile(
        name="Sample University Hospital, Cell Therapy Unit",
        code="CIC 000",
        country="DE",
        jurisdiction="EU",
        phase=Phase.ESTABLISHED,
        treatments=TREATMENTS,
        assessed_on=date(2026, 11, 15),
    )
    responses = {
        ("site_address", ""): _response("site_address", "1 Sample Street, 00000 Sampleton", "1 Sample Street"),
        ("collection_by", ""): _response("collection_by", "contracted", "Contracted facility"),
        ("monitored_beds", ""): _response("monitored_beds", 4, "4"),
        ("new_recipients_12m", ""): _response("new_recipients_12m", 38, "38"),
    }
    made = Submission(
        profile=profile,
        responses=responses,
        site_values=(SiteValue(parameter="driving_weeks_min", product="tecartus", value=8),),
        identity=Identity(format="1", tool_version="0.1.0"),
        record=ReadingRecord(
            file="sample-centre.xlsx",
            sha256="0123456789abcdef" * 4,
            size=48_213,
            program="Microsoft Excel",
            sheets=({"name": "Cold chain", "state": "visible", "header_row": 3},),
            expected=180,
            read=174,
            cells_in_file=2_412,
            cells_used=1_004,
            cells_structural=1_402,
            cells_ignored=6,
            ignored=("Cold chain!Z9: remember to ask",),
            steps=("Opened read-only", "Identity found: format 1"),
        ),
        problems=PROBLEMS,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


PROBLEMS = (
    *(
        Problem(
            code="CA204",
            severity=ProblemSeverity.ERROR,
            sheet="Cold chain",
            cell=f"C{row}",
            question=f"q{row}",
            found="mostly",
            message="'mostly' is not an answer.",
            remedy="Choose Yes, Partial, No or N/A.",
        )
        for row in (14, 19, 23)
    ),
    Problem(
        code="CA310",
        severity=ProblemSeverity.WARNING,
        sheet="Personnel",
        cell="K8",
        message="The date of the evidence lies after the audit date.",
        remedy="Correct the date.",
    ),
)


def large_audit(requirements: int = 180, gaps: int = 60) -> Audit:
    """Make an audit of so many requirements (five in eighteen asked for two products) and about so many gaps."""
    every = max(1, requirements // gaps) if gaps else 0
    pool = titles()
    lists = checklists()
    by_checklist: dict[str, list[Result]] = {i: [] for i in ("jacie", "kymriah", "tecartus", "england")}
    for number in range(1, requirements + 1):
        area, title = pool[number % len(pool)]
        compliance = outcome(number, every)
        if number % 18 in (0, 4, 8, 12, 16):
            asked = requirement(number, "PR", area, title)
            for product in ("kymriah", "tecartus"):
                by_checklist[product].append(result(number, asked, product, compliance, product))
        elif number % 18 == 10:
            by_checklist["england"].append(
                result(number, requirement(number, "GB", area, title), "england", compliance)
            )
        else:
            by_checklist["jacie"].append(result(number, requirement(number, "FJ", area, title), "jacie", compliance))
    audits = tuple(checklist_audit(lists[i], tuple(found)) for i, found in by_checklist.items() if found)
    return Audit(
        submission=submission(),
        as_of=AS_OF,
        assurance=Assurance.SELF_ASSESSED,
        checklists=audits,
        expiries=expiries(),
        reliance=(
            RelianceItem(
                product="kymriah",
                requirement="PR-PER-004",
                covered_by="FJ-PER-005",
                relation="covers",
                until=date(2027, 3, 31),
                certificate="JACIE 000-2023",
            ),
        ),
        provenance=Provenance(
            tool_version="0.1.0",
            as_of=AS_OF,
            as_of_is_today=True,
            catalogue_version="2026.11",
            catalogue_hash="ef" * 32,
            content_hashes={"accreditation/jacie.toml": "ab" * 32, "manufacturers/kymriah.toml": "cd" * 32},
        ),
    )


def expiries() -> tuple[Expiry, ...]:
    """Make dates on which something ends: passed, near and far."""
    return (
        Expiry(on=AS_OF - timedelta(days=12), what="Competency of a discharge nurse", cell="Staff!F7"),
        Expiry(
            on=AS_OF + timedelta(days=31),
            what="Calibration of vessel V2",
            cell="Equipment!H5",
            requirement="FJ-COL-006",
        ),
        Expiry(on=AS_OF + timedelta(days=80), what="Agreement with the apheresis unit", cell="Agreements!D4"),
        Expiry(on=date(2027, 3, 31), what="JACIE certificate", cell="Certificates!E3", checklist="jacie"),
        Expiry(on=date(2028, 1, 1), what="Licence of the tissue establishment", cell="Certificates!E4"),
    )


def small_audit(*results: Result, readiness: Readiness | None = None, checklist: str = "jacie") -> Audit:
    """Make an audit of one checklist with just these results."""
    audited = checklist_audit(checklists()[checklist], results, readiness)
    return replace(large_audit(1, 0), checklists=(audited,), expiries=(), reliance=())
