"""The console's page in a real Chromium, against a real show: every control, at both sizes.

The take of the show is the judge: a control's entry must be there, and its effect in a frame at
most two frames after the one that was current when it was recorded.
"""

from __future__ import annotations

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.bridge.cores import free_port
from tests.peers.browser import Chromium, Tab, waited
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.web.board import board_path
from xrdrama.app.replaying import open_take
from xrdrama.show.take import replay
from xrdrama.wire.events import AnyEvent, Pressed
from xrdrama.wire.frame import Frame

pytestmark = pytest.mark.peer

WEB = Path(__file__).parents[2] / "bridge" / "web"
TABLET, PHONE = (1024, 768), (390, 844)
SERIOUS = ("serious", "critical")


class RunningShow:
    """`xrdrama run lantern_demo --no-video`, as a user starts it."""

    def __init__(self, out: Path, *more: str, video: bool = False) -> None:
        self.port = free_port()
        self.out = out
        self._said = (out.parent / f"{out.name}.err").open("w+")
        command = [sys.executable, "-m", "xrdrama", "run", "lantern_demo"]
        command += ["--headless"] if video else ["--no-video"]
        command += ["--seconds", "600", "--out", str(out), "--port", str(self.port), *more]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=self._said, cwd=out.parent
        )
        self.endpoint = f"tcp://127.0.0.1:{self.port}"
        self.take = out / "lantern_demo.take"

    def url(self) -> str:
        """The address that the show printed."""
        found = waited(lambda: re.search(r"http://\S+", self.said()), 60, "the console's address")
        return str(found[0])

    def said(self) -> str:
        return Path(self._said.name).read_text("utf-8")

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0, self.said()
        self._said.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    browser = Chromium(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def show(tmp_path: Path) -> Iterator[RunningShow]:
    running = RunningShow(tmp_path / "out")
    yield running
    if running.process.poll() is None:
        running.end()


def opened(browser: Chromium, show: RunningShow, size: tuple[int, int] = TABLET) -> Tab:
    tab = browser.open(show.url(), *size)
    tab.wait("document.querySelector('.standing')?.dataset.now === 'live'", 30)
    tab.wait("document.querySelector('.beat').textContent")
    return tab


def state(tab: Tab, selector: str, text: str, timeout: float = 15.0) -> None:
    tab.wait(
        f"document.querySelector({json.dumps(selector)})?.textContent === {json.dumps(text)}",
        timeout,
    )


# -- every control ------------------------------------------------------------------------------

Seen = Callable[[Frame], bool]


def drive(tab: Tab, show: RunningShow) -> list[tuple[str, Seen]]:
    """Use every control once, in order; the effect that each entry of the log must have."""
    wanted: list[tuple[str, Seen]] = []
    params = tab.evaluate("[...document.querySelectorAll('.param input')].map(e => e.id.slice(2))")
    tab.click("#hold")
    wanted.append(("hold", lambda f: f.held))
    state(tab, "#hold strong", "GO ON")
    for name in params:
        before = float(tab.evaluate(f"document.querySelector('#p-{name}').value"))
        key = "ArrowLeft" if before > 0.5 else "ArrowRight"
        tab.evaluate(f"document.querySelector('#p-{name}').focus()")
        tab.key(key)
        tab.wait(f"document.querySelector('[data-release={name}]:not([hidden])')")
        tab.wait("!document.querySelector('.notices p')")
        moved = float(tab.evaluate(f"document.querySelector('#p-{name}').value"))
        assert moved != before, name
        wanted.append((f"move {name}", lambda f, n=name, v=moved: f.params[n] == pytest.approx(v)))
    for name in params:
        tab.click(f"[data-release={name}]")
        tab.wait(f"document.querySelector('[data-release={name}][hidden]')")
        wanted.append((f"release {name}", lambda f, n=name: n not in f.overridden))
    tab.click("#slate")
    for letter in "12A":
        tab.key(letter)
    tab.key("Enter")
    wanted.append(("slate", lambda f: f.slate == "12A"))
    tab.click("#roll")
    state(tab, "#roll", "CUT")
    wanted.append(("roll", lambda f: f.rolling))
    tab.click("#roll")
    state(tab, "#roll", "ROLL")
    wanted.append(("cut", lambda f: not f.rolling))
    tab.click("#panic")
    state(tab, "#panic strong", "BACK…")
    wanted.append(("panic", lambda f: f.panic))
    tab.click("#panic")
    state(tab, "#panic strong", "YES, BACK")
    tab.click("#panic")
    state(tab, "#panic strong", "PANIC")
    wanted.append(("back", lambda f: not f.panic))
    tab.click("#hold")
    state(tab, "#hold strong", "HOLD")
    wanted.append(("go on", lambda f: not f.held))
    return wanted + direct(tab, show)


def direct(tab: Tab, show: RunningShow) -> list[tuple[str, Seen]]:
    """The story's own controls: force, pick, undo, confirm, yes and no."""
    tab.click("#force")
    tab.click("[data-beat=taper]")
    state(tab, "#force-now", "Force to taper")
    tab.click("#force-now")
    state(tab, ".beat", "Taper")
    wanted: list[tuple[str, Seen]] = [("force", lambda f: f.beat == "taper")]
    tab.wait("document.querySelector('[data-option=keep]')", 30)
    tab.click("[data-option=keep]")
    state(tab, ".beat", "Keep watch")
    wanted.append(("pick", lambda f: any(p.option == "keep" for p in f.picks)))
    tab.click("#undo")
    state(tab, ".beat", "Taper")
    wanted.append(("undo", lambda f: f.beat == "taper"))
    tab.click("#confirm")
    tab.wait("document.querySelector('#confirm[aria-pressed=true]')")
    wanted.append(("confirm", lambda f: f.confirming))
    viewer = Peer(show.endpoint, name="viewer", role="viewer", sources=())
    viewer.connect()
    try:
        for answer in ("no", "yes"):
            tab.wait("document.querySelector('[data-option=take]')", 30)
            viewer.record(Pressed("viewer", "take"))
            tab.wait("!document.querySelector('.word').hidden")
            tab.click(f"#{answer}")
            tab.wait("document.querySelector('.word').hidden")
            wanted.append((answer, lambda f: f.proposal is None and not f.held))
    finally:
        viewer.close()
    state(tab, ".beat", "Bring in")
    tab.click("#confirm")
    tab.wait("document.querySelector('#confirm[aria-pressed=false]')")
    wanted.append(("confirm no more", lambda f: not f.confirming))
    return wanted


def test_every_control_is_in_a_frame_at_most_two_after_it_was_recorded(
    browser: Chromium, show: RunningShow
) -> None:
    tab = opened(browser, show)
    wanted = drive(tab, show)
    assert tab.evaluate("document.querySelectorAll('.notices p').length") == 0
    show.end()
    delays = judged(show.take, wanted)
    assert len(delays) == len(wanted) >= 20
    assert all(delay <= 2 for _, delay in delays), delays


def judged(path: Path, wanted: list[tuple[str, Seen]]) -> list[tuple[str, int]]:
    """Each wanted effect, in the order of the log: frames between recording and effect."""
    take, _, production = open_take(path)
    entries = [e for e in take.entries if _is_directors(e.event)]
    assert len(entries) == len(wanted), [e.event for e in entries]
    frames = {frame.number: frame for frame, same in replay(take, production) if same}
    assert len(frames) == len(take.ticks)
    delays = []
    for entry, (name, seen) in zip(entries, wanted, strict=True):
        current = production.rate.frame_at(entry.at)
        later = (n for n in range(current, current + 50) if n in frames and seen(frames[n]))
        took = next(later, None)
        assert took is not None, f"{name}: never in a frame"
        delays.append((name, took - current))
    return delays


def _is_directors(event: AnyEvent) -> bool:
    return getattr(event, "source", "").partition(".")[0] == "director"


def test_the_judge_finds_an_effect_that_never_came(browser: Chromium, show: RunningShow) -> None:
    """The control of the test above."""
    tab = opened(browser, show)
    tab.click("#hold")
    state(tab, "#hold strong", "GO ON")
    show.end()
    assert judged(show.take, [("hold", lambda f: f.held)])
    with pytest.raises(AssertionError, match="never in a frame"):
        judged(show.take, [("hold", lambda f: f.panic)])


def test_live_pictures_are_seen_and_a_show_without_them_says_how_to_get_them(
    browser: Chromium, show: RunningShow, tmp_path: Path
) -> None:
    tab = opened(browser, show)
    tab.wait("document.querySelector('.pictures .none').textContent.includes('--headless')")
    assert tab.evaluate("document.querySelector('.lens').hidden")
    show.end()
    drawn = RunningShow(tmp_path / "drawn", video=True)
    try:
        tab = opened(browser, drawn)
        for name in ("lens", "wall"):
            tab.wait(f"document.querySelector('.{name} img').naturalWidth > 0", 60)
            wide = tab.evaluate(f"document.querySelector('.{name} img').naturalWidth")
            assert 0 < wide <= 640
        assert tab.evaluate("document.querySelector('.none').hidden")
        data = Path(board_path(drawn.port)).read_bytes()
        waited(lambda: Path(board_path(drawn.port)).read_bytes() != data, 20, "a newer picture")
    finally:
        drawn.end()


def test_the_pages_own_tests_pass() -> None:
    done = subprocess.run(
        [sys.executable, str(WEB / "build.py"), "--test"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


# -- keys, sizes, access ------------------------------------------------------------------------


def test_keys_do_what_the_sheet_says(browser: Chromium, show: RunningShow) -> None:
    tab = opened(browser, show)
    tab.key("?")
    tab.wait("document.querySelector('dialog.help[open]')")
    listed = tab.evaluate("[...document.querySelectorAll('.keys dt')].map(e => e.textContent)")
    assert set("HUCYNFRSMP1234?") == set(listed)
    tab.evaluate("document.querySelector('dialog.help').close()")
    tab.key("h")
    state(tab, "#hold strong", "GO ON")
    tab.key("r")
    state(tab, "#roll", "CUT")
    tab.key("f")
    tab.wait("document.querySelector('dialog.map[open]')")
    tab.evaluate("document.querySelector('dialog.map').close()")
    tab.key("m")
    tab.wait("document.activeElement.matches('.params input')")
    tab.key("s")
    tab.wait("document.activeElement.id === 'slate'")
    tab.key("h")
    tab.wait("document.querySelector('#slate').value === 'h'")
    state(tab, "#hold strong", "GO ON")  # what is written is no command
    tab.key("Enter")
    tab.key("p")
    state(tab, "#panic strong", "BACK…")
    tab.key("p")
    state(tab, "#panic strong", "YES, BACK")
    tab.key("p")
    state(tab, "#panic strong", "PANIC")


def axe(tab: Tab) -> list[dict[str, Any]]:
    """axe-core's findings that are serious or worse."""
    source = (WEB / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    tab.evaluate(f"{source};0")
    found = json.loads(tab.evaluate("axe.run().then(r => JSON.stringify(r.violations))"))
    return [
        {"id": one["id"], "nodes": [node["html"][:120] for node in one["nodes"]]}
        for one in found
        if one["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_no_serious_findings_of_axe(
    browser: Chromium, show: RunningShow, size: tuple[int, int], tmp_path: Path
) -> None:
    tab = opened(browser, show, size)
    tab.click("#hold")
    state(tab, "#hold strong", "GO ON")
    tab.evaluate("document.querySelector('#p-fog').focus()")
    tab.key("ArrowRight")
    tab.wait("document.querySelector('[data-release=fog]:not([hidden])')")
    assert axe(tab) == []
    for opener in ("#force", "#help"):
        tab.click(opener)
        tab.wait("document.querySelector('dialog[open]')")
        assert axe(tab) == [], opener
        tab.evaluate("document.querySelector('dialog[open]').close()")
    tab.click("#panic")
    state(tab, "#panic strong", "BACK…")
    assert axe(tab) == []
    wide = tab.evaluate("document.documentElement.scrollWidth")
    assert wide <= size[0], "nothing sticks out to the side"
    small = tab.evaluate(
        "[...document.querySelectorAll('button')].filter(b => b.offsetParent && "
        "(b.offsetHeight < 44 || b.offsetWidth < 44)).map(b => b.id || b.textContent)"
    )
    assert small == [], "targets for fingers"
    tab.screenshot(tmp_path / "page.png")
    tab.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [one["id"] for one in axe(tab)] == ["button-name"], "the control: axe does look"


def test_a_page_that_lost_its_connection_comes_back_by_itself(
    browser: Chromium, show: RunningShow
) -> None:
    tab = opened(browser, show)
    children = Path(f"/proc/{show.process.pid}/task/{show.process.pid}/children").read_text()
    console = next(pid for pid in children.split() if b"console" in _command(pid))
    os.kill(int(console), signal.SIGSTOP)  # nothing answers for longer than pages are patient
    time.sleep(3)
    os.kill(int(console), signal.SIGCONT)
    before = tab.evaluate("document.querySelector('.timecode').textContent")
    tab.wait(f"document.querySelector('.timecode').textContent > {json.dumps(before)}")
    tab.wait("document.querySelector('.standing').dataset.now === 'live'")


def _command(pid: str) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_two_pages_show_the_same(browser: Chromium, show: RunningShow) -> None:
    one = opened(browser, show)
    one.click("#help")
    one.evaluate("document.querySelector('#invite-role').value = 'director'")
    one.click("#invite")
    one.wait("document.querySelector('.url').textContent")
    url = one.evaluate("document.querySelector('.url').textContent")
    one.evaluate("document.querySelector('dialog[open]').close()")
    two = browser.open(url, *PHONE)
    two.wait("document.querySelector('.standing')?.dataset.now === 'live'")
    one.click("#hold")
    state(one, "#hold strong", "GO ON")
    state(two, "#hold strong", "GO ON")
    two.evaluate("document.querySelector('#p-fog').focus()")
    two.key("ArrowRight")
    one.wait("document.querySelector('#p-fog').closest('.param').classList.contains('over')")
    state(one, ".param.over .by", "director.2")
    one.click("[data-release=fog]")
    two.wait("!document.querySelector('.param.over')")
    texts = [
        "document.querySelector('.beat').textContent",
        "document.querySelector('.params').innerText",
    ]
    for text in texts:
        waited(lambda text=text: one.evaluate(text) == two.evaluate(text), 5, text)


# -- what it costs ------------------------------------------------------------------------------


def cpu(pid: int) -> int:
    """Nanoseconds of CPU that a process has used, all threads."""
    stats = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(path.read_text().split()[0]) for path in stats)


@pytest.mark.soak
def test_five_consoles_cost_the_core_little(
    browser: Chromium, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one run, in turns: nothing beside the show; a console with five pages."""
    show = RunningShow(tmp_path / "out", "--no-console")
    frames = Counter(show.endpoint)
    try:
        alone, watched = [], []
        frames.wait(24)
        for _ in range(6):
            alone.append(frames.cost(show.process.pid, 5.0))
            console = subprocess.Popen(
                [sys.executable, "-m", "xrdrama", "console", "--core", show.endpoint,
                 "--show", "lantern_demo", "--json"],
                stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert console.stdout is not None
            tabs = [browser.open(json.loads(console.stdout.readline())["url"], *TABLET)]
            tabs[0].wait("document.querySelector('.standing')?.dataset.now === 'live'", 30)
            for _ in range(4):
                tabs.append(_invited(browser, tabs[0]))
            time.sleep(1.0)
            watched.append(frames.cost(show.process.pid, 5.0))
            for tab in tabs:
                tab.call("Page.close")
            console.terminate()
            console.wait(10)
            console.stdout.close()
        ratio = statistics.median(watched) / statistics.median(alone)
        with capsys.disabled():
            sys.stdout.write(
                f"\ncore CPU a frame: {statistics.median(alone) / 1e6:.3f} ms alone, "
                f"{statistics.median(watched) / 1e6:.3f} ms with five consoles: x{ratio:.3f}\n"
            )
        assert ratio <= 1.05
    finally:
        frames.close()
        show.end()


def _invited(browser: Chromium, tab: Tab) -> Tab:
    script = (
        "fetch('/invite', {method: 'POST', body: JSON.stringify({role: 'viewer'})})"
        ".then(r => r.json()).then(r => r.url)"
    )
    other = browser.open(tab.evaluate(script), *TABLET)
    other.wait("document.querySelector('.standing')?.dataset.now === 'live'", 30)
    return other


class Counter:
    """Follows a show's frame numbers."""

    def __init__(self, endpoint: str) -> None:
        self._peer = Peer(endpoint, name="counter", role="viewer", sources=())
        self.number = -1
        self._peer.subscribe(self._take)

    def _take(self, frame: Frame) -> None:
        self.number = frame.number

    def wait(self, number: int) -> None:
        waited(lambda: self.number >= number, 90, f"frame {number}")

    def cost(self, pid: int, seconds: float) -> float:
        """Nanoseconds of CPU a frame."""
        number, used = self.number, cpu(pid)
        time.sleep(seconds)
        return (cpu(pid) - used) / (self.number - number)

    def close(self) -> None:
        self._peer.close()
