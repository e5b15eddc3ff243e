"""Draw with Panda3D: one engine, one pipe, one host buffer or window, many targets.

All targets share the host's context (one gsg), so textures and shaders are loaded once. Nothing
is global but Panda3D's own configuration, which `open_graphics` sets before the first pipe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final, Literal, NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray
from panda3d.core import (
    ConfigVariableBool,
    FrameBufferProperties,
    GraphicsBuffer,
    GraphicsEngine,
    GraphicsOutput,
    GraphicsPipe,
    RenderState,
    SamplerState,
    Texture,
    TransformState,
    load_prc_file_data,
)

from xrdrama.adapters.panda.windowing import (
    headless_pipe,
    on_display,
    on_screen,
    screen_pipe,
    sized,
    window_frame,
)
from xrdrama.errors import DeviceError, LocalProtocolError

TargetKind = Literal["srgb8", "rgba8", "rgba16f", "rgba32f"]

LARGEST: Final = 16384
_REMEDY: Final = "install libegl1 libgl1 libgl1-mesa-dri (Debian, Ubuntu), or a graphics driver"

# Core profile: no fixed function, so everything needs a shader of ours. A blank aux-display stops
# Panda3D from falling back to a pipe that would hide a wrong set-up.
_CONFIGURATION: Final = """
aux-display
window-type offscreen
audio-library-name null
gl-version 3 3
sync-video 0
textures-power-2 none
model-cache-dir
notify-level-device fatal
notify-level-egldisplay error
notify-level-x11display fatal
"""


class Prepared(NamedTuple):
    """Counts of work for the driver: programs compiled, textures and meshes uploaded."""

    shaders: int = 0
    textures: int = 0
    buffers: int = 0

    def since(self, earlier: Prepared) -> Prepared:
        """The difference to an earlier count."""
        return Prepared(*(now - then for now, then in zip(self, earlier, strict=True)))


class Target:
    """A buffer to draw into, and the texture with the result."""

    def __init__(
        self, buffer: GraphicsOutput, texture: Texture, kind: TargetKind, *, read_back: bool
    ) -> None:
        self.buffer = buffer
        self.texture = texture
        self.kind = kind
        self.read_back = read_back
        self.active = True
        """Whether it is to be drawn. Panda3D's `is_active` says no for every buffer until a window
        as host was drawn for the first time, and for a minimized window, so it is not used."""
        self._made_from: list[Target] = []
        self.driver_name = 0
        """The OpenGL name of the texture; 0 until it was requested."""
        self.depth: Texture | None = None
        """How far away what was drawn is, where that was requested: 32-bit floats, 0 to 1."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.buffer.get_x_size(), self.buffer.get_y_size()

    @property
    def sources(self) -> tuple[Target, ...]:
        """The targets that its picture is made from, and those that they are made from."""
        return tuple(one for source in self._made_from for one in (source, *source.sources))

    def made_from(self, source: Target) -> None:
        """Let `source` be drawn whenever this target is."""
        self._made_from.append(source)
        source.set_active(self.active)

    def no_longer_made_from(self, source: Target) -> None:
        """Let `source` rest from now on."""
        self._made_from.remove(source)
        source.set_active(False)

    def set_active(self, active: bool) -> None:
        """True if `Graphics.render` draws it; an inactive target keeps its picture."""
        self.active = active
        self.buffer.set_active(active)
        for source in self._made_from:
            if source.active != active:
                source.set_active(active)

    def resize(self, width: int, height: int) -> None:
        """Change the size of a picture (LocalProtocolError for a window); its picture is lost."""
        if not isinstance(self.buffer, GraphicsBuffer):
            raise LocalProtocolError("the size of a window is set by its owner")
        self.buffer.set_size(width, height)


class Graphics:
    """An engine with a host buffer or window; `close` releases the context."""

    def __init__(
        self, engine: GraphicsEngine, pipe: GraphicsPipe, host: GraphicsOutput, *, onscreen: bool
    ) -> None:
        self.engine = engine
        self.pipe = pipe
        self.host = host
        self.onscreen = onscreen
        self.prepared = Prepared()
        """Counts of work for the driver so far, including released targets."""
        self._there = Prepared()
        self._ahead = 0
        self._renderer = ""
        self._once: list[Target] = []
        self._targets: list[Target] = []
        self._host_active = onscreen

    @property
    def has_card(self) -> bool:
        """True if a graphics card draws, False if the processor does."""
        return not any(name in self.renderer.lower() for name in ("llvmpipe", "softpipe", "swrast"))

    @property
    def renderer(self) -> str:
        """The name of the driver, such as `llvmpipe (LLVM 15.0.6, 256 bits)`."""
        if not self._renderer:  # a window that was closed cannot say it any more
            self._renderer = str(self.host.get_gsg().get_driver_renderer())
        return self._renderer

    def target(
        self,
        name: str,
        width: int,
        height: int,
        kind: TargetKind = "srgb8",
        *,
        sort: int = 0,
        read_back: bool = False,
        depth: bool = False,
    ) -> Target:
        """A picture of its own size and format, drawn in the order of `sort`.

        `srgb8` encodes on write and decodes when sampled, so light may be written linear; `rgba8`
        keeps what is written. `read_back` copies every picture to memory as it is drawn. `depth`
        keeps how far away what was drawn is.
        """
        self._check_size(name, width, height)
        frame = FrameBufferProperties()
        frame.set_depth_bits(32 if depth else 24)
        frame.set_float_depth(depth)
        match kind:
            case "srgb8" | "rgba8":
                frame.set_rgba_bits(8, 8, 8, 8)
                frame.set_srgb_color(kind == "srgb8")
            case "rgba16f" | "rgba32f":
                bits = 16 if kind == "rgba16f" else 32
                frame.set_float_color(True)
                frame.set_rgba_bits(bits, bits, bits, bits)
            case _:
                assert_never(kind)
        texture = Texture(name)
        texture.set_wrap_u(SamplerState.WM_clamp)
        texture.set_wrap_v(SamplerState.WM_clamp)
        buffer = self._buffer(name, width, height, sort, frame)
        if read_back:
            buffer.add_render_texture(
                texture, GraphicsOutput.RTM_copy_ram, GraphicsOutput.RTP_color
            )
        else:
            buffer.add_render_texture(
                texture, GraphicsOutput.RTM_bind_or_copy, GraphicsOutput.RTP_color
            )
        made = Target(buffer, texture, kind, read_back=read_back)
        if depth:
            made.depth = Texture(f"{name} depth")
            made.depth.set_format(Texture.F_depth_component32)
            made.depth.set_component_type(Texture.T_float)
            buffer.add_render_texture(
                made.depth, GraphicsOutput.RTM_bind_or_copy, GraphicsOutput.RTP_depth
            )
        return self._keep(made)

    def depth_map(self, name: str, width: int, height: int, *, sort: int) -> Target:
        """A depth picture that shaders sample as a sampler2DShadow."""
        self._check_size(name, width, height)
        frame = FrameBufferProperties()
        frame.set_depth_bits(24)
        texture = Texture(name)
        texture.set_format(Texture.F_depth_component24)
        texture.set_minfilter(SamplerState.FT_shadow)
        texture.set_magfilter(SamplerState.FT_shadow)
        texture.set_wrap_u(SamplerState.WM_border_color)
        texture.set_wrap_v(SamplerState.WM_border_color)
        # Outside the map nothing is in shadow.
        texture.set_border_color((1.0, 1.0, 1.0, 1.0))
        buffer = self._buffer(name, width, height, sort, frame)
        buffer.add_render_texture(
            texture, GraphicsOutput.RTM_bind_or_copy, GraphicsOutput.RTP_depth
        )
        return self._keep(Target(buffer, texture, "rgba8", read_back=False))

    def window(self, name: str, size: tuple[int, int], at: tuple[int, int], *, sort: int) -> Target:
        """Another window beside the host, as `open_graphics` with `at` opens one."""
        properties = on_display(size, at)
        made = self.engine.make_output(
            self.pipe, name, sort, window_frame(), properties, GraphicsPipe.BF_require_window,
            self.host.get_gsg(), self.host,
        )  # fmt: skip
        if made is None:
            raise DeviceError(
                f"the graphics driver cannot open a window of {size[0]} x {size[1]} pixels",
                "show fewer canvases on this machine",
            )
        self.engine.open_windows()
        return self._keep(Target(made, Texture(name), "srgb8", read_back=False))

    def _keep(self, target: Target) -> Target:
        self._targets.append(target)
        return target

    def render(self) -> None:
        """Draw every active target, and the window if there is one."""
        self.engine.render_frame()
        self._count()
        for target in self._once:
            target.set_active(False)
        self._once.clear()
        collect_states()

    def _count(self) -> None:
        gsg: Any = self.host.get_gsg()
        if gsg is None:  # the window was closed while it was drawn
            return
        objects = gsg.get_prepared_objects()
        there = Prepared(
            objects.get_num_prepared_shaders(),
            objects.get_num_prepared_textures(),
            objects.get_num_prepared_vertex_buffers() + objects.get_num_prepared_index_buffers(),
        )
        if there != self._there:
            new = there.since(self._there)
            new, self._ahead = new._replace(textures=new.textures - self._ahead), 0
            made = (max(0, count) for count in new)
            self.prepared = Prepared(*map(sum, zip(self.prepared, made, strict=True)))
            self._there = there

    @contextmanager
    def only(self, *targets: Target) -> Iterator[None]:
        """Within it only these targets are drawn, and the window does not change."""
        were = [(target, target.active) for target in self._targets]
        host_was_active = self._host_active
        waiting, self._once = self._once, []  # they are drawn afterwards
        try:
            chosen_ones = [one for target in targets for one in (target, *target.sources)]
            for target in self._targets:
                target.set_active(any(target is one for one in chosen_ones))
            chosen = any(target.buffer == self.host for target in targets)
            self._set_host_active(self.onscreen and chosen)
            yield
        finally:
            for target, active in were:
                target.set_active(active)
            self._set_host_active(host_was_active)
            self._once = waiting

    def _set_host_active(self, active: bool) -> None:
        """Set it, in our own record as for `Target.active`."""
        self._host_active = active
        self.host.set_active(active)

    def upload(self, texture: Texture) -> None:
        """Upload a texture with the next picture, ahead of its use: it is not counted as late."""
        objects = self.host.get_gsg().get_prepared_objects()
        if not texture.is_prepared(objects):
            texture.prepare(objects)
            self._ahead += 1

    def release(self, textures: Iterable[Texture]) -> None:
        """Free the memory of textures on the graphics card. They are uploaded again when needed."""
        objects = self.host.get_gsg().get_prepared_objects()
        for texture in textures:
            texture.release_all()  # `release` frees a list twice in Panda3D 1.10
        there = self._there
        self._there = there._replace(textures=objects.get_num_prepared_textures())

    def draw_once(self, target: Target) -> None:
        """Draw a target in the next `render` only."""
        target.set_active(True)
        self._once.append(target)

    def picture(self, target: Target, *, packed: bool = True) -> NDArray[np.uint8]:
        """(height, width, 3) RGB bytes, top row first, of an 8-bit target as it was last drawn.

        Not `packed`, it is a view of pixels in the driver's order, B, G, R, A, rows from the
        bottom: `VideoWriter` takes that as it is, which saves a slow copy. DeviceError if the
        window was closed meanwhile.
        """
        if target.kind not in ("srgb8", "rgba8"):
            raise LocalProtocolError(f"a {target.kind} target has no bytes: use values()")
        pixels = self._pixels(target, np.dtype(np.uint8))[::-1, :, 2::-1]
        return np.ascontiguousarray(pixels) if packed else pixels

    def values(self, target: Target) -> NDArray[np.float32]:
        """(height, width, 4) RGBA, top row first, of a float target as it was last drawn."""
        if target.kind not in ("rgba16f", "rgba32f"):
            raise LocalProtocolError(f"a {target.kind} target has bytes: use picture()")
        pixels = self._pixels(target, np.dtype(np.float32))
        return np.ascontiguousarray(pixels[::-1, :, [2, 1, 0, 3]])

    def driver_name(self, target: Target) -> int:
        """The OpenGL name of a target's texture, for copies within our context."""
        if not target.driver_name:
            target.driver_name = self.name_of(target.texture)
        return target.driver_name

    def name_of(self, texture: Texture) -> int:
        """The OpenGL name of a texture, for copies within our context."""
        gsg = self.host.get_gsg()
        return int(texture.prepare_now(0, gsg.get_prepared_objects(), gsg).get_native_id())

    def close(self) -> None:
        """Release all targets and the context."""
        self.engine.remove_all_windows()

    def _pixels(self, target: Target, wanted: np.dtype[Any]) -> NDArray[Any]:
        """(height, width, 4) rows from the bottom, in Panda3D's order B, G, R, A."""
        texture = target.texture
        if not target.read_back:
            gsg = self.host.get_gsg()
            if gsg is None:
                raise DeviceError("the window was closed while it was drawn", "open it again")
            self.engine.extract_texture_data(texture, gsg)
        if not texture.has_ram_image():
            raise LocalProtocolError(f"nothing has been drawn into {texture.get_name()!r} yet")
        width, height = target.size
        image: Any = texture.get_ram_image()
        content = np.frombuffer(memoryview(image), np.uint8)
        halves = wanted == np.float32 and len(content) == width * height * 8
        pixels = content.view(np.float16 if halves else wanted).reshape(height, width, 4)
        copied = pixels.astype(wanted)
        if not target.read_back:  # what samples the texture would see this image for ever
            texture.clear_ram_image()
        return copied

    def _buffer(
        self, name: str, width: int, height: int, sort: int, frame: FrameBufferProperties
    ) -> GraphicsOutput:
        buffer = self.engine.make_output(
            self.pipe, name, sort, frame, sized(width, height),
            GraphicsPipe.BF_refuse_window, self.host.get_gsg(), self.host,
        )  # fmt: skip
        if buffer is None:
            raise DeviceError(
                f"the graphics driver cannot create a {width} x {height} picture for {name!r}",
                "choose a smaller size, or close other programs that draw",
            )
        return buffer

    def _check_size(self, name: str, width: int, height: int) -> None:
        if not (1 <= width <= LARGEST and 1 <= height <= LARGEST):
            raise LocalProtocolError(
                f"{name!r} cannot be {width} x {height} pixels; expected 1 to {LARGEST}"
            )


def collect_states() -> None:
    """Free the cached states of earlier frames.

    Panda3D caches every state that it composes until it is asked to collect them, each frame.
    ShowBase does so in a task; without it the cache grew by about 66 kB a frame.
    """
    TransformState.garbage_collect()
    RenderState.garbage_collect()


def open_graphics(
    window: tuple[int, int] | None = None,
    *,
    at: tuple[int, int] | None = None,
    finishes: bool = False,
) -> Graphics:
    """Graphics without a screen, or with a window of a size; DeviceError without OpenGL.

    With `at`, the window has no frame and no pointer, its upper left corner is there on the
    desktop, and pictures change between two refreshes of the display. `finishes`: `render` returns
    when everything is drawn, for measurements.
    """
    _configure()
    finish = ConfigVariableBool("gl-finish", False)
    if finish.get_value() != finishes:
        finish.set_value(finishes)
    ConfigVariableBool("sync-video").set_value(at is not None)
    with on_screen(wanted=window is not None):
        pipe = headless_pipe() if window is None else screen_pipe()
    if pipe is None or not pipe.is_valid():
        how = "without a screen (EGL)" if window is None else "on this screen (GLX)"
        raise DeviceError(f"OpenGL is not available {how}", _REMEDY)
    engine = GraphicsEngine()
    engine.set_auto_flip(True)  # a picture is shown when it is drawn, not when the next one is
    frame = FrameBufferProperties() if window is None else window_frame()
    if window is None:
        frame.set_rgba_bits(8, 8, 8, 8)
        frame.set_depth_bits(24)
    flags = GraphicsPipe.BF_refuse_window if window is None else GraphicsPipe.BF_require_window
    size = window or (64, 64)
    properties = sized(*size) if at is None else on_display(size, at)
    host = engine.make_output(pipe, "host", 0, frame, properties, flags)
    if host is None:
        raise DeviceError("the graphics driver cannot create an OpenGL 3.3 core context", _REMEDY)
    engine.open_windows()
    if window is None:
        host.set_active(False)
    return Graphics(engine, pipe, host, onscreen=window is not None)


@cache
def _configure() -> None:
    """Set Panda3D's configuration once: it is read when the first pipe is created."""
    load_prc_file_data("xrdrama", _CONFIGURATION)
