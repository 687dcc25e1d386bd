"""The profile: what a centre is, in the terms the engine needs by name."""

from dataclasses import dataclass
from datetime import date

from cartaudit.model.requirements import Phase

TREATMENTS = "treatments"
"""The register of what the centre delivers."""

COMMERCIAL = "commercial"
"""The route of an authorised product in routine use; every other route is out of scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """One product x indication x population a centre delivers, and by which route (commercial, trial, ...)."""

    product: str
    indication: str = ""
    population: str = ""
    route: str = COMMERCIAL

    @property
    def key(self) -> str:
        """Name the treatment in response keys and print: `product:indication:population`."""
        return f"{self.product}:{self.indication}:{self.population}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The centre as the engine sees it. Empty text means that the workbook does not say; `jurisdiction` is None where
    no label jurisdiction is known for the country. All other profile answers are responses like any other."""

    name: str = ""
    code: str = ""
    country: str = ""
    jurisdiction: str | None = None
    phase: Phase | None = None
    treatments: tuple[Treatment, ...] = ()
    assessed_on: date | None = None
    verifier_role: str = ""
    verified_on: date | None = None

    @property
    def products(self) -> tuple[str, ...]:
        """List the products delivered, each once, in the order written."""
        return tuple(dict.fromkeys(t.product for t in self.treatments))
