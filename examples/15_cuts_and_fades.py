"""A cut, a cross-fade and a cut that waits during a hold, frame by frame; which sets are next."""

from __future__ import annotations

import tempfile
from pathlib import Path

from xrdrama import content
from xrdrama.show import Tick, advance, opening
from xrdrama.show.reach import sets_ahead
from xrdrama.timing import FrameTime
from xrdrama.wire.commands import Forced, HeldStory, Rolled
from xrdrama.wire.events import Entry

STORY = """\
xrdrama: 1
id: visit
title: A visit
scene: lantern_street
beats:
  lane: {script: "@wait 500ms", next: tea}
  tea:
    scene: tea_room
    transition: {fade: 250ms}
    script: "@wait 20s"
    next: road
  road:
    scene: ridge_road
    script: "@wait 1s"
    ending: away
"""
SHOW = 'xrdrama: 1\nid: visit\nstory: visit\nstage: flat_wall\nrate: "24"\n'
ASKED = {  # by frame: what a director sends
    24: Rolled("director", True),
    28: HeldStory("director", True),
    32: Forced("director", "road"),
    40: HeldStory("director", False),
}

with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "branches").mkdir()
    (Path(folder) / "branches/visit.branch.yaml").write_text(STORY, "utf-8")
    file = Path(folder) / "visit.show.yaml"
    file.write_text(SHOW, "utf-8")
    production = content.produce(content.load_show(str(file)))

for beat, sets in sets_ahead(production.story).items():
    needed = [name for name, steps in sets.items() if steps <= 1]
    print(f"{beat}: kept ready before its end: {', '.join(needed)}")

show, said = opening(production), ""
for number in range(44):
    time = FrameTime.of(number, production.rate)
    sent = ASKED.get(number)
    entries = (Entry(0, max(0, time.shows_at - 1), sent),) if sent else ()
    show, frame = advance(show, Tick(time, entries))
    text = frame.scene
    if frame.fade:
        text += f", with {frame.fade.share:.0%} of the light from {frame.fade.scene}"
    if frame.held:
        text += ", held in a roll" if frame.rolling else ", held"
    if frame.waiting:
        text += f"; a cut to the beat {frame.waiting.beat!r} waits"
    if text != said:
        print(f"frame {number:2}: {text}")
    said = text
