"""Checks open files while they are typed, and publishes their problems: those of `xrdrama check`.

A check runs in a thread, 200 ms after the last change of its file or of another file of its story.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import msgspec
from lsprotocol import types
from pygls.lsp.server import LanguageServer

from xrdrama import content
from xrdrama.authoring.editing.fixing import problem_span
from xrdrama.authoring.editing.occurrences import FileIndex
from xrdrama.content.places import TABLES
from xrdrama.errors import AuthoringError, Problem, XrdramaError, fault_text
from xrdrama.story import Story
from xrdrama.tools.checking.contents import check_branch, check_file
from xrdrama.tools.language_server.converting import as_range, as_uri
from xrdrama.tools.language_server.library import (
    PLAN,
    SHOW,
    STORY,
    Library,
    indexed,
)

DELAY = 0.2
"""Seconds after the last change."""
_SLOW = (SHOW, "scene.yaml", "performer.yaml")
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
}


class Diagnostics:
    """The problems of all files that belong to an open document."""

    def __init__(self, server: LanguageServer, library: Library) -> None:
        self.server, self.library = server, library
        self.found: dict[Path, dict[Path, list[Problem]]] = {}
        """The problems by checked file and by the file that they are in."""
        self._tasks: dict[Path, asyncio.Task[None]] = {}
        self._running = asyncio.Lock()

    def changed(self, path: Path, *, at_once: bool = False, saved: bool = False) -> None:
        """Check what a change of a file concerns: its story, and the open test plans of that.

        Shows, sets and performers read models and recordings, which takes seconds: they are checked
        when they are opened or saved. Files of other kinds are left alone: an editor may send all
        YAML files."""
        main = self.library.main(path)
        for other in (path, *self.library.texts):
            if other == path or (other.name.endswith(PLAN) and self.library.main(other) == main):
                self._schedule(self.checked(other), 0.0 if at_once else DELAY, saved=saved)

    def checked(self, path: Path) -> Path:
        """The file whose check reports the problems of a file: a table and an included file are
        checked with their story."""
        in_story = path.name.endswith((STORY, *TABLES))
        return self.library.main(path) if in_story else path

    def _schedule(self, path: Path, delay: float, *, saved: bool) -> None:
        if not content.is_content(path) or (path.name.endswith(_SLOW) and not saved):
            return
        if before := self._tasks.get(path):
            before.cancel()
        self._tasks[path] = asyncio.get_running_loop().create_task(self._later(path, delay))

    async def _later(self, path: Path, delay: float) -> None:
        await asyncio.sleep(delay)
        try:
            await self._check(path)
        except Exception as error:  # a fault of ours, which must not be silent
            text = f"the problems of {path} cannot be displayed: {fault_text(error)}"
            shown = types.ShowMessageParams(types.MessageType.Error, text)
            self.server.window_show_message(shown)

    async def _check(self, path: Path) -> None:
        async with self._running:  # one check at a time: others would only slow it down
            texts, outdated = dict(self.library.texts), self.library.outdated()
            done = await asyncio.to_thread(_checked, path, texts, outdated)
        for file, index in done.indexes.items():
            self.library.keep_index(file, outdated[file], index)
        if path.name.endswith(STORY):
            self.library.keep_story(path, done.story)
        self.publish(path, done.problems)

    def closed(self, path: Path) -> None:
        """A document was closed: the problems that only it was checked for are removed."""
        kept = {self.checked(other) for other in self.library.texts}
        for gone in [checked for checked in self.found if checked not in kept]:
            if task := self._tasks.pop(gone, None):
                task.cancel()
            self.publish(gone, [])
            del self.found[gone]

    def publish(self, checked: Path, problems: Iterable[Problem]) -> None:
        """Publish the problems of a check, in every file that has or had some."""
        before = self.found.get(checked, {})
        now: dict[Path, list[Problem]] = {}
        for problem in problems:
            now.setdefault(Path(problem.file).resolve(), []).append(problem)
        for open_file in self.library.texts:
            if self.checked(open_file) == checked:
                now.setdefault(open_file, [])  # also published when it has none
        self.found[checked] = now
        for file in dict.fromkeys((*before, *now)):
            shown = [self._diagnostic(file, one) for one in self.problems(file)]
            self.server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(as_uri(self.library, file), shown)
            )

    def problems(self, file: Path) -> list[Problem]:
        """The problems of a file, of all checks, each once."""
        every = [one for found in self.found.values() for one in found.get(file, [])]
        unique = {(p.line, p.column, p.code, p.message): p for p in every}
        return sorted(unique.values())

    def _diagnostic(self, file: Path, problem: Problem) -> types.Diagnostic:
        rows = self.library.rows(file)
        hint = f"\n{problem.hint}" if problem.hint else ""
        return types.Diagnostic(
            range=as_range(rows, problem_span(rows.rows, problem)),
            message=problem.message + hint,
            severity=_SEVERITIES[problem.severity],
            code=problem.code,
            source="xrdrama",
        )


class _Done(msgspec.Struct, frozen=True):
    """What a check has found: problems, and what later requests need."""

    problems: list[Problem]
    indexes: dict[Path, FileIndex]
    story: Story | None = None


def _checked(path: Path, texts: dict[Path, str], outdated: dict[Path, str]) -> _Done:
    """Check a file with unsaved texts; and the names of those that have changed."""
    indexes: dict[Path, FileIndex] = {}
    story = None
    with content.edited(texts):
        try:
            indexes = {file: indexed(text, file) for file, text in outdated.items()}
            if path.name.endswith(STORY):
                problems, story = check_branch(path, content.read_text(path))
            else:
                problems = check_file(path)
        except AuthoringError as error:
            problems = list(error.problems)
        except XrdramaError as error:
            problems = [Problem(str(path), 1, 1, "Y000", "error", str(error))]
        except Exception as error:  # a fault of ours: the check must not end silently
            message = f"this file cannot be checked: {fault_text(error)}"
            problems = [Problem(str(path), 1, 1, "Y014", "error", message)]
    return _Done(problems, indexes, story)
