"""Nothing is compiled or uploaded for the first time once a show's clock has started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from xrdrama import content
from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.run.outputs.outputs import Outputs
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.run.outputs.warming import Late, WarmUp
from xrdrama.run.take.resuming import clock
from xrdrama.show import Production
from xrdrama.show.rehearsal import Rehearsal, rehearsal_of
from xrdrama.story import Line
from xrdrama.tools.report.counts import COUNTS
from xrdrama.wire.frame import Frame

SMALL = (160, 90)


@pytest.fixture(scope="module")
def loaded() -> content.Loaded:
    return content.load_show("lantern_demo")


@pytest.fixture(scope="module")
def production(loaded: content.Loaded) -> Production:
    made = content.produce(loaded)
    stage = made.stage
    assert stage is not None
    outer = msgspec.structs.replace(stage.outer, density=4.0)
    stage = msgspec.structs.replace(stage.with_pictures(SMALL), outer=outer)
    return msgspec.structs.replace(made, stage=stage)


@pytest.fixture(scope="module")
def rehearsal(production: Production) -> Rehearsal:
    return rehearsal_of(production)


@pytest.fixture
def drawn(loaded: content.Loaded, production: Production) -> Iterator[Callable[[], StagePictures]]:
    opened: list[StagePictures] = []

    def make() -> StagePictures:
        opened.append(stage_pictures(loaded, production, quality="draft"))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def every_frame(rehearsal: Rehearsal) -> list[Frame]:
    """The opening, every state of every set, and all words: more than any playthrough shows."""
    states = [frame for _, frames in rehearsal.sets for frame in frames]
    return [rehearsal.opening, *states, *rehearsal.words]


def test_a_rehearsal_has_every_set_look_cue_line_and_option(
    production: Production, rehearsal: Rehearsal
) -> None:
    assert [name for name, _ in rehearsal.sets] == list(production.scenes)
    for name, frames in rehearsal.sets:
        scene = production.scenes[name]
        shown = [dict(frame.params) for frame in frames]
        for look, wanted in scene.looks.items():
            assert any(wanted.items() <= params.items() for params in shown), look
        moved = {move.param for cue in scene.cues.values() for move in cue.moves}
        assert all(len({str(params[name]) for params in shown}) > 1 for name in moved)
    lines = {c.line for frame in rehearsal.words for c in frame.captions}
    beats = production.story.order
    assert lines == {item.id for b in beats for item in b.script if isinstance(item, Line)}
    offered = {o.id for frame in rehearsal.words if frame.choice for o in frame.choice.options}
    assert offered == {o.id for b in beats if b.choice for o in b.choice.options}


@pytest.mark.peer
def test_after_the_warm_up_nothing_is_made_late(
    production: Production, rehearsal: Rehearsal, drawn: Callable[[], StagePictures]
) -> None:
    pictures = drawn()
    steps: list[str] = []
    warm_up = WarmUp(Outputs.of(pictures), steps.append)
    warm_up.run(production, threading.Event())
    warm_up.begin()
    for frame in every_frame(rehearsal):
        pictures.present(frame)
        pictures.newest("lens")
        pictures.newest("wall")
    late = warm_up.late()
    assert late == Late(0, 0, 0, late.driver_code_late_kb)
    assert late.driver_code_late_kb in (None, 0)
    assert steps[0] == "warming up: set lantern_street"


def test_without_the_warm_up_all_is_made_late(
    rehearsal: Rehearsal, drawn: Callable[[], StagePictures]
) -> None:
    """The negative control."""
    pictures = drawn()
    cold = WarmUp(Outputs.of(pictures))
    cold.begin()
    for frame in every_frame(rehearsal)[::8]:
        pictures.present(frame)
    late = cold.late()
    assert late.shaders_compiled_late > 20
    assert late.textures_uploaded_late > 20
    assert late.meshes_uploaded_late > 20
    assert late.driver_code_late_kb is None or late.driver_code_late_kb > 100


def active(pictures: StagePictures) -> list[str]:
    """The targets that the next picture would draw."""
    outputs = pictures._graphics.engine.get_windows()
    return sorted(output.get_name() for output in outputs if output.is_active())


def test_frames_look_the_same_after_a_warm_up(
    production: Production, rehearsal: Rehearsal, drawn: Callable[[], StagePictures]
) -> None:
    warm, cold = drawn(), drawn()
    WarmUp(Outputs.of(warm)).run(production, threading.Event())
    for frame in (rehearsal.opening, rehearsal.sets[0][1][3], rehearsal.words[0]):
        found = []
        for pictures in (warm, cold):
            pictures.present(frame)
            found.append((pictures.newest("lens"), pictures.newest("wall")))
        for one, other in zip(*found, strict=True):
            assert np.array_equal(one, other)
            assert one.max() > 40, "the control: something is seen"
    warm_active, cold_active = (active(pictures) for pictures in (warm, cold))
    assert warm_active == cold_active, "the warm-up leaves nothing switched on"


def test_a_warm_up_ends_when_it_is_stopped(
    production: Production, drawn: Callable[[], StagePictures]
) -> None:
    stop = threading.Event()
    stop.set()
    steps: list[str] = []
    WarmUp(Outputs.of(drawn()), steps.append).run(production, stop)
    assert steps == []


@pytest.mark.parametrize(
    ("seconds", "text"), [(12.3, "00:12.3"), (59.96, "01:00.0"), (0, "00:00.0")]
)
def test_the_time_of_a_resumption_is_printed(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def run(cache: Path, out: Path, *more: str) -> tuple[dict[str, Any], str]:
    """A live run with a shader cache of its own: its JSON, and stderr."""
    environment = {**os.environ, "MESA_SHADER_CACHE_DIR": str(cache)}
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_demo", "--headless"]
    command += ["--seconds", "1", "--no-console", "--out", str(out), "--json", *more]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


@pytest.mark.peer
def test_the_first_run_ever_makes_every_frame(tmp_path: Path) -> None:
    found, said = run(tmp_path / "cache", tmp_path / "warm")
    assert found["made"] == found["drawn"] + found["late"] == 24
    assert found["skipped"] == found["dropped"] == 0
    assert found["shaders_compiled_late"] == found["textures_uploaded_late"] == 0
    assert found["meshes_uploaded_late"] == 0
    assert found["driver_code_late_kb"] in (None, 0)
    assert "warming up" in said
    # The negative control; the shaders are cached by now, or it would take as long again.
    cold, _ = run(tmp_path / "cache", tmp_path / "cold", "--no-warm-up")
    assert cold["shaders_compiled_late"] > 20
    assert cold["driver_code_late_kb"] is None or cold["driver_code_late_kb"] > 100


def test_readme_defines_the_counts_as_the_report_does() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    for name, meaning in COUNTS.items():
        assert f"| {name} | {meaning} |" in readme
