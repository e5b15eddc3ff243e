"""`xrdrama play`, `test` and `import` with compiled ink, as a person uses them."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.authoring.ink.generated import HERE
from xrdrama.authoring.ink.reading import read_ink
from xrdrama.errors import AuthoringError, DeviceError, UsageError
from xrdrama.processes import ink as processes
from xrdrama.processes.ink import InkRuntime, compile_ink
from xrdrama.story.testplan import parse_plan
from xrdrama.tools.checking.ink_plans import tested_ink as played_on_both
from xrdrama.tools.checking.plans import tested_plans as all_tested
from xrdrama.tools.exchanging import import_story
from xrdrama.tools.ink.opening import open_ink
from xrdrama.tools.ink.plans import run_ink_plan
from xrdrama.tools.ink.session import InkSession
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


BREAKS: list[object] = [[
    "^Hi.", "\n",
    "ev", "str", "^Break", "/str", "/ev", {"*": "0.c-0", "flg": 4},
    "ev", "str", "^Stay", "/str", "/ev", {"*": "0.c-1", "flg": 4},
    {"c-0": ["^Before.", "\n", None], "c-1": ["^Fine.", "\n", "end", None]},
], "done", None]  # fmt: skip
"""The first option says a line and then has no end, which is an error of ink."""


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
        ("", {"watch": True}, "--watch is not possible with ink"),
        ("3\n\nnothing\n", {}, "line 3 of the input: 'nothing' is not offered"),
        ("s\n", {}, "'s' is not offered"),
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
    failure = run_ink_plan(open_ink(str(FERRY)), wrong, plan)[0]
    assert failure is not None
    assert "The water waits once." in failure.got


def test_functions_of_a_game_are_named_before_playing(tmp_path: Path) -> None:
    file = compiled(tmp_path, ["ev", {"x()": "shake", "exArgs": 0}, "pop", "/ev", "end", None])
    with pytest.raises(UsageError, match="functions that only the game has: shake"):
        play_ink(Request(str(file), choices="1"))


def test_a_loop_that_says_nothing_is_stopped(tmp_path: Path) -> None:
    text = compiled(tmp_path, [{"->": "0"}, None]).read_text()
    with InkRuntime("night.ink.json", text, (), seconds=1.5) as runtime:
        began = time.monotonic()
        with pytest.raises(DeviceError, match=r"did not reach a choice or the end in 1\.5 s"):
            runtime.play_on()
        assert 1.5 <= time.monotonic() - began < 5.0
        assert runtime.ended


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


def test_after_an_error_with_lines_the_rehearsal_is_where_it_was(tmp_path: Path) -> None:
    text = compiled(tmp_path, BREAKS).read_text()
    with InkRuntime("night.ink.json", text, ()) as runtime:
        session = InkSession(runtime, "night.ink.json")
        reply = session.choose(0)
        assert [one.text.strip() for one in reply.lines] == ["Before."]
        assert "ran out of content" in reply.error
        assert len(session.turns) == 1
        session.keep(tmp_path / "kept.json")
        session.load(tmp_path / "kept.json")
        assert [one.text.strip() for one in session.choose(1).lines] == ["Fine."]
        assert session.undo() == ["> Stay"]
        assert [one.text for one in session.now.choices] == ["Break", "Stay"]


def test_a_person_plays_on_after_an_error_of_the_story(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = compiled(tmp_path, BREAKS)
    answers = Piped(io.StringIO("1\n2\n"))
    assert play_ink(Request(str(file)), person=True, answers=answers) == 0
    out = capsys.readouterr().out
    assert "ran out of content" in out
    assert "Fine." in out


def test_a_person_plays_on_after_the_runtime_was_killed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    choose, left = InkRuntime.choose, [1]

    def killed(runtime: InkRuntime, index: int) -> processes.InkReply:
        if left:
            left.pop()
            os.kill(runtime._process.pid, signal.SIGKILL)
        return choose(runtime, index)

    monkeypatch.setattr(InkRuntime, "choose", killed)
    answers = Piped(io.StringIO("Wait\nWait\n"))
    assert play_ink(Request(str(FERRY)), person=True, answers=answers) == 0
    out = capsys.readouterr().out
    assert "ended by signal 9" in out
    assert "BELL: A bell." in out


def test_a_rehearsal_ends_when_the_runtime_does_not_start_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(runtime: InkRuntime, index: int) -> processes.InkReply:
        monkeypatch.setattr(processes.sys, "executable", "/bin/false")
        runtime.close()
        return runtime.restore("")

    monkeypatch.setattr(InkRuntime, "choose", killed)
    with pytest.raises(DeviceError, match="ended with exit status"):
        play_ink(Request(str(FERRY)), person=True, answers=Piped(io.StringIO("Wait\nWait\n")))


@pytest.mark.parametrize(
    "reply", ['{"lines": [], "values": {"x": Infinity}}', "no JSON", "[" * 9999]
)
def test_a_reply_that_cannot_be_read_is_reported(
    reply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _replaced(monkeypatch, f"print({reply!r}, flush=True); input(); input()")
    with pytest.raises(DeviceError, match="reply of the ink runtime cannot be read"):
        InkRuntime("night.ink.json", FERRY.read_text(), ())


def test_a_runtime_that_writes_much_to_stderr_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    run = "import sys; sys.stderr.write('x' * 200_000 + chr(10)); sys.stderr.flush(); "
    _replaced(monkeypatch, run + "from xrdrama.adapters.ink.child import main; main()")
    with InkRuntime("night.ink.json", FERRY.read_text(), (), seconds=5.0) as runtime:
        assert runtime.play_on().lines


def _replaced(monkeypatch: pytest.MonkeyPatch, run: str) -> None:
    """The process runs this instead."""
    popen = processes.subprocess.Popen
    monkeypatch.setattr(
        processes.subprocess, "Popen",
        lambda command, **kept: popen([command[0], "-c", run], **kept),
    )  # fmt: skip


def test_numbers_that_json_has_not_are_texts(tmp_path: Path) -> None:
    huge = ["ev", 1e30, {"VAR=": "x"}, "/ev", "end"]
    text = compiled(tmp_path, ["^Hi.", "\n", "ev", {"VAR?": "x"}, 1e30, "*", "/ev",
                               {"VAR=": "x", "re": True}, "done",
                               {"global decl": [*huge, None]}]).read_text()  # fmt: skip
    with InkRuntime("night.ink.json", text, ("x",)) as runtime:
        reply = runtime.play_on()
        assert reply.values == {"x": "inf"}
        assert "x is inf: " in reply.notes[0]
    with InkRuntime("night.ink.json", text, ("x",)) as runtime:
        session = InkSession(runtime, "night.ink.json")
        with pytest.raises(UsageError, match="null"):
            runtime.return_to(session.now.state)
        assert runtime.ended  # and not somewhere else in the story


@pytest.mark.parametrize("end", ["", "line: Before.\n", "line: Before.\nstop\n"])
def test_a_plan_fails_when_the_story_breaks_after_its_last_step(tmp_path: Path, end: str) -> None:
    file = compiled(tmp_path, BREAKS)
    runs, _ = parse_plan(f"line: Hi.\nselect: Break\n{end}", "night.testplan")
    failure = run_ink_plan(open_ink(str(file)), runs, tmp_path / "night.testplan")[0]
    assert failure is not None
    assert "ran out of content" in failure.got
    runs, _ = parse_plan("line: Hi.\nselect: Stay\nline: Fine.\nstop\n", "night.testplan")
    assert run_ink_plan(open_ink(str(file)), runs, tmp_path / "night.testplan") == [None]


def test_warnings_of_the_compiler_are_reported_and_it_runs_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "inklecate"
    program.write_text(
        f'#!/bin/sh\necho once >> {tmp_path}/runs\ncp {FERRY} "$2"\n'
        "echo \"WARNING: 'ferry.ink' line 3: Apparent loose end\"\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(processes, "COMPILERS", ("inklecate",))
    source, plan = tmp_path / "ferry.ink", tmp_path / "ferry.testplan"
    source.write_text("Hello.\n")
    plan.write_text(PLAN)
    said: list[str] = []
    assert all_tested([source, plan], notice=said.append).passed == 1
    assert (tmp_path / "runs").read_text() == "once\n"
    import_story(source, tmp_path / "ferry.branch.yaml", notice=said.append)
    assert [("I122" in one, "Apparent loose end" in one) for one in said] == [(True, True)] * 2
