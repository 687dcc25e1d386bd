"""What every section looks up: names in the catalogue, results gathered by requirement, answers of the profile."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from cartaudit.model.answers import AnswerState, Scalar, Share
from cartaudit.model.audit import Audit, ChecklistAudit, Compliance, Gap, Result
from cartaudit.model.checklists import Catalogue, Kind
from cartaudit.model.layout import split_scoped_id
from cartaudit.model.profile import Treatment
from cartaudit.model.questions import Choice, Question
from cartaudit.model.requirements import Requirement
from cartaudit.model.submission import Entry, Response
from cartaudit.model.text import joined
from cartaudit.report import words
from cartaudit.report.parts import Audience, Detail


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """What kind of report is asked for.

    `text_limit` is the number of characters after which text of the centre is cut, with a note where the rest is.
    """

    detail: Detail = Detail.FULL
    audience: Audience = Audience.CENTRE
    language: str = "en"
    text_limit: int = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One result where it stands: its checklist's audit and its gap, if it is one."""

    of: ChecklistAudit
    result: Result
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Lookup:
    """An audit with the catalogue it was judged by, and what the sections of a report ask of both."""

    audit: Audit
    catalogue: Catalogue
    options: ReportOptions
    judged: dict[str, tuple[Judged, ...]] = field(default_factory=dict)

    @property
    def for_commissioner(self) -> bool:
        """Tell whether comments and evidence texts are left out."""
        return self.options.audience is Audience.COMMISSIONER

    @property
    def as_of(self) -> date:
        """Give the audit date."""
        return self.audit.as_of

    def text(self, text: str) -> str:
        """Make text of the centre printable."""
        return words.centre_text(text, self.options.text_limit)

    def label(self, audited: ChecklistAudit) -> str:
        """Name a checklist shortly: the body, or a product with the jurisdiction of its text."""
        if audited.checklist.kind is Kind.PRODUCT:
            return f"{self.product(audited.checklist.product)} ({audited.jurisdiction or 'no jurisdiction'})"
        return audited.checklist.body or audited.checklist.title

    def product(self, product_id: str) -> str:
        """Give a product's brand name, or its id where the catalogue does not hold it."""
        product = self.catalogue.products.get(product_id)
        return product.name if product else self.text(product_id)

    def indication(self, treatment: Treatment) -> str:
        """Give an indication as the catalogue words it."""
        product = self.catalogue.products.get(treatment.product)
        known = {i.id: i.label for i in product.indications} if product else {}
        return known.get(treatment.indication) or words.titled(self.text(treatment.indication)) or "Not stated"

    def population(self, treatment: Treatment) -> str:
        """Give a population in words."""
        shown = words.POPULATION.get(treatment.population) or words.titled(self.text(treatment.population))
        return shown or "Not stated"

    def treatment(self, treatment: Treatment) -> str:
        """Name a treatment in one line."""
        return f"{self.product(treatment.product)}, {self.indication(treatment)}, {self.population(treatment).lower()}"

    def area(self, area_id: str) -> str:
        """Give an area's title."""
        area = self.catalogue.areas.get(area_id)
        return area.title if area else words.titled(area_id)

    def area_order(self, area_id: str) -> tuple[int, str]:
        """Give the place of an area among all areas."""
        area = self.catalogue.areas.get(area_id)
        return (area.order if area else 9_999, area_id)

    def question(self, scoped: str) -> str:
        """Give the wording of a question, with the product or treatment it was asked for."""
        question_id, scope = split_scoped_id(scoped)
        question = self.catalogue.questions.get(question_id)
        text = question.text if question else words.titled(question_id)
        return f"{text} ({self.scope(scope)})" if scope else text

    def scope(self, scope: str) -> str:
        """Name a scope key (product, or product:indication:population) in words."""
        parts = [*scope.split(":"), "", ""]
        if ":" not in scope:
            return self.product(scope)
        return self.treatment(Treatment(product=parts[0], indication=parts[1], population=parts[2]))

    def answer(self, question_id: str, scope: str = "") -> str:
        """Give an answer of the centre in words; empty where there is none that could be read."""
        response = self.audit.submission.response(question_id, scope)
        question = self.catalogue.questions.get(question_id)
        return self.said(response, question) if response else ""

    def said(self, response: Response, question: Question | None) -> str:
        """Write one response in words, with its unit and choice labels."""
        entry = response.entry
        if entry.state is AnswerState.NOT_APPLICABLE:
            return "N/A"
        if entry.state is not AnswerState.ANSWERED or entry.value is None:
            return ""
        labels = {c.id: c.label for c in question.choices} if question else {}
        return self.text(value_in_words(entry.value, labels, question.unit if question else ""))

    def cell_text(self, entry: Entry, choices: tuple[Choice, ...], unit: str) -> str:
        """Write one cell of a register in words; empty where it could not be read."""
        if entry.state is not AnswerState.ANSWERED or entry.value is None:
            return ""
        return self.text(value_in_words(entry.value, {c.id: c.label for c in choices}, unit))

    def responses(self, question_id: str) -> Iterator[Response]:
        """Give every response to a question, of any scope, in the order of their scopes."""
        found = (r for (q, _), r in self.audit.submission.responses.items() if q == question_id)
        yield from sorted(found, key=lambda r: r.scope)


def value_in_words(value: Scalar, labels: dict[str, str], unit: str) -> str:
    """Write a typed answer in words."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Share):
        period = f", {value.period}" if value.period else ""
        return f"{value.numerator} of {value.denominator}{period}"
    if isinstance(value, tuple):
        return _listed([labels.get(v, words.titled(v)) for v in value])
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, (int, float)):
        return words.scalar(value, unit)
    return labels.get(value, str(value))


def _listed(items: list[str]) -> str:
    """List choices, by commas alone where one holds an `and` of its own."""
    plain = any(" and " in i for i in items) and not any("," in i or ": " in i for i in items)
    return ", ".join(items) if plain else joined(items, "and")


def look_up(audit: Audit, catalogue: Catalogue, options: ReportOptions) -> Lookup:
    """Gather the results of all checklists by requirement id, in the order of areas and ids."""
    lookup = Lookup(audit, catalogue, options)
    gathered: dict[str, list[Judged]] = {}
    for audited in audit.checklists:
        gaps = {(g.result.requirement.id, g.result.product): g for g in audited.gaps}
        for result in audited.results:
            gap = gaps.get((result.requirement.id, result.product))
            gathered.setdefault(result.requirement.id, []).append(Judged(of=audited, result=result, gap=gap))

    def place(item: tuple[str, list[Judged]]) -> tuple[tuple[int, str], str]:
        return lookup.area_order(item[1][0].result.requirement.area), item[0]

    for requirement_id, judged in sorted(gathered.items(), key=place):
        lookup.judged[requirement_id] = tuple(judged)
    return lookup


def requirement_of(judged: tuple[Judged, ...]) -> Requirement:
    """Give the requirement that some results share, in its most severe form (an overlay may raise one)."""
    return min((j.result.requirement for j in judged), key=lambda r: (r.severity.rank, not r.gate))


def worst(judged: tuple[Judged, ...]) -> Compliance:
    """Give the worst outcome among some results."""
    return min((j.result.compliance for j in judged), key=words.WORST_FIRST.index)
