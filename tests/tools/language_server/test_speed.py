"""Answers in a file of 300 beats take little processor time, however busy the machine is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lsprotocol import types

from tests.tools.language_server.editor import Editor, at
from xrdrama.tools.bench.large import large_story

pytestmark = pytest.mark.alone
MOST_MS = 60.0
"""Processor time of an answer; completion takes 13 ms. One that parses the file takes longer."""


def spent_ms(process: int) -> float:
    """The processor time of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def each_ms(editor: Editor, ask: Callable[[], object], times: int = 30) -> float:
    before = spent_ms(editor.process.pid)
    for _ in range(times):
        ask()
    return (spent_ms(editor.process.pid) - before) / times


def test_completion_hover_and_references_are_quick(tmp_path: Path) -> None:
    text = large_story(300)
    path = tmp_path / "night_tram.branch.yaml"
    path.write_text(text, "utf-8")
    editor = Editor(tmp_path)
    uri = editor.open(path)
    document, client = types.TextDocumentIdentifier(uri), editor.client
    here = at(text, "to: b150", 5)
    complete = types.CompletionParams(document, here)
    references = types.ReferenceParams(types.ReferenceContext(True), document, here)

    def formatted() -> object:
        params = types.DocumentFormattingParams(document, types.FormattingOptions(2, True))
        return editor.wait(client.text_document_formatting_async(params))

    asked: dict[str, Callable[[], object]] = {
        "completion": lambda: editor.wait(client.text_document_completion_async(complete)),
        "hover": lambda: editor.wait(
            client.text_document_hover_async(types.HoverParams(document, here))
        ),
        "references": lambda: editor.wait(client.text_document_references_async(references)),
    }
    for name, ask in asked.items():
        ask()
        spent = each_ms(editor, ask)
        sys.stdout.write(f"{name}: {spent:.0f} ms of processor time\n")
        assert spent < MOST_MS, (name, spent)
    # The control: an answer that parses the whole file is over the bound.
    formatting = each_ms(editor, formatted, 5)
    sys.stdout.write(f"formatting: {formatting:.0f} ms of processor time\n")
    assert formatting > MOST_MS
    # While typing: what is asked before the check is due parses nothing.
    changed = text.replace("Stop 9?", "Stop 9, is it?")
    before = spent_ms(editor.process.pid)
    editor.send(uri, changed)
    asked["completion"]()
    spent = spent_ms(editor.process.pid) - before
    sys.stdout.write(f"completion after a change: {spent:.0f} ms of processor time\n")
    assert spent < MOST_MS
    assert editor.end() == 0
