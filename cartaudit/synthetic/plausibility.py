"""Plausibility: a synthetic centre says what fits its profile, where its requirements leave room."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

CERTIFICATES = "certificates"
"""The register of certificates, whose rows are told apart by what they certify."""

_SAID_TWICE = frozenset({"certificate", "number", "facility"})


def preferred(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Give what rows say in a column, by its id, where no demand says otherwise."""
    populations = tuple(sorted(profile.get("populations", ())))
    found: dict[str, Any] = {"status": "certified"}
    if populations:
        found["populations"] = populations
        found |= {} if "paediatric" in populations else {"icu_paediatric": "no_children"}
        found |= {} if "adult" in populations else {"icu_adult": "no_adults"}
    bodies = [b for b in profile.get("accreditor", ()) if b != "none"]
    return found | ({"body": bodies[0]} if bodies else {})


def certified(
    rows: Sequence[Mapping[str, Any]], profile: Mapping[str, Any], day: Callable[[str], Any]
) -> tuple[dict[str, Any], ...]:
    """Give each certificate once, with number, facility, address and days; `day` gives a day for a column."""
    full = [{**_period(row, day), **row} for row in rows]
    once = {repr(sorted((k, v) for k, v in row.items() if k not in _SAID_TWICE)): row for row in reversed(full)}
    kept = [row for row in full if any(row is one for one in once.values())]
    address = {"address": profile["site_address"]} if "site_address" in profile else {}
    return tuple(
        {
            **row,
            **address,
            "certificate": f"CER-{number:02}",
            "number": f"SYN-{str(row['body']).replace('_', '-').upper()}-{number:04}",
            "facility": profile.get("site_name", row["facility"]),
        }
        for number, row in enumerate(kept, start=1)
    )


def _period(row: Mapping[str, Any], day: Callable[[str], Any]) -> dict[str, Any]:
    return {c: day(c) for c in ("valid_from", "expires_on")} if row.get("status") == "certified" else {}
