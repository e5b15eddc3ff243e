"""Sets are compiled in a process that may crash; problems are reported by file."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import no_thread_left
from tests.conftest import children
from xrdrama import content
from xrdrama.errors import AuthoringError, DeviceError
from xrdrama.processes import compiling, sets
from xrdrama.processes.sets import compiled_scene, scene_files, scene_key


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    compiled_scene.cache_clear()
    yield tmp_path / "cache"  # type: ignore[misc]
    compiled_scene.cache_clear()


@pytest.fixture
def lane(tmp_path: Path) -> Path:
    """A copy of our set, to be spoilt."""
    source = content.find("scene", "lantern_street").parent
    folder = tmp_path / "lane"
    folder.mkdir()
    (folder / "scene.yaml").write_bytes((source / "scene.yaml").read_bytes())
    for name, data in scene_files(source).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_a_set_is_compiled_once_and_then_read_from_the_cache(own_cache: Path, lane: Path) -> None:
    first = compiled_scene(str(lane))
    compiled_scene.cache_clear()
    folder = own_cache / "xrdrama" / "scenes" / scene_key(lane)
    stamp = (folder / "scene.glb").stat().st_mtime_ns
    again = compiled_scene(str(lane))
    assert again == first
    assert (folder / "scene.glb").stat().st_mtime_ns == stamp


def test_damaged_compiled_set_is_named_with_its_folder(own_cache: Path, lane: Path) -> None:
    compiled_scene(str(lane))
    folder = own_cache / "xrdrama" / "scenes" / scene_key(lane)
    for name, damage in (("scene.json", b"{}"), ("scene.json", b"["), ("warnings.json", b"[")):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(damage)
        compiled_scene.cache_clear()
        with pytest.raises(DeviceError) as caught:
            compiled_scene(str(lane))
        assert f"the compiled set in {folder} is damaged" in caught.value.message
        assert "delete this folder" in caught.value.remedy
        (folder / name).write_bytes(whole)


def test_an_edit_is_another_set(own_cache: Path, lane: Path) -> None:
    before = scene_key(lane)
    text = (lane / "scene.yaml").read_text("utf-8")
    (lane / "scene.yaml").write_text(text + "\n# a remark\n", "utf-8")
    assert scene_key(lane) != before


@pytest.mark.parametrize("garbage", [b"", b"glTF", b"glTF\x02\x00\x00\x00" + b"\xff" * 400])
def test_a_broken_model_is_a_problem_with_a_place(
    own_cache: Path, lane: Path, garbage: bytes
) -> None:
    victim = next(iter(sorted(lane.rglob("*.glb"))))
    victim.write_bytes(garbage)
    with pytest.raises(AuthoringError) as caught:
        compiled_scene(str(lane))
    assert any(victim.name in str(problem) for problem in caught.value.problems)


def test_a_missing_model_is_a_problem_with_a_place(own_cache: Path, lane: Path) -> None:
    next(iter(sorted(lane.rglob("*.glb")))).unlink()
    with pytest.raises(AuthoringError):
        compiled_scene(str(lane))


def test_an_import_that_dies_is_named_and_harms_nobody(
    own_cache: Path, lane: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "COMPILE_MEMORY", 96 << 20)
    with pytest.raises(DeviceError, match=r"importing the models of .* failed \(exit status 1"):
        compiled_scene(str(lane))


def test_an_import_that_hangs_is_ended(
    own_cache: Path, lane: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "COMPILE_SECONDS", 0.05)
    with no_thread_left("compiling"), pytest.raises(DeviceError, match="took over"):
        compiled_scene(str(lane))
    assert not compilers()


def test_import_that_uses_its_processor_time_is_not_tried_again() -> None:
    """The system's signal for exceeded CPU time does not count as a kill from outside."""
    burn = (
        "from xrdrama.processes.compiling import limit_resources\n"
        "limit_resources(1, 4 << 30)\n"
        "while True: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", burn], check=False)
    assert done.returncode == -signal.SIGXCPU
    assert done.returncode in compiling.COMPILING.final


def compilers() -> list[int]:
    """The processes of ours that compile a set."""
    return [pid for pid, line in children().items() if "xrdrama compile" in line]


class Killer:
    """Kills the compiler with SIGKILL a given number of times, once per start."""

    def __init__(self, times: int) -> None:
        self.killed: list[int] = []
        self._times, self._over = times, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set() and len(self.killed) < self._times:
            for pid in compilers():
                if pid not in self.killed:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                    self.killed.append(pid)


def test_killed_compiler_is_restarted(own_cache: Path, lane: Path) -> None:
    with Killer(2) as killer, no_thread_left("compiling"):
        compiled = compiled_scene(str(lane))
    assert len(killer.killed) == 2 and compiled.glb


def test_compiler_that_is_killed_each_time_is_given_up_with_a_reason(
    own_cache: Path, lane: Path
) -> None:
    given_up = pytest.raises(
        DeviceError, match=r"ended 3 times \(killed by signal 9\): free memory"
    )
    with Killer(99) as killer, no_thread_left("compiling"), given_up:
        compiled_scene(str(lane))
    assert len(killer.killed) == compiling.COMPILING.attempts
    assert compiled_scene(str(lane)).glb, "nothing half-done is in the cache"


def test_links_out_of_a_set_are_not_followed(lane: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.glb"
    secret.write_bytes(b"not yours")
    (lane / "link.glb").symlink_to(secret)
    assert "link.glb" not in scene_files(lane)


def test_every_module_of_the_compiler_is_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those in folders within: an edit of any of them compiles sets again."""
    read: set[str] = set()
    plain = Path.read_bytes

    def reading(path: Path) -> bytes:
        read.add(path.name)
        return plain(path)

    monkeypatch.setattr(Path, "read_bytes", reading)
    sets._compiler_key.cache_clear()
    sets._compiler_key()
    assert {"compile.py", "textures.py", "meshes.py", "parse.py", "decoding.py"} <= read
