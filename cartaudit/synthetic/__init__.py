"""Sample workbooks and compliant answers, made by program from the catalogue."""

from cartaudit.synthetic.answers import compliant_answers
from cartaudit.synthetic.samples import build_sample, sample_plan, supplied_values

__all__ = ["build_sample", "compliant_answers", "sample_plan", "supplied_values"]
