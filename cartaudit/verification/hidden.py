"""Looking for text of a PDF that is not to be seen, whatever version of whatever library drew it."""

from collections.abc import Iterator, Sequence
from typing import Any

from cartaudit.report.pdf_allowed import VISIBLE_MODES
from cartaudit.report.pdf_drawn import DrawnPage, Paint, Run
from cartaudit.report.pdf_geometry import Box, box, overlaps
from cartaudit.verification.checks import Check, failed, held

_SMALLEST = 4.0
"""Points below which nobody reads a text; ours begin at 6.8."""

_FAINTEST = 0.2
"""Opacity, and distance from the colour below (of 1), under which a text cannot be told from what it stands on."""


def hidden_parts(pdf: Any, pages: Sequence[DrawnPage]) -> Iterator[Check]:
    """Look for text that is not to be seen: painted over, invisible, faint, tiny, off the page, or below a field."""
    wrong = {
        number: fault
        for number, (page, drawn) in enumerate(zip(pdf.pages, pages, strict=True), start=1)
        if (fault := _filled(page.obj) or _hidden(drawn, _fields(page.obj)))
    }
    for number, fault in list(wrong.items())[:5]:
        yield failed(f"Page {number}: {fault}.")
    if not wrong:
        yield held(f"On all {len(pages)} pages nothing is painted over or after text, and no text is hidden.")


def _hidden(page: DrawnPage, fields: Sequence[Box]) -> str:
    """Say what hides text on a page, in a few words; nothing where all can be seen."""
    seen: list[Run] = []
    below: list[Paint] = []
    for item in page.items:
        if isinstance(item, Paint):
            below.append(item)
            covered = next((r for r in seen if any(overlaps(part, r.core) for part in item.boxes)), None)
            if covered:
                return f"something is painted over the text '{covered.text[:40]}'"
        elif item.text.strip():
            if fault := _unseen(item, page.box, below):
                return fault
            seen.append(item)
    covered = next((r for r in seen if any(overlaps(field, r.core) for field in fields)), None)
    return f"a field lies over the text '{covered.text[:40]}'" if covered else ""


def _filled(page: Any) -> str:
    """Say where a signature field shows something though nobody signed in it."""
    for note in page.get("/Annots", []):
        drawn = note.get("/AP", {}).get("/N") if "/V" not in note else None
        if drawn is not None and (not hasattr(drawn, "read_raw_bytes") or drawn.read_raw_bytes().strip()):
            return "a field that nobody signed shows something"
    return ""


def _unseen(run: Run, page: Box, below: Sequence[Paint]) -> str:
    text = run.text[:40]
    if run.alpha < _FAINTEST or _likeness(run, below) < _FAINTEST:
        return f"the text '{text}' cannot be told from what is below it"
    if run.mode not in VISIBLE_MODES:
        return f"the text '{text}' is invisible"
    if run.size < _SMALLEST:
        return f"the text '{text}' is too small to be read"
    left, bottom, right, top = run.core
    if not (page[0] <= left < right <= page[2] and page[1] <= bottom < top <= page[3]):
        return f"the text '{text}' is cut off or lies beside the page"
    if "\ufffd" in run.text:
        return "there is text of which nobody can say what it is"
    return ""


def _likeness(run: Run, below: Sequence[Paint]) -> float:
    """Tell how far a text's colour lies from the one it stands on, 1 being black on white; 1 where that is unknown."""
    x, y = (run.core[0] + run.core[2]) / 2, (run.core[1] + run.core[3]) / 2
    ground = next(
        (p.colour for p in reversed(below) if any(a <= x <= c and b <= y <= d for a, b, c, d in p.boxes)),
        ("g", 1.0, 1.0),
    )
    colours = [_rgb(run.colour), _rgb(ground)]
    if None in colours:
        return 1.0
    return max((abs(a - b) for a, b in zip(*(c for c in colours if c), strict=True)), default=1.0)


def _rgb(colour: Sequence[str | float]) -> tuple[float, float, float] | None:
    match colour:
        case ["g", float(grey), *_]:
            return grey, grey, grey
        case ["rg", float(red), float(green), float(blue), *_]:
            return red, green, blue
    return None


def _fields(page: Any) -> list[Box]:
    """Give where the fields of a page lie that may show something."""
    return [box(note.Rect) for note in page.get("/Annots", []) if "/AP" in note or str(note.get("/Subtype")) != "/Link"]
