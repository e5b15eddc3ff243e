"""Answers about the text of a document: completion, formatting, outline, folding."""

from __future__ import annotations

import difflib

from lsprotocol import types

from xrdrama import content
from xrdrama.authoring.editing.completing import complete_plan, complete_story
from xrdrama.authoring.editing.outlining import folds, outline
from xrdrama.authoring.editing.places import where_is
from xrdrama.authoring.editing.spans import Span
from xrdrama.errors import XrdramaError
from xrdrama.tools.checking.formatting import formatted_text
from xrdrama.tools.language_server.converting import as_item, as_path, as_symbol
from xrdrama.tools.language_server.library import PLAN, STORY
from xrdrama.tools.language_server.session import StoryServer


def completed(ls: StoryServer, params: types.CompletionParams) -> types.CompletionList | None:
    """What can be typed at a position."""
    found = ls.found(params, quick=True)
    if found is None or not found.path.name.endswith((STORY, PLAN)):
        return None
    complete = complete_story if found.path.name.endswith(STORY) else complete_plan
    listed = complete(found.project, str(found.path), found.line, found.column)
    index = found.project.files[str(found.path)]
    word = where_is(index.rows, found.line, found.column).word.rpartition(".")[2]
    span = Span(str(found.path), found.line, found.column - len(word), found.column)
    replaced = ls.range(span)
    return types.CompletionList(False, [as_item(one, replaced) for one in listed])


def formatted(
    ls: StoryServer,
    params: types.DocumentFormattingParams,
) -> list[types.TextEdit] | None:
    """The changes of `xrdrama fmt` in a document; none if it has errors."""
    path = as_path(params.text_document.uri)
    if path is None:
        return None
    try:
        with content.edited(ls.library.texts):
            text = formatted_text(path)
    except XrdramaError:
        return None  # its errors are diagnostics; a file with errors is not changed
    typed = ls.library.texts.get(path, "")
    newline = "\r\n" if "\r\n" in typed else "\n"
    return _edits(ls.library.text(path), text, newline) if text is not None else None


def symbols(
    ls: StoryServer,
    params: types.DocumentSymbolParams,
) -> list[types.DocumentSymbol] | None:
    """The outline of a branch file."""
    path = as_path(params.text_document.uri)
    if path is None or not path.name.endswith(STORY):
        return None
    return [as_symbol(ls.library.rows(path), part) for part in outline(ls.library.index(path))]


def folded(ls: StoryServer, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    """What can be folded."""
    path = as_path(params.text_document.uri)
    if path is None:
        return None
    return [types.FoldingRange(a - 1, b - 1) for a, b in folds(ls.library.rows(path).rows)]


def _edits(before: str, after: str, newline: str) -> list[types.TextEdit]:
    """The changed lines only, so that an editor keeps its cursor."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    edits = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag != "equal":
            text = "".join(new[first:last]).replace("\n", newline)
            where = types.Range(types.Position(start, 0), types.Position(end, 0))
            edits.append(types.TextEdit(where, text))
    return edits
