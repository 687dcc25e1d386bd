"""The one table of problem codes, from which messages, docs/problems.md and tests come."""

from dataclasses import dataclass, replace

from cartaudit.model.problems import Problem, ProblemSeverity, Stops
from cartaudit.model.text import shorten

_FILE, _ANSWER, _ROW, _EVIDENCE = Stops.FILE, Stops.ANSWER, Stops.ROW, Stops.EVIDENCE
_NA_REASON, _IDENTITY, _TREATMENT, _NOTHING = Stops.NA_REASON, Stops.IDENTITY, Stops.TREATMENT, Stops.NOTHING

GROUPS = {
    "CA1": "File, layout and identity",
    "CA2": "Cells",
    "CA3": "Rules across cells",
    "CA4": "Completeness and trust",
}
"""What the hundreds of the codes stand for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemCode:
    """One kind of problem: what it stops, and what is said of it, with `{fields}` filled in where it occurs.

    In a field that is no answer it stops what that field is for: no date, as a due date, stops the plan.
    """

    code: str
    stops: Stops
    fault: str
    remedy: str
    expected: str = ""

    @property
    def severity(self) -> ProblemSeverity:
        """Give ERROR for what stops something; a problem that stops nothing is a warning."""
        return severity_of(self.stops)

    @property
    def group(self) -> str:
        """Name the group the code belongs to."""
        return GROUPS[self.code[:3]]


def severity_of(stops: Stops) -> ProblemSeverity:
    """Say how grave a problem is by what it stops."""
    return ProblemSeverity.WARNING if stops is Stops.NOTHING else ProblemSeverity.ERROR


def _code(code: str, stops: Stops, fault: str, remedy: str, expected: str = "") -> ProblemCode:
    return ProblemCode(code=code, stops=stops, fault=fault, remedy=remedy, expected=expected)


_SAVE_AS = "Open it in the program that wrote it and save it as an Excel workbook (.xlsx)."
_REPAIR = "Open it in Excel or LibreOffice, let it repair the file, and save it again as .xlsx."
_SHRINK = "Remove what does not belong to the assessment, or copy its sheets into a new workbook."

_OF_FILES = (
    _code("CA101", _FILE, "The file is not a workbook.", "Hand in the assessment as an Excel workbook (.xlsx)."),
    _code("CA102", _FILE, "The file is empty.", "Send the workbook again; the copy or download did not finish."),
    _code(
        "CA103", _FILE, "The file is protected by a password.", "Remove the password (File, Info) and save it again."
    ),
    _code("CA104", _FILE, "The file is in the old Excel format (.xls).", _SAVE_AS),
    _code("CA105", _FILE, "The file is a binary Excel workbook (.xlsb).", _SAVE_AS),
    _code("CA106", _FILE, "The file is an OpenDocument file.", _SAVE_AS),
    _code("CA107", _FILE, "The file is plain text or CSV.", _SAVE_AS),
    _code("CA108", _FILE, "The file is a PDF.", "Hand in the workbook itself, not a print of it."),
    _code("CA109", _FILE, "The file is a web page (HTML).", _SAVE_AS),
    _code(
        "CA110",
        _FILE,
        "The file is the lock file of a workbook that is open.",
        "Close the workbook and hand in the file without ~$ or .~lock in its name.",
    ),
    _code("CA111", _FILE, "The archive of the workbook is damaged ({why}).", _REPAIR),
    _code("CA112", _FILE, "The file has {size} bytes; the limit is {limit}.", _SHRINK),
    _code("CA113", _FILE, "The part {part} unpacks to more than the limit of {limit} bytes.", _SHRINK),
    _code("CA114", _FILE, "The part {part} declares a document type, which no workbook needs.", _REPAIR),
    _code("CA115", _FILE, "The sheet has more {what} than the limit of {limit}.", _SHRINK),
    _code("CA116", _FILE, "The file is an archive, but not an Excel workbook.", _SAVE_AS),
    _code("CA117", _FILE, "The part {part} cannot be read ({why}).", _REPAIR),
    _code("CA118", _FILE, "{count} filled cells could not be read: {cells}.", _REPAIR),
    _code("CA119", _FILE, "The workbook holds no filled cell.", "Hand in the filled workbook."),
    _code("CA120", _FILE, "The cell stands twice in the file.", _REPAIR),
    _code("CA121", _FILE, "The part {part} is compressed {ratio}:1, more than the limit of {limit}:1.", _SHRINK),
    _code(
        "CA122",
        _FILE,
        "Of {counted} {what} that the sheet was counted to hold, {read} were read.",
        _REPAIR,
    ),
    _code("CA123", _FILE, "The sheet is a {kind}, which holds no answers that could be read.", "Remove the sheet."),
    _code(
        "CA131",
        _FILE,
        "The workbook is not a cartaudit template, and no column with known question ids or wordings was found.",
        "Fill a template, or describe the columns with `cartaudit map suggest` and hand them in with --columns.",
    ),
    _code(
        "CA132",
        _FILE,
        "The workbook has template format {found}; this version reads format {format}.",
        "Read it with the cartaudit version that wrote it, or copy the answers into a new template.",
    ),
    _code(
        "CA133",
        _NOTHING,
        "The workbook was made for other checklist content than the one in use ({detail}).",
        "Check the questions listed as missing; carry the answers over with `cartaudit template --from`.",
    ),
    _code(
        "CA134",
        _NOTHING,
        "The workbook names the checklist {found}, which the catalogue does not hold.",
        "Use the catalogue the workbook was made with.",
    ),
    _code(
        "CA135",
        _NOTHING,
        "The hidden identity sheet and the document properties disagree about {key}.",
        "Check where the workbook comes from; make a new template if in doubt.",
    ),
    _code(
        "CA136",
        _NOTHING,
        "The hidden identity sheet was removed; the document properties were used.",
        "Copy it back from the template; without it, text among the template's own cannot be told from it.",
    ),
    _code(
        "CA137",
        _FILE,
        "The column map cannot be used: {detail}.",
        "Correct the map and compare it with the sheet's headings.",
    ),
    _code(
        "CA141",
        _ANSWER,
        "The sheet {name} is missing; its questions count as unanswered.",
        "Copy the sheet back from the template, or write a new template.",
    ),
    _code(
        "CA142",
        _NOTHING,
        "The heading {found} was read as {title}.",
        "Set the heading back to the template's wording.",
        "{title}",
    ),
    _code(
        "CA143",
        _ANSWER,
        "The column {title} was not found; nothing was read from it.",
        "Set the heading back to {title}.",
        "{title}",
    ),
    _code(
        "CA144",
        _ANSWER,
        "The column {title}, without which no answer can be read, was not found.",
        "Set the heading back to {title}.",
        "{title}",
    ),
    _code(
        "CA145",
        _ANSWER,
        "Two columns could be {title}, by their headings or by the ids above them.",
        "Set the headings back to those of the template, and remove the column that is not meant.",
    ),
    _code(
        "CA146",
        _NOTHING,
        "{found} is not the id of a question of the checklists in use; the row was not read.",
        "Set the id back to that of the template, or remove the row.",
    ),
    _code(
        "CA147",
        _ANSWER,
        "The question stands twice, also in {other}, with different answers.",
        "Keep one row for each question.",
    ),
    _code(
        "CA148",
        _NOTHING,
        "The wording of the question was changed; the answer is judged by the original wording.",
        "Set the wording back, and check that the answer fits it.",
    ),
    _code(
        "CA149",
        _ANSWER,
        "No heading row was found on the sheet; nothing was read from it.",
        "Copy the headings back from the template.",
    ),
    _code(
        "CA150", _NOTHING, "The question stands twice with the same answer, also in {other}.", "Remove one of the rows."
    ),
    _code(
        "CA151",
        _NOTHING,
        "The row {found} was not matched to a question.",
        "Add its id to the column map, or answer the question in a template.",
    ),
    _code(
        "CA152",
        _NOTHING,
        "The list of sheet {first} goes on on this sheet; both were read as one.",
        "Put all rows on one sheet, and remove what stands on both.",
    ),
    _code(
        "CA153",
        _FILE,
        "The columns and rows were shifted by another program: what belongs into column A stands in {shift}.",
        "Remove the added columns and rows on every sheet, or copy the answers into a new template.",
    ),
    _code(
        "CA155",
        _TREATMENT,
        "The row {found} does not say for which product it is answered; it was not read.",
        "Set the id back to that of the template, with the product behind it, or remove the row.",
    ),
    _code(
        "CA161",
        _FILE,
        "The file is a report of cartaudit (spreadsheet), not a centre's workbook.",
        "Hand in the workbook the report was made from.",
    ),
    _code(
        "CA162",
        _FILE,
        "The file is a network report of cartaudit, not a centre's workbook.",
        "Hand in the workbooks of the centres.",
    ),
    _code(
        "CA163",
        _FILE,
        "The file is a report of cartaudit (PDF).",
        "Hand in the workbook it carries: `cartaudit extract` takes it out of a report made for the centre.",
    ),
)

_CELLS = (
    _code("CA201", _ANSWER, "{found} is not a number.", "Type the number alone{unit}.", "a number"),
    _code("CA202", _ANSWER, "{found} is not a whole number.", "Type a whole number{unit}.", "a whole number"),
    _code("CA203", _ANSWER, "{found} is not a date.", "Type the date as YYYY-MM-DD.", "a date"),
    _code("CA204", _ANSWER, "{found} is not an answer.", "Choose {expected}.{suggestion}", "{expected}"),
    _code("CA205", _ANSWER, "{found} can be read in more than one way.", "Choose {expected}.", "{expected}"),
    _code("CA206", _ANSWER, "{found} gives no answer.", "Choose {expected}, or clear the cell."),
    _code("CA207", _ANSWER, "The cell holds the error {found}.", "Correct the formula or type the value."),
    _code(
        "CA208",
        _ANSWER,
        "The formula has no stored result.",
        "Open the workbook in Excel or LibreOffice, let it calculate, and save it; or type the value.",
    ),
    _code(
        "CA209",
        _ANSWER,
        "The date {found} can be read in more than one way.",
        "Type the date as YYYY-MM-DD.",
        "a date as YYYY-MM-DD",
    ),
    _code(
        "CA210",
        _ANSWER,
        "The number {found} can be read in more than one way.",
        "Type the number without grouping marks{unit}.",
        "a number",
    ),
    _code(
        "CA211",
        _ANSWER,
        "{found} is given in {given}, which does not fit.",
        "Give the number in {unit}.",
        "a number in {unit}",
    ),
    _code(
        "CA212",
        _ANSWER,
        "{found} is not one of the choices.",
        "Choose {expected}.{suggestion}",
        "{expected}",
    ),
    _code("CA213", _ANSWER, "{found} fits more than one choice.", "Choose {expected}.", "{expected}"),
    _code("CA214", _ANSWER, "A {kind} stands where {expected} belongs.", "Type {expected}.", "{expected}"),
    _code(
        "CA215",
        _ANSWER,
        "The date {found} lies outside 1950 to 2100.",
        "Check the year and type the date as YYYY-MM-DD.",
    ),
    _code(
        "CA216",
        _ANSWER,
        "{found} is not a count of cases.",
        "Type the whole number of cases, 0 or more.",
        "a whole number of cases",
    ),
    _code(
        "CA217",
        _ANSWER,
        "The share needs both counts; {missing} is blank.",
        "Type how many cases comply and how many were examined.",
    ),
    _code(
        "CA218",
        _EVIDENCE,
        "{found} is not a level of evidence.",
        "Choose claimed, cited, sighted or verified.",
        "claimed, cited, sighted or verified",
    ),
    _code(
        "CA219",
        _ANSWER,
        "The number {found} stands where a date belongs.",
        "Format the cell as a date, or type YYYY-MM-DD.",
        "a date",
    ),
    _code("CA220", _ANSWER, "More than one of the answer columns is ticked: {found}.", "Tick exactly one."),
    _code(
        "CA221", _ANSWER, "{found} stands where counts belong.", "Type the number of cases in the two count columns."
    ),
    _code(
        "CA222",
        _ANSWER,
        "{found} stands in the confirmation column.",
        "Type confirmed once the answer was checked, or leave re-confirm.",
        "confirmed or re-confirm",
    ),
    _code("CA223", _ANSWER, "{found} stands where a list belongs.", "Fill in the sheet of the list, or answer N/A."),
    _code(
        "CA224",
        _ANSWER,
        "The value {found} comes of a formula that gives another one each day or by chance.",
        "Type the value itself.",
    ),
    _code(
        "CA225",
        _ANSWER,
        "{found} is struck through.",
        "Clear the cell, or take the line off what is meant.",
    ),
    _code(
        "CA226",
        _ANSWER,
        "The number {found} can be read in two ways: {parts}.",
        "Type the number alone; a footnote belongs in the Comment column.",
        "a number",
    ),
    _code(
        "CA227",
        _ANSWER,
        "The cell holds {found}, but its number format shows {shown}.",
        "Set the number format to General and type the value that is meant.",
    ),
    _code(
        "CA228",
        _ANSWER,
        "{found} is given in two units that do not agree: {units}.",
        "Give the number in {unit}, and the unit once.",
        "a number in {unit}",
    ),
    _code(
        "CA229",
        _ANSWER,
        "The cell is merged into {area}, so that it is not known what it answers.",
        "Undo the merge and answer each question in its own cell.",
    ),
    _code(
        "CA230",
        _ANSWER,
        "A picture or shape lies over the cell.",
        "Move it aside, and type the answer into the cell.",
    ),
    _code(
        "CA231",
        _ANSWER,
        "The note pinned to the answer {found} says '{note}'.",
        "Let the answer say what holds, and put the rest into the Comment column.",
    ),
    _code(
        "CA232",
        _ANSWER,
        "Two columns are headed {title} and say different things here: {found} and '{other}'.",
        "Keep one of the two columns.",
    ),
    _code(
        "CA233",
        _ANSWER,
        "{found} stands in the column {title}, and the answer is blank.",
        "Type the answer into the Answer column.",
    ),
    _code(
        "CA234",
        _EVIDENCE,
        "{found} is a date and names no document.",
        "Name the document with number and version; its date has a column of its own.",
    ),
    _code(
        "CA236",
        _ANSWER,
        "{found} says nothing.",
        "Write what is meant, or leave the cell blank.",
    ),
    _code(
        "CA235",
        _ANSWER,
        "{found} cannot be.",
        "Type a number from {expected}.",
        "a number from {expected}",
    ),
)

_RULES = (
    _code(
        "CA301",
        _NA_REASON,
        "N/A is given without a reason.",
        "Write into the column 'Reason if N/A' why the question does not apply.",
    ),
    _code(
        "CA302",
        _NOTHING,
        "The answer needs evidence, and none is named.",
        "Name the document with number and version in the Evidence column.",
    ),
    _code(
        "CA303", _EVIDENCE, "The evidence is dated {found}, after the audit date.", "Check the date of the evidence."
    ),
    _code("CA304", _NOTHING, "The date {found} lies after the audit date.", "Check the date."),
    _code(
        "CA305",
        _ANSWER,
        "More cases comply ({numerator}) than were examined ({denominator}).",
        "Check the two counts.",
    ),
    _code(
        "CA306",
        _ROW,
        "{found} is not among the products the centre delivers.",
        "Add the product to the sheet Treatments, or remove it here.",
    ),
    _code(
        "CA307",
        _ANSWER,
        "The centre delivers {product}, but no row of this list names it.",
        "Name it in the row it belongs to, or take it off the sheet Treatments.",
    ),
    _code("CA310", _ROW, "{found} stands in two rows ({other}).", "Give each row a name of its own."),
    _code(
        "CA311",
        _ANSWER,
        "The inspector's answer lacks {missing}.",
        "Add who (role), when and why; until then it cannot confirm anything.",
    ),
    _code(
        "CA312",
        _ANSWER,
        "The site-supplied value lacks {missing}.",
        "Complete the row; an incomplete value is not used.",
    ),
    _code(
        "CA313",
        _ANSWER,
        "{found} is not a {what} the catalogue knows; the row was not used.",
        "Use the rows of the template as they are.",
    ),
    _code(
        "CA314",
        _NOTHING,
        "The evidence level is {level}, but no document is named.",
        "Name the document; until then the level counts as claimed.",
    ),
    _code("CA315", _NOTHING, "The treatment stands twice, also in {other}.", "Remove one of the rows."),
    _code(
        "CA316",
        _NOTHING,
        "The answer was carried over and is not confirmed.",
        "Check it and type confirmed in the column of carried-over answers.",
    ),
    _code(
        "CA317",
        _NOTHING,
        "Nothing here speaks for product information in the country {found} on the audit date.",
        "Check the two-letter country code; accreditation is judged all the same.",
    ),
    _code(
        "CA318",
        _TREATMENT,
        "{found} is not an indication of {product} in the catalogue.",
        "Choose {expected}.",
        "{expected}",
    ),
    _code(
        "CA330",
        _ANSWER,
        "{found} is no {what} that the catalogue knows; the row was not used.",
        "Write {expected}, or leave the cell blank where the value holds for all.",
        "{expected}",
    ),
    _code(
        "CA331",
        _ANSWER,
        "{found} entered the site-supplied value and confirmed it too; essential or critical requirements rest on it.",
        "Have a second person with another role check the value against the text, and name that role.",
    ),
    _code(
        "CA332",
        _ANSWER,
        "The text behind the site-supplied value was read on {found}; essential or critical requirements rest on it, "
        "and it counts for {days} days.",
        "Read the text that is in force now, and enter the day on which you did.",
    ),
    _code(
        "CA333",
        _ANSWER,
        "The text behind the site-supplied value was read on {found}, after the audit date.",
        "Correct the day.",
    ),
    _code(
        "CA334",
        _ANSWER,
        "The site-supplied value {found} is laxer than what was verified for {product} ({expected}); it is not used.",
        "Check it against your text. Where the text says so, the requirement waits until the text has been verified.",
        "{expected}",
    ),
    _code(
        "CA335",
        _ANSWER,
        "The site-supplied value {found} would permit what a verified limit forbids; it is not used.",
        "Keep to the limit until the text that permits more has been verified.",
    ),
    _code(
        "CA336",
        _ANSWER,
        "The site-supplied value {found} would take away an essential criterion (gate); it is not used.",
        "Enter the figure of your text. Where it names none, the requirement waits until the text has been verified.",
    ),
    _code(
        "CA337",
        _ROW,
        "The row stands and that in {other} has ended, both for the same body and scope; it cannot be told which of "
        "them holds now.",
        "Fill in '{column}' in both rows, or take out the row that has been replaced.",
    ),
    _code(
        "CA319", _NOTHING, "No case was examined (0 of 0).", "Examine cases, or say why the question does not apply."
    ),
    _code(
        "CA320",
        _ANSWER,
        "{said} {found} stands here; {others}.",
        "Correct whichever of the two is wrong; until then this answer proves nothing.",
    ),
    _code(
        "CA321",
        _NOTHING,
        "{found} is held here without being delivered ({reason}); nothing in this audit speaks for it.",
        "Keep it apart from the products the centre delivers; its protocol, owner or holder governs.",
    ),
    _code(
        "CA322",
        _NOTHING,
        "The inspector's answer differs from the centre's and counts only where it is worse: {why}.",
        "Let somebody of another role answer, and name the evidence in the row.",
    ),
)

_TRUST = (
    _code("CA401", _IDENTITY, "The profile does not say {what}.", "Answer the question on the profile sheet."),
    _code(
        "CA402",
        _NOTHING,
        "No question of the sheet is answered.",
        "Answer the questions, or say why they do not apply.",
    ),
    _code("CA403", _ROW, "The row is in use, but {column} is blank.", "Complete the row or clear it."),
    _code(
        "CA404",
        _ANSWER,
        "The row of the question was removed; it counts as unanswered.",
        "Copy the row back from the template.",
    ),
    _code(
        "CA405", _NOTHING, "Answers stand in hidden rows or columns ({count}).", "Unhide them and check the answers."
    ),
    _code(
        "CA406",
        _NOTHING,
        "Filled cells belong to no question and were not used: {cells}.",
        "Move what matters to the Answer, Evidence or Comment column of the question it belongs to.",
    ),
    _code(
        "CA407",
        _NOTHING,
        "All {count} answers are {found}, and no evidence is named.",
        "Check whether the answers were copied down.",
    ),
    _code("CA408", _NOTHING, "The protection of the sheet was removed.", "Check the questions against the template."),
    _code("CA409", _NOTHING, "The workbook contains macros; they were not run.", "Save it as .xlsx without macros."),
    _code(
        "CA410",
        _NOTHING,
        "The workbook refers to {count} other workbooks.",
        "Replace the links by values (Data, Edit links).",
    ),
    _code(
        "CA411",
        _NOTHING,
        "The text looks like data of a patient.",
        "Remove it; the audit needs no patient data.",
    ),
    _code(
        "CA412",
        _TREATMENT,
        "The profile names {product}, but the workbook has no rows for it ({count} questions).",
        "Write a template for that product and carry the answers over.",
    ),
    _code(
        "CA413",
        _NOTHING,
        "{count} questions of the checklists have no row in this workbook; they count as unanswered.",
        "See the reading record for their ids; add rows, or answer them in a template.",
    ),
    _code(
        "CA414",
        _NOTHING,
        "Text stands where nothing is read: {cells}.",
        "Move it to the Comment column of the question it belongs to.",
    ),
    _code(
        "CA415",
        _NOTHING,
        "{found} has characters that the fonts of the PDF report lack{others}; it shows {characters} in their place.",
        "Write it in Latin, Greek or Cyrillic letters. The answer counts as it is.",
    ),
    _code(
        "CA416",
        _NOTHING,
        "Texts stand on the sheet in no cell (text boxes, controls, alternative content): {texts}.",
        "Move what matters to the Comment column of the question it belongs to.",
    ),
    _code(
        "CA417",
        _NOTHING,
        "Notes are pinned to cells: {notes}.",
        "Move what matters to the Comment column; notes are not judged.",
    ),
    _code(
        "CA418",
        _NOTHING,
        "{found} is unusual; most centres give {expected}.",
        "Check the number and its unit.",
    ),
)

CODES: dict[str, ProblemCode] = {entry.code: entry for entry in (*_OF_FILES, *_CELLS, *_RULES, *_TRUST)}
"""Every problem by its code. Codes are never reused."""


def problem(
    code: str,
    *,
    sheet: str = "",
    cell: str = "",
    question: str = "",
    found: str = "",
    **fields: object,
) -> Problem:
    """Make a problem from the table; `found` is shortened, made visible and quoted in the message."""
    entry = CODES[code]
    shown = shorten(found)
    values = {"suggestion": "", "unit": "", "expected": "", "found": f"'{shown}'", **fields}
    return Problem(
        code=code,
        severity=entry.severity,
        message=entry.fault.format(**values),
        remedy=entry.remedy.format(**values),
        sheet=sheet,
        cell=cell,
        question=question,
        found=shown,
        expected=entry.expected.format(**values),
        stops=entry.stops,
    )


def stopping(found: Problem, stops: Stops) -> Problem:
    """Give a problem that stops, at its place, something else than the table says."""
    return replace(found, stops=stops, severity=severity_of(stops))


def codes_markdown() -> str:
    """Write docs/problems.md: every code with severity, fault and remedy."""
    lines = [
        "# Problems",
        "",
        "Every defect of a workbook has a code, a place, a fault and a remedy. An error means that",
    ]
    lines += [
        "something is stopped and cannot count; a warning that it was used and somebody should look. Generated from",
        "",
    ]
    lines[-1] = "`cartaudit/model/problem_codes.py`; codes are never reused."
    for prefix, title in GROUPS.items():
        lines += [
            "",
            f"## {prefix}xx {title}",
            "",
            "| code | severity | stops | what is said | what to do |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {c.code} | {c.severity} | {c.stops.label} | {_literal(c.fault)} | {_literal(c.remedy)} |"
            for c in CODES.values()
            if c.code.startswith(prefix)
        ]
    return "\n".join(lines) + "\n"


def _literal(template: str) -> str:
    return template.replace("{suggestion}", "").replace("{unit}", "").replace("{", "`").replace("}", "`")
