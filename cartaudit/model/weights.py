"""Weights: what a requirement may not fall below, and why one no longer weighs what it did."""

from dataclasses import dataclass

from cartaudit.model.requirements import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A requirement that keeps at least this weight; while no text that was read carries it, a text is wanted."""

    id: str
    severity: Severity
    gate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Why requirements weigh what they do although no text carries more: their weight before and now ("major, must"),
    the texts that were searched, and the harm if it is wrong."""

    requirements: tuple[str, ...]
    old: str
    new: str
    reason: str
    searched: str
    harm: str
