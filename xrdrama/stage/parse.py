"""Parse the text of a `*.stage.yaml` file to a Stage; each problem has its position."""

from __future__ import annotations

import msgspec

from xrdrama.document import (
    Mapping,
    Node,
    Place,
    Reading,
    compose,
)
from xrdrama.document.kinds import is_other_kind
from xrdrama.document.plausible import with_likely_units
from xrdrama.document.shapes import MISSING
from xrdrama.errors import AuthoringError, Problem
from xrdrama.spatial import Pose
from xrdrama.stage.building import built
from xrdrama.stage.cameras import check_cameras, lens_files
from xrdrama.stage.canvases import Canvas, canvas_of, check_names, laid_out
from xrdrama.stage.delays import check_delays, delays_of
from xrdrama.stage.form import STAGE
from xrdrama.stage.lenses.model import LensFile
from xrdrama.stage.model import Stage, Wall
from xrdrama.stage.mounting import check_mounting
from xrdrama.stage.panels import counted
from xrdrama.stage.plausible import STAGE_UNITS
from xrdrama.stage.surfaces.files import Files, no_files
from xrdrama.stage.written import RawStage, RawWall


def parse_stage(
    text: str, file: str = "stage", files: Files = no_files
) -> tuple[Stage | None, list[Problem]]:
    """The Stage (None if there are errors) and all problems of its file.

    `files` reads the files that the stage refers to, by their names in the stage file.
    """
    problems: list[Problem] = []
    root = compose(text, file, problems)
    reading = Reading(file, problems)
    if root is not None and is_other_kind(root, "stage", problems):
        return None, problems
    raw = STAGE.read(root, reading) if root is not None else MISSING
    if root is not None:
        problems[:] = with_likely_units(STAGE_UNITS, root, problems)
    if root is None or not isinstance(raw, RawStage):
        return None, problems
    raw = _counted(raw, root, reading)
    whole, canvases = laid_out(raw.canvas, raw.canvases, root, reading)
    check_names({wall.id: wall.canvas for wall in raw.walls.values()}, canvases, root, reading)
    walls = built(_moved(raw.walls, canvases), root, reading, files)
    lenses = lens_files(raw.all_cameras(), raw.inner, root, reading, files)
    _check(raw, walls, root, reading)
    _check_places(raw, canvases, reading)
    if any(problem.severity == "error" for problem in problems):
        return None, problems
    return _assembled(raw, whole, canvases, walls, lenses), problems


def load_stage(text: str, file: str = "stage", files: Files = no_files) -> Stage:
    """The Stage that a text describes; AuthoringError with all problems if there is an error."""
    stage, problems = parse_stage(text, file, files)
    if stage is None:
        raise AuthoringError(problems)
    return stage


def _moved(walls: dict[str, RawWall], canvases: dict[str, Canvas]) -> dict[str, RawWall]:
    """The walls at their places in the picture of all canvases, each with its canvas."""
    made = {}
    for name, wall in walls.items():
        on = canvas_of(wall.canvas, canvases)
        if on is None:
            made[name] = wall  # its problem is reported already
            continue
        at = (wall.at[0] + on.at[0], wall.at[1] + on.at[1])
        made[name] = msgspec.structs.replace(wall, at=at, canvas=on.id)
    return made


def _assembled(
    raw: RawStage,
    whole: tuple[int, int],
    canvases: dict[str, Canvas],
    walls: dict[str, Wall],
    lenses: dict[str, LensFile],
) -> Stage:
    safe = raw.safe.pose() if raw.safe else Pose(raw.eye_point)
    given = raw.all_cameras()
    cameras = tuple(
        one.camera(raw.tracking.subject, raw.inner, safe, lenses.get(one.id)) for one in given
    )
    return Stage(
        id=raw.id,
        canvas=whole,
        canvases=tuple(canvases.values()) if "" not in canvases else (),
        walls=tuple(walls.values()),
        cameras=cameras,
        eye_point=raw.eye_point,
        place=raw.place,
        title=raw.title or raw.id,
        tracking=msgspec.structs.replace(raw.tracking.tracking(), subject=cameras[0].subject),
        ladder=raw.ladder,
        outer=raw.outer,
        near=raw.near,
        far=raw.far,
        stand_in=raw.stand_in,
        delays=delays_of(raw.latency, raw.tracking.latency),
    )


def _counted(raw: RawStage, root: Node, reading: Reading) -> RawStage:
    """The stage with the pixel counts of its walls; walls with errors are left out."""
    walls = {name: counted(wall, root, reading) for name, wall in raw.walls.items()}
    whole = {name: wall for name, wall in walls.items() if wall is not None}
    return msgspec.structs.replace(raw, walls=whole)


def _place(root: Node, key: str, otherwise: Place) -> Place:
    node = root.get(key) if isinstance(root, Mapping) else None
    return node.place if node is not None else otherwise


def _check(raw: RawStage, walls: dict[str, Wall], root: Node, reading: Reading) -> None:
    if not raw.walls and not reading.problems:
        reading.note(raw.place, "W001", "the stage has no walls", "add a wall under walls:")
    if raw.near >= raw.far:
        place = _place(root, "near", _place(root, "far", raw.place))
        reading.note(
            place, "W002", f"near ({raw.near:g} m) must be less than far ({raw.far:g} m)",
            "make near smaller or far larger",
        )  # fmt: skip
    if raw.ladder.hold < raw.ladder.predict:
        reading.note(
            _place(root, "ladder", raw.place), "W006", "ladder: hold is shorter than predict",
            "write hold longer than predict; both count from the last packet, for example "
            "predict: 100ms, hold: 1s",
        )  # fmt: skip
    check_cameras(raw.all_cameras(), raw.tracking.subject, raw.inner, root, reading)
    check_mounting(raw.all_cameras(), raw.tracking, root, reading)
    if raw.latency:
        check_delays(raw.latency, raw.tracking.latency, root, reading)
    for wall in raw.walls.values():
        made = walls.get(wall.id)
        if made and not any(facet.sees(raw.eye_point) for facet in made.facets):
            reading.note(
                wall.place, "W005", f"the eye point is behind wall {wall.id!r}",
                "turn the wall (pan, tilt), move it (centre), or move the eye point"
                + (", or flip the normals in its file" if wall.file else ""),
            )  # fmt: skip


def _check_places(raw: RawStage, canvases: dict[str, Canvas], reading: Reading) -> None:
    """Problems of walls that do not fit on their canvas, or overlap there."""
    placed: list[tuple[RawWall, Canvas]] = []
    for wall in raw.walls.values():
        canvas = canvas_of(wall.canvas, canvases)
        if canvas is None:
            continue
        width, height = canvas.size
        right, bottom = wall.at[0] + wall.area[0], wall.at[1] + wall.area[1]
        if right > width or bottom > height:
            named = f"canvas {canvas.id!r}" if canvas.id else "canvas"
            reading.note(
                wall.place, "W003",
                f"wall {wall.id!r} does not fit on the {named}: it ends at {right}, {bottom}; the "
                f"canvas has {width} x {height} pixels",
                "change at: or pixels: of the wall, or enlarge "
                + ("canvas:" if not canvas.id else f"the size of {canvas.id}"),
            )  # fmt: skip
        for other, on in placed:
            if on is canvas and _overlap(wall, other):
                reading.note(
                    wall.place, "W004", f"walls {other.id!r} and {wall.id!r} overlap on the canvas",
                    "move one of them with at: [left, top]",
                )  # fmt: skip
        placed.append((wall, canvas))


def _overlap(a: RawWall, b: RawWall) -> bool:
    return (
        a.at[0] < b.at[0] + b.area[0]
        and b.at[0] < a.at[0] + a.area[0]
        and a.at[1] < b.at[1] + b.area[1]
        and b.at[1] < a.at[1] + a.area[1]
    )
