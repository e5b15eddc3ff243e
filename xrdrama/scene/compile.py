"""How do scene.yaml and its models become one GLB and one scene.json? Purely: bytes to bytes.

Nodes that are named under `parts` keep their frame; all else is brought into the set's frame.
The sky's harmonics and reflections and the particles are made here, so that no renderer needs to.
Codes of this module:

    S020  a model that is missing or cannot be read
    S021  a material or part that no model has
    S022  a set that is too large
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from posixpath import dirname, relpath
from typing import Literal

import msgspec
import numpy as np

from xrdrama.document import suggestion
from xrdrama.errors import AuthoringError, Problem, RemoteProtocolError
from xrdrama.scene import sky as skies
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
from xrdrama.scene.glb import read_glb
from xrdrama.scene.glb_writer import Punctual, write_glb
from xrdrama.scene.meshes import (
    Doubles,
    Floats,
    Image,
    Material,
    Model,
    Node,
    Primitive,
    tangents,
    to_gltf,
)
from xrdrama.scene.particles import particle_node
from xrdrama.scene.scene import Finish, Light, Scene
from xrdrama.scene.scene import Model as Placed
from xrdrama.scene.textures import noise, png
from xrdrama.spatial import Quat, Vec3, settle

MAX_TRIANGLES = 1_000_000
_DIRECTIONS = 8192
_NOISE_WIDTH = 128

# Attributes that a material without pictures does not need.
_BARE = {"POSITION", "NORMAL", "COLOR_0", "_BAKE", "_MOTION"}
_CARDS = {"halo", "streak", "mist", "shade"}


def compile_scene(scene: Scene, files: Mapping[str, bytes]) -> CompiledScene:
    """The set in the two files that renderers load; AuthoringError with all that is wrong.

    `files` holds the scene's folder by path from it (`assets/street.glb`). The same scene and
    files give the same bytes.
    """
    with np.errstate(all="ignore"):
        return _Compiler(scene, files).compiled()


class _Compiler:
    def __init__(self, scene: Scene, files: Mapping[str, bytes]) -> None:
        self.scene, self.files = scene, files
        self.problems: list[Problem] = []
        self.materials: list[Material] = []
        self.images: list[Image] = []
        self.image_at: dict[bytes, int] = {}
        self.nodes: list[Node] = []
        self.node_names: set[str] = set()

    def compiled(self) -> CompiledScene:
        for placed in self.scene.models.values():
            self.place(placed)
        self.names()
        if self.problems:
            raise AuthoringError(self.problems)
        for i, particles in enumerate(self.scene.particles.values()):
            name = f"particles {particles.id}"
            colour = particles.colour
            self.materials.append(
                Material(name, emissive=(colour.x, colour.y, colour.z), alpha="BLEND")
            )
            self.nodes.append(particle_node(particles, len(self.materials) - 1, 7919 + i))
        sheet = self.sheet()
        model = Model(tuple(self.nodes), tuple(self.materials), tuple(self.images))
        if model.triangle_count > MAX_TRIANGLES:
            self.note("S022", f"{model.triangle_count:,} triangles; {MAX_TRIANGLES:,} are allowed")
            raise AuthoringError(self.problems)
        lights = [_punctual(light) for light in self.scene.lights.values() if light.kind != "baked"]
        glb = write_glb(model, lights)
        scene_json = msgspec.json.encode(sheet)
        digest = blake2b(len(glb).to_bytes(8, "little") + glb + scene_json, digest_size=16)
        return CompiledScene(glb, scene_json, digest.hexdigest())

    def note(self, code: str, message: str, hint: str = "", placed: Placed | None = None) -> None:
        place = placed.place if placed else self.scene.place
        self.problems.append(
            Problem(place.file, place.line, place.column, code, "error", message, hint)
        )

    def place(self, placed: Placed) -> None:
        """Add a model's materials, images and nodes."""
        content = self.files.get(placed.file)
        if content is None:
            hint = suggestion(placed.file, self.files)
            self.note("S020", f"the file {placed.file!r} is missing", hint, placed)
            return
        folder = dirname(placed.file) or "."
        beside = {relpath(path, folder): data for path, data in self.files.items()}
        try:
            model = read_glb(content, beside)
        except RemoteProtocolError as error:
            self.note("S020", f"{placed.file}: {error}", "", placed)
            return
        images = [self.image(image) for image in model.images]
        first = len(self.materials)
        for material in model.materials:
            self.materials.append(_with_images(material, [*images, -1]))
        if any(p.material < 0 for node in model.nodes for p in node.primitives):
            self.materials.append(Material("plain"))
        stand = _stand(placed)
        for node in model.nodes:
            self.node_names.add(node.name)
            moved = self.node(node, stand @ node.matrix, first, len(self.materials) - 1)
            if moved.primitives:
                self.nodes.append(moved)

    def image(self, image: Image) -> int:
        """The index of an image among all, each content once."""
        if image.content not in self.image_at:
            self.image_at[image.content] = len(self.images)
            self.images.append(image)
        return self.image_at[image.content]

    def node(self, node: Node, matrix: Doubles, first: int, plain: int) -> Node:
        part = node.name in self.scene.parts
        primitives = []
        for primitive in node.primitives:
            if not len(primitive.triangles):
                continue
            index = first + primitive.material if primitive.material >= 0 else plain
            attributes = dict(primitive.attributes)
            if not part:
                attributes = _moved(attributes, matrix)
            finish = self.scene.materials.get(self.materials[index].name)
            triangles = primitive.triangles
            if not part and np.linalg.det(matrix[:3, :3]) < 0.0:
                triangles = triangles[:, ::-1]
            attributes = _trimmed(attributes, self.materials[index], finish)
            if self.materials[index].normal_image >= 0 and "TEXCOORD_0" in attributes:
                attributes.setdefault("TANGENT", tangents(attributes, triangles))
            primitives.append(Primitive(index, attributes, np.ascontiguousarray(triangles)))
        return Node(node.name, matrix if part else np.eye(4), tuple(primitives))

    def names(self) -> None:
        """Every material and part of the scene file is in some model."""
        if self.problems:
            return
        materials = {material.name for material in self.materials}
        for name in self.scene.materials:
            if name not in materials:
                hint = suggestion(name, sorted(materials))
                self.note("S021", f"no model has a material {name!r}", hint)
        for name in self.scene.parts:
            if name not in self.node_names:
                hint = suggestion(name, sorted(self.node_names))
                self.note("S021", f"no model has a node {name!r}", hint)

    def sheet(self) -> SceneSheet:
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
            self.image(Image(f"reflections {when}", "image/png", _encoded(picture, scale)))
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
                _coefficients(directions, before),
                _coefficients(directions, after),
                _coefficients(directions, halo),
            ),
            reflections=Reflections(pictures[0], pictures[1], settle(scale), skies.LEVELS),
            noise=self.image(Image("noise", "image/png", fields)),
        )


def _coefficients(directions: Doubles, radiance: Doubles) -> tuple[Vec3, ...]:
    rows = skies.harmonics(directions, radiance)
    return tuple(Vec3(settle(float(r)), settle(float(g)), settle(float(b))) for r, g, b in rows)


def _encoded(radiance: Doubles, scale: float) -> bytes:
    share = np.sqrt(np.clip(radiance / scale, 0.0, 1.0))
    return png((share * 255.0 + 0.5).astype(np.uint8))


def _with_images(material: Material, images: list[int]) -> Material:
    return msgspec.structs.replace(
        material,
        base_image=images[material.base_image],
        normal_image=images[material.normal_image],
        rough_image=images[material.rough_image],
        emissive_image=images[material.emissive_image],
    )


def _stand(placed: Placed) -> Doubles:
    """Where a model stands, in glTF's frame: pan is about Y there."""
    turn = Quat.from_angles(pan=placed.pan)
    matrix = np.eye(4)
    cos, sin = 1.0 - 2.0 * turn.z * turn.z, 2.0 * turn.w * turn.z
    matrix[0, 0], matrix[0, 2], matrix[2, 0], matrix[2, 2] = cos, sin, -sin, cos
    matrix[:3, :3] *= placed.scale
    matrix[:3, 3] = (placed.at.x, placed.at.z, -placed.at.y)
    return matrix


def _moved(attributes: dict[str, Floats], matrix: Doubles) -> dict[str, Floats]:
    """The attributes in the frame that `matrix` leads to."""
    if np.array_equal(matrix, np.eye(4)):
        return attributes
    turn, shift = matrix[:3, :3], matrix[:3, 3]
    moved = dict(attributes)
    moved["POSITION"] = (attributes["POSITION"] @ turn.T + shift).astype(np.float32)
    # Normals keep upright under uneven scale with the inverse transpose; a flat matrix has none.
    upright = np.linalg.pinv(turn).T
    moved["NORMAL"] = _unit(attributes["NORMAL"] @ upright.T)
    if "TANGENT" in attributes:
        tangent = attributes["TANGENT"]
        moved["TANGENT"] = np.concatenate([_unit(tangent[:, :3] @ turn.T), tangent[:, 3:]], axis=1)
    if "_MOTION" in attributes:
        motion = attributes["_MOTION"]
        pivots = (motion[:, :3] @ turn.T + shift).astype(np.float32)
        moved["_MOTION"] = np.concatenate([pivots, motion[:, 3:]], axis=1)
    return moved


def _unit(rows: Doubles) -> Floats:
    length = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-20)
    return np.asarray(rows / length).astype(np.float32)


def _trimmed(
    attributes: dict[str, Floats], material: Material, finish: Finish | None
) -> dict[str, Floats]:
    """Without what no shader will read."""
    pictured = max(material.base_image, material.normal_image, material.rough_image,
                   material.emissive_image) >= 0  # fmt: skip
    cards = finish is not None and finish.kind in _CARDS
    if pictured or cards:
        return attributes
    return {name: rows for name, rows in attributes.items() if name in _BARE}


def _punctual(light: Light) -> Punctual:
    matrix = np.eye(4)
    if light.at is not None:
        matrix[:3, 3] = (light.at.x, light.at.z, -light.at.y)
    if light.direction is not None:
        d = light.direction
        way = to_gltf(np.array([[d.x, d.y, d.z]], np.float32))[0].astype(np.float64)
        back = -way / np.linalg.norm(way)
        side = np.cross([0.0, 1.0, 0.0] if abs(back[1]) < 0.99 else [1.0, 0.0, 0.0], back)
        side /= np.linalg.norm(side)
        matrix[:3, :3] = np.stack([side, np.cross(back, side), back], axis=1)
    kind: Literal["point", "directional"] = "point" if light.kind == "point" else "directional"
    colour = (light.colour.x, light.colour.y, light.colour.z)
    reach = light.reach if kind == "point" else 0.0
    return Punctual(f"light {light.id}", kind, colour, light.intensity, matrix, reach)
