"""Who may see what: the one list of what a commissioner's edition keeps of a submission; all else is left out.

Reduction (`assess.reduction`) follows it; docs/commissioner.md and the report's page on what is left out are written
from it; a test refuses a field of the model that stands nowhere in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cartaudit.model.problems import Problem
from cartaudit.model.profile import Profile, Treatment
from cartaudit.model.submission import (
    Action,
    Entry,
    Evidence,
    Identity,
    Override,
    ReadingRecord,
    Response,
    Row,
    SiteValue,
    Stop,
    Submission,
)


class Keep(StrEnum):
    """What is kept of a field.

    AS_IT_IS: the value; WITHIN: what its own fields allow; PRESENCE: that something stands there; ALIAS: a name of our
    own, the same wherever the same text stands; CLOSED: a value of a closed type (numbers, dates, choices), a text by
    its alias; OUT: nothing.
    """

    AS_IT_IS = "kept"
    WITHIN = "kept by its own fields"
    PRESENCE = "that it is there"
    ALIAS = "alias"
    CLOSED = "value where it is no free text"
    OUT = "left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is kept of one field, and why."""

    keep: Keep
    why: str = ""


def _as_it_is(why: str) -> Allowance:
    return Allowance(keep=Keep.AS_IT_IS, why=why)


_WITHIN = Allowance(keep=Keep.WITHIN)
_OUT = Allowance(keep=Keep.OUT, why="free text, a name, or a place in the centre's file")
_PRESENT = Allowance(keep=Keep.PRESENCE, why="free text; the verdict needs to know whether it is there")
_ALIAS = Allowance(keep=Keep.ALIAS, why="free text; registers are compared by it")
_ROLE = Allowance(keep=Keep.ALIAS, why="free text; who entered a value may not be who confirmed it")
_DECIDES = _as_it_is("a closed value on which verdicts rest")
_DECLARED = _as_it_is("who is audited, as the centre declares it")
_COUNTED = _as_it_is("a count or a check sum of the reading")

ALLOWANCES: Mapping[type, Mapping[str, Allowance]] = {
    Submission: {
        "profile": _WITHIN,
        "responses": _WITHIN,
        "site_values": _WITHIN,
        "identity": _WITHIN,
        "record": _WITHIN,
        "problems": _WITHIN,
        "stopped": _WITHIN,
    },
    Profile: {
        "name": _DECLARED,
        "code": _DECLARED,
        "country": _DECLARED,
        "jurisdiction": _DECIDES,
        "phase": _DECIDES,
        "treatments": _WITHIN,
        "assessed_on": _DECIDES,
        "verifier_role": _PRESENT,
        "verified_on": _DECIDES,
    },
    Treatment: dict.fromkeys(("product", "indication", "population", "route"), _DECIDES),
    Response: {
        "question": _DECIDES,
        "entry": _WITHIN,
        "scope": _DECIDES,
        "rows": _WITHIN,
        "na_reason": _PRESENT,
        "evidence": _WITHIN,
        "comment": _OUT,
        "answered_by": _OUT,
        "answered_on": _DECIDES,
        "action": _WITHIN,
        "override": _WITHIN,
        "reconfirm": _DECIDES,
        "inspector_comment": _OUT,
        "correction": _OUT,
        "stopped": _DECIDES,
        "contradicted": _DECIDES,
        "otherwise": _DECIDES,
    },
    Entry: {
        "state": _DECIDES,
        "value": Allowance(keep=Keep.CLOSED, why="verdicts rest on it"),
        "original": _OUT,
        "cell": _OUT,
        "conversion": _OUT,
    },
    Row: {"entries": _WITHIN, "cell": _OUT, "stopped": _DECIDES},
    Evidence: {"references": _ALIAS, "level": _DECIDES, "dated": _DECIDES, "cell": _OUT},
    Action: {"text": _PRESENT, "owner_role": _PRESENT, "due": _DECIDES, "containment": _PRESENT},
    Override: {"entry": _WITHIN, "role": _PRESENT, "on": _DECIDES, "reason": _PRESENT, "independent": _DECIDES},
    SiteValue: {
        "parameter": _DECIDES,
        "product": _DECIDES,
        "value": Allowance(keep=Keep.CLOSED, why="the figure the centre was judged by"),
        "revision": _PRESENT,
        "section": _PRESENT,
        "dated": _DECIDES,
        "entered": _ROLE,
        "role": _ROLE,
        "indication": _DECIDES,
        "population": Allowance(keep=Keep.ALIAS, why="typed by the centre; the two populations stay as they are"),
        "none": _DECIDES,
        "cell": _OUT,
    },
    Identity: {
        "format": _COUNTED,
        "tool_version": _OUT,
        "checklists": _OUT,
        "catalogue_hash": _OUT,
        "roles": _OUT,
        "country": _OUT,
        "as_of": _OUT,
    },
    ReadingRecord: {
        "file": _OUT,
        "sha256": _as_it_is("says which workbook it was, to those who hold it"),
        "size": _COUNTED,
        "program": _OUT,
        "sheets": _OUT,
        "mapping": Allowance(keep=Keep.WITHIN, why="whether it was a template; not the name of a map"),
        "expected": _COUNTED,
        "read": _COUNTED,
        "missing": _as_it_is("ids of the checklists"),
        "unknown": _OUT,
        "duplicate": _as_it_is("ids of the checklists"),
        "cells_in_file": _COUNTED,
        "cells_used": _COUNTED,
        "cells_structural": _COUNTED,
        "cells_ignored": _COUNTED,
        "ignored": _OUT,
        "steps": _OUT,
        "details": _OUT,
    },
    Problem: {
        "code": _DECIDES,
        "severity": _DECIDES,
        "message": Allowance(keep=Keep.WITHIN, why="the wording of the code, without what the cell holds"),
        "remedy": Allowance(keep=Keep.WITHIN, why="the wording of the code, without what the cell holds"),
        "sheet": Allowance(keep=Keep.WITHIN, why="sheets of the template alone"),
        "cell": _OUT,
        "question": Allowance(keep=Keep.WITHIN, why="questions of the checklists alone"),
        "found": _OUT,
        "expected": _OUT,
        "stops": _DECIDES,
    },
    Stop: {"code": _DECIDES, "stops": _DECIDES, "product": _DECIDES},
}
"""Every field of what a submission is made of, with what is kept of it."""

DECLARED_QUESTIONS = ("site_name", "site_code", "site_address")
"""Text answers that are kept: they say who is audited, and where."""

DECLARED_COLUMNS = ("certificates.number",)
"""Text columns that are kept: a certificate's number can be looked up at the body that gave it."""

LEFT_OUT: tuple[tuple[str, str], ...] = (
    ("Comments, corrections and remarks of centre and inspectors", "nothing"),
    ("Names and roles: who answered, owns an action, verified or inspected", "whether one is named"),
    ("Texts of actions, containment and reasons", "whether there is one, and its due date"),
    ("Names of documents cited as evidence", "a number for each, its level and its date"),
    ("Names in lists (vessels, sites, staff codes, equipment, documents)", "an alias, the same in every list"),
    ("Other text answers", "that the question was answered"),
    ("Answers that could not be read", "that they could not"),
    ("Cells and sheets of the workbook, its file name, properties and notes", "its check sum and counts"),
    ("What a workbook problem quotes", "its code, area and question"),
)
"""What the commissioner's edition leaves out, and what stands in its place: the page of the report, and the docs."""


def allowance_markdown() -> str:
    """Write docs/commissioner.md: what is left out, and what is kept field by field."""
    lines = [
        "# What a commissioner's edition holds",
        "",
        "The commissioner's edition is made from a list of what may be seen, once, before anything is printed; so it",
        "holds in every format and attachment. The reduced answers are judged again and have to come to the same",
        "results. Generated from `cartaudit/model/audience.py`.",
        "",
        "| left out | what stands in its place |",
        "|---|---|",
        *(f"| {what} | {instead} |" for what, instead in LEFT_OUT),
        "",
        f"Kept as texts: the answers to {', '.join(f'`{q}`' for q in DECLARED_QUESTIONS)} and the column "
        f"{', '.join(f'`{c}`' for c in DECLARED_COLUMNS)}.",
        "",
        "| field | kept | why |",
        "|---|---|---|",
    ]
    for kind, fields in ALLOWANCES.items():
        lines += [f"| `{kind.__name__}.{name}` | {a.keep.value} | {a.why} |" for name, a in fields.items()]
    return "\n".join(lines) + "\n"
