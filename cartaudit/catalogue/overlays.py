"""Overlays: values of a centre or body put in the place of shipped ones, and rules made stricter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from cartaudit.catalogue import build
from cartaudit.catalogue.content import Content
from cartaudit.catalogue.lint.checklists import lint_overlaps, lint_value, value_key
from cartaudit.catalogue.lint.criteria import lint_criterion
from cartaudit.catalogue.lint.places import overlap
from cartaudit.catalogue.lint.requirements import Setting
from cartaudit.catalogue.messages import LintMessage, LintSeverity, Place, instead
from cartaudit.catalogue.reading import RawFile, read_file
from cartaudit.catalogue.shapes import check_shape, label_of
from cartaudit.catalogue.strictness import looser_parts, tightened
from cartaudit.model.parameters import ParameterValue, Verification
from cartaudit.model.requirements import Duty, Requirement, Severity

_KINDS = {"overlay": "overlay", "parameter": "overlay_parameter", "stricter": "stricter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlaid:
    """Content with overlays applied, in their order; `files` holds each by name."""

    content: Content
    files: Mapping[str, RawFile] = field(default_factory=dict)
    messages: tuple[LintMessage, ...] = ()


def apply_overlays(checked: Setting, paths: Sequence[Path]) -> Overlaid:
    """Read overlay files and apply them one after the other; what is faulty is reported and left out."""
    read = [read_file(path, path.as_posix()) for path in paths]
    done = apply_raw(checked, [raw for raw in read if isinstance(raw, RawFile)])
    unread = tuple(message for message in read if isinstance(message, LintMessage))
    return replace(done, messages=(*unread, *done.messages))


def apply_raw(checked: Setting, overlays: Sequence[RawFile]) -> Overlaid:
    """Apply parsed overlays one after the other; what is faulty is reported and left out."""
    done = Overlaid(content=checked.content)
    for raw in overlays:
        done = _apply(done, checked, raw)
    return done


def _apply(done: Overlaid, checked: Setting, raw: RawFile) -> Overlaid:
    messages = list(_shape(raw))
    if any(m.severity is LintSeverity.ERROR for m in messages):
        return replace(done, messages=(*done.messages, *messages))
    name = str(raw.data["overlay"]["name"])
    if name in done.files:
        messages.append(raw.place.at("overlay.name").error(f"Overlay '{name}' is given twice.", "Rename one."))
    values = tuple(
        build.parameter(t, t["product"], raw.name, verification=Verification.SITE)
        for t in raw.data.get("parameter", ())
    )
    messages += _lint_values(values, checked)
    content = _with_values(done.content, values)
    for number, table in enumerate(raw.data.get("stricter", ()), start=1):
        place = raw.place.at("stricter").item(label_of(table, number))
        content, found = _tighten(content, table, place, checked)
        messages += found
    return Overlaid(
        content=content,
        files={**done.files, name: raw},
        messages=(*done.messages, *messages),
    )


def _shape(raw: RawFile) -> Iterator[LintMessage]:
    for key, tables in raw.data.items():
        place = raw.place.at(key)
        if key not in _KINDS:
            yield place.error(f"'{key}' does not belong in an overlay.", f"Known here: {', '.join(_KINDS)}.")
        elif key == "overlay" and isinstance(tables, dict):
            yield from check_shape("overlay", tables, place)
        elif key == "overlay" or not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            yield place.error(f"'{key}' has the wrong form.", "Write [overlay] once, [[parameter]] and [[stricter]].")
        else:
            for number, table in enumerate(tables, start=1):
                yield from check_shape(_KINDS[key], table, place.item(label_of(table, number)))
    if "overlay" not in raw.data:
        yield raw.place.at("overlay").error("The [overlay] table is missing.", 'Add it, with name = "...".')


def _lint_values(values: tuple[ParameterValue, ...], checked: Setting) -> Iterator[LintMessage]:
    for value in values:
        place = Place(value.source_file, f"parameter[{value.name} {value.product} {value.jurisdiction}]")
        if value.product not in checked.products:
            yield place.at("product").error(
                f"There is no product '{value.product}'.", instead(value.product, checked.products, "a known product")
            )
        for message in lint_value(value, place, checked):
            # An overlay may rest on a text that the shipped list of sources does not hold.
            if not message.key.endswith(".source"):
                yield message
    yield from lint_overlaps(values)


def _with_values(content: Content, values: tuple[ParameterValue, ...]) -> Content:
    """Put values in the place of shipped ones of the same key, for their period only."""
    bodies = []
    for body in content.bodies:
        own = tuple(v for v in values if body.product and v.product == body.product.id)
        kept = body.parameters
        for value in own:
            kept = tuple(piece for row in kept for piece in _outside(row, value))
        bodies.append(replace(body, parameters=(*kept, *own)))
    return replace(content, bodies=tuple(bodies))


def _outside(row: ParameterValue, value: ParameterValue) -> Iterator[ParameterValue]:
    """Give the parts of a row's period that another value of the same key leaves free."""
    if value_key(row) != value_key(value) or not overlap(row, value):
        yield row
        return
    if value.effective_from and (row.effective_from or date.min) < value.effective_from:
        yield replace(row, effective_to=value.effective_from)
    if value.effective_to and (row.effective_to or date.max) > value.effective_to:
        yield replace(row, effective_from=value.effective_to)


def _tighten(
    content: Content, table: Mapping[str, Any], place: Place, checked: Setting
) -> tuple[Content, tuple[LintMessage, ...]]:
    by_id = {r.id: r for r in content.all_requirements()}
    old = by_id.get(table["requirement"])
    if old is None:
        remedy = instead(table["requirement"], by_id, "an existing requirement")
        return content, (place.error(f"There is no requirement '{table['requirement']}'.", remedy),)
    severity = Severity(table.get("severity", old.severity))
    messages = list(_looser(old, severity, table, place))
    if messages:
        return content, tuple(messages)
    criterion = tightened(old.criterion, table.get("criterion", {}))
    new = replace(old, severity=severity, gate=old.gate or table.get("gate", False), criterion=criterion)
    messages = list(lint_criterion(criterion, place.at("criterion"), checked.vocabulary, binding=True))
    requirements = {name: tuple(new if r is old else r for r in group) for name, group in content.requirements.items()}
    return replace(content, requirements=requirements), tuple(messages)


def _looser(old: Requirement, severity: Severity, table: Mapping[str, Any], place: Place) -> Iterator[LintMessage]:
    if severity.rank > old.severity.rank:
        yield place.at("severity").error(
            f"'{severity.value}' is looser than '{old.severity.value}'.", "An overlay may only make a rule stricter."
        )
    if table.get("gate") and (old.allow_na or old.duty is not Duty.MUST):
        what = "allows N/A" if old.allow_na else "is a recommendation"
        yield place.at("gate").error(f"{old.id} {what} and cannot be a gate.", "Raise its severity instead.")
    if not table.keys() & {"severity", "gate", "criterion"}:
        yield place.error("Nothing is made stricter.", "Add severity, gate = true or criterion.")
    if "criterion" in table:
        yield from looser_parts(old.criterion, table["criterion"], place.at("criterion"))
