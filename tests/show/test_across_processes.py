"""Frames and compiled sets are equal in every process, whatever its surroundings.

Two processes with another seed of hashes, locale, time zone, folder and CPU play the same log. What
depends on the order of a set, on `hash`, on the locale or on the local time differs between them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLAYS = """
import json, locale, os, sys, time
sys.path.insert(0, sys.argv[1])
os.sched_setaffinity(0, {json.loads(sys.argv[2])})
locale.setlocale(locale.LC_ALL, "")
time.tzset()

from tests.show.small import MS, OPENS, played, shows, small, spoken
from xrdrama import content
from xrdrama.adapters.panda.set.decoding import decoded
from xrdrama.processes.sets import scene_files, unread_files
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.parse import parse_scene
from xrdrama.timing import NS
from xrdrama.wire.commands import HeldStory, ParamSet
from xrdrama.wire.events import MarkerSeen, Pressed
from xrdrama.wire.frame import frame_hash
from xrdrama.wire.schema import schema_hash


def frames(production, log, seconds, fps):
    return [frame_hash(f).hex() for f in played(log, seconds, production, fps=fps)[1]]


def compiled(name):
    file = content.find("scene", name)
    scene, problems = parse_scene(content.read_text(file), name)
    assert scene is not None, problems
    return compile_scene(
        scene, scene_files(file.parent), decode=decoded, unread=unread_files(file.parent)
    ).hash


log = [
    spoken("I remember you", OPENS + 100 * MS),
    *shows("fist", OPENS + 300 * MS, OPENS + 900 * MS),
    (4 * NS, ParamSet("desk", "fog", 1.0)),
    (5 * NS, HeldStory("desk", True)),
    (6 * NS, HeldStory("desk", False)),
    (7 * NS, MarkerSeen("cam", "door_god", True)),
    *shows("open_palm", 12 * NS, 13 * NS),
]
demo = content.produce(content.load_show("lantern_demo"))
picks = [(14 * NS, Pressed("keys", "remember")), (26 * NS, Pressed("keys", "take"))]
print(json.dumps({
    "small": frames(small(), log, 30, 25),
    "demo": frames(demo, picks, 45, 8),
    "set": compiled("lantern_street"),
    "schema": schema_hash(),
    "surroundings": [hash("lantern"), time.tzname[0], str(os.sched_getaffinity(0)), os.getcwd()],
}))
"""


def play(folder: Path, cpu: int, **surroundings: str) -> subprocess.Popen[str]:
    named = {n: v for n, v in os.environ.items() if not n.startswith(("LC_", "LANG", "PYTHON"))}
    return subprocess.Popen(
        [sys.executable, "-c", PLAYS, str(ROOT), str(cpu)],
        cwd=folder, env={**named, **surroundings},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def played_twice(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Both at once: they do not even share a time of day."""
    cpus = sorted(os.sched_getaffinity(0))
    other = tmp_path_factory.mktemp("elsewhere")
    processes = [
        play(ROOT, cpus[0], PYTHONHASHSEED="1", LC_ALL="C.UTF-8", TZ="Asia/Shanghai"),
        play(other, cpus[-1], PYTHONHASHSEED="4242", LC_ALL="C", PYTHONUTF8="0",
             PYTHONCOERCECLOCALE="0", TZ="America/St_Johns"),
    ]  # fmt: skip
    said = [process.communicate() for process in processes]
    for process, (_, errors) in zip(processes, said, strict=True):
        assert process.returncode == 0, errors
    return [json.loads(out) for out, _ in said]


def test_surroundings_of_the_two_processes_differ(played_twice: list[dict[str, Any]]) -> None:
    """The control: what is equal below was not made alike."""
    first, second = (said["surroundings"] for said in played_twice)
    same = [a for a, b in zip(first, second, strict=True) if a == b]
    assert len(same) <= (len(os.sched_getaffinity(0)) == 1)


@pytest.mark.parametrize(("what", "count"), [("small", 751), ("demo", 361)])
def test_frames_have_the_same_hashes_in_both_processes(
    played_twice: list[dict[str, Any]], what: str, count: int
) -> None:
    first, second = (said[what] for said in played_twice)
    assert len(first) == count and len(set(first)) > count / 2
    assert first == second


@pytest.mark.parametrize("what", ["set", "schema"])
def test_compiled_sets_and_schemas_have_the_same_hash_in_both_processes(
    played_twice: list[dict[str, Any]], what: str
) -> None:
    first, second = (said[what] for said in played_twice)
    assert first == second
