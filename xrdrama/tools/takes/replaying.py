"""Replays a take and compares its frames with the recorded ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.content.plates import plate_now
from xrdrama.errors import AuthoringError, RemoteProtocolError, UsageError
from xrdrama.show import Production
from xrdrama.show.look_text import without_looks
from xrdrama.show.take import (
    RULES,
    Damage,
    Source,
    Take,
    changed_since,
    check_sources,
    read_take,
    replay,
    source_of,
)
from xrdrama.wire.frame import Frame
from xrdrama.wire.schema import schema_hash


class Replayed(msgspec.Struct, frozen=True):
    """The result of a replay."""

    frames: int
    identical: bool
    first_difference: int | None
    hash: str
    """Hash of the hashes of all frames, in order."""
    torn: bool = False
    """After these frames the file contains data that cannot be read."""
    closed: bool = True
    """The take has an end record: False when its show was killed, still runs, or lost the end."""
    damage: Damage | None = None
    """The damaged places of the file, and what follows them."""
    findings: tuple[str, ...] = ()
    """Messages about problems of the file."""
    older_rules: bool = False
    """Recorded by a version whose frames differ on purpose (`show.take.RULES`)."""
    changed: str = ""
    """What has changed since that version, in words."""
    remarks: tuple[str, ...] = ()
    """Messages that are not about problems."""


def open_take(
    path: Path, *, embedded: bool = False, notice: Callable[[str], None] = lambda text: None
) -> tuple[Take, content.Loaded, Production]:
    """A take and the production that it was recorded with. `notice(text)` is called when the looks
    of the show file have changed: the take's looks are used.

    UsageError when a file has changed since (unless `embedded`, which uses the files that the take
    embeds), or when the take was recorded by a version with a different format of frames.
    """
    try:
        take = read_take(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", "choose a .take file"
        ) from None
    header = take.header
    if header.schema != schema_hash():
        changed = changed_since(header.options.get("rules", "1"))
        raise UsageError(
            f"{path} was recorded by xrdrama {header.version}, whose format of frames differs"
            + (f"; since then, {changed}" if changed else ""),
            f"replay it with xrdrama {header.version}",
        )
    for name, source in _copies(take):
        text = source.text
        if text is not None and source_of(text.encode(), embed=False).hash != source.hash:
            raise RemoteProtocolError(
                f"{path} is damaged: its copy of {name} was changed; use another copy of the take"
            )
    loaded = content.header_texts(header.sources, header.options.get("roles", "{}"))
    if embedded:
        for name in check_sources(take, plates_now(take, path.parent)):
            notice(f"{name} has changed since: takes do not contain plates, so it is used as it is")
    else:
        _refuse_changes(path, take, loaded.roles.get("show", ""), notice)
    try:
        return take, *content.produce_take(take)
    except AuthoringError as error:
        raise RemoteProtocolError(
            f"the files stored in {path} cannot be used: {error}; replay it with the version that"
            f" recorded it, xrdrama {header.version}"
        ) from error


def _copies(take: Take) -> Iterator[tuple[str, Source]]:
    """Every file that a take embeds, also in older versions."""
    yield from take.header.sources.items()
    for revision in take.revisions:
        yield from revision.sources.items()


def _refuse_changes(path: Path, take: Take, show: str, notice: Callable[[str], None]) -> None:
    now = {}
    for name, source in take.sources.items():
        file = content.located(name, path.parent)
        if file is not None:
            now[name] = _source_now(file, source)
            if name == show and now[name] != source and _has_other_looks_only(file, source):
                now[name] = source
                notice(f"the looks in {file} have changed since: those stored in the take are used")
    now.update(plates_now(take, path.parent))
    changed = check_sources(take, now)
    if changed:
        raise UsageError(
            f"files have changed since {path} was recorded: {', '.join(changed)}",
            "restore them, or check the take with the files stored in it: xrdrama replay"
            " --embedded (it does not contain plates)",
        )


def plates_now(take: Take, near: Path) -> dict[str, Source]:
    """The plates of a take as they are now; another hash for those that are not there any more."""
    sources = take.header.sources
    loaded = content.header_texts(sources, take.header.options.get("roles", "{}"))
    found = {}
    for name in loaded.plates:
        scene = loaded.roles.get(f"scene/{name.split('/')[1]}", "") if "/" in name else ""
        found[name] = Source(plate_now(name, content.located(scene, near) if scene else None))
    return found


def _source_now(file: Path, then: Source) -> Source:
    """The current text of a file, without differences in line ends and byte order mark."""
    text = content.read_text(file)
    if then.text is not None and content.plain_text(then.text) == text:
        return then
    return source_of(text.encode(), embed=False)


def _has_other_looks_only(file: Path, then: Source) -> bool:
    """True when a show file differs in nothing but its looks, which are saved during a run."""
    before = without_looks(content.plain_text(then.text or ""))
    return without_looks(content.read_text(file)) == before


def frames_of(take: Take, production: Production) -> Iterator[tuple[int, Frame, bool]]:
    """For every tick of a take: number, frame, and whether the frame equals the recorded one."""
    for ticked, (frame, same) in zip(take.ticks, replay(take, production), strict=True):
        yield ticked.number, frame, same


def replay_take(path: Path, *, embedded: bool = False) -> Replayed:
    """Replay a take and compare every frame's hash."""
    remarks: list[str] = []
    take, _, production = open_take(path, embedded=embedded, notice=remarks.append)
    first: int | None = None
    count = 0
    for number, _, same in frames_of(take, production):
        count += 1
        if not same and first is None:
            first = number
    rules = take.header.options.get("rules", "1")
    digest = blake2b(b"".join(ticked.hash for ticked in take.ticks), digest_size=16).hexdigest()
    return Replayed(
        count,
        first is None,
        first,
        digest,
        take.torn,
        take.closed is not None,
        take.damage,
        findings_of(take, path),
        rules != RULES,
        changed_since(rules),
        tuple(remarks),
    )


def findings_of(take: Take, path: Path) -> tuple[str, ...]:
    """Messages about the file of a take: damaged places, a missing end, outages of recording."""
    found = [f"{path}: {outage.described()}" for outage in take.outages]
    if take.damage is not None:
        found.append(take.damage.described(str(path), take.header.rate))
    elif take.closed is None:
        found.append(
            f"{path} has no end record: its show was killed, still runs, or the file was shortened"
        )
    return tuple(found)
