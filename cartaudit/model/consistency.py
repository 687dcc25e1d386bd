"""Consistency rules: what answers, registers and profile have to agree about to be believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cartaudit.model.requirements import Group

Example = Mapping[str, Any]
"""Answers by question id, as content writes them; a register is a list of rows, N/A is "n/a"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """One `[[consistency]]` rule; of `needs`, `answered`, `pair`, `counts` and `reached` one is filled.

    It is broken where `when` is true and `needs` false; where `when` is true and a question of `answered` is N/A; where
    the first of `pair` is above the second; where the places of a register do not fit the number given (`counts`);
    where a place of one register is named in no row of another (`reached`). `doubts` are the questions that cannot
    count then; `otherwise` gives, by question, the choice that its answer may be instead, or may hold besides.
    """

    id: str
    text: str
    when: Group = field(default_factory=dict)
    needs: Group = field(default_factory=dict)
    answered: tuple[str, ...] = ()
    pair: tuple[str, ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)
    reached: Mapping[str, Any] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    otherwise: Mapping[str, Any] = field(default_factory=dict)
    finds: tuple[Example, ...] = ()
    spares: tuple[Example, ...] = ()
    source_file: str = ""
