"""Writes a stage file from one line: `arc radius 7 height 5 degrees 180 pitch 2.6 ceiling`.

The line is a list of walls (`flat`, `arc`, `ceiling`, `floor`), each followed by sizes: a word and
a number, in metres, degrees and, for `pitch`, millimetres. `pitch` of the first wall is that of
all walls without one. `panel 0.5` or `panel 0.5x1` is the size of a panel; its pixels are `pixels
192x192`, or follow from the pitch. Sizes that are not given have defaults that fit the first wall.
A wall of any shape is one line of its own: `mesh wall.obj pixels 1400x600 distance 3`. `survey
wall.csv` after the sizes of the first wall names its measured points.
"""

from __future__ import annotations

import re
from math import cos, pi, radians, sin

import msgspec

from xrdrama.authoring.new_stage_text import PlacedWall, stage_text
from xrdrama.document import suggestion
from xrdrama.document.wording import short
from xrdrama.errors import UsageError
from xrdrama.stage.canvases import MOST_PIXELS

SUCH_AS = '"arc radius 7 height 5 degrees 180 pitch 2.6 ceiling"'
_SURVEYED = '"arc radius 7 height 5 survey wall.csv"'
_TURNS = ("pan", "tilt", "roll")
_MAIN = {
    "flat": ("width", "height", *_TURNS),
    "arc": ("radius", "height", "degrees", "columns", *_TURNS),
}
_EXTRA = {"ceiling": ("width", "depth", "height"), "floor": ("width", "depth")}
_OF_ALL = ("pitch", "nits", "panel", "pixels")
_BOUNDS = {
    "width": (0.2, 100.0, "m"), "height": (0.2, 40.0, "m"), "depth": (0.2, 100.0, "m"),
    "radius": (0.5, 60.0, "m"), "degrees": (7.0, 359.0, "degrees"), "pitch": (0.4, 60.0, "mm"),
    "distance": (0.0, 100.0, "m"), "nits": (50.0, 20_000.0, "nits"),
    "lens": (4.0, 1500.0, "mm"), "columns": (1.0, 1000.0, ""),
    "pan": (-360.0, 360.0, "degrees"), "tilt": (-180.0, 180.0, "degrees"),
    "roll": (-180.0, 180.0, "degrees"), "panel": (0.05, 2.5, "m"), "pixels": (1, 2048, ""),
}  # fmt: skip
_MESH = re.compile(
    r"mesh (?P<file>[^ #:,]{1,200}) pixels (?P<across>[0-9]{1,5})x(?P<down>[0-9]{1,5})"
    r"(?: distance (?P<distance>[^ ]+))?(?: lens (?P<lens>[^ ]+))?(?: survey (?P<survey>[^ ]+))?"
)
_PANEL = re.compile(r"([0-9.]{1,9})m?(?:x([0-9.]{1,9})m?)?")
_EACH = re.compile(r"([0-9]{1,5})(?:x([0-9]{1,5}))?")
_FILE = re.compile(r"[^ #:,'\"]{1,200}")
_SAME = {"angle": "degrees", "focal": "lens", "segments": "columns", "brightness": "nits",
         "cabinet": "panel"}  # fmt: skip
_COLUMN = 0.5
"""Width of a column of an arc without `columns` and `panel`, metres: the usual cabinet."""
_GAP = 0.1
"""Between the upper edge of a wall and the ceiling, metres."""


class _Wall(msgspec.Struct):
    shape: str
    sizes: dict[str, float]
    survey: str = ""
    panel: tuple[float, float] | None = None
    """The size of its panels, metres."""
    each: tuple[float, float] | None = None
    """The pixels of a panel, as written."""

    def panel_pixels(self) -> tuple[int, int]:
        """The pixels of a panel: as written, or from the pitch."""
        assert self.panel is not None
        across, down = self.each or (side * 1000 / _pitch(self) for side in self.panel)
        return max(1, round(across)), max(1, round(down))


def new_stage(line: str, name: str) -> str:
    """The text of a stage file called `name` with the walls of one line.

    UsageError for unknown words and sizes, and for walls with more pixels than a canvas holds.
    """
    if line.split()[:1] == ["mesh"]:
        return _mesh(line, name)
    walls, lens = _read(line)
    main = walls[0]
    if main.shape not in _MAIN:
        raise UsageError(
            f"the first wall is a {main.shape}", f"begin with flat or arc, such as {SUCH_AS}"
        )
    placed = [_main(main)]
    placed += [_level(wall, main) for wall in walls[1:]]
    return stage_text(line, name, placed, lens, _eye(main))


def _mesh(line: str, name: str) -> str:
    """The stage of one wall from a file."""
    found = _MESH.fullmatch(" ".join(line.split()))
    if found is None:
        raise UsageError(
            f"{short(line)} does not describe a mesh",
            'write a file, its pixels and its distance: "mesh wall.obj pixels 1400x600 distance 3"',
        )
    file, across, down = found["file"], int(found["across"]), int(found["down"])
    distance = _number("distance", found["distance"] or "0")
    lens = _number("lens", found["lens"] or "35")
    keys = {"shape": "mesh", "file": file, "centre": f"[0, {distance:g}, 0]"}
    note = "its UV is the position on the wall; centre is where the file's origin is; y is up in it"
    pixels = _limited(_Wall("mesh", {}), across, down)
    wall = PlacedWall("wall", keys, pixels, note, _survey_file(found["survey"] or ""))
    return stage_text(line, name, [wall], lens, (0.0, 0.0, 1.6))


def _read(line: str) -> tuple[list[_Wall], float]:
    """The walls of a line, and the focal length in millimetres."""
    walls: list[_Wall] = []
    lens = 35.0
    words = line.replace(",", " ").replace("=", " ").split()
    position = 0
    while position < len(words):
        word = _SAME.get(words[position].lower(), words[position].lower())
        position += 1
        if word in _MAIN or word in _EXTRA:
            if any(wall.shape == word for wall in walls):
                raise UsageError(f"{word} is there twice", "name each kind of wall once")
            walls.append(_Wall(word, {}))
            continue
        if word == "survey":
            _keep_survey(walls, words[position] if position < len(words) else "")
            position += 1
            continue
        if word not in _BOUNDS:
            known = [*_MAIN, *_EXTRA, *_BOUNDS, "mesh", "survey"]
            raise UsageError(f"unknown word {short(word)}", suggestion(word, known))
        text = words[position] if position < len(words) else ""
        position += 1
        if word in ("panel", "pixels"):
            _keep_pair(walls, word, text)
            continue
        value = _number(word, text)
        if word == "lens":
            lens = value
        else:
            _keep(walls, word, value)
    if not walls:
        raise UsageError("the line names no wall", f"write a line such as {SUCH_AS}")
    for wall in walls:
        _check_panel(wall)
    return walls, lens


def _check_panel(wall: _Wall) -> None:
    """UsageError for pixels of a panel without a panel, or with a pitch."""
    if wall.each and not wall.panel:
        raise UsageError(
            f"{wall.shape} has pixels without panel",
            "pixels are those of a panel: write panel 0.5 pixels 192x192, or a pitch",
        )
    if wall.each and "pitch" in wall.sizes:
        raise UsageError(f"{wall.shape} has both pixels and pitch", "remove one of them")


def _keep(walls: list[_Wall], word: str, value: float) -> None:
    """Add a size to the last wall."""
    if not walls:
        raise UsageError(
            f"{word} is before the first wall", f"begin with flat or arc, such as {SUCH_AS}"
        )
    wall = walls[-1]
    own = (*_MAIN.get(wall.shape, ()), *_EXTRA.get(wall.shape, ()), *_OF_ALL)
    if word not in own:
        raise UsageError(f"{word} is not a size of {wall.shape}", f"use {', '.join(own)}, or lens")
    if word in wall.sizes:
        raise UsageError(f"{wall.shape} has two values of {word}", "remove one of them")
    wall.sizes[word] = value


def _keep_pair(walls: list[_Wall], word: str, text: str) -> None:
    """Add the size of a panel or its pixels to the last wall: one number, or across x down."""
    found = (_PANEL if word == "panel" else _EACH).fullmatch(text.lower())
    if found is None:
        raise UsageError(
            f"{word} has no size" + (f": {short(text)}" if text else ""),
            "write panel 0.5 or panel 0.5x1 (metres), and pixels 192x192 or a pitch",
        )
    across = _number(word, found[1])
    pair = (across, _number(word, found[2]) if found[2] else across)
    _keep(walls, word, across)
    wall = walls[-1]
    wall.panel, wall.each = (pair, wall.each) if word == "panel" else (wall.panel, pair)


def _keep_survey(walls: list[_Wall], name: str) -> None:
    """Add the name of a survey file to the first wall."""
    if len(walls) != 1 or walls[0].shape not in _MAIN:
        raise UsageError(
            "survey belongs to the first wall", f"write it after its sizes, such as {_SURVEYED}"
        )
    if walls[0].survey:
        raise UsageError(f"{walls[0].shape} has two values of survey", "remove one of them")
    walls[0].survey = _survey_file(name, required=True)


def _survey_file(name: str, *, required: bool = False) -> str:
    if (required or name) and not _FILE.fullmatch(name):
        raise UsageError(
            f"survey has no file name: {short(name)}", f"name a CSV file, such as {_SURVEYED}"
        )
    return name


def _number(word: str, text: str) -> float:
    """The number after a word, with or without its unit."""
    least, most, unit = _BOUNDS[word]
    bare = text.lower().removesuffix("mm" if unit == "mm" else "m" if unit == "m" else "deg")
    try:
        value = float(bare)
    except ValueError:
        raise UsageError(
            f"{word} has no number" + (f": {short(text)}" if text else ""),
            f"write {word} and a number{' of ' * bool(unit)}{unit}, such as {SUCH_AS}",
        ) from None
    if not least <= value <= most:
        raise UsageError(
            f"{word} {text} is out of range", f"expected {least:g} to {most:g} {unit}".strip()
        )
    return value


def _main(wall: _Wall) -> PlacedWall:
    """The first wall, in front of the eye point, with its foot on the floor."""
    sizes = wall.sizes
    height, pitch = sizes.get("height", 3.0), _pitch(wall)
    keys = {key: f"{sizes[key]:g}" for key in _TURNS if key in sizes} | _brightness(wall)
    if wall.shape == "flat":
        width = sizes.get("width", 5.0)
        keys = {"width": f"{width:g}", "height": f"{height:g}",
                "centre": f"[0, {_distance(wall):g}, {height / 2:g}]", **keys}  # fmt: skip
        note = "centre is the middle of the wall"
        pixels = _pixels(wall, width, height, pitch)
        keys = {"shape": "flat", **keys}
        return PlacedWall("wall", keys, pixels, note, wall.survey, _panel(wall))
    radius, degrees = sizes.get("radius", 5.0), sizes.get("degrees", 150.0)
    columns = _columns(wall)
    chord = 2 * radius * sin(radians(degrees) / columns / 2)
    across, down = _pixels(wall, chord, height, pitch)
    keys = {"radius": f"{radius:g}", "angle": f"{degrees:g}", "height": f"{height:g}",
            "segments": str(columns), "centre": "[0, 0, 0]", **keys}  # fmt: skip
    note = f"each column is {chord:.4g} m wide; centre is the lowest point of the arc's axis"
    pixels = _limited(wall, across * columns, down)
    return PlacedWall("wall", {"shape": "arc", **keys}, pixels, note, wall.survey, _panel(wall))


def _level(wall: _Wall, main: _Wall) -> PlacedWall:
    """A ceiling above the first wall, or a floor between its feet."""
    width, depth, middle = _footprint(main)
    width, depth = wall.sizes.get("width", width), wall.sizes.get("depth", depth)
    width, depth = float(f"{width:.4g}"), float(f"{depth:.4g}")  # panels are counted as written
    height = wall.sizes.get("height", main.sizes.get("height", 3.0) + _GAP)
    z, tilt = (height, 90) if wall.shape == "ceiling" else (0.0, -90)
    pitch = _pitch(wall) if "pitch" in wall.sizes else _pitch(main)
    keys = {
        "shape": "flat",
        "width": f"{width:g}",
        "height": f"{depth:g}",
        "centre": f"[0, {middle:.4g}, {z:.4g}]",
        "tilt": str(tilt),
        **_brightness(wall),
    }
    note = f"height is its depth: from the camera to the wall; tilt {tilt} makes it a {wall.shape}"
    pixels = _pixels(wall, width, depth, pitch)
    return PlacedWall(wall.shape, keys, pixels, note, panel=_panel(wall))


def _panel(wall: _Wall) -> str:
    """The value of `panel:` in the file; "" for a wall without panels."""
    if wall.panel is None:
        return ""
    size, pixels = wall.panel, wall.panel_pixels()
    return f"{{size: [{size[0]:g}, {size[1]:g}], pixels: [{pixels[0]}, {pixels[1]}]}}"


def _brightness(wall: _Wall) -> dict[str, str]:
    return {"brightness_nits": f"{wall.sizes['nits']:g}"} if "nits" in wall.sizes else {}


def _pitch(wall: _Wall) -> float:
    if wall.each and wall.panel:
        return wall.panel[0] * 1000 / wall.each[0]
    return wall.sizes.get("pitch", 2.6)


def _columns(wall: _Wall) -> int:
    arc = wall.sizes.get("radius", 5.0) * radians(wall.sizes.get("degrees", 150.0))
    column = wall.panel[0] if wall.panel else _COLUMN
    return round(wall.sizes.get("columns", max(1.0, arc / column)))


def _distance(wall: _Wall) -> float:
    """Metres from the eye point to a flat wall: it fills a usual lens."""
    return round(max(2.5, 0.8 * wall.sizes.get("width", 5.0)), 2)


def _footprint(main: _Wall) -> tuple[float, float, float]:
    """Width, depth and y of the middle of a ceiling or floor that fits the first wall."""
    if main.shape == "flat":
        depth = min(3.0, _distance(main))
        return main.sizes.get("width", 5.0), depth, _distance(main) - depth / 2
    # Inside the circle of the chords, from a little behind the axis to three quarters of the way.
    radius = main.sizes.get("radius", 5.0)
    half = radians(main.sizes.get("degrees", 150.0)) / _columns(main) / 2
    inside = radius * cos(min(half, pi / 3))
    return 1.16 * inside, 0.85 * inside, 0.325 * inside


def _pixels(wall: _Wall, width: float, height: float, pitch: float) -> tuple[int, int]:
    """Pixels across and down for metres, and the wall's panels or a pitch in millimetres."""
    if wall.panel:
        each = zip((width, height), wall.panel, wall.panel_pixels(), strict=True)
        across, down = (max(1, round(metres / one)) * pixels for metres, one, pixels in each)
        return _limited(wall, across, down)
    across, down = (max(1, round(metres * 1000 / pitch)) for metres in (width, height))
    return _limited(wall, across, down)


def _limited(wall: _Wall, across: int, down: int) -> tuple[int, int]:
    if max(across, down) > MOST_PIXELS:
        raise UsageError(
            f"the {wall.shape} would have {across} x {down} pixels; a canvas has at most "
            f"{MOST_PIXELS} across and down",
            "write a larger pitch, or a smaller wall",
        )
    return across, down


def _eye(main: _Wall) -> tuple[float, float, float]:
    """The eye point: in front of the first wall, at the height of a standing camera."""
    height = min(1.6, 0.6 * main.sizes.get("height", 3.0))
    return (0.0, 0.0, height) if main.shape == "flat" else (
        0.0, -0.1 * main.sizes.get("radius", 5.0), height)  # fmt: skip
