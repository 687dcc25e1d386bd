"""Finding out how a centre's own sheet is laid out; likeness may suggest here, and never decides."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from cartaudit.intake import words
from cartaudit.intake.clean import cell_text, key
from cartaudit.intake.headings import known_field
from cartaudit.intake.layout import find_question
from cartaudit.intake.ledger import Grid
from cartaudit.intake.mapping import TICKS, Mapping, SheetMap
from cartaudit.model.answers import AnswerType
from cartaudit.model.cells import Cells
from cartaudit.model.checklists import Catalogue
from cartaudit.model.layout import Field
from cartaudit.model.questions import Question

_HEADER_ROWS = 40
_LIKE = 0.6
_CANDIDATES = 4
_MOSTLY = 0.6
_AS_LONG_AS_A_QUESTION = 20
_AUTO = "found by headings and contents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A map as found, how many rows it matches, and questions that read like rows it does not match."""

    mapping: Mapping
    matched: int
    likenesses: Table[str, tuple[str, str]] = field(default_factory=dict)


def question_text_key(text: str) -> str:
    """Fold a question's wording for exact comparison: numbering marks and a final stop do not matter."""
    return key(text).strip(" .?:;*")


def question_texts(catalogue: Catalogue) -> dict[str, str]:
    """Index questions by folded wording; a wording that two questions share identifies neither."""
    counted = Counter(question_text_key(q.text) for q in catalogue.questions.values())
    return {t: q.id for q in catalogue.questions.values() if counted[t := question_text_key(q.text)] == 1}


def suggest_mapping(cells: Cells, catalogue: Catalogue, *, likenesses: bool = True) -> Suggestion:
    """Find heading rows and columns of every visible sheet that can hold answers."""
    texts = question_texts(catalogue)
    sheets: list[SheetMap] = []
    matched, like = 0, dict[str, tuple[str, str]]()
    for sheet in cells.sheets:
        if sheet.state != "visible" or not sheet.cells:
            continue
        grid = Grid(sheet)
        found = _sheet_map(grid, catalogue, texts)
        if found is None:
            continue
        sheets.append(found)
        rows = list(_rows(grid, found, catalogue, texts))
        matched += sum(question is not None for _, _, question in rows)
        if likenesses:
            like |= dict(_like(rows, catalogue))
    return Suggestion(mapping=Mapping(name=_AUTO, sheets=tuple(sheets)), matched=matched, likenesses=like)


def _sheet_map(grid: Grid, catalogue: Catalogue, texts: Table[str, str]) -> SheetMap | None:
    header = find_header(grid)
    if header is None:
        return None
    columns: dict[Field, int] = {}
    answers = []
    for column, text in sorted(grid.keys(header).items()):
        known = known_field(text)
        if known is not None:
            columns.setdefault(known, column)
        if known is Field.ANSWER:
            answers.append(column)
    ticks, last = _ticks(grid, header)
    by_content = _by_content(grid, last, catalogue, texts)
    if Field.ID in by_content:
        columns = {f: c for f, c in columns.items() if c != by_content[Field.ID] and f is not Field.ID}
        columns[Field.ID] = by_content[Field.ID]
    for found, column in by_content.items():
        if column not in columns.values():
            columns.setdefault(found, column)
    columns = {f: c for f, c in columns.items() if c not in ticks.values()}
    if Field.QUESTION not in columns:
        guess = _longest_texts(grid, last, {*columns.values(), *ticks.values()})
        columns |= {Field.QUESTION: guess} if guess is not None else {}
    if ticks:
        columns.pop(Field.ANSWER, None)
    answered = bool(ticks) or Field.ANSWER in columns
    if not answered or not (Field.ID in columns or Field.QUESTION in columns):
        return None
    ordered = {f: columns[f] for f in Field if f in columns}
    others = tuple(column for column in answers if column != ordered.get(Field.ANSWER))
    doubles = {Field.ANSWER: others} if others and Field.ANSWER in ordered else {}
    return SheetMap(name=grid.name, header_row=last, columns=ordered, ticks=ticks, doubles=doubles)


def find_header(grid: Grid) -> int | None:
    """Find the heading row: the one with most known headings, else the one with most texts among the first forty."""
    rows = [row for row in grid.numbers if row <= _HEADER_ROWS]
    if not rows:
        return None
    known = {row: len({known_field(t) for t in grid.keys(row).values()} - {None}) for row in rows}
    best = max(rows, key=lambda row: (known[row], -row))
    if known[best] >= 2:
        return best
    return max(rows, key=lambda row: (sum(isinstance(c.value, str) for c in grid.rows[row].values()), -row))


def _ticks(grid: Grid, header: int) -> tuple[dict[str, int], int]:
    """Find tick columns in the heading row or the one below it; also give the last row of the headings."""
    for row in (header, header + 1):
        found: dict[str, int] = {}
        for column, text in sorted(grid.keys(row).items()):
            meaning = _tick_heading(text)
            if meaning:
                found.setdefault(meaning, column)
        if "yes" in found and "no" in found:
            return found, row
    return {}, header


def _tick_heading(text: str) -> str | None:
    meaning = words.meaning(text) or ("not_applicable" if text in ("na", "n.a.", "nicht zutr.") else None)
    return meaning if meaning in TICKS else None


def _by_content(grid: Grid, header: int, catalogue: Catalogue, texts: Table[str, str]) -> dict[Field, int]:
    """Find columns by what stands in them; a column of ids holds hardly anything else.

    Ids of lists are left out: they are everyday words (`documents`, `equipment`).
    """
    ids, wordings, answers, filled = Counter[int](), Counter[int](), Counter[int](), Counter[int]()
    for row in grid.rows:
        if row <= header:
            continue
        for column, text in grid.keys(row).items():
            filled[column] += bool(text)
            ids[column] += _is_id(text, catalogue)
            wordings[column] += question_text_key(text) in texts
            answers[column] += words.meaning(text) is not None
    mostly = Counter({column: count for column, count in ids.items() if count > filled[column] * _MOSTLY})
    counters = ((Field.ID, mostly), (Field.QUESTION, wordings), (Field.ANSWER, answers))
    return {f: counter.most_common(1)[0][0] for f, counter in counters if any(counter.values())}


def _is_id(text: str, catalogue: Catalogue) -> bool:
    found = find_question(text, catalogue)
    return found is not None and catalogue.questions[found[0]].type is not AnswerType.REGISTER


def _longest_texts(grid: Grid, header: int, taken: Iterable[int]) -> int | None:
    """Guess the column of the questions: the one of the longest texts, where they are as long as questions are."""
    lengths: dict[int, list[int]] = {}
    for row in (row for row in grid.numbers if row > header):
        for column, cell in grid.rows[row].items():
            if isinstance(cell.value, str) and column not in taken:
                lengths.setdefault(column, []).append(len(cell_text(cell)[0]))
    means = {column: sum(found) / len(found) for column, found in lengths.items()}
    best = max(means, key=lambda column: (means[column], -column), default=None)
    return best if best is not None and means[best] >= _AS_LONG_AS_A_QUESTION else None


Match = tuple[str, str, str | None]
"""Item number, wording, and the question a row was matched to."""


def _rows(grid: Grid, found: SheetMap, catalogue: Catalogue, texts: Table[str, str]) -> Iterator[Match]:
    for row in (row for row in grid.numbers if row > found.header_row):
        item = grid.text(row, found.columns.get(Field.ID))
        wording = grid.text(row, found.columns.get(Field.QUESTION))
        if item or wording:
            yield item, wording, match_row(item, wording, {}, catalogue, texts)


def match_row(
    item: str, wording: str, items: Table[str, str], catalogue: Catalogue, texts: Table[str, str]
) -> str | None:
    """Match a row by its id, by the map's items, then by exact wording; None where nothing fits exactly."""
    folded = {key(name): question for name, question in items.items()} if items else {}
    for name in (item, wording):
        if name and key(name) in folded:
            return folded[key(name)]
    if item and find_question(item, catalogue):
        return item
    return texts.get(question_text_key(wording)) if wording else None


def _like(rows: list[Match], catalogue: Catalogue) -> Iterator[tuple[str, tuple[str, str]]]:
    tokens = {q.id: set(key(q.text).split()) for q in catalogue.questions.values()}
    for item, wording, question in rows:
        if question is None and len(wording) > 8:
            best = _most_like(wording, tokens, catalogue.questions)
            if best is not None:
                yield item or wording, (best.id, best.text)


def _most_like(wording: str, tokens: Table[str, set[str]], questions: Table[str, Question]) -> Question | None:
    own = set(key(wording).split())
    near = sorted(tokens, key=lambda q: -len(own & tokens[q]) / max(len(own | tokens[q]), 1))[:_CANDIDATES]
    scored = [(difflib.SequenceMatcher(None, key(wording), key(questions[q].text)).ratio(), q) for q in near]
    best = max(scored, default=(0.0, ""))
    return questions[best[1]] if best[0] >= _LIKE else None


def first_text(grid: Grid, row: int) -> str:
    """Give the first text of a row, to name it in a problem."""
    return next((cell_text(c)[0] for c in grid.rows[row].values() if cell_text(c)[0]), "")
