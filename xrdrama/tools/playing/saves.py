"""Saves of a rehearsal: the story, its content's hash, and the acts, which are played again.

A save is JSON. Acts name beats, options and markers by id, so a save of a story that has been
edited since is played as far as it fits; what does not fit is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from xrdrama import content
from xrdrama.document.wording import suggestion
from xrdrama.errors import UsageError
from xrdrama.saving import save
from xrdrama.story import Story
from xrdrama.story.expressions.expression import Value
from xrdrama.tools.playing.openings import stray_value
from xrdrama.tools.playing.session import MOST_ACTS, Act, Opening, Session

MOST_LISTED = 5


class Save(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A rehearsal in a file."""

    xrdrama_save: Literal[1]
    story: Annotated[str, msgspec.Meta(max_length=64)]
    content: Annotated[str, msgspec.Meta(max_length=64)]
    """The hash of the story's files."""
    acts: Annotated[tuple[Act, ...], msgspec.Meta(max_length=MOST_ACTS)]
    seed: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)] = 0
    start: Annotated[str, msgspec.Meta(max_length=64)] = ""
    values: dict[str, Value] = {}


class Restored(msgspec.Struct, frozen=True):
    """A rehearsal from a save, and what of the save does not fit the story any more."""

    session: Session
    misfits: tuple[str, ...]


def content_hash(story: Story) -> str:
    """The SHA-256 hash of the story's files, in hex."""
    files = dict.fromkeys([story.file, *(beat.place.file for beat in story.order)])
    digest = hashlib.sha256()
    for file in files:
        digest.update(content.read_text(Path(file)).encode())
    return digest.hexdigest()


def write_save(path: Path, session: Session, digest: str) -> None:
    """Write a rehearsal. UsageError when the file exists and is not a save."""
    if path.exists():
        read_save(path)
    text = msgspec.json.format(msgspec.json.encode(saved(session, digest)), indent=1)
    save(path, text + b"\n")


def saved(session: Session, digest: str) -> Save:
    """A rehearsal as a save; `digest` is the hash of the story's files."""
    opening = session.opening
    acts = (*opening.acts, *session.acts)
    return Save(
        1, session.story.id, digest, acts, session.seed, opening.start, dict(opening.values)
    )


def read_save(path: Path) -> Save:
    """The save in a file; UsageError when it is not one."""
    if not path.exists():
        raise UsageError(f"there is no file {path}", "check the path; save FILE writes one")
    text = content.read_text(path)
    try:
        return msgspec.json.decode(text, type=Save)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UsageError(
            f"{path} is not a save of a rehearsal: {error}",
            "name a file that save FILE has written",
        ) from None


def restored(kept: Save, story: Story, digest: str) -> Restored:
    """Play the acts of a save again, as far as they fit the story. UsageError for a save of another
    story."""
    if kept.story != story.id:
        raise UsageError(
            f"this is a save of the story {kept.story!r}, not of {story.id!r}",
            f"play that story: xrdrama play {kept.story}",
        )
    stray = (stray_value(story, name, value) for name, value in kept.values.items())
    misfits = [one for one in stray if one]
    start = kept.start
    if start and start not in story.beats:
        misfits.append(f"the first beat {start!r} is not in the story any more")
        start = ""
    fitting = {name: v for name, v in kept.values.items() if not stray_value(story, name, v)}
    session = Session(story, Opening(start, fitting), kept.seed)
    misfits += _replayed(session, kept.acts)
    if misfits and kept.content != digest:
        misfits.insert(0, "the story has been edited since it was saved")
    return Restored(session, tuple(misfits))


def _replayed(session: Session, acts: tuple[Act, ...]) -> Iterator[str]:
    """Play acts; what does not fit, by name. After the first misfit nothing more is played."""
    for number, act in enumerate(acts):
        misfit = _misfit(session, act)
        if not misfit:
            try:
                session.do(act)
                continue
            except UsageError as error:
                misfit = f"{act.do} {act.name}".strip() + f" at beat {act.beat!r}: {error.message}"
        yield misfit
        yield from _left_out(acts[number + 1 :])
        return


def _misfit(session: Session, act: Act) -> str:
    """Why an act of a save cannot be played now, by name; "" when it may fit."""
    story, beat = session.story, session.playthrough.beat
    if act.beat not in story.beats:
        return f"the beat {act.beat!r} is not in the story any more" + _meant(act.beat, story.beats)
    if act.beat != beat:
        return f"the story is at beat {beat!r} here, and was at {act.beat!r} when it was saved"
    if act.do == "pick" and act.name not in ("else", *(o.id for o in session.rehearsal.options())):
        choice = session.playthrough.current.choice
        if choice is None or choice.option(act.name) is None:
            known = [option.id for option in choice.options] if choice else []
            return (
                f"the option {act.name!r} of beat {beat!r} is not in the story any more"
                + _meant(act.name, known)
            )
        return f"the option {act.name!r} of beat {beat!r} is closed now"
    return ""


def _left_out(acts: tuple[Act, ...]) -> Iterator[str]:
    if acts:
        listed = [f"{act.name or act.do} at {act.beat}" for act in acts[:MOST_LISTED]]
        more = [f"{len(acts) - MOST_LISTED} more"] if len(acts) > MOST_LISTED else []
        yield f"not played: {', '.join([*listed, *more])}"


def _meant(name: str, known: Iterable[str]) -> str:
    hint = suggestion(name, known)
    return f" ({hint})" if hint.startswith("did you mean") else ""
