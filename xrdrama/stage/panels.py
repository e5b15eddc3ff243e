"""The pixel count of a wall: as written, or computed from its size and its panels or pitch.

A wall has one of the keys `pixels`, `panel` and `pitch`, or several that agree within 1 %. A size
that is not a whole number of panels, columns or pixels is rounded, with a warning.
"""

from __future__ import annotations

from math import asin, degrees, radians, sin

import msgspec

from xrdrama.document import Node, Place, Reading, place_of
from xrdrama.document.plausible import CODE
from xrdrama.stage.canvases import MOST_PIXELS
from xrdrama.stage.plausible import PITCH
from xrdrama.stage.written import RawWall

AGREE = 0.01
"""Allowed difference between pixels, panel and pitch: data sheets round the pitch (2.6 for
2.604)."""
_OF_A_PANEL = 0.02
"""Allowed difference from a whole number of panels: a chord is known to a few millimetres."""
_OF_A_PIXEL = 0.25
_AXES = (("across", "width"), ("down", "height"))


def counted(wall: RawWall, root: Node, reading: Reading) -> RawWall | None:
    """The wall with its pixel count; None, with problems, if it is missing or contradictory."""
    if wall.shape == "mesh" and wall.pixels[0]:
        return wall  # its size is that of its file
    counting = _Counting(wall, root, reading)
    wall_place = place_of(root, "walls", wall.id)
    errors = counting.contradictions()
    if not (wall.pixels[0] or wall.panel or wall.pitch):
        if any(counting.place(key) != wall_place for key in ("pixels", "panel", "pitch")):
            return None  # a key is there, and its problem is reported already
        reading.note(
            wall.place, "W015", f"wall {wall.id!r} has no pixels",
            "add pixels: [across, down], panel: {size: [0.5, 0.5], pixels: [192, 192]}, "
            "or pitch: 2.6 (millimetres)",
        )  # fmt: skip
        return None
    if errors:
        return None
    pixels = wall.pixels if wall.pixels[0] else counting.pixels()
    if pixels is None:
        return None
    counting.whole(pixels)
    counting.spacing(pixels)
    return msgspec.structs.replace(wall, pixels=pixels)


class _Counting:
    def __init__(self, wall: RawWall, root: Node, reading: Reading) -> None:
        self.wall, self.root, self.reading = wall, root, reading
        columns = wall.segments if wall.shape == "arc" else 1
        chord = 2 * wall.radius * sin(radians(wall.angle) / columns / 2)
        self.columns = columns
        self.column = chord if wall.shape == "arc" else wall.width
        """Width of one column of an arc, of the whole of a flat wall; metres."""
        self.sides = (self.column, wall.height)
        self.repeats = (columns, 1)

    def place(self, key: str) -> Place:
        return place_of(self.root, "walls", self.wall.id, key)

    def side(self, axis: int) -> str:
        """The side in words, as the start of a message: `the width of 4 m`."""
        if axis == 0 and self.wall.shape == "arc":
            return f"the column width of {self.column:.4g} m"
        return f"the {_AXES[axis][1]} of {self.sides[axis]:.4g} m"

    def densities(self) -> list[tuple[str, tuple[float, float]]]:
        """The pixel pitch that `panel` and `pitch` state: (key, (across, down)) in millimetres."""
        panel, pitch = self.wall.panel, self.wall.pitch
        found = []
        if panel:
            across, down = (panel.size[axis] * 1000 / panel.pixels[axis] for axis in (0, 1))
            found.append(("panel", (across, down)))
        if pitch:
            found.append(("pitch", (pitch, pitch)))
        return found

    def contradictions(self) -> bool:
        """True, with an error for each pair of pixels, panel and pitch that do not agree."""
        wall, found = self.wall, False
        named = self.densities()
        if len(named) == 2:
            for axis, (way, _) in enumerate(_AXES):
                panel, pitch = named[0][1][axis], named[1][1][axis]
                if not found and abs(panel / pitch - 1) > AGREE:
                    assert wall.panel is not None
                    found = True
                    self.reading.note(
                        self.place("pitch"), "W016",
                        f"panel and pitch contradict each other: panel gives a pitch of "
                        f"{panel:.4g} mm {way} ({wall.panel.size[axis]:g} m with "
                        f"{wall.panel.pixels[axis]} pixels), pitch is {pitch:g} mm",
                        "remove the one that is wrong",
                    )  # fmt: skip
        for key, spaced in named if wall.pixels[0] else ():
            for axis, (way, _) in enumerate(_AXES):
                fit = self.sides[axis] * self.repeats[axis] * 1000 / spaced[axis]
                if abs(wall.pixels[axis] / fit - 1) > AGREE and not self._is_rounding(key, axis):
                    found = True
                    self.reading.note(
                        self.place("pixels"), "W016",
                        f"pixels and {key} contradict each other: pixels has {wall.pixels[axis]} "
                        f"{way}; {self.side(axis)} with {self._stated(key, axis)} gives "
                        f"{fit:.6g}" + (f" in {self.columns} columns" * (self.repeats[axis] > 1)),
                        f"correct the size, pixels or {key}, or remove pixels or {key}",
                    )  # fmt: skip
                    break
        return found

    def _is_rounding(self, key: str, axis: int) -> bool:
        """True where the pixels are those of the nearest whole number of panels."""
        panel = self.wall.panel if key == "panel" else None
        if panel is None:
            return False
        panels = max(1, round(self.sides[axis] / panel.size[axis])) * self.repeats[axis]
        return panels * panel.pixels[axis] == self.wall.pixels[axis]

    def _stated(self, key: str, axis: int) -> str:
        panel = self.wall.panel
        if key == "panel" and panel:
            return f"panels of {panel.size[axis]:g} m and {panel.pixels[axis]} pixels"
        return f"a pitch of {self.wall.pitch:g} mm"

    def pixels(self) -> tuple[int, int] | None:
        """Pixels across and down from `panel` or `pitch`; None, with an error, above the limit."""
        panel, made = self.wall.panel, []
        for axis, (way, _) in enumerate(_AXES):
            if panel:
                panels = max(1, round(self.sides[axis] / panel.size[axis]))
                count = panels * panel.pixels[axis] * self.repeats[axis]
            else:
                fit = max(1, round(self.sides[axis] * 1000 / self.wall.pitch))
                count = fit * self.repeats[axis]
            if count > MOST_PIXELS:
                key = "panel" if panel else "pitch"
                self.reading.note(
                    self.place(key), "W016",
                    f"wall {self.wall.id!r} would have {count} pixels {way}; expected 1 to "
                    f"{MOST_PIXELS}", f"check its size (in metres) and its {key}",
                )  # fmt: skip
                return None
            made.append(count)
        return made[0], made[1]

    def whole(self, pixels: tuple[int, int]) -> None:
        """Add a warning for each side that is not a whole number of columns, panels or pixels."""
        if self.wall.pixels[0] and pixels[0] % self.columns:
            self._uneven_columns(pixels[0])
        for axis in (0, 1):
            if self.wall.panel:
                self._whole_panels(axis, pixels[axis])
            elif self.wall.pitch and not self.wall.pixels[0]:
                self._whole_pixels(axis, pixels[axis])

    def spacing(self, pixels: tuple[int, int]) -> None:
        """Add a warning for a pixel pitch that no LED wall has."""
        apart = self.column * self.columns * 1000 / pixels[0]
        reported = any(problem.code == CODE for problem in self.reading.problems)
        if not reported and not PITCH.least <= apart <= PITCH.most:
            size = "radius" if self.wall.shape == "arc" else "width"
            self.reading.note(
                self.place(size), CODE,
                f"wall {self.wall.id!r}: {pixels[0]} pixels on {self.column * self.columns:.4g} m "
                f"give a pitch of {apart:.4g} mm, which is implausible; expected {PITCH.least:g} "
                f"to {PITCH.most:g}",
                f"check {size} (in metres) and pixels", "warning",
            )  # fmt: skip

    def _uneven_columns(self, across: int) -> None:
        each, columns = across / self.columns, self.columns
        lower = int(each) * columns
        hint = f"write {lower or columns} or {lower + columns} pixels across"
        dividing = [n for n in range(max(1, columns // 2), columns * 2) if across % n == 0]
        if dividing:
            hint += f", or segments: {min(dividing, key=lambda n: abs(n - columns))}"
        self._warn(
            "pixels",
            f"{across} pixels across cannot be divided evenly among {columns} columns: "
            f"{each:.4g} each",
            hint,
        )

    def _whole_panels(self, axis: int, pixels: int) -> None:
        panel, way = self.wall.panel, _AXES[axis][0]
        assert panel is not None
        panels = self.sides[axis] / panel.size[axis]
        near = max(1, round(panels))
        if abs(panels - near) > _OF_A_PANEL * near:
            used = "" if self.wall.pixels[0] else f"; using {near} ({pixels} pixels {way})"
            self._warn(
                "panel",
                f"{self.side(axis)} is not a whole number of panels of {panel.size[axis]:g} m: "
                f"{panels:.4g}{used}",
                self._resized(axis, near, panels),
            )
        elif pixels % (panel.pixels[axis] * self.repeats[axis]):
            each = panel.pixels[axis] * self.repeats[axis]
            self._warn(
                "pixels",
                f"{pixels} pixels {way} is not a whole number of panels with "
                f"{panel.pixels[axis]} pixels: {pixels / panel.pixels[axis]:.4g}",
                f"write {max(1, round(pixels / each)) * each}, or remove pixels",
            )

    def _resized(self, axis: int, near: int, panels: float) -> str:
        """The hint: sizes that are a whole number of panels."""
        panel, wall = self.wall.panel, self.wall
        assert panel is not None
        one = panel.size[axis]
        if axis == 0 and wall.shape == "arc":
            wide = near * one / 2 / wall.radius
            angle = degrees(2 * asin(wide)) * self.columns if wide < 1 else 360.0
            segments = max(1, round(self.columns * panels))
            return f"write angle: {angle:.4g}" if angle <= 359 else f"write segments: {segments}"
        other = near + 1 if panels > near else max(1, near - 1)
        sizes = sorted({near * one, other * one})
        return f"write {_AXES[axis][1]}: " + " or ".join(f"{size:g}" for size in sizes)

    def _whole_pixels(self, axis: int, pixels: int) -> None:
        fit = self.sides[axis] * 1000 / self.wall.pitch
        if abs(fit - round(fit)) > _OF_A_PIXEL:
            self._warn(
                "pitch",
                f"{self.side(axis)} is not a whole number of pixels at a pitch of "
                f"{self.wall.pitch:g} mm: {fit:.6g}; using {pixels} pixels {_AXES[axis][0]}",
                "data sheets round the pitch: write panel or pixels instead",
            )

    def _warn(self, key: str, message: str, hint: str) -> None:
        name = f"wall {self.wall.id!r}: "
        self.reading.note(self.place(key), "W017", name + message, hint, "warning")
