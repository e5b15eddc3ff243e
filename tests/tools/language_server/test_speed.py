"""Answers in a file of 300 beats take little processor time, however busy the machine is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from lsprotocol import types

from tests.tools.language_server.editor import Editor, at
from xrdrama.tools.bench.large import large_story

pytestmark = pytest.mark.alone
MOST_MS = 100.0
"""Processor time of an answer; one that parses the file takes longer than the answers here."""


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
        assert (spent := each_ms(editor, ask)) < MOST_MS, (name, spent)
    # The control: an answer that parses the whole file is seen as slower.
    assert each_ms(editor, formatted, 5) > each_ms(editor, asked["hover"])
    # While typing: what is asked before the check is due parses nothing.
    changed = text.replace("Stop 9?", "Stop 9, is it?")
    editor.send(uri, changed)
    began = time.monotonic()
    asked["completion"]()
    spent = spent_ms(editor.process.pid)
    asked["completion"]()
    assert spent_ms(editor.process.pid) - spent < MOST_MS or time.monotonic() - began > 0.2
    assert editor.end() == 0
