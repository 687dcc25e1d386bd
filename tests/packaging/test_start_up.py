import subprocess
import sys

HEAVY = ("weasyprint", "openpyxl", "cerberus", "jinja2", "pikepdf", "rich")


def _imported(*arguments: str) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cartaudit", *arguments], capture_output=True, text=True, check=True
    )
    lines = (line.rsplit("|", 1)[-1].strip() for line in ran.stderr.splitlines() if line.startswith("import time:"))
    return {name.partition(".")[0] for name in lines}


def test_help_imports_no_heavy_library() -> None:
    assert _imported("--help").isdisjoint(HEAVY)


def test_version_imports_no_heavy_library() -> None:
    assert _imported("--version").isdisjoint(HEAVY)
