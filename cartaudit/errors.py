"""Exceptions: raised only where a stage cannot go on; what a person can fix in a workbook is a Problem."""


class CartauditError(Exception):
    """Base of every error cartaudit raises on purpose; its message names place, fault and remedy."""


class ChecklistError(CartauditError):
    """Checklist content or an overlay cannot be used; carries every lint message found in the pass."""

    def __init__(self, message: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.details = details


class UnknownChecklistError(CartauditError):
    """A checklist, edition or requirement was named that the catalogue does not hold (a usage error)."""


class MappingError(CartauditError):
    """A column map cannot be used (a usage error)."""


class WorkbookError(CartauditError):
    """A workbook could not be written or copied."""


class RenderError(CartauditError):
    """A report could not be rendered or written."""


class OutputError(CartauditError):
    """An output was not written: what is there is kept, or the disk did not take it."""


class InputAsOutputError(CartauditError):
    """A file that is read was named as an output (a usage error)."""


class SigningError(CartauditError):
    """A report cannot be signed with the key that was given, or signing is not installed (a usage error)."""
