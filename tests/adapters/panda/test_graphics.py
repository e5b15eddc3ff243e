"""`Graphics.only` draws nothing but its targets, and leaves what is drawn as it found it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from panda3d.core import LVecBase4f

from xrdrama.adapters.panda.graphics import Graphics, Target, open_graphics

Colour = tuple[float, float, float]
RED, GREEN, BLUE = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
BLACK = (0.0, 0.0, 0.0)


@pytest.fixture(params=[False, True], ids=["no window", "window as host"])
def graphics(request: pytest.FixtureRequest) -> Iterator[Graphics]:
    """Without a window the host always rests. A window as host is drawn like any target, and
    rests within `only`; an offscreen buffer stands in for it, so that no screen is needed."""
    made = open_graphics()
    if request.param:
        made.host.set_active(True)
        made = Graphics(made.engine, made.pipe, made.host, onscreen=True)
    yield made
    made.close()


@pytest.fixture
def walls(graphics: Graphics) -> tuple[Target, Target]:
    left, right = (graphics.target(name, 8, 8, "rgba8") for name in ("left", "right"))
    paint(left, BLACK)
    paint(right, BLACK)
    graphics.render()
    return left, right


def paint(target: Target, colour: Colour) -> None:
    """What the next picture of a target will show."""
    target.buffer.set_clear_color_active(True)
    target.buffer.set_clear_color(LVecBase4f(*colour, 1.0))


def seen(graphics: Graphics, target: Target) -> Colour:
    """The colour of a target as it was last drawn."""
    red, green, blue = (int(value) / 255 for value in graphics.picture(target)[4, 4])
    return red, green, blue


def test_graphics_that_are_closed_leave_others_as_they_are() -> None:
    """Their contexts belong to one EGL display: to end it ended those of others, too."""
    closed, kept = open_graphics(), open_graphics()
    target = kept.target("kept", 8, 8, "rgba8")
    for colour in (RED, GREEN):
        paint(target, colour)
        kept.render()
        assert seen(kept, target) == colour
        closed.close()
        del closed
        gc.collect()
        closed = open_graphics()
    closed.close()
    kept.close()


def test_only_its_targets_are_drawn_within_and_all_others_afterwards(
    graphics: Graphics, walls: tuple[Target, Target]
) -> None:
    left, right = walls
    with graphics.only(left):
        paint(left, RED)
        paint(right, GREEN)
        graphics.render()
        assert (seen(graphics, left), seen(graphics, right)) == (RED, BLACK)
    graphics.render()
    assert (seen(graphics, left), seen(graphics, right)) == (RED, GREEN)


def test_inactive_target_stays_inactive_afterwards(
    graphics: Graphics, walls: tuple[Target, Target]
) -> None:
    left, right = walls
    left.set_active(False)
    with graphics.only(left):
        graphics.render()
    paint(left, RED)
    paint(right, GREEN)
    graphics.render()
    assert (seen(graphics, left), seen(graphics, right)) == (BLACK, GREEN)


def test_nested_only_restores_the_targets_of_the_outer_one(
    graphics: Graphics, walls: tuple[Target, Target]
) -> None:
    left, right = walls
    with graphics.only(left):
        with graphics.only(right):
            paint(left, RED)
            paint(right, GREEN)
            graphics.render()
            assert (seen(graphics, left), seen(graphics, right)) == (BLACK, GREEN)
        paint(right, BLUE)
        graphics.render()
        assert (seen(graphics, left), seen(graphics, right)) == (RED, GREEN)
    graphics.render()
    assert (seen(graphics, left), seen(graphics, right)) == (RED, BLUE)


@pytest.mark.parametrize("depth", [1, 2])
def test_everything_is_restored_after_an_error(
    graphics: Graphics, walls: tuple[Target, Target], depth: int
) -> None:
    left, right = walls
    with pytest.raises(ValueError, match="within"), graphics.only(left):
        if depth == 2:
            with graphics.only(right):
                raise ValueError("within")
        raise ValueError("within")
    paint(left, RED)
    paint(right, GREEN)
    graphics.render()
    assert (seen(graphics, left), seen(graphics, right)) == (RED, GREEN)


def test_the_host_rests_only_within(graphics: Graphics) -> None:
    left = graphics.target("left", 8, 8, "rgba8")
    with graphics.only(left):
        assert not graphics.host.is_active()
        with graphics.only():
            assert not graphics.host.is_active()
        assert not graphics.host.is_active()
    assert graphics.host.is_active() == graphics.onscreen


def test_a_target_that_is_due_once_is_drawn_once_after_only(
    graphics: Graphics, walls: tuple[Target, Target]
) -> None:
    left, right = walls
    left.set_active(False)
    graphics.draw_once(left)
    paint(left, RED)
    with graphics.only(right):
        graphics.render()
        assert seen(graphics, left) == BLACK
    graphics.render()
    assert seen(graphics, left) == RED
    paint(left, GREEN)
    graphics.render()
    assert seen(graphics, left) == RED


def test_only_before_the_first_picture_puts_no_target_to_rest(graphics: Graphics) -> None:
    left, right = (graphics.target(name, 8, 8, "rgba8") for name in ("left", "right"))
    with graphics.only(left):
        graphics.render()
    paint(left, RED)
    paint(right, GREEN)
    graphics.render()
    assert (seen(graphics, left), seen(graphics, right)) == (RED, GREEN)
