"""Compile scene.yaml and its models to one GLB and one scene.json: bytes to bytes, no I/O.

Nodes that are named under `parts` keep their frame; all else is brought into the set's frame.
The sky's harmonics and reflections and the particles are made here, so that no renderer needs to.
Codes of this module:

    S020  a model that is missing or cannot be read
    S021  a material or part that no model has
    S022  a set that is too large
    S023  (warning) something of a model that is not drawn as its file says
    S024  a picture that cannot be decoded
    S027  a clip that its model does not have, or that cannot play
    S028  a part that a clip moves, too
    S030  a plate that is missing or cannot be played; S031 (warning) one that is shown otherwise
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from itertools import chain, groupby
from posixpath import dirname

import msgspec
import numpy as np

from xrdrama.document import Place
from xrdrama.errors import AuthoringError, Problem, RemoteProtocolError, Severity
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.meshes import (
    Image,
    Material,
    Model,
    Node,
    Primitive,
    Punctual,
    tangents,
)
from xrdrama.gltf.references import resolve
from xrdrama.gltf.writer import write_glb
from xrdrama.scene.compiled import (
    FORMAT,
    LOOP,
    VERSION,
    Ambient,
    CompiledScene,
    Curves,
    Reflections,
    SceneSheet,
)
from xrdrama.scene.compiling import sky as skies
from xrdrama.scene.compiling.attributes import CARDS, is_faint, trimmed
from xrdrama.scene.compiling.frames import drawn_alike, joined, moved_attributes, stand_of
from xrdrama.scene.compiling.lights import punctual, set_light, strongest
from xrdrama.scene.compiling.naming import missing_clips, missing_names, moved_twice
from xrdrama.scene.compiling.particles import particle_node
from xrdrama.scene.compiling.plates import floor_picture, set_plates
from xrdrama.scene.compiling.rigs import Rigs
from xrdrama.scene.compiling.texture_coordinates import (
    Coordinates,
    coordinates_of,
    laid_plainly,
    turns,
)
from xrdrama.scene.compiling.textures import has_alpha, noise, png
from xrdrama.scene.model import Clip, Scene
from xrdrama.scene.model import Model as Placed
from xrdrama.scene.plates import PlateFacts, Refused
from xrdrama.spatial import settle

MAX_TRIANGLES = 2_000_000
_DIRECTIONS = 8192
_NOISE_WIDTH = 128
_OTHER_HAND = np.array([1, 1, 1, -1], np.float32)


Decode = Callable[[Image], Image]
"""Converts an image to a format that every renderer can read: PNG with 8-bit RGB, or RGBA if some
pixel is not opaque, or JPEG with three colours. RemoteProtocolError if the image is damaged."""


def compile_scene(
    scene: Scene,
    files: Mapping[str, bytes],
    *,
    decode: Decode | None = None,
    unread: Mapping[str, str] | None = None,
    plates: Mapping[str, PlateFacts | Refused] | None = None,
) -> CompiledScene:
    """The compiled set: the two files that renderers load; AuthoringError with all problems.

    `files` has the files of the scene's folder by their path from there (`assets/street.glb`),
    `unread` has the reason for each file that cannot be used, `plates` what the files of its plates
    say, by name. The same scene and files give the same bytes.
    """
    with np.errstate(all="ignore"):
        kept = decode or (lambda image: image)
        return _Compiler(scene, files, kept, unread or {}, plates or {}).compiled()


class _Compiler:
    def __init__(
        self,
        scene: Scene,
        files: Mapping[str, bytes],
        decode: Decode,
        unread: Mapping[str, str],
        plates: Mapping[str, PlateFacts | Refused],
    ) -> None:
        self.scene, self.files = scene, files
        self.decode, self.unread, self.plates = decode, unread, plates
        self.problems: list[Problem] = []
        self.materials: list[Material] = []
        self.sets: list[tuple[Coordinates, ...]] = []
        self.images: list[Image] = []
        self.image_at: dict[bytes, int] = {}
        self.nodes: list[Node] = []
        self.node_names: set[str] = set()
        self.lights: list[tuple[Placed, Punctual]] = []
        self.rigs = Rigs()
        self.unread_models = False

    def compiled(self) -> CompiledScene:
        for placed in self.scene.models.values():
            self.place(placed)
        self.names()
        floor_image = self.floor()
        plates = set_plates(self.scene, self.plates, self.problems)
        for i, particles in enumerate(self.scene.particles.values()):
            name = f"particles {particles.id}"
            colour = particles.colour
            self.materials.append(
                Material(name, emissive=(colour.x, colour.y, colour.z), alpha="BLEND")
            )
            self.nodes.append(particle_node(particles, len(self.materials) - 1, 7919 + i))
        count = sum(len(p.triangles) for node in self.nodes for p in node.primitives)
        if count > MAX_TRIANGLES:
            self.note(
                "S022", f"the set has {count:,} triangles; at most {MAX_TRIANGLES:,} are allowed",
                "reduce the models",
            )  # fmt: skip
        drawn = self.drawn_lights()
        self.stop_at_errors()
        sheet = msgspec.structs.replace(
            self.sheet(drawn), plates=plates, floor=self.scene.floor, floor_image=floor_image
        )
        model = Model(
            tuple(self.nodes), tuple(self.materials), tuple(self.images), rig=self.rigs.rig()
        )
        lights = [punctual(light) for light in self.scene.lights.values() if light.kind != "baked"]
        glb = write_glb(model, [*lights, *drawn])
        scene_json = msgspec.json.encode(sheet)
        digest = blake2b(len(glb).to_bytes(8, "little") + glb + scene_json, digest_size=16)
        return CompiledScene(glb, scene_json, digest.hexdigest(), tuple(sorted(self.problems)))

    def stop_at_errors(self) -> None:
        if any(problem.severity == "error" for problem in self.problems):
            raise AuthoringError(self.problems)

    def note(
        self,
        code: str,
        message: str,
        hint: str = "",
        at: Placed | Clip | Place | None = None,
        severity: Severity = "error",
    ) -> None:
        place = at if isinstance(at, Place) else at.place if at else self.scene.place
        problem = Problem(place.file, place.line, place.column, code, severity, message, hint)
        if problem not in self.problems:
            self.problems.append(problem)

    def warn(self, placed: Placed, message: str, hint: str = "") -> None:
        self.note("S023", f"{placed.file}: {message}", hint, placed, "warning")

    def place(self, placed: Placed) -> None:
        """Add a model's materials, images, nodes and lights."""
        try:
            path, renamed = resolve(placed.file, "", self.files, self.unread)
            if renamed:
                self.warn(placed, renamed, "write the name as it is on disk")
            model = read_glb(
                self.files[path], self.files, folder=dirname(path), unread=self.unread,
                clips=placed.clips,
            )  # fmt: skip
        except RemoteProtocolError as error:
            self.note("S020", f"{placed.file}: {error}", "", placed)
            self.unread_models = True
            return
        self.remarks(model, placed)
        first = len(self.materials)
        pieces = [piece for node in model.nodes for piece in node.primitives]
        used, faint = (
            {piece.material for piece in pieces},
            {piece.material for piece in pieces if is_faint(piece)},
        )
        for index, material in enumerate(model.materials):
            pictured = self.pictured(material, model.images, placed, used=index in used)
            self.add_material(pictured if index in faint else self.opaque_if_it_is(pictured))
        if -1 in used:
            self.add_material(Material("plain"))
        plain, stand = len(self.materials) - 1, stand_of(placed)
        self.node_names |= {node.name for node in model.nodes}
        base = self.rigs.add(model, placed, stand)
        for (name, *_), group in groupby(model.nodes, drawn_alike):
            moved = [
                self.node(self.rigs.placed(n, base, stand), first, plain, placed) for n in group
            ]
            # Transparent pieces are sorted one by one, and parts move one by one.
            glass = any(
                self.materials[piece.material].alpha == "BLEND" for piece in moved[0].primitives
            )
            if name not in self.scene.parts and not glass:
                moved = [joined(moved)]
            self.nodes += [node for node in moved if node.primitives]
        for light in model.lights:
            matrix = stand @ light.matrix
            self.lights.append((placed, msgspec.structs.replace(light, matrix=matrix)))

    def remarks(self, model: Model, placed: Placed) -> None:
        """Report what is not drawn as the model's file says."""
        # An animation that the scene file names must play.
        named = {why: clip for name, clip in placed.clips.items()
                 if (why := model.unplayable.get(name))}  # fmt: skip
        for why, clip in named.items():
            self.note("S027", f"{placed.file}: {why.message}", why.hint, clip)
        for remark in model.remarks:
            if remark in named:
                continue
            self.warn(placed, f"{remark.pointer}: {remark.message}", remark.hint)

    def add_material(self, material: Material) -> None:
        """Add a material, and the texture coordinates that it needs."""
        finish = self.scene.materials.get(material.name)
        if finish is not None and finish.kind in CARDS:
            sets: tuple[Coordinates, ...] = ((0, (0.0, 0.0), 0.0, (1.0, 1.0)),)
        else:
            material, sets = laid_plainly(material)
        self.materials.append(material)
        self.sets.append(sets)

    def pictured(
        self, material: Material, images: tuple[Image, ...], placed: Placed, *, used: bool
    ) -> Material:
        """The material with image indices of the set; without images if nothing uses it."""
        found = {}
        for slot, (index, _) in material.pictures().items():
            found[f"{slot}_image"] = self.image(images[index], placed) if used else -1
        return msgspec.structs.replace(material, **found)

    def opaque_if_it_is(self, material: Material) -> Material:
        """The material, as OPAQUE if it has no alpha: many exporters write BLEND for all
        materials."""
        base = material.base_image
        seen_through = material.base[3] < 1.0 or (base >= 0 and has_alpha(self.images[base]))
        if material.alpha != "BLEND" or seen_through:
            return material
        return msgspec.structs.replace(material, alpha="OPAQUE")

    def image(self, image: Image, placed: Placed | None = None) -> int:
        """The index of an image in the set, equal images only once; -1 for a damaged one."""
        if image.content not in self.image_at:
            try:
                decoded = self.decode(image) if placed else image
            except RemoteProtocolError as error:
                self.note("S024", f"image {image.name!r} {error}", "export it again as PNG", placed)
                return -1
            self.image_at[image.content] = len(self.images)
            self.images.append(decoded)
        return self.image_at[image.content]

    def floor(self) -> int:
        """The index of the floor's picture, -1 if it has none."""
        floor = self.scene.floor
        place = self.scene.positions.get("floor", self.scene.place)
        if not floor.file:
            return -1
        try:
            picture, renamed = floor_picture(floor, self.files, self.unread)
        except RemoteProtocolError as error:
            self.note("S020", f"floor: {error}", "", place)
            return -1
        if renamed:
            message = f"floor: {renamed}"
            self.note("S023", message, "write the name as it is on disk", place, "warning")
        try:
            return self.image(self.decode(picture))
        except RemoteProtocolError as error:
            hint = "export it again as PNG or JPEG"
            self.note("S024", f"floor: the picture {floor.file!r} {error}", hint, place)
        return -1

    def node(self, node: Node, first: int, plain: int, placed: Placed) -> Node:
        """A node of the set, its vertices in its own frame only if it moves.

        A renderer's transforms cannot mirror, so the vertices are mirrored instead.
        """
        part = node.name in self.scene.parts and node.limb < 0 and node.skin < 0
        change, kept = node.matrix, np.eye(4)
        if part or node.limb >= 0:
            flips = np.linalg.det(node.matrix if part else self.rigs.rest(node.limb)) < 0.0
            mirror = np.diag([1.0, -1.0 if flips else 1.0, 1.0, 1.0])
            change, kept = (mirror, node.matrix @ mirror) if part else (mirror @ change, mirror)
        mirrored = np.linalg.det(self.rigs.bound(node.skin) if node.skin >= 0 else change) < 0.0
        primitives = []
        for primitive in node.primitives:
            if not len(primitive.triangles):
                continue
            index = first + primitive.material if primitive.material >= 0 else plain
            material, sets = self.materials[index], self.sets[index]
            attributes = moved_attributes(primitive.attributes, change)
            triangles = primitive.triangles[:, ::-1] if mirrored else primitive.triangles
            attributes, missing = coordinates_of(attributes, sets)
            finish = self.scene.materials.get(material.name)
            attributes = trimmed(attributes, material, finish)
            if missing and material.pictures():
                self.warn(
                    placed,
                    f"the node {node.name!r} has no {missing[0]}, which the images of its "
                    f"material {material.name!r} need",
                    "UV unwrap it before the export",
                )
            if material.normal_image >= 0:
                at = material.normal_map.texcoord
                if "TANGENT" not in attributes or turns(sets[at]):
                    attributes["TANGENT"] = tangents(attributes, triangles, f"TEXCOORD_{at}")
                if node.skin >= 0 and mirrored:  # its joints mirror the image as well
                    attributes["TANGENT"] = attributes["TANGENT"] * _OTHER_HAND
            primitives.append(Primitive(index, attributes, np.ascontiguousarray(triangles)))
        return Node(node.name, kept, tuple(primitives), node.limb, node.skin)

    def drawn_lights(self) -> list[Punctual]:
        """The lights of the models that are drawn, with a warning for each other one."""
        lights, warnings = strongest(self.lights)
        for placed, message, hint in warnings:
            self.warn(placed, message, hint)
        return lights

    def names(self) -> None:
        """Check that every material, part and clip of the scene file is in a model."""
        for message, hint, clip in missing_clips(self.rigs):
            self.note("S027", message, hint, clip)
        for message, clip in self.rigs.hidden:
            self.note("S023", message, "remove it, or give the later one blend_by", clip, "warning")
        moving = {node.name for node in self.nodes if node.limb >= 0 or node.skin >= 0}
        found = moved_twice(self.scene, moving)
        if not self.unread_models:  # what is missing may be in them
            materials = {material.name for material in self.materials}
            found = chain(missing_names(self.scene, materials, self.node_names), found)
        for code, message, hint, place in found:
            self.note(code, message, hint, place)

    def sheet(self, lights: Iterable[Punctual]) -> SceneSheet:
        scene = self.scene
        sky, walls = scene.environment.sky, scene.environment.walls
        directions = skies.sphere(_DIRECTIONS)
        before = skies.sky_radiance(directions, sky.before, sky)
        after = skies.sky_radiance(directions, sky.after, sky)
        moon = scene.environment.moon
        halo = skies.moon_radiance(directions, moon) if moon else np.zeros_like(before)
        maps = [skies.reflections(colours, sky, walls) for colours in (sky.before, sky.after)]
        scale = max(float(np.max(maps)), 1e-6)
        pictures = [
            self.image(Image(f"reflections {when}", "image/png", skies.encoded(picture, scale)))
            for when, picture in zip(("before", "after"), maps, strict=True)
        ]
        fields = png(noise(_NOISE_WIDTH, 20))
        return SceneSheet(
            format=FORMAT,
            version=VERSION,
            id=scene.id,
            title=scene.title,
            loop=LOOP,
            params=scene.params,
            lights=scene.lights,
            environment=scene.environment,
            materials=scene.materials,
            parts=scene.parts,
            particles=scene.particles,
            places=scene.places,
            curves=Curves(),
            ambient=Ambient(
                skies.coefficients(directions, before),
                skies.coefficients(directions, after),
                skies.coefficients(directions, halo),
            ),
            reflections=Reflections(pictures[0], pictures[1], settle(scale), skies.LEVELS),
            noise=self.image(Image("noise", "image/png", fields)),
            model_lights=tuple(set_light(light) for light in lights),
            clips=self.rigs.played(),
        )
