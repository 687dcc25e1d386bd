"""Puts this folder on the path, so that rooms can share builders (`builders_*.py`)."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
"""No example is timed: on a busy machine a slow one says nothing about the code."""
