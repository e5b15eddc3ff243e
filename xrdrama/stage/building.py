"""Builds the walls of a stage: reads the files of meshes and surveys and checks what they
contain."""

from __future__ import annotations

from collections.abc import Mapping

from xrdrama.document import Node, Reading, place_of
from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.stage.model import Wall
from xrdrama.stage.surfaces import Surface
from xrdrama.stage.surfaces.files import Files, read_surface
from xrdrama.stage.written import LEAST_AREA, RawWall

UV_SLACK = 1e-4
"""Positions outside 0 to 1 by no more than this are rounding errors of an exporter."""


def built(
    walls: Mapping[str, RawWall], root: Node, reading: Reading, files: Files
) -> dict[str, Wall]:
    """The walls with their facets; a wall whose file cannot be used is left out, with a problem."""
    made = {}
    for name, wall in walls.items():
        surface = _surface(wall, root, reading, files) if wall.file else None
        if wall.file and surface is None:
            continue
        one = _surveyed(wall.wall(surface), wall, root, reading, files)
        if one is not None:
            made[name] = one
    return made


def _surveyed(made: Wall, wall: RawWall, root: Node, reading: Reading, files: Files) -> Wall | None:
    """The wall where its survey says it is; None, with a problem, for one that is not usable."""
    if not wall.survey:
        if wall.survey_fit != "rigid":
            reading.note(
                place_of(root, "walls", wall.id, "survey_fit"), "W061",
                f"wall {wall.id!r} has survey_fit: without survey:",
                "add survey: with the name of a CSV file, or remove survey_fit",
            )  # fmt: skip
        return made
    # Imported late: fitting needs numpy, and most walls have no survey.
    from xrdrama.stage.surveys.placing import placed

    return placed(made, wall, root, reading, files)


def _surface(wall: RawWall, root: Node, reading: Reading, files: Files) -> Surface | None:
    """The surface of a wall's file; None, with a problem, if it cannot be used."""
    place = place_of(root, "walls", wall.id, "file")
    part, other = (
        ("region", "object") if wall.file.lower().endswith(".mpcdi") else ("object", "region")
    )
    misplaced = wall.part if other == "object" else wall.region
    if misplaced:
        reading.note(
            place_of(root, "walls", wall.id, other), "W020",
            f"wall {wall.id!r}: {other} does not apply to {wall.file}", f"write {part}: instead",
        )  # fmt: skip
        return None
    try:
        surface = read_surface(files(wall.file), wall.file, wall.part or wall.region)
    except UsageError as error:
        reading.note(place, "W020", error.message, error.remedy)
        return None
    except RemoteProtocolError as error:
        message, _, hint = str(error).rpartition(": ")
        reading.note(place, "W020", f"{wall.file}: {message or error}", hint if message else "")
        return None
    return surface if _is_usable(wall, surface, root, reading) else None


def _is_usable(wall: RawWall, surface: Surface, root: Node, reading: Reading) -> bool:
    """False, with a problem, for a surface without area or with positions outside the wall."""
    place = place_of(root, "walls", wall.id, "file")
    corners = [corner for triangle in surface.triangles for corner in triangle]
    outside = [c for c in corners if not all(-UV_SLACK <= p <= 1 + UV_SLACK for p in (c.u, c.v))]
    if outside:
        first = outside[0]
        reading.note(
            place, "W021",
            f"{wall.file}: {len(outside)} of {len(corners)} corners have UV outside 0 to 1, the "
            f"first ({first.u:g}, {first.v:g}); 0 to 1 is the wall's area on the canvas",
            "scale the UVs in the modelling program; give each wall its own object: and at:",
        )  # fmt: skip
        return False
    flat = sum(_area(t) * wall.scale**2 <= LEAST_AREA for t in surface.triangles)
    if flat == len(surface.triangles):
        reading.note(
            place, "W022", f"{wall.file}: no triangle has an area",
            "check scale: (metres for one unit of the file) and the file",
        )  # fmt: skip
        return False
    if flat:
        reading.note(
            place, "W022",
            f"{wall.file}: {flat} of {len(surface.triangles)} triangles have no area and are left "
            "out", "delete degenerate faces in the modelling program", "warning",
        )  # fmt: skip
    return True


def _area(triangle: tuple[object, ...]) -> float:
    a, b, c = (corner.point for corner in triangle)  # type: ignore[attr-defined]
    area: float = (b - a).cross(c - a).length() / 2
    return area
