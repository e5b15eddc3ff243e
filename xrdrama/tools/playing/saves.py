"""Saves of a rehearsal: the story, its files, and the acts, which are played again.

A save is JSON. It has the texts of the story's files. If the story has been edited since, the acts
are played in those texts, and the rehearsal is then moved to the edited story by ids
(`story.migration`). Without the texts (a story of another tool, a very long one) the acts are
played in the edited story as far as they fit. What could not be kept is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from xrdrama import content
from xrdrama.document.wording import suggestion
from xrdrama.errors import UsageError
from xrdrama.story import Story, parse_story
from xrdrama.story.expressions.expression import Value
from xrdrama.tools.kept import encoded, read_kept, too_long, write_kept
from xrdrama.tools.playing.openings import stray_value
from xrdrama.tools.playing.session import (
    MOST_ACTS,
    Act,
    Opening,
    Revised,
    Session,
    Sought,
    Version,
)

NOUN = "a save of a rehearsal"
MOST_LISTED = 5
MOST_VERSIONS = 50


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
    then: Sought = ()
    """What was found before the first choice."""
    versions: Annotated[tuple[Version, ...], msgspec.Meta(max_length=MOST_VERSIONS)] = ()
    """The versions of the story in which the acts were played, the last one last; () if they are
    not known."""


class Restored(msgspec.Struct, frozen=True):
    """A rehearsal from a save, and what of the save does not fit the story any more."""

    session: Session
    misfits: tuple[str, ...]


def content_hash(story: Story) -> str:
    """The SHA-256 hash of the story's files, in hex."""
    digest = hashlib.sha256()
    for file in files_of(story):
        digest.update(content.read_text(Path(file)).encode())
    return digest.hexdigest()


def files_of(story: Story) -> tuple[str, ...]:
    """The files of a story, its own first."""
    found = [story.file, *(beat.place.file for beat in story.order)]
    found += [one.place.file for one in (*story.variables, *story.computed)]
    return tuple(dict.fromkeys([*found, *(role.place.file for role in story.cast.values())]))


def texts_of(story: Story) -> dict[str, str]:
    """The texts of a story's branch files by name; {} for a story of another tool."""
    files = files_of(story)
    if not all(file.endswith(content.SUFFIXES["story"]) for file in files):
        return {}
    return {file: content.read_text(Path(file)) for file in files}


def write_save(path: Path, session: Session, digest: str) -> bool:
    """Write a rehearsal; `digest` is the hash of the story's files. Returns whether the save has
    the texts of the story: one that would be too long is written without them.

    UsageError when the file exists and is not a save, and when the save could not be read again.
    """
    kept = _saved(session, digest)
    if too_long(encoded(kept)):
        kept = msgspec.structs.replace(kept, versions=())
    write_kept(path, kept, NOUN)
    return bool(kept.versions)


def _saved(session: Session, digest: str) -> Save:
    opening = session.opening
    acts = (*opening.acts, *session.acts)
    versions = (*session.versions, Version(session.texts, len(acts)))
    known = all(one.texts for one in versions) and len(versions) <= MOST_VERSIONS
    return Save(
        1, session.story.id, digest, acts, session.seed, opening.start, dict(opening.values),
        opening.then, versions if known else (),
    )  # fmt: skip


def read_save(path: Path) -> Save:
    """The save in a file; UsageError when it is not one."""
    return read_kept(path, Save, NOUN)


def restored(
    kept: Save, story: Story, digest: str, texts: Mapping[str, str] | None = None
) -> Restored:
    """The rehearsal of a save in the current version of its story, with these texts. UsageError for
    a save of another story."""
    if kept.story != story.id:
        raise UsageError(
            f"this is a save of the story {kept.story!r}, not of {story.id!r}",
            f"play that story: xrdrama play {kept.story}",
        )
    known = kept.versions and (kept.content != digest or len(kept.versions) > 1)
    moved = _moved(kept, story, texts or {}) if known else None
    return moved if moved is not None else _played_again(kept, story, digest, texts or {})


def _moved(kept: Save, story: Story, texts: Mapping[str, str]) -> Restored | None:
    """The rehearsal as it was played in its own versions, moved to the current one; None if a
    version cannot be read, or its acts cannot be played."""
    first, *others = kept.versions
    began = _parsed(first.texts)
    if began is None or began.id != story.id:
        return None
    try:
        session = Session(
            began, Opening(kept.start, kept.values, then=kept.then), kept.seed, first.texts
        )
        done, said = 0, list[str]()
        for version, following in zip(kept.versions, [*others, None], strict=True):
            for act in kept.acts[done : version.acts]:
                session.do(act)
            done = max(done, version.acts)
            newer = story if following is None else _parsed(following.texts)
            if newer is None:
                return None
            revised = session.revise(newer, texts if following is None else following.texts)
            if following is None:
                said = misfits_of(revised)
    except (UsageError, KeyError):
        return None
    head = ["the story has been edited since it was saved"] if said else []
    return Restored(session, (*head, *said))


def misfits_of(revised: Revised) -> list[str]:
    """What of a rehearsal could not be kept in another version of its story."""
    lines = [f"not kept: {one}" for one in revised.report.lost]
    if revised.refused:
        lines.append(revised.refused)
    if revised.begun:
        lines.append("the rehearsal has begun again")
    return [*lines, *_left_out(tuple(reversed(revised.undone)), "undone")]


def _parsed(texts: Mapping[str, str]) -> Story | None:
    """The story of the texts of a save; None if they have errors."""
    file = next(iter(texts), "")
    named = {Path(name).name: name for name in texts}

    def included(name: str) -> tuple[str, str]:
        path = named.get(name + content.SUFFIXES["story"], "")
        if not path:
            raise UsageError(f"the save does not contain {name}", "load it without edits")
        return path, texts[path]

    try:
        lengths = content.line_lengths(Path(file))
        return parse_story(texts.get(file, ""), file, lasts=lengths, files=included)[0]
    except UsageError:
        return None


def _played_again(kept: Save, story: Story, digest: str, texts: Mapping[str, str]) -> Restored:
    """Play the acts of a save in the current version, as far as they fit."""
    stray = (stray_value(story, name, value) for name, value in kept.values.items())
    misfits = [one for one in stray if one]
    start = kept.start
    if start and start not in story.beats:
        misfits.append(f"the first beat {start!r} is not in the story any more")
        start = ""
    fitting = {name: v for name, v in kept.values.items() if not stray_value(story, name, v)}
    try:
        session = Session(story, Opening(start, fitting, then=kept.then), kept.seed, texts)
    except UsageError as error:
        misfits.append(error.message)
        session = Session(story, Opening(start, fitting), kept.seed, texts)
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


def _left_out(acts: tuple[Act, ...], what: str = "not played") -> Iterator[str]:
    if acts:
        listed = [f"{act.name or act.do} at {act.beat}" for act in acts[:MOST_LISTED]]
        more = [f"{len(acts) - MOST_LISTED} more"] if len(acts) > MOST_LISTED else []
        yield f"{what}: {', '.join([*listed, *more])}"


def _meant(name: str, known: Iterable[str]) -> str:
    hint = suggestion(name, known)
    return f" ({hint})" if hint.startswith("did you mean") else ""
