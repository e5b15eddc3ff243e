"""Every command in the READMEs parses, and runs where it can.

Commands are in blocks (indented by four, or fenced) and in `backticks`. All are parsed by the
command line's own parser, so that an option that is not there fails here and not at a reader's
desk. The ones in blocks are run as well, unless `PARSED` says why not.
"""

from __future__ import annotations

import io
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer import TyperException
from typer.main import get_command

from xrdrama import content
from xrdrama.cli import run
from xrdrama.cli.commands import app
from xrdrama.tools.checking.contents import check_paths

ROOT = Path(__file__).resolve().parents[1]
READMES = sorted(
    path
    for folder in ("", "branches", "bridge", "examples", "scenes", "tests")
    for path in (ROOT / folder).glob("**/README.md" if folder else "README.md")
    if not {"node_modules", ".venv"} & set(path.parts)
)
PARSED = {
    "vr": "it needs a headset",
    "metrics": "it needs a running show; tests/tools/nodes measures one",
    "status": "it needs a running show; tests/peers/nodes asks one",
    "keys new": "it writes to the user's own folder; tests/adapters/bridge makes keys",
    "console": "it serves until it is stopped",
    "serve": "it serves until it is stopped; examples/20_viewer.py joins one",
    "author": "it watches until it is stopped; tests/tools/previewing runs one",
    "track monitor": "it needs a tracker, and watches until it is stopped",
    "track simulate": "it sends until it is stopped",
    "track wizard": "it needs a tracker that an operator moves",
    "track record": "it records until it is stopped",
    "lens import": "it needs a calibration; tests/cli/test_lenses.py imports one of each kind",
    "run": "a live run; one at a fixed rate is run",
    "farm render": "it draws for a minute; tests/peers/farm draws a take",
    "render": "it draws a take of the run above it; tests/peers/nodes runs render nodes",
    "robot simulate": "tests/robots/test_simulation.py runs one",
    "previs": "it opens a window; tests/tools/previs draws without one",
    "new": "tests/tools/test_starting.py makes a folder and runs its show",
    "import": "it needs a file of another tool; tests/tools/test_foreign.py imports one",
    "scene import": "it needs a model; tests/tools/importing imports some",
    "models get": "it needs a package registry; tests/adapters/vision and peers get models",
    "diff": "it exits with 1 where versions differ; tests/cli/test_maps.py compares some",
    "strings": "it writes beside the story; tests/tools/test_string_tables.py makes tables",
    "lsp": "an editor starts it; tests/tools/language_server speaks with one",
    "voices": "it needs texts or recordings; tests/tools/voices/test_voices.py makes some",
    "votes publish": "it needs the take of an audience; tests/peers/viewer/test_votes.py has one",
    "votes verify": "it needs published votes; tests/tools/votes verifies some, with Node, too",
    "performer new": "it needs a figure; tests/performer/test_new.py makes performers",
}
"""Commands in blocks that are parsed and not run, and why."""
RUNS = {
    "run --fixed-rate": ("--seconds", "0.2", "--no-video"),
    "play": (),
    "prove": (),
    "check": (),
    "explain": (),
    "test": (),
    "export": (),
    "graph": (),
    "markers": (),
    "nodes push": (),
    "fmt": (),
    "stage check": (),
    "stage new": (),
    "stage pattern": (),
    "stage verify": (),
    "lens check": (),
    "lens export": (),
    "performer check": (),
    "scene check": (),
    "scene picture": ("--size", "96x54"),
}
"""Commands in blocks that are run, and what is added so that it takes seconds."""
NAMED = {
    "run": "show", "vr": "show", "play": "story", "prove": "story", "graph": "story",
    "stage verify": "stage",
    "scene check": "scene", "scene picture": "scene",
}  # fmt: skip
"""Commands whose first argument names a content, and its kind."""
OF_OTHERS = (
    "git clone",
    "node bridge/votes/verify.mjs",
    "git config",
    "git difftool",
    "source",
    "cd",
    "python -m venv",
    "voices/bin/pip install",
)


class Line(msgspec.Struct, frozen=True):
    """A command in a README."""

    words: tuple[str, ...]
    where: str
    in_block: bool

    def __str__(self) -> str:
        return f"{self.where} {' '.join(self.words)}"


def blocks_of(text: str) -> Iterator[tuple[str, int, list[str]]]:
    """Language ("" without one), number of the first line and lines of each code block."""
    language: str | None = None
    lines: list[str] = []
    before = ""
    for number, line in enumerate([*text.splitlines(), ""], 1):
        fence = re.fullmatch(r" *```(\w*)", line)
        if language is not None and not fence:
            lines.append(line)
        elif fence and language is not None:
            yield language, number - len(lines), lines
            language, lines = None, []
        elif fence:
            language, lines = fence[1], []
        elif line.startswith("    ") and (lines or not before.strip()):
            lines.append(line[4:])
        elif lines:
            yield "indented", number - len(lines), lines
            lines = []
        before = line


def commands_of(text: str, name: str) -> Iterator[Line]:
    """The commands in blocks and in backticks."""
    text = re.sub(r"\\\n *", " ", text)  # a backslash joins two lines of a command
    for language, first, lines in blocks_of(text):
        if language not in ("indented", "sh", "bash", "shell", "console"):
            continue
        for number, line in enumerate(lines, first):
            if not line.strip() or line[0] in "[{ ":  # a message of the bridge, or a continuation
                continue
            for part in line.split(" && "):
                words = shlex.split(part.removeprefix("$ "), comments=True)
                yield Line(tuple(words), f"{name}:{number}", in_block=True)
    prose = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)
    for code in re.findall(r"`(xrdrama [^`\n]+)`", prose):
        yield Line(tuple(shlex.split(code, comments=True)), name, in_block=False)


LINES = [
    line
    for path in READMES
    for line in commands_of(path.read_text("utf-8"), path.relative_to(ROOT).as_posix())
]
OURS = [line for line in LINES if line.words[0] == "xrdrama"]


def parsed(words: tuple[str, ...], *, in_block: bool) -> tuple[str, dict[str, Any]]:
    """Command and parameters, by the command line's own parser; TyperException if it objects.

    A command in a sentence may leave arguments out.
    """
    command: Any = get_command(app)
    context = command.make_context("xrdrama", list(words[1:]))
    names = []
    while hasattr(command, "resolve_command"):
        rest = [*context._protected_args, *context.args]
        name, command, rest = command.resolve_command(context, rest)
        names.append(name)
        if not rest and not in_block:
            return " ".join(names), {}
        try:
            context = command.make_context(name, rest, parent=context)
        except TyperException as error:
            if in_block or not str(error).startswith("Missing"):
                raise
            return " ".join(names), {}
    return " ".join(names), context.params


@pytest.mark.parametrize("line", OURS, ids=str)
def test_command_parses_and_the_content_that_it_names_exists(line: Line) -> None:
    name, params = parsed(line.words, in_block=line.in_block)
    if name in NAMED and line.in_block:  # a sentence may speak of a set that is yet to be made
        given = str(next(iter(params[key] for key in params if key in NAMED.values())))
        assert content.find(NAMED[name], given)


def test_misspelt_option_command_and_content_are_found(tmp_path: Path) -> None:
    for text, found in (
        ("\n    xrdrama run lantern_demo --headles\n", "No such option"),
        ("\n    xrdrama rum lantern_demo\n", "No such command"),
        ("\n```sh\nxrdrama track simulate\n```\n", "Missing"),
        ("Type `xrdrama check --fix` then.", "No such option"),
        ("Type `xrdrama stage verfy arc_volume`.", "No such command"),
    ):
        (line,) = commands_of(text, "x")
        with pytest.raises(TyperException, match=found):
            parsed(line.words, in_block=line.in_block)
    assert parsed(("xrdrama", "render"), in_block=False)[0] == "render"


def test_most_commands_are_found_in_the_readmes() -> None:
    """The control: the parser of blocks above finds what people see."""
    assert len([line for line in OURS if line.in_block]) >= 14
    assert len([line for line in OURS if not line.in_block]) >= 8
    assert {"make demo", "make test"} <= {" ".join(line.words) for line in LINES}


@pytest.mark.parametrize("line", [x for x in LINES if x not in OURS], ids=str)
def test_other_programs_and_their_files_exist(line: Line) -> None:
    program, *rest = line.words
    text = " ".join(line.words)
    if program == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        assert set(rest) <= set(targets)
    elif program.endswith("python") and rest[0] != "-m":
        (name,) = (word for word in rest if word.endswith(".py"))
        beside = ROOT / line.where.rpartition("/")[0]
        script = beside / name if (beside / name).is_file() else ROOT / name
        compile(script.read_text("utf-8"), str(script), "exec")
    else:
        assert text.startswith(OF_OTHERS), "say in OF_OTHERS that it is a program of others"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like the repository to commands, and may be written."""
    for folder in ("branches", "scenes", "examples"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "examples/stages/surfaces/wave.obj", tmp_path / "wall.obj")
    corners = {f"{z}_{x}": (2.868 * (-1 if x == "left" else 1), 4.096, 3 * (z == "upper"))
               for z in ("lower", "upper") for x in ("left", "right")}  # fmt: skip
    rows = (f"{name},{x},{y},{z}" for name, (x, y, z) in corners.items())
    (tmp_path / "wall.csv").write_text("name,x,y,z\n" + "\n".join(rows) + "\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.peer  # whole programs, for minutes
def test_commands_in_blocks_run(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = set()
    for line in OURS:
        if not line.in_block or line.words in done:
            continue
        done.add(line.words)
        name, params = parsed(line.words, in_block=True)
        fixed = "run --fixed-rate" if name == "run" and params["fixed_rate"] else name
        if fixed not in RUNS:
            assert name in PARSED, f"{line}: say in RUNS or PARSED how it is tested"
            continue
        monkeypatch.setattr("sys.stdin", io.StringIO("1\n" * 50))
        assert run([*line.words[1:], *RUNS[fixed]]) == 0, line


def test_python_blocks_run() -> None:
    found = [
        (path, first, "\n".join(lines))
        for path in READMES
        for language, first, lines in blocks_of(path.read_text("utf-8"))
        if language in ("python", "py")
    ]
    assert found
    for path, first, text in found:
        exec(compile("\n" * (first - 1) + text, str(path), "exec"), {})


def test_story_in_the_readme_is_without_problems(desk: Path) -> None:
    """A beat, with the beats that it leads to: the same words and keys as a whole story."""
    blocks = blocks_of((ROOT / "README.md").read_text("utf-8"))
    (beat,) = ("\n".join(lines) for language, _, lines in blocks if language == "yaml")
    cast = sorted(set(re.findall(r"^ +([A-Z]+)(?: \(\w+\))?: ", beat, re.MULTILINE)))
    ends = [name for name in ("remembered", "silent") if name in beat]
    story = desk / "branches" / "shown.branch.yaml"
    story.write_text(
        "xrdrama: 1\nid: shown\ntitle: Shown\nlanguage: en\nstart: counting\n"
        "scene: lantern_street\nvars:\n  trust: {type: int, min: 0, max: 9, init: 0}\ncast:\n"
        + "".join(f"  {name.lower()}: {{name: {name.title()}}}\n" for name in cast)
        + f"beats:\n{beat}\n"
        + "".join(
            f"  {name}:\n    script: |\n      @wait 1s\n    ending: {name}\n" for name in ends
        ),
        "utf-8",
    )
    problems = [problem for problem in check_paths([story])[0] if problem.severity == "error"]
    assert problems == []
