"""The public API: what `import cartaudit` gives. It composes `pipeline` for callers, and adds no judgement."""

from collections.abc import Sequence
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Literal

from cartaudit.errors import CartauditError
from cartaudit.model.audit import Audit
from cartaudit.model.checklists import Catalogue
from cartaudit.model.submission import Rejected
from cartaudit.pipeline import AuditOptions, audit_bytes, load_catalogue, parse_selection, read_mapping, render

__all__ = ["Format", "RejectedError", "Workbook", "audit", "load_catalogue", "report"]

Workbook = str | PathLike[str] | bytes
"""A workbook by its path, or its bytes."""

Format = Literal["pdf", "html", "xlsx", "csv", "json", "md"]


class RejectedError(CartauditError):
    """A file cannot be audited; `rejected` holds the problems that say why."""

    def __init__(self, rejected: Rejected) -> None:
        super().__init__(" ".join(str(problem) for problem in rejected.problems))
        self.rejected = rejected


def audit(
    workbook: Workbook,
    *,
    as_of: date | None = None,
    checklists: Sequence[str] = (),
    columns: str | PathLike[str] | None = None,
    catalogue: Catalogue | None = None,
) -> Audit:
    """Read and judge one workbook. What stands in it never raises, except where it cannot be audited at all.

    `as_of` is the day the centre is judged on, by default today. `checklists` names them by id, an edition after `@`
    ("jacie@8"); without them the workbook's profile decides. `columns` is a column map (TOML) for a workbook in a
    centre's own layout. Without a `catalogue` the checklists that come with cartaudit are read; load one
    (`load_catalogue`) for many calls in a row.

    Raises RejectedError for a file that cannot be audited, OSError for one that cannot be opened, ChecklistError,
    UnknownChecklistError, and MappingError for a column map that cannot be used.
    """
    data, name = _read(workbook)
    catalogue = catalogue if catalogue is not None else load_catalogue()
    return _judged(data, name, catalogue, _options(as_of, checklists), columns)


def report(
    workbook: Workbook,
    form: Format = "pdf",
    *,
    as_of: date | None = None,
    checklists: Sequence[str] = (),
    columns: str | PathLike[str] | None = None,
    catalogue: Catalogue | None = None,
    audience: Literal["centre", "commissioner"] = "centre",
    detail: Literal["full", "exceptions"] = "full",
    template_dir: str | PathLike[str] | None = None,
) -> bytes:
    """Read and judge one workbook, and give its report in one format, byte for byte as the command `report` writes it.

    Raises what `audit` raises, and RenderError.
    """
    data, name = _read(workbook)
    catalogue, options = catalogue if catalogue is not None else load_catalogue(), _options(as_of, checklists)
    files = render(
        _judged(data, name, catalogue, options, columns),
        catalogue,
        data,
        options,
        (form,),
        detail=detail,
        audience=audience,
        template_dir=Path(template_dir) if template_dir is not None else None,
        mapping=Path(columns).read_bytes() if columns is not None else b"",
    )
    return files[form]


def _read(workbook: Workbook) -> tuple[bytes, str]:
    if isinstance(workbook, bytes):
        return workbook, "workbook.xlsx"
    path = Path(workbook)
    return path.read_bytes(), path.name


def _options(as_of: date | None, checklists: Sequence[str]) -> AuditOptions:
    today = date.today()
    return AuditOptions(
        as_of=as_of if as_of is not None else today,
        as_of_is_today=as_of is None or as_of == today,
        selection=parse_selection(checklists),
    )


def _judged(
    data: bytes, name: str, catalogue: Catalogue, options: AuditOptions, columns: str | PathLike[str] | None
) -> Audit:
    mapping = read_mapping(Path(columns)) if columns is not None else None
    found = audit_bytes(data, name, catalogue, options, mapping)
    if isinstance(found, Rejected):
        raise RejectedError(found)
    return found
