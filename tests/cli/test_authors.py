"""What authors type: statuses, one document on stdout, problems where they are, one clear line."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.show.small import STORY as SMALL
from xrdrama.cli import run

REPOSITORY = Path(__file__).resolve().parents[2]
DRAMA = REPOSITORY / "branches" / "one_lantern_too_many.branch.yaml"
ESCAPE = "\x1b"

STORY = """\
xrdrama: 1
id: night
title: A night
scene: lantern_street
cast: {lan: {name: Lan}}
beats:
  door:
    script: |
      LAN: Will you stay?  #laaaaa
    choice:
      window: {lasts: 3s}
      options:
        stay: {text: I remember you, to: warm, on: [voice: "I remember you"]}
        leave: {text: Let her go, to: cold, on: [voice: "let her go"]}
      else: cold
  warm:
    script: |
      LAN: Come in.  #lbbbbb
    ending: warm
  cold: {ending: cold}
"""
PLAN = """\
line: LAN: Will you stay?
option: I remember you
option: Let her go
select: stay
line: Come in.
ending: warm
---
line: Will you stay?
select: else
ending: cold
"""


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A story in a folder of its own, which is the working folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "night.branch.yaml"
    path.write_text(STORY, "utf-8")
    return path


Said = tuple[int, str, str]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def made(*arguments: str | Path) -> Said:
        status = run([str(one) for one in arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return made


Call = Callable[..., Said]


def document(out: str) -> Any:
    """The one JSON document on stdout."""
    assert out.endswith("\n") and out.count("\n") == 1
    return json.loads(out)


def process(*arguments: str | Path, **settings: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xrdrama", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=240, check=False, **settings
    )


def broken(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


# -- check --------------------------------------------------------------------------------------


def test_no_problems_is_status_0(night: Path, call: Call) -> None:
    assert call("check", night) == (0, "1 file checked, no problems found\n", "")
    status, out, err = call("check", night, "--json")
    assert (status, document(out), err) == (0, {"problems": []}, "")


def test_all_problems_are_reported_at_once_with_their_places(night: Path, call: Call) -> None:
    text = broken(STORY, "to: warm,", "to: wram,")
    text = broken(text, "leave: {text", "leave: {txet")
    night.write_text(broken(text, "  cold: {ending: cold}", "  cold: {ending: cold}\n  lost: {}"))
    status, out, _ = call("check", night, "--json")
    problems = document(out)["problems"]
    assert status == 1
    found = {(p["line"], p["code"]): p for p in problems}
    assert len(found) == len(problems) >= 3
    for problem in problems:
        assert set(problem) == {
            "file", "line", "column", "code", "severity", "message", "hint"
        }  # fmt: skip
        assert problem["file"] == str(night) and problem["severity"] in ("error", "warning")
    lines = night.read_text("utf-8").splitlines()
    for word, hint in (("wram", "did you mean 'warm'?"), ("txet", "did you mean 'text'?")):
        problem = next(p for p in problems if word in p["message"])
        assert problem["hint"] == hint
        place = lines[problem["line"] - 1][problem["column"] - 1 :]
        assert place.startswith(word), f"{problem} points at {place!r}"


def test_people_read_file_line_column_code_and_hint(night: Path, call: Call) -> None:
    night.write_text(broken(STORY, "to: warm,", "to: wram,"), "utf-8")
    status, out, err = call("check", "night.branch.yaml")
    assert (status, err) == (1, "")
    first, hint, *_, last = out.splitlines()
    column = STORY.splitlines()[12].index("to: warm") + 5
    assert first == f"night.branch.yaml:13:{column}: error S102 there is no beat 'wram'"
    assert hint == "    did you mean 'warm'?"
    assert "error" in last and "warning" in last


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("xrdrama: 1\nid: night\n\tbeats: {}\n", 3, 1, "unexpected tab character"),
        ("xrdrama: 1\nid: [night\n", 2, 5, "bracket is never closed"),
        ('xrdrama: 1\nid: "night\n', 2, 5, "quotation mark is never closed"),
        ("xrdrama: 1\nid night\n", 2, 1, "expected ':' in this line"),
        ("xrdrama: 1\nid: a: b\n", 2, 6, "unexpected second ':'"),
        ("xrdrama: 1\n---\nid: night\n", 2, 1, "second YAML document"),
        ("xrdrama: &one 1\nid: *one\n", 1, 10, "anchors"),
        ("xrdrama: !!python/object:os.system 1\n", 1, 10, "tags"),
        ("xrdrama: 1\nid: a\nid: b\n", 3, 1, "duplicate key"),
        ("", 1, 1, "empty"),
        ("- a list\n", 1, 1, ""),
        ("just words\n", 1, 1, ""),
    ],
)
def test_broken_yaml_is_a_problem_at_its_place(
    text: str, line: int, column: int, message: str, night: Path, call: Call
) -> None:
    night.write_text(text, "utf-8")
    status, out, err = call("check", night, "--json")
    assert (status, err) == (1, "")
    found = next(p for p in document(out)["problems"] if message in p["message"])
    assert (found["line"], found["column"], found["severity"]) == (line, column, "error")


def test_a_broken_file_does_not_hide_the_others(night: Path, call: Call) -> None:
    (night.parent / "bad.branch.yaml").write_text("\tx\n", "utf-8")
    (night.parent / "latin.branch.yaml").write_bytes(b"\xff\xfe")
    (night.parent / "bad.stage.yaml").write_text("xrdrama: 1\n", "utf-8")
    (night.parent / "bad.show.yaml").write_text("xrdrama: 1\nid: bad\nstory: nihgt\n", "utf-8")
    (night.parent / "bad.testplan").write_text("lien: hello\n", "utf-8")
    (night.parent / "readme.md").write_text("not ours", "utf-8")
    status, out, _ = call("check", night.parent, "--json")
    files = [Path(p["file"]).name for p in document(out)["problems"]]
    assert status == 1
    assert set(files) == {
        "bad.branch.yaml", "latin.branch.yaml", "bad.stage.yaml", "bad.show.yaml", "bad.testplan"
    }  # fmt: skip
    show = next(p for p in document(out)["problems"] if p["file"].endswith("show.yaml"))
    assert "nihgt" in show["message"] and "night" in show["hint"]


def test_warnings_alone_are_status_0(night: Path, call: Call) -> None:
    renamed = night.with_name("day.branch.yaml")
    night.rename(renamed)
    status, out, _ = call("check", renamed, "--json")
    assert [p["severity"] for p in document(out)["problems"]] == ["warning"] and status == 0


def test_our_own_contents_as_a_real_process() -> None:
    """All of them are checked by `make lint` and, in one process, by tests/test_content.py."""
    done = process("check", "branches", "--json", cwd=REPOSITORY)
    assert (done.returncode, json.loads(done.stdout), done.stderr) == (0, {"problems": []}, "")


# -- no colour where nobody sees it -------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, {"TERM": "xterm-256color"}, {"NO_COLOR": "1"}], ids=str)
def test_a_pipe_gets_no_colours(settings: dict[str, str], night: Path) -> None:
    night.write_text("\tx: [red] text\n", "utf-8")
    environment = {**os.environ, **settings}
    for arguments in (["check", night], ["fmt", night], ["play", night], ["play", "no_such"]):
        done = process(*arguments, env=environment)
        assert done.returncode in (1, 2)
        assert ESCAPE not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_a_terminal_gets_colours(night: Path) -> None:
    """The control of the test above."""
    night.write_text("\tx: y\n", "utf-8")
    ear, mouth = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    with subprocess.Popen(
        [sys.executable, "-m", "xrdrama", "check", str(night)],
        stdout=mouth,
        stdin=mouth,
        stderr=subprocess.DEVNULL,
        env={**environment, "TERM": "xterm-256color"},
    ) as child:
        child.wait(240)
    said = os.read(ear, 100_000).decode()
    os.close(ear)
    os.close(mouth)
    assert ESCAPE in said


# -- fmt ----------------------------------------------------------------------------------------


def test_fmt_writes_ids_once_and_says_what_it_changed(night: Path, call: Call) -> None:
    night.write_text(broken(STORY, "  #laaaaa", ""), "utf-8")
    before = night.read_bytes()
    assert call("fmt", night, "--check") == (1, f"would change: {night}\n", "")
    assert night.read_bytes() == before
    status, out, err = call("fmt", night, "--json")
    assert (status, document(out), err) == (0, {"changed": [str(night)]}, "")
    assert "LAN: Will you stay?  #l" in night.read_text("utf-8")
    assert call("fmt", night, "--check") == (0, "all files are in canonical form\n", "")
    assert document(call("fmt", night, "--json")[1]) == {"changed": []}


def test_fmt_writes_over_nothing_that_it_does_not_understand(night: Path, call: Call) -> None:
    (night.parent / "other.branch.yaml").write_text(
        broken(STORY, "  #laaaaa", "").replace("id: night", "id: other"), "utf-8"
    )
    night.write_text(broken(STORY, "to: warm,", "to: wram,"), "utf-8")
    before = {path: path.read_bytes() for path in night.parent.iterdir()}
    status, out, err = call("fmt", night.parent)
    assert (status, out) == (1, "") and "S102" in err
    status, out, err = call("fmt", night.parent, "--json")
    assert (status, err) == (1, "") and document(out)["problems"][0]["code"] == "S102"
    assert {path: path.read_bytes() for path in night.parent.iterdir()} == before


# -- test ---------------------------------------------------------------------------------------


def test_plans_that_pass(night: Path, call: Call) -> None:
    plan = night.with_name("night.testplan")
    plan.write_text(PLAN, "utf-8")
    for paths in ([plan], [night], [night.parent], [night, plan]):
        status, out, err = call("test", *paths, "--json")
        assert (status, err) == (0, "")
        assert document(out) == {"passed": 2, "failed": 0, "failures": []}
    assert call("test", plan) == (0, "2 passed, 0 failed\n", "")


def test_a_plan_that_fails_says_where_what_and_what_instead(night: Path, call: Call) -> None:
    plan = night.with_name("night.testplan")
    plan.write_text(broken(PLAN, "ending: warm", "ending: cold"), "utf-8")
    status, out, _ = call("test", plan, "--json")
    found = document(out)
    assert status == 1 and (found["passed"], found["failed"]) == (1, 1)
    (failure,) = found["failures"]
    assert set(failure) == {"plan", "step", "expected", "got"}
    assert (failure["plan"], failure["step"]) == (str(plan), 6)
    assert "cold" in failure["expected"] and "warm" in failure["got"]
    status, out, _ = call("test", plan)
    assert status == 1 and out.startswith(f"{plan}:6: expected ") and "1 failed" in out


def test_a_plan_that_cannot_be_read_or_has_no_story(night: Path, call: Call) -> None:
    plan = night.with_name("night.testplan")
    plan.write_text("lien: hello\n", "utf-8")
    status, out, err = call("test", plan)
    assert (status, out) == (1, "") and "night.testplan:1:1" in err
    lonely = night.with_name("day.testplan")
    lonely.write_text(PLAN, "utf-8")
    for path in (lonely, night.with_name("no_such.testplan"), night.with_name("readme.md")):
        status, out, err = call("test", path, "--json")
        assert (status, out) == (2, "") and path.stem in err and err.count("\n") == 1


def test_a_folder_without_plans_has_not_passed(night: Path, call: Call) -> None:
    status, out, err = call("test", night.parent, "--json")
    assert (status, out) == (2, "") and "contains no test plan" in err


# -- play ---------------------------------------------------------------------------------------


def json_lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_play_tells_a_json_line_for_each_thing(night: Path, call: Call) -> None:
    status, out, err = call("play", night, "--choices", "stay", "--json")
    assert (status, err) == (0, "")
    assert json_lines(out) == [
        {"beat": "door"},
        {"line": "laaaaa", "speaker": "Lan", "text": "Will you stay?"},
        {
            "options": [
                {"id": "stay", "text": "I remember you"},
                {"id": "leave", "text": "Let her go"},
            ]
        },
        {"beat": "warm"},
        {"line": "lbbbbb", "speaker": "Lan", "text": "Come in."},
        {"ending": "warm"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "choice", ["stay", "STAY", "1", " 1 ", "i remember  YOU", "I remember you.", "stay,more"]
)
def test_choices_are_ids_numbers_or_the_words_that_were_offered(
    choice: str, night: Path, call: Call
) -> None:
    status, out, _ = call("play", night, "--choices", choice, "--json")
    assert status == 0 and json_lines(out)[-1] == {"ending": "warm"}


@pytest.mark.parametrize("choice", ["else", "0"])
def test_silence_is_a_choice(choice: str, night: Path, call: Call) -> None:
    status, out, _ = call("play", night, "--choices", choice, "--json")
    assert status == 0 and json_lines(out)[-1] == {"ending": "cold"}


def test_answers_come_from_stdin(night: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n2\n"))
    status, out, _ = call("play", night, "--json")
    assert status == 0 and json_lines(out)[-1] == {"ending": "cold"}


def test_a_pipe_gets_a_plain_transcript(night: Path) -> None:
    done = process("play", night, input="1\n")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Lan: Will you stay?"
    assert "  1. I remember you" in lines and "  0. (say nothing)" in lines
    assert lines[-1].startswith("-- ")


def test_an_answer_that_is_not_offered_is_status_2(night: Path, call: Call) -> None:
    status, out, err = call("play", night, "--choices", "fly", "--json")
    assert status == 2 and json_lines(out)[-1]["options"]
    assert "'fly' is not offered" in err and "stay, leave" in err and err.count("\n") == 1


def test_choices_that_end_are_played_as_far_as_they_go(night: Path, call: Call) -> None:
    status, out, err = call("play", night, "--choices", "", "--json")
    assert status == 0 and "options" in json_lines(out)[-1]
    assert err == (
        "xrdrama: the choices end at beat 'door', after 0 picks, before an ending: "
        "continue with stay, leave or else\n"
    )
    assert call("play", night, "--choices", "stay", "--json")[2] == ""  # the control


def test_answers_that_end_before_the_story_are_status_2_and_say_how_far_they_came() -> None:
    for arguments in ([], ["--json"]):
        done = process("play", DRAMA, *arguments, input="1\n")
        assert done.returncode == 2
        assert done.stderr == (
            "xrdrama: the input ended at beat 'taper', after 1 pick, before an ending: "
            "continue with take, keep or else\n"
        )
        assert "Give me the lantern" in done.stdout.splitlines()[-3 if not arguments else -1]
    done = process("play", DRAMA, stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and "after 0 picks" in done.stderr
    whole = process("play", DRAMA, input="1\n" * 12)
    assert (whole.returncode, whole.stderr) == (0, "")


def test_a_story_with_problems_is_status_1_and_names_them(night: Path, call: Call) -> None:
    night.write_text(broken(STORY, "to: warm,", "to: wram,"), "utf-8")
    status, out, err = call("play", night, "--json")
    assert (status, err) == (1, "") and document(out)["problems"][0]["code"] == "S102"
    status, out, err = call("play", night)
    assert (status, out) == (1, "") and "night.branch.yaml:13:" in err


def test_a_seed_and_a_start_decide(call: Call) -> None:
    status, out, _ = call("play", DRAMA, "--start", "threshold", "--choices", "else", "--json")
    assert status == 0 and json_lines(out)[0] == {"beat": "threshold"}
    status, out, err = call("play", DRAMA, "--start", "nowhere")
    assert (status, out) == (2, "") and "has no beat 'nowhere': did you mean" in err
    one, two = (call("play", DRAMA, "--choices", "1,1,1", "--seed", "4", "--json") for _ in "ab")
    assert one == two


def test_play_in_a_language_without_a_translation(call: Call) -> None:
    status, out, err = call("play", "one_lantern_too_many", "--language", "es")
    assert (status, out) == (2, "")
    assert "has no translation into 'es': use one of: en, zh; or run" in err
    assert "xrdrama strings one_lantern_too_many es" in err and err.count("\n") == 1


def test_play_in_chinese(call: Call) -> None:
    status, out, _ = call("play", DRAMA, "--language", "zh", "--choices", "1", "--json")
    assert status == 0 and any("\u4e00" <= c <= "\u9fff" for c in out)
    status, out, err = call("play", DRAMA, "--language", "eo")
    assert (status, out) == (2, "") and "'eo'" in err


# -- schema -------------------------------------------------------------------------------------


def test_a_schema_takes_what_we_read_and_refuses_what_we_refuse(call: Call) -> None:
    import yaml

    status, out, _ = call("schema", "branch")
    validator = jsonschema.Draft202012Validator(json.loads(out))
    assert status == 0
    story = yaml.safe_load(SMALL.replace(" on:", ' "on":'))  # YAML 1.1 takes on for true
    assert list(validator.iter_errors(story)) == []
    story["beast"] = story.pop("beats")
    assert list(validator.iter_errors(story))


@pytest.mark.parametrize("kind", ["branch", "scene", "stage", "show", "move", "lens", "wire"])
def test_a_schema_is_printed_as_it_is_published(kind: str, call: Call) -> None:
    folder = REPOSITORY / "bridge" / "schema" / ("." if kind == "wire" else "editor")
    status, out, err = call("schema", kind)
    assert (status, err) == (0, "")
    assert out == (folder / f"{kind}.schema.json").read_text("utf-8")
    rows = out.splitlines()
    assert rows[0] == "{" and rows[-1] == "}" and rows[1].startswith('  "')
    again = json.dumps(json.loads(out), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert out == again.replace("e-0", "e-")


def test_schemas_are_written_into_a_folder(tmp_path: Path, call: Call) -> None:
    status, out, _ = call("schema", "--write", tmp_path)
    files = [Path(line) for line in out.splitlines()]
    assert status == 0 and len(files) > 10 and all(path.is_file() for path in files)
    for name in ("branch", "scene", "stage", "show", "move", "lens", "wire"):
        assert any(name in path.name and path.suffix == ".json" for path in files), name


# -- scene check, stage check -------------------------------------------------------------------


def test_a_set_is_checked_and_measured(call: Call) -> None:
    status, out, err = call("scene", "check", "lantern_street", "--json")
    found = document(out)
    assert (status, err, found["problems"]) == (0, "", [])
    assert found["triangles"] > 1000 and found["cues"] > 5 and found["bytes"] > 10_000


def test_a_broken_set_is_reported_at_its_place(tmp_path: Path, call: Call) -> None:
    text = (REPOSITORY / "scenes" / "lantern_street" / "scene.yaml").read_text("utf-8")
    folder = tmp_path / "lantern_street"
    folder.mkdir()
    (folder / "scene.yaml").write_text(text.replace("\nparams:\n", "\nparms:\n", 1), "utf-8")
    status, out, _ = call("scene", "check", folder, "--json")
    problem = next(p for p in document(out)["problems"] if "parms" in p["message"])
    assert status == 1 and problem["hint"] == "did you mean 'params'?"
    assert problem["line"] == 1 + text.split("\nparams:\n")[0].count("\n") + 1
    (folder / "scene.yaml").write_text(text, "utf-8")  # and here its models are missing
    status, out, _ = call("scene", "check", folder, "--json")
    assert status == 1 and document(out)["problems"][0]["file"].startswith(str(folder))


def test_a_stage_is_checked(call: Call) -> None:
    status, out, _ = call("stage", "check", "arc_volume", "--json")
    assert (status, document(out)["problems"]) == (0, [])
    assert document(out)["inner"] == {"overscan": 1.1, "pixels": [640, 360], "drawn": [704, 396]}
    assert set(document(out)) >= {"coverage", "overscan_advice", "moire", "budget"}
    status, out, _ = call("stage", "check", "arc_volume")
    assert status == 0 and "no problems in the file" in out
    assert "coverage, safe pose: at least 94.7% of the frame on the walls" in out
    assert "overscan 1.1 of 640 x 360 pixels is drawn as 704 x 396 pixels" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "no_such_folder"],
        ["check"],
        ["check", "readme.md"],
        ["fmt", "no_such.branch.yaml"],
        ["test", "no_such.testplan"],
        ["play", "nihgt"],
        ["play", "night", "--seed", "many"],
        ["scene", "check", "lantern_stret"],
        ["stage", "check", "arc_volum"],
        ["schema", "novel"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_one_clear_line_on_stderr(
    arguments: list[str], night: Path, call: Call
) -> None:
    (night.parent / "readme.md").write_text("not ours", "utf-8")
    status, out, err = call(*arguments, *(["--json"] if arguments[0] != "schema" else []))
    assert (status, out) == (2, "")
    assert err.startswith("xrdrama: ") and err.count("\n") == 1
    if arguments[-1] in ("nihgt", "lantern_stret", "arc_volum"):
        assert "did you mean" in err
