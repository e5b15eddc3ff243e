"""Draw a compiled scene for many views at once.

    graphics = open_graphics()
    target = graphics.target("inner", 1280, 720, "srgb8", sort=10)
    lane = VirtualSet(graphics, compiled, "full")
    view = lane.add_view(target)
    view.place(pose, projection)
    lane.update(frame.params, frame.lights, seconds)
    graphics.render()

Sets are drawn in scene-linear light; `developing` and the LED wall make pictures of it. What a
view shades (gleams, reflections, cards that face it) follows its own eye.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Final

import numpy as np
from panda3d.core import (
    BoundingBox,
    GeomNode,
    LMatrix4f,
    LPoint3f,
    LVecBase4f,
    NodePath,
    OmniBoundingVolume,
    PTA_LVecBase4f,
    Texture,
)

from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.set.developing import Developed, Tone
from xrdrama.adapters.panda.set.geometry import both_sides, frame, geom, reflection_map, sky_cube
from xrdrama.adapters.panda.set.laid import laid_by
from xrdrama.adapters.panda.set.lighting import Levels, Lighting, model_light_inputs
from xrdrama.adapters.panda.set.materials import Behaviour, Materials, Quality, is_glass
from xrdrama.adapters.panda.set.moving import Moving
from xrdrama.adapters.panda.set.parts import moved
from xrdrama.adapters.panda.set.plates import SetPlates, card
from xrdrama.adapters.panda.set.shadows import (
    SEEN_BY_KEY,
    KeyShadow,
    cast_through_holes,
    cast_with_joints,
)
from xrdrama.adapters.panda.set.sight import is_within, with_shadow
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.set.visitors import Appearance, Visiting, Visitors
from xrdrama.errors import LocalProtocolError
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.meshes import Model, Node, Primitive
from xrdrama.scene.compiled import CompiledScene, SceneSheet, read_sheet
from xrdrama.scene.model import Finish, ParamValue, Part, Particles
from xrdrama.scene.plates import PlateSource
from xrdrama.spatial import Pose, Vec3
from xrdrama.wire.frame import Light, Projection

_log = logging.getLogger(__name__)
_CARDS: Final = {"halo", "streak", "mist", "shade", "shaft"}
_DRIFTING: Final = {"water", "mist", "shaft"}
"""Kinds of materials whose shaders read the time."""
_DOWN: Final = Vec3(0.0, 0.0, -1.0)
_NO_FINISH: Final = Finish("", "")
_EVERYWHERE: Final = (0.0, 1.0, 0.0, 1.0)


class VirtualSet:
    """A compiled scene on the graphics card, with the views that look at it.

    RemoteProtocolError when the compiled scene is broken or of another version.
    """

    def __init__(
        self,
        graphics: Graphics,
        compiled: CompiledScene,
        quality: Quality = "full",
        plates: Mapping[str, PlateSource] | None = None,
        visiting: Visiting | None = None,
    ) -> None:
        """`plates` are the sources of its plates by id; `visiting` are performers that may
        appear in it."""
        self._graphics = graphics
        self.sheet = read_sheet(compiled.scene_json)
        self.hash = compiled.hash
        model = read_glb(compiled.glb, every_image=True, clips=None)
        self.root = NodePath(f"set {self.sheet.id}")
        self.lighting = Lighting(self.sheet)
        self.lighting.uniforms.attach(self.root)
        self.root.set_shader_input("eye", LVecBase4f(0.0))
        self._materials = Materials(model.materials, model.images, quality)
        self._materials.model_lights = len(self.sheet.model_lights)
        self._materials.flashes = self.sheet.environment.flashes is not None
        self.root.set_shader_inputs(**model_light_inputs(self.sheet.model_lights))
        self._behaviours: dict[tuple[int, str], Behaviour] = {}
        self._particles: list[tuple[Particles, PTA_LVecBase4f]] = []
        self._parts: list[tuple[Part, NodePath, LMatrix4f]] = []
        self._casters: list[NodePath] = []
        self._warned: set[str] = set()
        self._params: dict[str, ParamValue] = {}
        self._levels: Levels | None = None
        self._stands: tuple[float, ...] = ()
        self.plates = SetPlates(self.sheet.plates, plates or {})
        self._moves_by_itself = _moves_by_itself(self.sheet)
        self._moving = Moving(self.sheet, model.rig)
        self._moving_casts = False
        for node in model.nodes:
            self._add(node, model)
        self._sky()
        for one in self.plates.cards:
            path = card(one.plate)
            path.reparent_to(self.root)
            path.hide(SEEN_BY_KEY)
            self._materials.card(path, one)
        self._pictures(model)
        self.floor = laid_by(self.sheet, model.images)
        sheet = self.sheet
        self.visitors: Visitors | None = None
        if visiting:
            self.visitors = visiting.enter(self.root, self._materials, model, sheet)
        reach = self._moving.reach() if self._moving_casts else []
        casters = self.visitors.casters if self.visitors else ()
        self._shadow = KeyShadow(graphics, self.root, self._casters, reach, casters)
        self.update({}, (), 0.0)

    @property
    def levels(self) -> Levels | None:
        """The values of its params; another object when one of them changed."""
        return self._levels

    @property
    def state(self) -> tuple[object, ...]:
        """What its pictures depend on, beside their views: while it is equal, they are."""
        lighting = self.lighting
        plates = [one.state for one in self.plates.pictures]
        moment = lighting.moment if self._moves_by_itself else 0.0
        return self._levels, lighting.uniforms.changes, self._moving.state, *plates, moment

    @property
    def textures(self) -> tuple[Texture, ...]:
        """All of its textures, without the moving pictures of plates."""
        return (*self._materials.textures.values(), *self._reflections)

    @property
    def tone(self) -> Tone:
        """The uniforms of its display transform, which follow its params."""
        arrays = self.lighting.uniforms.arrays
        return {name: arrays[name] for name in ("tone", "tone_lift")}

    def add_view(self, target: Target) -> SetView:
        """A view into a target: developed into an `srgb8` target, scene-linear into `rgba16f` or
        `rgba32f`."""
        if target.kind == "rgba8":
            raise LocalProtocolError(
                "8-bit linear light shows bands: draw the set into an srgb8 target"
            )
        if target.kind != "srgb8":
            return SetView(self.root, target, _EVERYWHERE)
        developed = Developed(self._graphics, target, self.tone)
        return SetView(self.root, developed.linear, _EVERYWHERE)

    def update(
        self,
        params: Mapping[str, ParamValue],
        lights: Iterable[Light],
        seconds: float,
        performers: Iterable[Appearance] = (),
    ) -> None:
        """Bring the set into the state of one frame, whatever it was before.

        Params that are not given have their defaults; one that the set does not know is ignored
        and said once. LocalProtocolError for NaN, or a word where a number belongs.
        """
        if self._levels is None or params != self._params:
            self._levels = Levels(self.sheet, params)
            self._params = dict(params)
            self._follow(self._levels)
        self.plates.update(self._levels)
        self._moving.update(self._levels, seconds)
        self.lighting.update(self._levels, lights, seconds)
        if self.visitors:
            self.visitors.update(performers, self.lighting)
        self._cast()

    def seen_by(self, pose: Pose, projection: Projection) -> tuple[Appearance, ...]:
        """The performers of whom a view shows something: themselves, or their shadow."""
        visitors, key = self.visitors, self.lighting.key_direction
        if visitors is None:
            return ()
        boxes = (with_shadow(box, key) for box in visitors.boxes)
        return tuple(
            one for one, box in zip(visitors.state, boxes, strict=True)
            if is_within(box, pose, projection)
        )  # fmt: skip

    def _cast(self) -> None:
        """Draw the shadow of the key light, if anything that it depends on has changed; shaders of
        `draft` do not read it."""
        if self._materials.quality == "draft":
            return
        moved = self._moving.state if self._moving_casts else ()
        shown, boxes = ((), ()) if not self.visitors else (self.visitors.state, self.visitors.boxes)
        depends_on = (*self._stands, *moved, *shown)
        self._shadow.update(self.lighting.key_direction, depends_on, boxes)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Within it every piece of the set is drawn, also those that no view sees, and so is the
        shadow of its key light."""
        shown = self.visitors.all_shown() if self.visitors else nullcontext()
        with not_culled(self.root), shown:
            if self._materials.quality == "full":
                self._shadow.update(self.lighting.key_direction or _DOWN, ("whole",))
            yield
        self._shadow.state = None  # the next picture draws its own

    def _follow(self, levels: Levels) -> None:
        """Update what depends on params only, which do not change in most frames."""
        for name in levels.unknown:
            if name not in self._warned:
                self._warned.add(name)
                _log.warning(
                    "the param %r is ignored: the set %r has no such param", name, self.sheet.id
                )
        for behaviour in self._behaviours.values():
            behaviour.update(levels)
        turn = self.sheet.environment.sky.turned_by
        for particles, uniform in self._particles:
            amount = levels.of(particles.amount_by)
            if particles.kind == "star" and turn:
                amount *= (1.0 - levels.of(turn)) ** 2
            cycles = _cycles(particles, self.sheet.loop)
            uniform.set_element(0, LVecBase4f(particles.size, cycles, amount, 0.0))
        for part, path, rest in self._parts:
            path.set_mat(moved(part, levels, rest, self.sheet.environment.way))
        fades = tuple(round(16 * b.fade) for b in self._behaviours.values() if b.fade_by)
        turns = tuple(round(p.degrees * levels.of(p.turn_by)) for p, _, _ in self._parts)
        self._stands = fades + turns

    def _add(self, node: Node, model: Model) -> None:
        name = node.name.removeprefix("particles ")
        if name != node.name and name in self.sheet.particles:
            self._add_particles(self.sheet.particles[name], node)
            return
        part = self.sheet.parts.get(node.name)
        above = self.root.attach_new_node(node.name)
        above.set_mat(frame(node.matrix))
        if part and (part.turn_by or part.travel_by or part.turns_with_way):
            self._parts.append((part, above, frame(node.matrix)))
        if node.limb >= 0:
            self._moving.follow(node, above)
        for index in range(len(node.primitives)):
            self._add_primitive(above, node, index, model, part)

    def _add_primitive(
        self,
        above: NodePath,
        node: Node,
        index: int,
        model: Model,
        part: Part | None,
    ) -> None:
        primitive = node.primitives[index]
        material = model.materials[primitive.material]
        finish = self.sheet.materials.get(material.name, _NO_FINISH)
        glass = is_glass(material, finish)
        if glass and material.double_sided:
            primitive = both_sides(primitive)
        fade_by = (part.fade_by if part else "") or finish.fade_by
        key = (primitive.material, fade_by)
        behaviour = self._behaviours.setdefault(key, Behaviour(finish, fade_by))
        along = bool(part and part.along)
        path = _attach(above, primitive, anywhere=finish.kind in _CARDS or along)
        joints = self._moving.joints_of(node)
        uneven = _is_uneven(node) or self._moving.is_uneven(node)
        self._materials.dress(
            path, primitive.material, behaviour, uneven=uneven, along=along, joints=joints
        )
        if joints:
            self._moving.wear(node, index, path)
        clear = glass and material.base_image < 0 and material.base[3] < 0.5
        moves = bool(part and part.travel_by)
        if finish.kind == "surface" and finish.casts and not clear and not moves:
            self._casters.append(path)
            self._moving_casts |= node.limb >= 0 or node.skin >= 0
            if joints:
                cast_with_joints(path, joints)
            if glass or material.alpha == "MASK":
                at = material.base_map.texcoord or ""
                cast_through_holes(path, f"texcoord{at}" if material.base_image >= 0 else "")
        else:
            path.hide(SEEN_BY_KEY)

    def _add_particles(self, particles: Particles, node: Node) -> None:
        path = _attach(self.root, node.primitives[0], anywhere=True)
        path.hide(SEEN_BY_KEY)
        self._materials.particles(path, particles)
        uniform = PTA_LVecBase4f.empty_array(1)
        least, size = particles.least, particles.most - particles.least
        colour = particles.colour
        path.set_shader_inputs(
            particle=uniform,
            box_least=LVecBase4f(least.x, least.y, least.z, 0.0),
            box_size=LVecBase4f(size.x, size.y, size.z, 0.0),
            emission=LVecBase4f(colour.x, colour.y, colour.z, 0.0),
        )
        self._particles.append((particles, uniform))

    def _sky(self) -> None:
        node = GeomNode("sky")
        node.add_geom(sky_cube())
        path = self.root.attach_new_node(node)
        _see_from_everywhere(path)
        path.hide(SEEN_BY_KEY)
        self._materials.sky(path, self.plates.sky)

    def _pictures(self, model: Model) -> None:
        reflections = self.sheet.reflections
        before, after = (
            reflection_map(model.images[image], reflections)
            for image in (reflections.before, reflections.after)
        )
        self._reflections = before, after
        self.root.set_shader_inputs(
            reflections_before=before,
            reflections_after=after,
            noise_field=self._materials.texture(self.sheet.noise, encoded=False),
        )


def _moves_by_itself(sheet: SceneSheet) -> bool:
    """Whether shaders move something with the time alone: they read the uniform `moment`."""
    sky = any(one.plate.kind == "sky" for one in sheet.plates)
    clouds = sheet.environment.sky.clouds > 0.0 and not sky
    drifts = any(
        one.kind in _DRIFTING or one.sway > 0.0 or one.flicker > 0.0
        for one in sheet.materials.values()
    )
    return bool(sheet.particles) or clouds or drifts or sheet.environment.flashes is not None


def _is_uneven(node: Node) -> bool:
    """Whether a node's frame scales its axes differently, so that normals need more care."""
    lengths = np.linalg.norm(node.matrix[:3, :3], axis=0)
    return bool(lengths.max() > 1.001 * max(float(lengths.min()), 1e-9))


@contextmanager
def not_culled(*roots: NodePath) -> Iterator[None]:
    """Within it everything below these nodes is drawn, wherever the cameras look."""
    for root in roots:
        _see_from_everywhere(root)
    try:
        yield
    finally:
        for root in roots:
            root.node().set_final(False)
            root.node().clear_bounds()


def _attach(above: NodePath, primitive: Primitive, *, anywhere: bool) -> NodePath:
    node = GeomNode("piece")
    node.add_geom(geom(primitive))
    path = above.attach_new_node(node)
    if anywhere:
        _see_from_everywhere(path)
    elif "_MOTION" in primitive.attributes:
        box = path.get_tight_bounds()
        if box:
            # Margin for swaying.
            node.set_bounds(BoundingBox(box[0] - LPoint3f(0.6), box[1] + LPoint3f(0.6)))
            node.set_final(True)
    return path


def _see_from_everywhere(path: NodePath) -> None:
    """Never cull: the shader moves it out of its box."""
    path.node().set_bounds(OmniBoundingVolume())
    path.node().set_final(True)


def _cycles(particles: Particles, loop: float) -> float:
    """How often a second the motion repeats, so that whole cycles fit into the loop."""
    rate = particles.speed
    if particles.kind in ("snow", "rain"):
        rate /= max(particles.most.z - particles.least.z, 0.1)
    return round(rate * loop) / loop
