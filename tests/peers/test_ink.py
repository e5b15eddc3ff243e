"""Ink source through the compiler of inkjs: the kept stories, errors with positions, commands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bridge.web.build import node_folder
from tests.authoring.ink.generated import HERE, MANY, Maker
from tests.authoring.ink.side_by_side import difference, imported
from tests.peers.ink_suite import KNOWN, differing
from tests.peers.runtimes.install import PROGRAMS, main
from xrdrama.errors import AuthoringError
from xrdrama.processes.ink import compile_ink
from xrdrama.tools.ink.opening import open_ink
from xrdrama.tools.playing.ink import play_ink
from xrdrama.tools.playing.loop import Request

pytestmark = pytest.mark.peer


@pytest.fixture(autouse=True)
def compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    main()
    monkeypatch.setenv(
        "PATH", os.pathsep.join(map(str, (PROGRAMS, node_folder(), os.environ["PATH"])))
    )


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
    assert play_ink(Request(str(source), choices="")) == 0
    assert "From the other file." in capsys.readouterr().out


def test_the_suite_names_new_failures_and_cases_that_pass_now() -> None:
    assert differing(set(KNOWN)) == {}
    other = differing({*KNOWN, "I001"} - {"B004"})
    assert other["I001"].startswith("fails")
    assert other["B004"].startswith("passes now")
    assert len(other) == 2
