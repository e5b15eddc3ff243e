"""The language server: its features, and the session on stdin and stdout."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Final

from lsprotocol import types

from xrdrama.tools.language_server.actions import EXPLAIN, actions, explain
from xrdrama.tools.language_server.documents import changed, closed, files_changed, opened, saved
from xrdrama.tools.language_server.naming import (
    definition,
    hovered,
    prepared,
    references,
    renamed,
)
from xrdrama.tools.language_server.session import StoryServer
from xrdrama.tools.language_server.texts import completed, folded, formatted, symbols

_FEATURES = (
    (types.TEXT_DOCUMENT_DID_OPEN, opened, None),
    (types.TEXT_DOCUMENT_DID_CHANGE, changed, None),
    (types.TEXT_DOCUMENT_DID_SAVE, saved, None),
    (types.TEXT_DOCUMENT_DID_CLOSE, closed, None),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, files_changed, None),
    (types.TEXT_DOCUMENT_DEFINITION, definition, None),
    (types.TEXT_DOCUMENT_REFERENCES, references, None),
    (types.TEXT_DOCUMENT_HOVER, hovered, None),
    (types.TEXT_DOCUMENT_PREPARE_RENAME, prepared, None),
    (types.TEXT_DOCUMENT_RENAME, renamed, types.RenameOptions(prepare_provider=True)),
    (
        types.TEXT_DOCUMENT_COMPLETION,
        completed,
        types.CompletionOptions(trigger_characters=["@", "{", " ", "(", ".", "=", "["]),
    ),
    (types.TEXT_DOCUMENT_FORMATTING, formatted, None),
    (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, symbols, None),
    (types.TEXT_DOCUMENT_FOLDING_RANGE, folded, None),
    (
        types.TEXT_DOCUMENT_CODE_ACTION,
        actions,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    ),
)


SWITCH: Final = 0.0005
"""Seconds after which a check in a thread lets a request of the editor run; Python's own 5 ms would
be waited for several times in one answer."""


def serve(log: Path | None = None) -> None:
    """Answer an editor on stdin and stdout until it ends the session."""
    logger = logging.getLogger("pygls")
    logger.setLevel(logging.CRITICAL if log is None else logging.DEBUG)
    if log is not None:
        logger.addHandler(logging.FileHandler(log, encoding="utf-8"))
    sys.setswitchinterval(SWITCH)
    out = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever is printed must not be among the messages
    made_server().start_io(sys.stdin.buffer, out)


def made_server() -> StoryServer:
    """A server with all its features."""
    server = StoryServer()
    for name, answer, options in _FEATURES:
        server.feature(name, options)(answer)
    server.command(EXPLAIN)(explain)
    return server
