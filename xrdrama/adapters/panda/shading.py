"""The shaders of this package for Panda3D."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from panda3d.core import Shader


def shader(vertex: str, fragment: str) -> Shader:
    """A shader of this package; an error of the driver is a bug of ours, so it is raised."""
    return Shader.make(Shader.SL_GLSL, source(vertex), source(fragment))


@cache
def source(name: str) -> str:
    """The text of a file of `shaders/`."""
    return (files(__package__) / "shaders" / name).read_text("utf-8")
