"""The finisher: mends WeasyPrint's tagged PDF so that one file can claim PDF/A-3a and PDF/UA-1.

It uses the documented `finisher(document, pdf)` hook. Three attributes it reads are undocumented: `_page_box` of pages,
`mark` of table cells and `link_annotation` of boxes. They are read in this module alone, and checked.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from cartaudit.report.structure import Mark, Structure, read_structure, require
from cartaudit.report.xmp import xmp_packet

SIGNATURE_PREFIX = "sig-"
"""An element whose id starts so becomes an empty signature field; the rest of the id names the signer."""

_TEXT_BLOCKS = frozenset(
    f"/{tag}"
    for tag in ("P", "H1", "H2", "H3", "H4", "TD", "TH", "LBody", "Lbl", "Caption", "Figure", "Link", "NonStruct")
)
_WRAPPERS = frozenset({"/Span", "/NonStruct"})
_POINTS_PER_PIXEL = 0.75
_PRINTED = 4


def finish(document: Any, pdf: Any) -> None:
    """Mend a PDF in place: pass it as `finisher` to WeasyPrint's `write_pdf`. Raises RenderError."""
    structure = read_structure(document.pages, pdf)
    laid_out = list(boxes(document))
    furniture = join_tables(laid_out, structure)
    elements = list(structure.below(structure.document))
    furniture |= untold_marks(elements, structure)
    make_artifacts(structure, furniture)
    state_scopes(elements, structure)
    unwrap_lines(elements, structure)
    place_figures(document, elements, structure)
    describe_links(laid_out)
    add_signature_fields(document, laid_out, structure)
    list_files_once(pdf)
    metadata = structure.get(pdf.catalog["Metadata"])
    metadata.stream = [xmp_packet(document.metadata, producer=pdf.info["Producer"].string)]


def boxes(document: Any) -> Iterator[Any]:
    """Walk over all laid-out boxes, page by page."""
    for page in document.pages:
        require(hasattr(page, "_page_box"), "pages with a `_page_box`")
        yield from page._page_box.descendants()


def join_tables(laid_out: Sequence[Any], structure: Structure) -> set[Mark]:
    """Make one table of the parts of a table that was split over pages; give the repeated heads as marks."""
    first_parts: dict[Any, Any] = {}
    furniture: set[Mark] = set()
    for box in laid_out:
        if box.element_tag != "table" or getattr(box, "is_table_wrapper", False):
            continue
        table = _table_of(box, structure)
        if table is None:
            continue
        first = first_parts.setdefault(box.element, table)
        if first is not table:
            furniture |= _append_part(first, table, structure)
    return furniture


def _table_of(box: Any, structure: Structure) -> Any | None:
    """Find the structure element of a laid-out table by way of its first cell."""
    cells = [cell for group in box.children for row in group.children for cell in row.children]
    if not cells:
        return None
    marked = [cell.mark for cell in cells if getattr(cell, "mark", None) is not None]
    require(marked, "table cells with a `mark`")
    row = structure.parent(marked[0])
    table = structure.parent(structure.parent(row))
    require(row["S"] == "/TR" and table["S"] == "/Table", "cells in /TR in a row group in /Table")
    return table


def _append_part(first: Any, part: Any, structure: Structure) -> set[Mark]:
    """Move the rows of a later part into the first one and detach the rest."""
    heads: set[Mark] = set()
    bodies = [group for group in structure.children(first) if group["S"] == "/TBody"]
    require(bodies, "a /TBody in every table that is split")
    for group in structure.children(part):
        if group["S"] == "/THead":
            heads |= structure.marks(group)
            continue
        for row in structure.children(group):
            row["P"] = bodies[-1].reference
            bodies[-1]["K"].append(row.reference)
    structure.parent(part)["K"].remove(part.reference)
    return heads


def untold_marks(elements: Sequence[Any], structure: Structure) -> set[Mark]:
    """Find content that was tagged but hangs below no element: running headers and footers, repeated heads."""
    told = {element.number for element in elements}
    return {
        (page, mark)
        for page, owners in enumerate(structure.page_marks)
        for mark, owner in enumerate(owners)
        if structure.get(owner).number not in told
    }


def make_artifacts(structure: Structure, furniture: set[Mark]) -> None:
    """Turn marked content into pagination artifacts, in the pages and in the parent tree."""
    properties = {"Type": "/Pagination"}
    for page, operators in enumerate(structure.streams):
        wanted = {mark for index, mark in furniture if index == page}
        for position in [i for i, operator in enumerate(operators) if wanted and operator == b"BDC"]:
            marked = operators[position - 1]
            require(isinstance(marked, dict), "marked content with its properties before BDC")
            if marked.get("MCID") in wanted:
                operators[position - 2] = "/Artifact"
                operators[position - 1] = type(marked)(properties)
                wanted.discard(marked["MCID"])
                structure.page_marks[page][marked["MCID"]] = b"null"
        require(not wanted, f"a BDC operator for every mark of page {page + 1}")


def state_scopes(elements: Sequence[Any], structure: Structure) -> None:
    """Say of header cells whether they head a column or a row; headers by id become needless and go."""
    for element in elements:
        if element["S"] == "/TH":
            group = structure.parent(structure.parent(element))
            element["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"
            element.pop("ID", None)
        elif element["S"] == "/TD":
            element["A"].pop("Headers", None)
            if set(element["A"]) == {"O"}:
                del element["A"]
        elif element["S"] == "/Table":
            _keep_headers_few(element, structure)


def _keep_headers_few(table: Any, structure: Structure) -> None:
    """Make row headers plain cells where headers would outnumber data: column heads then say all there is to say."""
    groups = {group["S"]: group for group in structure.children(table)}
    if "/THead" not in groups or "/TBody" not in groups:
        return
    rows = [structure.children(row) for row in structure.children(groups["/TBody"])]
    heads = [cell for row in rows for cell in row if cell["S"] == "/TH"]
    data = sum(len(row) for row in rows) - len(heads)
    columns = sum(len(structure.children(row)) for row in structure.children(groups["/THead"]))
    if columns + len(heads) > data:
        for cell in heads:
            cell["S"] = "/TD"
            cell.pop("ID", None)


def unwrap_lines(elements: Sequence[Any], structure: Structure) -> None:
    """Hang text on its paragraph, heading or cell itself instead of one element for each line and each style."""
    for element in elements:
        if element["S"] in _TEXT_BLOCKS:
            element["K"][:] = [bare for kid in element["K"] for bare in _unwrapped(kid, element, structure)]


def _unwrapped(kid: Any, owner: Any, structure: Structure) -> Iterator[Any]:
    """Give the content of an element without meaning of its own, else the element; all of it belongs to `owner`."""
    if isinstance(kid, int):
        structure.page_marks[structure.page_of(owner)][kid] = owner.reference
        yield kid
        return
    child = structure.get(kid)
    if child.get("S") in _WRAPPERS and child["Pg"] == owner["Pg"] and not _holds_annotation(child, structure):
        for inner in child["K"]:
            yield from _unwrapped(inner, owner, structure)
    else:
        if "P" in child:
            child["P"] = owner.reference
        yield kid


def _holds_annotation(element: Any, structure: Structure) -> bool:
    references = (structure.get(kid) for kid in element["K"] if isinstance(kid, bytes))
    return any(child.get("Type") == "/OBJR" for child in references)


def place_figures(document: Any, elements: Sequence[Any], structure: Structure) -> None:
    """Give the boxes of figures in the coordinates of the page (points from the lower left corner)."""
    for element in elements:
        if element["S"] == "/Figure":
            height = document.pages[structure.page_of(element)].height
            box = element["A"]["BBox"]
            box[:] = _to_points((box[0], box[1], box[2], box[3]), height)


def describe_links(laid_out: Sequence[Any]) -> None:
    """Describe links by their words, not by the name of their target."""
    for box in laid_out:
        annotation = getattr(box, "link_annotation", None)
        if annotation and box.element is not None:
            words = " ".join("".join(box.element.itertext()).split())
            if words:
                annotation["Contents"] = type(annotation["Contents"])(words)


def add_signature_fields(document: Any, laid_out: Sequence[Any], structure: Structure) -> None:
    """Add an empty, tagged signature field wherever an element has an id that starts with `sig-`."""
    import pydyf

    fields = pydyf.Array()
    cells = {box.element.get("id"): box.mark for box in laid_out if getattr(box, "mark", None) is not None}
    for index, page in enumerate(document.pages):
        for name, corners in page.anchors.items():
            if name.startswith(SIGNATURE_PREFIX):
                rectangle = _to_points(corners, page.height)
                widget = _signature_widget(structure, name, rectangle, structure.pages[index])
                _hang_form(structure, cells.get(name, structure.document), widget, structure.pages[index])
                fields.append(widget.reference)
    if fields:
        form = pydyf.Dictionary({"Fields": fields, "SigFlags": 0, "DR": pydyf.Dictionary()})
        structure.pdf.catalog["AcroForm"] = form


def _signature_widget(structure: Structure, name: str, rectangle: list[float], page: Any) -> Any:
    import pydyf

    size = [0, 0, rectangle[2] - rectangle[0], rectangle[3] - rectangle[1]]
    form = {
        "Type": "/XObject",
        "Subtype": "/Form",
        "BBox": pydyf.Array(size),
        "Resources": pydyf.Dictionary(),
    }
    appearance = structure.add(pydyf.Stream([b""], form))
    signer = name.removeprefix(SIGNATURE_PREFIX).replace("-", " ")
    widget = structure.add(
        pydyf.Dictionary(
            {
                "Type": "/Annot",
                "Subtype": "/Widget",
                "FT": "/Sig",
                "T": pydyf.String(name),
                "TU": pydyf.String(f"Signature: {signer}"),
                "F": _PRINTED,
                "Rect": pydyf.Array(rectangle),
                "P": page.reference,
                "AP": pydyf.Dictionary({"N": appearance.reference}),
            }
        )
    )
    page.setdefault("Annots", pydyf.Array()).append(widget.reference)
    return widget


def _hang_form(structure: Structure, owner: Any, widget: Any, page: Any) -> None:
    """Put a field into the structure tree where it stands in the reading order."""
    import pydyf

    target = {"Type": "/OBJR", "Obj": widget.reference, "Pg": page.reference}
    reference = structure.add(pydyf.Dictionary(target))
    form = structure.add(
        pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/Form",
                "K": pydyf.Array([reference.reference]),
                "Pg": page.reference,
                "P": owner.reference,
            }
        )
    )
    owner["K"].append(form.reference)
    key = structure.nums[-2] + 1
    structure.nums.extend([key, form.reference])
    widget["StructParent"] = key


def list_files_once(pdf: Any) -> None:
    """Name every associated file once."""
    if "AF" in pdf.catalog:
        files = pdf.catalog["AF"]
        files[:] = list(dict.fromkeys(files))


def _to_points(corners: tuple[float, float, float, float], height: float) -> list[float]:
    """Turn pixels from the upper left corner into points from the lower left one, as PDF wants rectangles."""
    x1, y1, x2, y2 = corners
    return [round(v * _POINTS_PER_PIXEL, 2) for v in (x1, height - y2, x2, height - y1)]
