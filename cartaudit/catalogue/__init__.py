"""Checklist content: read, validate, lint and resolve."""

from cartaudit.catalogue.loading import lint_catalogue, read_catalogue
from cartaudit.catalogue.messages import LintMessage, LintSeverity
from cartaudit.catalogue.resolve import resolve_parameter

__all__ = ["LintMessage", "LintSeverity", "lint_catalogue", "read_catalogue", "resolve_parameter"]
