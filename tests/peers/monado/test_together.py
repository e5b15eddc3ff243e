"""One show in a headset, on a console's page and on the wall at once: all see the same.

Each is asked in its own way. The headset: what its viewer hands to Monado, frame by frame. The
page: its own elements, whenever a picture of it is drawn. The wall: the pictures that the show
drew, byte for byte those of its take. The take says what each frame holds.
"""

from __future__ import annotations

import bisect
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.peers.browser import Chromium, Tab
from tests.peers.monado.audience import free_ports
from tests.peers.monado.stand import Service, ended, own_network
from tests.peers.monado.wall import Wall, hash_of
from tests.peers.monado.witness import Handed
from tests.waiting import wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.panda.pictures import Picture
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show.take import replay
from xrdrama.tools.takes.replaying import open_take
from xrdrama.wire.commands import Forced, ParamSet
from xrdrama.wire.frame import Frame

pytestmark = pytest.mark.peer
SHOW = "lantern_demo"
WITNESS = Path(__file__).with_name("witness.py")
APART = 2
"""Frames that two of them may be apart."""
ENOUGH = 5
"""Pictures of each, even where eight processes share a processor."""
WATCHED = 12.0
"""Seconds that all three are watched."""
BEFORE = 80
"""Frames that are drawn again before those that are looked for: what lies far off on a wall is
drawn in turns."""
SECOND = 1_000_000_000
SAMPLER = """
window.seen = [];
(function look() {
  const text = (s) => document.querySelector(s)?.textContent ?? "";
  const now = text(".timecode");
  if (now !== window.before) {
    window.before = now;
    const params = {};
    for (const e of document.querySelectorAll(".param input"))
      params[e.id.slice(2)] = Number(e.value);
    window.seen.push({
      at: performance.timeOrigin + performance.now(), timecode: now, beat: text(".now .beat"),
      lines: [...document.querySelectorAll(".now .line p")].map((e) => e.textContent), params,
    });
  }
  requestAnimationFrame(look);
})();
"""


class Page(msgspec.Struct):
    """What a page showed, and since when by the wall clock, in milliseconds."""

    at: float
    timecode: str
    beat: str
    lines: list[str]
    params: dict[str, float]


class Together:
    """The run, and what each of the three showed: by the show's frame number, and when."""

    def __init__(self, folder: Path) -> None:
        with own_network(), closing(Service(folder)) as service, ExitStack() as stack:
            port = free_ports()
            endpoint = f"tcp://127.0.0.1:{port}"
            command = [sys.executable, "-m", "xrdrama", "run", SHOW, "--headless"]
            command += ["--seconds", "600", "--port", str(port), "--out", str(folder / "out")]
            with (folder / "show.err").open("w") as said:
                show = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
            stack.enter_context(ended(show))
            log = folder / "handed.jsonl"
            viewer = subprocess.Popen(
                [service.prefix, sys.executable, str(WITNESS), str(log), "xrdrama", "viewer",
                 endpoint, SHOW, "--on", "headset"],
                env=service.viewer_environment(),
            )  # fmt: skip
            stack.enter_context(ended(viewer))
            browser = stack.enter_context(closing(Chromium(folder / "profile")))
            director = Peer(endpoint, name="d", role="director", sources=("director",))
            stack.callback(director.close, timeout=0.1)
            wall = stack.enter_context(closing(Wall(port)))
            tab = self._page(browser, folder / "show.err")
            wait_until(lambda: b'"number":' in last_line(log), 120, "the headset's frames")
            wall.start()
            director.connect()

            def counts() -> list[int]:
                lines = log.read_bytes().count(b"\n")
                return [lines, int(tab.evaluate("window.seen.length")), len(wall.seen)]

            self._direct(director, counts)
            self.offset = time.time_ns() - time.monotonic_ns()
            self.page = msgspec.convert(tab.evaluate("window.seen"), list[Page])
            show.send_signal(signal.SIGTERM)
            assert show.wait(30) == 0, (folder / "show.err").read_text("utf-8")
            viewer.terminate()
            assert viewer.wait(30) == 0
        self.handed = [
            msgspec.json.decode(line, type=Handed) for line in log.read_bytes().splitlines()
        ]
        self.wall, self.first_on_wall = wall.seen, wall.first
        self.path = folder / "out" / f"{SHOW}.take"
        self.take, self.loaded, self.production = open_take(self.path)
        self.frames = {frame.number: frame for frame, _ in replay(self.take, self.production)}
        self.numbers = {str(f.time.timecode): number for number, f in self.frames.items()}
        self._walls = self._recognized()

    def _page(self, browser: Chromium, said: Path) -> Tab:
        url = wait_until(lambda: re.search(r"http://\S+", said.read_text()), 90, "a console")[0]
        tab = browser.open(url, 390, 844)
        tab.wait("document.querySelector('.standing')?.dataset.now === 'live'", 60)
        tab.wait("document.querySelector('.timecode').textContent")
        tab.evaluate(f"{SAMPLER};0")
        return tab

    def _direct(self, director: Peer, counts: Callable[[], list[int]]) -> None:
        """Changes of everything that is compared, while all look."""
        before = [count + 2 * ENOUGH for count in counts()]
        self.since = time.monotonic_ns()
        for event in (
            ParamSet("director", "fog", 0.8), Forced("director", "taper"),
            ParamSet("director", "fog", 0.1), Forced("director", "counting"),
        ):  # fmt: skip
            time.sleep(WATCHED / 4)  # the changes are spread over what is compared
            director.record(event)
        time.sleep(1.0)  # the last change is shown for as long
        wait_until(
            lambda: all(c >= b for c, b in zip(counts(), before, strict=True)), 90, "pictures"
        )
        self.until = time.monotonic_ns()

    # -- when each showed which frame: (monotonic nanoseconds, frame number) --------------------

    def in_headset(self) -> list[tuple[int, int]]:
        """By when a frame was taken up. A machine without a graphics card that is busy besides
        draws at it for as long as it takes; that is reported, and is not what is tested."""
        return [(h.begun, h.number) for h in self.handed if self.since < h.begun < self.until]

    def drawing(self) -> float:
        """Seconds from taking a frame up to handing it in: the median."""
        return statistics.median((h.at - h.begun) / SECOND for h in self.handed if h.number >= 0)

    def on_page(self) -> list[tuple[int, int]]:
        seen = [(round(p.at * 1e6) - self.offset, self.numbers[p.timecode]) for p in self.page]
        return [(at, number) for at, number in seen if self.since < at < self.until]

    def on_wall(self) -> list[tuple[int, int]]:
        """The wall's pictures while all looked."""
        return [(at, number) for at, number in self._walls if self.since < at < self.until]

    def _recognized(self) -> list[tuple[int, int]]:
        """The wall's pictures, known by those that are drawn again from the take."""
        drawn = [tick.number for tick in self.take.ticks if tick.presented]
        first = self.first_on_wall - BEFORE
        wanted = {picture for _, picture in self.wall}
        known: dict[bytes, int] = {}

        def look(picture: Picture) -> None:
            found = hash_of(np.ascontiguousarray(picture).tobytes())
            if found in wanted:
                known.setdefault(found, self.number)

        pictures = stage_pictures(self.loaded, self.production, quality="draft", wall_sink=look)
        for self.number in drawn:
            if self.number >= first:
                pictures.present(self.frames[self.number])
        pictures.close()
        self.unknown = sum(picture not in known for _, picture in self.wall)
        return [(at, known[picture]) for at, picture in self.wall if picture in known]


def last_line(log: Path) -> bytes:
    lines = log.read_bytes().splitlines() if log.exists() else []
    return b"" if not lines or b'"number":-1' in lines[-1] else lines[-1]


def apart(one: list[tuple[int, int]], other: list[tuple[int, int]], late: int = 0) -> list[int]:
    """At each moment that `one` changed: frames between what it shows and what `other` shows,
    which is seen `late` nanoseconds later than it was."""
    times = [at + late for at, _ in other]
    found = []
    for at, number in one:
        index = bisect.bisect_right(times, at) - 1
        if index >= 0:
            found.append(abs(number - other[index][1]))
    return found


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Together:
    return Together(tmp_path_factory.mktemp("together"))


def is_same(page: Page, frame: Frame) -> bool:
    """Whether a page says what a frame holds."""
    texts = [text for caption in frame.captions for text in caption.texts.values()]
    beat = page.beat.lower().replace(" ", "_") == frame.beat
    spoken = len(page.lines) == len(frame.captions)
    params = all(
        abs(value - float(frame.params[name])) < 0.02
        for name, value in page.params.items()
        if name in frame.params and not isinstance(frame.params[name], str)
    )
    return beat and spoken and params and all(any(t in line for line in page.lines) for t in texts)


def test_a_headset_is_handed_what_the_take_says(together: Together) -> None:
    assert len(together.in_headset()) >= ENOUGH
    for handed in together.handed:
        if handed.number >= 0:
            frame = together.frames[handed.number]
            held = (frame.beat, frame.captions, frame.params)
            assert (handed.beat, handed.captions, handed.params) == held


def test_a_page_says_what_the_take_says_within_two_frames(together: Together) -> None:
    frames = together.frames
    seen = [page for page in together.page if page.timecode]
    numbers = [number for _, number in together.on_page()]
    assert len(numbers) >= ENOUGH
    beats = {page.beat for page in seen}
    assert len(beats) >= 2, beats  # there was something to see
    for page in seen:
        at = together.numbers[page.timecode]
        near = [frames[n] for n in range(at - APART, at + APART + 1) if n in frames]
        assert any(is_same(page, frame) for frame in near), page
    # The control: pages and frames of other times are distinguished.
    half = len(seen) // 2
    others = zip(seen[:half], seen[half:], strict=False)
    wrong = [is_same(page, frames[together.numbers[other.timecode]]) for page, other in others]
    assert sum(wrong) < len(wrong) / 4


def test_the_wall_shows_the_frames_of_the_take_in_order(together: Together) -> None:
    numbers = [number for _, number in together.on_wall()]
    assert len(numbers) >= ENOUGH and together.unknown == 0
    assert numbers == sorted(numbers) and len(set(numbers)) == len(numbers)


def test_all_three_are_within_two_frames_of_each_other(
    together: Together, record_property: Callable[[str, object], None]
) -> None:
    """At the moments when one shows another picture; half of all moments or more, however slow
    this machine is. The rest is reported."""
    record_property("seconds that the headset's picture takes", round(together.drawing(), 3))
    headset, page, wall = together.in_headset(), together.on_page(), together.on_wall()
    pairs = {
        "headset, page": (headset, page), "wall, page": (wall, page),
        "wall, headset": (wall, headset),
    }  # fmt: skip
    for name, (one, other) in pairs.items():
        found = apart(one, other)
        assert len(found) >= ENOUGH
        median, most = statistics.median(found), float(np.percentile(found, 90))
        record_property(f"frames apart, {name}: median, 90 %", (median, most))
        sys.stdout.write(f"{name}: {median} frames apart, 90 % within {most:.0f}\n")
        assert median <= APART, (name, found)
    late = apart(headset, page, late=SECOND)
    assert statistics.median(late) > APART  # the control: a page that is a second late is found
