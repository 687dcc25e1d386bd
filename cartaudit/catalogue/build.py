"""Building of model values from tables whose shape was checked."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from cartaudit.model.answers import AnswerType
from cartaudit.model.areas import Area
from cartaudit.model.checklists import (
    Checklist,
    Edition,
    EditionChange,
    Indication,
    Jurisdiction,
    Kind,
    Product,
    Scale,
)
from cartaudit.model.consistency import Consistency
from cartaudit.model.parameters import (
    Direction,
    ParameterDefinition,
    ParameterKind,
    ParameterScalar,
    ParameterValue,
    Verification,
)
from cartaudit.model.questions import Choice, Column, Latest, NumberRange, Question, Scope
from cartaudit.model.requirements import (
    Citation,
    Coverage,
    Duty,
    Phase,
    Requirement,
    Severity,
    Source,
    SourceKind,
)
from cartaudit.model.weights import Decision, Protected

Table = Mapping[str, Any]

DEFAULT_SCALE = Scale(name="Yes, partial, no")
"""Serves a checklist that does not write its own [checklist.scale]."""


def area(table: Table, order: int) -> Area:
    """Build an area; its order is that of the file."""
    return Area(id=table["id"], title=table["title"], sheet=table["sheet"], order=order)


def jurisdiction(table: Table) -> Jurisdiction:
    """Build a jurisdiction."""
    return Jurisdiction(
        id=table["id"],
        title=table["title"],
        countries=tuple(table["countries"]),
        effective_from=table.get("effective_from"),
        effective_to=table.get("effective_to"),
    )


def source(table: Table) -> Source:
    """Build a source."""
    return Source(
        id=table["id"],
        title=table["title"],
        grade=SourceKind(table["grade"]),
        publisher=table.get("publisher", ""),
        date=_published(table),
        address=table.get("address", ""),
    )


def definition(table: Table) -> ParameterDefinition:
    """Build a parameter definition."""
    return ParameterDefinition(
        name=table["name"],
        text=table["text"],
        type=table["type"],
        direction=Direction(table["direction"]),
        unit=table.get("unit", ""),
        informational=table.get("informational", False),
        kind=ParameterKind(table["kind"]),
        range=_range(table.get("range")),
        usual=_range(table.get("usual")),
        excepts=table.get("excepts", ""),
    )


def question(table: Table, area_id: str, file: str) -> Question:
    """Build a question of an area."""
    return Question(
        id=table["id"],
        area=area_id,
        text=table["text"],
        type=AnswerType(table["type"]),
        help=table.get("help", ""),
        evidence=table.get("evidence", ""),
        unit=table.get("unit", ""),
        role=table.get("role", ""),
        scope=Scope(table.get("scope", Scope.CENTRE)),
        choices=_choices(table),
        choices_from=table.get("choices_from", ""),
        columns=tuple(_column(c) for c in table.get("columns", ())),
        sheet=table.get("sheet", ""),
        range=_range(table.get("range")),
        usual=_range(table.get("usual")),
        latest=_latest(table["latest"]) if "latest" in table else None,
        source_file=file,
    )


def consistency(table: Table, file: str) -> Consistency:
    """Build a consistency rule."""
    listed: dict[str, Any] = {
        key: tuple(table.get(key, ())) for key in ("answered", "pair", "doubts", "finds", "spares")
    }
    named: dict[str, Any] = {key: table.get(key, {}) for key in ("when", "needs", "counts", "reached", "otherwise")}
    return Consistency(id=table["id"], text=table["text"], source_file=file, **listed, **named)


def _column(table: Table) -> Column:
    return Column(
        id=table["id"],
        type=AnswerType(table["type"]),
        text=table["text"],
        unit=table.get("unit", ""),
        help=table.get("help", ""),
        choices=_choices(table),
        choices_from=table.get("choices_from", ""),
        required=table.get("required", True),
        unique=table.get("unique", False),
        range=_range(table.get("range")),
        usual=_range(table.get("usual")),
    )


def _range(table: Table | None) -> NumberRange | None:
    return NumberRange(low=table["min"], high=table["max"]) if table is not None else None


def _latest(table: Table) -> Latest:
    lists = {key: tuple(table[key]) for key in ("same", "scope", "standing", "ended")}
    return Latest(by=table["by"], status=table["status"], **lists)


def _choices(table: Table) -> tuple[Choice, ...]:
    return tuple(Choice(id=c["id"], label=c["label"]) for c in table.get("choices", ()))


def product(table: Table, file: str) -> Product:
    """Build a product."""
    return Product(
        id=table["id"],
        name=table["name"],
        inn=table["inn"],
        holder=table["holder"],
        vector=table.get("vector", ""),
        indications=tuple(Indication(id=i["id"], label=i["label"]) for i in table["indications"]),
        source_file=file,
    )


def checklist(
    table: Table, product_id: str, editions: tuple[Edition, ...], edition_map: tuple[EditionChange, ...], file: str
) -> Checklist:
    """Build a checklist without its requirements."""
    return Checklist(
        id=table["id"],
        kind=Kind(table["kind"]),
        title=table["title"],
        body=table["body"],
        editions=editions,
        scale=Scale(**table["scale"]) if "scale" in table else DEFAULT_SCALE,
        requirements=(),
        product=product_id,
        selected_by=table.get("selected_by", {}),
        countries=tuple(table.get("countries", ())),
        edition_map=edition_map,
        example=table.get("example", False),
        note=table.get("note", ""),
        source_file=file,
    )


def edition(table: Table) -> Edition:
    """Build an edition."""
    return Edition(**table)


def edition_change(table: Table) -> EditionChange:
    """Build one line of an edition map."""
    return EditionChange(
        from_edition=table["from"],
        to_edition=table["to"],
        requirement=table["requirement"],
        relation=table["relation"],
        note=table.get("note", ""),
    )


def parameter(table: Table, product_id: str, file: str, *, verification: str = "unverified") -> ParameterValue:
    """Build a parameter value; `verification` serves where the table does not say it."""
    value = table.get("value")
    return ParameterValue(
        name=table["name"],
        product=product_id,
        jurisdiction=table["jurisdiction"],
        value=_scalar(value),
        source=table["source"],
        verification=Verification(table.get("verification", verification)),
        none=table.get("none", False),
        indication=table.get("indication", ""),
        population=table.get("population", ""),
        effective_from=table.get("effective_from"),
        effective_to=table.get("effective_to"),
        text_date=table.get("text_date"),
        note=table.get("note", ""),
        revision=table.get("revision", ""),
        source_file=file,
    )


def _scalar(value: Any) -> ParameterScalar | None:
    scalar: ParameterScalar | None = tuple(value) if isinstance(value, list) else value
    return scalar


def requirement(table: Table, file: str, known: Mapping[str, Source]) -> Requirement:
    """Build a requirement; what it cites has the grade and date of the source."""
    phase = table.get("deferred_until")
    return Requirement(
        id=table["id"],
        title=table["title"],
        area=table["area"],
        severity=Severity(table["severity"]),
        duty=Duty(table["duty"]),
        criterion=table["criterion"],
        remediation=table["remediation"],
        sources=tuple(_citation(c, known.get(c["id"])) for c in table["sources"]),
        gate=table.get("gate", False),
        allow_na=table.get("allow_na", False),
        evidence_required=table.get("evidence_required", False),
        evidence_max_age_days=table.get("evidence_max_age_days"),
        evidence=table["evidence"],
        applies=table.get("applies", {}),
        partial=table.get("partial", {}),
        watch=table.get("watch", {}),
        deferred_until=Phase(phase) if phase else None,
        editions=tuple(table.get("editions", ())),
        covered_by=tuple(Coverage(**c) for c in table.get("covered_by", ())),
        owner=table.get("owner", ""),
        effective_from=table.get("effective_from"),
        effective_to=table.get("effective_to"),
        reference=table.get("reference", ""),
        proposed_threshold=table.get("proposed_threshold", ""),
        one_sided=table.get("one_sided", ""),
        source_file=file,
    )


def _citation(table: Table, cited: Source | None) -> Citation:
    return Citation(
        id=table["id"],
        kind=cited.grade if cited else SourceKind.PROPOSAL,
        date=cited.date if cited else "",
        reference=table.get("reference", ""),
    )


def _published(table: Table) -> str:
    value = table.get("date", "")
    return value.isoformat() if isinstance(value, date) else str(value)


def protected(table: Table) -> Protected:
    """Build a weight that is kept."""
    return Protected(id=table["id"], severity=Severity(table["severity"]), gate=table.get("gate", False))


def decision(table: Table) -> Decision:
    """Build a decision about weights."""
    return Decision(**{**table, "requirements": tuple(table["requirements"])})
