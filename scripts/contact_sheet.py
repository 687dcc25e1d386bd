"""Make a contact sheet of the first pages of a PDF: `contact_sheet.py report.pdf docs/images/report.png`.

Needs pdftoppm (poppler-utils) and Pillow; neither is needed to use cartaudit.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

PAGES, COLUMNS, GAP = 6, 3, 12


def main(pdf: Path, picture: Path) -> None:
    """Draw six pages, three in a row, on grey, with few colours so that the file stays small."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", "62", "-l", str(PAGES), "-png", str(pdf), f"{folder}/page"]
        subprocess.run(command, check=True)
        pages = [Image.open(path).convert("RGB") for path in sorted(Path(folder).iterdir())]
    width, height = pages[0].size
    rows = -(-len(pages) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP), "#C6D0D6")
    for number, page in enumerate(pages):
        across, down = number % COLUMNS, number // COLUMNS
        sheet.paste(page, (GAP + across * (width + GAP), GAP + down * (height + GAP)))
    picture.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(96, method=Image.Quantize.MAXCOVERAGE).save(picture, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
