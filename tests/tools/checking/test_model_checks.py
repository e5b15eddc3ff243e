"""What `check` says of models: it decodes what is drawn, and names the file and the reason."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.gltf.gltf_files import GltfFile, yard
from xrdrama.errors import Problem
from xrdrama.processes.sets import compiled_scene
from xrdrama.tools.checking.contents import check_file
from xrdrama.tools.checking.sets import check_scene_file


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    compiled_scene.cache_clear()
    yield
    compiled_scene.cache_clear()


def saved(kind: str) -> bytes:
    pixels = np.random.default_rng(1).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    to = BytesIO()
    Image.fromarray(pixels).save(to, kind)
    return to.getvalue()


def pictured(content: bytes, name: str = "bark") -> GltfFile:
    file = GltfFile()
    texture = file.picture(content, None, name=name)
    file.card("card", file.material(pbr={"baseColorTexture": {"index": texture}}))
    return file


def problems(folder: Path, file: bytes, name: str = "a.glb") -> list[Problem]:
    """What is wrong with a set of one model."""
    made = folder / "yard"
    made.mkdir(exist_ok=True)
    (made / name).write_bytes(file)
    (made / "scene.yaml").write_text(yard(name), "utf-8")
    return check_scene_file(made / "scene.yaml")[0]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_is_cut_short_is_named(tmp_path: Path, kind: str) -> None:
    whole = saved(kind)
    (found,) = problems(tmp_path, pictured(whole[: len(whole) // 2]).glb())
    assert (found.code, found.severity, found.line) == ("S024", "error", 15)
    assert "'bark'" in found.message and "truncated" in found.message
    # The control: whole, it is drawn.
    assert problems(tmp_path, pictured(whole).glb()) == []


def test_garbage_in_a_picture_is_named(tmp_path: Path) -> None:
    whole = bytearray(saved("PNG"))
    at = whole.index(b"IDAT") + 20
    whole[at : at + 400] = bytes(400)
    (found,) = problems(tmp_path, pictured(bytes(whole)).glb())
    assert found.code == "S024" and "'bark' cannot be decoded" in found.message


def test_warnings_are_kept_with_the_compiled_set(tmp_path: Path) -> None:
    file = pictured(saved("PNG"))
    file.json["animations"] = [{"name": "Walk", "channels": [], "samplers": []}]
    (first,) = problems(tmp_path, file.glb())
    compiled_scene.cache_clear()
    (again,) = check_scene_file(tmp_path / "yard" / "scene.yaml")[0]
    assert first == again and first.severity == "warning" and "'Walk'" in first.message


def linked(uri: str) -> bytes:
    file = pictured(saved("PNG"))
    file.json["images"][0] = {"uri": uri}
    body = "data:application/octet-stream;base64," + b64encode(bytes(file.binary)).decode()
    return file.text(uri=body)


def test_a_link_out_of_the_set_is_named_as_one(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(saved("PNG"))
    (tmp_path / "yard").mkdir()
    (tmp_path / "yard" / "wood.png").symlink_to(tmp_path / "secret.png")
    (found,) = problems(tmp_path, linked("wood.png"), "a.gltf")
    assert (
        found.severity == "error"
        and "it is a link to a place outside the set's folder" in found.message
    )


def test_a_link_to_another_file_of_the_set_is_followed(tmp_path: Path) -> None:
    (tmp_path / "yard").mkdir()
    (tmp_path / "yard" / "oak.png").write_bytes(saved("PNG"))
    (tmp_path / "yard" / "wood.png").symlink_to("oak.png")
    assert problems(tmp_path, linked("wood.png"), "a.gltf") == []


def test_a_file_of_an_unread_kind_is_not_said_to_be_missing(tmp_path: Path) -> None:
    (tmp_path / "yard").mkdir()
    (tmp_path / "yard" / "wood.psd").write_bytes(b"8BPS")
    (found,) = problems(tmp_path, linked("wood.psd"), "a.gltf")
    assert "files that end in .psd are not read" in found.message
    (tmp_path / "yard" / "wood.webp").write_bytes(b"RIFF....WEBP")
    (found,) = problems(tmp_path, linked("wood.webp"), "a.gltf")
    assert "neither PNG nor JPEG but WebP" in found.message


def test_a_light_in_physical_units_is_warned_of(tmp_path: Path) -> None:
    file = pictured(saved("PNG"))
    file.json["extensions"] = {
        "KHR_lights_punctual": {"lights": [{"type": "point", "intensity": 54351.4}]}
    }
    file.node("Lamp", extensions={"KHR_lights_punctual": {"light": 0}})
    (found,) = problems(tmp_path, file.glb())
    assert "'Lamp' is very bright (54,351 candela)" in found.message and "Unitless" in found.hint
    assert "Unitless" in json.dumps(found.hint)


STAGE = Path(__file__).parents[3] / "examples" / "stages"


def test_pictures_and_broken_models_of_a_stand_in_are_named(tmp_path: Path) -> None:
    stage = next(p for p in sorted(STAGE.glob("*.stage.yaml")) if "model:" in p.read_text("utf-8"))
    text = stage.read_text("utf-8")
    model = next(line.split("model:")[1] for line in text.splitlines() if "model:" in line)
    model = model.split(",")[0].strip().strip("}\"' ")
    copy = tmp_path / stage.name
    copy.write_text(text, "utf-8")
    (tmp_path / model).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / model).write_bytes(pictured(saved("PNG")).glb())
    found = [p for p in check_file(copy) if p.code == "S023"]
    assert [p.severity for p in found] == ["warning"]
    assert "the pictures of paint are not drawn" in found[0].message
    (tmp_path / model).write_bytes(b"glTF broken")
    assert [p.code for p in check_file(copy) if p.severity == "error"] == ["W014"]


SHOW = Path(__file__).parents[3] / "examples" / "shows"


def test_a_show_is_checked_with_the_models_of_its_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xrdrama.tools.checking import sets

    broken = Problem("scene.yaml", 1, 1, "S020", "error", "a model is broken")
    asked: list[str] = []

    def check(path: Path) -> tuple[list[Problem], dict[str, int]]:
        asked.append(path.parent.name)
        return [broken], {}

    monkeypatch.setattr(sets, "check_scene_file", check)
    found = check_file(SHOW / "lantern_demo.show.yaml")
    assert broken in found and asked == ["lantern_street", "ridge_road", "tea_room"]
