"""The previsualisation's window on a real X screen: it plays, keys switch layers, cameras and
lenses, closing it ends the command with a report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.peers.monado.stand import Screen
from tests.peers.monado.typist import Typist
from tests.waiting import wait_until

pytestmark = pytest.mark.peer
TITLE = "lantern_two_cameras: previsualisation, simulated"
COMMAND = [sys.executable, "-m", "xrdrama", "previs", "lantern_two_cameras", "--json"]


def test_the_window_plays_and_its_keys_switch_what_is_shown(tmp_path: Path) -> None:
    with (
        closing(Screen(tmp_path)) as screen,
        subprocess.Popen(
            COMMAND,
            env={**os.environ, "DISPLAY": screen.name},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as shown,
    ):
        try:
            switch_all(screen, Typist(screen.name, TITLE, 120.0))
            output, _ = shown.communicate(timeout=60)
        finally:
            shown.kill()
    report = json.loads(output)
    assert shown.returncode == 0 and report["frames"] > 5
    assert report["camera"] == "tele" and report["layers"]["overscan_edge"] is False
    assert report["layers"]["moire"] is False and report["layers"]["slip"] is True


def switch_all(screen: Screen, typist: Typist) -> None:
    """Press the keys, look at what they change, and close the window."""
    wait_until(lambda: colours(screen) > 2000, 120, "the first picture", every=0.2)
    typist.key("space")
    still = settled(screen)
    typist.key("m")
    wait_until(lambda: difference(screen, still) > 0.3, 30, "the map of moire", every=0.2)
    typist.key("m")
    assert np.array_equal(settled(screen), still), "without the map it is the picture before"
    typist.key("c")
    wait_until(lambda: difference(screen, still) > 2.0, 30, "the other camera", every=0.2)
    other = settled(screen)
    typist.key("Up")
    wait_until(lambda: difference(screen, other) > 1.0, 30, "a longer lens", every=0.2)
    longer = settled(screen)
    typist.key("o")
    assert not np.array_equal(settled(screen), longer), "the edge of the inner frustum is gone"
    typist.key("o")
    assert np.array_equal(settled(screen), longer), "and is there again"
    typist.key("o")
    settled(screen)
    typist.close_window()
    typist.leave()


def test_without_a_screen_it_says_what_to_do() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and not done.stdout
    assert "there is no screen for a window" in done.stderr


def colours(screen: Screen) -> int:
    """How many there are: few while the sets are loaded."""
    return len(np.unique(screen.picture()[::4, ::4].reshape(-1, 3), axis=0))


def settled(screen: Screen) -> np.ndarray:
    """The picture of the screen once it does not change any more; keys are listed for 4 s."""
    seen = [screen.picture()]

    def is_still() -> bool:
        seen.append(screen.picture())
        return len(seen) > 3 and all(np.array_equal(seen[-1], one) for one in seen[-4:])

    wait_until(is_still, 90, "a still picture", every=3.0)
    return seen[-1].astype(int)


def difference(screen: Screen, than: np.ndarray) -> float:
    return float(np.abs(screen.picture().astype(int) - than).mean())
