"""Puts this folder on the path, so that rooms can share builders (`builders_*.py`)."""
