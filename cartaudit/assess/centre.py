"""The centre: what it is, what it says and which thresholds hold for it, as judging needs them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cartaudit.assess.contexts import Delivered
from cartaudit.assess.engine import Engine
from cartaudit.assess.facts import FactBook
from cartaudit.assess.thresholds import Resolver
from cartaudit.model.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """One centre to be judged by an engine. `jurisdiction` is "" where it is not known.

    `facts` are what counts, `own` what the centre itself said, `inspected` what an inspector said wherever one did;
    `applying` keeps what groups over its profile came to.
    """

    engine: Engine
    profile: Profile
    jurisdiction: str
    delivered: Delivered
    facts: FactBook
    own: FactBook
    inspected: FactBook
    resolver: Resolver
    applying: dict[str, Any] = field(default_factory=dict)

    @property
    def as_of(self) -> date:
        """Give the audit date, by which editions and values are chosen."""
        return self.engine.as_of

    @property
    def day(self) -> date:
        """Give the day on which dates are tested: the audit date, or that of the self-assessment."""
        return self.engine.day
