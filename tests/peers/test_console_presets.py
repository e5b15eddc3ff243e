"""Looks and cues on the console's page, in a real Chromium: a button, the core, the picture."""

from __future__ import annotations

import pytest

from tests.peers.browser import Chromium
from tests.peers.console_show import RunningShow, axe, opened

pytestmark = pytest.mark.peer


def test_look_button_fades_the_set_and_cue_button_starts_a_cue(
    browser: Chromium, show: RunningShow
) -> None:
    tab = opened(browser, show)
    tab.wait("document.querySelector('[data-look]:not([disabled])')")
    tab.evaluate("document.querySelector('#fade').value = '0'; 0")
    tab.evaluate("document.querySelector('[data-look]').click(); 0")
    tab.wait("document.querySelector('.doings').textContent.includes('faded to')")
    tab.evaluate("document.querySelector('[data-cue]').click(); 0")
    tab.wait("document.querySelector('.doings').textContent.includes('started the cue')")
    assert not tab.evaluate("document.querySelector('.notices p')"), "nothing was refused"
    assert axe(tab) == []
