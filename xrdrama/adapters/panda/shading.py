"""The shaders of this package, as Panda3D takes them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from panda3d.core import Shader


def shader(vertex: str, fragment: str) -> Shader:
    """A shader of this package; the driver's complaints are errors of ours, so they are loud."""
    return Shader.make(Shader.SL_GLSL, source(vertex), source(fragment))


@cache
def source(name: str) -> str:
    """The text of a file of `shaders/`."""
    return (files(__package__) / "shaders" / name).read_text("utf-8")
