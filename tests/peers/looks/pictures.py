"""The same set, place, params and moment drawn by Panda3D and by three.js in a browser."""

from __future__ import annotations

import base64
import functools
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.peers.browser import WEBGL, Chromium, Tab
from xrdrama.adapters.panda.figure.figures import Figures
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.panda.set.sets import Sets
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.adapters.panda.set.visitors import Appearance
from xrdrama.gltf.figures import Figure
from xrdrama.scene.compiled import CompiledScene
from xrdrama.scene.model import Scene
from xrdrama.show.framing import lights_of
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import inner_frustum
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.tools.sets import LENS, STANDPOINT
from xrdrama.wire.frame import Fade, Frame, Projection

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "bridge" / "web"
Pixels = NDArray[np.uint8]
SIZE = (480, 270)


class Shot(msgspec.Struct, frozen=True):
    """What is drawn: a set from a pose, under params, at a moment."""

    scene: Scene
    compiled: CompiledScene
    params: dict[str, float | str]
    pose: Pose = STANDPOINT
    seconds: float = 2.0
    lens: Projection | None = None

    @property
    def projection(self) -> Projection:
        """The lens; without one that of a film camera."""
        if self.lens:
            return self.lens
        f = inner_frustum(self.pose, LENS, near=0.1, far=500.0)
        return Projection(f.left, f.right, f.bottom, f.top, f.near, f.far)


def wall_picture(
    shot: Shot,
    size: tuple[int, int] = SIZE,
    quality: Quality = "full",
    *,
    figures: Mapping[str, Figure] | None = None,
    appearances: Sequence[Appearance] = (),
) -> Pixels:
    """(height, width, 3) as Panda3D draws it; `figures` by the ids of the appearances."""
    graphics = open_graphics()
    target = graphics.target("still", *size, "srgb8", sort=10)
    visiting = Figures(figures, {}, graphics, quality, where="shader") if figures else None
    virtual = VirtualSet(graphics, shot.compiled, quality, visiting=visiting)
    virtual.add_view(target).place(shot.pose, shot.projection)
    lights = lights_of(shot.scene, shot.params)
    virtual.update(shot.params, lights, shot.seconds, performers=appearances)
    graphics.render()
    picture = np.array(graphics.picture(target))
    graphics.close()
    return picture


def wall_fade(shot: Shot, leaving: Shot, share: float, size: tuple[int, int] = SIZE) -> Pixels:
    """(height, width, 3) as Panda3D draws a set that another one fades into."""
    graphics = open_graphics()
    target = graphics.target("still", *size, "srgb8", sort=10)
    sets = Sets(graphics, {s.scene.id: s.compiled for s in (shot, leaving)}, "full", fades=True)
    sets.add_view(target).place(shot.pose, shot.projection)
    old = Fade(leaving.scene.id, leaving.params, lights_of(leaving.scene, leaving.params), share)
    frame = Frame(
        FrameTime.of(0, FrameRate.parse("24")), "", shot.scene.id, shot.params,
        lights=lights_of(shot.scene, shot.params), fade=old,
    )  # fmt: skip
    sets.update(frame, shot.seconds)
    graphics.render()
    picture = np.array(graphics.picture(target))
    graphics.close()
    return picture


class Web:
    """The page that draws sets, in a browser."""

    def __init__(self, tab: Tab, sets: Path) -> None:
        self._tab, self._sets = tab, sets
        self._loaded = ("", "")
        self.left_out: list[str] = []

    def picture(
        self,
        shot: Shot,
        size: tuple[int, int] = SIZE,
        quality: Quality = "full",
        *,
        inline: bool = False,
        panel: bool = False,
        state: Mapping[str, Any] | None = None,
    ) -> Pixels:
        """(height, width, 3) as three.js draws it."""
        name = shot.compiled.hash
        folder = self._sets / name
        if not folder.is_dir():
            folder.mkdir(parents=True)
            (folder / "scene.json").write_bytes(shot.compiled.scene_json)
            (folder / "set.glb").write_bytes(shot.compiled.glb)
        if self._loaded != (name, quality):
            self._tab.evaluate(f"looks.load('/sets/{name}/', {quality!r}, {size[0]}, {size[1]})")
            self._loaded = (name, quality)
        p, pose = shot.projection, shot.pose
        wanted = {
            "at": [pose.position.x, pose.position.y, pose.position.z],
            "turn": [pose.rotation.w, pose.rotation.x, pose.rotation.y, pose.rotation.z],
            "edges": [p.left, p.right, p.bottom, p.top],
            "near": p.near,
            "far": p.far,
            "seconds": shot.seconds,
            "inline": inline,
            "panel": panel,
            "state": {**_state_of(shot), **(state or {})},
        }
        drawn = self._tab.evaluate(f"looks.draw({json.dumps(wanted)})")
        self.left_out = drawn["left_out"]
        return _pixels(drawn["picture"])

    def add_figure(self, hash: str, file: Path) -> None:
        """Serve a figure from now on."""
        folder = self._sets.parent / "figures"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(file, folder / f"{hash}.glb")

    def headset(self, shot: Shot) -> list[tuple[Shot, Pixels]]:
        """What each eye of an emulated headset is shown, and where that eye is."""
        self.picture(shot)
        shown = self._tab.evaluate(f"looks.headset({shot.seconds}, {json.dumps(_state_of(shot))})")
        self._loaded = ("", "")
        both = _pixels(shown["picture"])
        width = both.shape[1] // 2
        found = []
        for i, eye in enumerate(shown["eyes"]):
            pose = Pose(Vec3(*eye["at"]), Quat(*eye["turn"]))
            left, right, bottom, top = eye["edges"]
            lens = Projection(left, right, bottom, top, 0.1, 500.0)
            placed = msgspec.structs.replace(shot, pose=pose, lens=lens)
            found.append((placed, both[:, i * width : (i + 1) * width]))
        return found


def _state_of(shot: Shot) -> dict[str, Any]:
    """What the socket says of a shot."""
    lights = msgspec.to_builtins(lights_of(shot.scene, shot.params))
    return {**{f"p/{key}": value for key, value in shot.params.items()}, "lights": lights}


def _pixels(url: str) -> Pixels:
    content = base64.b64decode(url.partition(",")[2])
    return np.asarray(Image.open(BytesIO(content)).convert("RGB"))


@contextmanager
def web(folder: Path) -> Iterator[Web]:
    """The page, built and open in a browser; `folder` is for what it needs."""
    page = folder / "page"
    build_page(page)
    sets = page / "sets"
    handler = functools.partial(_Quiet, directory=str(page))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    browser = Chromium(folder / "profile", WEBGL)
    try:
        tab = browser.open(f"http://127.0.0.1:{server.server_port}/index.html", 640, 480)
        tab.wait("window.looks && looks.ready")
        yield Web(tab, sets)
    finally:
        browser.close()
        server.shutdown()
        server.server_close()
        thread.join()


def build_page(page: Path) -> None:
    """Build the page of this test with the Node of the project."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import build; build.install();"
        "build.npm('exec', '--', 'vite', 'build', '--config', 'viewer/vite.looks.config.ts',"
        "'--outDir', sys.argv[2])"
    )
    subprocess.run([sys.executable, "-c", script, str(WEB), str(page)], check=True)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
