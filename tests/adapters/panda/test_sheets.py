"""Words on a transparent sheet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from panda3d.core import ColorBlendAttrib

from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.lettering.overlay import Overlay
from xrdrama.adapters.panda.lettering.sheets import WordSheet, whole_pixels
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.frame import Caption, Frame, OpenChoice, OpenOption

SIZE = (640, 360)
OPTIONS = (OpenOption("stay", 1, {"en": "Stay"}), OpenOption("go", 2, {"en": "Go"}))
FRAME = Frame(
    FrameTime.of(0, FrameRate.parse("24")),
    "door",
    "street",
    {},
    captions=(Caption("l1", "lan", {"en": "Stay a little."}),),
    choice=OpenChoice("c", OPTIONS, left=0.5),
)
NAMES = {"lan": {"en": "Lan"}}


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


def rgba(graphics: Graphics, sheet: WordSheet) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    graphics.render()
    texture = sheet.target.texture
    graphics.engine.extract_texture_data(texture, graphics.host.get_gsg())
    pixels = np.frombuffer(bytes(texture.get_ram_image()), np.uint8)
    return pixels.reshape(SIZE[1], SIZE[0], 4)[:, :, [2, 1, 0, 3]]


def linear(colour: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> np.ndarray:  # type: ignore[type-arg]
    share = colour / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def test_a_sheet_is_transparent_but_for_its_words_and_premultiplied(graphics: Graphics) -> None:
    sheet = WordSheet(graphics, "words", SIZE, sort=5)
    assert sheet.show(FRAME, NAMES)
    picture, box = rgba(graphics, sheet), sheet.box
    assert box is not None
    left, bottom, right, top = box
    inside = picture[bottom:top, left:right]
    assert inside[:, :, 3].max() > 240  # letters
    outside = picture.copy()
    outside[bottom:top, left:right] = 0
    assert not outside.any()
    light = linear(inside[:, :, :3]).max(axis=2)
    assert (light <= inside[:, :, 3] / 255.0 + 0.02).all()


def test_a_sheet_is_not_blended_like_a_cross_fade(graphics: Graphics) -> None:
    # Panda3D compares blending without its alpha, and uses the one that was made first.
    fade = ColorBlendAttrib.make(
        ColorBlendAttrib.M_add,
        ColorBlendAttrib.O_incoming_alpha,
        ColorBlendAttrib.O_one_minus_incoming_alpha,
    )
    sheet = WordSheet(graphics, "words after a fade", SIZE, sort=5)
    assert sheet.overlay.root.get_attrib(ColorBlendAttrib).compare_to(fade) != 0


def test_it_is_drawn_when_it_says_something_else(graphics: Graphics) -> None:
    sheet = WordSheet(graphics, "again", SIZE, sort=5)
    assert sheet.show(FRAME, NAMES)
    assert not sheet.show(FRAME, NAMES)
    assert sheet.show(FRAME, NAMES, [(100.0, 50.0, 0.5)])
    assert not sheet.show(FRAME, NAMES, [(100.2, 50.1, 0.501)])
    assert sheet.say("One moment") and not sheet.say("One moment")


def test_overlay_reports_where_its_cards_are() -> None:
    overlay = Overlay(SIZE)
    overlay.show(FRAME, NAMES)
    assert list(overlay.cards) == ["stay", "go"]
    (left, bottom, right, top), other = overlay.cards.values()
    assert 0 < left < right <= other[0] and 0 < bottom < top < SIZE[1]
    box = whole_pixels(overlay)
    assert box is not None and box[0] <= left and box[2] >= other[2]
    overlay.show(Frame(FRAME.time, "door", "street", {}), NAMES)
    assert overlay.cards == {} and whole_pixels(overlay) is None


@pytest.mark.parametrize("size", [(1, 1), (8, 5), (3, 900)])
def test_tiny_picture_still_has_its_text(size: tuple[int, int]) -> None:
    Overlay(size).show(FRAME, NAMES)
