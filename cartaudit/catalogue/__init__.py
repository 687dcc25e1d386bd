"""Checklist content: read, validate, lint and resolve."""
