"""WeasyPrint, imported in less time than it takes by itself, and seeing our fonts alone."""

import ctypes.util
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

from cartaudit.errors import RenderError
from cartaudit.report.fonts import fonts_folder

_REMEDIES = {
    "linux": "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "darwin": "brew install pango",
    "win32": "install MSYS2, then: pacman -S mingw-w64-ucrt-x86_64-pango",
}


def load_weasyprint() -> Any:
    """Import WeasyPrint so that it sees our fonts alone; raises RenderError with the remedy where Pango is missing."""
    os.environ["FONTCONFIG_FILE"] = str(fonts_folder() / "fonts.conf")
    try:
        with _no_probing(), _deferred(_FONT_TOOLS):
            import weasyprint
    except OSError as error:
        remedy = _REMEDIES.get(sys.platform, "install the Pango libraries")
        raise RenderError(f"The PDF renderer needs Pango, which is not installed. Remedy: {remedy}.") from error
    if not weasyprint.__version__.startswith("70."):
        raise RenderError(f"WeasyPrint {weasyprint.__version__} is installed, cartaudit needs 70. Reinstall cartaudit.")
    return weasyprint


def renderer_versions() -> dict[str, str]:
    """Name the libraries on which the look of a page depends: the same versions give the same bytes."""
    weasyprint = load_weasyprint()
    from weasyprint.text.ffi import pango

    number = pango.pango_version()
    return {"weasyprint": weasyprint.__version__, "pango": f"{number // 10000}.{number // 100 % 100}.{number % 100}"}


@contextmanager
def _no_probing() -> Iterator[None]:
    """Keep `find_library` from starting compilers during the import: on Linux that is half of its time.

    The libraries are then found by their file names, as the dynamic linker does anyway.
    """
    if sys.platform != "linux" or "weasyprint" in sys.modules:
        yield
        return
    probe = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = probe


_FONT_TOOLS = {
    "fontTools.subset": ("Options", "Subsetter"),
    "fontTools.varLib.instancer": ("instantiateVariableFont",),
}
"""What WeasyPrint imports of fontTools for fonts that HarfBuzz cannot subset and for variable ones: none of ours."""


@contextmanager
def _deferred(modules: Mapping[str, tuple[str, ...]]) -> Iterator[None]:
    """Let some functions of modules be imported by name without loading the modules before they are called.

    The two modules of fontTools are a quarter of the time that importing WeasyPrint takes.
    """
    stand_ins = {name: _stand_in(name, members) for name, members in modules.items() if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _stand_in(name: str, members: tuple[str, ...]) -> ModuleType:
    module = ModuleType(name)
    for member in members:
        setattr(module, member, _Deferred(name, member))
    return module


@dataclass(frozen=True, slots=True)
class _Deferred:
    """A function or class of a module that is loaded when it is called."""

    module: str
    member: str

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Load the module and call what this stands for."""
        return getattr(import_module(self.module), self.member)(*arguments, **options)
