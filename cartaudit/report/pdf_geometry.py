"""Places on the page of a PDF: matrices, boxes, and what a path covers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points, from the lower left corner of the page."""

Matrix = tuple[float, float, float, float, float, float]
Step = tuple[str, float, float]
"""One step of a path: its operator, and the point it leads to."""

UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)


def matrix(numbers: Iterable[float]) -> Matrix:
    """Make a matrix of six numbers; raises ValueError for more or fewer."""
    a, b, c, d, e, f = (float(number) for number in numbers)
    return a, b, c, d, e, f


def shifted(x: float, y: float) -> Matrix:
    """Give the matrix that moves by x and y."""
    return 1.0, 0.0, 0.0, 1.0, x, y


def times(a: Matrix, b: Matrix) -> Matrix:
    """Apply a, then b."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def scale(a: Matrix) -> float:
    """Tell how much larger a matrix makes things."""
    return float(abs(a[0] * a[3] - a[1] * a[2]) ** 0.5)


def box(numbers: Iterable[float]) -> Box:
    """Make a box of two opposite corners; raises ValueError for more or fewer numbers than four."""
    x, y, u, v = (float(number) for number in numbers)
    return min(x, u), min(y, v), max(x, u), max(y, v)


def box_at(place: Matrix, inner: Box) -> Box:
    """Give the box around another one after a matrix."""
    corners = [at(place, x, y) for x in (inner[0], inner[2]) for y in (inner[1], inner[3])]
    return around(corners)


def at(place: Matrix, x: float, y: float) -> tuple[float, float]:
    """Give where a point comes to lie."""
    return x * place[0] + y * place[2] + place[4], x * place[1] + y * place[3] + place[5]


def around(points: Sequence[tuple[float, float]]) -> Box:
    """Give the box around some points; EVERYWHERE where there are none."""
    if not points:
        return EVERYWHERE
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def common(a: Box, b: Box) -> Box:
    """Give what two boxes have in common; it is empty where its right edge is left of its left one."""
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def overlaps(a: Box, b: Box, tolerance: float = 0.5) -> bool:
    """Tell whether two boxes overlap by more than some points both ways."""
    c = common(a, b)
    return c[2] - c[0] > tolerance and c[3] - c[1] > tolerance


@dataclass(slots=True)
class Path:
    """A path under construction, in points of the page."""

    outline: list[Step] = field(default_factory=list)
    rectangles: list[Box] = field(default_factory=list)
    only_rectangles: bool = True
    clips: bool = False

    def add(self, name: str, numbers: Sequence[float], place: Matrix) -> None:
        """Add what one operator adds; raises ValueError for the wrong number of operands."""
        if name == "re":
            x, y, width, height = numbers
            edges = box_at(place, (x, y, x + width, y + height))
            self.rectangles.append(edges)
            left, bottom, right, top = edges
            self.outline += [("m", left, bottom), ("l", right, bottom), ("l", right, top), ("l", left, top)]
            return
        self.only_rectangles = False
        points = [at(place, x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        self.outline += [(name, x, y) for x, y in points]

    @property
    def box(self) -> Box:
        """Give the box around the whole path."""
        return around([(x, y) for _, x, y in self.outline])

    def covered(self, *, even_odd: bool) -> list[Box]:
        """Give boxes that cover the filled path; for a frame, which is one rectangle less another, its four sides."""
        if not self.only_rectangles:
            return [around([(x, y) for _, x, y in part]) for part in self._parts() if len(part) > 2]
        if even_odd and len(self.rectangles) == 2:
            inner, outer = sorted(self.rectangles, key=lambda edges: (edges[2] - edges[0]) * (edges[3] - edges[1]))
            if common(inner, outer) == inner:
                return [
                    (outer[0], outer[1], inner[0], outer[3]),
                    (inner[2], outer[1], outer[2], outer[3]),
                    (outer[0], outer[1], outer[2], inner[1]),
                    (outer[0], inner[3], outer[2], outer[3]),
                ]
        return list(self.rectangles)

    def lines(self, width: float) -> list[Box]:
        """Give a box around each line of the stroked path."""
        half = width / 2
        pairs = zip(self.outline, self.outline[1:], strict=False)
        ends = [((x, y), (u, v)) for (_, x, y), (name, u, v) in pairs if name != "m"]
        boxes = [around(pair) for pair in ends]
        return [(a - half, b - half, c + half, d + half) for a, b, c, d in boxes]

    @property
    def shape(self) -> tuple[str, ...]:
        """Give the outline from its first point on; nothing for mere rectangles."""
        if self.only_rectangles:
            return ()
        _, x, y = self.outline[0]
        return tuple(f"{name} {u - x:.1f} {v - y:.1f}" for name, u, v in self.outline)

    def _parts(self) -> list[list[Step]]:
        """Split the path where it is taken up anew; a part of two points is a line, and covers nothing."""
        parts: list[list[Step]] = []
        for step in self.outline:
            if step[0] == "m" or not parts:
                parts.append([])
            parts[-1].append(step)
        return parts
