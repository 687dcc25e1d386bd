"""Say where the house grows too large: `python scripts/structure.py` prints what is over the limits and exits 1.

Limits: a file of logic 300 lines (files that are nothing but tables are exempt), a function 40 lines (at most ten over
it), a folder 14 files, a public name one meaning (a class or constant of one name in two modules is two meanings).
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "cartaudit"
MOST_LINES, MOST_FUNCTION_LINES, MOST_FILES, LONG_FUNCTIONS = 300, 40, 14, 10
TABLE_SHARE = 0.8
"""A file of which this share of lines stands in assigned tables is a table, not logic."""

ENTRY_NAMES = frozenset({"command", "main", "FORMAT_VERSION"})
"""Names that a convention gives to many modules: a command of the command line, a version of a format."""


def modules() -> dict[Path, ast.Module]:
    """Parse every module of the package."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(ROOT.rglob("*.py"))}


def span(node: ast.stmt) -> int:
    """Count the lines of a statement."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_table(tree: ast.Module) -> bool:
    """Tell whether a module is nearly nothing but assigned tables."""
    lines = sum(map(span, tree.body))
    tables = sum(span(node) for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr))
    return lines > 0 and tables / lines >= TABLE_SHARE


def long_files(parsed: Mapping[Path, ast.Module]) -> Iterator[str]:
    """Name the files of logic over the limit."""
    for path, tree in parsed.items():
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > MOST_LINES and not is_table(tree):
            yield f"{path.relative_to(ROOT)}: {lines} lines"


def long_functions(parsed: Mapping[Path, ast.Module]) -> Iterator[str]:
    """Name the functions over the limit."""
    for path, tree in parsed.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and span(node) > MOST_FUNCTION_LINES:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {span(node)} lines"


def full_folders(parsed: Mapping[Path, ast.Module]) -> Iterator[str]:
    """Name the folders with more files than the limit; `__init__` is not counted."""
    files: dict[Path, int] = defaultdict(int)
    for path in parsed:
        files[path.parent] += path.name != "__init__.py"
    for folder, number in files.items():
        if number > MOST_FILES:
            yield f"{folder.relative_to(ROOT.parent)}: {number} files"


def ambiguous_names(parsed: Mapping[Path, ast.Module]) -> Iterator[str]:
    """Name the public classes and type aliases that two modules define."""
    defined: dict[str, list[str]] = defaultdict(list)
    for path, tree in parsed.items():
        for name in public_names(tree):
            defined[name].append(str(path.relative_to(ROOT)))
    for name, places in sorted(defined.items()):
        if len(places) > 1 and name not in ENTRY_NAMES:
            yield f"{name}: {', '.join(places)}"


def public_names(tree: ast.Module) -> Iterator[str]:
    """Give the public classes of a module, and its public names in capitals that hold a type or a table."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            if isinstance(target, ast.Name) and target.id[:1].isupper():
                yield target.id


def main() -> int:
    """Print what is over the limits."""
    parsed = modules()
    found = {
        f"Files of logic over {MOST_LINES} lines": (list(long_files(parsed)), 0),
        f"Functions over {MOST_FUNCTION_LINES} lines (at most {LONG_FUNCTIONS})": (
            list(long_functions(parsed)),
            LONG_FUNCTIONS,
        ),
        f"Folders over {MOST_FILES} files": (list(full_folders(parsed)), 0),
        "Public names with two meanings": (list(ambiguous_names(parsed)), 0),
    }
    for title, (lines, _) in found.items():
        print(f"{title}: {len(lines)}")
        for line in lines:
            print(f"  {line}")
    total = sum(path.read_text(encoding="utf-8").count("\n") for path in parsed)
    print(f"Package: {len(parsed)} files, {total} lines")
    return int(any(len(lines) > allowed for lines, allowed in found.values()))


if __name__ == "__main__":
    sys.exit(main())
