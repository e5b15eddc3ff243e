"""A look is saved on the console's page, recalled, and is in the show file, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.browser import Chromium, Tab
from tests.peers.console_show import RunningShow, axe, opened
from tests.waiting import wait_until
from xrdrama import content
from xrdrama.tools.takes.replaying import replay_take

pytestmark = pytest.mark.peer


@pytest.fixture
def show_file(tmp_path: Path) -> Path:
    """A show of its own, found before ours of the same name."""
    ours = content.package_roots()[0] / "examples" / "shows" / "lantern_demo.show.yaml"
    path = tmp_path / "shows" / ours.name
    path.parent.mkdir()
    path.write_bytes(ours.read_bytes())
    return path


@pytest.fixture
def own_show(show_file: Path, tmp_path: Path) -> Iterator[RunningShow]:
    running = RunningShow(tmp_path / "out")
    yield running
    if running.process.poll() is None:
        running.end()


def typed(tab: Tab, selector: str, text: str) -> None:
    """Type into a field, as a keyboard does."""
    tab.evaluate(
        f"(() => {{ const e = document.querySelector('{selector}'); e.focus(); e.select();"
        f" document.execCommand('insertText', false, {text!r}) }})()"
    )


def fog(tab: Tab, value: str) -> None:
    typed(tab, "#p-fog-number", value)
    tab.evaluate("document.querySelector('#p-fog-number').focus(); 0")
    tab.key("Enter")
    tab.wait(f"document.querySelector('#p-fog-number').value === '{value}'")
    tab.wait(f"document.querySelector('.doings').textContent.includes('fog to {value}')")


def test_look_is_saved_recalled_found_in_the_file_and_known_after_a_resumption(
    browser: Chromium, own_show: RunningShow, show_file: Path, tmp_path: Path
) -> None:
    before = show_file.read_text("utf-8")
    tab = opened(browser, own_show)
    tab.wait("document.querySelector('#look-name:not([disabled])')")
    assert tab.evaluate("document.querySelector('#save-look').disabled"), "a name is missing"
    fog(tab, "0.90")
    typed(tab, "#look-name", "Last light")
    typed(tab, "#look-fade", "0.5")
    tab.click("#save-look")
    tab.wait(
        "document.querySelector('[data-look=last_light]')?.textContent === 'Last light · 0.5 s'"
    )
    tab.wait("document.querySelector('#look-name').value === ''")
    fog(tab, "0.10")
    tab.click("[data-look=last_light]")
    tab.wait("document.querySelector('#p-fog-number').value === '0.90'")
    tab.call("Page.reload")  # a page that comes late
    tab.wait("document.querySelector('[data-look=last_light]:not([disabled])')")
    typed(tab, "#look-name", "Last light")
    assert tab.evaluate("document.querySelector('#save-look').textContent") == "Replace look"
    assert axe(tab) == []

    text = show_file.read_text("utf-8")
    assert text.startswith(before), "comments and layout stay"
    added = text.removeprefix(before)
    assert added.startswith("looks:\n  last_light:\n    title: Last light\n    fade: 0.5s\n")
    assert "      fog: 0.9\n" in added
    assert f"the look 'last_light' is saved in {show_file}" in own_show.said()
    typed(tab, "#look-name", "wall camera")
    tab.click("#save-look")
    tab.wait("document.querySelector('.notices').textContent.includes('use another name')")
    assert tab.evaluate("document.querySelector('#look-name').value") == "wall camera"

    own_show.kill()
    resumed = RunningShow(own_show.out, "--resume", str(own_show.take))
    page = opened(browser, resumed)
    page.wait("document.querySelector('[data-look=last_light]')")
    assert "show file has others" not in resumed.said(), "the file has what the take has"
    typed(page, "#look-name", "Last light")
    page.click("#delete-look")
    page.wait("!document.querySelector('[data-look=last_light]')")
    wait_until(lambda: show_file.read_text("utf-8") == before, 20, "the file without the look")
    resumed.end()
    assert replay_take(resumed.take).identical
