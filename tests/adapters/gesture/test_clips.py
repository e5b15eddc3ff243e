"""The baked clips are what their papers say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import av
import pytest

from xrdrama.wire.events import HandPose

FOLDER = Path(__file__).parents[3] / "examples" / "clips" / "hands"
NAMES = sorted(path.stem for path in FOLDER.glob("*.webm"))


def test_there_is_a_clip_for_each_case() -> None:
    wanted = {"open_palm", "fist", "point", "victory", "wave", "three", "empty", "demo_hand"}
    assert set(NAMES) == wanted
    assert {path.stem for path in FOLDER.glob("*.json")} == wanted


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_is_small_and_of_its_length(name: str) -> None:
    path, truth_file = FOLDER / f"{name}.webm", json.loads((FOLDER / f"{name}.json").read_text())
    assert path.stat().st_size < 250_000
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == (
            "vp9", 640, 480,
        )  # fmt: skip
        frames = sum(1 for packet in container.demux(stream) if packet.size)
    assert frames == round(truth_file["seconds"] * truth_file["frames_per_second"])


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_in_order_and_in_words_of_the_wire(name: str) -> None:
    truth_file = json.loads((FOLDER / f"{name}.json").read_text())
    assert truth_file["clip"] == name
    times = [time for part in truth_file["truth"] for time in (part["from"], part["until"])]
    assert times == sorted(times)
    assert 0.0 <= times[0] <= times[-1] <= truth_file["seconds"]
    assert {part["pose"] for part in truth_file["truth"]} <= set(get_args(HandPose))


def test_the_credit_and_each_clip_are_in_the_readme() -> None:
    text = (FOLDER / "README.md").read_text()
    assert "MIT licence, (c) 2019 Amazon" in text
    assert all(f"| `{name}` |" in text for name in NAMES)


def test_the_mesh_itself_is_not_kept() -> None:
    assert not [*FOLDER.rglob("*.glb"), *FOLDER.rglob("*.tgz")]
