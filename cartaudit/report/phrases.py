"""Phrases: how questions, answers and limits of a requirement are put on paper, each said once."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cartaudit.model.audit import Compliance, Reason
from cartaudit.model.requirements import Severity
from cartaudit.model.text import joined
from cartaudit.report import words
from cartaudit.report.parts import (
    ActionLine,
    Ask,
    Case,
    EvidenceLine,
    Plan,
    RequirementLine,
    SetAside,
    SourceLine,
    ThresholdLine,
    Verdict,
)

_ORIGIN = re.compile(
    r" \([^()]*?(label|authority|secondary source|maker's material|unverified value|site-supplied)"
    r"[^()]*? of (\d{4}-\d{2})-\d{2}\)"
)
"""Where a figure comes from, as the criterion says it in full: product, place, kind and date of the text."""

_NO_VALUE = re.compile(r" \([^()]*, no value found\)")
"""Whose value was not found, which is said of all it concerns at once."""

_ROWS = re.compile(r"; at least (\d+) of the rows in which (.+)$")
"""The end of a rule on a register that repeats which rows it speaks of."""

_NOTHING = {"blank": "Not answered", "no rows": "No rows"}
"""What is found where nothing was entered, in print."""

_NAME = "\0"
"""Stands in a rule for the name of a product; no printed text holds it."""

_ROWS_CLAIMED = re.compile(r"\d+ rows?")
"""The answer to a register, which its rows say better."""

_OWN_WORDS = ("row ", "blank", "no rows", "unreadable")
"""How what was found begins where it is not the centre's own text."""

_ENDS = (".", "!", "?", "…", ".)")

_OF_ONE_PRODUCT = (
    (re.compile(r"Does not apply to (.+)\."), "The product information does not ask for it."),
    (re.compile(r"The product information sets no limit: (.+)\."), "The product information sets no limit."),
)
"""Decisions that name the product they are about, and how they are said of all products at once."""


_NOT_ASKED = "Does not apply"
"""Said of the products whose information does not ask for a requirement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """One gap put in words: what was asked, found and required, each thing once, several lines where there are more."""

    asked: str
    found: str
    required: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideItem:
    """A requirement set aside; `only` says for whom, where that is not everybody the decision concerns."""

    id: str
    title: str
    only: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """One decision with the requirements it set aside."""

    decided_by: str
    kind: str
    cells: tuple[str, ...]
    affects: tuple[str, ...]
    items: tuple[AsideItem, ...]


def ended(text: str) -> str:
    """End a text with a full stop unless it has its own end."""
    return text if not text or text.endswith(_ENDS) else f"{text}."


def capital(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]


def places(cells: Iterable[str]) -> str:
    """List cells, each sheet named once: `Cold chain!C22, C23`."""
    sheets: dict[str, list[str]] = {}
    for cell in dict.fromkeys(cells):
        sheet, mark, address = cell.rpartition("!")
        sheets.setdefault(f"{sheet}{mark}", []).append(address)
    return "; ".join(f"{sheet}{', '.join(found)}" for sheet, found in sheets.items())


def spans(cells: Iterable[str]) -> str:
    """List cells, those that follow one another down a column as a span: `Documents!E6–E26`."""
    columns: dict[tuple[str, str], list[int]] = {}
    for sheet, _, address in (cell.rpartition("!") for cell in cells if cell):
        letters = address.rstrip("0123456789")
        columns.setdefault((sheet, letters), []).append(int(address.removeprefix(letters) or 0))
    return places(f"{sheet}!{part}" for (sheet, c), rows in columns.items() for part in _runs(c, sorted(set(rows))))


def _runs(column: str, rows: Sequence[int]) -> Iterator[str]:
    start = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or rows[end] != rows[end - 1] + 1:
            first, last = f"{column}{rows[start]}", f"{column}{rows[end - 1]}"
            yield first if first == last else f"{first}–{last}"
            start = end


def evidence(cases: Sequence[Case]) -> tuple[EvidenceLine, ...]:
    """List the evidence of some cases, what several questions cite alike once."""
    named = {e.text: e for c in cases for e in c.evidence}
    return tuple(named.values())


def cited(sources: Sequence[SourceLine]) -> str:
    """Name sources, by kind, with the ids under which the provenance chapter lists them."""
    kinds: dict[str, list[str]] = {}
    for source in sources:
        kinds.setdefault(source.kind, []).append(source.short)
    return "; ".join(f"{kind} {', '.join(dict.fromkeys(ids))}".strip() for kind, ids in kinds.items())


def thresholds(cases: Sequence[Case]) -> tuple[ThresholdLine, ...]:
    """List the thresholds of some cases, each once."""
    return tuple(dict.fromkeys(t for c in cases for t in c.thresholds))


def limits(cases: Sequence[Case]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Gather the thresholds of some cases by what they are, with the values of each product."""
    named: dict[str, dict[str, None]] = {}
    for threshold in thresholds(cases):
        named.setdefault(threshold.name, {})[threshold.text] = None
    return tuple((name, tuple(texts)) for name, texts in named.items())


def criterion(cases: Sequence[Case]) -> str:
    """Put a criterion in short: every question once, then what is required, with kind and month of the text."""
    asks = [a for c in cases for a in c.asks]
    if not asks:
        return " ".join(dict.fromkeys(ended(c.criterion) for c in cases if c.criterion))
    required: dict[str, list[str]] = {}
    for limit, short in _limits(cases):
        required.setdefault(limit, []).append(ended(short))
    said = [
        f"{' '.join(dict.fromkeys(questions))} Required: {ended('yes' if limit == 'Yes' else limit)}"
        for limit, questions in required.items()
    ]
    return f"{'One of: ' if any(c.one_of for c in cases) else ''}{' '.join(said)}"


def _limits(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """List what is required with its question; what differs by the product's name alone is said once for all."""
    found = [(c, _such(_ORIGIN.sub(r" (\1, \2)", a.required)), a.short) for c in cases for a in c.asks]
    nameless: dict[tuple[str, str], dict[str, None]] = {}
    for case, limit, short in found:
        rule, name = _unnamed(limit, case)
        nameless.setdefault((rule, short), {})[name] = None
    rules = {rule for rule, _ in nameless if _NAME in rule}
    named: list[tuple[str, str]] = []
    for (rule, short), names in nameless.items():
        every = "the product" if len(rules) == 1 and len(names) > 1 else joined(tuple(names), "or")
        named.append((rule.replace(_NAME, every), short))
    return named


def _unnamed(limit: str, case: Case) -> tuple[str, str]:
    """Part a limit into its rule and the product it names, where the case is about that product."""
    for label in case.affects:
        name = label.rpartition(" (")[0]
        if name and re.search(rf"\b{re.escape(name)}\b", limit):
            return re.sub(rf"\b{re.escape(name)}\b", _NAME, limit), name
    return limit, ""


def _such(limit: str) -> str:
    """Say once which rows of a register a limit speaks of, where it also asks for at least so many of them."""
    counted = _ROWS.search(limit)
    if counted and f"rows in which {counted[2]}:" in limit:
        return f"{limit[: counted.start()]}; at least {counted[1]} such {'row' if counted[1] == '1' else 'rows'}"
    return limit


def answer(case: Case) -> str:
    """Put the answers of a case in short, in the order of its questions."""
    found = [a.found for a in case.asks]
    if not found:
        return case.claim or case.message or case.reason
    by_question = dict.fromkeys((a.short, a.found) for a in case.asks)
    said, each = "; ".join(found), ""
    if len(set(found)) == 1:
        said, each = found[0], " to each" if len(found) > 1 else ""
    elif len(by_question) == len({a.short for a in case.asks}) < len(found):
        said, each = "; ".join(f for _, f in by_question), ", for each alike"
    return f"{said}{each}{_unsaid(case, ', ')}"


def answers(cases: Sequence[Case], verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """Say what was answered, once for all it concerns; who that is stands before it where cases differ."""
    gathered: dict[str, list[str]] = {}
    for case in cases:
        gathered.setdefault(_said(case), []).extend(case.affects)
    if len(cases) == 1:
        return tuple(gathered)
    return tuple(
        f"{_NOT_ASKED}: {whom(labels, verdicts)}." if said == _NOT_ASKED else f"{whom(labels, verdicts)}: {said}"
        for said, labels in gathered.items()
    )


def _said(case: Case) -> str:
    said = answer(case)
    if _OF_ONE_PRODUCT[0][0].fullmatch(said):
        return _NOT_ASKED
    cells = f"{places(case.cells)}." if case.cells else ""
    return " ".join(p for p in (ended(said), cells, beside(case)) if p)


def put(cases: Sequence[Case]) -> Put:
    """Put a gap in words; questions are numbered where there are several."""
    asks = [(c, a) for c in cases for a in _short_of(c)]
    questions = list(dict.fromkeys(a.question for _, a in asks))
    number = {q: f"({n}) " if len(questions) > 1 else "" for n, q in enumerate(questions, 1)}
    limits = ((number[a.question], _origin_once(a.required)) for _, a in asks if a.required)
    required = dict.fromkeys(f"{of}{ended(capital(limit))}" for of, limit in limits)
    one_of = any(c.one_of for c in cases) and len(questions) > 1
    return Put(
        asked="\n".join(f"{number[q]}{ended(q)}" for q in questions),
        found="\n".join(dict.fromkeys(_found(c, number, cases) for c in cases)),
        required=("One of these suffices.\n" if one_of else "") + "\n".join(required)
        or "\n".join(dict.fromkeys(ended(c.criterion) for c in cases if c.criterion)),
    )


def _origin_once(limit: str) -> str:
    """Say where a figure comes from once in a limit that names several of the same text."""
    named: set[str] = set()

    def first(origin: re.Match[str]) -> str:
        known = origin.group() in named
        named.add(origin.group())
        return "" if known else origin.group()

    return _ORIGIN.sub(first, limit)


def _short_of(case: Case) -> tuple[Ask, ...]:
    return tuple(a for a in case.asks if not a.holds) or case.asks


def _found(case: Case, number: dict[str, str], cases: Sequence[Case]) -> str:
    asks = _short_of(case)
    documents = "; ".join(e.text for e in evidence((case,))) or "no evidence named"
    said = [f"{number[a.question]}{_begun(a.found)}" for a in asks] or [case.message or case.reason]
    if len(asks) > 1:
        said = [ended(f"{s} ({places((a.cell,))})" if a.cell else s) for s, a in zip(said, asks, strict=True)]
        lines = [*said, ended(capital(documents))]
    else:
        cells = [a.cell for a in asks if a.cell] if asks else case.cells
        lines = [f"{said[0].rstrip('.')} ({'; '.join(p for p in (places(cells), documents) if p)})."]
    who = f"{', '.join(dict.fromkeys(case.affects))}: " if len(cases) > 1 else ""
    return who + "\n".join(lines) + _unsaid(case, ". ", " ")


def _begun(found: str) -> str:
    """Begin what was found with a capital letter, unless the centre wrote it."""
    return capital(found) if found.startswith(_OWN_WORDS) else found


def _unsaid(case: Case, joint: str, lead: str = "") -> str:
    """Give the centre's claim where the questions do not hold it; of several questions they always do."""
    if len(case.asks) != 1 or not case.claim or case.claim in case.asks[0].found:
        return ""
    if case.asks[0].found.startswith("row ") and _ROWS_CLAIMED.fullmatch(case.claim):
        return ""
    rest = _without(case.claim, case.asks[0])
    return f"{lead or joint}Answer: {ended(rest) if lead else rest}" if rest else ""


def _without(claim: str, ask: Ask) -> str:
    """Take an answer out of a claim of several, where it has been said already."""
    asked = re.escape(ask.short.rstrip(".?: "))
    return re.sub(rf"(?:^|(?<=; )){asked}(?: \([^()]*\))?: {re.escape(ask.found)}(?:; |$)", "", claim).rstrip("; ")


def beside(case: Case) -> str:
    """Say what belongs beside the answers of a case: a reason beyond them, extent, N/A reason, override, comments."""
    parts = (
        case.note if case.note != answer(case) else "",
        f"Extent: {case.extent.lower()}." if case.extent else "",
        f"Reason given: {ended(case.na_reason)}" if case.na_reason else "",
        case.override,
        *(f"Comment: {ended(comment)}" for comment in case.comments),
    )
    return " ".join(part for part in parts if part)


def answered(case: Case) -> str:
    """Put the answers of a case with their cells, its evidence and what belongs beside them."""
    cells = ended(places(case.cells))
    documents = " ".join(ended(e.text) for e in evidence((case,)))
    return " ".join(part for part in (ended(answer(case)), cells, beside(case), documents) if part)


def planned(plan: Plan) -> str:
    """Put a plan of the centre in sentences: what, who and by when, and what holds until then."""
    who = plan.owner_role or "No owner"
    parts = (
        ended(plan.action) or "Nothing planned by the centre.",
        f"{who}{f', due {words.day(plan.due)}' if plan.due else ''}." if plan.owner_role or plan.due else "",
        f"Containment: {ended(plan.containment)}" if plan.containment else "",
        ended(capital(plan.status)),
    )
    return " ".join(part for part in parts if part)


def open_questions(case: Case) -> str:
    """Say which questions keep a case from being judged, and what stands there."""
    asks = [a for a in case.asks if not a.holds]
    if not asks or case.note:
        cells, said = places(case.cells), _NO_VALUE.sub("", case.note or case.message)
        return f"{said.rstrip('.')}{f' ({cells})' if cells else ''}."
    if case.reason_code == Reason.THRESHOLD_UNCONFIRMED:
        shorts = tuple(dict.fromkeys(a.short for a in asks))
        asked = (" " if all(s.endswith("?") for s in shorts) else "; ").join(shorts)
        return f"{f'{asked} No' if asked.endswith('?') else f'{asked}: no'} confirmed figure to measure it against."
    return " ".join(dict.fromkeys(_open(a) for a in asks))


def together(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Put together cases that are open in the same words, for all they concern."""
    merged: dict[tuple[str, str], Case] = {}
    for case in cases:
        key = (open_questions(case), beside(replace(case, note="")))
        first = merged.get(key)
        merged[key] = replace(first, affects=first.affects + case.affects) if first else case
    return tuple(merged.values())


def _open(ask: Ask) -> str:
    """Say what stands in an open question; what is required only where something stands there."""
    cell = f" ({places((ask.cell,))})" if ask.cell else ""
    if ask.found in _NOTHING:
        said = _NOTHING[ask.found]
        return f"{ask.short} {said}{cell}." if ask.short.endswith("?") else f"{ask.short}: {said.lower()}{cell}."
    return f"{ended(ask.question)} {capital(ask.found)}{cell}. Required: {ended(ask.required)}"


def alike(lines: Sequence[RequirementLine], apart: bool) -> tuple[tuple[RequirementLine, ...], ...]:
    """Put requirements together that ask the same questions, got the same answers and are met; unless kept `apart`."""
    gathered: dict[object, list[RequirementLine]] = {}
    for line in lines:
        key: object = line.id
        if not apart and line.mark.key == Compliance.COMPLIANT and len(line.cases) == 1 and line.cases[0].asks:
            key = replace(line.cases[0], affects=(), message="", thresholds=(), criterion="")
        gathered.setdefault(key, []).append(line)
    return tuple(tuple(group) for group in gathered.values())


def short_tags(line: RequirementLine) -> str:
    """Give severity, gate, and recommendation or advice, in short forms."""
    severity = "crit." if line.severity is Severity.CRITICAL else line.severity.value
    duty = {"": "", "Recommendation": " · rec."}.get(line.duty, f" · {line.duty.lower()}")
    return severity + (" · gate" if line.gate else "") + duty


def sources(lines: Sequence[RequirementLine]) -> str:
    """Name what some requirements rest on, and which figures are proposals of this project."""
    held = tuple(dict.fromkeys(s for line in lines if not line.proposal for s in line.sources))
    proposals = [line.id for line in lines if line.proposal]
    own = f": {', '.join(proposals)}" if len(proposals) < len(lines) else ""
    figures = dict.fromkeys(ended(f"Project proposal: {x.proposed_figures}") for x in lines if x.proposed_figures)
    parts = [ended(capital(cited(held))), f"Project proposal{own}." if proposals else "", *figures]
    return " ".join(p for p in parts if p)


def by_reason(lines: Sequence[SetAside]) -> tuple[Aside, ...]:
    """Put together what was set aside by the same decision: each requirement once, with whom it does not concern."""
    gathered: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], dict[str, list[tuple[SetAside, str]]]] = {}
    for line in lines:
        decided, own = _decision(line)
        apart = () if own else line.affects
        rows = gathered.setdefault((decided, line.kind, line.cells, apart), {})
        rows.setdefault(line.id, []).append((line, own))
    return tuple(_aside(decided, tuple(rows.values())) for (decided, *_), rows in gathered.items())


def _decision(line: SetAside) -> tuple[str, str]:
    """Part a decision into what it says of every product, and what it says of its own."""
    for pattern, every in _OF_ONE_PRODUCT:
        found = pattern.fullmatch(line.decided_by)
        if found:
            return every, found[1]
    return line.decided_by, ""


def _aside(decided: str, rows: Sequence[Sequence[tuple[SetAside, str]]]) -> Aside:
    first = rows[0][0][0]
    affects = tuple(dict.fromkeys(a for row in rows for line, _ in row for a in line.affects))
    return Aside(
        decided_by=decided,
        kind=first.kind,
        cells=first.cells,
        affects=affects,
        items=tuple(_aside_item(row, affects) for row in rows),
    )


def _aside_item(row: Sequence[tuple[SetAside, str]], affects: Sequence[str]) -> AsideItem:
    held = [a for line, _ in row for a in line.affects]
    missing = [a for a in affects if a not in held]
    texts = [own for line, own in row if own and own not in " ".join(line.affects)]
    if texts:
        only = "; ".join(dict.fromkeys(texts))
    elif not missing:
        only = ""
    else:
        only = f"all but {', '.join(missing)}" if len(missing) < len(held) else ", ".join(held)
    return AsideItem(id=row[0][0].id, title=row[0][0].title, only=only)


def decision(group: Aside) -> str:
    """Say what set some requirements aside, with its cells where it does not name them."""
    cells = places(group.cells)
    named = not cells or group.cells[0] in group.decided_by
    return ended(group.decided_by) if named else f"{ended(group.decided_by)} {cells}."


def whom(labels: Sequence[str], verdicts: Sequence[Verdict]) -> str:
    """Name checklists; all products that were judged, where there are more than two, by one word."""
    products = [v.label for v in verdicts if v.product]
    if len(products) < 3 or not set(products) <= set(labels):
        return ", ".join(dict.fromkeys(labels))
    return ", ".join(("all products", *dict.fromkeys(x for x in labels if x not in products)))


def _is_unplanned(action: ActionLine) -> bool:
    return action.suggested and action.reference.startswith("N")


def own_actions(actions: Sequence[ActionLine]) -> tuple[tuple[ActionLine, ...], ...]:
    """Gather the actions by what is done, by whom and until when."""
    gathered: dict[tuple[object, ...], list[ActionLine]] = {}
    for action in actions:
        if not _is_unplanned(action):
            key = (action.action, action.suggested, action.owner_role, action.due, action.status, action.severity_word)
            gathered.setdefault(key, []).append(action)
    return tuple(tuple(group) for group in gathered.values())


def unplanned(actions: Sequence[ActionLine]) -> tuple[tuple[str, tuple[ActionLine, ...]], ...]:
    """Gather the open points for which nothing is planned by what would settle them."""
    gathered: dict[str, list[ActionLine]] = {}
    for action in actions:
        if _is_unplanned(action):
            gathered.setdefault(action.action, []).append(action)
    return tuple((text, tuple(group)) for text, group in gathered.items())
