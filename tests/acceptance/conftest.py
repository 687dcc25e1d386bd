from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from builders_acceptance import AS_OF

from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue
from cartaudit.synthetic.definitions import parse_definition
from cartaudit.synthetic.samples import build_sample

_PROFILE = {
    "site_code": "SYN-99",
    "site_address": "99 Example Street, Sampletown",
    "assessed_by": "Quality manager",
    "populations": ["adult"],
    "phase": "established",
    "services": ["discharge", "infusion", "storage"],
    "collection_by": "own",
    "processing_by": "manufacturer",
    "clinical_sites": 1,
    "accreditor": ["none"],
    "commissioner": "other",
}


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def workbook_of(catalogue: Catalogue) -> Callable[..., bytes]:
    """Fill a template by program with compliant answers, changed as asked."""

    def fill(country: str, product: str, indication: str, as_of: date = AS_OF, **more: Any) -> bytes:
        content = {
            "title": "Sample centre 99 (synthetic)",
            "as_of": as_of,
            "profile": {**_PROFILE, "country": country},
            "treatment": [{"product": product, "indication": indication, "population": "adult"}],
            "checklists": [product],
            **more,
        }
        return build_sample(catalogue, parse_definition(content, "sample"), "test")

    return fill


@pytest.fixture(scope="session")
def audit_of(catalogue: Catalogue) -> Callable[..., Audit]:
    """Audit a workbook by its checklists; it must not be rejected."""

    def audit(data: bytes, as_of: date = AS_OF, *checklists: str) -> Audit:
        options = AuditOptions(
            as_of=as_of, as_of_is_today=False, selection=tuple((c, None) for c in checklists) or None
        )
        outcome = audit_bytes(data, "sample.xlsx", catalogue, options)
        assert isinstance(outcome, Audit), outcome.problems
        return outcome

    return audit
