"""A wheel built from these sources plays alone: nothing of the clone is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def names(built: Path) -> set[str]:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_carries_scenes_branches_shows_stages_and_clips(built: Path) -> None:
    there = names(built)
    contents = "xrdrama/contents/"
    for name in (
        "scenes/lantern_street/scene.yaml",
        "branches/one_lantern_too_many.branch.yaml",
        "branches/one_lantern_too_many.zh.csv",
        "branches/one_lantern_too_many.sounds/index.json",
        "examples/shows/lantern_demo.show.yaml",
        "examples/stages/arc_volume.stage.yaml",
        "examples/stages/demo.move.yaml",
        "examples/stages/zoom_24_70.lens.yaml",
        "examples/clips/hands/demo_hand.webm",
        "examples/clips/speech/demo_viewer.opus",
    ):
        assert contents + name in there, name
    assert "xrdrama/py.typed" in there
    assert {f"xrdrama/tools/report/page.{suffix}" for suffix in ("css", "html")} <= there
    assert any(name.endswith("shaders/look.glsl") for name in there)
    for page in ("page", "viewer_page"):
        assert f"xrdrama/adapters/web/{page}/index.html" in there, "build it first: make page"


def test_the_wheel_carries_no_scripts_tests_or_caches(built: Path) -> None:
    for name in names(built):
        assert not name.startswith(("tests/", "scenes/", "branches/", "examples/"))
        assert not (name.startswith("xrdrama/contents/") and name.endswith((".py", ".pyc"))), name


def test_the_wheel_carries_pictures_that_sets_use_but_none_of_the_readmes(built: Path) -> None:
    pictures = [
        name
        for name in names(built)
        if name.startswith("xrdrama/contents/") and name.endswith((".png", ".jpg"))
    ]
    assert [name for name in pictures if "/assets/" not in name] == []


def test_the_sdist_carries_what_a_builder_needs(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        there = {name.partition("/")[2] for name in archive.getnames()}
    for name in ("pyproject.toml", "README.md", "LICENSE", "Makefile", "requirements.lock",
                 "scenes/lantern_street/make.py", "tests/test_packaging.py"):  # fmt: skip
        assert name in there, name
    assert not any(name.startswith((".venv", "out/", ".git/")) for name in there)


@pytest.mark.peer
def test_a_show_runs_from_the_wheel_alone(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # The wheel must be found before the repository, which this environment has on its path.
    environment = {**os.environ, "PYTHONPATH": str(site)}
    where = subprocess.run(
        [sys.executable, "-c", "import xrdrama; print(xrdrama.__file__)"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(site))
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_demo", "--headless", "--no-video"]
    command += ["--fixed-rate", "--seconds", "16", "--out", str(tmp_path / "out"), "--json"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [pick["option"] for pick in json.loads(done.stdout)["picks"]] == ["remember"]


MAKE = """#!/bin/sh
echo "$1 $XDG_CACHE_HOME $(ls -A "$XDG_CACHE_HOME" | wc -l) $MESA_SHADER_CACHE_DIR"
touch "$XDG_CACHE_HOME/left-by-$1"
"""


def test_ci_always_starts_with_empty_caches(tmp_path: Path) -> None:
    """What a warm cache hides must fail in CI; `make` is replaced by one that shows its caches."""
    make, warm = tmp_path / "bin" / "make", tmp_path / "warm"
    make.parent.mkdir()
    make.write_text(MAKE)
    make.chmod(0o755)
    warm.mkdir()
    (warm / "shaders").write_text("from an earlier run")
    path = f"{make.parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "XDG_CACHE_HOME": str(warm)}
    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "run")],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = (line.split() for line in done.stdout.splitlines())
    assert [first[0], second[0]] == ["test", "test-peers"]
    cache = Path(first[1])
    assert cache != warm and first[2] == "0" and Path(first[3]).is_relative_to(cache)
    assert second[1] == first[1] and second[2] == "1"
    assert not cache.exists() and (warm / "shaders").exists()
