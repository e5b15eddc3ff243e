"""Values of the language server protocol, made of ours."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from xrdrama.authoring.editing.outlining import Part
from xrdrama.authoring.editing.spans import Rows, Span
from xrdrama.authoring.editing.suggestions import Sort, Suggestion
from xrdrama.tools.language_server.library import Library

_KINDS: dict[Sort, types.CompletionItemKind] = {
    "beat": types.CompletionItemKind.Reference,
    "group": types.CompletionItemKind.Module,
    "variable": types.CompletionItemKind.Variable,
    "role": types.CompletionItemKind.Class,
    "scene": types.CompletionItemKind.File,
    "cue": types.CompletionItemKind.Event,
    "name": types.CompletionItemKind.Value,
    "key": types.CompletionItemKind.Property,
    "word": types.CompletionItemKind.Keyword,
}
_SYMBOLS = {
    "beat": types.SymbolKind.Function,
    "variable": types.SymbolKind.Variable,
    "role": types.SymbolKind.Class,
    "option": types.SymbolKind.EnumMember,
    "ending": types.SymbolKind.Event,
    "plot": types.SymbolKind.Interface,
}


def as_path(uri: str) -> Path | None:
    """The resolved path of a document; None for one that is not a file."""
    if not uri.startswith("file:"):
        return None
    path = to_fs_path(uri)
    return Path(path).resolve() if path else None


def as_uri(library: Library, path: Path) -> str:
    """The address of a file, as the editor writes it if it has the file open."""
    return library.uris.get(path) or from_fs_path(str(path)) or path.as_uri()


def as_range(rows: Rows, span: Span) -> types.Range:
    """A span of a line as the editor counts."""
    start, end = rows.units(span.line, span.start), rows.units(span.line, span.end)
    return types.Range(types.Position(*start), types.Position(*end))


def as_location(library: Library, span: Span) -> types.Location:
    """A span with its file."""
    file = Path(span.file).resolve()
    return types.Location(as_uri(library, file), as_range(library.rows(file), span))


def as_symbol(rows: Rows, part: Part) -> types.DocumentSymbol:
    """A part of a file with the parts in it."""
    one = part.one
    name = as_range(rows, one.span)
    last = rows.units(part.last, len(rows.rows[part.last - 1]) + 1)
    return types.DocumentSymbol(
        name=one.name,
        detail="storylet group" if one.group else one.kind,
        kind=_SYMBOLS[one.kind],
        range=types.Range(types.Position(one.span.line - 1, 0), types.Position(*last)),
        selection_range=name,
        children=[as_symbol(rows, below) for below in part.parts],
    )


def as_item(suggestion: Suggestion, replaced: types.Range) -> types.CompletionItem:
    """A suggestion that replaces what is typed of its word."""
    text = suggestion.insert or suggestion.label
    return types.CompletionItem(
        label=suggestion.label,
        kind=_KINDS[suggestion.sort],
        detail=suggestion.note or None,
        filter_text=suggestion.label,
        text_edit=types.TextEdit(replaced, text),
    )
