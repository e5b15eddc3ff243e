"""Corrections and explanations of the problems in a document."""

from __future__ import annotations

from typing import Final

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from xrdrama.authoring.editing.fixing import problem_span, replacement
from xrdrama.authoring.editing.hovering import explained
from xrdrama.authoring.explaining import explanation_of
from xrdrama.tools.language_server.converting import as_path, as_range
from xrdrama.tools.language_server.session import StoryServer

EXPLAIN: Final = "xrdrama.explain"
"""The command that explains a problem code."""


def actions(
    ls: StoryServer, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command] | None:
    """The corrections of the problems in a range, and their explanations."""
    path = as_path(params.text_document.uri)
    if path is None:
        return None
    rows = ls.library.rows(path)
    found: list[types.CodeAction | types.Command] = []
    for problem in ls.diagnostics.problems(path):
        here = as_range(rows, problem_span(rows.rows, problem))
        if here.end < params.range.start or params.range.end < here.start:
            continue
        shown = [d for d in params.context.diagnostics if d.code == problem.code]
        change = replacement(rows.rows, problem)
        if change is not None:
            edit = types.TextEdit(as_range(rows, change.span), change.text)
            found.append(
                types.CodeAction(
                    title=f"Write {change.text}",
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=shown,
                    is_preferred=True,
                    edit=types.WorkspaceEdit({params.text_document.uri: [edit]}),
                )
            )
        title = f"Explain {problem.code}: {problem.message}"[:100]
        found.append(types.Command(title=title, command=EXPLAIN, arguments=[problem.code]))
    return found


def explain(ls: StoryServer, code: str) -> str:
    """Show the explanation of a problem code."""
    known = explanation_of(str(code))
    if known is None:
        raise JsonRpcInvalidParams(f"there is no problem code {str(code)[:20]!r}")
    text = explained(known)
    ls.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
    return text
