"""Letters can be read over whatever is bright behind them; cards say by what one can pick."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from panda3d.core import LVecBase4f, NodePath

from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.lettering import plates, signs
from xrdrama.adapters.panda.lettering.measures import SECOND, Words
from xrdrama.adapters.panda.lettering.overlay import Hints, Overlay
from xrdrama.adapters.panda.lettering.plates import draw_block, lay_caption, lay_card, lay_legend
from xrdrama.adapters.panda.lettering.text import shaping
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.spatial import IDENTITY, ORIGIN, Pose
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.frame import Caption, Frame, OpenChoice, OpenOption, Projection

SIZE = (640, 360)
ENGLISH, CHINESE = "It was never for the dead.", "这灯不是给亡人的，是留给晚归的人。"
CONTRAST = 7.0
OLD_PLATE = 150
KEYS = (("1-9", "pick", "选择"), ("F", "film camera", "摄影机"), ("F11", "full screen", "全屏"))


def frame(*, texts: dict[str, str] | None = None, numbered: bool = False) -> Frame:
    options = (
        OpenOption("stay", 1, {"en": "Stay"}, (), "fist"),
        OpenOption("go", 2, {"en": "Go"}, (), "open_palm"),
    )
    return Frame(
        FrameTime.of(0, FrameRate.parse("24")),
        "door",
        "street",
        {},
        captions=(Caption("l1", "lan", texts),) if texts else (),
        choice=None if texts else OpenChoice("c", options, left=0.5, numbered=numbered),
    )


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


def drawn(graphics: Graphics, text: str) -> NDArray[np.uint8]:
    """The plate of a line over white, the brightest that a picture can be."""
    target = graphics.target("white", *SIZE, "srgb8", sort=5)
    target.buffer.set_clear_color_active(True)
    target.buffer.set_clear_color(LVecBase4f(1.0))
    overlay = Overlay(SIZE)
    overlay.show(frame(texts={"": text}), {})
    root = NodePath("root")
    overlay.root.reparent_to(root)
    view = SetView(root, target, (0.0, 1.0, 0.0, 1.0))
    view.place(Pose(ORIGIN, IDENTITY), Projection(-1.0, 1.0, -1.0, 1.0, 0.1, 10.0))
    graphics.render()
    picture = graphics.picture(target)
    target.set_active(False)
    assert overlay.extent is not None
    left, bottom, right, top = (round(edge) for edge in overlay.extent)
    return picture[SIZE[1] - top + 4 : SIZE[1] - bottom - 4, left + 8 : right - 8]


def contrast(picture: NDArray[np.uint8]) -> float:
    """Of the letters' strokes against their plate, as WCAG counts it."""
    share = picture / 255.0
    light = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    luminance = light @ (0.2126, 0.7152, 0.0722)
    letters, plate = np.quantile(luminance, 0.97), np.quantile(luminance, 0.25)
    return float((letters + 0.05) / (plate + 0.05))


@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_letters_stand_out_over_the_brightest_picture(
    graphics: Graphics, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert contrast(drawn(graphics, text)) >= CONTRAST
    # The negative control: the plate as it was, which linear light shows through.
    monkeypatch.setattr(signs, "PLATE", OLD_PLATE)
    assert contrast(drawn(graphics, text)) < CONTRAST / 2


def test_chinese_is_medium_and_not_much_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    def ink() -> float:
        for cached in (lay_caption, shaping.shaped):
            cached.cache_clear()
        block = lay_caption(Words(""), (Words(CHINESE, "zh"),), SIZE, (576, 324))
        return float(draw_block(block)[:, :, 1].astype(float).sum())

    medium = ink()
    monkeypatch.setattr(shaping, "MEDIUM", 0.0)
    assert medium > 1.05 * ink()
    shaping.shaped.cache_clear()
    lay_caption.cache_clear()
    assert SECOND >= 0.6 and plates.SCALES[0] == 1.0


def width(overlay: Overlay, *, numbered: bool = False) -> float:
    overlay.show(frame(numbered=numbered), {})
    left, _, right, _ = overlay.cards["stay"]
    return right - left


def test_cards_say_only_what_can_be_done() -> None:
    overlay = Overlay(SIZE)
    hand = width(overlay)
    overlay.hints = Hints(hands=False)
    plain = width(overlay)
    overlay.hints = Hints(hands=False, keys=True)
    key = width(overlay)
    overlay.hints = Hints(hands=True, keys=True)
    both = width(overlay)
    assert plain < key < both and plain < hand < both
    # Without a keyboard numbers come to those who were not understood.
    overlay.hints = Hints(hands=False)
    assert width(overlay, numbered=True) == key


def test_the_ring_of_a_held_hand_is_round_its_icon() -> None:
    texts = (Words("Go", "en"),)
    numbered = lay_card(texts, "fist", SIZE, number=1).hand_at
    assert numbered > lay_card(texts, "fist", SIZE).hand_at > 0
    # The ring, 1.3 hands wide, covers no word.
    block = lay_card((*texts, *texts), "fist", SIZE)
    assert block.hand and block.hand_at + 0.65 * block.hand[3] <= block.rows[0].x
    # Right to left the hand is at the other end.
    block = lay_card((Words("שב", "he"),), "fist", SIZE)
    assert block.hand_at > block.width / 2


@pytest.mark.parametrize("size", [(960, 540), (1280, 720), (400, 300)])
def test_a_legend_has_room_in_its_picture(size: tuple[int, int]) -> None:
    many = (*KEYS, ("Home", "to the start", "回到起点"), ("drag", "look round", "环顾"))
    assert lay_legend(many, size).width <= size[0] * 0.9
    overlay = Overlay(size)
    overlay.show(frame(), {}, keys=many)
    assert overlay.extent is not None
    left, bottom, right, top = overlay.extent
    assert min(left, bottom) >= 0 and right <= size[0] and top <= size[1]
    # At the top, away from the cards.
    with_keys = top
    overlay.show(frame(), {})
    assert overlay.extent is not None and overlay.extent[3] < 0.5 * size[1] < with_keys
