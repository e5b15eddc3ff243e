"""A take drawn in slices, with S3-compatible storage: pixels equal those of a single run, a killed
worker costs its slice, and slices that disagree are refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.peers.farm.storage import storage
from tests.waiting import wait_until
from xrdrama.tools.farm.slices import Manifest

pytestmark = pytest.mark.peer

STORE = "s3://takes/night"
SLICE = ("--slice", "16", "--quality", "draft")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with storage(tmp_path_factory.mktemp("s3") / "data") as found:
        yield {**os.environ, **found}


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    run = ["run", "lantern_demo", "--headless", "--fixed-rate", "--seconds", "2", "--no-video"]
    assert json.loads(done([*run, "--out", str(folder), "--json"], dict(os.environ)))["made"] == 48
    return folder / "lantern_demo.take"


def command(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "xrdrama", *arguments]


def done(arguments: list[str], environment: dict[str, str], status: int = 0) -> str:
    found = subprocess.run(
        command(arguments), capture_output=True, text=True, env=environment, check=False
    )
    assert found.returncode == status, found.stderr
    return found.stdout if status == 0 else found.stderr


def farm(take: Path, out: Path, store: str) -> list[str]:
    return [
        "farm",
        "render",
        str(take),
        "--workers",
        "2",
        *SLICE,
        "--out",
        str(out),
        "--store",
        store,
    ]


def worker_of(parent: int) -> int:
    """The process id of a worker; 0 before the first one starts."""
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split():
        if b"draw" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0"):
            return int(child)
    return 0


def test_pixels_are_those_of_a_single_run_though_a_worker_is_killed(
    take: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    started = subprocess.Popen(
        command([*farm(take, tmp_path / "farm", STORE), "--json"]),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip

    os.kill(wait_until(lambda: worker_of(started.pid), 120.0, "a worker"), signal.SIGKILL)
    said, notes = started.communicate()
    assert started.returncode == 0, notes
    assert "ended (killed by signal 9); it is being restarted" in notes
    farmed = json.loads(said)
    assert (farmed["frames"], farmed["slices"], farmed["drawn"]) == (48, 3, 3)
    single = ["render", str(take), "--jobs", "1", "--quality", "draft"]
    drawn = json.loads(done([*single, "--out", str(tmp_path / "single"), "--json"], environment))
    assert farmed["pixels"] == drawn["pixels"]
    # Again, on another machine: nothing is drawn.
    again = json.loads(done([*farm(take, tmp_path / "again", STORE), "--json"], environment))
    assert again["drawn"] == 0 and again["pixels"] == drawn["pixels"]
    for name in ("through_the_lens.mp4", "wall.mp4"):
        videos = [(tmp_path / folder / name).read_bytes() for folder in ("farm", "again")]
        assert videos[0] == videos[1]


def test_a_slice_that_was_drawn_otherwise_is_refused(take: Path, tmp_path: Path) -> None:
    """A worker that says of other pictures that they are those of a slice."""
    store, environment = tmp_path / "store", dict(os.environ)
    done(farm(take, tmp_path / "out", str(store)), environment)
    manifests = {path: read(path) for path in (store / "slices").iterdir()}
    path = next(path for path, one in manifests.items() if one.slice.first == 16)
    other = msgspec.structs.replace(
        manifests[path], pixels=("00" * 32, *manifests[path].pixels[1:])
    )
    path.write_bytes(msgspec.json.encode(other))
    said = done(farm(take, tmp_path / "out", str(store)), environment, status=2)
    assert "have different pictures of the wall in frame 16" in said and path.name in said
    # Its video is another one: its name is not that of its content.
    path.write_bytes(msgspec.json.encode(manifests[path]))
    digest = manifests[path].files["wall.mp4"]
    (store / "objects" / digest[:2] / digest).write_bytes(b"another video")
    said = done(farm(take, tmp_path / "out", str(store)), environment, status=2)
    assert "is damaged" in said


def read(path: Path) -> Manifest:
    return msgspec.json.decode(path.read_bytes(), type=Manifest)


def test_takes_are_pushed_and_pulled(
    take: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    pushed: Any = json.loads(done(["take", "push", str(take), STORE, "--json"], environment))
    pull = ["take", "pull", "lantern_demo", STORE, "--out", str(tmp_path), "--json"]
    pulled = json.loads(done(pull, environment))
    assert Path(pulled["path"]).read_bytes() == take.read_bytes()
    assert pulled["sha256"] == pushed["sha256"]
    wrong = {**environment, "AWS_SECRET_ACCESS_KEY": "wrong"}
    assert "cannot be used" in done(pull, wrong, status=2)
