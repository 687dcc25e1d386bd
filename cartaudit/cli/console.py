"""The console: text reaches it in whatever encoding it has, and what that lacks is shown, never a crash."""

import codecs
import io
import os
import sys
from contextlib import suppress
from functools import cache

import click

_HANDLER = "cartaudit.shown"
_ASCII = "cartaudit_ascii"
"""ASCII by another name: click takes a console that says `ascii` for misconfigured, and writes UTF-8 to it."""

_GIVES_UP = ("strict", "surrogateescape")
"""Ways to handle what an encoding lacks that may end in an error; all others were chosen by somebody, and are kept."""

_PLAIN = str.maketrans({"–": "-", "—": "-", "−": "-", "…": "...", "‘": "'", "’": "'", "“": '"', "”": '"', "≥": ">=",
                        "≤": "<=", "×": "x", "\u00a0": " ", "\u202f": " ", "\u2011": "-"})  # fmt: skip
"""What reads the same in ASCII."""


def prepare_console() -> None:
    """Let standard output and standard error take every text: what they lack comes out as `[U+XXXX]`."""
    _register()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            errors = _HANDLER if stream.errors in _GIVES_UP else stream.errors
            stream.reconfigure(encoding=_ASCII if _is_ascii(stream.encoding) else stream.encoding, errors=errors)


def end_output(code: int, *, closed: int, failed: int) -> int:
    """Send off what is still to be printed; gives `code`, or another where nobody reads on or there is no room."""
    if sys.stdout is None:
        return code
    try:
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        outcome = closed
    except OSError as error:
        if code != failed:  # else it has been said
            click.echo(f"Error: standard output: {error.strerror or error}.", err=True)
        outcome = failed
    with suppress(OSError, ValueError):  # else the interpreter tries again when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return outcome


def _is_ascii(encoding: str) -> bool:
    with suppress(LookupError):
        return codecs.lookup(encoding).name == "ascii"
    return False


@cache
def _register() -> None:
    codecs.register_error(_HANDLER, _shown)
    codecs.register(_find_ascii)


def _shown(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].translate(_PLAIN)
    return "".join(c if c.isascii() else f"[U+{ord(c):04X}]" for c in lacking), error.end


def _find_ascii(name: str) -> codecs.CodecInfo | None:
    if name != _ASCII:
        return None
    plain = codecs.lookup("ascii")
    return codecs.CodecInfo(
        encode=plain.encode,
        decode=plain.decode,
        incrementalencoder=plain.incrementalencoder,
        incrementaldecoder=plain.incrementaldecoder,
        streamreader=plain.streamreader,
        streamwriter=plain.streamwriter,
        name=_ASCII,
    )
