"""Reliance: manufacturer requirements that a certificate may cover; a list of questions to ask, never a verdict."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from cartaudit.assess.engine import Engine
from cartaudit.assess.facts import FactBook, RowFact
from cartaudit.model.audit import SHORT, ChecklistAudit, Compliance, RelianceItem
from cartaudit.model.checklists import Catalogue, Kind

CERTIFICATES = "certificates"
ADDRESS = "site_address"
SCOPE = "iec"
HOLDING = ("certified", "extended_by_letter", "short_term")
"""Statuses of a certificate that stands; suspended, withdrawn and applied for do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate that stands on the audit date, covers IEC at the centre's address, and ends on a known day."""

    body: str
    name: str
    populations: frozenset[str]
    until: date


def reliance(
    audits: Iterable[ChecklistAudit], engine: Engine, facts: FactBook, as_of: date
) -> tuple[RelianceItem, ...]:
    """List the product requirements in force that an accreditation requirement with a certificate behind it covers."""
    audits = tuple(audits)
    certificates = _certificates(engine.catalogue, facts, as_of)
    if not certificates:
        return ()
    failing = {
        r.requirement.id
        for a in audits
        if a.checklist.kind is Kind.ACCREDITATION
        for r in a.results
        if r.compliance in SHORT
    }
    return tuple(item for audit in audits for item in _of_audit(audit, certificates, engine, failing))


def _of_audit(
    audit: ChecklistAudit, certificates: tuple[Certificate, ...], engine: Engine, failing: set[str]
) -> Iterator[RelianceItem]:
    populations = {t.population for t in audit.treatments}
    if audit.checklist.kind is not Kind.PRODUCT or not populations or "" in populations:
        return
    fitting = [c for c in certificates if populations <= c.populations]
    for result in audit.results:
        covered_by = result.requirement.covered_by
        if not covered_by or result.compliance is Compliance.NOT_APPLICABLE:
            continue
        for coverage in covered_by:
            bodies = engine.bodies.get(coverage.requirement, ())
            standing = [c for c in fitting if c.body in bodies]
            if standing and coverage.requirement not in failing:
                best = max(standing, key=lambda c: (c.until, c.name))
                yield RelianceItem(
                    product=audit.checklist.product,
                    requirement=result.requirement.id,
                    covered_by=coverage.requirement,
                    relation=coverage.relation,
                    until=best.until,
                    certificate=best.name,
                )


def _certificates(catalogue: Catalogue, facts: FactBook, as_of: date) -> tuple[Certificate, ...]:
    if CERTIFICATES not in catalogue.questions or ADDRESS not in catalogue.questions:
        return ()
    fact = facts.fact(CERTIFICATES)
    address = _plain(facts.fact(ADDRESS).value)
    if not address or fact.unsettled is not None:
        return ()
    found = (_certificate(row, address, as_of) for row in fact.rows)
    return tuple(certificate for certificate in found if certificate is not None)


def _certificate(row: RowFact, address: str, as_of: date) -> Certificate | None:
    """Read a row as a certificate; whatever is missing or does not fit makes it none."""
    value = row.document.get
    extended = value("status") == "extended_by_letter"
    until = value("extension_until") if extended else value("expires_on")
    starts = value("valid_from")
    body, covers, populations = value("body"), value("covers"), value("populations")
    if value("status") not in HOLDING or not isinstance(until, date) or until < as_of:
        return None
    if not isinstance(starts, date) or starts > as_of:
        return None
    if not (isinstance(covers, tuple) and SCOPE in covers and isinstance(populations, tuple) and isinstance(body, str)):
        return None
    if _plain(value("address")) != address:
        return None
    name = str(value("certificate") or body)
    return Certificate(body=body, name=name, populations=frozenset(populations), until=until)


def _plain(text: object) -> str:
    """Compare addresses without case, punctuation and spacing."""
    return " ".join(re.findall(r"\w+", text.casefold())) if isinstance(text, str) else ""
