"""A small show made from text by the real parsers, and ways to play it with a log of one's own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from xrdrama.content import Loaded, produce
from xrdrama.show import Production, Show, Tick, advance, opening
from xrdrama.speech.pronunciation import pronounce
from xrdrama.timing import NS, FrameTime, Timecode
from xrdrama.wire.events import AnyEvent, Entry, Gestured, HandPose, Heard
from xrdrama.wire.frame import Frame, Pick

MS = 1_000_000
LINE = 1500 * MS
OPENS = LINE + 350 * MS
"""The line and a breath."""
CLOSES = OPENS + 4 * NS
ELSE = CLOSES + NS

STORY = """\
xrdrama: 1
id: small
scene: yard
start: first
vars: {asked: {type: int, min: 0, max: 9, init: 0}}
cast: {lan: {name: Lan}}
beats:
  first:
    script: |
      @wakes
      @sound bell at=+300ms gain=-6
      LAN: Will you stay with us?  #laaaaa
    choice:
      window: {lasts: 4s, grace: 1s}
      options:
        stay:
          text: I remember you
          to: stayed
          set: {asked: asked + 1}
          on: [voice: "I remember you", gesture: open_palm, marker: gate]
        leave:
          text: Let her go
          to: gone
          on: [voice: "let her go", gesture: fist]
        whisper: {text: Whisper, to: gone, if: asked > 5, on: {voice: "shall we whisper"}}
      else: quiet
  stayed:
    scene: hall
    script: |
      @dims over=0s
      LAN: You were four.  #lbbbbb
    next: again
  again:
    script: |
      LAN: And now?  #lccccc
    choice:
      options:
        more: {text: Once more, to: first, on: {gesture: open_palm}}
        enough: {text: Enough, to: gone}
  gone: {ending: gone}
  quiet:
    director: {hold: false, force: [first]}
    script: |
      LAN: Never mind.  #lddddd
    ending: quiet
  secret:
    scene: hall
    script: |
      LAN: A print of a door god.  #leeeee
    return: true
hidden:
  - {id: print, on: {marker: door_god}, to: secret}
"""

_SCENE = """\
xrdrama: 1
id: {id}
title: A {id}
doc: Where the test stands.
params:
  glow: {{kind: real, least: 0, most: 2, default: 1, doc: A lamp.}}
  fog: {{kind: real, least: 0, most: 1, default: 0.25, doc: The air.}}
  season: {{kind: choice, choices: [summer, winter], default: summer, doc: The year.}}
looks:
  night: {{doc: Late., glow: 0.5}}
  safe: {{doc: Nothing that disturbs., glow: 0.25}}
cues:
  wakes:
    doc: The lamp wakes.
    moves:
      - {{param: glow, to: 2, over: 1s}}
      - {{param: glow, to: 1.5, over: 1s, delay: 2s}}
      - {{param: season, to: winter, over: 500ms}}
  dims:
    doc: It sinks.
    moves:
      - {{param: glow, to: 0.25, over: 2s, ease: smooth}}
lights:
  moon: {{kind: directional, doc: Key., toward: [0, 1, -1], colour: "#ffffff", intensity: 1, shadow: true}}
  lamp: {{kind: baked, doc: Lamp., channel: 0, colour: "#ffffff", intensity: 2, scaled_by: glow}}
environment:
  sky:
    before: {{zenith: "#000000", middle: "#000010", horizon: "#101020", ground: "#000000", glow: "#000000"}}
    after: {{zenith: "#405080", middle: "#506090", horizon: "#a09080", ground: "#202020", glow: "#402010"}}
  fog: {{density: 0.05, height: 4, scaled_by: fog}}
models:
  all: {{file: assets/all.glb, doc: All of it.}}
places:
  gate: {{at: [1, 2, 3], pan: 90, doc: The gate.}}
"""  # noqa: E501

STAGE = """\
xrdrama: 1
id: box
title: A box
canvas: [1000, 500]
walls:
  front: {shape: flat, pixels: [1000, 500], centre: [0, 4, 2], width: 6, height: 3}
camera: {focal_mm: 40, sensor_mm: [36, 20.25], picture: [1280, 720]}
eye_point: [0, -1, 1.6]
safe: {position: [0, -2, 1.7]}
tracking: {protocol: freed, subject: "7", latency: 10ms}
inner: {overscan: 1.25, feather: 0.05, pixels: [1280, 720]}
"""

SHOW = """\
xrdrama: 1
id: small
story: small
stage: box
languages: [en, zh]
seed: 3
ambience: night
"""

SOUNDS = {"line/laaaaa": LINE, "bell": NS, "night": 5 * NS}

Log = Sequence[tuple[int, AnyEvent]]


def loaded(show: str = SHOW, story: str = STORY) -> Loaded:
    """The texts of the show, as if they had been read from files."""
    texts = {
        "small.show.yaml": show,
        "small.branch.yaml": story,
        "box.stage.yaml": STAGE,
        "yard/scene.yaml": _SCENE.format(id="yard"),
        "hall/scene.yaml": _SCENE.format(id="hall"),
        "index.json": json.dumps(SOUNDS),
    }
    roles = {
        "show": "small.show.yaml",
        "story": "small.branch.yaml",
        "stage": "box.stage.yaml",
        "scene/yard": "yard/scene.yaml",
        "scene/hall": "hall/scene.yaml",
        "sounds": "index.json",
    }
    return Loaded(roles, texts)


def small(show: str = SHOW, story: str = STORY) -> Production:
    """The production of the small show."""
    return produce(loaded(show, story))


def frame_time(number: int, at: int) -> FrameTime:
    """The time of a frame that need not match the grid of a rate."""
    return FrameTime(number, at, Timecode(0, 0, 0, 0))


def entries_of(log: Log) -> list[Entry]:
    """Events as the ingress would log them: in the order of their stamps."""
    ordered = sorted(log, key=lambda one: one[0])
    return [Entry(seq, at, event) for seq, (at, event) in enumerate(ordered)]


def ticks_at(times: Iterable[int], log: Log) -> list[Tick]:
    """A tick at each of these nanoseconds, each with what came in since the one before."""
    entries, done, ticks = entries_of(log), 0, []
    for number, at in enumerate(times):
        upto = done + sum(entry.at < at for entry in entries[done:])
        ticks.append(Tick(frame_time(number, at), tuple(entries[done:upto])))
        done = upto
    return ticks


def shown(ticks: Iterable[Tick], production: Production) -> tuple[Show, list[Frame]]:
    """The show after these ticks, and every frame."""
    show, frames = opening(production), []
    for tick in ticks:
        show, frame = advance(show, tick)
        frames.append(frame)
    return show, frames


def played(
    log: Log, seconds: float, production: Production, *, fps: int = 50
) -> tuple[Show, list[Frame]]:
    """The show ticked `fps` times a second for so long."""
    times = (number * NS // fps for number in range(round(seconds * fps) + 1))
    return shown(ticks_at(times, log), production)


def picks_of(frames: Iterable[Frame]) -> list[Pick]:
    """All picks in order."""
    return [pick for frame in frames for pick in frame.picks]


def ways(frames: Iterable[Frame]) -> list[tuple[str, str, str]]:
    """From which beat, by which option, through what."""
    return [(pick.beat, pick.option, pick.trigger) for pick in picks_of(frames)]


def verdicts(frames: Iterable[Frame]) -> list[str]:
    """What was made of every act that did not pick outright."""
    return [feedback.verdict for frame in frames for feedback in frame.feedback]


def refusals(frames: Iterable[Frame]) -> list[str]:
    """The codes of all commands that had no effect, in order."""
    return [refused.code for frame in frames for refused in frame.refused]


def said(text: str, began: int, ended: int | None = None) -> Heard:
    """An utterance that a recogniser wrote down without a mistake."""
    until = began + 800 * MS if ended is None else ended
    return Heard("mic", text, pronounce(text), began, until)


def spoken(text: str, began: int) -> tuple[int, Heard]:
    """The same as a line of the log: it comes 200 ms behind the end of the phrase."""
    heard = said(text, began)
    return heard.ended + 200 * MS, heard


def shows(pose: HandPose, begin: int, end: int, score: float = 0.9) -> list[tuple[int, AnyEvent]]:
    """A hand as a camera of 30 frames a second sees it, each known 100 ms later."""
    step = NS // 30
    return [(at + 100 * MS, Gestured("cam", pose, score, at)) for at in range(begin, end, step)]
