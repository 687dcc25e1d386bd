"""The network's reports in every format."""

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from cartaudit import __version__
from cartaudit.model.text import not_a_formula, visible
from cartaudit.network.network import CentreLine, Network

FORMAT_VERSION = 2
_BOM = "\ufeff"


def to_json(network: Network) -> bytes:
    """Render the network as JSON, as `network.schema.json` describes it."""
    head = {"format_version": FORMAT_VERSION, "tool": {"name": "cartaudit", "version": __version__}}
    fields = [_member(name, value) for name, value in head.items()]
    fields += [_member(field.name, getattr(network, field.name)) for field in dataclasses.fields(network)]
    return b"{\n" + b",\n".join(fields) + b"\n}\n"


def _member(name: str, value: Any) -> bytes:
    """Encode one member at a time: of a large network no second copy as a whole is made."""
    text = json.dumps(_plain(value), indent=1, ensure_ascii=False).replace("\n", "\n ")
    return f" {json.dumps(name)}: {text}".encode()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value.value if isinstance(value, Enum) else value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {visible(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def to_csv(network: Network) -> bytes:
    """Render one line for each centre, audited or not, as UTF-8 with a byte order mark; no cell begins a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    checklists = [c.id for c in network.checklists]
    areas = areas_of(network)
    bounds = [f"{area} {bound}" for area in areas for bound in ("at least, %", "at most, %")]
    writer.writerow([*CENTRE_HEADINGS, *checklists, *bounds])
    for centre in network.centres:
        scores = (value for area in areas for value in centre.areas.get(area, ("", "")))
        verdicts = (centre.verdicts.get(name, "") for name in checklists)
        writer.writerow([_csv(value) for value in (*centre_values(centre), *verdicts, *scores)])
    return f"{_BOM}{out.getvalue()}".encode()


CENTRE_HEADINGS = (
    "Site",
    "File",
    "Outcome",
    "Open gates",
    "Open requirements",
    "Rank",
    "Country",
    "Products",
    "Assurance",
    "Assessed on",
    "Message",
    "Handed in also as",
)


def centre_values(centre: CentreLine) -> Iterator[str | int]:
    """Give the values under `CENTRE_HEADINGS`."""
    audited = bool(centre.verdicts)
    yield centre.label
    yield centre.file
    yield centre.outcome.value.replace("_", " ")
    yield centre.open_gates if audited else ""
    yield centre.open if audited else ""
    yield centre.rank or ""
    yield centre.country
    yield ", ".join(centre.products)
    yield centre.assurance.replace("_", " ")
    yield centre.assessed_on
    yield centre.message
    yield "; ".join(centre.also)


def areas_of(network: Network) -> tuple[str, ...]:
    """List the areas in which some centre was judged, in the order of the catalogue."""
    found = {area for centre in network.centres for area in centre.areas}
    return tuple(area for area in network.area_titles if area in found)


def _csv(value: object) -> str:
    return not_a_formula(visible(str(value)))


def to_xlsx(network: Network) -> bytes:
    """Render the tables of the network as a workbook."""
    from cartaudit.network.xlsx import render_xlsx

    return render_xlsx(network)


def to_pdf(network: Network, template_dir: Path | None = None) -> bytes:
    """Render the network's report as PDF, in a house style where there is one."""
    from cartaudit.network.pages import render_pdf

    return render_pdf(network, template_dir=template_dir)


RENDERERS: dict[str, Callable[[Network], bytes]] = {"pdf": to_pdf, "xlsx": to_xlsx, "json": to_json, "csv": to_csv}
"""Every format of the network's report by its suffix."""
