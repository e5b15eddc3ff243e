"""Draw materials: one shader source, with a variant for the needs of each material.

A variant is a list of `#define`s in front of `look.glsl` and the shader's own file, so that a
plain wall does not pay for puddles, and `draft` pays for less than `full`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import radians
from typing import Final, Literal, assert_never

from panda3d.core import (
    ColorBlendAttrib,
    ColorWriteAttrib,
    CullBinManager,
    CullFaceAttrib,
    DepthWriteAttrib,
    LVecBase4f,
    NodePath,
    PTA_LVecBase4f,
    Shader,
    Texture,
)

from xrdrama.adapters.panda.set.geometry import texture
from xrdrama.adapters.panda.set.lighting import Levels
from xrdrama.adapters.panda.set.plates import PlatePicture
from xrdrama.adapters.panda.shading import source
from xrdrama.gltf.meshes import Image, Material, TextureMap
from xrdrama.scene.model import Finish, Particles

Quality = Literal["draft", "full"]
SHADOW_WIDTH: Final = 1024
# A rougher surface does not visibly reflect the sky, so its map is not sampled.
_MATT: Final = 0.54

# The drawing order: glowing pieces after opaque ones.
_BINS: Final = {
    "set solid": 12, "set far": 13, "set sky": 14, "set streak": 16, "set mist": 18,
    "set glow": 20,
}  # fmt: skip


PLAIN: Final = TextureMap()
_INPUTS: Final = {
    "base": "base_picture", "normal": "normal_picture", "rough": "rough_picture",
    "emissive": "emission_picture", "occlusion": "occlusion_picture",
}  # fmt: skip
_DEFINES: Final = {**{slot: name.upper() for slot, name in _INPUTS.items()}, "normal": "NORMALS"}


def is_glass(material: Material, finish: Finish) -> bool:
    """True if a piece is partly transparent, and so is drawn after all opaque pieces."""
    return material.alpha == "BLEND" and finish.kind in ("surface", "backdrop")


class Behaviour:
    """The uniform `behaviour` of one material: its glow, fade, sway and flicker in a frame."""

    def __init__(self, finish: Finish, fade_by: str) -> None:
        self.finish = finish
        self.fade_by = fade_by
        self.array = PTA_LVecBase4f.empty_array(1)
        self.fade = 1.0

    def update(self, levels: Levels) -> None:
        """Set the values from the params."""
        finish = self.finish
        self.fade = levels.of(self.fade_by)
        row = LVecBase4f(levels.of(finish.glow_by), self.fade, radians(finish.sway), finish.flicker)
        self.array.set_element(0, row)


class Materials:
    """The shaders and textures of one set."""

    def __init__(
        self, materials: Sequence[Material], images: Sequence[Image], quality: Quality
    ) -> None:
        self.materials = materials
        self.images = images
        self.quality = quality
        self.shaders: dict[tuple[str, str, tuple[str, ...]], Shader] = {}
        self.textures: dict[tuple[int, bool, TextureMap], Texture] = {}
        self.model_lights = 0
        self.flashes = False
        _make_bins()

    def shader(
        self,
        vertex: str,
        fragment: str,
        defines: Sequence[str] = (),
        included: Sequence[str] = (),
    ) -> Shader:
        """The program of two files and some defines, compiled once; `included` files come before
        the fragment's own."""
        key = (vertex, fragment, tuple(sorted(defines)))
        if key not in self.shaders:
            quality = ["FULL"] if self.quality == "full" else []
            quality += ["FLASHES"] if self.flashes else []
            head = "#version 330\n" + "".join(
                f"#define {name}\n"
                for name in [*quality, f"SHADOW_WIDTH {SHADOW_WIDTH}.0", *key[2]]
            )
            look = source("look.glsl")
            self.shaders[key] = Shader.make(
                Shader.SL_GLSL,
                head + look + source(vertex),
                head + look + "".join(map(source, (*included, fragment))),
            )
        return self.shaders[key]

    def texture(self, image: int, *, encoded: bool, laid: TextureMap = PLAIN) -> Texture:
        """An image of the set as a texture, loaded once for each way it is filtered."""
        laid = TextureMap(
            wrap_s=laid.wrap_s, wrap_t=laid.wrap_t, magnified=laid.magnified, minified=laid.minified
        )
        key = (image, encoded, laid)
        if key not in self.textures:
            self.textures[key] = texture(
                self.images[image], encoded=encoded, sharp=self.quality == "full", laid=laid
            )
        return self.textures[key]

    def dress(
        self,
        path: NodePath,
        index: int,
        behaviour: Behaviour,
        *,
        uneven: bool = False,
        along: bool = False,
        joints: int = 0,
    ) -> None:
        """Give a piece of the set its shader, pictures and place in the drawing order.

        `uneven` is a piece whose frame scales its axes differently, `along` one that is bent with
        the way, and one with `joints` follows them.
        """
        bent = ["ALONG"] if along else []
        bent += [f"JOINTS {joints}"] if joints else []
        material, finish = self.materials[index], behaviour.finish
        path.set_shader_input("behaviour", behaviour.array)
        match finish.kind:
            case "halo":
                path.set_shader(self.shader("card.vert", "halo.frag", bent))
                _add_light(path, "set glow", 0)
            case "streak":
                path.set_shader(self.shader("card.vert", "streak.frag", ["STREAK"]))
                self._floor(path, finish)
                _add_light(path, "set streak", 0)
            case "shade":
                self.shade(path, bent)
            case "mist":
                path.set_shader(self.shader("mist.vert", "mist.frag", bent))
                _veil(path, "set mist")
            case "shaft":
                path.set_shader(self.shader("shaft.vert", "shaft.frag"))
                _add_light(path, "set glow", 0)
            case "surface" | "water" | "backdrop":
                self._surface(path, material, behaviour, uneven=uneven, bent=bent)
            case _:
                assert_never(finish.kind)

    def shade(self, path: NodePath, bent: Sequence[str] = ()) -> None:
        """Let a square darken what is below it."""
        path.set_shader(self.shader("mist.vert", "shade.frag", bent))
        _veil(path, "set streak")

    def particles(self, path: NodePath, particles: Particles) -> None:
        """Give the quads of particles their shader."""
        kind = particles.kind.upper()
        path.set_shader(self.shader("particle.vert", "particle.frag", [kind]))
        _veil(path, "set glow")

    def sky(self, path: NodePath, plate: PlatePicture | None = None) -> None:
        """Give the cube around the eye the sky, which may be a plate."""
        if plate is None:
            path.set_shader(self.shader("sky.vert", "sky.frag"))
        else:
            self._plate(path, plate, "sky.vert", "plate_sky.frag")
        path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none))
        path.set_attrib(DepthWriteAttrib.make(DepthWriteAttrib.M_off))
        path.set_bin("set sky", 0)

    def card(self, path: NodePath, plate: PlatePicture) -> None:
        """Give a card its plate."""
        self._plate(path, plate, "plate_card.vert", "plate_card.frag")
        path.set_bin("set solid", 0)

    def _plate(self, path: NodePath, plate: PlatePicture, vertex: str, fragment: str) -> None:
        defines = ["PLATE_SRGB"] if plate.encoded == "srgb" else []
        path.set_shader(self.shader(vertex, fragment, defines, ("plate.glsl",)))
        plate.dress(path)

    def _surface(
        self,
        path: NodePath,
        material: Material,
        behaviour: Behaviour,
        *,
        uneven: bool,
        bent: list[str],
    ) -> None:
        finish = behaviour.finish
        pictures = self._pictures(material, finish)
        defines = [_DEFINES[slot] for slot in pictures]
        defines += self._defines(material, behaviour)
        sets = {laid.texcoord for _, laid in pictures.values()}
        defines += ["PICTURES"] if pictures else []
        defines += [f"UV{i}" for i in sets if i]
        defines += [
            f"{slot.upper()}_UV uv{laid.texcoord}"
            for slot, (_, laid) in pictures.items()
            if laid.texcoord
        ]
        defines += ["UNEVEN"] if uneven else []
        defines += bent
        path.set_shader(self.shader("surface.vert", "surface.frag", defines, ("gleam.glsl",)))
        for slot, (image, laid) in pictures.items():
            made = self.texture(image, encoded=slot in ("base", "emissive"), laid=laid)
            path.set_shader_input(_INPUTS[slot], made)
        path.set_shader_inputs(
            base_factor=LVecBase4f(*material.base),
            finish=LVecBase4f(
                material.roughness, material.metallic, material.normal_scale, finish.wet
            ),
            emission=LVecBase4f(*material.emissive, finish.snow),
            alpha=LVecBase4f(
                material.cutoff if material.alpha == "MASK" else 0.5,
                material.occlusion_strength, 0.0, 0.0,
            ),
        )  # fmt: skip
        if finish.kind == "water":
            _veil(path, "set streak")
        elif is_glass(material, finish):
            _veil(path, "set mist", both=False)
        else:
            path.set_bin("set far" if finish.kind == "backdrop" else "set solid", 0)
            if material.double_sided:
                path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none))

    def _pictures(self, material: Material, finish: Finish) -> dict[str, tuple[int, TextureMap]]:
        """The pictures of a material that are drawn in this quality, by slot."""
        full = self.quality == "full"
        wet = finish.wet > 0.0 or finish.kind == "water"
        left_out = {"base": False, "normal": not full, "rough": not (full or wet),
                    "emissive": False, "occlusion": not full}  # fmt: skip
        if material.unlit:
            left_out = {slot: slot != "base" for slot in left_out}
        found = material.pictures()
        return {slot: laid for slot, laid in found.items() if not left_out[slot]}

    def _defines(self, material: Material, behaviour: Behaviour) -> list[str]:
        """What a material needs beside its pictures."""
        finish, full = behaviour.finish, self.quality == "full"
        wet = finish.wet > 0.0 or finish.kind == "water"
        gleams = full and (material.roughness < _MATT or material.rough_image >= 0)
        # A metal shows only reflections.
        gleams = (gleams or material.metallic > 0.0) and finish.kind != "backdrop"
        glass = is_glass(material, finish)
        wanted = {
            "MOVES": finish.sway > 0.0 or finish.flicker > 0.0,
            "FADES": bool(behaviour.fade_by),
            "SNOWS": finish.snow > 0.0,
            "GLOWS": max(material.emissive) > 0.0,
            "PAPER": bool(finish.id),
            "WATER": finish.kind == "water",
            "BACKDROP": finish.kind == "backdrop",
            "REFLECTS": gleams or wet,
            # Large distant triangles need fog at each pixel.
            "FINE_AIR": finish.kind != "surface",
            "TWO_SIDED": material.double_sided and not glass,
            "GLASS": glass,
            "MASKED": material.alpha == "MASK" and finish.kind != "water",
            f"MODEL_LIGHTS {self.model_lights}": self.model_lights > 0,
        }
        if material.unlit:
            wanted = {**wanted, "UNLIT": True, "REFLECTS": False, "GLOWS": False,
                      "SNOWS": False}  # fmt: skip
        return [name for name, needed in wanted.items() if needed]

    def _floor(self, path: NodePath, finish: Finish) -> None:
        """Give a streak the images of the floor below it."""
        floor = next((m for m in self.materials if m.name == finish.over), None)
        for name, image in (
            ("floor_rough", floor.rough_image if floor else -1),
            ("floor_normal", floor.normal_image if floor else -1),
        ):
            if image >= 0:
                path.set_shader_input(name, self.texture(image, encoded=False))
            else:
                path.set_shader_input(name, _even())
        path.set_shader_input("floor_map", LVecBase4f(1.0 / finish.tile, 0.0, 0.0, 0.0))


def _make_bins() -> None:
    bins = CullBinManager.get_global_ptr()
    for name, sort in _BINS.items():
        if bins.find_bin(name) >= 0:
            continue
        if name in ("set solid", "set far"):
            bins.add_bin(name, CullBinManager.BT_front_to_back, sort)
        elif name == "set mist":
            bins.add_bin(name, CullBinManager.BT_back_to_front, sort)
        else:
            bins.add_bin(name, CullBinManager.BT_fixed, sort)


def _even() -> Texture:
    """A picture of one pixel in the middle of its range: half rough, and level."""
    made = Texture("even")
    made.setup_2d_texture(1, 1, Texture.T_unsigned_byte, Texture.F_rgb)
    made.set_ram_image(bytes((255, 128, 128)))
    return made


def _add_light(path: NodePath, bin_: str, order: int) -> None:
    """Add light to what is behind it."""
    blend = ColorBlendAttrib.make(
        ColorBlendAttrib.M_add, ColorBlendAttrib.O_one, ColorBlendAttrib.O_one
    )
    _see_through(path, blend, bin_, order)


def _veil(path: NodePath, bin_: str, *, both: bool = True) -> None:
    """Blend over what is behind by alpha, with colours already multiplied by it.

    `both`: from both sides.
    """
    blend = ColorBlendAttrib.make(
        ColorBlendAttrib.M_add, ColorBlendAttrib.O_one, ColorBlendAttrib.O_one_minus_incoming_alpha
    )
    _see_through(path, blend, bin_, 10, both=both)


def _see_through(
    path: NodePath, blend: ColorBlendAttrib, bin_: str, order: int, *, both: bool = True
) -> None:
    path.set_attrib(blend)
    path.set_attrib(DepthWriteAttrib.make(DepthWriteAttrib.M_off))
    if both:
        path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none))
    # The alpha of the picture stays 1.
    colours = ColorWriteAttrib.C_red | ColorWriteAttrib.C_green | ColorWriteAttrib.C_blue
    path.set_attrib(ColorWriteAttrib.make(colours))
    path.set_bin(bin_, order)
