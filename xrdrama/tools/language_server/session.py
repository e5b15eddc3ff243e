"""A session with an editor: its open files, their problems, and the position of a request."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from xrdrama.authoring.editing.occurrences import Occurrence
from xrdrama.authoring.editing.project import Project
from xrdrama.authoring.editing.spans import Span
from xrdrama.tools.language_server.converting import as_path, as_range
from xrdrama.tools.language_server.diagnostics import Diagnostics
from xrdrama.tools.language_server.library import Library

_Positioned = (
    types.DefinitionParams | types.ReferenceParams | types.HoverParams | types.RenameParams
    | types.PrepareRenameParams | types.CompletionParams
)  # fmt: skip


class StoryServer(LanguageServer):
    """A language server with the files that an editor has open."""

    def __init__(self) -> None:
        super().__init__(
            "xrdrama",
            version("xrdrama"),
            # Whole texts: editors and Python count the lines of some rare characters differently.
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
        )
        self.library = Library()
        self.diagnostics = Diagnostics(self, self.library)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log an error that no request waits for, such as a message that cannot be read."""
        print(f"xrdrama lsp: {source.__name__}: {error}", file=sys.stderr)  # noqa: T201

    # -- documents --------------------------------------------------------------------------------

    def put(self, uri: str, text: str) -> Path | None:
        """Keep the text of a document; its path, None for one that is not a file."""
        path = as_path(uri)
        if path is not None:
            encoding = self.workspace.position_encoding
            self.library.encoding = str(getattr(encoding, "value", encoding or "utf-16"))
            self.library.put(path, uri, text)
        return path

    def found(self, params: _Positioned, *, quick: bool = False) -> Found | None:
        """The file, position and story of a request; None for a document that is not a file.

        `quick`: with the names of the last check, if the line is as it was then; completion is
        always in a line that has just changed."""
        path = as_path(params.text_document.uri)
        if path is None:
            return None
        where = params.position
        line, column = self.library.rows(path).position(where.line, where.character)
        quick = quick and (
            isinstance(params, types.CompletionParams) or self.library.is_unchanged(path, line)
        )
        return Found(path, line, column, self.library.project(path, quick=quick))

    def range(self, span: Span) -> types.Range:
        """A span as the editor counts."""
        return as_range(self.library.rows(Path(span.file)), span)


class Found:
    """A position in a file of a story."""

    def __init__(self, path: Path, line: int, column: int, project: Project) -> None:
        self.path, self.line, self.column, self.project = path, line, column, project

    def name(self) -> Occurrence | None:
        """The name at the position."""
        return self.project.files[str(self.path)].at(self.line, self.column)
