"""Verifying a report: does it carry what it says, does the audit come out the same, do the pages say so, who signed."""

import base64
from pathlib import Path

from cartaudit.verification.checks import Check, Outcome, State, holds, outcome
from cartaudit.verification.child import Ended, checks_of, run_child

__all__ = ["Check", "Outcome", "State", "carried_files", "holds", "outcome", "verify_report"]


def verify_report(
    data: bytes,
    template_dir: Path | None = None,
    released: Path | None = None,
    trust: bytes | None = None,
    overlays: tuple[bytes, ...] = (),
) -> tuple[Check, ...]:
    """Check a PDF report; the last line is the conclusion. Never raises for what stands in the file.

    `released` is the folder of the checklists to compare with, by default those that come with cartaudit; `overlays`
    are those that whoever verifies has. `trust` holds the certificates (PEM) a signature has to go back to; without it,
    whom to trust is left open. The file is looked into by a child process whose time and memory are bounded. Raises
    SigningError where `trust` holds no certificate.
    """
    told = {
        "template_dir": str(template_dir) if template_dir else None,
        "released": str(released) if released else None,
        "trust": base64.b64encode(trust).decode("ascii") if trust is not None else None,
        "overlays": [base64.b64encode(overlay).decode("ascii") for overlay in overlays],
    }
    return tuple(checks_of(run_child("verify", data, **told)))


def carried_files(data: bytes) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Take the files out of a PDF report, by their names, with everything that is wrong about them."""
    files: dict[str, bytes] = {}
    faults: list[str] = []
    for line in run_child("contents", data):
        if isinstance(line, Ended):
            faults.append(line.why)
        elif "name" in line:
            files[line["name"]] = base64.b64decode(line["data"])
        else:
            faults.append(line["text"])
    return files, tuple(faults)
