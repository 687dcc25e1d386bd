"""docs/content/decisions.md: what was decided about weights, and which protected requirements want a text."""

from cartaudit.catalogue.content import Content, sort_content
from cartaudit.catalogue.lint.weights import WORDS, carried, weight
from cartaudit.catalogue.reading import read_folder
from cartaudit.files import write_atomically
from cartaudit.resources import data_folder

_HEAD = """# Decisions about weights

A gate needs a label, an authority, a standard or a guideline that says just this; a critical at least the maker's
text; a major or minor at least a secondary source. What rests on proposals of this project alone is advice: judged,
shown and planned, it moves no verdict and no score. `checklists lint` refuses what weighs more than its texts carry,
unless it is protected (`checklists/protected.toml`) or decided here (`checklists/decisions.toml`, from which this
page is made).
"""


def decisions_page(content: Content) -> str:
    """Give the page as Markdown."""
    requirements = {r.id: r for r in content.all_requirements()}
    lines = [_HEAD, "## Decided\n"]
    for one in content.decisions:
        lines.append(f"### {', '.join(one.requirements)}\n")
        lines += [f"- {name} {requirements[name].title}" for name in one.requirements]
        said = (f"{one.old} before, {one.new} now. {one.reason}", f"Searched: {one.searched}")
        lines += ["", *(f"{text}\n" for text in (*said, f"If this is wrong: {one.harm}"))]
    wanted = [r for p in content.protected if (r := requirements[p.id]) and weight(r) < carried(r)]
    lines += ["## Texts wanted\n", "These keep their weight although no text that was read carries it.\n"]
    lines += ["| requirement | weighs | its texts carry |", "|---|---|---|"]
    lines += [f"| {r.id} {r.title} | {WORDS[weight(r)]} | {WORDS[carried(r)]} |" for r in wanted]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write docs/content/decisions.md of the checkout."""
    folder = data_folder("checklists")
    content, _ = sort_content(read_folder(folder))
    page = folder.parent / "docs" / "content" / "decisions.md"
    write_atomically(page, decisions_page(content).encode("utf-8"))


if __name__ == "__main__":
    main()
