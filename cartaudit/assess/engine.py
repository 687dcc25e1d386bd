"""The engine: the requirements of one catalogue compiled for the thresholds they meet."""

from collections.abc import Mapping, Set
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from cartaudit.assess.names import Names
from cartaudit.assess.words import Wording
from cartaudit.criteria import walk
from cartaudit.criteria.compilation import compile_group, compile_value_rules
from cartaudit.criteria.criterion import Criterion
from cartaudit.criteria.evaluate import Known, evaluate
from cartaudit.criteria.grammar import BUILT_IN_PARAMETERS
from cartaudit.criteria.supplied import stakes_of
from cartaudit.criteria.thresholds import NONE, NOT_ALLOWED, shifted
from cartaudit.criteria.truth import Truth
from cartaudit.errors import ChecklistError
from cartaudit.model.audit import Threshold
from cartaudit.model.checklists import Catalogue, Kind
from cartaudit.model.parameters import ParameterScalar
from cartaudit.model.questions import Scope
from cartaudit.model.requirements import Group, Requirement

CACHE_SIZE = 8192
"""Compiled requirements kept: some 15 products in three jurisdictions, each with its shared requirements."""

_Keyed = tuple[tuple[Threshold, str], ...]
"""Thresholds, each with its value written out: 1, 1.0 and True are equal, but no one value."""


DAYS_KEPT = 4
"""Engines of other days kept: the workbooks of a batch share few days of self-assessment."""


class Reads(NamedTuple):
    """What a requirement reads: the questions of its criterion, those of all its parts with scopes, every parameter.

    `per` says for what the outcome can differ: for each TREATMENT, each PRODUCT, or not within the CENTRE; `by_day`
    whether it can differ from day to day.
    """

    criterion: tuple[str, ...]
    questions: tuple[tuple[str, Scope], ...]
    parameters: tuple[str, ...]
    per: Scope
    by_day: bool


class CompiledRequirement(NamedTuple):
    """A requirement ready to be judged for one set of thresholds; `no_limit` where the texts set none at all."""

    criterion: Criterion | None
    partial: Criterion | None
    watch: Criterion | None
    no_limit: bool
    thresholds: tuple[Threshold, ...]


class Engine:
    """Compile requirements of one catalogue for one audit date. Keep it over many sites; use it from one thread.

    `size` bounds the compiled requirements that are kept. `bodies` gives, by requirement id, the accreditation
    checklists that hold it. `day` is the day on which dates are tested: the audit date, but in an engine made by `on`.
    """

    def __init__(self, *, catalogue: Catalogue, as_of: date, size: int = CACHE_SIZE, day: date | None = None) -> None:
        self.catalogue = catalogue
        self.as_of = as_of
        self.day = day or as_of
        self.names = Names(catalogue)
        self.questions = self.names.questions
        self.wording = Wording(self.names, as_of)
        self.bodies = _bodies(catalogue)
        self.stakes = stakes_of(catalogue)
        self._gates = _gates_by_parameter(catalogue)
        self.reads = lru_cache(maxsize=size)(self._reads)
        self._compiled = lru_cache(maxsize=size)(self._compile)
        self._parameter_rules = lru_cache(maxsize=size)(self._parameter)
        self._profiles: dict[str, Criterion | None] = {}
        self.on = lru_cache(maxsize=DAYS_KEPT)(self._on)

    def _on(self, day: date) -> "Engine":
        """Give an engine of the same editions and values that tests dates on another day."""
        return Engine(catalogue=self.catalogue, as_of=self.as_of, day=day)

    def compile(self, requirement: Requirement, values: Mapping[str, Threshold]) -> CompiledRequirement:
        """Compile criterion, partial and watch with these thresholds, or give what was compiled before."""
        return self._compiled(requirement, tuple((t, repr(t.value)) for t in values.values()))

    def profile(self, place: str, group: Group) -> Criterion | None:
        """Compile a group over profile questions, which has no parameters; many requirements share one."""
        text = repr(group)
        if text not in self._profiles:
            self._profiles[text] = compile_group(group, self.questions, self.day, place=place)
        return self._profiles[text]

    def parameter_truth(self, requirement: Requirement, name: str, value: ParameterScalar | None) -> Truth:
        """Test the rules of `applies.parameter` on the value of a parameter."""
        return evaluate(self._parameter_rules(requirement, name), Known({name: value})).truth

    def switches_off(self, requirement: Requirement, name: str, threshold: Threshold) -> bool:
        """Tell whether a value that keeps a gate from applying leaves none of its kind that does apply.

        The anchor of an in-use time chooses between gates and is no switch; that no risk programme is in force is one.
        """
        return requirement.gate and not any(
            self.parameter_truth(other, name, threshold.value) is Truth.TRUE
            for other in self._gates.get(_but_for_parameter(requirement, name), ())
        )

    def _parameter(self, requirement: Requirement, name: str) -> Criterion:
        """Compile the rules of `applies.parameter` over one value."""
        definition = self.catalogue.definitions.get(name)
        if definition is None:
            raise ChecklistError(f"{requirement.id}: there is no parameter '{name}'. Run `cartaudit checklists lint`.")
        return compile_value_rules(definition, requirement.applies["parameter"][name], self.day, requirement.id)

    def _reads(self, requirement: Requirement) -> Reads:
        """Say what a requirement reads. Raises ChecklistError where it names a question the catalogue does not hold."""
        parts = (requirement.criterion, requirement.partial, requirement.watch)
        questions = walk.questions(*parts)
        unknown = [q for q in questions if q not in self.questions]
        if unknown:
            raise ChecklistError(
                f"{requirement.id}: there is no question '{unknown[0]}'. Run `cartaudit checklists lint`."
            )
        parameters = dict.fromkeys((*walk.parameters(*parts), *requirement.applies.get("parameter", {})))
        return Reads(
            criterion=walk.questions(requirement.criterion),
            questions=tuple((q, self.questions[q].scope) for q in questions),
            parameters=tuple(parameters),
            by_day=walk.by_day(*parts),
            per=_per(bool(parameters), {self.questions[q].scope for q in questions}),
        )

    def _compile(self, requirement: Requirement, keyed: _Keyed) -> CompiledRequirement:
        values = {threshold.parameter: threshold for threshold, _ in keyed}
        criterion, partial, watch = (
            compile_group(group, self.questions, self.day, values, requirement.id) if group or number == 0 else None
            for number, group in enumerate((requirement.criterion, requirement.partial, requirement.watch))
        )
        thresholds = tuple(
            shifted(values[name], offset)
            for name, offset in walk.references(requirement.criterion)
            if name not in BUILT_IN_PARAMETERS
        )
        no_limit = criterion is None or _all_dropped(criterion, thresholds)
        return CompiledRequirement(criterion, partial, watch, no_limit, thresholds)


def _gates_by_parameter(catalogue: Catalogue) -> dict[str, list[Requirement]]:
    """Sort the gates that a parameter chooses by it and by all else that they apply to."""
    found: dict[str, list[Requirement]] = {}
    for requirement in {r for c in catalogue.checklists.values() for r in c.requirements if r.gate}:
        for name in requirement.applies.get("parameter", {}):
            found.setdefault(_but_for_parameter(requirement, name), []).append(requirement)
    return found


def _but_for_parameter(requirement: Requirement, name: str) -> str:
    """Write down what a requirement applies to, with one of its parameters named in the place of its rules."""
    applies = requirement.applies
    others = {other: rules for other, rules in applies["parameter"].items() if other != name}
    return repr((name, sorted(others.items()), sorted((k, v) for k, v in applies.items() if k != "parameter")))


def _per(by_parameter: bool, scopes: Set[Scope]) -> Scope:
    """Say for what an outcome can differ; a parameter can by indication and population, so by treatment."""
    if by_parameter or Scope.TREATMENT in scopes:
        return Scope.TREATMENT
    return Scope.PRODUCT if Scope.PRODUCT in scopes else Scope.CENTRE


def _all_dropped(criterion: Criterion, thresholds: tuple[Threshold, ...]) -> bool:
    """Tell whether every rule with a parameter fell away because the texts set no limit, or none that could be
    excepted from."""
    if not any(t.verification == NONE for t in thresholds):
        return False
    remaining = (t for test in criterion.all_tests() for t in test.thresholds)
    return all(t.parameter in BUILT_IN_PARAMETERS or t.verification in (NONE, NOT_ALLOWED) for t in remaining)


def _bodies(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """Say which accreditation checklists hold a requirement; a certificate's body bears the id of its checklist."""
    held: dict[str, set[str]] = {}
    for checklist in catalogue.checklists.values():
        if checklist.kind is Kind.ACCREDITATION:
            for requirement in checklist.requirements:
                held.setdefault(requirement.id, set()).add(checklist.id)
    return {requirement: frozenset(ids) for requirement, ids in held.items()}
