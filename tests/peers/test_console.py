"""The console's page in a real Chromium, against a real show: every control and every key.

The take of the show is the judge: a control's entry must be there, and its effect in a frame at
most two frames after the one that was current when it was recorded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.peers.browser import Chromium, Tab
from tests.peers.console_show import RunningShow, opened, state
from xrdrama.adapters.bridge import Peer
from xrdrama.show.take import replay
from xrdrama.tools.takes.replaying import open_take
from xrdrama.wire.events import AnyEvent, Pressed
from xrdrama.wire.frame import Frame

pytestmark = pytest.mark.peer

Seen = Callable[[Frame], bool]


def drive(tab: Tab, show: RunningShow) -> list[tuple[str, Seen]]:
    """Use every control once, in order; the effect that each entry of the log must have."""
    wanted: list[tuple[str, Seen]] = []
    params = tab.evaluate(
        "[...document.querySelectorAll('.param input:not([type=number])')].map(e => e.id.slice(2))"
    )
    tab.click("#hold")
    wanted.append(("hold", lambda f: f.held))
    state(tab, "#hold strong", "RESUME")
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
    state(tab, "#roll strong", "CUT")
    wanted.append(("roll", lambda f: f.rolling))
    rolls = "document.querySelector('.flag.rolling').textContent"
    tab.wait(f"/^ROLL 1 (?!0:00)\\d+:\\d\\d$/.test({rolls})")
    tab.click("#roll")
    state(tab, "#roll strong", "ROLL")
    state(tab, "#roll small", "the 2nd")
    wanted.append(("cut", lambda f: not f.rolling))
    tab.click("#panic")
    state(tab, "#panic strong", "BACK…")
    wanted.append(("panic", lambda f: f.panic))
    with tab.standing_clock():
        tab.click("#panic")
        state(tab, "#panic strong", "YES, BACK")
        tab.click("#panic")
        state(tab, "#panic strong", "PANIC")
    wanted.append(("back", lambda f: not f.panic))
    tab.click("#hold")
    state(tab, "#hold strong", "HOLD")
    wanted.append(("resume", lambda f: not f.held))
    return wanted + direct(tab, show)


def direct(tab: Tab, show: RunningShow) -> list[tuple[str, Seen]]:
    """The story's own controls: force, pick, undo, confirm, yes and no."""
    tab.click("#force")
    tab.click("[data-beat=taper]")
    state(tab, "#force-now", "Force to taper")
    tab.click("#force-now")
    state(tab, ".beat", "Taper")
    wanted: list[tuple[str, Seen]] = [("force", lambda f: f.beat == "taper")]
    tab.wait("document.querySelector('[data-option=keep]')")
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
            tab.wait("document.querySelector('[data-option=take]')")
            viewer.record(Pressed("viewer", "take"))
            tab.wait("!document.querySelector('.word').hidden")
            state(tab, ".word .asked", "“Give me the lantern” → Bring in")
            state(tab, ".heard .waits .what", "waits for you: Give me the lantern")
            assert tab.evaluate(
                "['hold', 'confirm'].every(id => document.getElementById(id).disabled)"
            ), "what waits is not let go by another button"
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
    """Each wanted effect, in the order of the log: frames between recording and effect.

    A show that is very late lets frames go; those that it made are counted.
    """
    take, _, production = open_take(path, embedded=True)
    entries = [e for e in take.entries if _is_directors(e.event)]
    assert len(entries) == len(wanted), [e.event for e in entries]
    frames = {frame.number: frame for frame, same in replay(take, production) if same}
    assert len(frames) == len(take.ticks)
    numbers = sorted(frames)
    delays = []
    for entry, (name, seen) in zip(entries, wanted, strict=True):
        current = bisect_left(numbers, production.rate.frame_at(entry.at))
        later = enumerate(numbers[current : current + 50])
        took = next((count for count, number in later if seen(frames[number])), None)
        assert took is not None, f"{name}: never in a frame"
        delays.append((name, took))
    return delays


def _is_directors(event: AnyEvent) -> bool:
    return getattr(event, "source", "").partition(".")[0] == "director"


def test_the_judge_finds_an_effect_that_never_came(browser: Chromium, show: RunningShow) -> None:
    """The control of the test above."""
    tab = opened(browser, show)
    tab.click("#hold")
    state(tab, "#hold strong", "RESUME")
    show.end()
    assert judged(show.take, [("hold", lambda f: f.held)])
    with pytest.raises(AssertionError, match="never in a frame"):
        judged(show.take, [("hold", lambda f: f.panic)])


def test_keys_do_what_the_sheet_says(browser: Chromium, show: RunningShow) -> None:
    tab = opened(browser, show)
    tab.key("?")
    tab.wait("document.querySelector('dialog.help[open]')")
    listed = tab.evaluate("[...document.querySelectorAll('.keys dt')].map(e => e.textContent)")
    assert {*"HUCYNFRSMP1234?", "Esc"} == set(listed)
    tab.key("s")
    assert tab.evaluate("document.activeElement.id") != "slate", "the sheet covers it"
    tab.key("Escape")
    tab.wait("!document.querySelector('dialog[open]')")
    tab.key("h")
    state(tab, "#hold strong", "RESUME")
    tab.key("r")
    state(tab, "#roll strong", "CUT")
    tab.key("f")
    tab.wait("document.querySelector('dialog.map[open]')")
    tab.key("Escape")
    tab.wait("!document.querySelector('dialog[open]')")
    tab.key("m")
    tab.wait("document.activeElement.matches('.params input')")
    tab.key("s")
    tab.wait("document.activeElement.id === 'slate'")
    tab.key("h")
    tab.wait("document.querySelector('#slate').value === 'h'")
    state(tab, "#hold strong", "RESUME")  # typed text is not a command
    tab.key("Enter")
    with tab.standing_clock():
        for word in ("BACK…", "YES, BACK", "PANIC"):
            tab.key("p")
            state(tab, "#panic strong", word)
