"""What the inner frustum costs on walls of many facets: one picture projected onto the wall,
against one picture for each facet.

All with the canvas pass, without outer pictures. The pictures for each facet are cropped to the
inner frustum and have as many pixels as the projected one has there; facets outside it have none.
"""

from __future__ import annotations

import msgspec

from xrdrama import content
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.show.production import outer_views
from xrdrama.spatial import Pose
from xrdrama.stage import Stage, inner_frustum, outer_frustum
from xrdrama.stage.facets import Piece, arc_facets
from xrdrama.stage.frustum import Frustum
from xrdrama.timing import FrameTime
from xrdrama.tools.bench.advance import SHOW
from xrdrama.tools.bench.comparing import BenchResult, compared
from xrdrama.wire.frame import Frame, Projection, View

FEW, MANY = 16, 64
MORE = 1.1
"""Goal: how many times as much 64 facets may cost as 16."""
SHARE = 0.4
"""Goal: the most that the projected picture may cost of pictures for each facet (2.5 times)."""
_NEAREST = 0.01


def bench_facets() -> list[BenchResult]:
    """The inner frustum on 64 facets against 16, and against one picture for each of 64 facets."""
    from xrdrama.adapters.panda.graphics import Target, open_graphics
    from xrdrama.adapters.panda.set.sets import Sets
    from xrdrama.adapters.panda.wall.led_wall import LedWall
    from xrdrama.processes.sets import compiled_scene, near_of

    loaded = content.load_show(SHOW)
    production = content.produce(loaded)
    graphics = open_graphics(finishes=True)
    compiled = {name: compiled_scene(name, near_of(loaded)) for name in production.scenes}
    sets = Sets(graphics, compiled, "draft")
    groups: dict[str, list[Target]] = {}
    for count in (FEW, MANY):
        staged = _with_facets(production, count)
        frame = _first(staged)
        assert staged.stage is not None
        wall = LedWall(graphics, staged.stage, sets)
        wall.place(frame.views)
        sets.update(frame)
        groups[f"{count}"] = [wall.inner, wall.canvas]
    own = []
    for number, (frustum, size) in enumerate(_parts(wall.stage, _inner(frame))):
        target = graphics.target(f"facet.{number}", *size, wall.inner.kind, sort=20)
        sets.add_view(target).place(frustum.pose, _projection(frustum))
        own.append(target)
    groups["each"] = [*own, wall.canvas]
    graphics.render()

    def draw(name: str) -> None:
        with graphics.only(*groups[name]):
            graphics.render()

    try:
        return [
            compared("inner_64_to_16_facets", lambda: draw("64"), lambda: draw("16"), goal=MORE,
                     pairs=30),
            compared("inner_projected_to_per_facet", lambda: draw("64"), lambda: draw("each"),
                     goal=SHARE, pairs=30),
        ]  # fmt: skip
    finally:
        graphics.close()


def _with_facets(production: Production, count: int) -> Production:
    """The show on its stage, whose arc has a number of columns."""
    stage = production.stage
    assert stage is not None
    arc, *others = stage.walls
    facets = arc_facets(
        Pose(), radius=5.0, angle=150.0, height=4.6, segments=count, at=arc.at, pixels=arc.pixels
    )
    walls = (msgspec.structs.replace(arc, facets=facets), *others)
    made = msgspec.structs.replace(stage, walls=walls)
    return msgspec.structs.replace(production, stage=made, outer_views=outer_views(made))


def _first(production: Production) -> Frame:
    _, frame = advance(opening(production), Tick(FrameTime.of(0, production.rate), ()))
    return frame


def _inner(frame: Frame) -> View:
    return next(view for view in frame.views if view.target == "inner")


def _parts(stage: Stage, view: View) -> list[tuple[Frustum, tuple[int, int]]]:
    """For each facet that the inner frustum meets: its off-axis frustum from the camera, cropped
    to the inner frustum, and the pixels of its picture."""
    inner = inner_frustum(
        view.pose, stage.camera.lens, overscan=stage.inner.grown, near=stage.near, far=stage.far
    )
    density = stage.inner.drawn[0] / (inner.right - inner.left)
    found = []
    for wall in stage.walls:
        for facet in wall.facets:
            part = _part(facet, inner, density)
            if part is not None:
                found.append(part)
    return found


def _part(facet: Piece, inner: Frustum, density: float) -> tuple[Frustum, tuple[int, int]] | None:
    eye, back = inner.pose.position, inner.pose.inverse()
    whole = outer_frustum(eye, [facet], near=inner.near, far=inner.far)
    corners = [back.apply(corner) for corner in facet.corners]
    if whole is None or any(corner.y < _NEAREST for corner in corners):
        return None
    xs, zs = [c.x / c.y for c in corners], [c.z / c.y for c in corners]
    left, right = max(min(xs), inner.left), min(max(xs), inner.right)
    bottom, top = max(min(zs), inner.bottom), min(max(zs), inner.top)
    if left >= right or bottom >= top:
        return None
    high = whole.top - whole.bottom
    low, up = ((edge - min(zs)) / (max(zs) - min(zs)) for edge in (bottom, top))
    cropped = msgspec.structs.replace(
        whole, bottom=whole.bottom + high * low, top=whole.bottom + high * up
    )
    return cropped, (
        max(1, round((right - left) * density)),
        max(1, round((top - bottom) * density)),
    )


def _projection(f: Frustum) -> Projection:
    return Projection(f.left, f.right, f.bottom, f.top, f.near, f.far)
