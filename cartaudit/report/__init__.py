"""One report model, many renderers."""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cartaudit.report.model import Report, build_report
    from cartaudit.report.rendering import RENDERERS, RenderJob

__all__ = ["RENDERERS", "RenderJob", "Report", "build_report"]

_HOMES = {
    "RENDERERS": "cartaudit.report.rendering",
    "RenderJob": "cartaudit.report.rendering",
    "Report": "cartaudit.report.model",
    "build_report": "cartaudit.report.model",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that judging loads no renderer."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


class _CallableModule(ModuleType):
    """A package under whose name the public API has a function, and which can therefore be called as it."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Give a report, as `cartaudit.api.report` documents."""
        import importlib

        return importlib.import_module("cartaudit.api").report(*arguments, **named)


sys.modules[__name__].__class__ = _CallableModule
