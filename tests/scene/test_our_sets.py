"""What every set of this repository must keep: budget, controls, cues, and assets as scripts made
them."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.scene.cue_values import values_at
from tests.scene.our_sets import ALL, SCENES, our_set
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.meshes import Model
from xrdrama.scene.cues import length
from xrdrama.scene.model import Param

# Cues that take their time: nothing of them answers a choice.
SLOW = {
    "lantern_street": {"sky_lanterns_rise", "first_light"},
    "tea_room": {"afternoon", "dusk_falls"},
    "ridge_road": {"night_falls"},
}
# The first set's models were made on another machine, whose last bits differ.
WITH_MANIFEST = tuple(name for name in ALL if name != "lantern_street")


def _manifest(folder: Path) -> str:
    """What `making.writing.manifest` says of a set, from a process that may import it."""
    code = "import sys; from pathlib import Path; from making.writing import manifest; "
    code += "print(manifest(Path(sys.argv[1])), end='')"
    command = [sys.executable, "-c", code, str(folder)]
    return subprocess.run(
        command, cwd=folder.parent, check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize("name", ALL)
def test_set_keeps_its_budget(name: str) -> None:
    _, made = our_set(name)
    assert made.warnings == ()
    model = read_glb(made.glb, every_image=True)
    assert model.triangle_count <= 40_000
    assert len(made.glb) <= 6_000_000
    primitives = [one for node in model.nodes for one in node.primitives]
    assert len(primitives) <= 100
    assert sum(len(one.attributes["POSITION"]) for one in primitives) < 90_000
    assets = sum(path.stat().st_size for path in (SCENES / name / "assets").iterdir())
    assert assets <= 6_000_000


@pytest.mark.parametrize("name", ALL)
def test_textures_have_at_most_1024_pixels(name: str) -> None:
    _, made = our_set(name)
    assert max(_widths(read_glb(made.glb, every_image=True))) <= 1024


def _widths(model: Model) -> list[int]:
    return [max(Image.open(BytesIO(image.content)).size) for image in model.images]


@pytest.mark.parametrize("name", ALL)
def test_every_cue_stays_within_its_params(name: str) -> None:
    scene, _ = our_set(name)
    for cue in scene.cues.values():
        end = values_at(cue, scene.defaults(), length(cue))
        for id, value in end.items():
            assert scene.params[id].least <= float(value) <= scene.params[id].most


def _changed(scene_params: dict[str, Param], before: object, after: object) -> float:
    assert isinstance(before, dict) and isinstance(after, dict)
    shares = [
        abs(float(after[id]) - float(before[id])) / (param.most - param.least)
        for id, param in scene_params.items()
        if id in after
    ]
    return max(shares, default=0.0)


@pytest.mark.parametrize("name", ALL)
def test_cues_show_within_two_seconds(name: str) -> None:
    scene, _ = our_set(name)
    start = scene.defaults()
    for id, cue in scene.cues.items():
        soon, end = (values_at(cue, start, at) for at in (2_000_000_000, length(cue)))
        moves = {param for param in end if end[param] != start[param]}
        if moves and id not in SLOW[name]:
            assert _changed(scene.params, start, soon) > 0.03, id
    # The negative control: a slow cue would not pass.
    for id in SLOW[name]:
        soon = values_at(scene.cues[id], start, 100_000_000)
        assert _changed(scene.params, start, soon) <= 0.03, id


@pytest.mark.parametrize("name", ALL)
def test_set_has_what_readers_and_stages_rely_on(name: str) -> None:
    scene, _ = our_set(name)
    assert {"film_camera", "actor"} <= set(scene.places)
    assert scene.places["actor"].at.z == 0.0  # on the stage's floor
    assert {"safe", "wall_camera", "day_check"} <= set(scene.looks)
    for still in ("wind", "snow", "rain", "speed"):
        if still in scene.params:
            assert scene.looks["safe"][still] == 0.0
    folder = SCENES / name
    with Image.open(folder / "reference.png") as picture:
        assert picture.width >= 640
    assert "reference.png" in (folder / "README.md").read_text("utf-8")
    readme = (SCENES / "README.md").read_text("utf-8")
    assert f"[`{name}`]({name})" in readme


@pytest.mark.parametrize("name", ALL)
def test_floor_meets_the_stage_floor(name: str) -> None:
    """Where an actor stands, the set has ground at the height of the stage floor."""
    _, made = our_set(name)
    floors = []
    for node in read_glb(made.glb).nodes:
        for piece in node.primitives:
            if piece.material < 0 or "_SEED" in piece.attributes:
                continue
            homogeneous = np.c_[
                piece.attributes["POSITION"], np.ones(len(piece.attributes["POSITION"]))
            ]
            x, up, z = (homogeneous @ node.matrix.T)[:, :3].T
            near = (np.abs(x) < 2.0) & (np.abs(z) < 3.0) & (np.abs(up) < 0.012)
            floors.append(int(near.sum()))
    assert sum(floors) >= 12


@pytest.mark.parametrize("name", WITH_MANIFEST)
def test_assets_were_made_by_the_scripts_beside_them(name: str) -> None:
    """If this fails: run the set's make.py and commit what it writes."""
    folder = SCENES / name
    written = (folder / "assets" / "made_from.txt").read_text("utf-8")
    assert _manifest(folder) == written
    # The negative control: another script or model has another hash.
    assert _manifest(folder) != written.replace(written[:8], "0" * 8)


@pytest.mark.soak
@pytest.mark.parametrize("name", ALL)
def test_making_a_set_again_gives_the_same_models(name: str, tmp_path: Path) -> None:
    """In a copy of the scripts: the same triangles, and the same bytes twice."""
    made = []
    for attempt in ("one", "two"):
        top = tmp_path / attempt
        for folder in ("making", name):
            for path in sorted((SCENES / folder).rglob("*.py")):
                copy = top / path.relative_to(SCENES)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        subprocess.run([sys.executable, str(top / name / "make.py")], check=True)
        made.append({path.name: path.read_bytes() for path in (top / name / "assets").iterdir()})
    assert made[0] == made[1]
    for file, content in made[0].items():
        if file.endswith(".glb"):
            committed = read_glb((SCENES / name / "assets" / file).read_bytes())
            assert abs(read_glb(content).triangle_count - committed.triangle_count) < 20
