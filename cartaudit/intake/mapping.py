"""The column map: an explicit, correctable description of a centre's own layout."""

import json
import re
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Any

from cartaudit.errors import MappingError
from cartaudit.files import parse_toml
from cartaudit.model.answers import Status
from cartaudit.model.cells import column_letters, column_number
from cartaudit.model.layout import Field

FORMAT = 1
MAP_SHEET = "column map"
"""Stands as the sheet of the answers that a map itself gives; its cells are not the file's."""

TICKS = (*(status.value for status in Status), "not_applicable")
_FIELDS = frozenset(field.value for field in Field)
_TREATMENT = frozenset({"product", "indication", "population", "route"})
_LETTERS = re.compile(r"[A-Za-z]{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetMap:
    """One sheet: its heading row, the column of each field, and tick columns by the answer they stand for.

    `doubles` are further columns that could be the answers where nobody said which are: they have to say the same.
    """

    name: str
    header_row: int
    columns: Table[Field, int] = field(default_factory=dict)
    ticks: Table[str, int] = field(default_factory=dict)
    doubles: Table[Field, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A column map. `items` maps a site's own item number or wording to a question id; `profile` and `treatments`
    say what the sheets do not. `name` is how the reading record names the map."""

    name: str
    sheets: tuple[SheetMap, ...]
    items: Table[str, str] = field(default_factory=dict)
    profile: Table[str, str] = field(default_factory=dict)
    treatments: tuple[Table[str, str], ...] = ()


def parse_mapping(text: str, name: str) -> Mapping:
    """Parse a column map from TOML. Raises MappingError with the first fault and its place."""
    try:
        table = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{name}: the column map is not TOML ({error}).") from error
    _only(table, {"format", "sheet", "items", "profile", "treatments"}, name, "the map")
    if table.get("format") != FORMAT:
        raise MappingError(f"{name}: the column map has format {table.get('format')!r}; this version reads {FORMAT}.")
    sheets = tuple(_sheet(entry, name) for entry in _tables(table.get("sheet", []), name, "sheet"))
    if not sheets:
        raise MappingError(f"{name}: the column map names no sheet. Add a [[sheet]] table.")
    treatments = tuple(_texts(t, name, "treatments") for t in _tables(table.get("treatments", []), name, "treatments"))
    for treatment in treatments:
        _only(treatment, _TREATMENT, name, "[[treatments]]")
    return Mapping(
        name=name,
        sheets=sheets,
        items=_texts(table.get("items", {}), name, "items"),
        profile=_texts(table.get("profile", {}), name, "profile"),
        treatments=treatments,
    )


def _sheet(entry: Table[str, Any], name: str) -> SheetMap:
    _only(entry, {"name", "header_row", "columns", "ticks"}, name, "[[sheet]]")
    sheet, header = entry.get("name"), entry.get("header_row")
    if not isinstance(sheet, str) or not isinstance(header, int) or isinstance(header, bool) or header < 1:
        raise MappingError(f"{name}: a [[sheet]] needs a name in quotes and a header_row of 1 or more.")
    columns = _letters(entry.get("columns", {}), _FIELDS, name, f"{sheet}: columns")
    ticks = _letters(entry.get("ticks", {}), frozenset(TICKS), name, f"{sheet}: ticks")
    if "answer" not in columns and not ticks:
        raise MappingError(f"{name}: sheet '{sheet}' has neither an answer column nor tick columns.")
    if "id" not in columns and "question" not in columns:
        raise MappingError(f"{name}: sheet '{sheet}' has neither an id nor a question column.")
    return SheetMap(name=sheet, header_row=header, columns={Field(f): c for f, c in columns.items()}, ticks=ticks)


def _letters(value: object, known: frozenset[str], name: str, where: str) -> dict[str, int]:
    table = _texts(value, name, where)
    _only(table, known, name, where)
    for key, letters in table.items():
        if not _LETTERS.fullmatch(letters):
            raise MappingError(f"{name}: {where}.{key}: '{letters}' is not a column. Give its letters, like \"C\".")
    return {key: column_number(letters) for key, letters in table.items()}


def _tables(value: object, name: str, where: str) -> Iterable[Table[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise MappingError(f"{name}: '{where}' has to be written as [[{where}]] tables.")
    return value


def _texts(value: object, name: str, where: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise MappingError(f"{name}: '{where}' has to be a table of texts in quotes.")
    return value


def _only(table: Table[str, Any], known: Iterable[str], name: str, where: str) -> None:
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise MappingError(f"{name}: {where} has an unknown key '{unknown[0]}'. Known are {', '.join(sorted(known))}.")


def mapping_toml(mapping: Mapping, likenesses: Table[str, tuple[str, str]] | None = None) -> str:
    """Write a map as TOML; `likenesses` (item -> question id and wording) become comments a person may activate."""
    lines = [
        "# Column map for `cartaudit check FILE --columns THIS`. Check every line; correct what was found wrongly.",
        "# Columns are given by their letters. A question is matched by its id, then by its exact wording, never by",
        "# likeness: activate a suggested item below only when it asks the same thing.",
        f"format = {FORMAT}",
        "",
        "[profile]                   # what the sheets do not say, by question id",
        *(f"{key} = {_quoted(value)}" for key, value in mapping.profile.items()),
        *(f'# {key} = ""' for key in ("site_name", "country", "phase") if key not in mapping.profile),
        "",
        *_treatment_lines(mapping),
    ]
    for sheet in mapping.sheets:
        lines += ["[[sheet]]", f"name = {_quoted(sheet.name)}", f"header_row = {sheet.header_row}", "[sheet.columns]"]
        lines += [f'{f.value} = "{column_letters(column)}"' for f, column in sheet.columns.items()]
        if sheet.ticks:
            lines += ["[sheet.ticks]"]
            lines += [f'{answer} = "{column_letters(column)}"' for answer, column in sheet.ticks.items()]
        lines.append("")
    lines.append("[items]                     # what the sheet calls a question = its id in the checklists")
    lines += [f"{_quoted(item)} = {_quoted(question)}" for item, question in mapping.items.items()]
    for item, (question, wording) in (likenesses or {}).items():
        lines.append(f"# {_quoted(item)} = {_quoted(question)}    # {_quoted(wording)}")
    return "\n".join(lines) + "\n"


def _treatment_lines(mapping: Mapping) -> list[str]:
    if not mapping.treatments:
        return ["# [[treatments]]", '# product = ""', '# indication = ""', '# population = "adult"', ""]
    lines = []
    for treatment in mapping.treatments:
        lines += ["[[treatments]]", *(f"{key} = {_quoted(value)}" for key, value in treatment.items()), ""]
    return lines


def _quoted(text: str) -> str:
    quoted = json.dumps(" ".join(text.split()), ensure_ascii=False)
    return quoted.replace("\x7f", "\\u007f")
