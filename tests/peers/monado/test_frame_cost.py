"""What a headset's frame costs in Python, as a ratio against a bare loop of the same session."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.peers.monado.audience import SHOW, Performance
from tests.peers.monado.stand import Service, own_network
from xrdrama import content

pytestmark = pytest.mark.peer
GOAL = 2.0
FRAMES = 120


def without_performers(folder: Path) -> Path:
    """The show alone: `bench performers` measures what posing and drawing them costs."""
    path = content.find("show", SHOW)
    before, _, after = content.read_text(path).partition("performers:\n")
    rest = after.splitlines(keepends=True)
    while rest and rest[0].startswith(" "):
        rest.pop(0)
    made = folder / path.name
    made.write_text(before + "".join(rest), "utf-8")
    return made


def test_our_python_in_a_frame_is_at_most_twice_the_bare_loops(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    script = Path(__file__).parent / "frame_cost.py"
    with own_network(), closing(Service(tmp_path)) as service:
        environment = service.viewer_environment()
        environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[3])
        played = without_performers(tmp_path)
        arguments = ("run", str(played), "--headless", "--no-video")
        with closing(Performance(tmp_path / "out", environment, *arguments)) as show:
            show.wait(lambda frame: frame.number > 4, 90.0)
            done = subprocess.run(
                [service.prefix, sys.executable, script, show.endpoint, played, str(FRAMES)],
                env=environment,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["frames"] == FRAMES
    ratio = found["ours"] / found["bare"]
    for name in ("ours", "bare"):
        record_property(f"{name}_us", found[name])
    assert found["bare"] > 50.0
    assert ratio <= GOAL, found
