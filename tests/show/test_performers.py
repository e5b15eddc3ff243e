"""Performers in a show: what cues do to them, what the frame says, what comes back with undo."""

from __future__ import annotations

from math import atan2, degrees

import pytest
from msgspec.structs import replace

from tests.performer.bodies import figure
from xrdrama import content
from xrdrama.document import Place
from xrdrama.performer import Repertoire
from xrdrama.performer.parse import parse_gestures
from xrdrama.scene.parse import parse_scene
from xrdrama.show import Production, Show, Tick, advance, opening
from xrdrama.show.cast import Member, PerformerSpec
from xrdrama.story import load_story
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.codec import decode_frame, encode
from xrdrama.wire.commands import Panic, Undone
from xrdrama.wire.events import AnyEvent, Entry, Pressed
from xrdrama.wire.frame import Frame, frame_hash

STORY = """\
xrdrama: 1
id: tale
title: Tale
language: en
start: ask
scene: lantern_street
beats:
  ask:
    script: |
      @lan.wave
      @lan.mood warm over=1s
      @lan.look at=camera after=+2s
      GRANDMOTHER: One.
      @lan.walk to=actor
    choice:
      window: {lasts: 20s, grace: 500ms}
      options:
        left: {text: Left, to: after, on: button}
      else: after
  after:
    script: |
      @grandmother.turn to=lan
      LAN: Two.
      @wait 20s
    ending: {id: over, title: Over}
cast:
  lan: {name: Lan}
  grandmother: {name: Grandmother}
"""
GESTURES = """\
xrdrama: 1
id: g
gestures:
  wave: {channels: {right_elbow: {0.5s: 90, 1.5s: rest}}}
moods:
  warm: {shapes: {mouthSmile: 0.5}}
"""
S = 1_000_000_000


def _production() -> Production:
    story = load_story(STORY, "tale")
    file = content.find("scene", "lantern_street")
    scene, _ = parse_scene(content.read_text(file), str(file))
    assert scene is not None
    repertoire: Repertoire | None = parse_gestures(GESTURES, "g")[0]
    cast = {}
    for name in ("lan", "grandmother"):
        mark = {"lan": "girl"}.get(name, name)
        spec = PerformerSpec(name, Place(), mark=mark, presence=mark)
        cast[name] = Member(spec, figure(repertoire))
    return Production(
        id="tale", rate=FrameRate(24, 1), story=story, scenes={"lantern_street": scene}, stage=None,
        languages=("en",), strings={"en": story.texts()}, sounds={}, offers={}, numbers=(),
        cancel=(), cast=cast,
    )  # fmt: skip


class _Run:
    def __init__(self) -> None:
        self.show: Show = opening(_production())
        self.seq = 0

    def to(self, seconds: float, *events: AnyEvent) -> Frame:
        at = round(seconds * S)
        entries = []
        for event in events:
            self.seq += 1
            entries.append(Entry(self.seq, at, event, name="kim", role="director"))
        number = round(seconds * 24)
        time = replace(FrameTime.of(number, FrameRate(24, 1)), shows_at=at)
        self.show, frame = advance(self.show, Tick(time, tuple(entries)))
        return frame


def _one(frame: Frame, name: str):  # type: ignore[no-untyped-def]
    return next(one for one in frame.performers if one.id == name)


def test_a_frame_names_gestures_with_their_start_and_forgets_them() -> None:
    run = _Run()
    lan = _one(run.to(0.5), "lan")
    assert [(act.gesture, act.began) for act in lan.acts] == [("wave", 0)]
    assert lan.expression.mood == "warm" and lan.expression.over == S
    assert _one(run.to(1.6), "lan").acts == ()


def test_the_speaker_is_looked_at_until_a_cue_says_otherwise() -> None:
    run = _Run()
    run.to(1.0)
    frame = run.to(1.9)
    grandmother = _one(frame, "grandmother").root.at
    target = _one(frame, "lan").gaze.at
    assert target is not None and abs(target.x - grandmother.x) < 1e-6 and target.z > 1.4
    scene = run.show.stack.scene
    assert _one(run.to(4.0), "lan").gaze.at == scene.places["film_camera"].at


def test_a_walk_ends_on_its_mark_and_undo_brings_the_performer_back() -> None:
    run = _Run()
    begun = _one(run.to(0.1), "lan").root
    run.to(8.0)
    far = _one(run.to(40.0, Pressed("key", "left")), "lan")
    mark = run.show.stack.scene.places["actor"]
    assert far.travel is None and (far.root.at - mark.at).length() < 1e-6
    run.to(41.0, Undone("console"))
    back = _one(run.to(41.01), "lan")
    assert (back.root.at - begun.at).length() < 1e-6


def test_a_turn_ends_with_the_target_ahead() -> None:
    run = _Run()
    run.to(8.0)
    run.to(18.0, Pressed("key", "left"))
    frame = run.to(30.0)
    one, other = _one(frame, "grandmother"), _one(frame, "lan")
    dx, dy = other.root.at.x - one.root.at.x, other.root.at.y - one.root.at.y
    assert degrees(one.root.pan) == pytest.approx(degrees(atan2(-dx, dy)), abs=0.01)


def test_panic_takes_performers_out_with_the_safe_look() -> None:
    run = _Run()
    assert _one(run.to(3.0), "lan").presence > 0.9
    frame = run.to(3.1, Panic("console", True))
    assert {one.presence for one in frame.performers} == {0.0}


def test_frames_with_performers_survive_the_wire_and_are_in_the_hash() -> None:
    run, other = _Run(), _Run()
    frame = run.to(0.5)
    assert decode_frame(encode(frame)) == frame
    changed = other.to(0.5)
    assert frame_hash(frame) == frame_hash(changed)
    moved = other.to(0.9)
    assert frame_hash(moved) != frame_hash(frame)
