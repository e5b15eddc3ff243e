"""Ink source through the compiler of inkjs: the kept stories, errors with positions, commands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.authoring.ink.generated import HERE, MANY, Maker
from tests.authoring.ink.side_by_side import difference, imported
from tests.peers.ink.install import NODE, PROGRAMS, main
from xrdrama.__main__ import main as run_main
from xrdrama.errors import AuthoringError
from xrdrama.processes.ink import compile_ink
from xrdrama.tools.ink.opening import open_ink

pytestmark = pytest.mark.peer


@pytest.fixture(autouse=True)
def compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    main()
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, (PROGRAMS, NODE, os.environ["PATH"]))))


def test_kept_stories_are_what_the_compiler_makes(tmp_path: Path) -> None:
    for seed in range(MANY):
        source = tmp_path / f"generated_{seed:02}.ink"
        source.write_text(Maker(seed).story())
        kept = (HERE / f"generated_{seed:02}.ink.json").read_text()
        assert compile_ink(source).text.strip() == kept.strip(), source.name


def test_other_generated_stories_say_what_ink_says(tmp_path: Path) -> None:
    for seed in range(100, 112):
        source = tmp_path / "story.ink"
        source.write_text(Maker(seed).story())
        text = compile_ink(source).text
        story, lost = imported(text)
        assert lost == []
        for play in range(3):
            assert difference(text, story, play) == "", seed


def test_errors_of_the_source_have_their_line(tmp_path: Path) -> None:
    source = tmp_path / "night.ink"
    source.write_text("Hello.\n{ trust\n-> nowhere\n")
    with pytest.raises(AuthoringError) as raised:
        open_ink(str(source))
    problem = raised.value.problems[0]
    assert (problem.code, problem.line, problem.file) == ("I121", 2, str(source))


def test_included_files_are_compiled_with_their_story(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "more.ink").write_text("=== more\nFrom the other file.\n-> END\n")
    source = tmp_path / "night.ink"
    source.write_text("INCLUDE more.ink\n-> more\n")
    with pytest.raises(SystemExit) as ended:
        run_main(["play", str(source), "--choices", "1"])
    assert ended.value.code in (0, None)
    assert "From the other file." in capsys.readouterr().out
