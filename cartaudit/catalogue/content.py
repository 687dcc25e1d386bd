"""Content: tables of the right shape turned into values of the model, each with the file it came from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cartaudit.catalogue import build
from cartaudit.catalogue.messages import LintMessage, LintSeverity, OpenNames, Place
from cartaudit.catalogue.reading import BODY_FOLDERS, CONSISTENCY_FILE, SINGLE_FILES, WEIGHT_FILES, RawFile, Reading
from cartaudit.catalogue.shapes import check_shape, label_of
from cartaudit.model.areas import Area
from cartaudit.model.checklists import Checklist, Edition, EditionChange, Jurisdiction, Product
from cartaudit.model.consistency import Consistency
from cartaudit.model.parameters import ParameterDefinition, ParameterValue
from cartaudit.model.questions import Question
from cartaudit.model.requirements import Requirement, Source
from cartaudit.model.weights import Decision, Protected

_BODY_KEYS = {
    "checklist": "table",
    "product": "table",
    "edition": "list",
    "edition_map": "list",
    "requirement": "list",
    "parameter": "list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One checklist file: its head (without requirements of other files) and what stands beside it."""

    file: RawFile
    checklist: Checklist
    requirements_from: tuple[str, ...] = ()
    product: Product | None = None
    editions: tuple[Edition, ...] = ()
    edition_map: tuple[EditionChange, ...] = ()
    parameters: tuple[ParameterValue, ...] = ()

    @property
    def place(self) -> Place:
        """Give the place of the file."""
        return self.file.place

    def shared_files(self) -> tuple[str, ...]:
        """Name the shared requirement files, relative to the checklist folder."""
        return tuple(f"{self.file.folder}/{stem}.toml" for stem in self.requirements_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All tables of the right shape, in the order of files; duplicates are still in. `requirements` goes by file.

    `broken` holds kind and id of tables that were left out for their shape, `unread` the kinds of tables that files
    hold which could not be read: what refers to them is not reported a second time.
    """

    areas: tuple[Area, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    sources: tuple[Source, ...] = ()
    definitions: tuple[ParameterDefinition, ...] = ()
    questions: tuple[Question, ...] = ()
    consistency: tuple[Consistency, ...] = ()
    protected: tuple[Protected, ...] = ()
    decisions: tuple[Decision, ...] = ()
    requirements: Mapping[str, tuple[Requirement, ...]] = field(default_factory=dict)
    bodies: tuple[Body, ...] = ()
    broken: frozenset[tuple[str, str]] = frozenset()
    unread: frozenset[str] = frozenset()

    def known(self, kind: str, names: Iterable[str]) -> frozenset[str]:
        """Give the names of a kind that may be referred to: those built, and those left out."""
        left_out = (name for broken, name in self.broken if broken == kind)
        return (OpenNames if kind in self.unread else frozenset)((*names, *left_out))

    def complete(self, *kinds: str) -> bool:
        """Tell whether no table of these kinds was left out, so that what is missing can be told."""
        return not (self.unread.intersection(kinds) or any(kind in kinds for kind, _ in self.broken))

    def all_requirements(self) -> tuple[Requirement, ...]:
        """List the requirements of all files."""
        return tuple(r for group in self.requirements.values() for r in group)

    def requirements_of(self, body: Body) -> tuple[Requirement, ...]:
        """List the requirements of a checklist, those of shared files first."""
        names = (*body.shared_files(), body.file.name)
        return tuple(r for name in names for r in self.requirements.get(name, ()))

    def parameters(self) -> tuple[ParameterValue, ...]:
        """List the parameter values of all products."""
        return tuple(p for body in self.bodies for p in body.parameters)


class _Sorting:
    """Sorts the tables of one pass into those of the right shape and messages about the others."""

    def __init__(self) -> None:
        self.messages: list[LintMessage] = []
        self.broken: set[tuple[str, str]] = set()
        self.unread: set[str] = set()

    def entries(self, raw: RawFile, kind: str) -> list[Mapping[str, Any]]:
        """Give the well-shaped entries of a list of tables."""
        tables = raw.data.get(kind, [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            self.messages.append(raw.place.at(kind).error(f"'{kind}' is no list of tables.", f"Write [[{kind}]]."))
            self.unread.add(kind)
            return []
        return [t for number, t in enumerate(tables, start=1) if self._good(raw, kind, t, number)]

    def single(self, raw: RawFile, kind: str) -> Mapping[str, Any] | None:
        """Give the one well-shaped table of a kind, or None."""
        table = raw.data.get(kind)
        if table is None:
            return None
        if not isinstance(table, dict):
            self.messages.append(raw.place.at(kind).error(f"'{kind}' is no table.", f"Write [{kind}], once."))
            self.unread.add(kind)
            return None
        return table if self._good(raw, kind, table, None) else None

    def keys(self, raw: RawFile, known: Iterable[str]) -> None:
        """Report the keys at the top of a file that do not belong there."""
        known = tuple(known)
        self.messages += [
            raw.place.at(key).error(f"'{key}' does not belong in this file.", f"Known here: {', '.join(known)}.")
            for key in raw.data
            if key not in known
        ]

    def _good(self, raw: RawFile, kind: str, table: Mapping[str, Any], number: int | None) -> bool:
        place = raw.place.at(kind)
        found = list(check_shape(kind, table, place.item(label_of(table, number)) if number else place))
        self.messages += found
        if not any(m.severity is LintSeverity.ERROR for m in found):
            return True
        self.broken.add((kind, str(table.get("name" if kind == "definition" else "id", ""))))
        return False


def sort_content(reading: Reading) -> tuple[Content, tuple[LintMessage, ...]]:
    """Check the shape of every table of every file and build what can be built."""
    sorting = _Sorting()
    top: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in SINGLE_FILES.values()}
    questions: list[Question] = []
    consistency: list[Consistency] = []
    weights: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in WEIGHT_FILES.values()}
    requirements: dict[str, tuple[Requirement, ...]] = {}
    bodies: list[Body] = []
    sources: dict[str, Source] = {}
    for raw in sorted(reading.files, key=lambda raw: raw.name not in SINGLE_FILES):
        if raw.name in SINGLE_FILES:
            kind = SINGLE_FILES[raw.name]
            sorting.keys(raw, (kind,))
            top[kind] += sorting.entries(raw, kind)
            sources |= {s.id: s for s in map(build.source, top["source"])}
        elif raw.name == CONSISTENCY_FILE:
            sorting.keys(raw, ("consistency",))
            consistency += [build.consistency(table, raw.name) for table in sorting.entries(raw, "consistency")]
        elif raw.name in WEIGHT_FILES:
            kind = WEIGHT_FILES[raw.name]
            sorting.keys(raw, (kind,))
            weights[kind] += sorting.entries(raw, kind)
        elif raw.folder == "questions":
            questions += _questions(raw, sorting)
        elif raw.folder in BODY_FOLDERS:
            if raw.is_shared:
                sorting.keys(raw, ("requirement",))
            else:
                bodies += _body(raw, sorting)
            tables = sorting.entries(raw, "requirement")
            requirements[raw.name] = tuple(build.requirement(t, raw.name, sources) for t in tables)
        else:
            sorting.messages.append(_misplaced(raw))
    content = Content(
        areas=tuple(build.area(table, order) for order, table in enumerate(top["area"])),
        jurisdictions=tuple(build.jurisdiction(t) for t in top["jurisdiction"]),
        sources=tuple(build.source(t) for t in top["source"]),
        definitions=tuple(build.definition(t) for t in top["definition"]),
        questions=tuple(questions),
        consistency=tuple(consistency),
        protected=tuple(build.protected(t) for t in weights["protected"]),
        decisions=tuple(build.decision(t) for t in weights["decision"]),
        requirements=requirements,
        bodies=_in_order(bodies),
        broken=frozenset(sorting.broken),
        unread=frozenset(sorting.unread | {kind for name in reading.unread for kind in _kinds_of(name)}),
    )
    return content, tuple(sorting.messages)


def _misplaced(raw: RawFile) -> LintMessage:
    folders = ", ".join(("questions", *BODY_FOLDERS))
    return raw.place.error("No content file is expected here.", f"Move it into one of: {folders}; or remove it.")


def _questions(raw: RawFile, sorting: _Sorting) -> list[Question]:
    sorting.keys(raw, ("area", "question"))
    area = raw.data.get("area")
    if not isinstance(area, str) or not area:
        sorting.messages.append(
            raw.place.at("area").error("The area is missing.", 'Write area = "..." once, above the first question.')
        )
        area = ""
    return [build.question(table, area, raw.name) for table in sorting.entries(raw, "question")]


def _body(raw: RawFile, sorting: _Sorting) -> list[Body]:
    sorting.keys(raw, _BODY_KEYS)
    head = sorting.single(raw, "checklist")
    if "checklist" not in raw.data:
        sorting.messages.append(
            raw.place.at("checklist").error(
                "The [checklist] table is missing.", "Add it, or begin the file's name with an underscore to share it."
            )
        )
    product = sorting.single(raw, "product")
    product_id = str(product["id"]) if product else ""
    editions = tuple(build.edition(t) for t in sorting.entries(raw, "edition"))
    edition_map = tuple(build.edition_change(t) for t in sorting.entries(raw, "edition_map"))
    parameters = tuple(build.parameter(t, product_id, raw.name) for t in sorting.entries(raw, "parameter"))
    if head is None:
        return []
    return [
        Body(
            file=raw,
            checklist=build.checklist(head, product_id, editions, edition_map, raw.name),
            requirements_from=tuple(head.get("requirements_from", ())),
            product=build.product(product, raw.name) if product else None,
            editions=editions,
            edition_map=edition_map,
            parameters=parameters if product else (),
        )
    ]


def _kinds_of(name: str) -> tuple[str, ...]:
    """Name the kinds of tables that a file holds."""
    if name in SINGLE_FILES:
        return (SINGLE_FILES[name],)
    if name == CONSISTENCY_FILE:
        return ("consistency",)
    if name in WEIGHT_FILES:
        return (WEIGHT_FILES[name],)
    return ("question",) if name.startswith("questions/") else tuple(_BODY_KEYS)


def _in_order(bodies: Sequence[Body]) -> tuple[Body, ...]:
    """Order the bodies: accreditation, manufacturers, commissioners, and by file within."""
    order = list(BODY_FOLDERS)
    return tuple(sorted(bodies, key=lambda b: (order.index(b.file.folder), b.file.name)))
