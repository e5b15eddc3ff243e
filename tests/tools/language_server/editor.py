"""An editor for tests: pygls' own client, which starts the real process and speaks over stdio."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.uris import from_fs_path

T = TypeVar("T")
COMMAND = (sys.executable, "-m", "xrdrama", "lsp")
SECONDS = 60


def uri_of(path: Path) -> str:
    return from_fs_path(str(path)) or ""


class Editor:
    """A session with a language server; every call waits for its answer."""

    def __init__(self, folder: Path, encodings: list[str] | None = None) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.published: dict[str, list[types.Diagnostic]] = {}
        self.times: dict[str, int] = {}
        self.shown: list[str] = []
        self.versions: dict[str, int] = {}
        self.client = LanguageClient("tests", "1")

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published[params.uri] = list(params.diagnostics)
            self.times[params.uri] = self.times.get(params.uri, 0) + 1

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def show(params: types.ShowMessageParams) -> None:
            self.shown.append(params.message)

        self.wait(self.client.start_io(*COMMAND, cwd=str(folder)))
        general = types.GeneralClientCapabilities(position_encodings=encodings)
        self.begun = self.wait(
            self.client.initialize_async(
                types.InitializeParams(
                    capabilities=types.ClientCapabilities(general=general if encodings else None),
                    root_uri=uri_of(folder),
                )
            )
        )
        self.client.initialized(types.InitializedParams())

    @property
    def process(self) -> asyncio.subprocess.Process:
        server = self.client._server
        assert isinstance(server, asyncio.subprocess.Process)
        return server

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(SECONDS)

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a file, or a text that is not saved in it."""
        text = path.read_text("utf-8") if text is None else text
        uri, language = uri_of(path), "yaml"
        document = types.TextDocumentItem(uri, language, 1, text)
        before = self.times.get(uri, 0)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        self.until(lambda: self.times.get(uri, 0) > before)
        return uri

    def change(self, uri: str, text: str) -> list[types.Diagnostic]:
        """Change the text of an open file; its diagnostics afterwards."""
        before = self.times.get(uri, 0)
        self.send(uri, text)
        self.until(lambda: self.times.get(uri, 0) > before)
        return self.published[uri]

    def send(self, uri: str, text: str) -> None:
        self.versions[uri] = self.versions.get(uri, 1) + 1
        identifier = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(identifier, [change])
        )

    def close(self, uri: str) -> None:
        document = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    def until(self, happened: Any) -> None:
        end = time.monotonic() + SECONDS
        while not happened():
            assert time.monotonic() < end, "the server did not answer in time"
            time.sleep(0.01)  # the poll interval

    def end(self) -> int | None:
        """Shut the server down; its exit status."""
        process = self.process
        self.wait(self.client.shutdown_async(None))
        self.client.exit(None)
        status = self.wait(process.wait())
        self.wait(self.client.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(SECONDS)
        self.loop.close()
        return status


def at(text: str, mark: str, offset: int = 0, nth: int = 1) -> types.Position:
    """The position (in UTF-16) at the start of the nth occurrence of a text, plus an offset."""
    index = -1
    for _ in range(nth):
        index = text.index(mark, index + 1)
    before = text[: index + offset]
    line = before.count("\n")
    row = before[before.rfind("\n") + 1 :]
    return types.Position(line, len(row.encode("utf-16-le")) // 2)
