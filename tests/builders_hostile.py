"""PDF files made to break whoever reads them: loops, bombs, depths, wrong kinds; each built on a report of ours."""

import io
import json
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from builders_forgeries import replace
from pikepdf import Array, Dictionary, Name, Stream, String

Change = Callable[[pikepdf.Pdf], None]


def hostile(report: bytes, change: Change) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def _contents(data: bytes) -> Change:
    return lambda pdf: pdf.pages[0].obj.Contents.write(data)


def _bomb(size: int, filling: bytes = b" ") -> bytes:
    """Deflate data that swells to so many bytes, a megabyte at a time."""
    packer = zlib.compressobj(9)
    block = filling * (1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


def _contents_bomb(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Contents.write(_bomb(2 << 30), filter=Name.FlateDecode)


def _doubled_bomb(pdf: pikepdf.Pdf) -> None:
    twice = zlib.compress(_bomb(2 << 30, b"\0"))
    pdf.pages[0].obj.Contents.write(twice, filter=Array([Name.FlateDecode, Name.FlateDecode]))


def _attachment_bomb(name: str) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.attachments[name].get_file().obj.write(_bomb(2 << 30), filter=Name.FlateDecode)

    return change


def _file(name: str, data: bytes) -> Change:
    return lambda pdf: replace(pdf, name, data, in_manifest=name != "manifest.json")


def _zip_bomb() -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.toml", "w", force_zip64=True) as file,
    ):
        for _ in range(1 << 10):
            file.write(b"#" * (1 << 20))
    return out.getvalue()


def _many_members() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"{number}.toml", b"")
    return out.getvalue()


def _zip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def _kids_loop(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)


def _kids_many(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    pdf.Root.Pages.Kids = Array([page] * 200_000)
    pdf.Root.Pages.Count = 200_000


def _form_in_itself(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"/X Do /X Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.Resources = Dictionary(XObject=Dictionary(X=form))
    pdf.pages[0].resources.XObject = Dictionary(X=form)
    pdf.pages[0].obj.Contents.write(b"/X Do")


def _forms_doubling(pdf: pikepdf.Pdf) -> None:
    """Forty forms, each of which draws the next one twice."""
    form = pdf.make_stream(b"0 0 1 1 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    for _ in range(40):
        resources = Dictionary(XObject=Dictionary(X=form))
        kind = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 9, 9]), "Resources": resources}
        form = pdf.make_stream(b"/X Do /X Do", **kind)
    pdf.pages[0].resources.XObject = Dictionary(X=form)
    pdf.pages[0].obj.Contents.write(b"/X Do")


def _names_loop(pdf: pikepdf.Pdf) -> None:
    tree = pdf.make_indirect(Dictionary())
    tree.Kids = Array([tree])
    pdf.Root.Names.EmbeddedFiles = tree


def _names_doubling(pdf: pikepdf.Pdf) -> None:
    tree = pdf.make_indirect(Dictionary(Names=Array([])))
    for _ in range(40):
        tree = pdf.make_indirect(Dictionary(Kids=Array([tree, tree])))
    pdf.Root.Names.EmbeddedFiles = tree


def _structure_doubling(pdf: pikepdf.Pdf) -> None:
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, K=0))
    for _ in range(40):
        element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, K=Array([element, element])))
    pdf.Root.StructTreeRoot.K = element


def _structure_loop(pdf: pikepdf.Pdf) -> None:
    element = pdf.Root.StructTreeRoot.K
    element = element[0] if isinstance(element, Array) else element
    element.K = Array([element])


def _chain(pdf: pikepdf.Pdf) -> None:
    """Dictionaries that hold each other, one in one, a hundred thousand deep."""
    link = pdf.make_indirect(Dictionary())
    for _ in range(100_000):
        link = pdf.make_indirect(Dictionary(Next=link))
    pdf.Root.Chain = link


def _outlines_loop(pdf: pikepdf.Pdf) -> None:
    first = pdf.Root.Outlines.First
    first.Next = first


def _metadata(data: bytes) -> Change:
    return lambda pdf: pdf.Root.Metadata.write(data)


_LAUGHS = (
    b'<?xpacket begin=""?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n else b"&a;") * 10) for n in range(9))
    + b"]><x>&a8;</x>"
)


def _to_unicode(data: bytes) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        next(iter(pdf.pages[0].resources.Font.values())).ToUnicode.write(data)

    return change


_RANGES = (
    b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
    + b"1 beginbfrange <00000000> <ffffffff> <0041> endbfrange\n"
)


def _predictor(pdf: pikepdf.Pdf) -> None:
    stream = pdf.pages[0].obj.Contents
    columns = Dictionary(Predictor=15, Columns=2_000_000_000, Colors=32, BitsPerComponent=16)
    stream.write(zlib.compress(b"\0" * 1000), filter=Name.FlateDecode, decode_parms=columns)


def _font_file(data: bytes) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        descendant = next(iter(pdf.pages[0].resources.Font.values())).DescendantFonts[0]
        descriptor = descendant.FontDescriptor
        for key in ("/FontFile2", "/FontFile3"):
            if key in descriptor:
                descriptor[key].write(data)

    return change


def _widths(pdf: pikepdf.Pdf) -> None:
    descendant = next(iter(pdf.pages[0].resources.Font.values())).DescendantFonts[0]
    descendant.W = Array([0, 2_000_000_000, 500])


def _wrong_kinds(pdf: pikepdf.Pdf) -> None:
    for key in list(pdf.Root.keys()):
        if key not in ("/Type", "/Pages", "/Metadata", "/AcroForm"):
            pdf.Root[key] = Array([Name.No, String("x"), 3])


def _pages_are_numbers(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    for key in list(page.keys()):
        if key not in ("/Type", "/Parent"):
            page[key] = 7


def _numbers(manifest: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(manifest, 7)


def _manifest_of_numbers(pdf: pikepdf.Pdf) -> None:
    told = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
    replace(pdf, "manifest.json", json.dumps(_numbers(told)).encode())


def _huge_stream(pdf: pikepdf.Pdf) -> None:
    stream = Stream(pdf, b"BT " + b"/F1 1 Tf (x) Tj " * 3_000_000 + b" ET")
    pdf.pages[0].obj.Contents = stream


def _many_attachments(pdf: pikepdf.Pdf) -> None:
    spec = pdf.attachments["manifest.json"].obj
    names: list[Any] = []
    for number in range(100_000):
        names += [String(f"{number:06d}"), spec]
    pdf.Root.Names.EmbeddedFiles = pdf.make_indirect(Dictionary(Names=Array(names)))


HOSTILE: dict[str, Change] = {
    "a page that swells": _contents_bomb,
    "a page packed twice that swells": _doubled_bomb,
    "a workbook that swells": _attachment_bomb("workbook.xlsx"),
    "a manifest that swells": _attachment_bomb("manifest.json"),
    "an archive that swells": _file("checklists.zip", _zip_bomb()),
    "an archive of many files": _file("checklists.zip", _many_members()),
    "checklists in many brackets": _file("checklists.zip", _zip("checklists/a.toml", b"a = " + b"[" * 100_000)),
    "checklists with a long number": _file("checklists.zip", _zip("checklists/a.toml", b"a = " + b"9" * 100_000)),
    "a workbook that is no workbook": _file("workbook.xlsx", b"PK\x03\x04" + b"\0" * 1000),
    "a result in many brackets": _file("result.json", b"[" * 1_000_000),
    "a result with a long number": _file("result.json", b'{"a": ' + b"9" * 100_000 + b"}"),
    "a manifest in many brackets": _file("manifest.json", b'{"a":' * 200_000),
    "a manifest of numbers": _manifest_of_numbers,
    "a tree of pages in itself": _kids_loop,
    "one page many times": _kids_many,
    "a form in itself": _form_in_itself,
    "forms that double": _forms_doubling,
    "a tree of names in itself": _names_loop,
    "names that double": _names_doubling,
    "many attachments": _many_attachments,
    "a structure in itself": _structure_loop,
    "a structure that doubles": _structure_doubling,
    "a long chain of dictionaries": _chain,
    "bookmarks in a ring": _outlines_loop,
    "entities that swell": _metadata(_LAUGHS),
    "a description in many elements": _metadata(b"<x>" * 300_000),
    "a letter for every code": _to_unicode(_RANGES),
    "a predictor of wide rows": _predictor,
    "a font of nothing": _font_file(b"OTTO" + b"\xff" * 5000),
    "a font that swells": lambda pdf: _font_file(b"\0" * (300 << 20))(pdf),
    "a width for every letter": _widths,
    "a catalogue of wrong kinds": _wrong_kinds,
    "a page of numbers": _pages_are_numbers,
    "a page of three million texts": _huge_stream,
    "many open states": _contents(b"q " * 2_000_000),
    "many brackets on a page": _contents(b"[" * 1_000_000 + b" TJ"),
    "dictionaries in each other on a page": _contents(b"/P " + b"<</A " * 300_000 + b" BDC"),
    "an open string on a page": _contents(b"BT (" + b"(" * 1_000_000),
    "operators without operands": _contents(b"BT Tf Tj TJ Tm cm Do re BDC scn EMC EMC ET Q Q Q"),
    "numbers beyond all measure": _contents(
        b"1e400 " * 6 + b"cm " + b"9" * 5000 + b" 0 0 1 0 0 cm BT /F1 " + b"9" * 400 + b" Tf ET"
    ),
}
"""What makes each, by what is wrong with it."""


def broken_files(report: bytes) -> dict[str, bytes]:
    """Give files that are broken in their bytes rather than in their objects."""
    plain = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf:
        pdf.save(plain, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    data = plain.getvalue()
    at = data.rindex(b"startxref")
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    return {
        "no bytes": b"",
        "a table of objects that points at itself": data[:at] + b"startxref\n%d\n%%%%EOF\n" % at,
        "tables of objects in a ring": data.replace(b"/Size", b"/Prev %d /Size" % data.rindex(b"xref\n", 0, at), 1),
        "no table of objects": data.replace(b"xref", b"nope"),
        "an end in the middle": data[: len(data) // 2],
        "a locked file": locked.getvalue(),
        "lengths that are wrong": data.replace(b"/Length ", b"/Length 9"),
        "brackets without end": b"%PDF-1.7\n1 0 obj\n" + b"[" * 5_000_000,
        "bytes of noise": b"%PDF-1.7\n" + bytes((n * 7919 + n // 251) % 256 for n in range(500_000)),
    }
