"""The layout of the workbook: the one contract between the template that is written and the intake that reads it."""

import zlib
from dataclasses import dataclass
from enum import StrEnum

FORMAT = "1"
"""Version of this layout, written into the workbook; a workbook of another format is refused by name."""

IDENTITY_SHEET = "_cartaudit"
"""Hidden sheet of key/value rows (A: key, B: value) that says which checklists the workbook was made for."""

PROPERTY_PREFIX = "cartaudit_"
"""Prefix of the custom document properties that repeat the identity: format, version, checklists, catalogue."""

INSTRUCTIONS_SHEET = "Instructions"
PROFILE_SHEET = "Profile"
LISTS_SHEET = "_lists"
"""Hidden sheet with the options of the drop-downs; structural."""

SITE_VALUES_SHEET = "Site-supplied values"

SCOPE_SEPARATOR = "@"
"""Joins a question id with a product id or treatment key in the id column: `driving_weeks@tecartus`."""

RECONFIRM_MARK = "re-confirm"
"""Stands in the re-confirm column of an answer carried over; anything else there but "confirmed" keeps it open."""

CONFIRMED_MARK = "confirmed"


class Field(StrEnum):
    """What one column of an area sheet holds."""

    ID = "id"
    QUESTION = "question"
    ANSWER = "answer"
    UNIT = "unit"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    PERIOD = "period"
    NA_REASON = "na_reason"
    EVIDENCE = "evidence"
    EVIDENCE_LEVEL = "evidence_level"
    EVIDENCE_DATED = "evidence_dated"
    COMMENT = "comment"
    ANSWERED_BY = "answered_by"
    ANSWERED_ON = "answered_on"
    ACTION = "action"
    CONTAINMENT = "containment"
    OWNER_ROLE = "owner_role"
    DUE = "due"
    RECONFIRM = "reconfirm"
    INSPECTOR_ANSWER = "inspector_answer"
    INSPECTOR_ROLE = "inspector_role"
    INSPECTED_ON = "inspected_on"
    INSPECTOR_COMMENT = "inspector_comment"
    CORRECTION = "correction"
    REASSESSMENT = "reassessment"
    REASSESSED_ON = "reassessed_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One column of an area sheet: its heading, width in characters, and who fills it."""

    field: Field
    title: str
    width: int
    filled_by: str


AREA_HEADINGS: tuple[Heading, ...] = (
    Heading(field=Field.ID, title="Id", width=16, filled_by="tool"),
    Heading(field=Field.QUESTION, title="Question", width=60, filled_by="tool"),
    Heading(field=Field.ANSWER, title="Answer", width=18, filled_by="centre"),
    Heading(field=Field.UNIT, title="Unit", width=12, filled_by="tool"),
    Heading(field=Field.NUMERATOR, title="Cases that comply", width=11, filled_by="centre"),
    Heading(field=Field.DENOMINATOR, title="Cases examined", width=11, filled_by="centre"),
    Heading(field=Field.PERIOD, title="Period examined", width=16, filled_by="centre"),
    Heading(field=Field.NA_REASON, title="Reason if N/A", width=24, filled_by="centre"),
    Heading(field=Field.EVIDENCE, title="Evidence (document number, version)", width=32, filled_by="centre"),
    Heading(field=Field.EVIDENCE_LEVEL, title="Evidence level", width=13, filled_by="centre"),
    Heading(field=Field.EVIDENCE_DATED, title="Date of the evidence", width=13, filled_by="centre"),
    Heading(field=Field.COMMENT, title="Comment", width=32, filled_by="centre"),
    Heading(field=Field.ANSWERED_BY, title="Answered by (role)", width=18, filled_by="centre"),
    Heading(field=Field.ANSWERED_ON, title="Answered on", width=13, filled_by="centre"),
    Heading(field=Field.ACTION, title="Corrective action", width=32, filled_by="centre"),
    Heading(field=Field.CONTAINMENT, title="Containment until then", width=28, filled_by="centre"),
    Heading(field=Field.OWNER_ROLE, title="Action owner (role)", width=18, filled_by="centre"),
    Heading(field=Field.DUE, title="Action due", width=13, filled_by="centre"),
    Heading(field=Field.RECONFIRM, title="Carried over: confirmed?", width=14, filled_by="centre"),
    Heading(field=Field.INSPECTOR_ANSWER, title="Inspector's answer", width=18, filled_by="inspector"),
    Heading(field=Field.INSPECTOR_ROLE, title="Inspector (role)", width=18, filled_by="inspector"),
    Heading(field=Field.INSPECTED_ON, title="Inspected on", width=13, filled_by="inspector"),
    Heading(field=Field.INSPECTOR_COMMENT, title="Inspector's reason", width=32, filled_by="inspector"),
    Heading(field=Field.CORRECTION, title="Centre's correction", width=32, filled_by="centre"),
    Heading(field=Field.REASSESSMENT, title="Re-assessment (inspector)", width=18, filled_by="inspector"),
    Heading(field=Field.REASSESSED_ON, title="Re-assessed on", width=13, filled_by="inspector"),
)

SITE_VALUE_HEADINGS: tuple[tuple[str, str], ...] = (
    ("parameter", "Parameter"),
    ("product", "Product"),
    ("indication", "Indication"),
    ("population", "Population"),
    ("text", "What it is"),
    ("unit", "Unit"),
    ("known", "What the catalogue holds"),
    ("value", "Value at this centre"),
    ("revision", "Revision of the text read"),
    ("section", "Section of that text"),
    ("dated", "Text read on (day)"),
    ("entered", "Entered by (role)"),
    ("role", "Confirmed by (role)"),
)
"""Key and heading of each column on the sheet of site-supplied values."""

EARLIER_SITE_VALUE_HEADINGS = (("dated", "Date of that text"),)
"""Headings that earlier templates gave to columns of that sheet."""

SITE_VALUE_FILLED = ("value", "revision", "section", "dated", "entered", "role")
"""The columns of that sheet which the centre fills."""

STATUS_WORDS: dict[str, str] = {
    "yes": "Yes",
    "partial": "Partial",
    "no": "No",
    "in_progress": "In progress",
    "not_applicable": "N/A",
}
"""What the drop-down of a status question offers, by canonical answer."""

BOOLEAN_WORDS: dict[bool, str] = {True: "Yes", False: "No"}

NA_WORD = "N/A"
"""Typed as the answer of any question that does not apply; the reason goes beside it."""

NOTE_MARK = "[cartaudit]"
"""Begins what a marked copy adds to the note of a cell; what stands before it is the centre's."""

NO_LIMIT_WORD = "None"
"""Typed as a site-supplied value where the text the centre read names no limit."""

SHARE_WORD = "counted"
"""Shown in the answer cell of a share, whose counts stand in their own columns."""


REGISTER_POINTER = "see sheet"
"""Begins the answer cell of a register on its area sheet (`see sheet "Storage vessels"`); its unit cell counts rows."""

REGISTER_ROWS = 40
"""Empty rows a register offers at least."""

FIXED_KEY = "fixed cells"
"""In column A of the identity sheet: B names a sheet, C onwards list what the template wrote there in locked cells,
as `A1:token`, so that the intake can tell it from what others wrote into them."""

FORMULA_TOKEN = "formula"
"""The token of a formula, whose result is not known when the template is written."""


def fixed_token(text: str) -> str:
    """Give the token of a fixed text: a checksum that letter case and blanks do not change."""
    return f"{zlib.crc32(' '.join(text.casefold().split()).encode()):x}"


IDENTITY_KEYS: tuple[str, ...] = (
    "format",
    "version",
    "checklists",
    "catalogue",
    "catalogue_version",
    "country",
    "as_of",
    "roles",
    "programme",
)
"""Keys of the identity sheet; each is a custom document property too. `version` is the tool's, `catalogue` a digest,
`checklists` reads `jacie@8; kymriah@2026.11`, `as_of` is an ISO date, `programme` is always "cartaudit"."""


def register_pointer(sheet: str) -> str:
    """Say in the answer cell of a register where its table is."""
    return f'{REGISTER_POINTER} "{sheet}"'


def register_sheet(question: str, sheet: str) -> str:
    """Name the worksheet of a register: the question's `sheet`, else its id; at most 31 characters.

    Above its headings stands a row with the column ids, which say what each column holds.
    """
    return sheet or question[:31]


def scoped_id(question: str, scope: str) -> str:
    """Join a question id with its scope as the id column shows it."""
    return f"{question}{SCOPE_SEPARATOR}{scope}" if scope else question


def split_scoped_id(text: str) -> tuple[str, str]:
    """Split what the id column shows into question id and scope."""
    question, _, scope = text.partition(SCOPE_SEPARATOR)
    return question, scope
