"""What happens to the documents of an editor: opened, changed, saved, closed."""

from __future__ import annotations

from lsprotocol import types

from xrdrama.tools.language_server.converting import as_path
from xrdrama.tools.language_server.session import StoryServer


def opened(ls: StoryServer, params: types.DidOpenTextDocumentParams) -> None:
    """A document was opened: check it at once."""
    ls.library.look_again()
    document = params.text_document
    if path := ls.put(document.uri, document.text):
        ls.diagnostics.changed(path, at_once=True, saved=True)


def changed(ls: StoryServer, params: types.DidChangeTextDocumentParams) -> None:
    """A document was changed: check it when the typing pauses."""
    uri = params.text_document.uri
    if path := ls.put(uri, ls.workspace.get_text_document(uri).source):
        ls.diagnostics.changed(path)


def saved(ls: StoryServer, params: types.DidSaveTextDocumentParams) -> None:
    """A document was saved: files beside it may be new."""
    ls.library.look_again()
    if path := as_path(params.text_document.uri):
        ls.diagnostics.changed(path, saved=True)


def closed(ls: StoryServer, params: types.DidCloseTextDocumentParams) -> None:
    """A document was closed: its file counts again."""
    if path := as_path(params.text_document.uri):
        ls.library.remove(path)
        ls.library.look_again()
        ls.diagnostics.closed(path)


def files_changed(ls: StoryServer, _: types.DidChangeWatchedFilesParams) -> None:
    """Files were changed by other programs."""
    ls.library.look_again()
    for path in list(ls.library.texts):
        ls.diagnostics.changed(path)
