"""What a frame is for a viewer's page."""

from __future__ import annotations

import json
import re
import struct
from base64 import b64decode

import msgspec
import pytest
from msgspec.structs import replace

from tests.adapters.web.console import PlayedShow
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.adapters.web.audience.view import View
from xrdrama.performer import evaluate
from xrdrama.show.reach import next_beats
from xrdrama.tools.viewer_types import protocol_typescript
from xrdrama.wire.audience import PARAM, PerformerNow
from xrdrama.wire.frame import Sound

NAMES = re.search(r"export interface State \{(.*?)\n\}", protocol_typescript().decode(), re.S)
assert NAMES
KNOWN = set(re.findall(r"^  (\w+)\??:", NAMES[1], re.M))


def _view(show: PlayedShow) -> View:
    return View(show.production, "The demo", "room", lambda scene: "h1")


def test_every_name_of_a_state_is_in_the_protocol() -> None:
    show = PlayedShow()
    view = _view(show)
    seen: set[str] = set()
    for _ in range(2500):
        frame = show.step()
        view.note(frame)
        seen |= view.of(frame).keys()
    plain = {name for name in seen if not name.startswith(PARAM)}
    assert plain <= KNOWN and {"choice", "captions", "seconds", "lights"} <= plain
    assert any(name.startswith(PARAM) for name in seen)


def test_performers_are_posed_for_pages() -> None:
    show = PlayedShow()
    view = View(
        show.production, "", "room", lambda scene: "h1", figure_of=lambda id: f"figure of {id}"
    )
    for _ in range(240):
        frame = show.step()
    state = view.of(frame)
    found = msgspec.convert(state["performers"], tuple[PerformerNow, ...])
    assert [one.id for one in found] == ["lan", "grandmother"]
    for one, performing in zip(found, frame.performers, strict=True):
        pose = evaluate(performing, show.production.cast[one.id].performer, frame.time.shows_at)
        assert one.figure == f"figure of {one.id}"
        assert one.at == pytest.approx((pose.root.at.x, pose.root.at.y, pose.root.at.z), abs=1e-4)
        at = 3 * state["bones"].index("head")
        rows = struct.unpack(f"<{3 * len(state['bones'])}h", b64decode(one.turns))
        head, sign = pose.turns["head"], -1.0 if pose.turns["head"].w < 0.0 else 1.0
        known = [sign * part for part in (head.x, head.y, head.z)]
        assert [part / 32767 for part in rows[at : at + 3]] == pytest.approx(known, abs=1e-4)
        shares = dict(zip(state["shapes"], b64decode(one.shapes), strict=True))
        for name, weight in pose.shapes.items():
            assert shares[name] / 255 == pytest.approx(min(max(weight, 0.0), 1.0), abs=2e-3)
    assert len(json.dumps(state["performers"])) < 1500  # ten times a second, to each page
    gone = tuple(replace(one, presence=0.0) for one in frame.performers)
    assert "performers" not in view.of(replace(frame, performers=gone))


def test_sounds_are_kept_while_they_can_be_heard() -> None:
    show = PlayedShow()
    view = _view(show)
    first = show.step()
    loop = Sound("wind", "ambience", 0, -6.0, True)
    bell = Sound("bell", "effect", 0)
    view.note(replace(first, sounds=(loop, bell)))
    assert [sound["id"] for sound in view.of(first)["sounds"]] == ["wind", "bell"]
    for _ in range(31 * 24):
        frame = show.step()
        view.note(replace(frame, sounds=()))
    assert [sound["id"] for sound in view.of(frame)["sounds"]] == ["wind"]
    view.note(replace(frame, sounds=(Sound("wind", "stop", 0),)))
    assert "sounds" not in view.of(frame)


def test_a_stream_sends_changes_to_pages_in_step_and_the_whole_to_others() -> None:
    show = PlayedShow()
    stream = Stream(_view(show))
    assert not stream.publish()
    stream.feed(show.step())
    assert stream.publish() and not stream.publish()
    first = stream.n
    stream.feed(show.step())
    stream.publish()
    assert stream.text(first).startswith(f'{{"n":{stream.n},"after":{first},"now"')
    assert stream.text(-1).startswith(f'{{"n":{stream.n},"is"')
    assert stream.text(stream.n + 5).startswith(f'{{"n":{stream.n},"is"')


def test_markers_are_those_of_the_open_options_and_hidden_plots() -> None:
    show = PlayedShow()
    view = _view(show)
    found: set[str] = set()
    for _ in range(3000):
        frame = show.step()
        found |= set(view.markers(frame))
    written = {
        name
        for beat in show.production.story.order
        for trigger in [t for plot in beat.hidden for t in plot.triggers]
        + [t for o in (beat.choice.options if beat.choice else ()) for t in o.triggers]
        if trigger.kind == "marker"
        for name in trigger.values
    }
    assert found <= written


def test_sets_of_the_next_beats_are_named_to_be_loaded_ahead() -> None:
    show = PlayedShow("two_cups")
    view = View(show.production, "", "room", lambda scene: f"h-{scene}")
    frame, story = show.step(), show.production.story
    found = {}
    for beat in story.order:
        there = replace(frame, beat=beat.id, scene=beat.scene)
        found[beat.id] = set(view.of(there).get("coming", ()))
        scenes = {f"h-{story.beats[name].scene}" for name in next_beats(story, beat)}
        assert found[beat.id] == scenes - {f"h-{beat.scene}"}
    assert any(found.values()) and not all(found.values())
    uncompiled = View(show.production, "", "room", lambda scene: "")
    assert "coming" not in uncompiled.of(frame)
