"""A person's answers at a terminal: line editing, history and completion, by prompt_toolkit.

It draws the line itself, so that moving through the history never loses the prompt or the letters.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import Output
from prompt_toolkit.output.defaults import create_output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.shortcuts import CompleteStyle

from xrdrama.tools.playing.answers import TICK, Read, Saved, Stop, Tick, ignore_tick

Names = Callable[[str], Iterable[str]]
"""What the next word of a line can be, by the words before it."""
PROMPT = FormattedText([("bold ansigreen", "> ")])


class Prompt:
    """Answers that are typed. Ctrl-C clears a line, and leaves when it is empty; so does Ctrl-D."""

    only_picks = False

    def __init__(self, names: Names) -> None:
        self._left = deque[str]()
        """Lines that were pasted together with the one before them."""
        self._closes_at: float | None = None
        self.saved: Saved | None = None
        """If it is given, it is called while nothing is typed."""
        self._begun = ""
        """What was typed when a file was saved."""
        self._session: PromptSession[str] = PromptSession(
            PROMPT,
            completer=_Completer(names),
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE,
            enable_history_search=True,
            enable_suspend=True,
            key_bindings=_bindings(),
            rprompt=self._time_left,
            output=_output(),
        )

    def read(self, seconds: float | None, tick: Tick) -> Read:
        """The next line; "" for an empty one. The time that is left is shown beside it."""
        if self._left:
            return self._left.popleft()
        self._closes_at = None if seconds is None else time.monotonic() + seconds
        begun, self._begun = self._begun, ""
        try:
            typed = self._session.prompt(
                refresh_interval=0.0 if seconds is None else TICK,
                pre_run=self._begin,
                default=begun,
            )
        except EOFError:
            return Stop.END
        except _TimeOverError:
            return Stop.TIME
        except _SavedError:
            return Stop.SAVED
        lines = [line.strip() for line in _text(typed).splitlines()] or [""]
        self._left.extend(line for line in lines[1:] if line)
        return lines[0]

    def ready(self) -> Read:
        """The next line: a person is waited for after an ending, too."""
        return self.read(None, ignore_tick)

    def _begin(self) -> None:
        if self.saved is not None:
            get_app().create_background_task(self._watch(self.saved))
        if self._closes_at is None:
            return
        app, left = get_app(), self._closes_at - time.monotonic()

        async def close() -> None:
            await asyncio.sleep(max(0.0, left))
            app.exit(exception=_TimeOverError())

        app.create_background_task(close())

    async def _watch(self, saved: Saved) -> None:
        """Leave the line when a file was saved; what is typed is kept for the next one."""
        app = get_app()
        while not saved():
            await asyncio.sleep(TICK)
        if not app.is_done:  # a line may have been entered at the same time
            self._begun = app.current_buffer.text
            app.exit(exception=_SavedError())

    def _time_left(self) -> str:
        if self._closes_at is None:
            return ""
        return f"{max(1, round(self._closes_at - time.monotonic()))} s left"


class _TimeOverError(Exception):
    """The choice has closed while nobody had answered."""


class _SavedError(Exception):
    """A file of the story was saved while nobody had answered."""


class _Completer(Completer):
    """Completes the word before the cursor."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterator[Completion]:
        """The names that begin like the word."""
        line = document.text_before_cursor.lstrip()
        before, _, word = line.rpartition(" ")
        for name in self._names(before.strip()):
            if name.casefold().startswith(word.casefold()):
                yield Completion(name, -len(word))


def _bindings() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("c-c")
    @keys.add("<sigint>")
    def leave(event: KeyPressEvent) -> None:
        buffer = event.app.current_buffer
        if buffer.text:
            buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt(), style="class:aborting")

    return keys


def _output() -> Output:
    """The terminal. It is not asked where its cursor is: some never answer."""
    output = create_output()
    if isinstance(output, Vt100_Output):
        output.enable_cpr = False
    return output


def _text(typed: str) -> str:
    """What was typed; bytes that are not UTF-8 become question marks."""
    return typed.encode("utf-8", "replace").decode()
