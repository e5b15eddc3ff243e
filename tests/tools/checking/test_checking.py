"""`check` and `fmt`: planted faults are reported, and the same files without them pass."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xrdrama.errors import AuthoringError, UsageError
from xrdrama.processes.sets import compiled_scene
from xrdrama.tools.checking.contents import check_file, check_paths
from xrdrama.tools.checking.formatting import format_paths
from xrdrama.tools.stages.checking import checked_stage

REPOSITORY = Path(__file__).parents[3]
LANE = REPOSITORY / "scenes" / "lantern_street"
SHOW = REPOSITORY / "examples" / "shows" / "lantern_demo.show.yaml"
STAGE = REPOSITORY / "examples" / "stages" / "flat_wall.stage.yaml"

STORY = """\
xrdrama: 1
id: night
scene: lantern_street
cast: {lan: {name: Lan}}
beats:
  a:
    script: |
      LAN: Stay.  #laaaaa
    choice: {options: {stay: {text: Stay, to: b, on: [voice: "I will stay"]}}}
  b: {ending: done}
"""

Found = list[tuple[str, str, str, str]]


def edited(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def found(path: Path, text: str) -> Found:
    """Code, severity, hint of each problem, and what stands at its place."""
    path.write_text(text, "utf-8")
    lines = text.splitlines() or [""]
    return [
        (p.code, p.severity, p.hint, lines[p.line - 1][p.column - 1 :]) for p in check_file(path)
    ]


# -- sets ---------------------------------------------------------------------------------------


@pytest.fixture
def lane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of our set, compiled into a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    compiled_scene.cache_clear()
    shutil.copytree(LANE, tmp_path / "lantern_street")
    return tmp_path / "lantern_street"


def test_a_set_that_compiles_has_no_problems(lane: Path) -> None:
    assert check_paths([lane]) == ([], 1)


@pytest.mark.parametrize(
    "garbage", [None, b"", bytes(range(256))], ids=["missing", "empty", "noise"]
)
def test_a_model_that_cannot_be_read_is_a_problem(lane: Path, garbage: bytes | None) -> None:
    victim = sorted(lane.rglob("*.glb"))[0]
    if garbage is None:
        victim.unlink()
    else:
        victim.write_bytes(garbage)
    problems, _ = check_paths([lane])
    assert {(p.code, p.severity) for p in problems} >= {("S020", "error")}


def test_a_material_that_no_model_has_and_a_set_of_another_name(lane: Path) -> None:
    path = lane / "scene.yaml"
    text = path.read_text("utf-8")
    text = edited(text, "\nmaterials:\n", "\nmaterials:\n  no_such: {doc: None.}\n")
    path.write_text(edited(text, "\nid: lantern_street\n", "\nid: lantern_lane\n"), "utf-8")
    problems, _ = check_paths([lane])
    assert [(p.code, p.severity) for p in problems] == [("S118", "warning"), ("S021", "error")]
    assert "no_such" in problems[1].message


# -- shows --------------------------------------------------------------------------------------


def test_a_sound_show_has_no_problems(tmp_path: Path) -> None:
    assert found(tmp_path / "night.show.yaml", SHOW.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "hint", "place"),
    [
        ("use: voice", "use: voize", "H005", "did you mean 'voice'?", "voize"),
        ("wall_camera", "wall_camra", "H006", "did you mean 'wall_camera'?", "wall_camra"),
        ("lane_night", "lane_nite", "H007", "did you mean 'lane_night'?", "lane_nite"),
        ("[en, zh]", "[en, fr]", "H008", "one_lantern_too_many.fr.csv", "fr]"),
    ],
)
def test_a_show_that_names_what_is_not_there(
    old: str, new: str, code: str, hint: str, place: str, tmp_path: Path
) -> None:
    text = edited(SHOW.read_text("utf-8"), old, new)
    ((got, severity, said, at),) = found(tmp_path / "night.show.yaml", text)
    assert (got, severity) == (code, "error")
    assert hint in said and at.startswith(place)


PLAYS = """\
xrdrama: 1
id: evening
story: night
stage: flat_wall
start: {beat: a, set: {trust: 2, knew: true, mood: calm}}
move: demo
inputs:
  ear: {use: voice, file: examples/clips/speech/come_with_me.ada.opus}
  eye: {use: voice, clips: [{file: examples/clips/speech/come_with_me.ada.opus, at: 2s}]}
"""
FACTS = """\
vars:
  trust: {type: int, min: 0, max: 3}
  knew: {type: bool}
  mood: {type: enum, of: [calm, angry]}
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "hint", "place"),
    [
        ("story: night", "story: nihgt", "H003", "did you mean 'night'?", "nihgt"),
        ("stage: flat_wall", "stage: flat_wal", "H003", "did you mean 'flat_wall'?", "flat_wal"),
        ("move: demo", "move: dmeo", "H003", "did you mean 'demo'?", "dmeo"),
        ("story: night", "story: night.branch.yaml", "F003", "write night", "night.branch"),
        ("beat: a", "beat: aa", "H009", "did you mean 'a'?", "aa,"),
        ("trust: 2", "trsut: 2", "H010", "did you mean 'trust'?", "2,"),
        ("trust: 2", "trust: 9", "H010", "write a whole number (0 to 3)", "9,"),
        ("knew: true", "knew: yes", "H010", "write true", "yes,"),
        ("mood: calm", "mood: clam", "H010", "did you mean 'calm'?", "clam}"),
        ("{use: voice, file: examples", "{use: voice, file: x", "H004", "folder", "x/clips"),
        ("{file: examples", "{file: x", "H004", "folder", "x/clips"),
    ],
)
def test_what_a_show_names_is_reported_at_its_value(
    old: str, new: str, code: str, hint: str, place: str, tmp_path: Path
) -> None:
    story = STORY.replace("cast:", FACTS + "cast:")
    (tmp_path / "night.branch.yaml").write_text(story, "utf-8")
    show = tmp_path / "evening.show.yaml"
    assert found(show, PLAYS) == []
    ((got, severity, said, at),) = found(show, edited(PLAYS, old, new))
    assert (got, severity) == (code, "error") and hint in said and at.startswith(place)


def test_a_story_that_a_show_plays_is_reported_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (
        ("branches/night.branch.yaml", edited(STORY, "to: b,", "to: z,")),
        ("shows/evening.show.yaml", "xrdrama: 1\nid: evening\nstory: night\n"),
        ("shows/matinee.show.yaml", "xrdrama: 1\nid: matinee\nstory: night\n"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    for paths in (["."], ["branches", "shows"], [tmp_path], ["shows"]):
        problems, _ = check_paths([Path(path) for path in paths])
        assert [p.code for p in problems] == ["S102"], problems
        file = Path(problems[0].file)
        assert file.is_absolute() == (paths == [tmp_path])
        assert file.resolve() == (tmp_path / "branches/night.branch.yaml").resolve()


def test_a_show_tells_what_is_wrong_with_its_stage_and_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "night.branch.yaml").write_text(STORY.replace("lantern_street", "attic"), "utf-8")
    (tmp_path / "flat.stage.yaml").write_text(
        edited(STAGE.read_text("utf-8"), "width: 4", "width: 4m"), "utf-8"
    )
    show = tmp_path / "evening.show.yaml"
    show.write_text("xrdrama: 1\nid: evening\nstory: night\nstage: flat\n", "utf-8")

    def reported() -> list[tuple[str, str]]:
        return [(p.code, Path(p.file).name) for p in check_paths([show])[0]]

    assert reported() == [("F004", "flat.stage.yaml"), ("C001", "night.branch.yaml")]
    (tmp_path / "attic").mkdir()
    (tmp_path / "attic" / "scene.yaml").write_text("xrdrama: 1\nid: attic\n", "utf-8")
    assert reported() == [("F015", "scene.yaml"), ("F004", "flat.stage.yaml")]
    assert [p.code for p in check_paths([tmp_path])[0]] == ["F015", "F004"]


# -- stages -------------------------------------------------------------------------------------


def test_a_sound_stage_has_no_problems(tmp_path: Path) -> None:
    assert found(tmp_path / "flat_wall.stage.yaml", STAGE.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "severity", "place"),
    [
        ("protocol: freed", "protocol: starfield", "W009", "error", "starfield"),
        ("protocol: freed", "protocol: free-d", "W009", "error", "free-d"),
        ("0.03, pixels: [640, 360]", "0.03, pixels: [64000, 36000]", "F005", "error", "64000"),
        ("0.03, pixels: [640, 360]", "0.03, pixels: [640, 640]", "W008", "warning", "[640, 640]"),
        ("picture: [640, 360]", "picture: [8193, 4608]", "F005", "error", "8193"),
        ("picture: [640, 360]", "picture: [640, 380]", "W008", "warning", "[640, 380]"),
        (
            "safe: {position: [0, -1, 1.5]}",
            "safe: {position: [0, 4, 1.5]}",
            "W010",
            "error",
            "[0, 4, 1.5]}",
        ),
        ("height: 2.25", "height: 2.5", "W011", "warning", "[1280, 720]}"),
        ("outer: {", "near: 3\nfar: 3\nouter: {", "W002", "error", "3"),
        ("outer: {", "far: 3\nouter: {", "W013", "warning", "3"),
        ("outer: {", "stand_in: {model: a.glb}\nouter: {", "W014", "error", "a.glb}"),
    ],
)
def test_a_stage_that_cannot_be_drawn_or_tracked(
    old: str, new: str, code: str, severity: str, place: str, tmp_path: Path
) -> None:
    text = edited(STAGE.read_text("utf-8"), old, new)
    first, *_ = found(tmp_path / "flat_wall.stage.yaml", text)
    assert first[:2] == (code, severity) and first[3].startswith(place)


def test_a_square_sensor_stretches_a_wide_picture(tmp_path: Path) -> None:
    text = edited(STAGE.read_text("utf-8"), "[36, 20.25]", "[24, 24]")
    problems = found(tmp_path / "flat_wall.stage.yaml", text)
    assert [p[:2] for p in problems] == [("W008", "warning")] * 2
    slight = edited(STAGE.read_text("utf-8"), "[36, 20.25]", "[36, 20.0]")
    assert found(tmp_path / "flat_wall.stage.yaml", slight) == []


def test_stage_check_and_check_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "flat_wall.stage.yaml"
    text = edited(STAGE.read_text("utf-8"), "protocol: freed", "protocol: fred")
    file.write_text(edited(text, "[0, -1, 1.5]}", "[0, 3, 1.5]}"), "utf-8")
    problems = checked_stage(str(file)).problems
    assert sorted(problems) == sorted(check_file(file))
    assert [p.code for p in sorted(problems)] == ["W010", "W009"]
    file.rename(tmp_path / "walls.yaml")
    assert [p.code for p in checked_stage(str(tmp_path / "walls.yaml")).problems] == [
        "W009",
        "W010",
    ]


# -- stories and plans --------------------------------------------------------------------------


def test_a_broken_set_is_no_set_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "night.branch.yaml"
    attic = STORY.replace("lantern_street", "attic")
    assert [p[0] for p in found(path, attic)] == ["C001"]
    (tmp_path / "attic").mkdir()
    (tmp_path / "attic" / "scene.yaml").write_text("xrdrama: 1\nid: attic\n", "utf-8")
    path.write_text(attic, "utf-8")
    assert {Path(p.file).name for p in check_file(path)} == {"scene.yaml"}


def test_errors_do_not_hide_misspelt_cues(tmp_path: Path) -> None:
    path = tmp_path / "night.branch.yaml"
    text = edited(edited(STORY, "to: b,", "to: z,"), "LAN: Stay.", "@snow_begin\n      LAN: Stay.")
    assert sorted(p[0] for p in found(path, text)) == ["C002", "S102"]


def test_a_story_of_another_name_is_reported_at_its_id(tmp_path: Path) -> None:
    ((code, severity, hint, at),) = found(tmp_path / "day.branch.yaml", STORY)
    assert (code, severity, at) == ("S118", "warning", "night")
    assert hint == "write id: day, or rename the file to night.branch.yaml"


@pytest.mark.parametrize(
    ("step", "hint"),
    [
        ("line: Sty.", "did you mean 'Stay.'?"),
        ("line: LAN: Sty.", "did you mean 'LAN: Stay.'?"),
        ("line: Something else.", "copy the text from the story"),
        ("option: Sta", "did you mean 'Stay'?"),
        ("select: Staying", "did you mean 'stay'?"),
        ("sound: bell", "remove this step, or add it to the story"),
        ("force: bb", "did you mean 'b'?"),
        ("jump: bb", "did you mean 'b'?"),
        ("var: trust = 9", "write a whole number (0 to 3)"),
        ("var: trsut = 1", "did you mean 'trust'?"),
        ("gestured: fist", "add on: [gesture: ...] to an option, or use select:"),
        ("ending: Done", "did you mean 'done'?"),
        ("set: trust = 9", "write a whole number (0 to 3)"),
        ("set: knew = yes", "write true"),
        ("set: trsut = 1", "did you mean 'trust'?"),
    ],
)
def test_a_step_that_cannot_come_true(step: str, hint: str, tmp_path: Path) -> None:
    story = STORY.replace("cast:", FACTS + "cast:")
    (tmp_path / "night.branch.yaml").write_text(story, "utf-8")
    sound = "line: LAN: Stay.\nline: Stay.\nline:\noption: Stay\nselect: stay\nselect: else\n"
    sound += "select: Stay\nline: *\nheard: stay\nforce: b\nvar: trust = 1\n"
    sound += "set: trust = 3\nset: knew = true\nending: done\n"
    assert found(tmp_path / "night.testplan", sound) == []
    ((code, _, said, at),) = found(tmp_path / "night.testplan", sound + step + "\n")
    assert (code, said, at) == ("T002", hint, step)


def test_a_plan_that_names_what_the_story_does_not_have(tmp_path: Path) -> None:
    (tmp_path / "night.branch.yaml").write_text(STORY, "utf-8")
    plan = tmp_path / "night.long.testplan"
    assert found(plan, "line: Stay.\nselect: stay\nending: done\n---\nselect: 1\n") == []
    problems = found(plan, "line: Stay.\nselect: dance\nending: dome\n---\nstart: z\nstop\n")
    assert [p[:2] for p in problems] == [("T002", "error")] * 3
    assert [p[3] for p in problems] == ["select: dance", "ending: dome", "start: z"]
    assert problems[1][2] == "did you mean 'done'?"


def test_a_variable_that_is_not_there_may_have_to_be_declared(tmp_path: Path) -> None:
    path = tmp_path / "night.branch.yaml"
    for new, code in (("{to: b, if: trust > 1}", "S120"), ("{to: b, set: {trust: 1}}", "S113")):
        asks = '    choice: {options: {stay: {text: Stay, to: b, on: [voice: "I will stay"]}}}'
        text = edited(STORY, asks, f"    next: [{new}, b]")
        first, *_ = found(path, text)
        assert first[0] == code and "declare it under vars" in first[2]


def test_bad_indentation_and_an_empty_file_say_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "night.branch.yaml"
    ((code, _, hint, at),) = found(path, edited(STORY, "  b: {", "   b: {"))
    assert (code, at) == ("Y001", "b: {ending: done}")
    assert hint == "indent it by 2 spaces, like a:; or by 4 spaces, like choice:"
    ((code, _, hint, _),) = found(path, "")
    assert code == "Y004" and "xrdrama: 1" in hint


# -- files of an unknown kind -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["show.take", "noise.bin", "scene.yml", "my_scene.yaml"])
def test_files_of_an_unknown_kind_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"")
    for refuse in (check_file, lambda p: check_paths([p]), lambda p: format_paths([p], write=True)):
        with pytest.raises(UsageError, match=r"xrdrama cannot check .*: unknown kind of file"):
            refuse(path)


def test_a_folder_without_any_is_refused_with_the_known_kinds(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("words", "utf-8")
    for refuse in (lambda p: check_paths([p]), lambda p: format_paths([p], write=False)):
        with pytest.raises(UsageError, match=r"contains no file.*\.branch\.yaml.*scene\.yaml"):
            refuse(tmp_path)
    (tmp_path / "night.branch.yaml").write_text(STORY, "utf-8")
    assert check_paths([tmp_path]) == ([], 1)


def test_fmt_tells_the_lines_of_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "night.branch.yaml"
    swapped = "  b:\n    ending: done\n    script: |\n      @wiat 2s\n      LAM: Gone."
    text = edited(STORY, "  b: {ending: done}", swapped)
    path.write_text(text, "utf-8")
    errors = [p for p in check_file(path) if p.severity == "error"]
    with pytest.raises(AuthoringError) as caught:
        format_paths([path], write=False)
    places = [(p.code, p.line, p.column) for p in caught.value.problems if p.severity == "error"]
    assert places and set(places) <= {(p.code, p.line, p.column) for p in errors}
