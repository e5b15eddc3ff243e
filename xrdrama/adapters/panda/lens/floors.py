"""What the stage is laid with: each set chooses its floor, and a cut between sets changes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray
from panda3d.core import LVecBase4f, NodePath, PTA_LVecBase4f, Shader, Texture

from xrdrama.adapters.panda.lens.stage_floor import noise, packed, stones
from xrdrama.adapters.panda.set.geometry import texture
from xrdrama.adapters.panda.set.laid import Laid
from xrdrama.scene.model import Floor, FloorKind

_STONE: Final = Laid(Floor())
_SIZE: Final = 512
_BOARDS: Final = 12
"""Boards across a tile: 0.2 m each with the usual tile of 2.4 m."""


class Floors:
    """The floor below `path`, which `lay` changes. Every picture and shader is made here."""

    def __init__(
        self, path: NodePath, floors: Mapping[str, Laid], plain: Shader, pictured: Shader
    ) -> None:
        self._path, self._plain, self._pictured = path, plain, pictured
        self._floors = floors
        self._made: dict[str, Texture] = {}
        self._laid: Laid | None = None
        self._rows = PTA_LVecBase4f.empty_array(2)
        path.set_shader_input("floor_laid", self._rows)
        for one in floors.values():
            self._texture(one)
        self.lay("")

    @property
    def names(self) -> tuple[str, ...]:
        """The sets whose floors are known."""
        return tuple(self._floors)

    def lay(self, scene: str) -> None:
        """Show the floor of a set; an unknown one has stone."""
        laid = self._floors.get(scene, _STONE)
        if laid is self._laid:
            return
        self._laid, floor = laid, laid.floor
        if floor.kind == "none":
            self._path.hide()
            return
        self._path.show()
        self._path.set_shader(self._pictured if laid.picture else self._plain)
        self._path.set_shader_input("stones", self._texture(laid))
        colour = floor.colour
        self._rows.set_element(0, LVecBase4f(1.0 / floor.tile, floor.wet, 0.0, 0.0))
        self._rows.set_element(1, LVecBase4f(colour.x, colour.y, colour.z, 1.0))

    def _texture(self, laid: Laid) -> Texture:
        key = laid.floor.file or laid.floor.kind
        if laid.picture is not None:
            key = f"picture {id(laid.picture)}"
        if key not in self._made:
            picture = laid.picture
            self._made[key] = (
                _drawn(laid.floor.kind)
                if picture is None
                else texture(picture, encoded=True, sharp=True)
            )
        return self._made[key]


@cache
def _drawn(kind: FloorKind) -> Texture:
    match kind:
        case "boards":
            return boards()
        case "asphalt":
            return asphalt()
        case "plain":
            even = np.full((4, 4), 0.5)
            return packed("plain", even, even * 0.4, np.full((4, 4, 2), 0.5))
        case "stone" | "picture" | "none":
            return stones()
        case _:
            assert_never(kind)


def boards(size: int = _SIZE) -> Texture:
    """Planks along +Y, waxed: each has its tone and grain, and ends where its neighbours do not."""
    random = np.random.default_rng(11)
    y, x = np.mgrid[0:size, 0:size] / size
    plank = np.minimum((x * _BOARDS).astype(int), _BOARDS - 1)
    across = x * _BOARDS - plank
    end = random.uniform(0.0, 1.0, _BOARDS)[plank]
    along = (y - end) % 1.0
    side = np.minimum(across, 1.0 - across) / 0.025
    joint = np.clip(np.minimum(side, np.minimum(along, 1.0 - along) / 0.003), 0.0, 1.0)
    # Two boards to a tile in length: the second has another tone.
    second = ((along > 0.5) & (plank % 2 == 0)).astype(int)
    tone = random.uniform(-1.0, 1.0, (2, _BOARDS))[second, plank]
    grain = _stretched(size, 12, 7.0)
    tilt = random.uniform(-1.0, 1.0, (_BOARDS, 2))[plank]
    shade = (0.5 + 0.09 * tone + 0.05 * grain) * (0.35 + 0.65 * joint)
    shade *= 0.5 / shade.mean()
    wet = 0.30 * joint + 0.05 * grain
    lean = 0.5 + 0.03 * tilt + 0.02 * grain[..., None]
    return packed("boards", shade, wet, lean)


def asphalt(size: int = _SIZE) -> Texture:
    """Rolled asphalt: fine stones, no joints, a little damp."""
    fine, cloud, hollow = (
        noise(size, *at) for at in ((21, 60, 250, 0.2), (22, 2, 12, 1.0), (23, 1, 6, 1.3))
    )
    shade = 0.5 + 0.12 * fine + 0.03 * cloud
    shade *= 0.5 / shade.mean()
    wet = 0.30 / (1.0 + np.exp(-2.0 * (hollow - 0.6)))
    lean = 0.5 + 0.07 * np.stack([fine, noise(size, 24, 60, 250, 0.2)], -1)
    return packed("asphalt", shade, wet, lean)


def _stretched(size: int, seed: int, factor: float) -> NDArray[np.float64]:
    """Noise that is long along the rows of y, as grain of wood is; deviation 1."""
    random = np.random.default_rng(seed)
    fx, fy = np.meshgrid(np.fft.fftfreq(size, 1 / size), np.fft.fftfreq(size, 1 / size))
    waves = np.hypot(fx, fy * factor)
    kept = (waves >= 6) & (waves <= 200)
    spectrum = np.where(kept, np.maximum(waves, 1.0) ** -0.7, 0.0)
    field: NDArray[np.float64] = np.real(
        np.fft.ifft2(spectrum * np.fft.fft2(random.standard_normal((size, size))))
    )
    field /= field.std()
    return field
