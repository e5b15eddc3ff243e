"""Reads a surface from a Wavefront OBJ file.

The subset that walls need:

    v X Y Z            a point; what follows (weight, colour) is ignored
    vt U V             a position on the wall; a third number is ignored
    f 1/1 2/2 3/3      a convex polygon, point/position, counter-clockwise as the audience sees it
    o NAME, g NAME     begins an object; several names of a group are one name
    # TEXT             a comment; a \\ at the end of a line continues it

Indices count from 1, negative ones from the end. `vn`, `s`, `usemtl` and `mtllib` are ignored.
Curves, surfaces, lines and points are rejected. The statements are those of the specification of
Alias/Wavefront's Advanced Visualizer, appendix B1.
"""

from __future__ import annotations

from itertools import pairwise

from xrdrama.document.wording import short, suggestion
from xrdrama.errors import RemoteProtocolError
from xrdrama.spatial import Vec3
from xrdrama.stage.surfaces.surface import Corner, Surface, bounded, checked

MOST_BYTES = 16_000_000
MOST_CORNERS = 64
"""Most corners of a polygon."""
_IGNORED = frozenset({"vn", "s", "usemtl", "mtllib", "lod", "bevel", "c_interp", "d_interp"})


def read_obj(content: bytes, name: str = "") -> Surface:
    """The triangles of an OBJ file, or of its object or group `name`.

    Polygons are divided into triangles from their first corner. RemoteProtocolError for anything
    else than the subset, with the line.
    """
    if len(content) > MOST_BYTES:
        raise RemoteProtocolError(
            f"the file has {len(content)} bytes; at most {MOST_BYTES} are read: "
            "use one quad for each LED panel"
        )
    reader = _Reader(name)
    for number, line in _lines(content):
        reader.line(number, line)
    return reader.surface()


def _lines(content: bytes) -> list[tuple[int, str]]:
    """Numbered lines without comments; a continued line has the number of its first one."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RemoteProtocolError("the file is not text in UTF-8: export it as OBJ again") from None
    lines: list[tuple[int, str]] = []
    begun, pending = 0, ""
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        begun = begun or number
        bare = line.partition("#")[0]
        if bare.rstrip().endswith("\\"):
            pending += bare.rstrip()[:-1] + " "
            continue
        lines.append((begun, pending + bare))
        begun, pending = 0, ""
    if pending:
        lines.append((begun, pending))
    return lines


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.names: list[str] = []
        self.chosen = not name
        self.points: list[Vec3] = []
        self.positions: list[tuple[float, float]] = []
        self.triangles: list[tuple[Corner, Corner, Corner]] = []

    def line(self, number: int, line: str) -> None:
        """Read one statement."""
        keyword, *words = line.split() or [""]
        if keyword == "v":
            x, y, z = self.numbers(number, words, 3)
            self.points.append(Vec3(x, y, z))
        elif keyword == "vt":
            u, v = self.numbers(number, words, 2)
            self.positions.append((u, v))
        elif keyword == "f":
            self.face(number, words)
        elif keyword in ("o", "g"):
            self.names.append(" ".join(words))
            self.chosen = not self.name or self.names[-1] == self.name
        elif keyword and keyword not in _IGNORED:
            raise RemoteProtocolError(
                f"line {number}: {short(keyword)} is not supported in a wall's file: "
                "export triangles or quads only"
            )

    def numbers(self, line: int, words: list[str], count: int) -> list[float]:
        """The first numbers of a statement."""
        try:
            found = [float(word) for word in words[:count]]
        except ValueError:
            found = []
        if len(found) < count:
            raise RemoteProtocolError(
                f"line {line}: expected {count} numbers: export the file again"
            )
        return [checked(value, f"line {line}") for value in found]

    def face(self, line: int, words: list[str]) -> None:
        """Add a polygon, as a fan."""
        if not 3 <= len(words) <= MOST_CORNERS:
            raise RemoteProtocolError(
                f"line {line}: a polygon has {len(words)} corners; expected 3 to {MOST_CORNERS}: "
                "divide it into triangles"
            )
        corners = [self.corner(line, word) for word in words]
        if not self.chosen:
            return
        bounded(len(self.triangles) + len(corners) - 2)
        first = corners[0]
        self.triangles += [(first, *pair) for pair in pairwise(corners[1:])]

    def corner(self, line: int, word: str) -> Corner:
        """A corner `point/position[/normal]`."""
        point, _, rest = word.partition("/")
        position = rest.partition("/")[0]
        if not position:
            raise RemoteProtocolError(
                f"line {line}: the corner {short(word)} has no texture coordinate: "
                "unwrap the mesh so that its UV is the position on the wall, and export UVs"
            )
        u, v = self.positions[self.index(line, position, len(self.positions), "vt")]
        return Corner(self.points[self.index(line, point, len(self.points), "v")], u, v)

    def index(self, line: int, word: str, count: int, keyword: str) -> int:
        """A row from 0, for an index that counts from 1 or from the end."""
        try:
            number = int(word) if len(word) < 12 else 0
        except ValueError:
            number = 0
        row = number - 1 if number > 0 else count + number
        if number == 0 or not 0 <= row < count:
            raise RemoteProtocolError(
                f"line {line}: {short(word)} is not the number of a `{keyword}` before it "
                f"(there are {count}): export the file again"
            )
        return row

    def surface(self) -> Surface:
        """What was read."""
        if self.name and self.name not in self.names:
            hint = suggestion(self.name, self.names) or "remove object: to use the whole file"
            raise RemoteProtocolError(f"the file has no object {short(self.name)}: {hint}")
        if not self.triangles:
            what = f"the object {short(self.name)}" if self.name else "the file"
            raise RemoteProtocolError(f"{what} has no polygons: export its faces")
        return Surface(tuple(self.triangles))
