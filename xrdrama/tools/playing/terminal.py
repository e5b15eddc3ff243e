"""The answers of a person at a terminal, with prompt_toolkit where it is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xrdrama.tools.playing.answers import Answers, Person


def typed(names: Callable[[str], Iterable[str]], notice: Callable[[str], None]) -> Answers:
    """The answers of a person at a terminal; `names`: what the next word of a line can be."""
    try:
        from xrdrama.tools.playing.prompt import Prompt  # it is not needed for pipes
    except ModuleNotFoundError:
        notice("for history and completion of what you type: pip install 'xrdrama[author]'")
        return Person()
    return Prompt(names)
