"""Small workbooks spelled in five ways, and seeded changes of their XML: what a sheet may look like on the wire."""

import random
import re
from collections.abc import Callable
from typing import NamedTuple

from builders_faults import archive, parts_of
from builders_sheets import MAIN, workbook_of

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
FORMATS = ("General", "yyyy-mm-dd", "0.00", "h:mm", "[h]:mm:ss", "0%")

Parts = dict[str, str]
"""The texts that may be changed: `sheet`, `strings` (the items of the shared table), and other parts by their names."""

_INLINE = """<row r="1"><c r="A1" t="inlineStr"><is><t>Id</t></is></c>
<c r="B1" t="inlineStr"><is><t>Answer</t></is></c>
<c r="C1" t="inlineStr"><is><t xml:space="preserve"> Unit </t></is></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>warmest</t></is></c><c r="B2"><v>-150.5</v></c>
<c r="C2" s="2"><v>12</v></c></row>
<row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4" s="1"><v>46000</v></c>
<c r="D4" t="str"><f>A2</f><v>Yes</v></c></row>
<row r="5" hidden="1"><c r="A5" s="3"><v>0.5</v></c><c r="B5" t="e"><v>#N/A</v></c>
<c r="C5"><f>1+1</f><v>2</v></c></row>
<row r="7"><c r="A7" s="1"/><c r="B7" t="inlineStr"><is><t>No</t></is></c><c r="C7" t="d"><v>2026-05-04</v></c></row>"""

_SHARED = """<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>
<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2"><v>-150.5</v></c><c r="C2" s="2"><v>12</v></c></row>
<row r="4"><c r="A4" t="b"><v>0</v></c><c r="B4" s="1"><v>46000</v></c><c r="D4" t="str"><f>A2</f><v>Yes</v></c></row>
<row r="7"><c r="A7" s="1"/><c r="B7" t="s"><v>4</v></c><c r="C7" t="s"><v>1</v></c></row>"""

_STRINGS = "<si><t>Id</t></si><si><t>Answer</t></si><si><t xml:space='preserve'> Unit </t></si><si><t>warmest</t></si>"
_PLAIN = _STRINGS + "<si><t>No</t></si>"
_RICH = (
    _STRINGS.replace("<si><t>Answer</t></si>", "<si><t>Answer</t><rPh sb='0' eb='1'><t>kana</t></rPh></si>")
    + "<si><r><rPr><b/></rPr><t>No</t></r><r><t xml:space='preserve'> more</t></r><phoneticPr fontId='1'/></si>"
)


def _sheet(rows: str, namespace: str = MAIN) -> str:
    return (
        f'<worksheet xmlns="{namespace}"><cols><col min="3" max="3" width="9"/></cols><sheetData>{rows}</sheetData>'
        '<mergeCells count="1"><mergeCell ref="E1:F2"/></mergeCells></worksheet>'
    )


def _prefixed(sheet: str) -> str:
    return re.sub(r"(</?)([a-zA-Z]+)", r"\1x:\2", sheet).replace("xmlns=", "xmlns:x=")


BASES: dict[str, Parts] = {
    "inline": {"sheet": _sheet(_INLINE), "strings": ""},
    "shared": {"sheet": _sheet(_SHARED), "strings": _PLAIN},
    "rich": {"sheet": _sheet(_SHARED), "strings": _RICH},
    "prefixed": {"sheet": _prefixed(_sheet(_INLINE)), "strings": ""},
    "strict": {"sheet": _sheet(_SHARED, STRICT), "strings": _PLAIN},
}


def packed(parts: Parts, encoding: str = "utf-8") -> bytes:
    """Pack the parts into a workbook, the sheet in an encoding; a part `OLD -> NEW` bears a new name."""
    declared = "" if encoding == "utf-8" else f'<?xml version="1.0" encoding="{encoding}"?>'
    sheet = f"{declared}{parts['sheet']}".encode(encoding, "xmlcharrefreplace")
    data = workbook_of(sheet, parts["strings"], FORMATS)
    if len(parts) == 2:
        return data
    written = parts_of(data)
    for name, text in parts.items():
        old, _, new = name.partition(" -> ")
        if new:
            written[new] = written.pop(old)
        elif name not in ("sheet", "strings"):
            written[name] = text.encode()
    return archive(written)


_TAG = r"<(/?)((?:x:)?)(row|c|v|is|t|r|f|sheetData|si|rPr|rPh)\b([^<>]*?)(/?)>"


def _tags(text: str, *names: str) -> list[re.Match[str]]:
    return [m for m in re.finditer(_TAG, text) if not names or m[3] in names]


def _element(rng: random.Random, text: str, *names: str) -> tuple[int, int] | None:
    """Choose an element of some names, and give where it begins and ends."""
    opens = [m for m in _tags(text, *names) if not m[1]]
    if not opens:
        return None
    start = rng.choice(opens)
    if start[5]:
        return start.start(), start.end()
    end = re.compile(rf"</{start[2]}{start[3]}>").search(text, start.end())
    return (start.start(), end.end()) if end else None


def _on_element(change: Callable[[random.Random, str], str], *names: str) -> Callable[[random.Random, Parts], None]:
    def mutate(rng: random.Random, parts: Parts) -> None:
        part = rng.choice(["sheet", "strings"]) if names and set(names) & {"t", "r", "si", "rPr", "rPh"} else "sheet"
        span = _element(rng, parts[part], *names)
        if span:
            text = parts[part]
            parts[part] = text[: span[0]] + change(rng, text[span[0] : span[1]]) + text[span[1] :]

    return mutate


def _first_tag(text: str, change: Callable[[str], str]) -> str:
    end = text.index(">")
    return change(text[:end]) + text[end:]


def _renamed(new: str, declared: str) -> Callable[[random.Random, str], str]:
    """Give an element, its end and all of its name in it another name, declared at its start."""

    def change(_: random.Random, text: str) -> str:
        name = re.match(r"<((?:x:)?(\w+))", text)
        assert name
        renamed = new.format(name[2])
        text = re.sub(rf"<(/?){name[1]}\b", rf"<\1{renamed}", text)
        return text.replace(f"<{renamed}", f"<{renamed}{declared}", 1)

    return change


def _attribute(name: str, *values: str) -> Callable[[random.Random, str], str]:
    def change(rng: random.Random, text: str) -> str:
        value = rng.choice(values)

        def put(tag: str) -> str:
            bare = re.sub(rf'\s{name}="[^"]*"', "", tag)
            closing = "/" if bare.endswith("/") else ""
            bare = bare.removesuffix("/")
            return f"{bare}{f' {name}={chr(34)}{value}{chr(34)}' if value != '-' else ''}{closing}"

        return _first_tag(text, put)

    return change


def _inside(*insertions: str) -> Callable[[random.Random, str], str]:
    def change(rng: random.Random, text: str) -> str:
        places = [m.end() for m in re.finditer(r">", text)][:-1] or [0]
        at = rng.choice(places)
        return text[:at] + rng.choice(insertions) + text[at:] if at else text

    return change


def _wrapped(before: str, after: str) -> Callable[[random.Random, str], str]:
    return lambda _, text: f"{before}{text}{after}"


def _text_as(form: Callable[[str], str]) -> Callable[[random.Random, str], str]:
    def change(_: random.Random, text: str) -> str:
        return re.sub(r">([^<>]+)<", lambda m: f">{form(m[1])}<", text, count=1)

    return change


def _moved(rng: random.Random, parts: Parts) -> None:
    """Put a row or cell somewhere else in the sheet."""
    text = parts["sheet"]
    span = _element(rng, text, rng.choice(["row", "c"]))
    if span:
        piece, rest = text[span[0] : span[1]], text[: span[0]] + text[span[1] :]
        places = [m.end() for m in _tags(rest)]
        at = rng.choice(places)
        parts["sheet"] = rest[:at] + piece + rest[at:]


def _copied(rng: random.Random, parts: Parts) -> None:
    """Let an element stand twice."""
    part = rng.choice(["sheet", "sheet", "strings"])
    span = _element(rng, parts[part])
    if span:
        text = parts[part]
        parts[part] = text[: span[1]] + text[span[0] : span[1]] + text[span[1] :]


def _dropped(rng: random.Random, parts: Parts) -> None:
    """Take an element out."""
    part = rng.choice(["sheet", "sheet", "strings"])
    span = _element(rng, parts[part])
    if span:
        parts[part] = parts[part][: span[0]] + parts[part][span[1] :]


def _in_tag(pattern: str, replacement: str) -> Callable[[random.Random, str], str]:
    return lambda _, text: _first_tag(text, lambda tag: re.sub(pattern, replacement, tag, count=1))


def _changed_value(rng: random.Random, text: str) -> str:
    return re.sub(r">[^<>]*<", f">{rng.choice(VALUES)}<", text, count=1)


_PACKAGE = {name: text.decode() for name, text in parts_of(workbook_of(_sheet(_INLINE), _PLAIN, FORMATS)).items()}


def _in_part(part: str, *changes: tuple[str, str]) -> Callable[[random.Random, Parts], None]:
    """Change a part of the package; where a sign or word stands more than once, at a place drawn at random."""

    def mutate(rng: random.Random, parts: Parts) -> None:
        text = parts.get(part, _PACKAGE[part])
        old, new = rng.choice(changes)
        places = [m.start() for m in re.finditer(re.escape(old), text)]
        if places:
            at = rng.choice(places)
            parts[part] = text[:at] + new + text[at + len(old) :]

    return mutate


def _renamed_part(rng: random.Random, parts: Parts) -> None:
    old = rng.choice([WORKBOOK, FORMATS_PART, "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
    new = rng.choice([old.upper(), old.title(), old.replace("/", "\\"), f"/{old}", old.replace(".xml", "9.xml")])
    if old not in parts:
        parts[f"{old} -> {new}"] = ""


WORKBOOK, RELATIONS, FORMATS_PART = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TRANSITIONAL_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TARGET = 'Target="worksheets/sheet1.xml"'
_TARGETS = (
    "/xl/worksheets/sheet1.xml",
    "./worksheets/sheet1.xml",
    "../xl/worksheets/sheet1.xml",
    "worksheets\\sheet1.xml",
    "WORKSHEETS/Sheet1.XML",
    "/worksheets/sheet1.xml",
    "../worksheets/sheet1.xml",
    "styles.xml",
)
_MORE_SHEETS = (
    '<sheet name="T" sheetId="2" r:id="r1"/></sheets>',
    '<sheet name="s" sheetId="2" r:id="r9"/></sheets>',
    "</sheets><sheets/>",
    '<x:sheet xmlns:x="urn:o" name="T" r:id="r1"/></sheets>',
)
_SECOND_RELATIONS = tuple(
    f'<Relationship Id="{number}" Type="{_TRANSITIONAL_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    for number, kind, target in (
        ("r1", "worksheet", "worksheets/sheet1.xml"),
        ("r9", "sharedStrings", "styles.xml"),
        ("r9", "styles", "sharedStrings.xml"),
        ("r9", "theme", "theme.xml"),
    )
)
_SHEET_KINDS = tuple(("worksheet", kind) for kind in ("chartsheet", "dialogsheet", "xlMacrosheet", "styles", "other"))
_FORMAT_CHANGES = (
    ("<cellXfs>", '<cellXfs><xf numFmtId="14"/>'),
    ("<cellXfs>", "<cellXfs><odd/>"),
    ("<cellXfs>", '<cellXfs/><cellXfs count="9">'),
    ('numFmtId="201"', 'numFmtId="14"'),
    ('numFmtId="201"', 'numFmtId="200"'),
    ('numFmtId="201"', 'numFmtId="999"'),
    ('numFmtId="201"', 'numFmtId="201" applyNumberFormat="0"'),
    ('fontId="0"', 'fontId="7"'),
    ("yyyy-mm-dd", "0.0"),
    ("0.00", "[h]:mm"),
)
_KINDS = tuple((f"{_TRANSITIONAL_OFFICE}/{kind}", f"{_STRICT_OFFICE}/{kind}") for kind in ("worksheet", "styles"))
_EPOCHS = tuple(('date1904="0"', f'date1904="{value}"') for value in ("1", "true", "false", "TRUE", "2", "on", ""))

PLACES = ("-", "A1", "B2", "ZZ9", "a2", "$A$2", "0", "3", "B0", "XFE1", "1048577", "")
VALUES = ("-1", "99", "1.5", "1e2", "", " 3 ", "0x1", "1,5", "NaN", "TRUE", "1_0", "0")
STYLES = ("-", "0", "1", "3", "5", "99", "-1", "1.0", "", " 1")
TYPES = ("-", "s", "str", "inlineStr", "n", "b", "d", "e", "x", "S", "")
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_ALTERNATE = f"<mc:AlternateContent {_MC}><mc:Choice Requires='x14'>", "</mc:Choice></mc:AlternateContent>"
_EXTENSION = "<extLst><ext uri='a'>", "</ext></extLst>"
_PHONETIC = "<rPh sb='0' eb='1'>", "</rPh>"
_FORMULAS = ("<f>1+1</f>", "<f/>", '<f t="shared" si="0">A1</f>', '<f t="shared" si="0"/>')
_SECOND = ("<v>0</v>", "<v/>", "<is/>", "<is><t>No</t></is>")
_ELEMENTS = ("<b/>", "<t>No</t>", "<v>9</v>", "<r><t>No</t></r>")
_PARTS = ("row", "c", "v", "is", "t", "sheetData")
_TEXTS = ("row", "c", "is", "r", "sheetData", "si", "rPh", "rPr")

MUTATIONS: dict[str, Callable[[random.Random, Parts], None]] = {
    "other prefix": _on_element(_renamed("y:{}", f' xmlns:y="{MAIN}"'), *_PARTS),
    "strict among transitional": _on_element(_renamed("z:{}", f' xmlns:z="{STRICT}"'), *_PARTS),
    "foreign namespace": _on_element(_renamed("q:{}", ' xmlns:q="urn:other"'), *_PARTS),
    "no namespace": _on_element(_attribute("xmlns", ""), *_PARTS),
    "default redefined": _on_element(_attribute("xmlns", MAIN, STRICT, "urn:other"), *_PARTS),
    "alternate content": _on_element(_wrapped(*_ALTERNATE), *_PARTS),
    "extension": _on_element(_wrapped(*_EXTENSION), *_PARTS),
    "comment": _on_element(_inside("<!-- No -->", "<!-- -->"), *_PARTS),
    "instruction": _on_element(_inside("<?other No?>"), *_PARTS),
    "cdata": _on_element(_text_as("<![CDATA[{}]]>".format), "v", "t"),
    "references": _on_element(_text_as(lambda text: "".join(f"&#{ord(c)};" for c in text)), "v", "t"),
    "hexadecimal references": _on_element(_text_as(lambda text: "".join(f"&#x{ord(c):X};" for c in text)), "v", "t"),
    "stray text": _on_element(_inside("No", " No ", "12"), *_TEXTS),
    "element in a text": _on_element(_inside(*_ELEMENTS), "t", "v", "is", "si"),
    "phonetic around": _on_element(_wrapped(*_PHONETIC), "t", "r", "row", "c"),
    "run around": _on_element(_wrapped("<r>", "</r>"), "t", "v"),
    "place": _on_element(_attribute("r", *PLACES), "c", "row"),
    "type": _on_element(_attribute("t", *TYPES), "c"),
    "format": _on_element(_attribute("s", *STYLES), "c"),
    "value": _on_element(_changed_value, "v"),
    "hidden": _on_element(_attribute("hidden", "1", "true", "0", "yes"), "row"),
    "moved": _moved,
    "copied": _copied,
    "dropped": _dropped,
    "cell in a cell": _on_element(_inside('<c r="F9"><v>7</v></c>'), "c", "v", "row"),
    "attribute of the namespace": _on_element(_in_tag(r'\sr="', f' xmlns:w="{MAIN}" w:r="'), "c", "row"),
    "attribute twice": _on_element(_in_tag(r"(<\S+)", r'\1 t="n" t="s"'), "c"),
    "formula": _on_element(_inside(*_FORMULAS), "c"),
    "second value": _on_element(_inside(*_SECOND), "c"),
    "doctype": lambda _, parts: parts.update(sheet=f"<!DOCTYPE a>{parts['sheet']}"),
    "target": _in_part(RELATIONS, *((_SHEET_TARGET, f'Target="{target}"') for target in _TARGETS)),
    "relation twice": _in_part(RELATIONS, *(("</Relationships>", second) for second in _SECOND_RELATIONS)),
    "strict relation": _in_part(RELATIONS, *_KINDS, (f"{_TRANSITIONAL_OFFICE}/worksheet", "urn:other/worksheet")),
    "other kind of sheet": _in_part(RELATIONS, *((f"/{a}", f"/{b}") for a, b in _SHEET_KINDS)),
    "name of a part": _renamed_part,
    "days": _in_part(WORKBOOK, *_EPOCHS),
    "properties twice": _in_part(WORKBOOK, ("<sheets>", '<workbookPr date1904="1"/><sheets>')),
    "more sheets": _in_part(WORKBOOK, *(("</sheets>", more) for more in _MORE_SHEETS)),
    "number of the sheet": _in_part(WORKBOOK, ('r:id="r1"', 'r:id="r2"'), ('r:id="r1"', 'r:id=""'), ("r:id", "id")),
    "formats": _in_part(FORMATS_PART, *_FORMAT_CHANGES),
    "spaces": _on_element(_inside(" ", "\n", "\t"), *_PARTS),
}
"""Every change by name; each is made at a place drawn at random, and may leave the parts as they are."""

ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-16", "iso-8859-1")


class Mutated(NamedTuple):
    """A changed workbook: what was done to it, its bytes, and the same with transitional namespaces for openpyxl."""

    done: str
    data: bytes
    transitional: bytes


def mutated(seed: int) -> Mutated:
    """Change one of the workbooks one to three times."""
    rng = random.Random(seed)
    base = rng.choice(list(BASES))
    parts = dict(BASES[base])
    done = [rng.choice(list(MUTATIONS)) for _ in range(rng.choice([1, 1, 2, 3]))]
    for name in done:
        MUTATIONS[name](rng, parts)
    encoding = rng.choice(ENCODINGS)
    return Mutated(
        f"{seed} {base} {encoding}: {', '.join(done)}", packed(parts, encoding), packed(transitional(parts), encoding)
    )


def transitional(parts: Parts) -> Parts:
    """Give the parts with the namespace that every reader knows."""
    return {
        name: text.replace(STRICT, MAIN).replace(_STRICT_OFFICE, _TRANSITIONAL_OFFICE) for name, text in parts.items()
    }
