"""Ways to forge a report, each a function that alters an open PDF; and what a forger lets the manifest claim."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

Forgery = Callable[[pikepdf.Pdf], None]

CLAIMS: dict[str, Callable[[dict[str, Any]], None]] = {
    "nothing": lambda manifest: None,
    "other libraries": lambda manifest: manifest.update(renderer={"pango": "1.99", "weasyprint": "70.0"}),
    "other templates": lambda manifest: manifest["templates"].update({"report.css": "0" * 64}),
    "another version": lambda manifest: manifest["tool"].update(version="9.9.9"),
}
"""What the manifest may claim so that less of a file can be expected to be as it is made here."""


def forged(report: bytes, forgery: Forgery, claim: str = "nothing") -> bytes:
    """Alter a report, and let its manifest claim something."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(report)) as pdf:
        forgery(pdf)
        if claim != "nothing":
            manifest = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
            CLAIMS[claim](manifest)
            replace(pdf, "manifest.json", (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode())
        pdf.save(out)
    return out.getvalue()


def replace(pdf: pikepdf.Pdf, name: str, data: bytes, *, in_manifest: bool = False) -> None:
    """Put other bytes into an embedded file, with everything put right that speaks of it."""
    stream = pdf.attachments[name].get_file().obj
    stream.write(data)
    stream.Params.CheckSum = String(hashlib.md5(data, usedforsecurity=False).digest())
    stream.Params.Size = len(data)
    if in_manifest:
        manifest = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
        manifest["files"][name].update(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        replace(pdf, "manifest.json", (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode())


def _drawing(pdf: pikepdf.Pdf, change: Callable[[bytes], bytes], page: int = 0) -> None:
    stream = pdf.pages[page].obj.Contents
    before = stream.read_bytes()
    after = change(before)
    assert after != before
    stream.write(after)


def _after(text: bytes) -> Forgery:
    """Paint something after all else, within the one stream of the page and in its plain state."""
    return lambda pdf: _drawing(pdf, lambda content: b"q\n" + content + b"\nQ\n" + text)


def _before(text: bytes) -> Forgery:
    return lambda pdf: _drawing(pdf, lambda content: text + b"\n" + content)


def _first_text(pattern: bytes, new: bytes) -> Forgery:
    """Change something about the tagged texts of the first page."""
    return lambda pdf: _drawing(pdf, lambda content: re.sub(pattern, new, content))


_WHITE_BOX = b"1 1 1 rg 40 300 520 300 re f"
_STROKES = b"q 0 .4 .2 RG 1.6 w 60 60 m 60 69 l 66 69 l 66 65 l 60 65 l S 62 65 m 66 60 l S Q"


def _font(pdf: pikepdf.Pdf) -> Any:
    return next(iter(pdf.pages[0].resources.Font.values()))


def _swap_meanings(pdf: pikepdf.Pdf) -> None:
    table = _font(pdf).ToUnicode
    codes = re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>", table.read_bytes())
    (a, text_a), (b, text_b) = codes[0], codes[1]
    data = table.read_bytes().replace(b"<%s> <%s>" % (a, text_a), b"<%s> <%s>" % (a, text_b))
    table.write(data.replace(b"<%s> <%s>" % (b, text_b), b"<%s> <%s>" % (b, text_a)))


def _swap_letters(pdf: pikepdf.Pdf) -> None:
    """Let one letter be drawn as another: the text stays, its look changes."""
    from fontTools.ttLib import TTFont

    stream = _font(pdf).DescendantFonts[0].FontDescriptor.FontFile2
    with TTFont(io.BytesIO(stream.read_bytes())) as font:
        table, order = font["glyf"], font.getGlyphOrder()
        drawn = [name for name in order if table[name].numberOfContours > 0][:2]
        table[drawn[0]], table[drawn[1]] = table[drawn[1]], table[drawn[0]]
        out = io.BytesIO()
        font.save(out)
    stream.write(out.getvalue())


def _squeeze_letters(pdf: pikepdf.Pdf) -> None:
    widths = _font(pdf).DescendantFonts[0].W
    widths[1] = Array([1 for _ in widths[1]])


def _another_font(pdf: pikepdf.Pdf) -> None:
    fonts = pdf.pages[0].resources.Font
    names = list(fonts.keys())
    assert len(names) > 1
    first, second = fonts[names[0]], fonts[names[1]]
    pdf.pages[0].obj.Resources = Dictionary(
        {key: value for key, value in pdf.pages[0].obj.Resources.items() if key != "/Font"}
    )
    pdf.pages[0].obj.Resources.Font = Dictionary({names[0]: second, names[1]: first})


def _form(pdf: pikepdf.Pdf, content: bytes) -> Any:
    form = Stream(pdf, content)
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
    form.Resources = Dictionary()
    return pdf.make_indirect(form)


def _form_over(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].resources.XObject["/Cover"] = _form(pdf, _WHITE_BOX)
    _after(b"/Cover Do")(pdf)


def _image_over(pdf: pikepdf.Pdf) -> None:
    image = Stream(pdf, b"\xff\xff\xff")
    image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 1, 1
    image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8
    pdf.pages[0].resources.XObject["/Cover"] = pdf.make_indirect(image)
    _after(b"q 500 0 0 300 40 300 cm /Cover Do Q")(pdf)


def _shading_over(pdf: pikepdf.Pdf) -> None:
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([0, 0, 1, 1]))
    shading.Function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 1, 1]), C1=Array([1, 1, 1]), N=1)
    pdf.pages[0].resources.Shading["/Cover"] = pdf.make_indirect(shading)
    _after(b"q 40 300 520 300 re W n /Cover sh Q")(pdf)


def _state(**entries: Any) -> Forgery:
    """Draw the whole first page in a state of its own."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].resources.ExtGState["/Hide"] = Dictionary(**entries)
        _drawing(pdf, lambda content: content.replace(b"/a1.0 gs\n", b"/Hide gs\n"))

    return change


def _mask(pdf: pikepdf.Pdf) -> None:
    mask = Dictionary(Type=Name.Mask, S=Name.Luminosity, G=_form(pdf, b"0 g 0 0 595 842 re f"))
    _state(SMask=mask)(pdf)


def _field_over(pdf: pikepdf.Pdf) -> None:
    """Move a signature field over the verdicts, and let it show something."""
    field = pdf.Root.AcroForm.Fields[0]
    old = next(page for page in pdf.pages if page.obj.objgen == field.P.objgen)
    old.obj.Annots = Array([note for note in old.obj.Annots if note.objgen != field.objgen])
    field.P, field.Rect = pdf.pages[0].obj, Array([40, 300, 560, 600])
    field.AP = Dictionary(N=_form(pdf, _WHITE_BOX))
    pdf.pages[0].obj.Annots = Array([*pdf.pages[0].obj.get("/Annots", []), field])


def _field_shows(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields[0].AP = Dictionary(N=_form(pdf, b"0 .4 .2 rg 5 5 50 10 re f"))


def _annotation(**entries: Any) -> Forgery:
    def change(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=Array([40, 300, 560, 600]), F=4, **entries)
        pdf.pages[0].obj.Annots = Array([*pdf.pages[0].obj.get("/Annots", []), pdf.make_indirect(note)])

    return change


def _stamp(pdf: pikepdf.Pdf) -> None:
    _annotation(Subtype=Name.Stamp, AP=Dictionary(N=_form(pdf, _WHITE_BOX)))(pdf)


def _link_over(pdf: pikepdf.Pdf) -> None:
    _annotation(Subtype=Name.Link, Dest=String("F01"), AP=Dictionary(N=_form(pdf, _WHITE_BOX)))(pdf)


def _attached_note(pdf: pikepdf.Pdf) -> None:
    _annotation(Subtype=Name.FileAttachment, FS=_file(pdf, "workbook.xlsx"))(pdf)


def _file(pdf: pikepdf.Pdf, name: str) -> Any:
    stream = Stream(pdf, b"evil")
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name("/application/json")
    stream.Params = Dictionary(Size=4, CheckSum=String(hashlib.md5(b"evil", usedforsecurity=False).digest()))
    entry = Dictionary(Type=Name.Filespec, F=String(name), UF=String(name), AFRelationship=Name.Data)
    entry.EF = Dictionary(F=pdf.make_indirect(stream))
    return pdf.make_indirect(entry)


def _embedded(place: int, name: str, *, associated: bool) -> Forgery:
    def change(pdf: pikepdf.Pdf) -> None:
        listed, file = list(pdf.Root.Names.EmbeddedFiles.Names), _file(pdf, name)
        pdf.Root.Names.EmbeddedFiles.Names = Array([*listed[:place], String(name), file, *listed[place:]])
        if associated:
            pdf.Root.AF = Array([*pdf.Root.AF, file])

    return change


def _set_entry(path: str, key: str, value: Any) -> Forgery:
    """Set one entry of an object that is named by its way from the catalogue."""

    def change(pdf: pikepdf.Pdf) -> None:
        target: Any = pdf.Root
        for step in path.split():
            target = target[int(step)] if step.isdigit() else target[f"/{step}"]
        target[f"/{key}"] = value(pdf) if callable(value) else value

    return change


def _action(kind: str, **entries: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **entries)


def _first_page_twice(pdf: pikepdf.Pdf) -> None:
    pdf.pages.insert(1, pdf.pages[0])


def _drop_page(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[1]


def _swap_pages(pdf: pikepdf.Pdf) -> None:
    kids = pdf.Root.Pages.Kids
    kids[0], kids[1] = kids[1], kids[0]


def _verdict_in_result(pdf: pikepdf.Pdf) -> None:
    data = pdf.attachments["result.json"].get_file().read_bytes()
    replace(pdf, "result.json", data.replace(b'"INCOMPLETE"', b'"READY"'), in_manifest=True)


def _figure_in_result(pdf: pikepdf.Pdf) -> None:
    told = json.loads(pdf.attachments["result.json"].get_file().read_bytes())
    told["checklists"][0]["score"]["low"] = 100.0
    replace(pdf, "result.json", (json.dumps(told) + "\n").encode(), in_manifest=True)


def _words_in_result(pdf: pikepdf.Pdf) -> None:
    told = json.loads(pdf.attachments["result.json"].get_file().read_bytes())
    for result in told["results"]:
        result["message"] = "All is well."
    replace(pdf, "result.json", (json.dumps(told) + "\n").encode(), in_manifest=True)


def _more_in_manifest(pdf: pikepdf.Pdf) -> None:
    told = json.loads(pdf.attachments["manifest.json"].get_file().read_bytes())
    told["verified_by"] = "the ministry"
    replace(pdf, "manifest.json", (json.dumps(told, indent=1, sort_keys=True) + "\n").encode())


def _file_among_checklists(pdf: pikepdf.Pdf) -> None:
    import zipfile

    out = io.BytesIO(pdf.attachments["checklists.zip"].get_file().read_bytes())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("READ ME.txt", "This report was verified by the ministry.")
    replace(pdf, "checklists.zip", out.getvalue(), in_manifest=True)


def _title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "READY for all products"


def _subject_in_xmp(pdf: pikepdf.Pdf) -> None:
    packet = pdf.Root.Metadata.read_bytes()
    changed = re.sub(rb"(<dc:description>.*?<rdf:li[^>]*>).*?(</rdf:li>)", rb"\1READY\2", packet, flags=re.DOTALL)
    assert changed != packet
    pdf.Root.Metadata.write(changed)


def _alternative_text(pdf: pikepdf.Pdf) -> None:
    waiting = [pdf.Root.StructTreeRoot.K[0]]
    while waiting:
        element = waiting.pop()
        if element.get("/S") == "/H1":
            element.Alt = String("READY for all products")
            return
        waiting += [kid for kid in element.get("/K", []) if not isinstance(kid, int)]
    raise AssertionError("no heading")


def _order_of_reading(pdf: pikepdf.Pdf) -> None:
    document = pdf.Root.StructTreeRoot.K[0]
    document.K = Array(list(reversed(list(document.K))))


def _text(pdf: pikepdf.Pdf, before: bytes, after: bytes) -> None:
    """Write some of the letters of the report's own font."""
    name = next(iter(pdf.pages[0].resources.Font.keys())).encode()
    codes = {
        text: glyph
        for glyph, text in re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>", _font(pdf).ToUnicode.read_bytes())
    }
    letters = b"".join(codes[b"%04x" % ord(letter)] for letter in "READY" if b"%04x" % ord(letter) in codes)
    assert letters
    _after(b"%s BT 0 .4 .2 rg %s 20 Tf 1 0 0 1 60 60 Tm <%s> Tj ET %s" % (before, name, letters, after))(pdf)


FORGERIES: dict[str, Forgery] = {
    # Laid over, or beside, what the page says.
    "a white box after the text": _after(_WHITE_BOX),
    "a white line through the text": _after(b"1 1 1 RG 60 w 40 450 m 560 450 l S"),
    "a form over the text": _form_over,
    "an image over the text": _image_over,
    "a gradient over the text": _shading_over,
    "letters drawn as lines": _after(_STROKES),
    "a second stream of content": lambda pdf: pdf.pages[0].contents_add(_WHITE_BOX),
    "an unknown operator": _after(b"BX EX"),
    "an image within the stream": _after(b"BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI"),
    "a stamp over the text": _stamp,
    "a link that shows something": _link_over,
    "a signature field over the text": _field_over,
    "a signature field that shows something": _field_shows,
    # Text hidden, changed or added.
    "invisible text": _before(b"3 Tr"),
    "text that only clips": _before(b"7 Tr"),
    "white text": _first_text(rb"\n[0-9. ]+ rg\nBT", b"\n1 1 1 rg\nBT"),
    "tiny text": _first_text(rb" [0-9.]+ Tf", b" .5 Tf"),
    "text moved off the page": _first_text(rb"1 0 0 -1 [0-9.]+ ([0-9.]+) Tm", rb"1 0 0 -1 -900 \1 Tm"),
    "text clipped away": _before(b"0 0 1 1 re W n"),
    "text squeezed by an operator": _before(b".1 Tz"),
    "text squeezed by its place": _first_text(rb"1 0 0 -1 ([0-9.]+ [0-9.]+ Tm)", rb".01 0 0 -100 \1"),
    "transparent text": _state(ca=0),
    "masked text": _mask,
    "text that only lightens": _state(ca=1, BM=Name.Lighten),
    "other glyphs": _first_text(rb"\[<[0-9a-f]{4}>0<[0-9a-f]{4}>0", b"[<0000>0<0000>0"),
    "letters with other meanings": _swap_meanings,
    "letters with other looks": _swap_letters,
    "letters with other widths": _squeeze_letters,
    "fonts that changed places": _another_font,
    "text outside of all marks": lambda pdf: _text(pdf, b"", b""),
    "text in a mark that is taken": lambda pdf: _text(pdf, b"/Span <</MCID 0>> BDC", b"EMC"),
    "text in a mark that nobody is told": lambda pdf: _text(pdf, b"/Span <</MCID 9999>> BDC", b"EMC"),
    "text as furniture of the page": lambda pdf: _text(pdf, b"/Artifact BMC", b"EMC"),
    "words told in place of those drawn": _first_text(rb"<</MCID 0>>", b"<</MCID 0 /ActualText (READY)>>"),
    # Pages.
    "a page of which a part is shown": _set_entry("Pages Kids 0", "CropBox", Array([0, 600, 595, 842])),
    "a smaller page": _set_entry("Pages Kids 0", "MediaBox", Array([0, 600, 595, 842])),
    "a page turned round": _set_entry("Pages Kids 0", "Rotate", 180),
    "a page of other units": _set_entry("Pages Kids 0", "UserUnit", 10),
    "a page twice": _first_page_twice,
    "a page left out": _drop_page,
    "pages that changed places": _swap_pages,
    # What acts, hides or tells.
    "a script on opening": _set_entry("", "OpenAction", _action("JavaScript", JS=String("app.alert('x')"))),
    "a page that opens an address": _set_entry("Pages Kids 0", "AA", Dictionary(O=_action("URI", URI=String("x:y")))),
    "a script by name": _set_entry("Names", "JavaScript", Dictionary(Names=Array([]))),
    "layers": _set_entry("", "OCProperties", Dictionary(OCGs=Array([]), D=Dictionary())),
    "another title": _title,
    "another subject in XMP": _subject_in_xmp,
    "another bookmark": _set_entry("Outlines First", "Title", String("READY for all products")),
    "words for those who listen": _alternative_text,
    "another order of reading": _order_of_reading,
    "content from elsewhere": _set_entry("Pages Kids 0 Contents", "F", String("http://example.invalid/")),
    # Files.
    "a file more": _embedded(0, "extra.txt", associated=True),
    "a file twice, the first": _embedded(0, "result.json", associated=True),
    "a file twice, the last": _embedded(8, "workbook.xlsx", associated=True),
    "a file that is not listed": lambda pdf: _set_entry("", "AF", Array([*pdf.Root.AF, _file(pdf, "x.json")]))(pdf),
    "a file shown by another name": _set_entry("Names EmbeddedFiles Names 1", "UF", String("../../invoice.exe")),
    "a file described otherwise": _set_entry("Names EmbeddedFiles Names 1", "Desc", String("Verified: READY")),
    "another file for other programs": _set_entry(
        "Names EmbeddedFiles Names 1 EF", "UF", lambda pdf: _file(pdf, "x").EF.F
    ),
    "a file attached to a page": _attached_note,
    "another verdict in the result": _verdict_in_result,
    "another figure in the result": _figure_in_result,
    "other words in the result": _words_in_result,
    "a member more in the manifest": _more_in_manifest,
    "a file among the checklists": _file_among_checklists,
}
