"""A small show on a stage with one performer, a figure of boxes behind the wall."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.adapters.panda.test_unchanged import STILL
from tests.content.test_texts import FILES, write_model
from tests.gltf.box_man import box_man
from xrdrama import content
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.timing import FrameTime
from xrdrama.wire.frame import Frame

SCENE = STILL + "places:\n  man: {at: [1.4, 6, 0], pan: 180, doc: His mark.}\n"
PERFORMER = "xrdrama: 1\nid: man\ntitle: A man\nfigure: assets/man.glb\n"


def write_show(folder: Path, **figure: Any) -> Path:
    """Write the show's files; the path of the show file."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    scene = folder / "scenes" / "pier" / "scene.yaml"
    scene.write_text(SCENE, "utf-8")
    write_model(scene)
    assets = folder / "performers" / "man" / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    (assets / "man.glb").write_bytes(box_man(**figure))
    (assets.parent / "performer.yaml").write_text(PERFORMER, "utf-8")
    show = folder / "ferry.show.yaml"
    show.write_text(FILES["ferry.show.yaml"] + "performers: {man: {}}\n", "utf-8")
    return show


def frames_of(production: Production, count: int) -> list[Frame]:
    """The first frames of a show."""
    show, made = opening(production), []
    for number in range(count):
        show, frame = advance(show, Tick(FrameTime.of(number, production.rate), ()))
        made.append(frame)
    return made


def load(path: Path) -> tuple[content.Loaded, Production]:
    """The show and what is produced of it."""
    loaded = content.load_show(str(path))
    return loaded, content.produce(loaded)
