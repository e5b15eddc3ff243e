"""Plays a story: reads an answer, finds out what it means, and carries it out."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.content.watching import Watched
from xrdrama.document.names import composed
from xrdrama.document.wording import short, suggestion
from xrdrama.errors import AuthoringError, UsageError, XrdramaError
from xrdrama.story import Story
from xrdrama.story.stepping.happenings import Declined
from xrdrama.story.stepping.rehearsal import ELSE
from xrdrama.tools.playing import commands
from xrdrama.tools.playing.answers import Answers, Listed, Piped, Read, Stop, located
from xrdrama.tools.playing.completing import completions
from xrdrama.tools.playing.frontend import Frontend
from xrdrama.tools.playing.openings import beat_named, opening_at, values_of
from xrdrama.tools.playing.picking import LONGEST, by_part, exactly, suggested
from xrdrama.tools.playing.plans import check_target, write_plan
from xrdrama.tools.playing.player import Opened, Player
from xrdrama.tools.playing.reasons import closed_options
from xrdrama.tools.playing.saves import files_of, texts_of
from xrdrama.tools.playing.session import Opening, Session, silence
from xrdrama.tools.playing.shown import Shown
from xrdrama.tools.playing.terminal import typed
from xrdrama.tools.playing.transcripts import write_transcript


class Request(msgspec.Struct, frozen=True):
    """What is played, and how: the options of `xrdrama play`."""

    story: str
    choices: str | None = None
    seed: int = 0
    at: str = ""
    language: str = ""
    values: tuple[str, ...] = ()
    """`name=value` texts."""
    record: Path | None = None
    real_time: bool = False
    watch: bool = False
    """Reload the story when one of its files is saved."""


def play_story(
    request: Request,
    frontend: Frontend,
    notice: Callable[[str], None] = lambda _: None,
    answers: Answers | None = None,
) -> int:
    """Play until an ending, or until the person leaves; returns 1 when the story is stuck, else 0.

    `choices` may end before the ending. `notice` gets what is written when the rehearsal ends.
    `answers` replaces the terminal or pipe.
    UsageError for an option that is not offered, and for piped answers that end before the story;
    AuthoringError as for a run.
    """
    # Imported late: a story is played faster than the checks of all files are imported.
    from xrdrama.tools.checking.contents import check_playable
    from xrdrama.tools.foreign import load_any_story

    def load(name: str) -> Opened:
        found = load_any_story(name, notice)
        story, path = found.story, found.path
        if name == request.story:
            for lost in found.not_carried_over:
                notice(f"{path}:{lost.line}: not carried over: {lost.what}")
        if problems := check_playable(story, path, composed(request.language)):
            raise AuthoringError(problems)
        shown = Shown(story, path, composed(request.language))
        tables = tuple(table for _, table in content.string_tables(path))
        files = (*(Path(file) for file in files_of(story)), *tables)
        return Opened(story, shown, texts_of(story), files)

    opened = load(request.story)
    story, shown = opened.story, opened.shown
    if request.watch and request.choices is not None:
        raise UsageError("--watch needs answers that are typed", "remove --choices or --watch")
    if request.record is not None:
        check_target(request.record)
    opening = opening_at(
        story, beat_named(story, request.at), values_of(story, request.values), request.seed
    )
    listed = Listed(_parted(composed(request.choices))) if request.choices is not None else None
    if listed and (found_first := listed.then()):
        opening = _with(opening, found_first)
    player = Player(
        Session(story, opening, request.seed, opened.texts), frontend, shown,
        real_time=request.real_time, load=lambda: load(story.file),
    )  # fmt: skip
    player.files = opened.files
    try:
        player.begin()
        found = answers or listed or _answers(frontend, player, notice)
        if request.watch:
            found.saved = _watching(player)
        return play(player, found)
    finally:
        _write_files(player, request.record, notice)


def _with(opening: Opening, found: tuple[str, ...]) -> Opening:
    """An opening with what is found before the first answer."""
    if not opening.acts:
        return msgspec.structs.replace(opening, then=found)
    last = opening.acts[-1]
    acts = (*opening.acts[:-1], msgspec.structs.replace(last, then=(*last.then, *found)))
    return msgspec.structs.replace(opening, acts=acts)


def _answers(frontend: Frontend, player: Player, notice: Callable[[str], None]) -> Answers:
    if not frontend.is_person:
        return Piped()
    return typed(lambda before: completions(player, before), notice)


def _watching(player: Player) -> Callable[[], bool]:
    """A function that says whether a file of the story was saved since it was called before."""
    watched = Watched(player.files)

    def saved() -> bool:
        found = watched.changed()
        watched.watch(player.files)
        return bool(found)

    return saved


def play(player: Player, answers: Answers) -> int:
    """Answer after answer, until the story has ended or nobody answers any more."""
    while not player.leaving:
        player.print_offer()
        rehearsal = player.session.rehearsal
        waiting = bool(rehearsal.options())
        answer = _read(player, answers, wait=waiting or player.frontend.is_person)
        if answer is Stop.TIME:
            player.do(silence(player.session))
            continue
        if answer is Stop.SAVED:
            _reload(player)
            continue
        if answer is Stop.END:
            return _end(player, chosen=answers.only_picks)
        assert isinstance(answer, str)
        then = answers.then() if isinstance(answers, Listed) else ()
        try:
            if answer and not _answered(player, answer, then, only_picks=answers.only_picks):
                return _end(player, chosen=answers.only_picks)
        except XrdramaError as error:  # such as a file that cannot be written, or a broken story
            if not player.frontend.is_person:
                raise located(error, answers) from None
            player.note(*str(error).splitlines(), wrong=True)
    return 0


def _reload(player: Player) -> None:
    """Read the story again after it was saved; a version with errors is not used."""
    try:
        player.reload()
    except XrdramaError as error:
        lines = str(error).splitlines()
        player.note("not reloaded; the story stays as it was:", *lines, wrong=True)
        player.offer_due = True


def _read(player: Player, answers: Answers, *, wait: bool) -> Read:
    if not wait:
        return answers.ready()
    left = player.time_left()
    return answers.read(None if left is None else left / 1e9, player.frontend.countdown)


def _answered(player: Player, answer: str, then: tuple[str, ...] = (), *, only_picks: bool) -> bool:
    """Carry out an answer; False when it is a pick, and nothing can be picked any more. `then`:
    what is found after the pick."""
    if len(answer) > LONGEST:
        raise UsageError(f"this answer has more than {LONGEST} characters", "write less")
    offered = player.offered()
    certainly = answer[0] in "/:" and not only_picks
    if not certainly and (offered or answer in ("0", ELSE)):
        picked = exactly(answer, offered)
        if picked is not None and not offered and player.frontend.is_person:
            ended = player.session.rehearsal.ended
            raise UsageError(
                "the story has ended" if ended else "no choice is open here",
                "type undo, back, again or quit" if ended else "type beat: it says what follows",
            )
        if picked is not None and offered:
            player.do(player.session.pick(picked, then))
            return True
    if not only_picks and commands.run_command(
        player, answer.lstrip("/:") if certainly else answer, certainly=certainly
    ):
        return True
    if not offered and not player.frontend.is_person:
        return False
    part = by_part(answer, offered)
    if part is None:
        raise _not_offered(player, answer)
    player.do(player.session.pick(part, then))
    return True


def _not_offered(player: Player, answer: str) -> UsageError:
    """The error for an answer that is neither an option nor a command."""
    offered = player.offered()
    for closed in closed_options(player.session.playthrough):
        if answer.casefold() in (closed.id.casefold(), closed.text.casefold()):
            return UsageError(f"{closed.id!r} is closed: {closed.reason}", _pick_one(player))
    known = commands.names() if player.frontend.is_person else ()
    meant = suggested(answer, offered, known)
    if not offered:
        hint = suggestion(answer, commands.names())
        return UsageError(f"{short(answer)} is not a command, and no choice is open", hint)
    hint = f"did you mean {meant!r}?" if meant else _pick_one(player)
    return UsageError(f"{short(answer)} is not offered", hint)


def _pick_one(player: Player) -> str:
    return f"pick one of {player.session.rehearsal.offered()}"


def _end(player: Player, *, chosen: bool) -> int:
    """What the answers' end means: good after an ending, and for a person anywhere."""
    rehearsal = player.session.rehearsal
    if rehearsal.ended or player.frontend.is_person:
        return 0
    if not rehearsal.options():
        return _stuck(player)
    what = "the choices end" if chosen else "the input ended"
    count = sum(act.do == "pick" for act in player.session.acts)
    after = f"after {count} pick{'' if count == 1 else 's'}"
    message = f"{what} at beat {rehearsal.playthrough.beat!r}, {after}, before an ending"
    names = [one.id for one in rehearsal.options()] + [ELSE] * rehearsal.can_wait()
    listed = [", ".join(names[:-1]), names[-1]] if names[1:] else names
    remedy = "continue with " + " or ".join(listed)
    if not chosen:
        raise UsageError(message, remedy)
    sys.stderr.write(f"xrdrama: {message}: {remedy}\n")
    return 0


def _stuck(player: Player) -> int:
    happened = list(player.session.happenings())
    declined = [one.reason for one in happened[-1:] if isinstance(one, Declined)]
    reason = (
        declined[-1] if declined else "no option is offered, and no timeout or next beat follows"
    )
    beat = player.session.playthrough.beat
    sys.stderr.write(f"xrdrama: the story is stuck at beat {beat!r}: {reason}\n")
    return 1


def _write_files(player: Player, record: Path | None, notice: Callable[[str], None]) -> None:
    """Write the transcript and the plan that were asked for."""
    session = player.session
    if player.transcript is not None:
        write_transcript(player.transcript, session, player.shown)
        notice(f"transcript: {player.transcript}")
    if record is not None:
        made = write_plan(record, session)
        steps = f"{made.steps} step{'' if made.steps == 1 else 's'}"
        notice(f"test plan: {record} ({steps}); {_to_run(session.story, record)}")
        for left_out in made.left_out:
            notice(f"not in the test plan as played: {left_out}")


def _to_run(story: Story, plan: Path) -> str:
    """The command that runs a plan: its name says which story it is for, if it is beside it."""
    beside = Path(story.file).resolve().parent == plan.resolve().parent
    if beside and plan.name.split(".")[0] == Path(story.file).name.split(".")[0]:
        return f"run it with: xrdrama test {plan}"
    return f"run it with: xrdrama test {story.file} {plan}"


def _parted(choices: str) -> Iterable[str]:
    """The items of a list separated by commas, plain or full-width."""
    return [answer.strip() for answer in re.split("[,，、]", choices) if answer.strip()]
