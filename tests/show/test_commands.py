"""Commands: each has one function; frames say who sent what and why it had no effect."""

from __future__ import annotations

from tests.show.small import MS, OPENS, small
from xrdrama.show import Tick, advance, opening
from xrdrama.show.commands import applied_kinds
from xrdrama.timing import NS, FrameTime, Timecode
from xrdrama.wire.commands import (
    Command,
    ConfirmMode,
    Decided,
    Forced,
    HeldStory,
    ParamSet,
    PickedByHand,
    Role,
    Rolled,
    commands,
    name_of,
)
from xrdrama.wire.events import AnyEvent, Entry, Pressed
from xrdrama.wire.frame import Frame

PRODUCTION = small()


def frames_of(*log: tuple[int, AnyEvent, str, Role], until: int) -> list[Frame]:
    """Frames at 20 a second; each entry is when, what, and the name and role of the sender."""
    entries = [
        Entry(seq, at, event, "console.1", name=name, role=role)
        for seq, (at, event, name, role) in enumerate(log)
    ]
    show, frames = opening(PRODUCTION), []
    for number, at in enumerate(range(0, until, NS // 20)):
        due = tuple(entry for entry in entries if entry.at < at)
        entries = entries[len(due) :]
        show, frame = advance(show, Tick(FrameTime(number, at, Timecode(0, 0, 0, 0)), due))
        frames.append(frame)
    return frames


def test_every_declared_command_has_a_function_and_a_name_of_its_own() -> None:
    declared = {kind for kind in commands() if kind.__module__.startswith("xrdrama.")}
    assert declared <= applied_kinds()
    names = [name_of(kind) for kind in commands()]
    assert len(set(names)) == len(names)
    assert all(issubclass(kind, Command) and kind.roles for kind in declared)


def test_frame_says_which_director_picked() -> None:
    by_hand = PickedByHand("tablet", "leave")
    for name in ("director.1", "director.2"):
        frames = frames_of((OPENS + MS, by_hand, name, "director"), until=OPENS + NS)
        (pick,) = [pick for frame in frames for pick in frame.picks]
        assert (pick.option, pick.trigger, pick.name, pick.role) == (
            "leave", "button", name, "director",
        )  # fmt: skip


def test_frame_says_who_picked_and_who_confirmed() -> None:
    frames = frames_of(
        (0, ConfirmMode("x", True), "director.1", "director"),
        (OPENS + MS, Pressed("phone", "leave"), "phones", "engine"),
        (OPENS + NS, Decided("x", True), "director.2", "director"),
        until=OPENS + 2 * NS,
    )
    waiting = [frame.proposal for frame in frames if frame.proposal]
    assert {(one.name, one.role) for one in waiting} == {("phone", "engine")}
    (pick,) = [pick for frame in frames for pick in frame.picks]
    assert (pick.name, pick.role, pick.confirmed_by) == ("phone", "engine", "director.2")


def test_nobody_picked_when_the_window_closed() -> None:
    frames = frames_of(until=OPENS + 6 * NS)
    (pick,) = [pick for frame in frames for pick in frame.picks]
    assert (pick.trigger, pick.name, pick.role) == ("timeout", "", "")


def test_refusal_names_entry_command_sender_and_reason() -> None:
    frames = frames_of(
        (0, HeldStory("x", True), "operator.3", "operator"),
        (MS, ParamSet("x", "glow", 7.0), "operator.3", "operator"),
        (2 * MS, Forced("x", "nowhere"), "director.1", "director"),
        until=NS,
    )
    found = [one for frame in frames for one in frame.refused]
    assert [(one.seq, one.command, one.code, one.name, one.role) for one in found] == [
        (1, "param", "out_of_range", "operator.3", "operator"),
        (2, "forced", "unknown_beat", "director.1", "director"),
    ]
    assert "0 to 2, not 7" in found[0].text and "'nowhere'" in found[1].text
    assert frames[-1].held and frames[-1].overridden == ()


def test_frame_says_who_holds_a_parameter() -> None:
    frames = frames_of(
        (0, ParamSet("x", "glow", 1.0), "operator.3", "operator"),
        (NS // 4, ParamSet("x", "glow", 0.5), "director.1", "director"),
        (NS // 2, ParamSet("x", "glow", None), "director.1", "director"),
        until=NS,
    )
    seen = list(dict.fromkeys(tuple(frame.holders.items()) for frame in frames))
    assert seen == [(), (("glow", "operator.3"),), (("glow", "director.1"),)]
    assert frames[-1].holders == {}


def test_frame_counts_rolls_and_says_when_the_newest_started() -> None:
    on, off = Rolled("x", True), Rolled("x", False)
    frames = frames_of(
        *(
            (at * NS, event, "director.1", "director")
            for at, event in ((1, on), (2, on), (3, off), (4, on))
        ),
        until=5 * NS,
    )
    seen = list(dict.fromkeys((one.rolling, one.roll, one.rolled_at) for one in frames))
    assert seen == [(False, 0, 0), (True, 1, NS), (False, 1, NS), (True, 2, 4 * NS)]


def test_end_of_the_window_moves_on_only_while_the_story_is_held() -> None:
    frames = frames_of(
        (OPENS + NS, HeldStory("x", True), "d", "director"),
        (OPENS + 3 * NS, HeldStory("x", False), "d", "director"),
        until=OPENS + 5 * NS,
    )
    ends = {frame.choice.closes_at for frame in frames if frame.choice and not frame.held}
    assert ends == {OPENS + 4 * NS, OPENS + 6 * NS}
    left = {
        frame.choice.closes_at - frame.time.shows_at
        for frame in frames
        if frame.choice and frame.choice.closes_at and frame.held
    }
    assert left == {3 * NS}
