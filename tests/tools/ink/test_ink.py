"""`xrdrama play`, `test` and `import` with compiled ink, as a person uses them."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.authoring.ink.generated import HERE
from xrdrama.authoring.ink.reading import read_ink
from xrdrama.errors import AuthoringError, DeviceError, UsageError
from xrdrama.processes import ink as processes
from xrdrama.processes.ink import InkRuntime, compile_ink
from xrdrama.story.testplan import parse_plan
from xrdrama.tools.checking.ink_plans import tested_ink as played_on_both
from xrdrama.tools.ink.plans import run_ink_plan
from xrdrama.tools.playing.answers import Piped
from xrdrama.tools.playing.ink import play_ink
from xrdrama.tools.playing.loop import Request

FERRY = HERE / "night_ferry.ink.json"
PLAN = """line: BOATMAN: One seat. Decide.
line: *
option: I am coming
option: Ask his name
option: Wait
select: Wait
line: Bell: A bell.
line: BOATMAN: The water waits once.
line: One seat. Decide now.
next choice
var: trust = 1
select: 1
line: BOATMAN: Sit.
stop
"""


def typed(text: str, **options: object) -> int:
    request = Request(str(FERRY), **options)  # type: ignore[arg-type]
    return play_ink(request, answers=Piped(io.StringIO(text)))


def compiled(tmp_path: Path, root: list[object]) -> Path:
    file = tmp_path / "night.ink.json"
    file.write_text(json.dumps({"inkVersion": 21, "root": root, "listDefs": {}}))
    return file


def test_a_rehearsal_with_its_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert typed("3\nundo\nvars\nset trust=4\nask\nsave a.json\n1\ntranscript t.txt\nload a.json\n"
                 "Say nothing\nI am coming\n") == 0  # fmt: skip
    out = capsys.readouterr().out
    assert out.startswith("BOATMAN: One seat. Decide.  # title: The Night Ferry\n")
    assert "BELL: A bell." in out
    assert "* undone: > Wait" in out
    assert "* trust = 1" in out
    assert "BOATMAN: Wen. You are bold." in out
    assert "BOATMAN: Sit. It is a short night, my friend." in out
    assert out.endswith("(the story is over)\n")
    assert "> Thank you" in (tmp_path / "t.txt").read_text()


def test_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert play_ink(Request(str(FERRY), choices="I am coming"), json=True) == 0
    rows = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert rows[0] == {
        "speaker": "BOATMAN", "text": "One seat. Decide.", "tags": ["title: The Night Ferry"],
    }  # fmt: skip
    assert rows[2]["options"][0] == {"id": "1", "text": "I am coming"}
    assert rows[-1] == {"ending": "end"}


def test_begin_at_a_knot_with_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("", at="river", values=("trust=3",)) == 0
    assert "my friend" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answers", "options", "message"),
    [
        ("nothing\n", {}, "'nothing' is not offered"),
        ("", {}, "the input ended before the story"),
        ("", {"at": "rivr"}, "did you mean"),
        ("", {"values": ("trust=high",)}, "trust is a int"),
        ("", {"values": ("nerve=1",)}, "there is no variable 'nerve'"),
        ("", {"language": "zh"}, "--language is not possible with ink"),
        ("undo\n", {}, "nothing to undo"),
        ("load none.json\n", {}, "there is no file none.json"),
    ],
)
def test_a_wrong_request_is_named(answers: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        typed(answers, **options)
    assert message in str(raised.value)


def test_a_plan_is_played_on_the_file_and_on_its_story(tmp_path: Path) -> None:
    plan = tmp_path / "ferry.testplan"
    plan.write_text(PLAN)
    runs, problems = parse_plan(PLAN, "ferry.testplan")
    assert problems == []
    tested = played_on_both(FERRY, runs, plan)
    assert tested.failures == [None]
    assert tested.notes == []
    wrong, _ = parse_plan(PLAN.replace("waits once", "waits twice"), "ferry.testplan")
    failure = run_ink_plan(FERRY, wrong, plan)[0]
    assert failure is not None
    assert "The water waits once." in failure.got


def test_functions_of_a_game_are_named_before_playing(tmp_path: Path) -> None:
    file = compiled(tmp_path, ["ev", {"x()": "shake", "exArgs": 0}, "pop", "/ev", "end", None])
    with pytest.raises(UsageError, match="functions that only the game has: shake"):
        play_ink(Request(str(file), choices="1"))


def test_a_loop_that_says_nothing_is_stopped(tmp_path: Path) -> None:
    text = compiled(tmp_path, [{"->": "0"}, None]).read_text()
    with InkRuntime("night.ink.json", text, (), seconds=1.5) as runtime:
        with pytest.raises(DeviceError, match=r"did not reach a choice|ended by signal"):
            runtime.play_on()
        assert runtime._process.poll() is not None


def test_a_loop_that_speaks_is_stopped(tmp_path: Path) -> None:
    text = compiled(tmp_path, ["^Again.", "\n", {"->": "0"}, None]).read_text()
    runtime = InkRuntime("night.ink.json", text, ())
    with runtime, pytest.raises(UsageError, match="repeats itself without end"):
        runtime.play_on()


def test_a_runtime_that_is_killed_is_reported() -> None:
    text = FERRY.read_text()
    with InkRuntime("night.ink.json", text, read_ink(text, "night").names) as runtime:
        os.kill(runtime._process.pid, signal.SIGKILL)
        with pytest.raises(DeviceError, match="ended by signal 9"):
            runtime.play_on()


def test_no_runtime_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = "import sys; sys.modules['bink'] = None; sys.modules['bink.story'] = None; "
    run = "from xrdrama.adapters.ink.child import main; main()"
    popen = processes.subprocess.Popen

    def without(command: list[str], **kept: object) -> object:
        return popen([command[0], "-c", blocked + run], **kept)  # type: ignore[call-overload]

    monkeypatch.setattr(processes.subprocess, "Popen", without)
    with pytest.raises(DeviceError, match=r"pip install 'xrdrama\[ink\]'"):
        InkRuntime("night.ink.json", FERRY.read_text(), ())


def test_no_compiler_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DeviceError, match="npm install --global inkjs"):
        compile_ink(HERE / "night_ferry.ink")


def test_a_compiler_that_fails_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "inklecate"
    program.write_text("#!/bin/sh\necho \"ERROR: 'x.ink' line 3: expected something\"\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(processes, "COMPILERS", ("inklecate",))
    source = tmp_path / "x.ink"
    source.write_text("Hello.\n")
    made = compile_ink(source)
    assert made.text == ""
    assert (made.problems[0].line, made.problems[0].code) == (3, "I121")


def test_a_file_that_is_no_ink_is_located(tmp_path: Path) -> None:
    file = tmp_path / "cut.ink.json"
    file.write_text(FERRY.read_text()[:500])
    with pytest.raises(AuthoringError, match="I123"):
        play_ink(Request(str(file)))
    folder = tmp_path / "folder.ink.json"
    folder.mkdir()
    with pytest.raises(UsageError):
        play_ink(Request(str(folder)))
    shutil.rmtree(folder)
