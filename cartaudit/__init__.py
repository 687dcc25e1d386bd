"""Audit CAR-T treatment centres against FACT-JACIE-style, manufacturer and commissioner checklists."""

__version__ = "0.1.0"
