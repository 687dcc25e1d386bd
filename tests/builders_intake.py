"""A small catalogue, a filled workbook made for it, and workbooks from Markdown tables."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime

import openpyxl
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from cartaudit.files import rezip
from cartaudit.intake import parse_submission
from cartaudit.model.answers import AnswerType as T
from cartaudit.model.areas import Area
from cartaudit.model.checklists import Catalogue, Checklist, Edition, Indication, Jurisdiction, Kind, Product, Scale
from cartaudit.model.layout import (
    AREA_HEADINGS,
    FORMAT,
    IDENTITY_SHEET,
    INSTRUCTIONS_SHEET,
    LISTS_SHEET,
    PROPERTY_PREFIX,
    SITE_VALUE_HEADINGS,
    SITE_VALUES_SHEET,
    Field,
    register_pointer,
    scoped_id,
)
from cartaudit.model.parameters import Direction, ParameterDefinition
from cartaudit.model.questions import Choice, Column, Question, Scope
from cartaudit.model.requirements import Citation, Duty, Requirement, Severity, SourceKind
from cartaudit.model.submission import Rejected, Submission
from cartaudit.workbook import read_cells
from cartaudit.workbook.template_front import write_fixed_cells

AS_OF = date(2026, 11, 22)
HEADER = 3
COLUMN = {heading.field: number for number, heading in enumerate(AREA_HEADINGS, 1)}


def _question(id_: str, type_: T, text: str, area: str, **more: object) -> Question:
    return Question(id=id_, type=type_, text=text, area=area, **more)  # type: ignore[arg-type]


def _choices(**labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(id=i, label=label) for i, label in labels.items())


def _column(id_: str, type_: T, text: str, **more: object) -> Column:
    return Column(id=id_, type=type_, text=text, **more)  # type: ignore[arg-type]


_PHASES = _choices(pre_opening="Pre-opening", first_patients="First patients", established="Established")
_TREATMENTS = (
    _column("product", T.CHOICE, "Product", choices_from="products"),
    _column("indication", T.CHOICE, "Indication", choices_from="indications"),
    _column("population", T.CHOICE, "Population", choices=_choices(adult="Adults", paediatric="Children")),
    _column("route", T.CHOICE, "Route", choices=_choices(commercial="Routine use", trial="Clinical trial")),
)
_VESSELS = (
    _column("vessel", T.TEXT, "Vessel", unique=True),
    _column("products", T.CHOICES, "Products held", choices_from="profile.products"),
    _column("warmest_c", T.NUMBER, "Warmest reading", unit="°C"),
    _column("validated_on", T.DATE, "Validated on", required=False),
)

QUESTIONS = (
    _question("site_name", T.TEXT, "Name of the treatment centre", "profile"),
    _question("site_code", T.TEXT, "Code of the centre", "profile"),
    _question("country", T.CHOICE, "Country", "profile", choices_from="jurisdictions.countries"),
    _question("phase", T.CHOICE, "Where the programme stands", "profile", choices=_PHASES),
    _question("treatments", T.REGISTER, "List every product", "profile", columns=_TREATMENTS, sheet="Treatments"),
    _question("assessed_on", T.DATE, "Date of this self-assessment", "profile"),
    _question("verifier_role", T.TEXT, "Role of the verifier", "profile"),
    _question("verified_on", T.DATE, "Date of the verification", "profile"),
    _question("alarm_tested", T.STATUS, "Is every alarm tested?", "cold_chain"),
    _question("monitored", T.BOOLEAN, "Is storage monitored without a gap?", "cold_chain"),
    _question("vessel_count", T.INTEGER, "How many vessels are in use?", "cold_chain", unit="vessels"),
    _question("set_point", T.NUMBER, "At which set point do they run?", "cold_chain", unit="°C"),
    _question("alarms_answered", T.SHARE, "How many alarms were answered in time?", "cold_chain"),
    _question("last_validation", T.DATE, "When was storage last validated?", "cold_chain"),
    _question(
        "refill",
        T.CHOICE,
        "Who refills the vessels?",
        "cold_chain",
        choices=_choices(own="Own staff", contracted="Contracted facility", none="Nobody"),
    ),
    _question(
        "backups",
        T.CHOICES,
        "Which backups exist?",
        "cold_chain",
        choices=_choices(vessel="Spare vessel", gas="Gas supply", partner="Partner site (written, tested)"),
    ),
    _question("contact", T.TEXT, "Who is called at night?", "cold_chain"),
    _question("vessels", T.REGISTER, "List every vessel.", "cold_chain", columns=_VESSELS, sheet="Storage vessels"),
    _question("driving_weeks", T.INTEGER, "Weeks without driving", "discharge", unit="weeks", scope=Scope.PRODUCT),
    _question("hold_hours", T.NUMBER, "Hours to hold after thaw", "discharge", unit="hours", scope=Scope.TREATMENT),
)


def _requirement(id_: str, area: str, criterion: dict[str, object], **more: object) -> Requirement:
    return Requirement(  # type: ignore[arg-type]
        id=id_,
        title=id_,
        area=area,
        severity=Severity.MAJOR,
        duty=Duty.MUST,
        criterion=criterion,
        remediation="Do it.",
        sources=(Citation(id="S", kind=SourceKind.STANDARD),),
        **more,
    )


_ACCREDITATION = (
    _requirement("FJ-01", "cold_chain", {"alarm_tested": {"allowed": ["yes"]}}, evidence_required=True),
    _requirement("FJ-02", "cold_chain", {"monitored": {"allowed": [True]}, "vessel_count": {"min": 1}}),
    _requirement("FJ-03", "cold_chain", {"set_point": {"max": -150}, "alarms_answered": {"min_share": 0.9}}),
    _requirement("FJ-04", "cold_chain", {"last_validation": {"max_age_days": 365}, "refill": {"allowed": ["own"]}}),
    _requirement("FJ-05", "cold_chain", {"backups": {"contains": ["gas"]}, "contact": {"minlength": 1}}),
    _requirement("FJ-06", "cold_chain", {"vessels": {"every_row": {"warmest_c": {"max": -130}}}}),
)
_PRODUCT = (
    _requirement("PR-01", "discharge", {"driving_weeks": {"min": 2}}),
    _requirement("PR-02", "discharge", {"hold_hours": {"max": 3}}),
)
_EDITION = (Edition(edition="1", effective_from=date(2020, 1, 1)),)


def _checklist(id_: str, kind: Kind, requirements: tuple[Requirement, ...], product: str = "") -> Checklist:
    return Checklist(
        id=id_,
        kind=kind,
        title=id_,
        body=id_,
        editions=_EDITION,
        scale=Scale(name="plain"),
        requirements=requirements,
        product=product,
        selected_by={} if product else {"site_name": {"minlength": 1}},
    )


CATALOGUE = Catalogue(
    version="test",
    areas={
        "profile": Area(id="profile", title="Profile", sheet="Profile", order=1),
        "cold_chain": Area(id="cold_chain", title="Cold chain", sheet="Cold chain", order=2),
        "discharge": Area(id="discharge", title="Discharge", sheet="Discharge", order=3),
    },
    questions={q.id: q for q in QUESTIONS},
    definitions={
        "driving_weeks_min": ParameterDefinition(
            name="driving_weeks_min", text="Weeks", type="integer", direction=Direction.MIN, unit="weeks"
        )
    },
    parameters=(),
    products={
        p.id: p
        for p in (
            Product(
                id="kymriah",
                name="Kymriah",
                inn="tisagenlecleucel",
                indications=(Indication(id="all", label="Acute lymphoblastic leukaemia"),),
            ),
            Product(
                id="tecartus",
                name="Tecartus",
                inn="brexucabtagene autoleucel",
                indications=(Indication(id="mcl", label="Mantle cell lymphoma"),),
            ),
        )
    },
    jurisdictions=(
        Jurisdiction(id="EU", title="EU", countries=("DE", "FR", "ES", "IT", "NL", "PL")),
        Jurisdiction(id="US", title="US", countries=("US",)),
        Jurisdiction(id="OLD", title="Former rules", countries=("NZ",), effective_to=date(2020, 1, 1)),
    ),
    sources={},
    checklists={
        "acc": _checklist("acc", Kind.ACCREDITATION, _ACCREDITATION),
        "kymriah": _checklist("kymriah", Kind.PRODUCT, _PRODUCT, "kymriah"),
    },
    hashes={"areas.toml": "0" * 64},
)

KYMRIAH = "kymriah:all:adult"

ANSWERS: Mapping[tuple[str, str], Mapping[Field, object]] = {
    ("site_name", ""): {Field.ANSWER: "Sample centre"},
    ("site_code", ""): {Field.ANSWER: "S-01"},
    ("country", ""): {Field.ANSWER: "DE"},
    ("phase", ""): {Field.ANSWER: "Established"},
    ("treatments", ""): {Field.ANSWER: register_pointer("Treatments")},
    ("assessed_on", ""): {Field.ANSWER: date(2026, 11, 1)},
    ("alarm_tested", ""): {
        Field.ANSWER: "Yes",
        Field.EVIDENCE: "SOP-12 v3; LOG-7",
        Field.EVIDENCE_LEVEL: "sighted",
        Field.EVIDENCE_DATED: date(2026, 3, 1),
        Field.COMMENT: "Monthly",
        Field.ANSWERED_BY: "Lab lead",
        Field.ANSWERED_ON: date(2026, 10, 30),
    },
    ("monitored", ""): {Field.ANSWER: "Yes"},
    ("vessel_count", ""): {Field.ANSWER: 2},
    ("set_point", ""): {Field.ANSWER: -180},
    ("alarms_answered", ""): {
        Field.ANSWER: "counted",
        Field.NUMERATOR: 19,
        Field.DENOMINATOR: 20,
        Field.PERIOD: "last 12 months",
    },
    ("last_validation", ""): {Field.ANSWER: date(2026, 5, 4)},
    ("refill", ""): {Field.ANSWER: "Own staff"},
    ("backups", ""): {Field.ANSWER: "Spare vessel; Gas supply"},
    ("contact", ""): {Field.ANSWER: "Lab lead on call"},
    ("vessels", ""): {Field.ANSWER: register_pointer("Storage vessels")},
    ("driving_weeks", "kymriah"): {Field.ANSWER: 8},
    ("hold_hours", KYMRIAH): {Field.ANSWER: 0.5},
}

ROWS: Mapping[str, tuple[tuple[object, ...], ...]] = {
    "treatments": (("Kymriah", "Acute lymphoblastic leukaemia", "Adults", "Routine use"),),
    "vessels": (
        ("LN2-A", "Kymriah", -182.5, date(2026, 5, 4)),
        ("LN2-B", "Kymriah", -181, None),
    ),
}


def filled_book() -> Workbook:
    """Make a workbook in the layout of the template, filled so that nothing is wrong with it."""
    book = openpyxl.Workbook()
    book.active.title = INSTRUCTIONS_SHEET
    book[INSTRUCTIONS_SHEET]["A1"] = "How to fill this workbook"
    book[INSTRUCTIONS_SHEET]["A2"] = "=COUNTA(Profile!C4:C99)"
    for area in CATALOGUE.areas.values():
        _area_sheet(book.create_sheet(area.sheet), area.id)
    for question in QUESTIONS:
        if question.type is T.REGISTER:
            _register_sheet(book.create_sheet(question.sheet), question)
    site = book.create_sheet(SITE_VALUES_SHEET)
    site.append([title for _, title in SITE_VALUE_HEADINGS])
    site.append(["driving_weeks_min", "Kymriah", "", "", "Weeks", "weeks", "not found", None, None, None, None])
    lists = book.create_sheet(LISTS_SHEET)
    lists.sheet_state = "hidden"
    lists["A1"] = "Yes"
    _identity(book)
    return book


def _area_sheet(sheet: Worksheet, area: str) -> None:
    sheet["A1"] = f"Questions about {area}"
    sheet["C1"] = '=COUNTA(C4:C99)&" answered"'
    for heading in AREA_HEADINGS:
        sheet.cell(HEADER, COLUMN[heading.field], heading.title)
    row = HEADER
    for (name, scope), fields in _answers(area):
        row += 1
        question = CATALOGUE.questions[name]
        sheet.cell(row, COLUMN[Field.ID], scoped_id(name, scope))
        sheet.cell(row, COLUMN[Field.QUESTION], question.text)
        sheet.cell(row, COLUMN[Field.UNIT], question.unit or None)
        for field, value in fields.items():
            sheet.cell(row, COLUMN[field], value)
    sheet.protection.sheet = True


def _answers(area: str) -> list[tuple[tuple[str, str], Mapping[Field, object]]]:
    keys = dict.fromkeys((q.id, "") for q in QUESTIONS if q.area == area and q.scope is Scope.CENTRE)
    keys |= dict.fromkeys(k for k in ANSWERS if CATALOGUE.questions[k[0]].area == area)
    return [(key, ANSWERS.get(key, {})) for key in keys]


def _register_sheet(sheet: Worksheet, question: Question) -> None:
    sheet["A1"] = question.text
    for number, column in enumerate(question.columns, 1):
        sheet.cell(2, number, column.id)
        sheet.cell(3, number, f"{column.text} ({column.unit})" if column.unit else column.text)
        for row, values in enumerate(ROWS[question.id], 4):
            sheet.cell(row, number, values[number - 1])
    sheet.protection.sheet = True


def _identity(book: Workbook) -> None:
    values = {
        "format": FORMAT,
        "version": "0.1.0",
        "checklists": "acc@1; kymriah@1",
        "catalogue": CATALOGUE.digest,
        "catalogue_version": "test",
        "country": "",
        "as_of": AS_OF.isoformat(),
        "roles": "",
        "programme": "cartaudit",
    }
    filled = book.worksheets
    sheet = book.create_sheet(IDENTITY_SHEET)
    sheet.sheet_state = "veryHidden"
    for name, value in values.items():
        sheet.append([name, value])
        book.custom_doc_props.append(StringProperty(name=f"{PROPERTY_PREFIX}{name}", value=value))
    write_fixed_cells(sheet, filled)


def cell_of(question: str, field: Field = Field.ANSWER, scope: str = "") -> tuple[str, str]:
    """Give sheet and address of one field of one question in the filled workbook."""
    area = CATALOGUE.questions[question].area
    row = HEADER + 1 + [key for key, _ in _answers(area)].index((question, scope))
    return CATALOGUE.areas[area].sheet, f"{openpyxl.utils.get_column_letter(COLUMN[field])}{row}"


def set_answer(book: Workbook, question: str, value: object, field: Field = Field.ANSWER, scope: str = "") -> str:
    """Write into one field of one question, and give its place as `Sheet!A1`."""
    sheet, address = cell_of(question, field, scope)
    book[sheet][address] = value
    return f"{sheet}!{address}"


def save(book: Workbook) -> bytes:
    """Give a workbook's bytes, the same on every run."""
    book.properties.created = book.properties.modified = datetime(2026, 1, 1)
    stream = io.BytesIO()
    book.save(stream)
    out = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            # The library writes the clock's time here whatever the property says.
            content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-01-01T00:00:00Z", source.read(name))
            target.writestr(name, content)
    return rezip(out.getvalue())


def read(data: bytes | Workbook, name: str = "site.xlsx", **more: object) -> Submission | Rejected:
    """Read bytes or a workbook as a submission."""
    cells = read_cells(data if isinstance(data, bytes) else save(data), name)
    return cells if isinstance(cells, Rejected) else parse_submission(cells, CATALOGUE, AS_OF, **more)  # type: ignore[arg-type]


def read_changed(change: Callable[[Workbook], object]) -> Submission | Rejected:
    """Read the filled workbook after one change."""
    book = filled_book()
    change(book)
    return read(book)


def codes(outcome: Submission | Rejected) -> list[tuple[str, str]]:
    """List code and place of every problem."""
    return [(p.code, p.place) for p in outcome.problems]


def markdown_book(text: str) -> Workbook:
    """Make a workbook from Markdown: `## Sheet` and a table each; blank lines are blank rows, `-180` a number."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheet: Worksheet | None = None
    row = 0
    for line in text.strip("\n").splitlines():
        line = line.strip()
        if line.startswith("## "):
            sheet, row = book.create_sheet(line[3:]), 0
            continue
        if sheet is not None and line.startswith("!merge "):
            sheet.merge_cells(line[7:])
            continue
        if sheet is None or line.startswith((">", "# ")) or (set(line) <= set("|-: ") and "---" in line):
            continue
        row += 1
        for column, value in enumerate(line.strip("|").split("|") if line else (), 1):
            sheet.cell(row, column, _typed(value.strip()))
    return book


def _typed(text: str) -> object:
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        return text.replace("\\n", "\n")
