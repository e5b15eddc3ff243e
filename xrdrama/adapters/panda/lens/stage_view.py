"""The through-the-lens view: what the tracked film camera sees of stage, walls and actor.

The walls show the canvas that the LED processor would get, at its real resolution, so what is
wrong with it is seen. They light the actor and the floor, as LED walls do. This is a picture of a
stage for people to judge by; the exactness of the walls is measured in `verify`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from math import cos, log, radians

from msgspec import structs
from panda3d.core import (
    GeomNode,
    LPoint3f,
    LVecBase3f,
    LVecBase4f,
    NodePath,
    PTA_LVecBase4f,
    SamplerState,
    Shader,
)

from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.lens.edge_lines import EdgeLines
from xrdrama.adapters.panda.lens.exposing import Exposing
from xrdrama.adapters.panda.lens.floors import Floors
from xrdrama.adapters.panda.lens.glass import FAR, NEAR, card, drawn_through, fit, grown
from xrdrama.adapters.panda.lens.stage_floor import Patches, floor
from xrdrama.adapters.panda.lens.stand_in import Acting
from xrdrama.adapters.panda.lettering.overlay import Overlay
from xrdrama.adapters.panda.set.geometry import frame, geom
from xrdrama.adapters.panda.set.laid import Laid
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.set.virtual_set import not_culled
from xrdrama.adapters.panda.shading import shader, source
from xrdrama.adapters.panda.wall.panels import canvas_part, panels
from xrdrama.gltf.meshes import Material, Model
from xrdrama.show.filming import SubFrame
from xrdrama.spatial import ORIGIN, Pose, Quat
from xrdrama.stage import Camera, Stage, Wall
from xrdrama.stage.effects import Effects
from xrdrama.wire.frame import Frame, Projection, ViewLens

MIRROR_SORT, LIGHT_SORT, EXPOSURE_SORT, PICTURE_SORT = 35, 40, 42, 45
EXPOSURE, FALLOFF, BLOOM = 1.05, 0.28, 0.08
BODY_RADIUS = 0.24
"""Of the cylinder that the stand-in's shadow is that of, metres."""


class ThroughTheLens:
    """A film camera's picture. `picture` is an srgb8 target that can be read back."""

    def __init__(
        self,
        graphics: Graphics,
        stage: Stage,
        canvas: Target,
        *,
        camera: Camera | None = None,
        actor: Model | None = None,
        floors: Mapping[str, Laid] | None = None,
        size: tuple[int, int] | None = None,
        read_back: bool = False,
    ) -> None:
        """`camera` is one of the stage's; the first by default. `floors` are those of the sets, by
        name."""
        self._graphics, self.stage = graphics, stage
        self.camera = camera or stage.camera
        width, height = size or self.camera.picture
        canvas.texture.set_minfilter(SamplerState.FT_linear_mipmap_linear)
        # A lens that distorts sees more than the frame of a rectilinear one.
        wide, high = grown((width, height), self.camera)
        mirror = graphics.target("mirror", wide // 2, high // 2, "rgba16f", sort=MIRROR_SORT)
        mirror.texture.set_minfilter(SamplerState.FT_linear_mipmap_linear)
        light = graphics.target("light", wide, high, "rgba16f", sort=LIGHT_SORT)
        light.texture.set_minfilter(SamplerState.FT_linear_mipmap_linear)
        self.picture = graphics.target(
            "through the lens", width, height, "srgb8", sort=PICTURE_SORT, read_back=read_back
        )
        self._off_angle = PTA_LVecBase4f.empty_array(1)
        walls = _walls(stage, canvas, self._off_angle)
        below = NodePath("mirror")
        walls.copy_to(below).set_sz(-1.0)
        self._root = NodePath("stage")
        walls.copy_to(self._root)
        for root in (below, self._root):
            # In the order of the scene. By default Panda3D sorts by the addresses of states, which
            # differ from process to process; where surfaces meet, some pixels would, too.
            root.set_bin("background", 0)
        self.edges = EdgeLines(self._root)
        """Lines on the walls, for people who judge the stage."""
        self._below = below
        self._light(canvas)
        self._acting = Acting(stage.stand_in)
        self._body = PTA_LVecBase4f.empty_array(1)
        self._height = model_height(actor) if actor is not None and stage.stand_in else 0.0
        self._floor(mirror, (wide, high), floors or {})
        if actor is not None:
            self._actor(actor)
        everything = (0.0, 1.0, 0.0, 1.0)
        self.targets = (mirror, light, self.picture)
        """All targets that are drawn for the picture, in this order."""
        self._views = [SetView(below, mirror, everything), SetView(self._root, light, everything)]
        for target in (mirror, light):
            target.buffer.set_clear_color_active(True)
            target.buffer.set_clear_color(LVecBase4f(0.0, 0.0, 0.0, 1.0))
        self.overlay = Overlay((width, height))
        self._exposing: Exposing | None = None
        self._develop(light, (width, height))
        self.simulate(Effects())

    def _light(self, canvas: Target) -> None:
        """Light everything by the walls."""
        patches = Patches(self.stage)
        for root in (self._below, self._root):
            root.set_shader_inputs(
                canvas=canvas.texture,
                patch_at=patches.at,
                patch_out=patches.out,
                patch_uv=patches.uv,
                patch_size=patches.size,
                camera=LVecBase3f(0.0),
            )

    def simulate(self, effects: Effects) -> None:
        """Switch the effects of walls and floor: off_angle and shadow. The others are in where the
        camera is placed, and what it is exposed to."""
        self._off_angle.set_element(0, LVecBase4f(float(effects.off_angle)))
        shadow = BODY_RADIUS if effects.shadow else 0.0
        self._body.set_element(0, LVecBase4f(shadow, self._height, 0.0, 0.0))

    def place(self, camera: Pose, lens: ViewLens | None = None) -> None:
        """Set the pose of the camera's entrance pupil, and its lens if it has a lens file."""
        fit(self._glass, lens, self._projection(lens))
        self._aim(SubFrame(camera, lens))
        self._glass.set_shader_input("scene", self.targets[1].texture)

    def expose(self, pictures: Sequence[SubFrame]) -> None:
        """Draw everything that is active, then an exposure of it: the mean of some pictures, with
        the lens of the middle one."""
        graphics, (mirror, light, film) = self._graphics, self.targets
        if self._exposing is None:
            self._exposing = Exposing(graphics, light, EXPOSURE_SORT)
        for target in self.targets:
            target.set_active(False)
        graphics.render()  # the canvas
        self._exposing.draw(pictures, self._aim, mirror, light)
        lens = pictures[len(pictures) // 2].lens
        fit(self._glass, lens, self._projection(lens))
        self._glass.set_shader_input("scene", self._exposing.target.texture)
        with graphics.only(film):
            graphics.render()
        for target in self.targets:
            target.set_active(True)

    def _projection(self, lens: ViewLens | None) -> Projection:
        return drawn_through(lens) if lens else Projection(*self.camera.lens.edges, NEAR, FAR)

    def _aim(self, picture: SubFrame) -> None:
        """Draw what follows from a pose, through a frame that is shifted."""
        left, right, bottom, top, near, far = structs.astuple(self._projection(picture.lens))
        x, z = picture.shift
        projection = Projection(left - x, right - x, bottom - z, top - z, near, far)
        for view in self._views:
            view.place(picture.pose, projection)
        at = picture.pose.position
        for root in (self._below, self._root):
            root.set_shader_input("camera", LVecBase3f(at.x, at.y, at.z))

    def whole(self) -> AbstractContextManager[None]:
        """Within it everything on the stage is drawn, wherever the camera looks."""
        return not_culled(self._below, self._root)

    def lay(self, scene: str) -> None:
        """Show the floor of a set."""
        self._floors.lay(scene)

    def act(self, frame: Frame) -> None:
        """Set the stand-in's stance, and the floor, for a frame."""
        self._floors.lay(frame.scene)
        self._acting.update(frame)

    def _floor(self, mirror: Target, size: tuple[int, int], floors: Mapping[str, Laid]) -> None:
        path = self._root.attach_new_node(floor())
        stand_in = self.stage.stand_in
        feet = stand_in.at if stand_in else ORIGIN
        path.set_shader_inputs(
            mirror=mirror.texture,
            picture=LVecBase4f(float(size[0]), float(size[1]), 0.0, 0.0),
            feet=LVecBase4f(feet.x, feet.y, 0.0, 0.75 if stand_in else 0.0),
            body=self._body,
        )
        plain, pictured = (
            _lit("floor.vert", "floor.frag", *one, in_both=True) for one in ((), ("PICTURED",))
        )
        self._floors = Floors(path, floors, plain, pictured)

    def _actor(self, model: Model) -> None:
        stand_in = self.stage.stand_in
        if stand_in is None:
            return
        above = self._root.attach_new_node("actor")
        at = stand_in.at
        above.set_pos(LPoint3f(at.x, at.y, at.z))
        above.set_h(stand_in.pan)
        above.set_shader(_lit("stage.vert", "cloth.frag"))
        above.set_two_sided(True)
        above.set_shader_inputs(base=LVecBase4f(1.0), stance=self._acting.array)
        for node in model.nodes:
            holder = above.attach_new_node(node.name)
            holder.set_mat(frame(node.matrix))
            for primitive in node.primitives:
                made = GeomNode("piece")
                made.add_geom(geom(primitive))
                piece = holder.attach_new_node(made)
                plain = primitive.material < 0
                material = Material("plain") if plain else model.materials[primitive.material]
                r, g, b, _ = material.base
                sheen = 0.25 + 0.75 * material.roughness
                piece.set_shader_input("base", LVecBase4f(r, g, b, sheen))
        above.copy_to(self._below).set_sz(-1.0)

    def _develop(self, light: Target, size: tuple[int, int]) -> None:
        """The film: one card over the whole picture, then the captions."""
        root = NodePath("film")
        self._glass = path = card("film", "lens.frag")
        path.reparent_to(root)
        aspect = size[0] / size[1]
        path.set_shader_inputs(
            scene=light.texture, lens=LVecBase4f(EXPOSURE, FALLOFF, BLOOM, aspect)
        )
        path.set_bin("fixed", 0)
        self.overlay.root.reparent_to(root)
        view = SetView(root, self.picture, (0.0, 1.0, 0.0, 1.0))
        view.place(Pose(ORIGIN, Quat()), Projection(-1.0, 1.0, -1.0, 1.0, 0.1, 10.0))
        self._film = view


def model_height(model: Model) -> float:
    """The height of a model above its origin, metres."""
    tops = [
        float(
            (primitive.attributes["POSITION"] @ node.matrix[:3, :3].T + node.matrix[:3, 3])[
                :, 2
            ].max()
        )
        for node in model.nodes
        for primitive in node.primitives
    ]
    return max(tops, default=0.0)


def falloff(wall: Wall) -> tuple[float, float, float]:
    """The powers of the cosine of the viewing angle with which the luminance of red, green and blue
    LEDs falls: 1/2 at half the viewing angle."""
    red, green, blue = (log(0.5) / log(cos(radians(angle / 2))) for angle in wall.viewing)
    return red, green, blue


def _walls(stage: Stage, canvas: Target, off_angle: PTA_LVecBase4f) -> NodePath:
    root = NodePath("walls")
    for wall in stage.walls:
        path = root.attach_new_node(panels(wall.facets, stage.canvas))
        path.set_shader(shader("wall.vert", "wall.frag"))
        path.set_shader_inputs(
            canvas=canvas.texture,
            canvas_part=canvas_part(wall, stage.canvas),
            off_angle=off_angle,
            falloff=LVecBase3f(*falloff(wall)),
        )
        path.set_two_sided(True)
    return root


def _lit(vertex: str, fragment: str, *defines: str, in_both: bool = False) -> Shader:
    """A shader with `lit.glsl` in its vertex part, and in its fragment part too if wanted."""
    light, vertex_text, text = (source(name) for name in ("lit.glsl", vertex, fragment))
    head = "#version 330\n" + "".join(f"#define {name}\n" for name in defines) + light + "\n"
    return Shader.make(Shader.SL_GLSL, head + vertex_text, head + text if in_both else text)
