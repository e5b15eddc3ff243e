"""A viewer speaks to the page, and shows it a hand: the real `xrdrama serve`, its recognisers, and
Chromium with a recorded voice and a filmed hand as its microphone and camera."""

from __future__ import annotations

import json
import shutil
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.peers.browser import WEBGL, Chromium, Tab
from tests.peers.viewer.opening import NO_WEBGL, PHONE, axe, serious
from tests.peers.viewer.serving import ROOT, Serving
from tests.waiting import stays_false
from xrdrama.adapters.vision.sources import VideoFile
from xrdrama.adapters.voice.endpointing import RATE
from xrdrama.adapters.voice.sources import clip_samples
from xrdrama.show.take.reading import read_take
from xrdrama.timing import NS
from xrdrama.wire.events import Gestured, Heard

pytestmark = pytest.mark.peer

CLIPS = ROOT / "examples" / "clips"
LOAD = 240.0
"""Seconds for a recogniser to load, and a loop of the recording, where every core is busy."""
STORY = """\
xrdrama: 1
id: gate
scene: lantern_street
start: door
cast: {lan: {name: Lan}}
beats:
  door:
    choice:
      options:
        enter: {text: Enter, to: asked, on: [voice: "light it now", button]}
  asked:
    script: |
      LAN: Once you were four years old, and I carried you through this gate.  #laaaaa
    choice:
      options:
        stay: {text: I remember you, to: closed, on: {voice: "I remember you"}}
        leave: {text: Turn around slowly, to: gone, on: {voice: "turn around slowly"}}
  closed:
    choice:
      options:
        knock: {text: Knock, to: gone, on: {gesture: fist}}
        wait: {text: Wait, to: opened, on: button}
  opened:
    choice:
      options:
        greet: {text: Greet, to: greeted, on: {gesture: open_palm}}
        leave_now: {text: Leave, to: gone, on: {gesture: fist}}
  greeted: {ending: greeted}
  gone: {ending: gone}
"""
SHOW = """\
xrdrama: 1
id: gate
story: gate
rate: "24"
languages: [en]
audience: {voice: true, gesture: true}
"""
BEAT = "xrdrama.link.state.beat"
LAMP = "document.querySelector('.sense-lamp[data-sense=%s]')"


def project(folder: Path, mode: str) -> Path:
    """A show whose only spoken line can be heard, so that it mutes viewers; its path."""
    line = folder / "gate.sounds" / "line" / "laaaaa.ogg"
    line.parent.mkdir(parents=True)
    recorded = next((ROOT / "branches" / "one_lantern_too_many.sounds" / "line").glob("*.ogg"))
    shutil.copy(recorded, line)
    (folder / "gate.sounds" / "index.json").write_text(json.dumps({"line/laaaaa": 4 * NS}))
    (folder / "gate.branch.yaml").write_text(STORY, "utf-8")
    show = folder / "gate.show.yaml"
    show.write_text(SHOW, "utf-8")
    return show


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("gate"), make=project)
    yield serving
    serving.close()


def spoken(path: Path) -> Path:
    """A sentence that is not a phrase, then a phrase, with silence between them; it is repeated."""
    room = np.random.default_rng(3).normal(0, 0.002, RATE * 60).astype(np.float32)
    at = RATE
    for name in ("the_weather_has_been_lovely_this_week.ada", "i_remember_you.tom"):
        samples = clip_samples(CLIPS / "speech" / f"{name}.opus")
        room[at : at + len(samples)] += samples
        at += len(samples) + 2 * RATE
    data = (room[:at].clip(-1, 1) * 32767).astype("<i2").repeat(3)  # 48 kHz, as devices have
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(3 * RATE)
        file.writeframes(data.tobytes())
    return path


def filmed(path: Path) -> Path:
    """An open palm that is held, as a film of JPEGs; it is repeated."""
    with path.open("wb") as out:
        for at, picture in VideoFile(CLIPS / "hands" / "open_palm.webm").frames():
            if 1.6 * NS <= at < 3.5 * NS:
                Image.fromarray(picture).resize((640, 480)).save(out, "JPEG", quality=85)
    return path


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory, gate: Serving) -> Iterator[Tab]:
    folder = tmp_path_factory.mktemp("browser")
    flags = [*WEBGL, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    flags.append(f"--use-file-for-fake-audio-capture={spoken(folder / 'voice.wav')}")
    flags.append(f"--use-file-for-fake-video-capture={filmed(folder / 'hand.mjpeg')}")
    browser = Chromium(folder / "profile", flags)
    tab = browser.open("about:blank", *PHONE)
    tab.call("Page.addScriptToEvaluateOnNewDocument", source=NO_WEBGL + HEARD)
    tab.call("Page.navigate", url=gate.link)
    tab.wait("document.documentElement?.dataset.standing === 'live'")
    yield tab
    browser.close()


HEARD = """
window.sensed = [];
const Socket = WebSocket;
window.WebSocket = class extends Socket {
  constructor(...all) {
    super(...all);
    if (!String(all[0]).includes("/senses/")) return;
    this.addEventListener("message", (e) => sensed.push(JSON.parse(e.data)));
  }
};
"""
"""Keeps what the recognisers answer."""


def verdicts(tab: Tab) -> list[str]:
    found = json.loads(tab.evaluate("JSON.stringify(sensed)"))
    return [one["verdict"] for one in found if one["is"] == "understood"]


def test_a_spoken_phrase_picks_and_other_speech_does_not(tab: Tab) -> None:
    lamp = LAMP % "voice"
    tab.wait("!document.querySelector('.sense[data-sense=voice]').hidden")
    # Nothing is opened before the viewer asks for it.
    assert tab.evaluate(f"{lamp}.hidden")
    tab.click(".sense[data-sense=voice]")
    tab.wait(f"{lamp}.innerText.includes('Listening') && !{lamp}.hidden")
    assert "not recorded" in tab.evaluate("document.querySelector('.sense-about').innerText")
    tab.wait(f"{lamp}.dataset.now === 'on'", LOAD)
    assert not serious(axe(tab))
    # The control: a sentence and a phrase of another choice are recognised, and pick nothing.
    tab.wait("sensed.filter((one) => one.verdict === 'unlikely').length >= 2", LOAD)
    assert tab.evaluate(BEAT) == "door"
    tab.click("[data-option=enter]")
    tab.wait(f"{lamp}.dataset.now === 'muted' && {lamp}.innerText.includes('Muted while lines')")
    tab.wait(f"{BEAT} === 'asked'")
    # Not one word of what is said while the line plays is recognised.
    during = len(verdicts(tab))
    tab.wait("xrdrama.link.state.choice?.phase === 'open'")
    assert "candidate" not in verdicts(tab)[during:]
    tab.wait(f"{BEAT} === 'closed'", LOAD)
    assert "candidate" in verdicts(tab)
    tab.click(".sense-lamp[data-sense=voice]")
    tab.wait(f"{lamp}.hidden")
    before = len(verdicts(tab))
    stays_false(lambda: len(verdicts(tab)) > before, 3)


def test_a_shown_hand_picks_and_another_hand_does_not(tab: Tab) -> None:
    assert tab.evaluate(BEAT) == "closed"
    lamp = LAMP % "gesture"
    tab.click(".sense[data-sense=gesture]")
    tab.wait(f"{lamp}.dataset.now === 'on'", LOAD)
    tab.wait(f"{lamp}.querySelector('video')?.videoWidth > 0")
    # The control: the palm is not the fist that this choice asks for.
    stays_false(lambda: tab.evaluate(BEAT) != "closed", 4)
    tab.click("[data-option=wait]")
    tab.wait(f"{BEAT} === 'greeted'", LOAD)
    tab.click(".sense-lamp[data-sense=gesture]")
    tab.wait(f"{lamp}.hidden")


def test_only_what_was_near_an_open_phrase_is_in_the_take(gate: Serving) -> None:
    gate.close()
    (path,) = gate.folder.glob("out/*.take")
    take = read_take(path.read_bytes())
    heard = [entry.event for entry in take.entries if isinstance(entry.event, Heard)]
    seen = [entry.event for entry in take.entries if isinstance(entry.event, Gestured)]
    assert {one.source for one in heard} == {"audience.1.voice"}
    assert {one.source for one in seen} == {"audience.1.hand"}
    assert not any("weather" in one.text.lower() for one in heard)
    took = min(one.measured for one in heard) / 1e6
    sys.stdout.write(f"from the end of speech to the text: {took:.0f} ms at best\n")
