"""The layers of a frame for the runtime: pictures of both eyes, a fade over them, sheets."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import xr  # type: ignore[import-untyped]

from xrdrama.adapters.openxr.axes import FAR, NEAR, Fov, to_xr
from xrdrama.adapters.openxr.pictures.gl import Copying
from xrdrama.adapters.openxr.pictures.swapchains import Swapchain, depth_format, picture_format
from xrdrama.spatial import IDENTITY, Pose, Vec3

EYES: Final = ("left", "right")


class Sheet(msgspec.Struct, frozen=True):
    """A picture that floats: a part of a texture of ours, on a flat surface. Metres, pixels.

    `box` is left, bottom, right, top; `locked` to the head, or in the stage's space. `changed`
    says that the texture has another picture than in the frame before.
    """

    texture: int
    box: tuple[int, int, int, int]
    pose: Pose
    size: tuple[float, float]
    locked: bool = False
    changed: bool = True


class Drawn(msgspec.Struct, frozen=True):
    """The content of a frame: a texture for each eye, the darkness over them, floating sheets; and
    the hands (`left`, `right`) that get a tick. The pictures are in the lower left part of the
    textures, `size` pixels (None: all of it). `depths` are the depth textures of both eyes."""

    eyes: tuple[int, int]
    depths: tuple[int, ...] = ()
    dark: float = 0.0
    sheets: Mapping[str, Sheet] = {}
    ticks: tuple[str, ...] = ()
    size: tuple[int, int] | None = None


class Layers:
    """The layers of a session and the swapchains under them; structures are made once.

    `floor` is the height of the stage space's origin above the floor, the origin of our poses. With
    `depth` the runtime also gets the pictures' depth, if it takes our format.
    """

    def __init__(
        self,
        session: Any,
        size: tuple[int, int],
        *,
        stage: Any,
        head: Any,
        floor: float,
        depth: bool = False,
    ) -> None:
        self._session, self._size = session, size
        self._stage, self._head, self._floor = stage, head, floor
        self._format = picture_format(session)
        self.copying = Copying()
        self.chains = {name: Swapchain(session, self._format, size) for name in EYES}
        self._views = (xr.CompositionLayerProjectionView * 2)(
            *(
                xr.CompositionLayerProjectionView(sub_image=self.chains[name].part(*size))
                for name in EYES
            )
        )
        self._eyes = xr.CompositionLayerProjection(space=stage, views=self._views)
        self._depths: Any = self._depth_layers() if depth else None
        self._quads: dict[str, Any] = {}
        self._dark = -1.0

    def place(self, side: int, pose: Pose, fov: Fov) -> None:
        """Set the pose and the field of view of an eye's next picture."""
        shown = self._views[side]
        self._fill(shown.pose, pose)
        shown.fov.angle_left, shown.fov.angle_right = fov.left, fov.right
        shown.fov.angle_up, shown.fov.angle_down = fov.up, fov.down

    @property
    def takes_depth(self) -> bool:
        """True when the runtime gets the pictures' depth."""
        return self._depths is not None

    def blend(self, alpha: bool) -> None:
        """Let the alpha of the pictures decide what of the room shows, or ignore it."""
        flag = xr.CompositionLayerFlags.BLEND_TEXTURE_SOURCE_ALPHA_BIT
        self._eyes._layer_flags = int(flag) if alpha else 0

    def _depth_layers(self) -> Any:
        """The depth of both eyes' pictures, chained to them; None without a common format."""
        format = depth_format(self._session)
        if format is None:
            return None
        found = (xr.CompositionLayerDepthInfoKHR * 2)()
        for side, name in enumerate(EYES):
            chain = self.chains[f"{name} depth"] = Swapchain(self._session, format, self._size)
            found[side] = xr.CompositionLayerDepthInfoKHR(
                sub_image=chain.part(*self._size), min_depth=0.0, max_depth=1.0,
                near_z=NEAR, far_z=FAR,
            )  # fmt: skip
        return found

    def _take_depth(self, copying: Copying, side: int, texture: int, size: tuple[int, int]) -> None:
        """Copy an eye's depth, and chain it to its picture."""
        depth = self._depths[side]
        self.chains[f"{EYES[side]} depth"].take_depth(copying, texture, size)
        extent = depth.sub_image.image_rect.extent
        extent.width, extent.height = size
        self._views[side].next = ctypes.addressof(depth)

    def of(self, drawn: Drawn) -> list[Any]:
        """The layers of a frame, backmost first. They must live until the frame has ended."""
        width, height = drawn.size or self._size
        layers: list[Any] = []
        with self.copying as copying:
            if drawn.dark < 1.0:
                for side, name in enumerate(EYES):
                    self.chains[name].take(copying, drawn.eyes[side], (0, 0, width, height))
                    extent = self._views[side].sub_image.image_rect.extent
                    extent.width, extent.height = width, height
                    if self._depths is not None and drawn.depths:
                        self._take_depth(copying, side, drawn.depths[side], (width, height))
                layers.append(self._eyes)
            if drawn.dark > 0.0:
                layers.append(self._shade(copying, min(1.0, drawn.dark)))
            for name, sheet in drawn.sheets.items():
                layers.append(self._sheet(copying, name, sheet))
        return layers

    def _shade(self, copying: Copying, dark: float) -> Any:
        """The layer that darkens both eyes."""
        chain = self._chain("shade", (8, 8))
        if abs(dark - self._dark) > 1e-3:
            self._dark = dark
            chain.fill(copying, (0.0, 0.0, 0.0, dark))
        pose = Pose(Vec3(0.0, 0.5, 0.0), IDENTITY)
        return self._quad("shade", Sheet(0, (0, 0, 8, 8), pose, (12.0, 12.0), locked=True))

    def _sheet(self, copying: Copying, name: str, sheet: Sheet) -> Any:
        left, bottom, right, top = sheet.box
        chain = self._chain(name, (right - left, top - bottom))
        if sheet.changed or not chain.filled:
            chain.take(copying, sheet.texture, sheet.box)
        return self._quad(name, sheet)

    def _quad(self, name: str, sheet: Sheet) -> Any:
        """The layer of a sheet, of which there is one each."""
        quad = self._quads.get(name)
        if quad is None:
            quad = self._quads[name] = xr.CompositionLayerQuad(
                layer_flags=xr.CompositionLayerFlags.BLEND_TEXTURE_SOURCE_ALPHA_BIT,
                space=self._head if sheet.locked else self._stage,
                eye_visibility=xr.EyeVisibility.BOTH,
                sub_image=self.chains[name].part(1, 1),
                size=xr.Extent2Df(1.0, 1.0),
            )
        left, bottom, right, top = sheet.box
        area = quad.sub_image.image_rect.extent
        area.width, area.height = right - left, top - bottom
        quad.size.width, quad.size.height = sheet.size
        self._fill(quad.pose, sheet.pose, locked=sheet.locked)
        return quad

    def _chain(self, name: str, size: tuple[int, int]) -> Swapchain:
        """The swapchain of a sheet, replaced by a new one if it is too small."""
        chain = self.chains.get(name)
        if chain is None or chain.size[0] < size[0] or chain.size[1] < size[1]:
            if chain is not None:
                self._quads.pop(name, None)
                size = (max(size[0], chain.size[0]), max(size[1], chain.size[1]))
                chain.close()
            chain = self.chains[name] = Swapchain(self._session, self._format, size)
        return chain

    def _fill(self, theirs: Any, pose: Pose, *, locked: bool = False) -> None:
        """Write a pose into an OpenXR structure."""
        (x, y, z), (qx, qy, qz, qw) = to_xr(pose)
        p, q = theirs.position, theirs.orientation
        p.x, p.y, p.z = x, y if locked else y - self._floor, z
        q.x, q.y, q.z, q.w = qx, qy, qz, qw
