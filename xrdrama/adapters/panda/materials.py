"""How is each material drawn? One shader source, variants by what a material needs.

A variant is a list of `#define`s in front of `look.glsl` and the shader's own file, so that a
plain wall does not pay for puddles, and `draft` pays for less than `full`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import radians
from typing import Final, Literal

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

from xrdrama.adapters.panda.geometry import texture
from xrdrama.adapters.panda.lighting import Levels
from xrdrama.scene.meshes import Image, Material
from xrdrama.scene.scene import Finish, Particles

Quality = Literal["draft", "full"]
SHADOW_WIDTH: Final = 1024
# Rougher than this, a surface shows nothing of the sky that is worth a look into its map.
_MATT: Final = 0.54

# Drawn in this order; what glows over what hides.
_BINS: Final = {
    "set solid": 12, "set far": 13, "set sky": 14, "set streak": 16, "set mist": 18,
    "set glow": 20,
}  # fmt: skip


class Behaviour:
    """The uniform `behaviour` of one material: its glow, fade, sway and flicker in a frame."""

    def __init__(self, finish: Finish, fade_by: str) -> None:
        self.finish = finish
        self.fade_by = fade_by
        self.array = PTA_LVecBase4f.empty_array(1)
        self.fade = 1.0

    def update(self, levels: Levels) -> None:
        """Follow the params."""
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
        self.textures: dict[tuple[int, bool], Texture] = {}
        _make_bins()

    def shader(self, vertex: str, fragment: str, defines: Sequence[str] = ()) -> Shader:
        """The program of two files and some defines, compiled once."""
        key = (vertex, fragment, tuple(sorted(defines)))
        if key not in self.shaders:
            quality = ["FULL"] if self.quality == "full" else []
            head = "#version 330\n" + "".join(
                f"#define {name}\n"
                for name in [*quality, f"SHADOW_WIDTH {SHADOW_WIDTH}.0", *key[2]]
            )
            look = source("look.glsl")
            self.shaders[key] = Shader.make(
                Shader.SL_GLSL, head + look + source(vertex), head + look + source(fragment)
            )
        return self.shaders[key]

    def texture(self, image: int, *, encoded: bool) -> Texture:
        """An image of the set as a texture, loaded once."""
        key = (image, encoded)
        if key not in self.textures:
            self.textures[key] = texture(
                self.images[image], encoded=encoded, sharp=self.quality == "full"
            )
        return self.textures[key]

    def dress(self, path: NodePath, index: int, behaviour: Behaviour) -> None:
        """Give a piece of the set its shader, pictures and place in the drawing order."""
        material, finish = self.materials[index], behaviour.finish
        path.set_shader_input("behaviour", behaviour.array)
        match finish.kind:
            case "halo":
                path.set_shader(self.shader("card.vert", "halo.frag"))
                _screen(path, "set glow", 0)
            case "streak":
                path.set_shader(self.shader("card.vert", "streak.frag", ["STREAK"]))
                self._floor(path, finish)
                _screen(path, "set streak", 0)
            case "shade":
                path.set_shader(self.shader("mist.vert", "shade.frag"))
                _veil(path, "set streak")
            case "mist":
                path.set_shader(self.shader("mist.vert", "mist.frag"))
                _veil(path, "set mist")
            case "surface" | "water" | "backdrop":
                self._surface(path, material, behaviour)

    def particles(self, path: NodePath, particles: Particles) -> None:
        """Give the quads of particles their shader."""
        kind = particles.kind.upper()
        path.set_shader(self.shader("particle.vert", "particle.frag", [kind]))
        _veil(path, "set glow")

    def sky(self, path: NodePath) -> None:
        """Give the cube around the eye the sky."""
        path.set_shader(self.shader("sky.vert", "sky.frag"))
        path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none))
        path.set_attrib(DepthWriteAttrib.make(DepthWriteAttrib.M_off))
        path.set_bin("set sky", 0)

    def _surface(self, path: NodePath, material: Material, behaviour: Behaviour) -> None:
        finish, full = behaviour.finish, self.quality == "full"
        wet = finish.wet > 0.0 or finish.kind == "water"
        normals = material.normal_image >= 0 and full
        pictures = {
            "base_picture": material.base_image,
            "rough_picture": material.rough_image if full or wet else -1,
            "normal_picture": material.normal_image if normals else -1,
            "emission_picture": material.emissive_image,
        }
        defines = [
            name.upper()
            for name, image in pictures.items()
            if image >= 0 and name != "normal_picture"
        ]
        defines += ["PICTURES"] if any(image >= 0 for image in pictures.values()) else []
        defines += ["NORMALS"] if normals else []
        defines += ["MOVES"] if finish.sway > 0.0 or finish.flicker > 0.0 else []
        defines += ["FADES"] if behaviour.fade_by else []
        defines += ["SNOWS"] if finish.snow > 0.0 else []
        defines += ["GLOWS"] if max(material.emissive) > 0.0 else []
        defines += ["WATER"] if finish.kind == "water" else []
        defines += ["BACKDROP"] if finish.kind == "backdrop" else []
        gleams = full and finish.kind != "backdrop" and material.roughness < _MATT
        defines += ["REFLECTS"] if gleams or wet else []
        # Far and wide triangles need their air at each pixel.
        defines += ["FINE_AIR"] if finish.kind != "surface" else []
        defines += ["TWO_SIDED"] if material.double_sided else []
        path.set_shader(self.shader("surface.vert", "surface.frag", defines))
        for name, image in pictures.items():
            if image >= 0:
                encoded = name in ("base_picture", "emission_picture")
                path.set_shader_input(name, self.texture(image, encoded=encoded))
        path.set_shader_inputs(
            base_factor=LVecBase4f(*material.base),
            finish=LVecBase4f(
                material.roughness, material.metallic, material.normal_scale, finish.wet
            ),
            emission=LVecBase4f(*material.emissive, finish.snow),
        )
        if material.double_sided:
            path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none))
        if finish.kind == "water":
            _veil(path, "set streak")
        else:
            path.set_bin("set far" if finish.kind == "backdrop" else "set solid", 0)

    def _floor(self, path: NodePath, finish: Finish) -> None:
        """Hand a streak the pictures of the floor that it lies on."""
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


@cache
def source(name: str) -> str:
    """The text of a file of `shaders/`."""
    return (files(__package__) / "shaders" / name).read_text("utf-8")


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


def _screen(path: NodePath, bin_: str, order: int) -> None:
    """Blend as 1 - (1 - a)(1 - b): light upon light, never beyond white."""
    blend = ColorBlendAttrib.make(
        ColorBlendAttrib.M_add, ColorBlendAttrib.O_one, ColorBlendAttrib.O_one_minus_incoming_color
    )
    _see_through(path, blend, bin_, order)


def _veil(path: NodePath, bin_: str) -> None:
    """Blend over what is behind by alpha, with colours already multiplied by it."""
    blend = ColorBlendAttrib.make(
        ColorBlendAttrib.M_add, ColorBlendAttrib.O_one, ColorBlendAttrib.O_one_minus_incoming_alpha
    )
    _see_through(path, blend, bin_, 10)


def _see_through(path: NodePath, blend: ColorBlendAttrib, bin_: str, order: int) -> None:
    path.set_attrib(blend)
    path.set_attrib(DepthWriteAttrib.make(DepthWriteAttrib.M_off))
    path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none))
    # A picture stays opaque, whatever is drawn over it.
    colours = ColorWriteAttrib.C_red | ColorWriteAttrib.C_green | ColorWriteAttrib.C_blue
    path.set_attrib(ColorWriteAttrib.make(colours))
    path.set_bin(bin_, order)
