"""Playing a take again: the same frames, or the first one that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.errors import AuthoringError, RemoteProtocolError, UsageError
from xrdrama.show import Production
from xrdrama.show.look_text import without_looks
from xrdrama.show.take import (
    RULES,
    Damage,
    Source,
    Take,
    check_sources,
    read_take,
    replay,
    source_of,
)
from xrdrama.wire.frame import Frame
from xrdrama.wire.schema import schema_hash


class Replayed(msgspec.Struct, frozen=True):
    """What a replay found."""

    frames: int
    identical: bool
    first_difference: int | None
    hash: str
    """Over the hashes of all frames, in order."""
    torn: bool = False
    """The file goes on behind these frames with what cannot be read."""
    closed: bool = True
    """The take has its end: False when its show was killed, still runs, or the end is gone."""
    damage: Damage | None = None
    """Where it cannot be read, and what lies behind."""
    findings: tuple[str, ...] = ()
    """What is wrong with the file, for a person."""
    older_rules: bool = False
    """Made by a version whose frames differ on purpose (`show.take.RULES`)."""
    remarks: tuple[str, ...] = ()
    """What a person should know, though nothing is wrong."""


def open_take(
    path: Path, *, embedded: bool = False, notice: Callable[[str], None] = lambda text: None
) -> tuple[Take, content.Loaded, Production]:
    """A take and the production that it was made with. `notice(text)` is called when the show
    file has other looks now: the take's own are used.

    UsageError when a file has changed since (unless `embedded`: then the take's own texts count),
    or when the take was made by a version whose frames are other values.
    """
    try:
        take = read_take(path.read_bytes(), str(path))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "name a .take file") from None
    header = take.header
    if header.schema != schema_hash():
        raise UsageError(
            f"{path} was made by xrdrama {header.version}, whose frames are other values",
            f"replay it with xrdrama {header.version}",
        )
    for name, source in header.sources.items():
        text = source.text
        if text is not None and source_of(text.encode(), embed=False).hash != source.hash:
            raise RemoteProtocolError(f"{path}: the embedded {name} is damaged")
    loaded = content.header_texts(header.sources, header.options.get("roles", "{}"))
    if not embedded:
        _refuse_changes(path, take, loaded.roles.get("show", ""), notice)
    try:
        return take, loaded, content.produce(loaded)
    except AuthoringError as error:
        raise RemoteProtocolError(f"{path} embeds files that cannot be used: {error}") from error


def _refuse_changes(path: Path, take: Take, show: str, notice: Callable[[str], None]) -> None:
    now = {}
    for name, source in take.header.sources.items():
        file = content.located(name, path.parent)
        if file is not None:
            now[name] = _source_now(file, source)
            if name == show and now[name] != source and _has_other_looks_only(file, source):
                now[name] = source
                notice(f"{file} has other looks now: those of the take are used")
    changed = check_sources(take, now)
    if changed:
        raise UsageError(
            f"changed since the take: {', '.join(changed)}",
            "restore it, or replay what the take embeds with --embedded",
        )


def _source_now(file: Path, then: Source) -> Source:
    """A file as it is now. Only words count: line ends and a byte order mark may have changed."""
    text = content.read_text(file)
    if then.text is not None and content.plain_text(then.text) == text:
        return then
    return source_of(text.encode(), embed=False)


def _has_other_looks_only(file: Path, then: Source) -> bool:
    """True when a show file differs in nothing but its looks, which are saved during a run."""
    before = without_looks(content.plain_text(then.text or ""))
    return without_looks(content.read_text(file)) == before


def frames_of(take: Take, production: Production) -> Iterator[tuple[int, Frame, bool]]:
    """Number, frame, and whether it is the one that was made, for every tick of a take."""
    for ticked, (frame, same) in zip(take.ticks, replay(take, production), strict=True):
        yield ticked.number, frame, same


def replay_take(path: Path, *, embedded: bool = False) -> Replayed:
    """Play a take again and compare every frame's hash."""
    remarks: list[str] = []
    take, _, production = open_take(path, embedded=embedded, notice=remarks.append)
    first: int | None = None
    count = 0
    for number, _, same in frames_of(take, production):
        count += 1
        if not same and first is None:
            first = number
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
        take.header.options.get("rules", "1") != RULES,
        tuple(remarks),
    )


def findings_of(take: Take, path: Path) -> tuple[str, ...]:
    """What is wrong with the file of a take: where it is damaged, that it has no end, outages."""
    found = [f"{path}: {outage.described()}" for outage in take.outages]
    if take.damage is not None:
        found.append(take.damage.described(str(path), take.header.rate))
    elif take.closed is None:
        found.append(
            f"{path} has no end record: its show was killed, still runs, or the file was shortened"
        )
    return tuple(found)
