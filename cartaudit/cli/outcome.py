"""Exit codes of an audit: the part of the command-line contract that depends on what was found."""

from cartaudit.model.audit import Audit, Compliance, Readiness
from cartaudit.model.requirements import Duty, Severity

FAIL_ON = (*(s.value for s in Severity), "never")
"""What `--fail-on` accepts, strictest last but one."""

_OPEN = (Compliance.NON_COMPLIANT, Compliance.PARTIAL, Compliance.NOT_ASSESSED)


def exit_code(audit: Audit, fail_on: str) -> int:
    """Give 0 when nothing at or above `fail_on` is open, else 1; 1 whenever something that decides is unknown.

    An audit in which no checklist could be judged gives 1: silence is not success.
    """
    judged = [c for c in audit.checklists if c.readiness is not Readiness.OUT_OF_SCOPE]
    if not judged or any(c.readiness is Readiness.INCOMPLETE or c.also_incomplete for c in judged):
        return 1
    if fail_on == "never":
        return 0
    limit = Severity(fail_on).rank
    return int(
        any(
            r.compliance in _OPEN and r.requirement.duty is Duty.MUST and r.requirement.severity.rank <= limit
            for c in judged
            for r in c.results
        )
    )
