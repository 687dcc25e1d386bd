"""One response from one row: answer, counts, reason, evidence, action, the inspector's answer, re-confirmation."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from datetime import date, time, timedelta

from cartaudit.intake import words
from cartaudit.intake.answers import NOTHING, Asked, is_share_word, parse_answer
from cartaudit.intake.beside import doubt
from cartaudit.intake.clean import cell_key, cell_text, key, original_text
from cartaudit.intake.dates import parse_date, plain_day
from cartaudit.intake.emptiness import says_nothing
from cartaudit.intake.headings import TITLES
from cartaudit.intake.layout import QuestionRow
from cartaudit.intake.ledger import Ledger
from cartaudit.intake.marks import is_tick
from cartaudit.intake.plan import Asking
from cartaudit.intake.qualifiers import seen
from cartaudit.model.answers import AnswerState, AnswerType, Share, Status
from cartaudit.model.cells import Cell, CellKind, column_letters
from cartaudit.model.layout import CONFIRMED_MARK, RECONFIRM_MARK, REGISTER_POINTER, STATUS_WORDS, Field, scoped_id
from cartaudit.model.problem_codes import CODES, problem, stopping
from cartaudit.model.problems import Problem, Stops
from cartaudit.model.submission import Action, Entry, Evidence, EvidenceLevel, Override, Response

_NO_ACTION = Action()
# Looking a member up in its class for every field of every row takes a tenth of the reading.
_ANSWER, _ANSWERED_ON, _RECONFIRM = Field.ANSWER, Field.ANSWERED_ON, Field.RECONFIRM
_EVIDENCE, _EVIDENCE_LEVEL, _EVIDENCE_DATED = Field.EVIDENCE, Field.EVIDENCE_LEVEL, Field.EVIDENCE_DATED
_AMBIGUOUS, _BLANK, _NOT_APPLICABLE = AnswerState.AMBIGUOUS, AnswerState.BLANK, AnswerState.NOT_APPLICABLE
_NUMBERS = (AnswerType.INTEGER, AnswerType.NUMBER)
_ANSWERS = frozenset({*(status.value for status in Status), words.NA})
_OF_THE_CELL = frozenset({"CA207", "CA208", "CA224", "CA225", "CA226", "CA227"})
"""Problems of a count that lie in the cell itself and say more than that it is no count."""

_COUNTS = (Field.NUMERATOR, Field.DENOMINATOR)
_CITED, _CLAIMED, _REGISTER, _SHARE = EvidenceLevel.CITED, EvidenceLevel.CLAIMED, AnswerType.REGISTER, AnswerType.SHARE
_TEXTS = (Field.NA_REASON, Field.COMMENT, Field.ANSWERED_BY, Field.INSPECTOR_COMMENT, Field.CORRECTION)
_EVIDENCE_FIELDS = frozenset({_EVIDENCE, _EVIDENCE_LEVEL, _EVIDENCE_DATED})
_ACTION_FIELDS = frozenset({Field.ACTION, Field.OWNER_ROLE, Field.DUE, Field.CONTAINMENT})
_INSPECTION_FIELDS = frozenset(
    {Field.REASSESSMENT, Field.INSPECTOR_ANSWER, Field.INSPECTED_ON, Field.REASSESSED_ON, Field.INSPECTOR_ROLE}
)
_SEPARATORS = re.compile(r"[;\n]")
_NO_TEXT = {CellKind.ERROR: "CA207", CellKind.FORMULA_UNSTORED: "CA208"}
_LEVELS = {key(level.value): level for level in EvidenceLevel}


_FIELD_STOPS: Mapping[Field, Stops] = {
    **dict.fromkeys((Field.EVIDENCE, Field.EVIDENCE_LEVEL, Field.EVIDENCE_DATED), Stops.EVIDENCE),
    **dict.fromkeys((Field.ACTION, Field.CONTAINMENT, Field.OWNER_ROLE, Field.DUE), Stops.PLAN),
    Field.NA_REASON: Stops.NA_REASON,
    **dict.fromkeys((Field.COMMENT, Field.ANSWERED_BY, Field.ANSWERED_ON, Field.CORRECTION), Stops.NOTHING),
}
"""What a problem stops in a field that is no answer; of the others it stops what its code says."""


_HAS_TO_SAY = frozenset(
    {Field.NA_REASON, Field.ACTION, Field.CONTAINMENT, Field.OWNER_ROLE, Field.INSPECTOR_ROLE, Field.INSPECTOR_COMMENT}
)
"""Fields in which words that say nothing are blank; the evidence is looked at document by document."""


def _stops(code: str, field: Field) -> Stops:
    stops = CODES[code].stops
    return _FIELD_STOPS.get(field, stops) if stops is Stops.ANSWER else stops


def problems_at(problems: Iterable[Problem], label: str, field: Field) -> Iterator[Problem]:
    """Give problems of a cell with the question they concern and what they stop in its field."""
    for found in problems:
        yield stopping(replace(found, question=label), _stops(found.code, field))


def _said(cell: Cell | None) -> str:
    return cell_key(cell) if cell is not None else ""


@dataclass(slots=True)
class RowReader:
    """Reads the fields of one row, counting every cell it touches; `cells` holds those that are filled."""

    ledger: Ledger
    place: QuestionRow
    cells: Mapping[Field, Cell]
    used: dict[int, Cell]
    asking: Asking
    scope: str
    as_of: date
    silent: set[Field] = dataclass_field(default_factory=set)
    """Fields in which words stand that say nothing."""

    @property
    def label(self) -> str:
        """Name the question as the id column shows it."""
        return scoped_id(self.asking.answer.question, self.scope)

    @property
    def asked(self) -> Asked:
        """Give what the answer cell is an answer to."""
        return self.asking.answer

    def cell(self, field: Field) -> Cell | None:
        """Give the cell of a field and count it as used."""
        cell = self.cells.get(field)
        if cell is not None:
            self.used[id(cell)] = cell
        return cell

    def text(self, field: Field) -> str:
        """Read a field as text; what is no text, or is struck through, is a problem and no text."""
        cell = self.cell(field)
        if cell is None or self.differs(field):
            return ""
        if cell.kind in _NO_TEXT:
            self.problem(_NO_TEXT[cell.kind], field, found=original_text(cell))
            return ""
        sight = seen(cell, AnswerType.TEXT)
        if sight.code:
            self.problem(sight.code, field, found=original_text(cell), **sight.fields)
            return ""
        text = cell_text(sight.cell)[0]
        if field in _HAS_TO_SAY and says_nothing(text):
            self.problem("CA236", field, found=text)
            self.silent.add(field)
            return ""
        return text

    def use_doubles(self) -> None:
        """Count the cells of doubled columns as used: each is compared with the one that is read."""
        for columns in self.place.doubles.values():
            for column in columns:
                self.ledger.use(self.place.grid, self.place.grid.cell(self.place.row, column))

    def differs(self, field: Field) -> bool:
        """Tell whether another column with the heading of a field says another thing in this row; it is named."""
        place = self.place
        cells = [place.grid.cell(place.row, column) for column in place.doubles.get(field, ())]
        own = self.cells.get(field)
        said = _said(own)
        different = [other for other in cells if _said(other) != said]
        if different:
            first, *_ = different
            found, theirs = (original_text(cell) if cell else "" for cell in (own, first))
            self.problem("CA232", field, found=found, other=theirs, title=f"'{TITLES[field]}'")
        return bool(different)

    def day(self, field: Field) -> date | None:
        """Read a field as a date."""
        cell = self.cell(field)
        if cell is None or self.differs(field):
            return None
        day = plain_day(cell.value) if not cell.formula and not cell.marks else None
        if day is not None:
            return day
        entry = self._parsed(cell, self.asking.day, field)
        return entry.value if isinstance(entry.value, date) else None

    def past_day(self, field: Field, code: str = "CA304") -> date | None:
        """Read a field as a date that cannot lie after the audit date."""
        value = self.day(field)
        if value is not None and value > self.as_of:
            self.problem(code, field, found=value.isoformat())
        return value

    def answer(self, field: Field, asked: Asked) -> Entry:
        """Read a field as an answer to the question, unless something beside the cell makes it doubtful."""
        cell = self.cell(field)
        if self.differs(field):
            return Entry(state=_AMBIGUOUS, original=original_text(cell) if cell else "", cell=self._cell(field))
        entry = self._parsed(cell, asked, field) if cell else NOTHING
        column = self.place.columns.get(field)
        why = doubt(self.place.grid.beside, self.place.row, column, entry.value) if column else None
        if why is None:
            return entry
        self.problem(why.code, field, found=entry.original, **why.fields)
        return replace(entry, state=_AMBIGUOUS if cell else _BLANK, value=None, cell=self._cell(field))

    def _cell(self, field: Field) -> str:
        return f"{self.place.grid.name}!{self.address(field)}"

    def _parsed(self, cell: Cell, asked: Asked, field: Field) -> Entry:
        stated = self._unit() if asked.type in _NUMBERS else ""
        entry, problems = parse_answer(cell, asked, self.place.grid.name, stated=stated)
        self.ledger.report(problems_at(problems, self.label, field))
        return entry

    def _unit(self) -> str:
        """Give the unit that stands in the row's own cell for it, else in the heading of the answers."""
        cell = self.cells.get(Field.UNIT)
        if cell is None or not isinstance(cell.value, str):
            return self.place.unit
        self.used[id(cell)] = cell
        return cell_text(cell)[0] or self.place.unit

    def problem(self, code: str, field: Field, found: str = "", **fields: str) -> None:
        """Report a problem at the cell of a field; in a field that is no answer it stops what the field is for."""
        place = {"sheet": self.place.grid.name, "cell": self.address(field)}
        made = problem(code, **place, question=self.label, found=found, **fields)
        self.ledger.report(problems_at([made], self.label, field))

    def address(self, field: Field) -> str:
        """Give the address of a field's cell, filled or not."""
        column = self.place.columns.get(field) or self.place.columns[_ANSWER]
        return f"{column_letters(column)}{self.place.row}"


def read_response(ledger: Ledger, place: QuestionRow, asking: Asking, scope: str, as_of: date) -> Response:
    """Read one row in full."""
    asked = asking.answer
    row = RowReader(ledger, place, place.cells, place.grid.used, asking, scope, as_of)
    row.use_doubles()
    entry = _share_entry(row) if asked.type is _SHARE else _entry(row)
    if entry is NOTHING:
        entry = Entry(state=_BLANK, cell=f"{place.grid.name}!{row.address(_ANSWER)}")
    if entry.state is _BLANK:
        _look_beside(row)
    na_reason, comment, answered_by, inspector_comment, correction = map(row.text, _TEXTS)
    return Response(
        question=asked.question,
        scope=scope,
        entry=entry,
        na_reason=na_reason,
        evidence=_evidence(row),
        comment=comment,
        answered_by=answered_by,
        answered_on=row.past_day(_ANSWERED_ON),
        action=_action(row),
        override=_override(row),
        inspector_comment=inspector_comment,
        correction=correction,
        reconfirm=_reconfirm(row, entry),
    )


def _look_beside(row: RowReader) -> None:
    """Name an answer that stands in another column than that of the answers."""
    if row.asked.type not in (AnswerType.STATUS, AnswerType.BOOLEAN):
        return
    for name in (Field.UNIT, Field.COMMENT, Field.EVIDENCE, Field.NA_REASON, Field.PERIOD):
        cell = row.cells.get(name)
        if cell is not None and words.meaning(cell_text(cell)[0]) in _ANSWERS:
            row.problem("CA233", name, found=original_text(cell), title=f"'{TITLES[name]}'")


def _action(row: RowReader) -> Action:
    if _ACTION_FIELDS.isdisjoint(row.cells):
        return _NO_ACTION
    text, role = row.text(Field.ACTION), row.text(Field.OWNER_ROLE)
    due, containment = row.day(Field.DUE), row.text(Field.CONTAINMENT)
    if not (text or role or due or containment):
        return _NO_ACTION
    return Action(text=text, owner_role=role, due=due, containment=containment)


def _entry(row: RowReader) -> Entry:
    if row.asked.type is _REGISTER:
        return _register_entry(row)
    if row.place.ticks:
        return _ticked_entry(row)
    return row.answer(_ANSWER, row.asked)


def _register_entry(row: RowReader) -> Entry:
    # The answer cell of a register points to its sheet; only N/A is an answer there.
    cell = row.cell(_ANSWER)
    entry, _ = parse_answer(cell, row.asking.text, row.place.grid.name)
    if entry.state is _NOT_APPLICABLE:
        return entry
    if entry.state is not _BLANK and not key(entry.original).startswith(REGISTER_POINTER):
        row.problem("CA223", Field.ANSWER, found=entry.original)
    return NOTHING


def _ticked_entry(row: RowReader) -> Entry:
    """Read tick columns: exactly one may be ticked, and what is no tick is a problem."""
    grid = row.place.grid
    ticked: list[tuple[str, Cell]] = []
    for answer, column in row.place.ticks.items():
        cell = row.ledger.use(grid, grid.cell(row.place.row, column))
        state = is_tick(cell_text(cell)[0], cell.value) if cell else False
        if cell is not None and state is None:
            entry, problems = parse_answer(cell, row.asked, grid.name)
            unclear = problems or (
                problem("CA205", sheet=grid.name, cell=cell.address, found=entry.original, expected="a tick"),
            )
            row.ledger.report(replace(p, question=row.label) for p in unclear)
            return replace(entry, state=AnswerState.UNREADABLE, value=None)
        if cell is not None and state:
            ticked.append((answer, cell))
    if not ticked:
        return NOTHING
    original = " and ".join(STATUS_WORDS[answer] for answer, _ in ticked)
    place = f"{grid.name}!{ticked[0][1].address}"
    if len(ticked) > 1:
        cell = ticked[1][1]
        row.ledger.report([problem("CA220", sheet=grid.name, cell=cell.address, question=row.label, found=original)])
        return Entry(state=AnswerState.AMBIGUOUS, original=original, cell=place)
    answered = Cell(row.place.row, ticked[0][1].column, STATUS_WORDS[ticked[0][0]])
    entry, problems = parse_answer(answered, row.asked, grid.name)
    row.ledger.report(replace(p, question=row.label) for p in problems)
    why = doubt(grid.beside, row.place.row, ticked[0][1].column, entry.value)
    if why is not None:
        row.problem(why.code, Field.ANSWER, found=original, **why.fields)
        return replace(entry, state=_AMBIGUOUS, value=None)
    return replace(entry, conversion=f"tick -> {original}")


def _share_entry(row: RowReader) -> Entry:
    counts = [row.cell(field) for field in _COUNTS]
    period = row.text(Field.PERIOD)
    answer = row.cell(_ANSWER)
    if not any(counts):
        if is_share_word(answer):
            return NOTHING
        entry = row.answer(_ANSWER, row.asked)
        if isinstance(entry.value, Share):
            return _checked_share(row, replace(entry, value=replace(entry.value, period=period)))
        return entry
    if not is_share_word(answer):
        typed = row.answer(_ANSWER, row.asked)
        if typed.state is _NOT_APPLICABLE:
            row.problem("CA221", Field.ANSWER, found=typed.original)
        return replace(typed, state=AnswerState.AMBIGUOUS, value=None)
    return _counted(row, counts, period)


def _counted(row: RowReader, counts: Sequence[Cell | None], period: str) -> Entry:
    values: list[int] = []
    original = " of ".join(original_text(cell) if cell else "(blank)" for cell in counts)
    place = f"{row.place.grid.name}!{row.address(_COUNTS[0])}"
    unreadable = Entry(state=AnswerState.UNREADABLE, original=original, cell=place)
    for field, cell, name in zip(_COUNTS, counts, ("complying", "examined"), strict=True):
        if cell is None:
            row.problem("CA217", field, missing=f"the number of cases {name}")
            continue
        why = doubt(row.place.grid.beside, cell.row, cell.column, None)
        if why is not None or row.differs(field):
            if why is not None:
                row.problem(why.code, field, found=original_text(cell), **why.fields)
            continue
        entry, problems = parse_answer(cell, row.asking.count, row.place.grid.name)
        count = entry.value if isinstance(entry.value, int) and not isinstance(entry.value, bool) else -1
        if count < 0:
            kept = problems and problems[0].code in _OF_THE_CELL
            row.ledger.report(replace(p, question=row.label) for p in problems if kept)
            if not kept:
                row.problem("CA216", field, found=original_text(cell))
        else:
            values.append(count)
    if len(values) < 2:
        return unreadable
    share = Share(numerator=values[0], denominator=values[1], period=period)
    return _checked_share(row, Entry(state=AnswerState.ANSWERED, value=share, original=original, cell=place))


def _checked_share(row: RowReader, entry: Entry) -> Entry:
    share = entry.value
    assert isinstance(share, Share)
    field = _COUNTS[0] if _COUNTS[0] in row.cells else _ANSWER
    if share.numerator > share.denominator:
        row.problem("CA305", field, numerator=str(share.numerator), denominator=str(share.denominator))
        return replace(entry, state=AnswerState.UNREADABLE, value=None)
    if share.denominator == 0:
        row.problem("CA319", field)
    return entry


def _evidence(row: RowReader) -> Evidence:
    place = f"{row.place.grid.name}!{row.address(_EVIDENCE)}" if _EVIDENCE in row.place.columns else ""
    if _EVIDENCE_FIELDS.isdisjoint(row.cells):
        return Evidence(level=_CLAIMED, cell=place)
    references, faulty = _documents(row)
    typed = row.text(_EVIDENCE_LEVEL)
    level = _LEVELS.get(key(typed)) if typed else None
    if typed and level is None:
        row.problem("CA218", Field.EVIDENCE_LEVEL, found=typed)
    if level and level is not _CLAIMED and not references:
        if not faulty:
            row.problem("CA314", Field.EVIDENCE_LEVEL, level=level.value)
        level = _CLAIMED
    implied = _CITED if references else _CLAIMED
    dated = row.past_day(_EVIDENCE_DATED, "CA303")
    return Evidence(references=references, level=level or implied, dated=dated, cell=place)


def _documents(row: RowReader) -> tuple[tuple[str, ...], bool]:
    """Read what is cited, and tell whether anything there is no document: a bare date is none."""
    cell = row.cell(_EVIDENCE)
    if cell is not None and isinstance(cell.value, (date, time, timedelta)):
        row.problem("CA234", _EVIDENCE, found=original_text(cell))
        return (), True
    cited = _references(row.text(_EVIDENCE))
    dated = [text for text in cited if parse_date(text, text).state is AnswerState.ANSWERED]
    empty = [text for text in cited if says_nothing(text)]
    documents = tuple(text for text in cited if text not in dated and text not in empty)
    for code, found in (("CA234", dated), ("CA236", empty)):
        if found:
            place = {"sheet": row.place.grid.name, "cell": row.address(_EVIDENCE), "question": row.label}
            made = problem(code, **place, found=found[0])
            row.ledger.report([stopping(made, Stops.NOTHING if documents else Stops.EVIDENCE)])
    return documents, len(documents) < len(cited) or (cell is not None and not cited)


def _references(text: str) -> tuple[str, ...]:
    if ";" not in text and "\n" not in text:
        return (text,) if text else ()
    return tuple(stripped for part in _SEPARATORS.split(text) if (stripped := part.strip()))


def _override(row: RowReader) -> Override | None:
    if _INSPECTION_FIELDS.isdisjoint(row.cells):
        return None
    again = row.answer(Field.REASSESSMENT, row.asked)
    first = row.answer(Field.INSPECTOR_ANSWER, row.asked)
    entry, on_field, field = (
        (again, Field.REASSESSED_ON, Field.REASSESSMENT)
        if again.state is not _BLANK
        else (first, Field.INSPECTED_ON, Field.INSPECTOR_ANSWER)
    )
    if entry.state is _BLANK:
        return None
    other = Field.INSPECTED_ON if on_field is Field.REASSESSED_ON else Field.REASSESSED_ON
    row.past_day(other)
    override = Override(
        entry=entry,
        role=row.text(Field.INSPECTOR_ROLE),
        on=row.past_day(on_field),
        reason=row.text(Field.INSPECTOR_COMMENT),
    )
    gaps = (
        ("the role", override.role or Field.INSPECTOR_ROLE in row.silent),
        ("the date", override.on),
        ("the reason", override.reason or Field.INSPECTOR_COMMENT in row.silent),
    )
    missing = [name for name, value in gaps if not value]
    if missing:
        row.problem("CA311", field, missing=" and ".join(missing))
    return override


def _reconfirm(row: RowReader, entry: Entry) -> bool:
    text = key(row.text(_RECONFIRM)) if _RECONFIRM in row.cells else ""
    if text in ("", CONFIRMED_MARK):
        return False
    if text != RECONFIRM_MARK:
        row.problem("CA222", Field.RECONFIRM, found=text)
    elif entry.state is not _BLANK:
        row.problem("CA316", Field.RECONFIRM)
    return True
