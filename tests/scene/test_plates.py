"""Plates: the clip's frame at each moment, the params that move it, and what a set file may say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.compiling.test_compile import YARD, quad
from tests.scene.test_parse import SMALL, read
from xrdrama.errors import AuthoringError, Problem, RemoteProtocolError
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.meshes import Image
from xrdrama.scene.compiled import read_sheet
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.compiling.textures import png
from xrdrama.scene.model import Plate, PlateEnd
from xrdrama.scene.parse import parse_scene
from xrdrama.scene.plates import PlateFacts, Refused, SetPlate
from xrdrama.show.state.cue_stack import appeared, call, stack_for
from xrdrama.spatial import settle
from xrdrama.timing import NS, FrameRate

FACTS = PlateFacts("0" * 32, 640, 320, 48, (24, 1))
PLATES = """plates:
  road: {kind: sky, doc: The road., file: assets/road.mp4, pan: 20}
"""


def plate(at_end: PlateEnd = "loop", *, start: float = 0.0, rate: float = 0.0) -> SetPlate:
    begins = round(start * NS)
    return SetPlate(Plate("road", "sky", "road.mp4", "", begins, rate, at_end), FACTS)


def test_plate_that_ends_loops_holds_or_is_black() -> None:
    moments = (0.0, 1.0, 47 / 24, 2.0, 2.5)
    assert [plate("loop").frame_at(at) for at in moments] == [0, 24, 47, 0, 12]
    assert [plate("hold").frame_at(at) for at in moments] == [0, 24, 47, 47, 47]
    assert [plate("black").frame_at(at) for at in moments] == [0, 24, 47, None, None]


def test_plate_starts_within_its_clip_and_loops_from_there() -> None:
    late = plate(start=1.5)
    assert (late.first, late.length) == (36, 12)
    assert [late.frame_at(at) for at in (0.0, 0.25, 0.5)] == [36, 42, 36]


def test_declared_rate_replaces_that_of_the_file() -> None:
    assert plate(rate=48).frame_at(0.5) == 24
    assert plate(rate=48).seconds == 1.0


@given(
    st.sampled_from([(24, 1), (24000, 1001), (25, 1), (30000, 1001), (60, 1)]),
    st.integers(0, 90_000),
    st.integers(0, 20 * 24),
)
def test_plate_at_the_rate_of_the_show_never_skips_or_repeats_a_frame(
    rate: tuple[int, int], appears: int, number: int
) -> None:
    """Times are rounded to nanoseconds, and values of params to nine decimals."""
    facts = PlateFacts("", 64, 32, 100_000, rate)
    road = SetPlate(Plate("road", "sky", "road.mp4", ""), facts)
    frames = FrameRate(*rate)
    begun = frames.shows_at(appears)
    seconds = settle((frames.shows_at(appears + number) - begun) / NS)
    assert road.frame_at(seconds) == number


def test_following_frames_wrap_where_the_clip_loops() -> None:
    assert plate("loop").following(45 / 24, 5) == (45, 46, 47, 0, 1)
    assert plate("hold").following(46 / 24, 5) == (46, 47)
    assert plate("black").following(46 / 24, 5) == (46, 47)


def test_set_with_plates_has_their_clock_as_params() -> None:
    found, problems = read(SMALL + PLATES)
    assert found is not None, problems
    assert found.plates["road"].moved_by == "plate_time"
    assert found.params["plate_time"].grows_by == "plate_speed"
    plain, _ = read(SMALL)
    assert plain is not None and "plate_time" not in plain.params


def test_clock_begins_when_the_set_appears_and_pauses() -> None:
    halt = "  halt: {doc: Stop., moves: [{param: plate_speed, to: 0}]}\n"
    found, problems = read(SMALL.replace("cues:\n", "cues:\n" + halt) + PLATES)
    assert found is not None, problems
    stack = appeared(stack_for(found), 100 * NS)
    assert stack.values(102 * NS)["plate_time"] == 2.0
    stack = call(stack, found.cues["halt"], 103 * NS)
    assert stack.values(110 * NS)["plate_time"] == 3.0
    # The negative control: without the time of its appearance it counts from the start of the show.
    assert stack_for(found).values(102 * NS)["plate_time"] == 102.0


def test_plates_stand_still_in_the_safe_look_unless_it_says_otherwise() -> None:
    safe = SMALL.replace("looks:\n", "looks:\n  safe: {doc: Panic.}\n") + PLATES
    found, _ = read(safe)
    assert found is not None and found.looks["safe"]["plate_speed"] == 0.0
    found, _ = read(safe.replace("{doc: Panic.}", "{doc: Panic., plate_speed: 1}"))
    assert found is not None and found.looks["safe"]["plate_speed"] == 1.0


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, problems
    return problems[0]


def test_plates_that_cannot_be_are_named_with_what_to_do() -> None:
    _, problems = read(SMALL + PLATES + PLATES.splitlines()[1].replace("road:", "lake:") + "\n")
    assert only(problems).code == "S015" and "both the sky" in only(problems).message
    _, problems = read(SMALL + PLATES.replace("assets/", "../"))
    assert only(problems).code == "S008"
    _, problems = read(SMALL + PLATES.replace(".mp4", ".exr"))
    assert "mp4" in only(problems).hint
    _, problems = read(SMALL + PLATES.replace("pan: 20", "moved_by: clokc"))
    assert only(problems).code == "S002"
    for name in ("plate_time", "plate_speed"):
        word = f"  {name}: {{kind: choice, choices: [slow, fast], default: slow, doc: X.}}\n"
        _, problems = read(SMALL.replace("params:\n", "params:\n" + word) + PLATES)
        assert (only(problems).code, only(problems).line) == ("S010", 6), name
    _, problems = read(SMALL + PLATES.replace("pan: 20", "width: 2"))
    assert "width" in only(problems).message


def said(facts: PlateFacts | Refused, more: str = "", params: str = "") -> list[tuple[str, str]]:
    text = YARD.replace("lights:\n", params + "lights:\n", 1) + PLATES.replace(
        "pan: 20", f"pan: 20{more}"
    )
    found, problems = parse_scene(text, "yard/scene.yaml")
    assert found is not None, problems
    try:
        made = compile_scene(found, {"assets/quad.glb": quad()}, plates={"assets/road.mp4": facts})
    except AuthoringError as error:
        return [(one.severity, one.message) for one in error.problems]
    assert read_sheet(made.scene_json).plates[0].facts == facts
    return [(one.severity, one.message) for one in made.warnings]


def test_compiler_says_what_is_wrong_with_a_plate() -> None:
    def changed(**values: object) -> PlateFacts:
        return PlateFacts(**{**{n: getattr(FACTS, n) for n in FACTS.__struct_fields__}, **values})  # type: ignore[arg-type]

    assert said(FACTS) == []
    assert (
        said(Refused("there is no such file", "did you mean 'assets/raod.mp4'?"))[0][0] == "error"
    )
    assert "stretched" in said(changed(height=360))[0][1]
    assert "16384" in said(changed(width=20_000, height=10_000))[0][1]
    assert "fast machine" in said(changed(width=8192, height=4096))[0][1]
    assert "only 2 s long" in said(FACTS, ", start: 3s")[0][1]
    assert said(changed(remarks=(("its 10 bits a value are drawn as 8", ""),)))[0][0] == "warning"
    clock = "  go: {kind: real, least: 0, most: 9, default: 1, doc: Speed.}\n"
    clock += "  t: {kind: real, least: 0, most: %s, default: 0, grows_by: go, doc: Time.}\n"
    assert said(FACTS, ", moved_by: t", clock % 8) == []
    assert "jumps" in said(FACTS, ", moved_by: t", clock % 7)[0][1]
    assert "before the end" in said(FACTS, ", moved_by: t, at_end: hold", clock % 1)[0][1]


def test_floor_is_stone_unless_the_set_says_otherwise() -> None:
    found, _ = read(SMALL)
    assert found is not None and found.floor.kind == "stone"
    found, problems = read(SMALL + 'floor: {kind: boards, colour: "#804020", wet: 0.5}\n')
    assert found is not None and found.floor.wet == 0.5, problems


def test_floor_that_cannot_be_is_named() -> None:
    _, problems = read(SMALL + "floor: {kind: bords}\n")
    assert "did you mean 'boards'" in only(problems).hint
    for wrong in ("{kind: picture}", "{kind: stone, file: assets/floor.png}"):
        _, problems = read(SMALL + f"floor: {wrong}\n")
        assert only(problems).code == "S014", wrong
    _, problems = read(SMALL + "floor: {kind: picture, file: ../floor.png}\n")
    assert only(problems).code == "S008"


def test_picture_of_the_floor_is_compiled_into_the_set() -> None:
    text = YARD + "floor: {kind: picture, file: assets/floor.png}\n"
    found, _ = parse_scene(text, "yard/scene.yaml")
    assert found is not None
    files = {"assets/quad.glb": quad(), "assets/floor.png": png(np.zeros((2, 2, 3), np.uint8))}
    made = compile_scene(found, files)
    index = read_sheet(made.scene_json).floor_image
    assert read_glb(made.glb, every_image=True).images[index].content == files["assets/floor.png"]
    line = text.splitlines().index("floor: {kind: picture, file: assets/floor.png}") + 1
    with pytest.raises(AuthoringError, match="floor") as caught:
        compile_scene(found, {"assets/quad.glb": quad()})
    (missing,) = caught.value.problems
    assert (missing.code, missing.line) == ("S020", line)
    renamed = {"assets/quad.glb": quad(), "assets/Floor.PNG": files["assets/floor.png"]}
    (letters,) = compile_scene(found, renamed).warnings
    assert (letters.code, letters.line) == ("S023", line)
    assert "named 'assets/Floor.PNG' on disk" in letters.message

    def damaged(_: Image) -> Image:
        raise RemoteProtocolError("is damaged")

    floor_only = {**files, "assets/quad.glb": quad(picture=False)}
    with pytest.raises(AuthoringError) as caught:
        compile_scene(found, floor_only, decode=damaged)
    (broken,) = caught.value.problems
    assert (broken.code, broken.line) == ("S024", line) and "export it again" in broken.hint


def test_errors_of_models_floor_and_plates_are_all_named_at_once() -> None:
    text = YARD.replace("  paper: {", "  papre: {") + PLATES
    text += "floor: {kind: picture, file: assets/floor.png}\n"
    found, _ = parse_scene(text, "yard/scene.yaml")
    assert found is not None

    def codes(files: dict[str, bytes]) -> list[str]:
        with pytest.raises(AuthoringError) as caught:
            compile_scene(found, files)
        return sorted(problem.code for problem in caught.value.problems)

    assert codes({"assets/quad.glb": quad()}) == ["S020", "S021", "S030"]
    # A material may be in the model that is missing.
    assert codes({}) == ["S020", "S020", "S030"]
