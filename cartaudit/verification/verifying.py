"""Verifying one report, step by step. This runs in a child process of its own (`child.py`), which bounds its work."""

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cartaudit import __version__
from cartaudit.errors import CartauditError
from cartaudit.report.embedded import CHECKLISTS
from cartaudit.report.loading import renderer_versions
from cartaudit.report.model import Report
from cartaudit.report.rendering import template_hashes, to_pdf
from cartaudit.resources import data_folder
from cartaudit.verification.attached import Contents, NoReport, Packed, open_pdf, read_contents, unpack_checklists
from cartaudit.verification.checks import Check, State, failed, first_few, held, not_compared, noted, one_line
from cartaudit.verification.described import compare_descriptions
from cartaudit.verification.hidden import hidden_parts
from cartaudit.verification.looking import Look, LookingError, look_at
from cartaudit.verification.pages import Grounds, claimed_libraries, compare_pages
from cartaudit.verification.remaking import compare_released, make_again
from cartaudit.verification.results import compare_manifest, compare_results, maker_of
from cartaudit.verification.signatures import Signing, check_signatures, signed_fields
from cartaudit.verification.walking import TooMuchError, foreign_parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What whoever verifies has at hand: a house style, released checklists, overlays, certificates (PEM) to trust."""

    template_dir: Path | None = None
    released: Path | None = None
    overlays: tuple[bytes, ...] = ()
    trust: bytes | None = None


def verify(data: bytes, expected: Expected, begin: Callable[[], None] = lambda: None) -> Iterator[Check]:
    """Check a report; the last line is the conclusion. `begin` is called before the audit is made again."""
    lines: list[Check] = []
    for line in _steps(data, expected, begin):
        if isinstance(line, Check):
            lines.append(line)
            yield line
        elif lines and all(check.state is not State.FAILS for check in lines):
            yield _conclusion(lines, line)
        elif len(lines) > 1:
            yield failed("The report does not hold. Ask whoever sent it for the original.")


def _steps(data: bytes, expected: Expected, begin: Callable[[], None]) -> Iterator[Check | Signing]:
    """Give all lines, and at last what is to be said of the signatures."""
    contents = read_contents(data)
    if isinstance(contents, NoReport):
        yield failed(contents.why)
        return
    signed = signed_fields(data)
    parts = (*_ends(data), *_parts(data, signed))
    yield from parts
    signing = check_signatures(data, expected.trust)
    if contents.faults:
        yield from (failed(f"{name}: {fault}.") for name, fault in contents.faults.items())
    else:
        yield held(f"The {len(contents.files)} embedded files are those the manifest names.")
    if not contents.faults and all(check.state is not State.FAILS for check in parts):
        yield from _looked_at(data, contents, expected, signed, begin)
    yield from signing.lines
    yield signing


def _ends(data: bytes) -> Iterator[Check]:
    if not data.rstrip(b"\r\n \0").endswith(b"%%EOF"):
        yield failed("Something was added after the end of the PDF.")


def _parts(data: bytes, signed: Sequence[str]) -> Iterator[Check]:
    """Look over all that the PDF holds."""
    pdf = open_pdf(data)
    if isinstance(pdf, NoReport):
        yield failed(pdf.why)
        return
    with pdf:
        try:
            foreign = foreign_parts(pdf, signed=bool(signed))
        except TooMuchError as error:
            yield failed(f"The PDF is larger than any report: {error}.")
            return
        except (ValueError, TypeError, KeyError, RuntimeError) as error:
            yield failed(f"The PDF is not built as ours are: {one_line(error)}.")
            return
    if foreign:
        yield failed(f"The PDF holds what cartaudit never writes: {first_few(foreign, 5)}.")
    else:
        yield held("The PDF holds nothing but what cartaudit writes: no action, script, note, layer or added content.")


def _looked_at(
    data: bytes, contents: Contents, expected: Expected, signed: Sequence[str], begin: Callable[[], None]
) -> Iterator[Check]:
    """Look at the pages, and compare them and the files with those of the audit made again."""
    try:
        found = _look(data, contents, signed)
        hidden = tuple(_hidden(data, found))
    except LookingError as error:
        yield failed(str(error))
        return
    yield from hidden
    packed = unpack_checklists(contents.files[CHECKLISTS])
    if isinstance(packed, NoReport):
        yield failed(packed.why)
        return
    begin()
    try:
        home = expected.released or data_folder("checklists")
        yield from compare_released(packed, home, expected.overlays)
        yield from _made_again(data, contents, packed, expected, (found, signed))
    except (CartauditError, OSError) as error:
        yield failed(f"The audit cannot be made again from the embedded files: {one_line(error)}.")
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
        yield failed("The audit cannot be made again: the manifest or a file it names is not of the form of ours.")


def _look(data: bytes, contents: Contents, signed: Sequence[str]) -> Look:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        return look_at(pdf, data, contents, signed)


def _hidden(data: bytes, look: Look) -> Iterator[Check]:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield from hidden_parts(pdf, look.pages)


def _made_again(
    data: bytes, contents: Contents, packed: Packed, expected: Expected, seen: tuple[Look, Sequence[str]]
) -> Iterator[Check]:
    grounds = Grounds(
        same_version=maker_of(contents) == __version__,
        same_templates=template_hashes(expected.template_dir) == contents.manifest["templates"],
        same_renderer=renderer_versions() == contents.manifest["renderer"],
    )
    templates = expected.template_dir if grounds.same_templates else None
    with tempfile.TemporaryDirectory() as folder:
        try:
            remade = make_again(contents, packed, Path(folder), templates)
        except CartauditError as error:
            why = one_line(error).replace(folder, "the report")
            remade = failed(f"The audit cannot be made again from the embedded files: {why}.")
    if isinstance(remade, Check):
        yield remade
        return
    yield from compare_results(contents, remade)
    yield from compare_manifest(contents, remade)
    again = to_pdf(remade.job)
    if data == again:
        yield held(f"All {len(seen[0].pages)} pages are byte for byte those made from the embedded files.")
        yield from claimed_libraries(grounds)
        return
    ours = read_contents(again)
    if isinstance(ours, NoReport):
        yield failed(f"The report made again: {ours.why}")
        return
    yield from _compare(data, again, remade.report, grounds, (seen[0], _look(again, ours, seen[1])))


def _compare(data: bytes, again: bytes, report: Report, grounds: Grounds, looks: tuple[Look, Look]) -> Iterator[Check]:
    found, ours = looks
    yield from compare_pages(found, ours, report, grounds)
    yield from compare_descriptions(
        found.described, ours.described, same_version=grounds.same_version, same_renderer=grounds.same_renderer
    )
    if data.startswith(again):
        yield held("The report made again stands in the file byte for byte; what was added changes no page.")
    elif grounds.same_renderer:
        yield noted("The file was saved anew by another program.")


def _conclusion(lines: list[Check], signing: Signing) -> Check:
    left = [check for check in lines if check.state is State.NOT_COMPARED]
    if not left:
        return Check(state=signing.state, text=f"Consistent, {signing.origin}.")
    if all(check.text.startswith("Content holds;") for check in left):
        return not_compared(f"Content holds; layout not compared, {signing.origin}.")
    return not_compared(
        f"Nothing speaks against the report, but not all of it could be compared (see above), {signing.origin}."
    )
