"""Reads the surface of a region from an MPCDI file (VESA, versions 1 and 2).

An MPCDI file is a ZIP archive with `mpcdi.xml` and maps. A surface is in the geometry warp map
(PFM) of profile a3: a point for each pixel of the region, in the map's unit. Such a map in a file
of profile 3d is used, too, if its unit is a length; otherwise the maps of 2d and 3d describe how a
picture is bent for one eye point, and the wall cannot be known from them. A region that has only
a frustum is refused for the same reason. Axes are x right, y up, z towards the audience.

The map is thinned to at most `MOST_CELLS` cells, and continued by half a pixel to the region's
edges, because a map has the points of pixel centres.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

import msgspec

from xrdrama.document.wording import short, suggestion
from xrdrama.errors import RemoteProtocolError
from xrdrama.spatial import Vec3
from xrdrama.stage.surfaces.pfm import PointMap, read_pfm
from xrdrama.stage.surfaces.surface import Corner, Corners, Surface, checked

MOST_CELLS = 2_400
"""Most cells of the thinned map; each has two triangles."""
MOST_BYTES = 128_000_000
"""Largest file in the archive when it is unpacked."""
_MOST_XML = 1_000_000
_DEEPEST = 20
_METRES = {"mm": 0.001, "cm": 0.01, "dm": 0.1, "m": 1.0, "in": 0.0254, "ft": 0.3048, "yd": 0.9144}


class _Element(msgspec.Struct):
    """An XML element, with names in lower case: writers differ in their use of capitals."""

    name: str
    keys: dict[str, str]
    text: str = ""
    children: list[_Element] = []

    def all(self, name: str) -> Iterator[_Element]:
        """Every element with that name below this one."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)

    def value(self, name: str) -> str:
        """The text of the first such element; "" without one."""
        found = next(self.all(name), None)
        return found.text.strip() if found else ""


def read_mpcdi(content: bytes, region: str = "") -> Surface:
    """The surface of a region of an .mpcdi file, in metres; RemoteProtocolError without one.

    `region` may be "" if the file has one region.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            root = _parsed(_member(archive, "mpcdi.xml", _MOST_XML))
            chosen = _region(root, region)
            path, metres = _map_of(root, chosen)
            found = read_pfm(_member(archive, path, MOST_BYTES))
    except (BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError,
            ValueError, KeyError, IndexError, OverflowError, MemoryError) as error:  # fmt: skip
        raise RemoteProtocolError(
            f"this is not a valid MPCDI archive (ZIP): {error}: export it again"
        ) from None
    return Surface(tuple(_triangles(found, metres)))


def _member(archive: ZipFile, name: str, most: int) -> bytes:
    """A file of the archive; RemoteProtocolError if it is missing or too large."""
    names = {entry.casefold(): entry for entry in archive.namelist()}
    entry = names.get(name.casefold())
    if entry is None:
        raise RemoteProtocolError(
            f"the archive has no file {short(name)}: export the maps with the description"
        )
    if archive.getinfo(entry).file_size > most:  # no more than this is ever unpacked
        raise RemoteProtocolError(f"{short(name)} has more than {most} bytes: use a smaller map")
    return archive.read(entry)


def _parsed(text: bytes) -> _Element:
    """The description; RemoteProtocolError for invalid XML and for XML with entities."""
    root = _Element("", {}, "", [])
    stack = [root]

    def start(name: str, keys: dict[str, str]) -> None:
        if len(stack) > _DEEPEST:
            raise RemoteProtocolError("mpcdi.xml is nested too deeply: export it again")
        element = _Element(name.lower(), {k.lower(): v for k, v in keys.items()}, "", [])
        stack[-1].children.append(element)
        stack.append(element)

    def end(_: str) -> None:
        stack.pop()

    def characters(found: str) -> None:
        stack[-1].text += found

    def entity(*_: object) -> None:
        raise RemoteProtocolError("mpcdi.xml declares entities: remove its DOCTYPE")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = characters, entity
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise RemoteProtocolError(f"mpcdi.xml: {error}: export it again") from None
    if not root.children or root.children[0].name != "mpcdi":
        raise RemoteProtocolError("mpcdi.xml does not describe an MPCDI display: export it again")
    return root.children[0]


def _region(root: _Element, name: str) -> str:
    """The id of the region to use."""
    ids = [region.keys.get("id", "") for display in root.all("display")
           for region in display.all("region")]  # fmt: skip
    if not ids:
        raise RemoteProtocolError("mpcdi.xml has no region: export it again")
    if not name and len(ids) > 1:
        raise RemoteProtocolError(
            f"the file has {len(ids)} regions: write region: with one of {', '.join(ids[:12])}"
        )
    if name and name not in ids:
        raise RemoteProtocolError(f"the file has no region {short(name)}: {suggestion(name, ids)}")
    return name or ids[0]


def _map_of(root: _Element, region: str) -> tuple[str, float]:
    """The name of a region's geometry warp map, and metres for one unit of it."""
    profile = root.keys.get("profile", "").lower()
    sets = [found for found in root.all("fileset") if found.keys.get("region", region) == region]
    warp = next((warp for found in sets for warp in found.all("geometrywarpfile")), None)
    if warp is None:
        raise RemoteProtocolError(
            f"the region {short(region)} has a frustum but no geometry warp map, so the shape of "
            "its wall is not in the file: export profile a3 with maps, or export the wall as OBJ"
        )
    unit = warp.value("geometricunit").lower()
    if profile not in ("3d", "a3") or (unit not in _METRES and (profile == "3d" or unit)):
        shown = f"profile {profile or 'without a name'}, unit {unit or 'not given'}"
        raise RemoteProtocolError(
            f"the map of the region {short(region)} ({shown}) bends a picture for one eye point "
            "and has no points of the wall: export profile a3, or export the wall as OBJ"
        )
    return warp.value("path") or warp.text.strip(), _METRES.get(unit, 1.0)


def _triangles(found: PointMap, metres: float) -> list[Corners]:
    """Two triangles for each cell whose corners all have a point."""
    across, down = _lines(found.width, found.height)
    rows = [[_point(found, x, y) for x in across] for y in down]
    made: list[Corners] = []
    for (y0, upper), (y1, lower) in pairwise(zip(down, rows, strict=True)):
        for i, (x0, x1) in enumerate(pairwise(across)):
            points = (lower[i], lower[i + 1], upper[i + 1], upper[i])
            places = ((x0, y1), (x1, y1), (x1, y0), (x0, y0))
            corners = [
                Corner(_metric(point, metres), x / found.width, 1.0 - y / found.height)
                for point, (x, y) in zip(points, places, strict=True)
                if point is not None
            ]
            if len(corners) == 4:
                a, b, c, d = corners
                made += [(a, b, c), (a, c, d)]
    if not made:
        raise RemoteProtocolError("the map has no points: export the maps again")
    return made


def _metric(point: Vec3, metres: float) -> Vec3:
    return Vec3(*(checked(number * metres, "the map") for number in (point.x, point.y, point.z)))


def _lines(width: int, height: int) -> tuple[list[float], list[float]]:
    """The columns and rows of the thinned map, in pixels from the upper left: the edges of the
    region, and centres of pixels between them."""
    step = max(1.0, (width * height / MOST_CELLS) ** 0.5)

    def line(count: int) -> list[float]:
        cells = max(1, min(count - 1, int(count / step)))
        inner = [round(i * (count - 1) / cells) + 0.5 for i in range(1, cells)]
        return [0.0, *inner, float(count)]

    return line(width), line(height)


def _point(found: PointMap, x: float, y: float) -> Vec3 | None:
    """The point of a position in pixels, interpolated or continued from the nearest centres."""
    left = min(max(int(x - 0.5), 0), found.width - 2)
    top = min(max(int(y - 0.5), 0), found.height - 2)
    s, t = x - 0.5 - left, y - 0.5 - top
    total = Vec3()
    for dx, dy, share in ((0, 0, (1 - s) * (1 - t)), (1, 0, s * (1 - t)), (0, 1, (1 - s) * t),
                          (1, 1, s * t)):  # fmt: skip
        if share == 0.0:
            continue
        point = found.point(left + dx, top + dy)
        if point is None:
            return None
        total = total + point * share
    return total
