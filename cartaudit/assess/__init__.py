"""Judging: criteria, readiness, score; every verdict can be traced to a cell."""

from cartaudit.assess.assessment import assess
from cartaudit.assess.engine import Engine

__all__ = ["Engine", "assess"]
