"""Audit CAR-T treatment centres against FACT-JACIE-style, manufacturer and commissioner checklists.

The public API is what stands in `__all__`; everything else may move from one version to the next.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cartaudit.api import RejectedError, audit, load_catalogue, report
    from cartaudit.errors import CartauditError
    from cartaudit.model.audit import Audit
    from cartaudit.model.checklists import Catalogue

__all__ = ["Audit", "CartauditError", "Catalogue", "RejectedError", "__version__", "audit", "load_catalogue", "report"]
__version__ = "0.1.0"

_HOMES = {
    "Audit": "cartaudit.model.audit",
    "CartauditError": "cartaudit.errors",
    "Catalogue": "cartaudit.model.checklists",
    "RejectedError": "cartaudit.api",
    "audit": "cartaudit.api",
    "load_catalogue": "cartaudit.pipeline",
    "report": "cartaudit.api",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that the command line starts without it."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
