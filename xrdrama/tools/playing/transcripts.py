"""What was played, as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import assert_never

from xrdrama.saving import save
from xrdrama.story.stepping.happenings import (
    Assigned,
    BeatEntered,
    ChoiceOpened,
    ChoiceShown,
    CueCalled,
    Declined,
    Directed,
    Ended,
    Happening,
    InParallel,
    ParallelEnded,
    SoundCalled,
    Spoken,
    Taken,
    VotesCounted,
)
from xrdrama.story.stepping.rehearsal import ELSE
from xrdrama.tools.playing.files import refuse_others
from xrdrama.tools.playing.session import Act, Session
from xrdrama.tools.playing.shown import Shown

FIRST_LINE = "Rehearsal of "
_WORDS = {"marker": "marker", "force": "forced", "hold": "held", "release": "released",
          "restart": "restarted", "wait": "waited", "vote": "voted",
          "joined": "joined"}  # fmt: skip


def write_transcript(path: Path, session: Session, shown: Shown) -> int:
    """Write the transcript of a rehearsal; returns its number of lines. UsageError when the file
    exists and is not a transcript."""
    refuse_others(path, FIRST_LINE, "a transcript")
    lines = list(transcript(session, shown))
    save(path, "\n".join([*lines, ""]))
    return len(lines)


def transcript(session: Session, shown: Shown) -> Iterator[str]:
    """The lines of a transcript: headings, actions, lines, cues, and > before each act."""
    seed = f", seed {session.seed}" if session.seed else ""
    yield f"{FIRST_LINE}{session.story.id} ({shown.language}{seed})"
    yield ""
    for played in session.played:
        if played.act is not None:
            before = played.before or session.playthrough
            texts = {option.id: shown.option(option, before) for option in played.offered}
            yield ""
            yield f"> {act_text(played.act, texts)}"
            yield ""
        found = dict(played.found)
        for number, happening in enumerate(played.happenings):
            if number in found:
                yield from ("", f"> ({found[number].replace(':', ' ')})", "")
            yield from written(happening, shown)


def act_text(act: Act, texts: dict[str, str]) -> str:
    """An act in words; `texts` are those of the options by id."""
    if act.do == "pick":
        return "(silence)" if act.name == ELSE else texts.get(act.name, act.name) or act.name
    return f"({' '.join([_WORDS[act.do], act.name]).strip()})"


def votes_text(counted: VotesCounted, shown: Shown) -> str:
    """Votes that were counted, in words: `votes: ask 3, go 2; the most votes: ask`."""
    counts = ", ".join(f"{name} {votes}" for name, votes in counted.ballot.counts().items())
    why = {
        "most": "most votes",
        "tie": "tie",
        "quorum": f"{counted.ballot.voters} of {counted.quorum} voters that are needed",
        "picked": "picked before the end",
    }[counted.why]
    return f"votes: {counts}; {why}: {counted.result}"


def written(happening: Happening, shown: Shown) -> Iterable[str]:
    """The lines of a happening in plain text; most have one or none."""
    match happening:
        case Directed(direction):
            return [shown.direction(direction)]
        case Spoken(line):
            manner = f" ({line.manner})" if line.manner else ""
            return [f"{shown.speaker(line.speaker)}{manner}: {shown.line(happening)}"]
        case InParallel(_, inner):
            return written(inner, shown)
        case CueCalled(cue):
            return [f"  [{cue.as_written}]"]
        case VotesCounted():
            return [f"  ({votes_text(happening, shown)})"]
        case Ended(ending):
            return [f"-- {shown.ending(ending)}"]
        case BeatEntered() | SoundCalled() | ChoiceOpened() | Taken() | Declined():
            return []
        case Assigned() | ChoiceShown() | ParallelEnded():
            return []
        case _:
            assert_never(happening)
