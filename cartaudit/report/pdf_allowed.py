"""What a PDF report of ours may hold: one table of objects, keys, drawing operators and files, kept beside the writer.

`verify` holds a file against it, whatever version, style or libraries the file claims to come from. What stands here
is what `pdf.py`, `archival.py` and `signing.py` write, what WeasyPrint may write for a house style, and what a program
adds that signs. Anything else (an action, a script, a note, a layer, a second stream of content) is not ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: `name`, `number`, `text`, `truth` or `none`; with `values`, one of these names or numbers."""

    of: str
    values: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Many:
    """An array whose items are each one of some kinds, or, with `in_turn`, of these kinds one after the other."""

    of: tuple[str, ...]
    in_turn: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A dictionary of names chosen freely, such as fonts of a page."""

    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """A dictionary, or with `stream` a stream, that may hold these keys and must hold the `needed` ones."""

    allowed: Mapping[str, str]
    needed: frozenset[str] = frozenset()
    stream: bool = False


@dataclass(frozen=True, slots=True)
class Free:
    """What a program that signs shapes as it likes: any objects, but none that acts or hides."""

    forbidden: frozenset[str] = field(default_factory=frozenset)


Kind = Scalar | Many | Named | Keys | Free | tuple[str, ...]
"""What a value may be; a tuple names kinds of which it is one."""


def _one(*names: str) -> Scalar:
    return Scalar("name", frozenset(f"/{name}" for name in names))


def _keys(text: str, needed: str = "", *, stream: bool = False) -> Keys:
    """Read `Key:kind Key:kind`; a key alone has the kind `kind` of its own small name."""
    pairs = (entry.partition(":") for entry in text.split())
    return Keys(
        allowed={f"/{key}": kind for key, _, kind in pairs},
        needed=frozenset(f"/{key}" for key in needed.split()),
        stream=stream,
    )


_STREAM = "Length:number Filter:packing "
_ACTS_OR_HIDES = frozenset({"/AA", "/A", "/JS", "/S", "/URI", "/OC", "/OCGs", "/OPI", "/Ref", "/Launch", "/Alternates"})

TOP = "trailer"
"""Where a walk over a file begins."""

KINDS: Mapping[str, Kind] = {
    "name": Scalar("name"),
    "number": Scalar("number"),
    "text": Scalar("text"),
    "truth": Scalar("truth"),
    "none": Scalar("none"),
    "numbers": Many(("number",)),
    "packing": _one("FlateDecode"),
    # The file as a whole.
    "trailer": _keys(
        "Root:catalogue Info:info ID:texts Size:number Prev:number Type:name W:numbers Index:numbers Length:number "
        "Filter:packing DecodeParms:predictor XRefStm:number",
        "Root Info ID",
    ),
    "predictor": _keys("Predictor:number Columns:number"),
    "texts": Many(("text",)),
    "info": _keys(
        "Title:text Subject:text Keywords:text Creator:text Producer:text CreationDate:text ModDate:text Author:text"
    ),
    "catalogue": _keys(
        "Type:t.catalogue Pages:pages Metadata:xmp Names:names AF:files Outlines:outlines StructTreeRoot:structure "
        "MarkInfo:marks Lang:text ViewerPreferences:viewer OutputIntents:intents AcroForm:form "
        "Version:name Extensions:extensions DSS:validation Perms:permissions",
        "Type Pages Metadata Names AF StructTreeRoot MarkInfo Lang OutputIntents",
    ),
    "t.catalogue": _one("Catalog"),
    "marks": _keys("Marked:truth"),
    "viewer": _keys("DisplayDocTitle:truth"),
    "intents": Many(("intent",)),
    "intent": _keys("Type:name S:t.intent OutputConditionIdentifier:text Info:text DestOutputProfile:profile"),
    "t.intent": _one("GTS_PDFA1"),
    "profile": _keys(_STREAM + "N:number", stream=True),
    "xmp": _keys(_STREAM + "Type:name Subtype:t.xmp", stream=True),
    "t.xmp": _one("XML"),
    # Pages. Boxes and resources stand on the page itself, so that no node above can change them unseen.
    "pages": _keys("Type:t.pages Count:number Kids:kids Parent:pages", "Type Kids Count"),
    "t.pages": _one("Pages"),
    "kids": Many(("pages", "page")),
    "page": _keys(
        "Type:t.page Parent:pages MediaBox:numbers TrimBox:numbers BleedBox:numbers Contents:content "
        "Resources:resources Annots:annotations StructParents:number Tabs:t.tabs Group:group",
        "Type Parent MediaBox Contents Resources",
    ),
    "t.page": _one("Page"),
    "t.tabs": _one("S"),
    "content": _keys(_STREAM, stream=True),
    "resources": _keys(
        "Font:fonts XObject:drawings ExtGState:states Pattern:patterns Shading:shadings ColorSpace:spaces ProcSet:sets"
    ),
    "sets": Many(("name",)),
    "fonts": Named("font"),
    "drawings": Named("drawing"),
    "states": Named("state"),
    "patterns": Named("pattern"),
    "shadings": Named("shading"),
    "spaces": Named("space"),
    "space": ("name", "space-parts"),
    "space-parts": Many(("name", "profile", "space-values", "number", "text")),
    "space-values": _keys("Range:numbers WhitePoint:numbers BlackPoint:numbers Gamma:numbers Matrix:numbers"),
    "drawing": ("drawn-form", "image"),
    "drawn-form": _keys(
        _STREAM + "Type:name Subtype:t.form BBox:numbers Matrix:numbers Resources:resources Group:group "
        "FormType:number",
        "Subtype BBox",
        stream=True,
    ),
    "t.form": _one("Form"),
    "group": _keys("Type:name S:t.group I:truth K:truth CS:space"),
    "t.group": _one("Transparency"),
    "image": _keys(
        _STREAM + "Type:name Subtype:t.image Width:number Height:number ColorSpace:space BitsPerComponent:number "
        "Interpolate:truth Decode:numbers SMask:image DecodeParms:image-parts",
        "Subtype",
        stream=True,
    ),
    "t.image": _one("Image"),
    "image-parts": _keys("Predictor:number Columns:number Colors:number BitsPerComponent:number"),
    "state": _keys("Type:name ca:number CA:number BM:name SMask:soft-mask AIS:truth"),
    "soft-mask": ("name", "mask"),
    "mask": _keys("Type:name S:name G:drawn-form"),
    "pattern": ("tiling", "shaded"),
    "tiling": _keys(
        _STREAM + "Type:name PatternType:number PaintType:number TilingType:number BBox:numbers XStep:number "
        "YStep:number Matrix:numbers Resources:resources",
        "PatternType",
        stream=True,
    ),
    "shaded": _keys("Type:name PatternType:number Shading:shading Matrix:numbers ExtGState:state", "Shading"),
    "shading": _keys(
        "ShadingType:number ColorSpace:space Coords:numbers Domain:numbers Function:function Extend:truths"
    ),
    "truths": Many(("truth",)),
    "function": _keys(
        "FunctionType:number Domain:numbers C0:numbers C1:numbers N:number Functions:functions Bounds:numbers "
        "Encode:numbers"
    ),
    "functions": Many(("function",)),
    # Fonts: embedded, two bytes to a glyph, with a table to Unicode.
    "font": _keys(
        "Type:name Subtype:t.font BaseFont:name Encoding:t.encoding DescendantFonts:descendants ToUnicode:content",
        "Subtype Encoding DescendantFonts ToUnicode",
    ),
    "t.font": _one("Type0"),
    "t.encoding": _one("Identity-H"),
    "descendants": Many(("descendant",)),
    "descendant": _keys(
        "Type:name Subtype:t.descendant BaseFont:name CIDSystemInfo:character-set FontDescriptor:descriptor "
        "CIDToGIDMap:t.identity W:widths DW:number",
        "FontDescriptor W",
    ),
    "t.descendant": _one("CIDFontType2", "CIDFontType0"),
    "t.identity": _one("Identity"),
    "character-set": _keys("Registry:text Ordering:text Supplement:number"),
    "widths": Many(("number", "numbers")),
    "descriptor": _keys(
        "Type:name FontName:name FontFamily:text FontBBox:numbers Flags:number ItalicAngle:number Ascent:number "
        "Descent:number CapHeight:number StemV:number StemH:number FontFile2:font-program FontFile3:font-program "
        "CIDSet:content",
    ),
    "font-program": _keys(_STREAM + "Length1:number Subtype:name", stream=True),
    # What can be clicked or filled in: links within the file, and fields for signatures.
    "annotations": Many(("link", "field")),
    "link": _keys(
        "Type:name Subtype:t.link Rect:numbers Dest:target BS:border F:number Contents:text StructParent:number "
        "Border:numbers",
        "Subtype Rect Dest",
    ),
    "t.link": _one("Link"),
    "border": _keys("W:number Type:name S:name"),
    "target": ("text", "place"),
    "place": Many(("page", "name", "number", "none")),
    "form": _keys("Fields:fields SigFlags:number DR:form-resources DA:text"),
    "form-resources": Free(_ACTS_OR_HIDES),
    "fields": Many(("field",)),
    "field": _keys(
        "Type:name Subtype:t.widget FT:t.signature T:text TU:text F:number P:page Rect:numbers StructParent:number "
        "AP:appearance V:signature Lock:lock SV:seed DA:text MK:free M:text Ff:number",
        "Subtype FT T Rect",
    ),
    "t.widget": _one("Widget"),
    "t.signature": _one("Sig"),
    "appearance": _keys("N:free"),
    "free": Free(_ACTS_OR_HIDES),
    "lock": _keys("Type:name Action:name Fields:texts"),
    "seed": Free(_ACTS_OR_HIDES),
    "signature": _keys(
        "Type:name Filter:name SubFilter:name Contents:text ByteRange:numbers M:text Name:text Location:text "
        "Reason:text ContactInfo:text Cert:certificate Prop_Build:free Reference:references",
        "Filter Contents ByteRange",
    ),
    "certificate": ("text", "texts"),
    "references": Many(("reference",)),
    "reference": _keys(
        "Type:name TransformMethod:name TransformParams:free DigestMethod:name DigestValue:text DigestLocation:numbers "
        "Data:catalogue"
    ),
    "validation": _keys("Type:name Certs:blobs OCSPs:blobs CRLs:blobs VRI:single-validations"),
    "blobs": Many(("content",)),
    "single-validations": Named("single-validation"),
    "single-validation": _keys("Type:name Cert:blobs OCSP:blobs CRL:blobs TU:text TS:content"),
    "permissions": _keys("DocMDP:signature UR3:signature"),
    "extensions": Named("extension"),
    "extension": ("name", "extension-parts", "extension-list"),
    "extension-list": Many(("extension-parts",)),
    "extension-parts": _keys("Type:name BaseVersion:name ExtensionLevel:number URL:text ExtensionRevision:text"),
    # Bookmarks, targets, embedded files.
    "outlines": _keys("Type:name First:bookmark Last:bookmark Count:number"),
    "bookmark": _keys(
        "Title:text Dest:target Parent:outline-above First:bookmark Last:bookmark Next:bookmark Prev:bookmark "
        "Count:number",
        "Title Dest",
    ),
    "outline-above": ("bookmark", "outlines"),
    "names": _keys("Dests:targets EmbeddedFiles:embedded", "EmbeddedFiles"),
    "targets": _keys("Names:named-targets"),
    "named-targets": Many(("text", "target"), in_turn=True),
    "embedded": _keys("Names:named-files", "Names"),
    "named-files": Many(("text", "file"), in_turn=True),
    "files": Many(("file",)),
    "file": _keys(
        "Type:t.file F:text UF:text Desc:text AFRelationship:name EF:file-streams", "Type F UF AFRelationship EF"
    ),
    "t.file": _one("Filespec"),
    "file-streams": _keys("F:embedded-file UF:embedded-file", "F"),
    "embedded-file": _keys(_STREAM + "Type:t.embedded Subtype:name Params:file-parameters", "Params", stream=True),
    "t.embedded": _one("EmbeddedFile"),
    "file-parameters": _keys("Size:number CheckSum:text CreationDate:text ModDate:text", "Size CheckSum"),
    # What a screen reader is told.
    "structure": _keys("Type:name K:structure-items ParentTree:parents RoleMap:roles ParentTreeNextKey:number", "K"),
    "roles": Named("name"),
    "structure-items": ("element", "structure-list", "number", "object-reference", "mark-reference"),
    "structure-list": Many(("element", "number", "object-reference", "mark-reference")),
    "element": _keys(
        "Type:name S:name P:structure-above K:structure-items Pg:page Alt:text A:attributes",
        "S",
    ),
    "structure-above": ("element", "structure"),
    "attributes": ("attribute-set", "attribute-list"),
    "attribute-list": Many(("attribute-set",)),
    "attribute-set": _keys(
        "O:name Scope:name Headers:texts ColSpan:number RowSpan:number BBox:numbers Placement:name ListNumbering:name "
        "Summary:text"
    ),
    "object-reference": _keys("Type:t.object Obj:annotation Pg:page", "Type Obj"),
    "t.object": _one("OBJR"),
    "annotation": ("link", "field"),
    "mark-reference": _keys("Type:t.mark Pg:page MCID:number", "Type MCID"),
    "t.mark": _one("MCR"),
    "parents": _keys("Nums:parent-numbers"),
    "parent-numbers": Many(("number", "parent-entry"), in_turn=True),
    "parent-entry": ("element", "parent-list"),
    "parent-list": Many(("element", "none")),
}
"""Every object of a report, by the kind that the place it is found in asks for."""

BY_SIGNING: Mapping[str, frozenset[str]] = {
    "catalogue": frozenset({"/Version", "/Extensions", "/DSS", "/Perms"}),
    "form": frozenset({"/DA", "/DR"}),
    "field": frozenset({"/V", "/Lock", "/SV", "/DA", "/MK", "/M", "/Ff"}),
}
"""Keys by kind that only stand in a file which somebody has signed; ours is an empty /DR."""

WORDS: Mapping[str, str] = {
    "/AA": "an action",
    "/A": "an action",
    "/Annots": "a note, field or link laid over a page",
    "/Contents": "content added to a page",
    "/CropBox": "a page of which only a part is shown",
    "/JavaScript": "a script",
    "/JS": "a script",
    "/MediaBox": "a page of another size",
    "/OCProperties": "layers that can be hidden",
    "/OpenAction": "an action on opening",
    "/PageLabels": "page numbers of its own",
    "/Rotate": "a page that is turned",
    "/URI": "an address to open",
}
"""What the most common of the keys that we never write stand for."""

SETTING = frozenset({b"q", b"Q", b"cm", b"gs", b"w", b"J", b"j", b"M", b"d", b"i", b"ri"})
COLOURING = frozenset({b"rg", b"RG", b"g", b"G", b"k", b"K", b"cs", b"CS", b"sc", b"SC", b"scn", b"SCN"})
PATH = frozenset({b"m", b"l", b"c", b"v", b"y", b"h", b"re", b"W", b"W*", b"n"})
PAINTING = frozenset({b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh", b"Do"})
WRITING = frozenset({b"BT", b"ET", b"Tf", b"Tm", b"Td", b"TD", b"T*", b"TL", b"Ts", b"Tr"})
SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})
MARKING = frozenset({b"BMC", b"BDC", b"EMC"})

OPERATORS = SETTING | COLOURING | PATH | PAINTING | WRITING | SHOWING | MARKING
"""Everything the pages of a report may be drawn with: no images in the stream, no undefined operators, no Type 3."""

VISIBLE_MODES = frozenset({0, 2})
"""Text is filled, or filled and outlined; never invisible (3), and never a mere path for clipping."""


@dataclass(frozen=True, slots=True)
class Attached:
    """How one of our files stands in a PDF: media type and relationship."""

    media_type: str
    relationship: str


_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ATTACHMENTS: Mapping[str, Attached] = {
    "checklists.zip": Attached("application/zip", "Supplement"),
    "columns.toml": Attached("application/toml", "Supplement"),
    "manifest.json": Attached("application/json", "Supplement"),
    "result.json": Attached("application/json", "Data"),
    "submission.json": Attached("application/json", "Source"),
    "workbook.xlsx": Attached(_SPREADSHEET, "Source"),
}
"""The only files a report carries. A name is looked up here, and never becomes a path."""

OTHER_MEDIA_TYPES = ("application/octet-stream",)
"""What systems that do not know a type say instead."""
