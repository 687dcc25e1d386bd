"""A small catalogue with every answer type, for tests of the template and of compliant answers."""

from datetime import date

from cartaudit.model.answers import AnswerType as T
from cartaudit.model.areas import Area
from cartaudit.model.checklists import Catalogue, Checklist, Edition, Indication, Jurisdiction, Kind, Product, Scale
from cartaudit.model.parameters import Direction, ParameterDefinition, ParameterValue, Verification
from cartaudit.model.profile import Treatment
from cartaudit.model.questions import Choice, Column, Question, Scope
from cartaudit.model.requirements import Citation, Duty, Requirement, Severity, SourceKind

AS_OF = date(2026, 11, 22)
ALPHA = Treatment(product="alpha", indication="mm", population="adult")
BETA = Treatment(product="beta", indication="mm", population="adult")
_YES_NO = (Choice(id="yes_it_is", label="Yes, it is"), Choice(id="not_yet", label="Not yet"))
_STEPS = (Choice(id="receipt", label="Receipt"), Choice(id="thaw", label="Thaw"), Choice(id="none", label="None"))


def question(name: str, kind: T, area: str = "cold", **fields: object) -> Question:
    return Question(id=name, area=area, text=f"Text of {name}", type=kind, **fields)  # type: ignore[arg-type]


QUESTIONS = (
    question("country", T.CHOICE, "profile", choices_from="jurisdictions.countries"),
    question("phase", T.CHOICE, "profile", choices=(Choice(id="pre_opening", label="Pre-opening"),)),
    question(
        "treatments",
        T.REGISTER,
        "profile",
        sheet="Treatments",
        columns=(
            Column(id="product", type=T.CHOICE, text="Product", choices_from="products"),
            Column(id="indication", type=T.CHOICE, text="Indication", choices_from="indications"),
            Column(id="population", type=T.TEXT, text="Population"),
            Column(id="route", type=T.TEXT, text="Route"),
        ),
    ),
    question("sop", T.STATUS, help="What counts.", evidence="SOP 1", role="Quality manager"),
    question("alarm", T.BOOLEAN),
    question("doses", T.INTEGER, unit="doses"),
    question("minutes", T.NUMBER, unit="minutes"),
    question("audits", T.SHARE),
    question("checked_on", T.DATE),
    question("licence", T.CHOICE, choices=_YES_NO),
    question("steps", T.CHOICES, choices=_STEPS),
    question("name", T.TEXT),
    question("weeks", T.INTEGER, "home", unit="weeks", scope=Scope.PRODUCT),
    question("visits", T.INTEGER, "home", scope=Scope.TREATMENT),
    question("unused", T.STATUS, "home"),
    question(
        "vessels",
        T.REGISTER,
        sheet="Storage vessels",
        columns=(
            Column(id="vessel", type=T.TEXT, text="Vessel", unique=True),
            Column(id="products", type=T.CHOICES, text="Products held", choices_from="profile.products"),
            Column(id="warmest_c", type=T.NUMBER, text="Warmest position", unit="°C"),
            Column(id="mapped_on", type=T.DATE, text="Mapped on", required=False),
            Column(id="complying", type=T.INTEGER, text="Complying", required=False),
            Column(id="examined", type=T.INTEGER, text="Examined", required=False),
        ),
    ),
)

CRITERIA = {
    "X-01": {"sop": {"allowed": ["yes"]}},
    "X-02": {"alarm": {"allowed": [True]}},
    "X-03": {"doses": {"min": 2, "max": 4}},
    "X-04": {"minutes": {"max": 30}},
    "X-05": {"audits": {"min_share": 0.95, "min_sample": 30}},
    "X-06": {"checked_on": {"max_age_days": 90}},
    "X-07": {"licence": {"allowed": ["not_yet", "yes_it_is"]}},
    "X-08": {"steps": {"contains": ["thaw"], "contains_any": ["receipt", "none"]}},
    "X-09": {"name": {"minlength": 12}},
    "X-10": {"anyof": [{"doses": {"min": 9}}, {"minutes": {"at_least": "doses"}}]},
}
PRODUCT_CRITERIA = {
    "P-01": {"weeks": {"min": {"parameter": "weeks_min"}}},
    "P-02": {"visits": {"min": {"parameter": "visits_min"}}},
    "P-03": {
        "vessels": {
            "where": {"products": {"contains": {"parameter": "product"}}},
            "every_row": {"warmest_c": {"max": {"parameter": "store_max_c"}}, "mapped_on": {"max_age_days": 365}},
        }
    },
}


def requirement(name: str, criterion: dict[str, object], **fields: object) -> Requirement:
    return Requirement(
        id=name,
        title=name,
        area="cold",
        severity=Severity.MAJOR,
        duty=Duty.MUST,
        criterion=criterion,
        remediation="Mend it.",
        sources=(Citation(id="S1", kind=SourceKind.GUIDELINE),),
        **fields,  # type: ignore[arg-type]
    )


def checklist(name: str, criteria: dict[str, dict[str, object]], **fields: object) -> Checklist:
    return Checklist(
        id=name,
        kind=Kind.PRODUCT if "product" in fields else Kind.ACCREDITATION,
        title=name.title(),
        body="Body",
        editions=(Edition(edition="1", effective_to=date(2026, 1, 1)), Edition(edition="2")),
        scale=Scale(name="scale"),
        requirements=tuple(requirement(n, c) for n, c in criteria.items()),
        **fields,  # type: ignore[arg-type]
    )


def value(name: str, product: str, number: float | None, verification: Verification) -> ParameterValue:
    return ParameterValue(
        name=name, product=product, jurisdiction="EU", value=number, source="S1", verification=verification
    )


def small_catalogue(**criteria: dict[str, object]) -> Catalogue:
    """Build the catalogue; keyword arguments replace the criteria of the accreditation checklist."""
    definitions = (
        ParameterDefinition(name="weeks_min", text="Weeks", type="integer", direction=Direction.MIN, unit="weeks"),
        ParameterDefinition(name="visits_min", text="Visits", type="integer", direction=Direction.MIN),
        ParameterDefinition(name="store_max_c", text="Store", type="number", direction=Direction.MAX, unit="°C"),
    )
    products = (("alpha", "Alpha"), ("beta", "Beta"))
    wanted = {key.replace("_", "-"): group for key, group in criteria.items()} or CRITERIA
    checklists = (
        checklist("accred", wanted, selected_by={"country": {"allowed": ["DE"]}}),
        *(checklist(p, PRODUCT_CRITERIA, product=p) for p, _ in products),
    )
    return Catalogue(
        version="test",
        areas={
            "profile": Area(id="profile", title="Profile of the centre", sheet="Profile", order=0),
            "cold": Area(id="cold", title="Cold chain", sheet="Cold chain", order=1),
            "home": Area(id="home", title="Going home", sheet="Discharge", order=2),
        },
        questions={q.id: q for q in QUESTIONS},
        definitions={d.name: d for d in definitions},
        parameters=(
            value("weeks_min", "alpha", 8, Verification.LABEL),
            value("weeks_min", "beta", 4, Verification.UNVERIFIED),
            value("visits_min", "alpha", 2, Verification.LABEL),
            value("store_max_c", "alpha", -120, Verification.LABEL),
            value("store_max_c", "beta", -150, Verification.SECONDARY),
        ),
        products={
            p: Product(id=p, name=name, inn=f"{p}cel", indications=(Indication(id="mm", label="Myeloma"),))
            for p, name in products
        },
        jurisdictions=(Jurisdiction(id="EU", title="European Union", countries=("DE", "FR")),),
        sources={},
        checklists={c.id: c for c in checklists},
        hashes={"a.toml": "0"},
    )
