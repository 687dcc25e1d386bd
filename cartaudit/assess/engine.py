"""The engine: requirements compiled once for the thresholds they meet, in a bounded cache that its owner keeps."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from cartaudit.assess import words
from cartaudit.assess.compilation import Setting, compile_group, compile_values, group_words, shifted
from cartaudit.assess.compiled import CompiledGroup
from cartaudit.assess.evaluation import Outcomes
from cartaudit.assess.facts import token_of
from cartaudit.assess.static import ANYOF, Reference, questions_in, references_in
from cartaudit.errors import ChecklistError
from cartaudit.model.answers import AnswerType
from cartaudit.model.audit import Threshold
from cartaudit.model.checklists import Catalogue, Checklist, Edition, Kind
from cartaudit.model.questions import Choice, Question, Scope
from cartaudit.model.requirements import Group, Requirement
from cartaudit.model.rules import BUILT_IN_PARAMETERS

CACHE_SIZE = 8192
"""Compiled requirements kept: some 15 products in three jurisdictions, each with its shared requirements."""

_KINDS = {"texts": AnswerType.CHOICES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """What a requirement reads: the questions of its criterion and of all its parts, and every parameter.

    `per` says for what the outcome can differ: for each TREATMENT, each PRODUCT, or not within the CENTRE.
    """

    criterion: tuple[str, ...]
    questions: tuple[tuple[str, Scope], ...]
    criterion_references: tuple[Reference, ...]
    parameters: tuple[str, ...]
    per: Scope
    keys: tuple[tuple[str, str], ...]
    """Where the questions are answered, if each is once for the centre, so that the context is not asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A requirement ready to be judged for one set of thresholds; `no_limit` where the texts set none at all."""

    criterion: CompiledGroup | None
    partial: CompiledGroup | None
    watch: CompiledGroup | None
    no_limit: bool
    criterion_words: str
    thresholds: tuple[Threshold, ...]
    over_rows: bool = False
    """Whether any of the three looks at rows, whose cells belong to one workbook."""


@dataclass(slots=True)
class Engine:
    """Compile requirements of one catalogue for one audit date. Keep it over many sites; use it from one thread."""

    catalogue: Catalogue
    as_of: date
    size: int = CACHE_SIZE
    outcomes: Outcomes = field(default_factory=Outcomes, repr=False)
    fulfilled: Outcomes = field(default_factory=Outcomes, repr=False)
    """What is said of criteria that are met, by the answers as they look: most requirements of most centres."""
    _compiled: OrderedDict[Any, Any] = field(default_factory=OrderedDict, repr=False)
    _reads: dict[int, tuple[Requirement, Reads]] = field(default_factory=dict, repr=False)
    _in_force: dict[tuple[int, str | None], tuple[Checklist, tuple[tuple[Requirement, Reads], ...]]] = field(
        default_factory=dict, repr=False
    )
    _plain: dict[int, tuple[Requirement, Compiled]] = field(default_factory=dict, repr=False)
    _groups: dict[int, tuple[object, CompiledGroup | None]] = field(default_factory=dict, repr=False)
    _profiles: dict[str, CompiledGroup | None] = field(default_factory=dict, repr=False)
    _products: dict[str, str] = field(default_factory=dict, repr=False)
    _labels: dict[str, str] = field(default_factory=dict, repr=False)
    questions: Mapping[str, Question] = field(default_factory=dict, repr=False)
    """The questions of the catalogue, with the labels of choices that come from its products."""
    bodies: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    """The accreditation checklists that hold a requirement, by its id."""

    def __post_init__(self) -> None:
        self._products = {p.id: p.name for p in self.catalogue.products.values()}
        self.questions = _labelled(self.catalogue)
        self._labels = _labels(self.questions.values())
        self.bodies = _bodies(self.catalogue)

    def reads(self, requirement: Requirement) -> Reads:
        """Say what a requirement reads. Raises ChecklistError where it names a question the catalogue does not hold."""
        known = self._reads.get(id(requirement))
        if known is None:
            known = self._reads[id(requirement)] = (requirement, self._find_reads(requirement))
        return known[1]

    def in_force(self, checklist: Checklist, edition: Edition | None) -> tuple[tuple[Requirement, Reads], ...]:
        """List the requirements of a checklist that an edition judges on the audit date, each with what it reads."""
        key = (id(checklist), edition.edition if edition is not None else None)
        known = self._in_force.get(key)
        if known is None:
            listed = tuple([(r, self.reads(r)) for r in _in_force(checklist, edition, self.as_of)])
            known = self._in_force[key] = (checklist, listed)
        return known[1]

    def compile(self, requirement: Requirement, values: Mapping[str, Threshold]) -> Compiled:
        """Compile criterion, partial and watch with these thresholds, or give what was compiled before."""
        if not values:
            plain = self._plain.get(id(requirement))
            if plain is None:
                plain = self._plain[id(requirement)] = (requirement, self._compile(requirement, values))
            return plain[1]
        key = (id(requirement), *[(t, token_of(t.value)) for t in values.values()])
        return self._cached(key, lambda: self._compile(requirement, values), requirement)  # type: ignore[no-any-return]

    def compile_profile(self, place: str, group: Group, owner: object) -> CompiledGroup | None:
        """Compile a group over profile questions, which has no parameters; `owner` keeps it apart from others."""
        known = self._groups.get(id(owner))
        if known is None:
            known = self._groups[id(owner)] = (owner, self._compile_profile(place, group))
        return known[1]

    def compile_parameter(self, requirement: Requirement, name: str) -> CompiledGroup | None:
        """Compile the rules of `applies.parameter` over one value."""
        definition = self.catalogue.definitions.get(name)
        if definition is None:
            raise ChecklistError(f"{requirement.id}: there is no parameter '{name}'. Run `cartaudit checklists lint`.")

        def make() -> CompiledGroup | None:
            kind = _KINDS.get(definition.type) or AnswerType(definition.type)
            asked = Question(id=name, area="", text=definition.text, type=kind, unit=definition.unit)
            rules = requirement.applies["parameter"][name]
            return compile_values(name, rules, asked, self._setting(requirement.id, {}))

        return self._cached((id(requirement), "parameter", name), make, requirement)  # type: ignore[no-any-return]

    def origin(self, threshold: Threshold) -> str:
        """Say where a threshold comes from, with the product's name."""
        return words.origin(threshold, self.product_name(threshold.product))

    def product_name(self, product: str) -> str:
        """Give a product's name for print."""
        return self._products.get(product, product)

    def _compile_profile(self, place: str, group: Group) -> CompiledGroup | None:
        """Compile groups that say the same once, so that they are judged once."""
        text = repr(group)
        if text not in self._profiles:
            self._profiles[text] = compile_group(group, self._setting(place, {}))
        return self._profiles[text]

    def parameter_name(self, name: str) -> str:
        """Give a parameter's wording for print, up to its first colon."""
        definition = self.catalogue.definitions.get(name)
        return (definition.text.partition(":")[0] if definition else name.replace("_", " ")).rstrip(".")

    def label(self, value: str) -> str:
        """Give the label of a choice that a threshold names, or the text itself."""
        return self._labels.get(value) or value.replace("_", " ")

    def _cached(self, key: Any, make: Any, owner: object) -> Any:
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = (make(), owner)
            if len(self._compiled) > self.size:
                self._compiled.popitem(last=False)
        else:
            self._compiled.move_to_end(key)
        return found[0]

    def _setting(self, place: str, values: Mapping[str, Threshold]) -> Setting:
        return Setting(place=place, lookup=self.questions.get, values=values, as_of=self.as_of, products=self._products)

    def _find_reads(self, requirement: Requirement) -> Reads:
        parts = (requirement.criterion, requirement.partial, requirement.watch)
        criterion = questions_in(requirement.criterion)
        questions = tuple(dict.fromkeys(q for part in parts for q in questions_in(part)))
        unknown = [q for q in questions if q not in self.questions]
        if unknown:
            raise ChecklistError(
                f"{requirement.id}: there is no question '{unknown[0]}'. Run `cartaudit checklists lint`."
            )
        named = [name for part in parts for name, _ in references_in(part)]
        named += requirement.applies.get("parameter", {})
        by_centre = all(self.questions[q].scope is Scope.CENTRE for q in questions)
        return Reads(
            criterion=criterion,
            questions=tuple((q, self.questions[q].scope) for q in questions),
            criterion_references=references_in(requirement.criterion),
            parameters=tuple(dict.fromkeys(named)),
            per=_per(bool(named), {self.questions[q].scope for q in questions}),
            keys=tuple((q, "") for q in questions) if by_centre else (),
        )

    def _compile(self, requirement: Requirement, values: Mapping[str, Threshold]) -> Compiled:
        setting = self._setting(requirement.id, values)
        criterion = compile_group(requirement.criterion, setting)
        partial = requirement.partial or self._implied_partial(requirement)
        thresholds = tuple(
            shifted(values[name], offset)
            for name, offset in self.reads(requirement).criterion_references
            if name not in BUILT_IN_PARAMETERS
        )
        lesser = compile_group(partial, setting) if partial else None
        watch = compile_group(requirement.watch, setting) if requirement.watch else None
        return Compiled(
            criterion=criterion,
            partial=lesser,
            watch=watch,
            no_limit=criterion is None or _all_dropped(criterion, thresholds),
            criterion_words=group_words(criterion) if criterion else "the texts set no limit",
            thresholds=thresholds,
            over_rows=any(group is not None and group.over_rows for group in (criterion, lesser, watch)),
        )

    def _implied_partial(self, requirement: Requirement) -> Group:
        """Let a single status question that asks for yes be partly met by partial, without being written."""
        if len(requirement.criterion) != 1 or ANYOF in requirement.criterion:
            return {}
        ((name, rules),) = requirement.criterion.items()
        status = self.questions[name].type is AnswerType.STATUS
        return {name: {"allowed": ["partial"]}} if status and rules == {"allowed": ["yes"]} else {}


def _in_force(checklist: Checklist, edition: Edition | None, as_of: date) -> Iterator[Requirement]:
    for requirement in checklist.requirements:
        if (
            (not requirement.editions or edition is None or edition.edition in requirement.editions)
            and (requirement.effective_from is None or requirement.effective_from <= as_of)
            and (requirement.effective_to is None or as_of < requirement.effective_to)
        ):
            yield requirement


def _per(by_parameter: bool, scopes: Set[Scope]) -> Scope:
    """Say for what an outcome can differ; a parameter can by indication and population, so by treatment."""
    if by_parameter or Scope.TREATMENT in scopes:
        return Scope.TREATMENT
    return Scope.PRODUCT if Scope.PRODUCT in scopes else Scope.CENTRE


def _all_dropped(criterion: CompiledGroup, thresholds: tuple[Threshold, ...]) -> bool:
    """Tell whether every rule with a parameter fell away because the texts set no limit."""
    if not any(t.verification == words.NONE for t in thresholds):
        return False
    remaining = (t for _, test in criterion.all_tests() for t in test.thresholds)
    return all(t.parameter in BUILT_IN_PARAMETERS or t.verification == words.NONE for t in remaining)


def _labelled(catalogue: Catalogue) -> dict[str, Question]:
    products = tuple(Choice(id=p.id, label=p.name) for p in catalogue.products.values())
    indications = {i.id: i.label for p in catalogue.products.values() for i in p.indications}
    choices = {
        "products": products,
        "profile.products": products,
        "indications": tuple(Choice(id=name, label=label) for name, label in indications.items()),
    }
    return {name: _with_choices(question, choices) for name, question in catalogue.questions.items()}


def _bodies(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """Say which accreditation checklists hold a requirement; a certificate's body bears the id of its checklist."""
    held: dict[str, set[str]] = {}
    for checklist in catalogue.checklists.values():
        if checklist.kind is Kind.ACCREDITATION:
            for requirement in checklist.requirements:
                held.setdefault(requirement.id, set()).add(checklist.id)
    return {requirement: frozenset(ids) for requirement, ids in held.items()}


def _labels(questions: Iterable[Question]) -> dict[str, str]:
    """Name choices by id; an id that stands for different things has no name."""
    found: dict[str, str] = {}
    for question in questions:
        for choice in (*question.choices, *(c for column in question.columns for c in column.choices)):
            found[choice.id] = choice.label if found.get(choice.id, choice.label) == choice.label else ""
    return found


def _with_choices(question: Question, choices: Mapping[str, tuple[Choice, ...]]) -> Question:
    columns = tuple(
        replace(c, choices=choices[c.choices_from]) if c.choices_from in choices else c for c in question.columns
    )
    own = choices.get(question.choices_from, question.choices)
    return replace(question, choices=own, columns=columns)
