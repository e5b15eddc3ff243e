"""The shader that mixes outer and inner pictures on a wall, for a number of cameras.

The number is fixed when the shader is compiled, so that a stage with one camera pays for one.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from panda3d.core import LMatrix4f, NodePath, Shader, Texture

from xrdrama.adapters.panda.shading import source
from xrdrama.adapters.panda.wall.cells import Part

EACH = "// each camera"
Safe = Literal["", "PAUSED", "PLATE"]
"""What panic shows: nothing, the safe picture of the canvas, or a plate."""
CELLS = "cell.vert"
"""The vertex shader of `cells`."""


@cache
def led_shader(
    cameras: int,
    vertex: str = "led.vert",
    fragment: str = "led.frag",
    *,
    developed: bool = False,
    part: Part = "MIXED",
    safe: Safe = "",
) -> Shader:
    """The shader `fragment` for a number of cameras: its lines for each camera are repeated.

    `developed`: the pictures are scene-linear, and the mixed one is developed. `part`: the LEDs
    that it is for (`cell.vert` draws no others). `safe`: what panic shows.
    """
    head = f"#version 330\n#define {part}\n" + (f"#define {safe}\n" if safe else "")
    text = head
    if developed:
        text += "#define DEVELOPED\n" + source("tone.glsl")
    text += for_cameras(source(fragment), cameras)
    first = source(vertex)
    if vertex == CELLS:
        first = head + for_cameras(first, cameras)
    return Shader.make(Shader.SL_GLSL, first, text)


def for_cameras(text: str, cameras: int) -> str:
    """A shader's text with every line that contains `EACH` once for each camera: `_K` in it becomes
    `_0`, `_1` and so on."""
    lines = []
    for line in text.splitlines():
        if EACH in line:
            lines += [line.replace("_K", f"_{number}") for number in range(cameras)]
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def set_inner(path: NodePath, layer: int, clip: LMatrix4f) -> None:
    """Set where the picture of a layer lies: the stage's coordinates to those of its view."""
    path.set_shader_input(f"inner_clip_{layer}", clip)


def set_picture(path: NodePath, layer: int, picture: Texture, feather: float) -> None:
    """Set the picture of a layer and its soft edge (share of its width). Layer 0 is the lowest."""
    path.set_shader_inputs(
        **{
            f"inner_picture_{layer}": picture,
            f"inner_feather_{layer}": feather,
            f"inner_clip_{layer}": LMatrix4f(),
        }
    )
