"""Answers about the name at a position: its definition, its uses, what it is, another name."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from xrdrama.authoring.editing.fixing import problem_span
from xrdrama.authoring.editing.hovering import explained, hover, line_at
from xrdrama.authoring.editing.occurrences import Occurrence
from xrdrama.authoring.editing.renaming import renamable, renames
from xrdrama.authoring.editing.spans import Span
from xrdrama.authoring.explaining import explanation_of
from xrdrama.errors import UsageError
from xrdrama.tools.language_server.converting import as_location, as_uri
from xrdrama.tools.language_server.picking import picked_in
from xrdrama.tools.language_server.session import Found, StoryServer


def definition(ls: StoryServer, params: types.DefinitionParams) -> list[types.Location] | None:
    """Where the name at a position is defined."""
    found = ls.found(params)
    one = found.name() if found else None
    if found is None or one is None:
        return None
    spans = [other.span for other in found.project.definitions(one)] or _outside(found, one)
    return [as_location(ls.library, span) for span in spans]


def references(ls: StoryServer, params: types.ReferenceParams) -> list[types.Location] | None:
    """Where the name at a position is used."""
    found = ls.found(params)
    one = found.name() if found else None
    if found is None or one is None:
        return None
    others = sorted(found.project.of(one), key=lambda other: other.span)
    with_definition = params.context.include_declaration
    return [as_location(ls.library, o.span) for o in others if with_definition or not o.defines]


def hovered(ls: StoryServer, params: types.HoverParams) -> types.Hover | None:
    """What is known of the name, the line and the problems at a position."""
    found = ls.found(params, quick=True)
    if found is None:
        return None
    one = found.name() or line_at(found.project, str(found.path), found.line)
    parts = [hover(found.project, one)] if one else []
    rows = ls.library.rows(found.path)
    for problem in ls.diagnostics.problems(found.path):
        span = problem_span(rows.rows, problem)
        known = explanation_of(problem.code) if span.holds(found.line, found.column) else None
        parts += [explained(known)] if known else []
    text = "\n\n---\n\n".join(part for part in parts if part)
    if not text:
        return None
    markdown = types.MarkupContent(types.MarkupKind.Markdown, text)
    on_name = one is not None and one.span.holds(found.line, found.column)
    return types.Hover(markdown, ls.range(one.span) if one and on_name else None)


def prepared(
    ls: StoryServer,
    params: types.PrepareRenameParams,
) -> types.PrepareRenamePlaceholder | None:
    """The name at a position, if it can be renamed."""
    found = ls.found(params)
    if found is None:
        return None
    try:
        one = renamable(found.project, found.name())
    except UsageError as error:
        raise JsonRpcInvalidParams(str(error)) from None
    return types.PrepareRenamePlaceholder(ls.range(one.span), one.name)


def renamed(ls: StoryServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """The changes that rename what is at a position, in all files of its story."""
    found = ls.found(params)
    if found is None:
        return None
    try:
        one = renamable(found.project, found.name())
        fresh = ls.library.project(found.path, fresh=one.kind == "option")
        picked = picked_in(fresh) if one.kind == "option" else {}
        changes = renames(found.project, one, params.new_name, picked)
    except UsageError as error:
        raise JsonRpcInvalidParams(str(error)) from None
    edits: dict[str, list[types.TextEdit]] = {}
    for change in changes:
        uri = as_uri(ls.library, Path(change.span.file))
        edits.setdefault(uri, []).append(types.TextEdit(ls.range(change.span), change.text))
    return types.WorkspaceEdit(changes=edits)


def _outside(found: Found, one: Occurrence) -> list[Span]:
    """The place of a set, cue or branch file, which is defined in a file of its own."""
    around = found.project.around
    if one.kind == "story" and one.name in around.stories:
        return [Span(around.stories[one.name], 1, 1, 1)]
    name = one.name if one.kind == "scene" else found.project.scene_of(str(found.path), one.beat)
    noted = around.sets.get(name)
    if noted is None:
        return []
    if one.kind == "scene":
        return [Span(noted.file, 1, 1, 1)]
    if one.kind == "cue" and one.name in noted.lines:
        line, column = noted.lines[one.name]
        return [Span(noted.file, line, column, column + len(one.name))]
    return []
