"""Lint of content: everything that the shapes of single tables do not show."""
