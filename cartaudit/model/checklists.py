"""Checklists: the criteria of one body, in dated editions, and the catalogue that holds them all."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cartaudit.model.areas import Area
from cartaudit.model.consistency import Consistency
from cartaudit.model.parameters import ParameterDefinition, ParameterValue
from cartaudit.model.questions import Question
from cartaudit.model.requirements import Group, Requirement, Source


class Kind(StrEnum):
    """Whose criteria a checklist holds."""

    ACCREDITATION = "accreditation"
    PRODUCT = "product"
    COMMISSIONER = "commissioner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One dated edition; `effective_to` is exclusive. `status` says how the dates were read (e.g. "secondary")."""

    edition: str
    effective_from: date | None = None
    effective_to: date | None = None
    status: str = ""
    source: str = ""
    note: str = ""

    def in_force(self, on: date) -> bool:
        """Tell whether the edition applies on a day."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_to is None or on < self.effective_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionChange:
    """One line of an edition map: what became of a requirement from one edition to the next.

    `relation` is unchanged, renumbered, reworded, split, merged, new or withdrawn.
    """

    from_edition: str
    to_edition: str
    requirement: str
    relation: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What PARTIAL is worth and how far findings spread, in one checklist.

    `partial_credit` is the share of a requirement's weight that PARTIAL earns in the score (0 to 1).
    `partial_is_deficiency` turns PARTIAL into NON_COMPLIANT (FACT inspection). `majors_allowed` is the number of open
    majors above which a checklist is NOT_READY. A failing share or register is `isolated` up to `isolated_max`,
    `widespread` from `widespread_min` of its cases, a `pattern` between.
    """

    name: str
    partial_credit: float = 0.5
    partial_is_deficiency: bool = False
    majors_allowed: int = 5
    isolated_max: float = 0.1
    widespread_min: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The criteria of one body. A product checklist names its product; `selected_by` is a group over profile
    questions that says when the checklist applies without being asked for; while the profile does not say so, a known
    country outside `countries` keeps it out; `example` marks a checklist whose figures
    must be confirmed with the body."""

    id: str
    kind: Kind
    title: str
    body: str
    editions: tuple[Edition, ...]
    scale: Scale
    requirements: tuple[Requirement, ...]
    product: str = ""
    selected_by: Group = field(default_factory=dict)
    countries: tuple[str, ...] = ()
    edition_map: tuple[EditionChange, ...] = ()
    example: bool = False
    note: str = ""
    source_file: str = ""

    def edition_on(self, on: date) -> Edition | None:
        """Pick the edition in force on a day; the later one where two overlap."""
        ranked = [e for e in self.editions if e.in_force(on)]
        return max(ranked, key=lambda e: e.effective_from or date.min, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indication:
    """A disease a product is given for, as the profile names it."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A CAR-T product: brand, non-proprietary name, vector, and the indications the catalogue knows."""

    id: str
    name: str
    inn: str
    holder: str = ""
    vector: str = ""
    indications: tuple[Indication, ...] = ()
    source_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """Where a label applies: id as printed (US, EU, UK, ...), member countries (ISO 3166 alpha-2), and dates."""

    id: str
    title: str
    countries: tuple[str, ...]
    effective_from: date | None = None
    effective_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything read from the checklist folder and overlays: immutable, indexed by id.

    `parameters` is sorted by name, product, jurisdiction, start. `hashes` maps each content file (POSIX path relative
    to the checklist folder, overlays as "overlay:NAME") to its SHA-256, `files` to its bytes, so that what was read is
    what a report embeds (empty for a catalogue that was not read from files). `shipped` is the same content without
    its overlays, where there are some.
    """

    version: str
    areas: Mapping[str, Area]
    questions: Mapping[str, Question]
    definitions: Mapping[str, ParameterDefinition]
    parameters: tuple[ParameterValue, ...]
    products: Mapping[str, Product]
    jurisdictions: tuple[Jurisdiction, ...]
    sources: Mapping[str, Source]
    checklists: Mapping[str, Checklist]
    hashes: Mapping[str, str]
    consistency: tuple[Consistency, ...] = ()
    overlays: tuple[str, ...] = ()
    shipped: "Catalogue | None" = field(default=None, repr=False, compare=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    _index: Mapping[tuple[str, str, str], tuple[ParameterValue, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        groups: dict[tuple[str, str, str], list[ParameterValue]] = defaultdict(list)
        for value in self.parameters:
            groups[value.name, value.product, value.jurisdiction].append(value)
        object.__setattr__(self, "_index", {key: tuple(group) for key, group in groups.items()})

    @property
    def digest(self) -> str:
        """Give one SHA-256 over the hashes of all content files, in the order of their names."""
        lines = "".join(f"{name}\0{sha256}\n" for name, sha256 in sorted(self.hashes.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    def parameters_of(self, name: str, product: str, jurisdiction: str) -> tuple[ParameterValue, ...]:
        """Give all values of a parameter for a product in a jurisdiction, of any period; fast, for `resolve`."""
        return self._index.get((name, product, jurisdiction), ())

    def first_text(self, product: str, jurisdiction: str) -> date | None:
        """Give the day of the first text read of a product in a jurisdiction, None where no day is known.

        A value that ended was read in an older text, whose day nobody wrote down.
        """
        values = [v for v in self.parameters if (v.product, v.jurisdiction) == (product, jurisdiction)]
        if any(v.effective_to is not None and v.effective_from is None for v in values):
            return None
        return min((day for v in values if (day := v.effective_from or v.text_date) is not None), default=None)

    def jurisdiction_of(self, country: str, on: date) -> str | None:
        """Give the label jurisdiction of a country on a day, or None where the catalogue knows none."""
        for jurisdiction in self.jurisdictions:
            starts = jurisdiction.effective_from or date.min
            ends = jurisdiction.effective_to or date.max
            if country in jurisdiction.countries and starts <= on < ends:
                return jurisdiction.id
        return None
