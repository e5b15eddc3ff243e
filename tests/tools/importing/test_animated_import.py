"""Animations and skins from a file to the set that `xrdrama scene import` makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests.gltf.animated import TIMES, TURNS, banner, sign, swing
from tests.gltf.gltf_files import GltfFile, yard
from xrdrama.errors import AuthoringError
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.motion import Motion, Play
from xrdrama.scene.compiled import PlayedClip, read_sheet
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.parse import parse_scene
from xrdrama.tools.importing.making import import_to
from xrdrama.tools.importing.reading import read_model
from xrdrama.tools.importing.report import lines_of


def imported(file: GltfFile, folder: Path) -> str:
    """The scene.yaml of a file, in a folder `made` with its model."""
    (folder / "a.glb").write_bytes(file.glb())
    report = import_to(folder / "a.glb", folder / "made", "made", 1.0)
    (folder / "lines").write_text("\n".join(lines_of(report)))
    return (folder / "made" / "scene.yaml").read_text()


def test_an_import_plays_what_can_play_together(tmp_path: Path) -> None:
    file = sign()
    swing(file, 'other: "one"', 1, "rotation", TIMES, TURNS)
    swing(file, "slide", 0, "translation", (0.0, 1.0), [[1, 0, 0], [1, 2, 0]])
    text = imported(file, tmp_path)
    scene, problems = parse_scene(text, "made/scene.yaml")
    assert scene is not None and problems == []
    assert list(scene.models["model"].clips) == ["swing", "slide"]
    assert '#   "other: \\"one\\"": {doc: "An animation of 2 s.", blend_by: PARAM}' in text
    model = (tmp_path / "made" / "assets" / "model.glb").read_bytes()
    compiled = compile_scene(scene, {"assets/model.glb": model})
    assert read_sheet(compiled.scene_json).clips == (
        PlayedClip("model/swing"), PlayedClip("model/slide"),
    )  # fmt: skip
    report = json.loads((tmp_path / "made" / "import_report.json").read_bytes())
    assert [clip["plays"] for clip in report["clips"]] == [True, False, True]
    assert "animation 'slide', 1 s: plays in a loop" in (tmp_path / "lines").read_text()
    assert report["not_carried_over"] == [] and report["skins"] == 0


def test_a_skin_is_imported_and_a_file_without_animations_says_nothing(tmp_path: Path) -> None:
    text = imported(banner(), tmp_path)
    assert '"bend": {doc: "An animation of 1 s."}' in text
    report = json.loads((tmp_path / "made" / "import_report.json").read_bytes())
    assert (report["skins"], report["size_m"][2]) == (1, pytest.approx(3.0))
    still = GltfFile()
    still.card("card", still.material())
    (tmp_path / "still").mkdir()
    assert "clip" not in imported(still, tmp_path / "still")


def compiled(file: GltfFile, clips: str, more: str = "") -> list[str]:
    """The messages of a set with the file."""
    text = yard(more=more).replace("doc: The model.", f"doc: The model., clips: {{{clips}}}")
    scene, problems = parse_scene(text, "yard/scene.yaml")
    if scene is None:
        return [f"{problem.code} {problem.message} ({problem.hint})" for problem in problems]
    try:
        found = compile_scene(scene, {"a.glb": file.glb()}).warnings
    except AuthoringError as error:
        found = tuple(error.problems)
    return [f"{problem.code} {problem.message} ({problem.hint})" for problem in found]


def test_check_names_clips_that_do_not_exist_or_are_not_seen() -> None:
    assert compiled(sign(), "swing: {doc: Swings.}") == []
    (unknown, *_) = (text for text in compiled(sign(), "swin: {doc: X.}") if "S027" in text)
    assert unknown == "S027 the model has no animation 'swin' (did you mean 'swing'?)"
    (unlike, *_) = (text for text in compiled(sign(), "jump: {doc: X.}") if "S027" in text)
    assert unlike == "S027 the model has no animation 'jump' (use one of: swing)"
    file = sign()
    swing(file, "again", 1, "rotation", TIMES, TURNS)
    (hidden,) = compiled(file, "swing: {doc: X.}, again: {doc: X.}")
    assert hidden.startswith("S023 the clip 'swing' is not seen, since 'again' moves the same")
    assert compiled(file, "swing: {doc: X.}, again: {doc: X., blend_by: dial}") == []


def test_clip_that_cannot_play_is_an_error_with_its_reason() -> None:
    file = sign()
    file.json["animations"][0]["samplers"][0]["input"] = 999
    (found,) = compiled(file, "swing: {doc: X.}")
    assert found == (
        "S027 a.glb: the animation 'swing' is not played: accessor 999 does not exist (count: 6) "
        "(export the model again)"
    )
    # What the set does not use is only a warning.
    (found,) = compiled(file, "")
    assert found.startswith("S023 a.glb: /animations/0: the animation 'swing' is not played: acc")


def test_check_names_params_and_parts_that_do_not_fit() -> None:
    (unknown,) = compiled(sign(), "swing: {doc: X., moved_by: dail}")
    assert unknown.startswith("S002 unknown param 'dail'")
    (both,) = compiled(sign(), "swing: {doc: X., moved_by: dial, speed: 2}")
    assert both.startswith("S013 the clip 'swing' has both speed and moved_by")
    parts = "parts:\n  card: {doc: The card., turn_by: dial, degrees: 90}\n"
    (twice,) = compiled(sign(), "swing: {doc: X.}", parts)
    assert twice.startswith("S028 the part 'card' is moved by a clip, too")


def test_models_of_one_file_move_each_by_itself() -> None:
    text = yard().replace("doc: The model.", "doc: The model., clips: {swing: {doc: X.}}")
    text += "  other: {file: a.glb, doc: X., at: [5, 3, 0], scale: 2, clips: {swing: {doc: X.}}}\n"
    scene, problems = parse_scene(text, "yard/scene.yaml")
    assert scene is not None, problems
    model = read_glb(compile_scene(scene, {"a.glb": sign().glb()}).glb, clips=None)
    names = [clip.name for clip in model.rig.clips]
    assert names == ["model/swing", "other/swing"]
    matrices = Motion(model.rig).matrices([Play(1, 0.5)])
    one, other = (matrices[node.limb] @ node.matrix @ [1, 0, 0, 1] for node in model.nodes)
    # In glTF's axes: the second is turned up, twice as large, and moved to x = 5.
    assert np.allclose(one, [1, 1.5, -3, 1], atol=1e-5)
    assert np.allclose(other, [5, 3 + 2, -3, 1], atol=1e-5)


def test_a_set_without_clips_has_the_bytes_that_it_had() -> None:
    """No skins and no animations are written."""
    scene, _ = parse_scene(yard(), "yard/scene.yaml")
    assert scene is not None
    still = compile_scene(scene, {"a.glb": sign().glb()})
    document = msgspec.json.decode(still.glb[20 : 20 + int.from_bytes(still.glb[12:16], "little")])
    assert "skins" not in document and "animations" not in document
    assert read_sheet(still.scene_json).clips == ()


MILL = """\
#usda 1.0
(
    metersPerUnit = 0.01
    upAxis = "Z"
    startTimeCode = 101
    endTimeCode = 149
    timeCodesPerSecond = 24
)
def Xform "mill" {
    double3 xformOp:translate = (0, 0, 200)
    uniform token[] xformOpOrder = ["xformOp:translate"]
    def Xform "wheel" {
        float xformOp:rotateY.timeSamples = {101: 0, 149: 360}
        uniform token[] xformOpOrder = ["xformOp:rotateY"]
        def Mesh "blade" {
            double3 xformOp:translate = (100, 0, 0)
            uniform token[] xformOpOrder = ["xformOp:translate"]
            int[] faceVertexCounts = [3]
            int[] faceVertexIndices = [0, 1, 2]
            point3f[] points = [(0, 0, 0), (10, 0, 0), (0, 0, 10)]
            uniform token subdivisionScheme = "none"
        }
    }
}
"""


def test_usd_transforms_that_change_with_time_move(tmp_path: Path) -> None:
    """A whole turn between two keys is a turn, and the first time code is 0 s."""
    file = tmp_path / "mill.usda"
    file.write_text(MILL)
    model = read_model(file).model
    (node,) = model.nodes
    motion = Motion(model.rig)
    assert [(clip.name, clip.duration) for clip in model.rig.clips] == [("timeline", 2.0)]
    for seconds, degrees in ((0.0, 0.0), (0.5, 90.0), (1.25, 225.0), (1.51, 271.8)):
        matrix = motion.matrices([Play(0, seconds)])[node.limb] @ node.matrix
        angle = np.radians(degrees)
        # Turned about USD's y, the axis that is -z in glTF: from x towards down.
        place = [np.cos(angle), 2.0 - np.sin(angle), 0.0, 1.0]
        assert np.allclose(matrix @ [0, 0, 0, 1], place, atol=2e-3), seconds
    other = tmp_path / "still.usda"
    other.write_text(MILL.replace(".timeSamples = {101: 0, 149: 360}", " = 90"))
    still = read_model(other).model
    assert still.rig.limbs == ()
    assert np.allclose(still.nodes[0].matrix @ [0, 0, 0, 1], [0, 1, 0, 1], atol=1e-6)


def test_usd_that_shears_does_not_move_and_says_so(tmp_path: Path) -> None:
    sheared = "((1, 0, 0, 0), (0.5, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))"
    plain = "((1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1))"
    text = MILL.replace(
        "float xformOp:rotateY.timeSamples = {101: 0, 149: 360}",
        f"matrix4d xformOp:transform.timeSamples = {{101: {plain}, 149: {sheared}}}",
    ).replace('["xformOp:rotateY"]', '["xformOp:transform"]')
    (tmp_path / "mill.usda").write_text(text)
    found = read_model(tmp_path / "mill.usda")
    assert found.model.rig.clips == ()
    assert any("shears does not move" in remark.message for remark in found.remarks)
