"""What the next word of an answer can be, for completion at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xrdrama.tools.playing import commands
from xrdrama.tools.playing.player import Player
from xrdrama.tools.playing.reasons import closed_options


def completions(player: Player, before: str) -> list[str]:
    """The words that can follow `before`: options and commands at the beginning of a line, then
    what the command takes."""
    if not before:
        return [*(one.id for one in player.offered()), *commands.names()]
    command = commands.named(before.lstrip("/:"))
    argument = _ARGUMENTS.get(command.names[0]) if command else None
    return list(dict.fromkeys(argument(player))) if argument else []


def _beats(player: Player) -> Iterable[str]:
    return player.session.story.beats


def _variables(player: Player) -> Iterable[str]:
    return player.session.story.values()


def _markers(player: Player) -> Iterable[str]:
    return commands.known_markers(player.session.story)


def _closed(player: Player) -> Iterable[str]:
    beat = player.session.story.beats[player.session.playthrough.beat]
    closed = [one.id for one in closed_options(player.session.playthrough)]
    return [*closed, *(plot.id for plot in beat.hidden)]


_ARGUMENTS: dict[str, Callable[[Player], Iterable[str]]] = {
    "force": _beats,
    "vars": _variables,
    "marker": _markers,
    "why": _closed,
    "clock": lambda _: ("on", "off"),
}
"""What the commands take that have a list of names."""
