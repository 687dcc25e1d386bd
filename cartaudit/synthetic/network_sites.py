"""A synthetic network: many sites with planted truths, for trials, tests and benchmarks."""

import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from cartaudit.files import write_atomically
from cartaudit.model.audit import Readiness
from cartaudit.model.checklists import Catalogue
from cartaudit.model.profile import Treatment
from cartaudit.synthetic.answers import EVIDENCE_DAYS
from cartaudit.synthetic.definitions import Definition
from cartaudit.synthetic.samples import build_sample

AS_OF = date(2026, 11, 22)
"""The day the answers are made for."""

TRUTHS_FILE = "truths.json"
FAILING_BANK, SOUND_BANK = "Cell bank North (synthetic)", "Cell bank South (synthetic)"

_NAME, _CODE, _MARK = "Placeholder-for-name", "Placeholder-for-code", "Placeholder-for-certificate"
_TOWNS = ("Ahlen", "Birk", "Calden", "Dorn", "Ebern", "Fohr", "Gelt", "Hain", "Iber", "Jost", "Kolm", "Lauen")
_CITED = re.compile(rb"(<t>(?:See )?)(?=SOP-\d\d(?: v\d)?</t>)")
"""Where the number of a document begins that answers cite."""

_FIRST_DAY, _DAYS = (AS_OF - date(1899, 12, 30)).days - EVIDENCE_DAYS, 15
"""The day, as workbooks count days, of most dates of compliant answers; a site's own lie up to so many days before."""

_BROKEN_EACH, _DOUBLES_EACH = 50, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """What a synthetic centre is: country, commissioner, accreditor, products; `ready` when all is in place."""

    country: str
    commissioner: str
    accreditor: str
    treatments: tuple[Treatment, ...]

    @property
    def ready(self) -> dict[str, str]:
        """Give the verdicts of a centre of this kind at which nothing is open."""
        products = (t.product for t in self.treatments)
        return dict.fromkeys((self.accreditor, *products, self.commissioner), Readiness.READY.value)


_LYMPHOMA = Treatment(product="kymriah", indication="dlbcl", population="adult")
_GERMANY = Centre(country="DE", commissioner="germany", accreditor="jacie", treatments=(_LYMPHOMA,))
_GERMANY_TWO = replace(
    _GERMANY, treatments=(_LYMPHOMA, Treatment(product="yescarta", indication="lbcl", population="adult"))
)
_ENGLAND = Centre(
    country="GB",
    commissioner="england",
    accreditor="jacie",
    treatments=(Treatment(product="tecartus", indication="mcl", population="adult"),),
)
_UNITED_STATES = Centre(country="US", commissioner="us_medicare", accreditor="fact", treatments=(_LYMPHOMA,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One kind of site: what it is, how it differs from a ready one, its other verdicts, and how often it occurs."""

    name: str
    weight: int
    centre: Centre = _GERMANY
    short: Mapping[str, str] = field(default_factory=dict)
    bank: str = SOUND_BANK
    changes: tuple[Mapping[str, Any], ...] = ()
    bank_set: Mapping[str, Any] = field(default_factory=dict)
    blank: tuple[str, ...] = ()
    only_gate: str = ""
    open: tuple[str, ...] = ()

    @property
    def verdicts(self) -> dict[str, str]:
        """Give the verdict of every checklist."""
        return {**self.centre.ready, **self.short}


def _short_leaflet(product: str) -> tuple[Mapping[str, Any], ...]:
    return ({"question": "counselled_driving_weeks", "scope": product, "answer": 4},)


_EXPIRED = {"expires_on": date(2026, 6, 30)}

VARIANTS = (
    Variant(name="ready", weight=5),
    Variant(name="ready_two_products", weight=3, centre=_GERMANY_TWO),
    Variant(name="ready_england", weight=3, centre=_ENGLAND),
    Variant(name="ready_us", weight=2, centre=_UNITED_STATES),
    Variant(
        name="gate",
        weight=3,
        short={"kymriah": "NOT_READY"},
        changes=_short_leaflet("kymriah"),
        only_gate="PR-DRV-01",
        open=("PR-DRV-01",),
    ),
    Variant(
        name="gate_two_products",
        weight=2,
        centre=_GERMANY_TWO,
        short={"yescarta": "NOT_READY"},
        changes=_short_leaflet("yescarta"),
        only_gate="PR-DRV-01",
        open=("PR-DRV-01",),
    ),
    Variant(
        name="conditional",
        weight=3,
        short={"jacie": "CONDITIONAL"},
        changes=(
            {
                "question": "quality_plan_reviewed_on",
                "answer": date(2025, 10, 1),
                "action": "Review the plan.",
                "owner_role": "Quality manager",
                "due": date(2027, 1, 15),
            },
        ),
        open=("FJ-QM-001",),
    ),
    Variant(
        name="incomplete",
        weight=2,
        short={"jacie": "INCOMPLETE"},
        blank=("quality_plan_reviewed_on",),
        open=("FJ-QM-001",),
    ),
    Variant(
        name="failing_bank",
        weight=3,
        short={"jacie": "NOT_READY"},
        bank=FAILING_BANK,
        bank_set=_EXPIRED,
        only_gate="FJ-PRC-001",
        open=("FJ-PRC-001",),
    ),
    Variant(
        name="failing_bank_england",
        weight=2,
        centre=_ENGLAND,
        short={"jacie": "NOT_READY"},
        bank=FAILING_BANK,
        bank_set=_EXPIRED,
        only_gate="FJ-PRC-001",
        open=("FJ-PRC-001",),
    ),
)
"""The kinds of sites; `only_gate` is the one open gate of a kind, `open` what is open there in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    """One file of the network: its variant, or how it is broken; `like` names a site whose answers it repeats."""

    file: str
    variant: Variant | None = None
    broken: str = ""
    name: str = ""
    code: str = ""
    mark: str = ""
    twin: str = ""
    like: str = ""


def write_network(
    catalogue: Catalogue,
    folder: Path,
    sites: int,
    seed: int,
    tool_version: str,
    on_done: Callable[[int], None] = lambda _: None,
    before: Callable[[Sequence[Path]], None] = lambda _: None,
) -> Path:
    """Write that many files and `truths.json`, which says what a roll-up has to find. Gives the path of the truths.

    `before` is given all paths before the first is written. The same number, seed and catalogue give the same bytes.
    Raises OSError, ChecklistError.
    """
    planned = _plan(sites, seed)
    path = folder / TRUTHS_FILE
    before([*(folder / item.file for item in planned), path])
    templates = {v.name: build_variant(catalogue, v, tool_version) for v in VARIANTS if _used(v, planned)}
    bodies = {name: Body.of(data) for name, data in templates.items()}
    for number, item in enumerate(planned, start=1):
        write_atomically(folder / item.file, _content(item, bodies))
        on_done(number)
    write_atomically(path, (json.dumps(_truths(planned, seed), indent=1) + "\n").encode())
    return path


def build_variant(catalogue: Catalogue, variant: Variant, tool_version: str) -> bytes:
    """Make the workbook of one kind of site, with placeholders where sites differ."""
    bank = {"run_by": variant.bank, "certificate": _MARK, **variant.bank_set}
    definition = Definition(
        name=variant.name,
        title="Synthetic centre",
        about="",
        as_of=AS_OF,
        profile={
            "site_name": _NAME,
            "site_code": _CODE,
            "site_address": "1 Example Street, Sampletown",
            "assessed_by": "Quality manager",
            "country": variant.centre.country,
            "commissioner": variant.centre.commissioner,
            "accreditor": [variant.centre.accreditor],
            "phase": "established",
            "populations": ["adult"],
            "services": ["discharge", "infusion", "storage"],
            "collection_by": "own",
            "processing_by": "contracted",
            "clinical_sites": 1,
        },
        treatments=variant.centre.treatments,
        changes=variant.changes,
        rows=({"register": "partner_units", "set": bank},),
        blank=variant.blank,
        site_values="pending",
    )
    return build_sample(catalogue, definition, tool_version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An unpacked workbook in which what sites differ in can be replaced cheaply."""

    parts: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, data: bytes) -> "Body":
        """Unpack a workbook."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return cls(parts=tuple((name, archive.read(name)) for name in archive.namelist()))

    def named(self, name: str, code: str, mark: str) -> bytes:
        """Pack it again with a site's own name, code and mark; its document numbers and dates follow from the mark."""
        day = _FIRST_DAY - zlib.crc32(mark.encode()) % _DAYS
        own = ((_NAME, name), (_CODE, code), (_MARK, f"CB-{mark}"), (f"<v>{_FIRST_DAY}</v>", f"<v>{day}</v>"))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for part, content in self.parts:
                for old, new in own:
                    content = content.replace(old.encode(), new.encode())
                content = _CITED.sub(rb"\1" + mark.encode() + rb"-", content)
                member = zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, content)
        return out.getvalue()


def _plan(sites: int, seed: int) -> tuple[_Planned, ...]:
    chance = random.Random(seed)
    broken = max(1, sites // _BROKEN_EACH) if sites >= 10 else 0
    doubles = max(1, sites // _DOUBLES_EACH) if sites >= 10 else 0
    own = sites - broken - 2 * doubles
    weights = [v.weight for v in VARIANTS]
    planned = [_site(n, chance.choices(VARIANTS, weights)[0], chance) for n in range(1, own + 1)]
    originals = chance.sample(planned, 2 * doubles)
    for n, original in enumerate(originals, start=own + 1):
        file = f"site_{n:05}.xlsx"
        if n - own <= doubles:
            planned.append(replace(original, file=file, twin=original.file))
        else:
            other = _site(n, original.variant, chance)
            planned.append(replace(other, mark=original.mark, like=original.file))
    kinds = tuple(_BROKEN)
    planned += [
        _Planned(file=f"site_{n:05}.xlsx", broken=kinds[n % len(kinds)]) for n in range(sites - broken + 1, sites + 1)
    ]
    return tuple(planned)


def _site(number: int, variant: Variant | None, chance: random.Random) -> _Planned:
    code = f"SYN-{number:05}"
    name = f"{chance.choice(_TOWNS)} Hospital {number} (synthetic)"
    return _Planned(file=f"site_{number:05}.xlsx", variant=variant, name=name, code=code, mark=code)


def _used(variant: Variant, planned: tuple[_Planned, ...]) -> bool:
    return any(p.variant is variant for p in planned)


def _content(item: _Planned, bodies: Mapping[str, Body]) -> bytes:
    if item.variant is None:
        return _BROKEN[item.broken](next(iter(bodies.values())))
    return bodies[item.variant.name].named(item.name, item.code, item.mark)


_BROKEN: Mapping[str, Callable[[Body], bytes]] = {
    "empty": lambda body: b"",
    "text": lambda body: b"site;answer\r\n1;yes\r\n",
    "truncated": lambda body: body.named("x", "x", "x")[:9000],
    "page": lambda body: b"%PDF-1.7\n%no workbook\n",
}
"""Files that cannot be audited, by what is wrong with them."""


def _truths(planned: tuple[_Planned, ...], seed: int) -> dict[str, Any]:
    good = [p for p in planned if p.variant is not None]
    return {
        "format_version": 1,
        "as_of": AS_OF.isoformat(),
        "seed": seed,
        "sites": [_truth(p) for p in planned],
        "units": [
            {
                "name": bank,
                "sites": [p.file for p in good if p.variant and p.variant.bank == bank],
                "fails": bank == FAILING_BANK,
            }
            for bank in (FAILING_BANK, SOUND_BANK)
        ],
        "only_gates": dict(_by_gate(good)),
        "same_file": sorted([[p.twin, p.file] for p in good if p.twin] + _alike(planned)),
        "same_answers": sorted([p.like, p.file] for p in good if p.like),
    }


def _alike(planned: tuple[_Planned, ...]) -> list[list[str]]:
    """Group the broken files that are one and the same."""
    groups = ([p.file for p in planned if p.broken == kind] for kind in _BROKEN)
    return [group for group in groups if len(group) > 1]


def _truth(item: _Planned) -> dict[str, Any]:
    if item.variant is None:
        return {"file": item.file, "outcome": "rejected", "broken": item.broken}
    return {
        "file": item.file,
        "outcome": "audited",
        "code": item.code,
        "name": item.name,
        "variant": item.variant.name,
        "verdicts": item.variant.verdicts,
        "open": list(item.variant.open),
    }


def _by_gate(good: list[_Planned]) -> Iterator[tuple[str, list[str]]]:
    for gate in sorted({v.only_gate for v in VARIANTS if v.only_gate}):
        yield gate, [p.file for p in good if p.variant and p.variant.only_gate == gate]
