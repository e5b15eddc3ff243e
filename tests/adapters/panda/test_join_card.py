"""The code of the room's link on a wall and in a window: a reader finds the link."""

from __future__ import annotations

import cv2
import numpy as np

from tests.adapters.panda.test_flash import STAGE
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.lettering.overlay import Overlay
from xrdrama.adapters.panda.proof.test_range import TestRange
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.spatial import ORIGIN, Pose, Quat
from xrdrama.stage import load_stage
from xrdrama.timing import FrameTime, Timecode
from xrdrama.wire.frame import Frame, Projection

LINK = "https://192.168.178.120:8443/join?token=abcd-efgh-jkmn"
TIME = FrameTime(0, 0, Timecode(0, 0, 0, 0))
WALLS = STAGE.replace("canvas: [32, 32]", "canvas: [480, 480]").replace(
    "pixels: [32, 32]}}", "pixels: [480, 480]}}"
)


def read(picture: np.ndarray) -> str:
    found, *_ = cv2.QRCodeDetector().detectAndDecode(np.ascontiguousarray(picture))
    return str(found)


def test_a_wall_and_a_window_have_the_code_while_it_is_shown() -> None:
    graphics = open_graphics()
    try:
        wall = LedWall(graphics, load_stage(WALLS, "join.stage.yaml"), TestRange(positions=False))
        target = graphics.target("window", 640, 480, "srgb8", sort=90)
        overlay = Overlay((640, 480))
        view = SetView(overlay.root, target, (0.0, 1.0, 0.0, 1.0))
        view.place(Pose(ORIGIN, Quat()), Projection(-1.0, 1.0, -1.0, 1.0, 0.1, 10.0))

        def drawn(link: str | None) -> tuple[str, str]:
            wall.show_join(link)
            overlay.show(Frame(TIME, "", "", {}, join=link), {})
            with graphics.only(wall.canvas, target):
                graphics.render()
            return read(graphics.picture(wall.canvas)), read(graphics.picture(target))

        assert drawn(LINK) == (LINK, ""), "a window shows it where its programme wants it"
        overlay.joins = True
        assert drawn(LINK) == (LINK, LINK)
        assert drawn("") == ("", "")  # the frames of a take have no link
        assert drawn(LINK) == (LINK, LINK)
        assert drawn(None) == ("", "")
    finally:
        graphics.close()
