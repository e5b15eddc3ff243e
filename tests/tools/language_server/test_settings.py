"""The settings of editors in examples/editors start the server and name the files that it reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xrdrama.cli import run
from xrdrama.content.places import TABLES

EDITORS = Path(__file__).parents[3] / "examples" / "editors"
STARTING = ("vscode/extension.js", "neovim.lua", "LSP.sublime-settings", "zed/src/lib.rs")


@pytest.mark.parametrize("name", STARTING)
def test_an_editor_starts_a_command_that_exists(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    named = set(re.findall(r'"(l[a-z-]+)"', (EDITORS / name).read_text("utf-8")))
    assert "lsp" in named
    assert run(["lsp", "--help"]) == 0
    # The control: a command that is not there is refused.
    assert run(["language-server", "--help"]) == 2
    capsys.readouterr()


def test_vs_code_watches_the_tables_of_every_format() -> None:
    text = (EDITORS / "vscode" / "extension.js").read_text("utf-8")
    found = re.search(r'createFileSystemWatcher\("\*\*/\*\.\{([^}]*)\}"\)', text)
    assert found and {f".{end}" for end in found[1].split(",")} >= {*TABLES, ".yaml", ".testplan"}
