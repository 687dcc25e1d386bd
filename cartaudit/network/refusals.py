"""What a run refuses to write over, before it begins: workbooks, and files that no run wrote into its folder."""

import os
from collections.abc import Sequence
from pathlib import Path

from cartaudit.errors import CartauditError
from cartaudit.model.text import one_line
from cartaudit.network.finding import Found, workbooks_in
from cartaudit.network.placing import BATCH_FILE, in_the_way
from cartaudit.network.rolling import NETWORK_FILES

_NAMED = 5


def refuse_overwriting(paths: Sequence[Path], found: Found, out: Path) -> None:
    """Refuse to write where workbooks lie. Raises CartauditError that names one."""
    target = os.path.realpath(out)
    if any(os.path.realpath(path) == target for path in paths):
        raise CartauditError(f"{out} is handed in itself, and is never written over. Name another folder after -o.")
    readable = (site for site in found.sites if not site.fault)
    inside = [site.file for site in readable if str(Path(os.path.realpath(site.path)).parent) == target]
    if found.met_output:
        inside += [str(path) for path in workbooks_in(out) if path.parent != out or in_the_way(out, [path.name])]
    if inside:
        name = one_line(inside[0])
        raise CartauditError(f"{out} holds the workbook {name}, which is never written over. Name another folder.")


def refuse_foreign(found: Found, formats: Sequence[str], out: Path) -> None:
    """Refuse to write over files that no run here wrote, or that people worked in since. Raises CartauditError."""
    names = [f"{site.name}.{form}" for site in found.sites for form in formats if not site.fault]
    refuse_in_the_way(out, [*names, BATCH_FILE, *NETWORK_FILES])


def refuse_in_the_way(out: Path, names: Sequence[str]) -> None:
    """Refuse to write over what is not ours. Raises CartauditError that names it."""
    there = in_the_way(out, names)
    if there:
        more = f" and {len(there) - _NAMED} more" if len(there) > _NAMED else ""
        listed = ", ".join(one_line(str(out / name)) for name in there[:_NAMED])
        raise CartauditError(
            f"{listed}{more}: not written by a run into this folder, or changed since. Nothing was written. Move "
            f"{'it' if len(there) == 1 else 'them'} away, name another folder after -o, or add --force to write over."
        )
