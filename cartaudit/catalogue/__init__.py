"""Checklist content: read, validate and lint."""

from cartaudit.catalogue.loading import lint_catalogue, read_catalogue
from cartaudit.catalogue.messages import LintMessage, LintSeverity

__all__ = ["LintMessage", "LintSeverity", "lint_catalogue", "read_catalogue"]
