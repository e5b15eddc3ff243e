"""A fault of ours in a check is displayed in the editor: no task of the server ends silently."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types

from xrdrama.tools.language_server import diagnostics
from xrdrama.tools.language_server.diagnostics import Diagnostics
from xrdrama.tools.language_server.library import Library

STORY = "xrdrama: 1\nid: night\nscene: lantern_street\nbeats: {porch: {ending: home}}\n"


class Server:
    """What a check sends to the editor."""

    def __init__(self) -> None:
        self.published: list[types.Diagnostic] = []
        self.shown: list[str] = []

    def text_document_publish_diagnostics(self, params: types.PublishDiagnosticsParams) -> None:
        self.published = list(params.diagnostics)

    def window_show_message(self, params: types.ShowMessageParams) -> None:
        self.shown.append(params.message)


def fault(*_: object) -> None:
    raise KeyError("porch")


def checked(path: Path, text: str = STORY) -> Server:
    path.write_text(text, "utf-8")
    server, library = Server(), Library()
    library.put(path, path.as_uri(), text)

    async def check() -> None:
        found = Diagnostics(server, library)  # type: ignore[arg-type]
        found.changed(path, at_once=True)
        await asyncio.gather(*found._tasks.values())

    asyncio.run(check())
    return server


@pytest.mark.parametrize("name", ["check_branch", "indexed"])
def test_fault_of_a_check_is_a_problem_of_its_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path.resolve() / "night.branch.yaml"
    assert [one.code for one in checked(path).published if one.code == "Y014"] == []
    monkeypatch.setattr(diagnostics, name, fault)
    (problem,) = checked(path).published
    assert problem.code == "Y014" and problem.range.start.line == 0
    assert "this file cannot be checked: KeyError: 'porch'; please report" in problem.message


def test_fault_after_a_check_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path.resolve() / "night.branch.yaml"
    monkeypatch.setattr(diagnostics, "problem_span", fault)
    server = checked(path, STORY.replace("porch:", "porch: {next: nowhere}, gate:"))
    (said,) = server.shown
    assert said.startswith(f"the problems of {path} cannot be displayed: KeyError: 'porch'")
