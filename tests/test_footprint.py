"""What an import costs: a story needs no engine, no arrays, no sockets, no terminal."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "numpy", "panda3d", "direct", "zmq", "networkx", "typer", "click", "rich", "av", "PIL", "cv2",
    "mediapipe", "vosk", "moonshine_voice", "sounddevice", "ruamel", "scipy",
    "pypinyin", "prompt_toolkit", "pygls", "lsprotocol", "typst", "bink",
    "xr", "OpenGL", "starlette", "uvicorn", "websockets", "cryptography",
}  # fmt: skip
MACHINE = {"socket", "subprocess", "multiprocessing", "asyncio", "sqlite3", "ssl"}


def loaded(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has after a statement."""
    probe = f"import sys\n{statement}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=240
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module", ["xrdrama", "xrdrama.story", "xrdrama.document", "xrdrama.errors", "xrdrama.timing"]
)
def test_a_light_package_stays_light(module: str) -> None:
    assert loaded(f"import {module}") & (HEAVY | MACHINE) == set()


def test_playing_a_story_loads_nothing_more() -> None:
    play = """
from xrdrama.story import load_story
from xrdrama.story.stepping.rehearsal import Rehearsal
walk = Rehearsal(load_story('''
xrdrama: 1
id: a
scene: s
vars: {n: {type: int, min: 0, max: 2}}
beats:
  a: {choice: {options: {go: {to: b, if: n < 1}}}}
  b: {ending: e}
'''))
walk.pick("go")
assert walk.ended
"""
    assert loaded(play) & (HEAVY | MACHINE) == set()


@pytest.mark.parametrize(
    "module", ["xrdrama.speech", "xrdrama.tracking", "xrdrama.wire", "xrdrama.show"]
)
def test_the_rest_of_the_core_needs_no_library_but_msgspec_and_yaml(module: str) -> None:
    assert loaded(f"import {module}") & HEAVY == set()


def test_the_probe_sees_what_is_heavy() -> None:
    # The control of the tests above.
    assert {"pygls", "lsprotocol"} <= loaded("import xrdrama.tools.language_server.session")
    assert {"typer", "rich"} <= loaded("import xrdrama.cli.commands")
    assert "socket" in loaded("import socket")


def test_the_command_line_loads_no_engine_before_it_is_asked_to() -> None:
    assert loaded("import xrdrama.cli.commands") & HEAVY <= {"typer", "click", "rich"}


def test_checking_a_story_loads_no_terminal_no_graph_library_and_no_show() -> None:
    check = """
from pathlib import Path
import xrdrama
from xrdrama.cli import run
story = next(Path(xrdrama.__file__).parent.parent.glob("branches/*.branch.yaml"))
assert run(["check", str(story)]) == 0
print(*(name.replace("xrdrama.", "xrdrama-") for name in sys.modules))
"""
    found = loaded(check)
    # A table with Chinese phrases needs pypinyin.
    assert found & (HEAVY | {"pydantic"}) <= {"pypinyin"}
    assert not {name for name in found if name.startswith(("xrdrama-show", "xrdrama-stage"))}
    assert any(name.startswith("xrdrama-authoring") for name in found)  # the control
