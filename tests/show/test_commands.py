"""Commands: each has one function; frames say who sent what and why it had no effect."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.show.small import MS, OPENS, small
from xrdrama.show import Tick, advance, opening
from xrdrama.show.changes.commands import applied_kinds
from xrdrama.timing import NS, FrameTime, Timecode
from xrdrama.wire.commands import (
    Command,
    ConfirmMode,
    CueStarted,
    Decided,
    Forced,
    HeldStory,
    LookRecalled,
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


# -- looks and cues -------------------------------------------------------------------------------


def test_cue_is_started_by_hand_as_the_story_starts_it() -> None:
    frames = frames_of((3 * NS, CueStarted("x", "storm"), "op", "operator"), until=6 * NS)
    assert [one.code for frame in frames for one in frame.refused] == ["unknown_cue"]
    frames = frames_of(
        (NS, Forced("x", "stayed"), "d", "director"),
        (2 * NS, ParamSet("x", "glow", 1.0), "op", "operator"),
        (3 * NS, ParamSet("x", "glow", None), "op", "operator"),
        (3 * NS, CueStarted("x", "wakes"), "op", "operator"),
        until=5 * NS,
    )
    assert frames[59].params["glow"] == 1.0 and frames[61].params["season"] == "summer"
    assert frames[-1].params["season"] == "winter" and frames[-1].params["glow"] != 0.25


def test_look_fades_in_from_the_value_that_is_held_and_releases_it() -> None:
    frames = frames_of(
        (4 * NS, ParamSet("x", "glow", 2.0), "op", "operator"),
        (4 * NS, ParamSet("x", "fog", 1.0), "op", "operator"),
        (5 * NS, LookRecalled("x", "night", 2.0), "director.1", "director"),
        until=8 * NS,
    )
    glow = [frame.params["glow"] for frame in frames]
    assert glow[100] == 2.0 and glow[140] == 0.5 and glow[-1] == 0.5
    assert abs(float(glow[120]) - 1.25) < 0.01  # half of the time, half of the way
    assert frames[-1].overridden == ("fog",), "a parameter that the look does not set stays held"


def test_unknown_look_is_refused() -> None:
    frames = frames_of((NS, LookRecalled("x", "noon", 0.0), "op", "operator"), until=2 * NS)
    assert [one.code for frame in frames for one in frame.refused] == ["unknown_look"]


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        (Forced("x", "stayde"), "did you mean 'stayed'?"),
        (ParamSet("x", "glwo", 1.0), "did you mean 'glow'?"),
        (CueStarted("x", "wake"), "did you mean 'wakes'?"),
        (LookRecalled("x", "nigth", 0.0), "did you mean 'night'?"),
        (LookRecalled("x", "somewhere", 0.0), "use one of: night, safe"),
    ],
)
def test_refusal_of_an_unknown_name_says_which_one_was_meant(command: Command, hint: str) -> None:
    frames = frames_of((NS, command, "d", "director"), until=2 * NS)
    (refused,) = [one for frame in frames for one in frame.refused]
    assert refused.text.endswith(f": {hint}")


TOY = """
import os
from typing import ClassVar
from xrdrama.wire.commands import OPERATOR, Command, Number, Role

class Blinked(Command, frozen=True, tag="blink"):
    "Blink."
    roles: ClassVar[tuple[Role, ...]] = OPERATOR
    glow: Number

from msgspec.structs import replace
from xrdrama.show.changes.commands import By, NO_EFFECTS, Refusal, applies
from xrdrama.show.state.cue_stack import override

@applies(Blinked)
def blink(show, command, by):
    if command.glow < 0:
        return Refusal("out_of_range", "too dark")
    return replace(show, stack=override(show.stack, "glow", command.glow, by.name)), NO_EFFECTS

from tests.show.small import small
from xrdrama.adapters.bridge import Peer, Server
from xrdrama.adapters.web.live.commands import decode_command
from xrdrama.run.ingress import IngressLog
from xrdrama.show import Tick, advance, opening
from xrdrama.timing import FrameTime
from xrdrama.tools.page_types import commands_typescript
from xrdrama.tools.schemas import golden_messages
from xrdrama.wire.commands import Sender
from xrdrama.wire.events import Entry
from xrdrama.wire.messages import Recorded
import threading

class Log:
    entries = []
    def append(self, at, event, origin, *, written):
        entry = Entry(len(self.entries), at, event, *origin)
        self.entries.append(entry)
        if written:
            written(entry.seq)
        return entry

assert '{ do: "blink"; glow: number }' in commands_typescript().decode()
assert golden_messages()["record_blink"].event == Blinked("console", 0.5)
production = small()
ingress = IngressLog(Log(), fixed_rate=False)
server = Server(show="small", rate=(24, 1), fixed_rate=False, door=ingress, now=lambda: 1)
server.start()
os.environ["XRDRAMA_KEY"] = server.key.value
peer = Peer(server.endpoint, name="console.1", role="director", sources=())
peer.connect()
answers, heard = [], threading.Semaphore(0)
for number, (glow, role) in enumerate(((1.5, "operator"), (-1.0, "operator"), (1.0, "viewer"))):
    sent = decode_command('{"id": %d, "do": "blink", "glow": %f}' % (number + 1, glow), "page")
    answered = lambda answer: (answers.append(answer), heard.release())
    peer.record(sent.command, 0, answered, Sender("operator.2", role))
    assert heard.acquire(timeout=20)
assert [isinstance(one, Recorded) for one in answers] == [True, True, False], answers
assert answers[2].code == "not_director"
tick = Tick(FrameTime.of(9, production.rate), ingress.before(10**9))
show, frame = advance(opening(production), tick)
assert frame.params["glow"] == 1.5 and frame.holders == {"glow": "operator.2"}
assert [(one.command, one.code) for one in frame.refused] == [("blink", "out_of_range")]
peer.close()
server.close()
print("done")
"""


def test_new_command_is_a_declaration_and_a_function(tmp_path: Path) -> None:
    """Page, wire, role, log, show, frame, types and golden message follow from these two."""
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", TOY],
        capture_output=True, text=True, check=False, env=environment, timeout=60,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.strip() == "done", done.stderr
