"""Lint of weights: what rests on a text weighs no more than it carries, unless it is protected or was decided."""

from collections.abc import Iterator

from cartaudit.catalogue.content import Content
from cartaudit.catalogue.lint.requirements import Setting, requirement_place
from cartaudit.catalogue.messages import LintMessage, Place
from cartaudit.model.parameters import Verification
from cartaudit.model.requirements import Duty, Requirement, Severity, SourceKind
from cartaudit.model.weights import Protected

_GATE, _CRITICAL, _MAJOR, _MINOR, _NOTHING = range(5)
WORDS = ("a gate", "critical", "major", "minor", "advice")
_CARRIES = {
    SourceKind.LABEL: _GATE,
    SourceKind.AUTHORITY: _GATE,
    SourceKind.STANDARD: _GATE,
    SourceKind.GUIDELINE: _GATE,
    SourceKind.MANUFACTURER: _CRITICAL,
    SourceKind.SECONDARY: _MAJOR,
    SourceKind.NEWS: _NOTHING,
    SourceKind.PROPOSAL: _NOTHING,
    SourceKind.GENERATED: _NOTHING,
}
"""The highest weight that rests on a text of a grade."""


def lint_weights(checked: Setting) -> Iterator[LintMessage]:
    """Check every weight against what its texts carry, what is protected and what was decided."""
    content = checked.content
    requirements = {r.id: r for r in content.all_requirements()}
    kept = {p.id: p for p in content.protected}
    graded = {s.id for s in content.sources}
    decided = {name for d in content.decisions for name in d.requirements}
    for requirement in requirements.values():
        readable = {c.id for c in requirement.sources} <= graded
        if requirement.id not in kept and readable:
            yield from _above(requirement, requirement.id in decided)
    for name, one in kept.items():
        yield from _fallen(requirements.get(name), one)
    if content.complete("requirement", "checklist"):
        yield from _idle(content)
    yield from _read_better(content)


def weight(requirement: Requirement) -> int:
    """Order what a requirement weighs, a gate first (0), advice last."""
    if requirement.duty is Duty.ADVICE:
        return _NOTHING
    return _GATE if requirement.gate else 1 + requirement.severity.rank


def carried(requirement: Requirement) -> int:
    """Give the highest weight that one of its texts carries."""
    return min(_CARRIES[c.kind] for c in requirement.sources)


def _above(requirement: Requirement, decided: bool) -> Iterator[LintMessage]:
    here, most = requirement_place(requirement), carried(requirement)
    if requirement.duty is Duty.ADVICE:
        if most is not _NOTHING:
            yield here.at("duty").error("A text stands behind it: it is no advice.", "Make it a must or a should.")
        elif not decided:
            yield here.at("duty").error("Nobody decided that it is advice.", "Write the decision in decisions.toml.")
    elif requirement.duty is Duty.MUST and weight(requirement) < most and not decided:
        yield here.at("sources").error(
            f"It is {WORDS[weight(requirement)]}; its texts carry {WORDS[most]} at most.",
            "Cite a text that carries it, or write a decision in decisions.toml and weigh it so.",
        )


def _fallen(requirement: Requirement | None, kept: Protected) -> Iterator[LintMessage]:
    here = Place("protected.toml", f"protected[{kept.id}]")
    if requirement is None:
        yield here.error("There is no such requirement.", "Bring it back: what is protected is not removed.")
        return
    fallen = requirement.duty is not Duty.MUST or requirement.severity.rank > kept.severity.rank
    if fallen or (kept.gate and not requirement.gate):
        what = "a gate" if kept.gate else Severity(kept.severity).value
        yield here.error(f"It was {what} and weighs less now.", "Give it its weight back.")


def _idle(content: Content) -> Iterator[LintMessage]:
    names = {r.id for r in content.all_requirements()}
    for number, one in enumerate(content.decisions, start=1):
        for name in one.requirements:
            if name not in names:
                yield Place("decisions.toml", f"decision[{number}]").error(
                    f"There is no requirement '{name}'.", "Remove it, or correct the id."
                )


_CONFIRMS = {
    Verification.LABEL: frozenset({SourceKind.LABEL}),
    Verification.AUTHORITY: frozenset({SourceKind.LABEL, SourceKind.AUTHORITY}),
    Verification.MANUFACTURER: frozenset({SourceKind.LABEL, SourceKind.AUTHORITY, SourceKind.MANUFACTURER}),
    Verification.SECONDARY: frozenset(SourceKind) - {SourceKind.NEWS, SourceKind.PROPOSAL, SourceKind.GENERATED},
}
"""Of which grade a source has to be for a value to be verified so; it may be less."""


def _read_better(content: Content) -> Iterator[LintMessage]:
    """Find values that are verified better than their source can be."""
    grades = {s.id: s.grade for s in content.sources}
    for value in content.parameters():
        wanted, grade = _CONFIRMS.get(value.verification), grades.get(value.source)
        if wanted is not None and grade is not None and grade not in wanted:
            yield Place(value.source_file, f"parameter[{value.name} {value.jurisdiction}]").error(
                f"It is verified as {value.verification.value}; source '{value.source}' is graded {grade.value}.",
                "Correct the one that is wrong.",
            )
