"""What a choice can be answered with: ids, labels and the names people use, matched exactly."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cartaudit.intake.clean import key
from cartaudit.intake.countries import COUNTRY_NAMES
from cartaudit.intake.words import suggest
from cartaudit.model.checklists import Catalogue
from cartaudit.model.countries import COUNTRIES
from cartaudit.model.questions import Choice

_LISTED, _JOINED = re.compile(r"[;\n]"), re.compile(r"[,+/&]")
_SHOWN = 12
_NO_MATCH = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one question: canonical id and label in order, and every folded name with the ids it may mean."""

    choices: tuple[Choice, ...] = ()
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def expected(self) -> str:
        """List the labels for a remedy."""
        shown = ", ".join(c.label for c in self.choices[:_SHOWN])
        return f"{shown} or another of the list" if len(self.choices) > _SHOWN else shown

    def match(self, text: str) -> frozenset[str]:
        """Give the ids a text may mean; none where it is no option."""
        return self.names.get(key(text), _NO_MATCH) if self.names else _NO_MATCH

    def split(self, text: str) -> tuple[str, ...]:
        """Split a text of several options at semicolons and lines, and at commas where every part is an option."""
        split: list[str] = []
        for part in _parts(_LISTED, text):
            pieces = [] if self.match(part) else _parts(_JOINED, part)
            split += pieces if len(pieces) > 1 and all(map(self.match, pieces)) else [part]
        return tuple(split)

    def suggest(self, text: str) -> str:
        """Name the closest option for the remedy."""
        return suggest(text, {name: name for name in self.names})


def _parts(marks: re.Pattern[str], text: str) -> list[str]:
    return [stripped for part in marks.split(text) if (stripped := part.strip())]


def make_options(choices: Iterable[Choice], aliases: Mapping[str, Iterable[str]] | None = None) -> Options:
    """Index choices by id, label and further names."""
    listed = tuple(choices)
    names: dict[str, set[str]] = {}
    for choice in listed:
        for name in (choice.id, choice.id.replace("_", " "), choice.label, *(aliases or {}).get(choice.id, ())):
            names.setdefault(key(name), set()).add(choice.id)
    exact: dict[str, set[str]] = {}
    for choice in listed:
        for name in (choice.id, choice.label):
            exact.setdefault(key(name), set()).add(choice.id)
    names |= exact  # an exact id or label is never ambiguous with somebody's alias
    return Options(listed, {name: frozenset(ids) for name, ids in names.items()})


@dataclass(frozen=True, slots=True)
class OptionSource:
    """Gives the options of any question or column of a catalogue; `shared` holds those taken from elsewhere."""

    catalogue: Catalogue
    as_of: date
    shared: Mapping[str, Options]

    def options(self, choices: Sequence[Choice], choices_from: str) -> Options:
        """Find the options of a question; those taken from the profile are every product the catalogue knows."""
        if choices_from:
            return self.shared.get(choices_from, Options())
        return make_options(choices) if choices else Options()


def option_source(catalogue: Catalogue, as_of: date) -> OptionSource:
    """Index everything a catalogue's questions may choose from."""
    products = _products(catalogue)
    shared = {
        "products": products,
        "profile.products": products,
        "indications": _indications(catalogue),
        "jurisdictions.countries": _countries(catalogue),
    }
    return OptionSource(catalogue, as_of, shared)


def _products(catalogue: Catalogue) -> Options:
    products = catalogue.products.values()
    aliases = {p.id: (p.inn, f"{p.name} ({p.inn})", f"{p.name} {p.inn}") for p in products}
    return make_options((Choice(id=p.id, label=p.name) for p in products), aliases)


def _indications(catalogue: Catalogue) -> Options:
    labels: dict[str, list[str]] = {}
    for product in catalogue.products.values():
        for indication in product.indications:
            labels.setdefault(indication.id, []).append(indication.label)
    return make_options((Choice(id=i, label=names[0]) for i, names in labels.items()), labels)


def _countries(catalogue: Catalogue) -> Options:
    codes = sorted({*COUNTRIES, *(c for j in catalogue.jurisdictions for c in j.countries)})
    return make_options((Choice(id=c, label=c) for c in codes), COUNTRY_NAMES)
