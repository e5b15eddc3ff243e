"""Convert arrays to Panda3D's geoms, and PNG bytes to textures.

glTF's frame (Y up) becomes ours here, and only here; pictures are turned so that v runs up.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from panda3d.core import (
    CPTA_uchar,
    Geom,
    GeomEnums,
    GeomTriangles,
    GeomVertexArrayFormat,
    GeomVertexData,
    GeomVertexFormat,
    LMatrix4f,
    PNMImage,
    SamplerState,
    StringStream,
    Texture,
)

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.meshes import Doubles, Floats, Image, Primitive, TextureMap, from_gltf
from xrdrama.scene.compiled import Reflections

# Attribute of the GLB: input of the shaders, numbers, whether it is stored in bytes.
_COLUMNS: Final = {
    "POSITION": ("vertex", 3, False),
    "NORMAL": ("normal", 3, False),
    "COLOR_0": ("colour", 4, True),
    "_BAKE": ("bake", 4, True),
    "TEXCOORD_0": ("texcoord", 2, False),
    **{f"TEXCOORD_{i}": (f"texcoord{i}", 2, False) for i in range(1, 5)},
    "TANGENT": ("tangent", 4, False),
    "_MOTION": ("motion", 4, False),
    "_SIZE": ("size", 2, False),
    "_SEED": ("seed", 4, False),
    "JOINTS_0": ("joints", 4, False),
    "WEIGHTS_0": ("weights", 4, False),
}
_DIRECTED: Final = {"POSITION", "NORMAL", "TANGENT", "_MOTION"}
_WRAPS: Final[dict[str, Any]] = {
    "repeat": SamplerState.WM_repeat, "clamp": SamplerState.WM_clamp,
    "mirror": SamplerState.WM_mirror,
}  # fmt: skip
_FILTERS: Final[dict[str, Any]] = {
    "nearest": SamplerState.FT_nearest,
    "linear": SamplerState.FT_linear,
    "nearest_mipmap_nearest": SamplerState.FT_nearest_mipmap_nearest,
    "linear_mipmap_nearest": SamplerState.FT_linear_mipmap_nearest,
    "nearest_mipmap_linear": SamplerState.FT_nearest_mipmap_linear,
}
_DEEPEST: Final = 255
_TURN: Final = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], np.float64)


def geom(primitive: Primitive) -> Geom:
    """The triangles of a primitive; colour and baked light are there even where it has none."""
    count = len(primitive.attributes["POSITION"])
    attributes = {
        "COLOR_0": np.ones((count, 4), np.float32),
        "_BAKE": np.zeros((count, 4), np.float32),
        **primitive.attributes,
    }
    columns = [(name, *_COLUMNS[name]) for name in _COLUMNS if name in attributes]
    layout = GeomVertexArrayFormat()
    parts: list[NDArray[np.uint8]] = []
    for name, column, width, in_bytes in columns:
        if in_bytes:
            layout.add_column(column, width, GeomEnums.NT_uint8, GeomEnums.C_color)
        else:
            point = column == "vertex"
            layout.add_column(
                column, width, GeomEnums.NT_float32,
                GeomEnums.C_point if point else GeomEnums.C_other,
            )  # fmt: skip
        parts.append(_stored(name, attributes[name], in_bytes))
    rows = np.concatenate(parts, axis=1)
    plain = GeomVertexFormat()
    plain.add_array(layout)
    data = GeomVertexData("set", GeomVertexFormat.register_format(plain), GeomEnums.UH_static)
    data.unclean_set_num_rows(count)
    _fill(data.modify_array_handle(0), rows)
    triangles = GeomTriangles(GeomEnums.UH_static)
    wide = count > 65535
    triangles.set_index_type(GeomEnums.NT_uint32 if wide else GeomEnums.NT_uint16)
    flat = primitive.triangles.reshape(-1).astype(np.uint32 if wide else np.uint16)
    corners = triangles.modify_vertices()
    corners.unclean_set_num_rows(len(flat))
    _fill(corners.modify_handle(), flat)
    made = Geom(data)
    made.add_primitive(triangles)
    return made


def both_sides(primitive: Primitive) -> Primitive:
    """The primitive with its back faces as triangles of their own, before the others.

    In this order, drawn without depth, the back of a glass object is drawn first.
    """
    front = primitive.attributes
    count = np.uint32(len(front["POSITION"]))
    attributes = {
        name: np.concatenate([-rows if name in ("NORMAL", "TANGENT") else rows, rows])
        for name, rows in front.items()
    }
    back = primitive.triangles[:, ::-1]
    triangles = np.concatenate([back, primitive.triangles + count])
    return Primitive(primitive.material, attributes, triangles)


def _fill(handle: Any, content: NDArray[Any]) -> None:
    handle.copy_data_from(np.ascontiguousarray(content).tobytes())


def _stored(name: str, values: Floats, in_bytes: bool) -> NDArray[np.uint8]:
    if in_bytes:
        return np.asarray(np.rint(np.clip(values, 0.0, 1.0) * 255.0), np.uint8)
    if name in _DIRECTED:
        values = from_gltf(values)
    elif name.startswith("TEXCOORD_"):
        values = np.stack([values[:, 0], 1.0 - values[:, 1]], axis=1)
    return np.ascontiguousarray(values, np.float32).view(np.uint8)


def in_our_frame(matrices: Doubles) -> Doubles:
    """Matrices (..., 4, 4) from glTF's frame to glTF's, from ours to ours."""
    found: Doubles = _TURN @ matrices @ _TURN.T
    return found


def frame(matrix: Doubles) -> LMatrix4f:
    """A node's matrix (glTF, column vectors) as Panda3D's (our frame, row vectors)."""
    ours = in_our_frame(matrix)
    return LMatrix4f(*(float(value) for value in ours.T.reshape(-1)))


def sky_cube() -> Geom:
    """A cube around the eye, seen from within."""
    corners = np.array([[x, y, z] for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)], np.float32)
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    triangles = [t for a, b, c, d in faces for t in ((a, b, c), (a, c, d))]
    attributes = {"POSITION": corners, "NORMAL": corners}
    return geom(Primitive(-1, attributes, np.array(triangles, np.uint32)))


def picture(image: Image) -> PNMImage:
    """The pixels of an image; RemoteProtocolError if it is damaged."""
    pixels = PNMImage()
    if not pixels.read(StringStream(image.content), image.name):
        raise RemoteProtocolError(
            f"the image {image.name!r} of the compiled scene is damaged: compile it again"
        )
    return pixels


def texture(
    image: Image,
    *,
    encoded: bool,
    sharp: bool,
    laid: TextureMap = TextureMap(),  # noqa: B008
) -> Texture:
    """A texture with mip maps, wrapped and filtered as `laid` says; `encoded` pictures hold sRGB,
    others plain numbers."""
    made = Texture(image.name)
    pixels = picture(image)
    if pixels.is_grayscale():
        pixels.make_rgb()
    if pixels.get_maxval() != _DEEPEST:
        pixels.set_maxval(_DEEPEST)
    made.load(pixels)
    if encoded:
        made.set_format(Texture.F_srgb_alpha if made.get_num_components() == 4 else Texture.F_srgb)
    made.set_wrap_u(_WRAPS[laid.wrap_s])
    made.set_wrap_v(_WRAPS[laid.wrap_t])
    made.set_magfilter(_FILTERS[laid.magnified or "linear"])
    if laid.minified:
        made.set_minfilter(_FILTERS[laid.minified])
    elif sharp:
        made.set_minfilter(SamplerState.FT_linear_mipmap_linear)
    else:
        made.set_minfilter(SamplerState.FT_linear_mipmap_nearest)
    return made


def reflection_map(image: Image, reflections: Reflections) -> Texture:
    """The levels of a reflection map as the mip maps of one texture of half floats."""
    flat = Texture()
    flat.load(picture(image))
    content: Any = flat.get_ram_image_as("RGB")
    shape = (sum(reflections.widths), reflections.widths[0], 3)
    stored = np.frombuffer(memoryview(content), np.uint8)
    if stored.size != shape[0] * shape[1] * 3:
        raise RemoteProtocolError(f"the image {image.name!r} is not a reflection map")
    # Rows from the top; Panda3D keeps them from the bottom.
    stored = stored.reshape(shape)[::-1]
    radiance = np.square(stored.astype(np.float32) / 255.0) * reflections.scale
    made = Texture(image.name)
    width = reflections.widths[0]
    made.setup_2d_texture(width, width, Texture.T_float, Texture.F_rgb16)
    row = 0
    for level, width in enumerate(reflections.widths):
        part: Any = np.ascontiguousarray(radiance[row : row + width, :width, ::-1]).tobytes()
        if level == 0:
            made.set_ram_image(part)
        else:
            made.set_ram_mipmap_image(level, CPTA_uchar(part))
        row += width
    made.set_wrap_u(SamplerState.WM_clamp)
    made.set_wrap_v(SamplerState.WM_clamp)
    made.set_magfilter(SamplerState.FT_linear)
    made.set_minfilter(SamplerState.FT_linear_mipmap_linear)
    return made
