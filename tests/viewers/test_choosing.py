"""Picking in a window: by number, focus, click, gamepad, and one switch."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from xrdrama.adapters.panda.gamepads import PadInput
from xrdrama.adapters.panda.window import Touched
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.viewers.choosing import Chooser, Picked
from xrdrama.wire.frame import Frame, OpenChoice, OpenOption

OPTIONS = tuple(
    OpenOption(name, at + 1, {"en": name}) for at, name in enumerate(("stay", "go", "sing"))
)
OPEN = Frame(
    FrameTime.of(0, FrameRate.parse("24")), "door", "street", {}, choice=OpenChoice("c", OPTIONS)
)
SHUT = replace(OPEN, choice=None)
SHOWN = replace(OPEN, choice=OpenChoice("c", OPTIONS, phase="shown"))
NO_PAD, NOTHING = PadInput(), Touched()
KEYS = ("tab", "enter", "space", "arrow_left", "1", "3", "9", "escape")
BUTTONS = ("face_a", "face_b", "dpad_left", "right", "up", "lshoulder")


def keys(*pressed: str, held: tuple[str, ...] = ()) -> Touched:
    return Touched(pressed=pressed, held=frozenset(held))


def after(chooser: Chooser, *turns: Touched | PadInput) -> Picked | None:
    picked = None
    for turn in turns:
        pad = turn if isinstance(turn, PadInput) else NO_PAD
        touched = turn if isinstance(turn, Touched) else NOTHING
        picked = chooser.turn(OPEN, touched, pad, "", 0.0)
    return picked


def test_numbers_and_clicks_pick_what_is_open() -> None:
    assert after(Chooser(), keys("x", "2")) == ("go", "key")
    assert after(Chooser(), keys("9")) is None
    clicked = Touched(mouse=(1.0, 1.0), clicked=(1.0, 1.0))
    assert Chooser().turn(OPEN, clicked, NO_PAD, "stay", 0.0) == ("stay", "pointer")
    assert Chooser().turn(OPEN, clicked, NO_PAD, "", 0.0) is None
    assert Chooser().turn(OPEN, NOTHING, NO_PAD, "stay", 0.0) is None  # to aim is not to pick
    for shut in (SHUT, SHOWN):
        assert Chooser().turn(shut, replace(clicked, pressed=("1",)), NO_PAD, "stay", 0) is None


def test_tab_and_arrows_move_the_focus_round_and_enter_picks_it() -> None:
    chooser = Chooser()
    assert after(chooser, keys("enter")) is None, "without a focus there is nothing to pick"
    seen = [after(chooser, keys("tab")) or chooser.option for _ in range(4)]
    assert seen == ["stay", "go", "sing", "stay"]
    after(chooser, keys("tab", held=("lshift",)))
    assert chooser.option == "sing"
    assert after(chooser, keys("arrow_left"), keys("enter")) == ("go", "key")
    assert chooser.turn(SHUT, keys("enter"), NO_PAD, "", 0.0) is None
    assert chooser.option == "", "a new choice has no focus yet"


def test_a_gamepad_moves_the_focus_picks_with_a_and_leaves_with_b() -> None:
    chooser = Chooser()
    assert after(chooser, PadInput(pressed=("face_a",))) is None
    assert after(chooser, PadInput(pressed=("dpad_down",)), PadInput(pressed=("right",))) is None
    assert chooser.option == "go"
    after(chooser, PadInput(pressed=("face_b",)))
    assert chooser.option == ""
    picked = after(chooser, PadInput(pressed=("up",)), PadInput(pressed=("face_a",)))
    assert picked == ("sing", "gamepad")


def test_one_switch_steps_by_time_and_any_button_picks() -> None:
    chooser = Chooser(scan=1.5)
    seen = []
    for tenth in range(50):
        assert chooser.turn(OPEN, NOTHING, NO_PAD, "", tenth / 10) is None
        seen.append(chooser.option)
    assert [seen[at] for at in (0, 14, 15, 29, 30, 44, 45)] == [
        "stay", "stay", "go", "go", "sing", "sing", "stay"
    ]  # fmt: skip
    assert chooser.turn(OPEN, keys("space"), NO_PAD, "", 5.0) == ("stay", "switch")
    pad = PadInput(pressed=("face_b",))
    assert chooser.turn(OPEN, NOTHING, pad, "", 5.1) == ("stay", "switch")
    # A switch may be a mouse's button: where the mouse rests does not matter.
    click = Touched(mouse=(1.0, 1.0), clicked=(1.0, 1.0))
    assert chooser.turn(OPEN, click, NO_PAD, "sing", 5.2) == ("stay", "switch")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(KEYS), st.sampled_from(BUTTONS), st.sampled_from((OPEN, SHUT, SHOWN))
        ),
        max_size=20,
    ),
    st.sampled_from((0.0, 0.5)),
)
def test_only_options_that_are_open_are_ever_picked(
    turns: list[tuple[str, str, Frame]], scan: float
) -> None:
    chooser = Chooser(scan)
    for at, (key, button, frame) in enumerate(turns):
        picked = chooser.turn(frame, keys(key), PadInput(pressed=(button,)), "", at * 0.4)
        assert picked is None or frame is OPEN
        assert picked is None or picked.option in {option.id for option in OPTIONS}
