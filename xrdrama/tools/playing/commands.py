"""The commands of a rehearsal: what a person types beside answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from xrdrama.document.quantities import duration_hint, parse_duration
from xrdrama.document.wording import short, suggestion
from xrdrama.errors import UsageError
from xrdrama.story import Story
from xrdrama.story.stepping.rehearsal import ELSE
from xrdrama.tools.playing.files import file_named
from xrdrama.tools.playing.looking import markers, reasons, variables, where
from xrdrama.tools.playing.openings import beat_named
from xrdrama.tools.playing.player import Player
from xrdrama.tools.playing.reports import CommandHelp, Help
from xrdrama.tools.playing.saves import (
    content_hash,
    read_save,
    restored,
    write_save,
)
from xrdrama.tools.playing.session import Act
from xrdrama.tools.playing.transcripts import act_text, write_transcript

Needs = Literal["nothing", "may", "must"]
MOST_VOTES, MOST_JOINED = 10_000, 1_000_000
MOST_WAIT = 3600 * 10**9


class Command(msgspec.Struct, frozen=True):
    """A command: its names (the first is the full one), its argument, and what it does."""

    names: tuple[str, ...]
    argument: str
    needs: Needs
    group: str
    help: str
    run: Callable[[Player, str], None]

    @property
    def usage(self) -> str:
        """The command as it is typed: `save FILE`, `marker [NAME]`."""
        argument = {"nothing": "", "may": f" [{self.argument}]", "must": f" {self.argument}"}
        return self.names[0] + argument[self.needs]


def _help(player: Player, _: str) -> None:
    rows = tuple(CommandHelp(c.usage, c.names[1:], c.help, c.group) for c in COMMANDS)
    player.frontend.report(Help(rows))


def _undo(player: Player, count: str) -> None:
    if count and not (count.isdecimal() and len(count) < 7 and int(count) > 0):
        raise UsageError(f"{short(count)} is not a number of acts", "write undo, or undo 2")
    undone = [player.session.undo() for _ in range(int(count or 1))]
    _report_undone(player, [act for act in undone if act is not None])


def _back(player: Player, _: str) -> None:
    _report_undone(player, list(player.session.back()))


def _report_undone(player: Player, acts: list[Act]) -> None:
    if not acts:
        raise UsageError("there is nothing to undo", "the rehearsal is at its beginning")
    player.restart_clock()
    beat = player.session.playthrough.beat
    texts = player.option_texts()
    undone = ", ".join(act_text(act, texts) for act in acts)
    player.note(f"undone: {undone}; back at {beat}")


def _save(player: Player, file: str) -> None:
    digest = content_hash(player.session.story)
    with_texts = write_save(file_named(file), player.session, digest)
    count = len(player.session.acts)
    player.note(f"saved {count} act{'' if count == 1 else 's'} to {file}")
    if not with_texts:
        player.note(
            "without the texts of the story: after an edit, the acts are played again as far as"
            " they fit"
        )


def _load(player: Player, file: str) -> None:
    story = player.session.story
    kept = read_save(file_named(file))
    found = restored(kept, story, content_hash(story), player.session.texts)
    player.use(found.session)
    beat = found.session.playthrough.beat
    player.note(*found.misfits, f"loaded {file}: beat {beat}", wrong=bool(found.misfits))


def _reload(player: Player, _: str) -> None:
    if player.load is None:
        raise UsageError("this story was not loaded from a file", "play its file")
    player.reload()


def _transcript(player: Player, file: str) -> None:
    path = file_named(file)
    lines = write_transcript(path, player.session, player.shown)
    player.transcript = path
    player.note(f"{lines} lines in {file}; it is written again when you quit")


def _quit(player: Player, _: str) -> None:
    player.leaving = True


def _again(player: Player, _: str) -> None:
    player.begin_again()


def _wait(player: Player, text: str) -> None:
    session = player.session
    if not text:
        if session.is_held:
            raise UsageError("the story is held", "type release first")
        if not session.rehearsal.can_wait():
            raise UsageError("nothing happens here without a pick", "pick an option, or wait 3s")
        player.do(session.act("pick", ELSE))
        return
    ns = parse_duration(text) if text[-1:].isalpha() else parse_duration(text + "s")
    if ns is None or ns > MOST_WAIT:
        hint = duration_hint(text) or "write wait 3s, 500ms or 1m"
        raise UsageError(f"{short(text)} is not a time of up to an hour", hint)
    player.do(session.act("wait", after=ns))


def _clock(player: Player, text: str) -> None:
    if text not in ("", "on", "off"):
        raise UsageError(f"{short(text)} is not on or off", "write clock on, or clock off")
    player.real_time = text == "on" if text else not player.real_time
    player.restart_clock()
    player.note("windows close in real time" if player.real_time else "time stops while you think")


def _marker(player: Player, name: str) -> None:
    if not name:
        player.frontend.report(markers(player.session))
        return
    known = known_markers(player.session.story)
    if name not in known:
        hint = suggestion(name, known) if known else "the story has no markers"
        raise UsageError(f"there is no marker {name!r}", hint)
    player.do(player.session.act("marker", name))


def _vote(player: Player, text: str) -> None:
    session = player.session
    voted = [option.id for option in session.rehearsal.options() if option.voted]
    if not voted:
        raise UsageError("no option is voted on here", "options with on: vote are")
    words = text.split()
    count = words[-1] if len(words) > 1 else "1"
    name = words[0]
    if name.isdecimal() and 1 <= int(name[:6]) <= len(session.rehearsal.options()):
        name = session.rehearsal.options()[int(name) - 1].id
    if name not in voted:
        raise UsageError(f"{short(name)} is not voted on here", suggestion(name, voted))
    _number(count, MOST_VOTES)
    player.do(session.act("vote", f"{name} {count}"))
    ballot = session.playthrough.ballot
    if ballot is not None:
        counts = ", ".join(f"{one} {votes}" for one, votes in ballot.counts().items())
        player.note(f"votes: {counts}; they are counted when the window closes: wait")


def _joined(player: Player, text: str) -> None:
    _number(text, MOST_JOINED)
    player.do(player.session.act("joined", text))
    player.note(f"{text} viewers are joined")


def _number(text: str, most: int) -> None:
    """UsageError for a text that is not a number from 1 on."""
    if not (text.isdecimal() and len(text) < 9 and 1 <= int(text) <= most):
        raise UsageError(f"{short(text)} is not a number from 1 to {most}", "such as vote ask 3")


def known_markers(story: Story) -> list[str]:
    """The markers that open a hidden plot somewhere."""
    plots = (plot for beat in story.order for plot in beat.hidden)
    triggers = (one for plot in plots for one in plot.triggers if one.kind == "marker")
    return sorted({value for trigger in triggers for value in trigger.values})


def _vars(player: Player, name: str) -> None:
    player.frontend.report(variables(player.session, name))


def _why(player: Player, name: str) -> None:
    player.frontend.report(reasons(player.session, name))


def _beat(player: Player, _: str) -> None:
    player.frontend.report(where(player.session))


def _force(player: Player, name: str) -> None:
    player.do(player.session.act("force", beat_named(player.session.story, name)))


def _hold(player: Player, _: str) -> None:
    if player.session.is_held:
        raise UsageError("the story is held already", "type release")
    player.do(player.session.act("hold"))
    player.note("held: type release to continue")


def _release(player: Player, _: str) -> None:
    if not player.session.is_held:
        raise UsageError("the story is not held", "type hold")
    player.do(player.session.act("release"))
    player.note("released")


def _restart(player: Player, _: str) -> None:
    player.do(player.session.act("restart"))


PICK, LOOK, BACK, FILES, TIME, DIRECT = (
    "story", "look", "go back", "files", "time", "director",
)  # fmt: skip
COMMANDS = (
    Command(("marker", "m"), "NAME", "may", PICK, "show a marker; alone: list them", _marker),
    Command(("vote",), "OPTION N", "must", PICK, "N more viewers vote for an option", _vote),
    Command(("joined",), "N", "must", PICK, "so many viewers are joined, for a quorum", _joined),
    Command(("beat", "b", "where"), "", "nothing", LOOK, "where this is, how it continues", _beat),
    Command(("why", "w"), "NAME", "may", LOOK, "why options, plots and paths are closed", _why),
    Command(("vars", "v"), "NAME", "may", LOOK, "values, ranges, and what has changed", _vars),
    Command(("undo", "u"), "N", "may", BACK, "undo the last act, or the last N", _undo),
    Command(("back",), "", "nothing", BACK, "return to the last choice that was answered", _back),
    Command(("again",), "", "nothing", BACK, "begin the rehearsal again", _again),
    Command(("wait",), "TIME", "may", TIME, "let 3s pass; alone: until the window closes", _wait),
    Command(("clock",), "on|off", "may", TIME, "close windows in real time, or not", _clock),
    Command(("force",), "BEAT", "must", DIRECT, "continue at a beat", _force),
    Command(("hold",), "", "nothing", DIRECT, "hold the story", _hold),
    Command(("release",), "", "nothing", DIRECT, "release a story that is held", _release),
    Command(("restart",), "", "nothing", DIRECT, "restart the current beat", _restart),
    Command(("save",), "FILE", "must", FILES, "save the rehearsal", _save),
    Command(("load",), "FILE", "must", FILES, "load a rehearsal that was saved", _load),
    Command(("reload", "r"), "", "nothing", FILES, "read the story's files again", _reload),
    Command(("transcript",), "FILE", "must", FILES, "write what was played as text", _transcript),
    Command(("help", "?", "h"), "", "nothing", FILES, "this list", _help),
    Command(("quit", "q", "exit"), "", "nothing", FILES, "leave", _quit),
)  # fmt: skip
"""All commands, in the order of help."""
_BY_NAME = {name: command for command in COMMANDS for name in command.names}


def names() -> Iterator[str]:
    """The full names of all commands."""
    yield from (command.names[0] for command in COMMANDS)


def named(word: str) -> Command | None:
    """The command with a name or a short name, or None."""
    return _BY_NAME.get(word.casefold())


def run_command(player: Player, line: str, *, certainly: bool) -> bool:
    """Run the command in a line; False for any other line.

    `certainly`: the line begins with a slash, so it is nothing but a command. UsageError for an
    unknown one then, and for an argument that is missing.
    """
    word, _, argument = line.partition(" ")
    argument = argument.strip()
    command = named(word)
    if command is None or (argument and command.needs == "nothing"):
        if not certainly:
            return False
        if command is None:
            raise UsageError(f"there is no command {short(word)}", suggestion(word, names()))
        raise UsageError(f"{command.names[0]} is written alone", f"type {command.usage}")
    if not argument and command.needs == "must":
        raise UsageError(f"{command.names[0]} needs a {command.argument}", f"type {command.usage}")
    command.run(player, argument)
    return True
