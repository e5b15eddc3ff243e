"""Resumes the take of an interrupted show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from xrdrama import content
from xrdrama.adapters.journal import Journal
from xrdrama.errors import UsageError
from xrdrama.show import Production, viewer_text
from xrdrama.show.look_text import without_looks
from xrdrama.show.take import RULES, Take
from xrdrama.timing import FrameRate
from xrdrama.wire.schema import schema_hash

UNSET: Final = "not set"


def resume(
    path: Path,
    from_damage: bool,
    loaded: content.Loaded,
    production: Production,
    notice: Callable[[str], None],
) -> tuple[Journal, Take]:
    """The take to continue; `notice` is called with what was cut off, and for another version.

    UsageError when it belongs to another show, a file has changed, or its viewers have other
    settings. Other errors: Journal.resume.
    """
    journal, take = Journal.resume(
        path,
        from_damage=from_damage,
        fits=lambda found: _refuse_other_show(path, found, loaded, production),
    )
    for said in (journal.resumed, _version_notice(path, take)):
        if said:
            notice(said)
    return journal, take


def _refuse_other_show(
    path: Path, take: Take, loaded: content.Loaded, production: Production
) -> None:
    """UsageError when a take is of another show, or a file of its show has changed since.

    Its frames could not be replayed. The story may have changed: the take has its older version,
    with which it is restored; then the newer one is used as in a reload.
    """
    header = take.header
    if header.show != production.id:
        raise UsageError(
            f"{path} is a take of the show {header.show!r}, not of {production.id!r}",
            f"type  xrdrama run {header.show} --resume {path}"
            "  or begin a new take without --resume",
        )
    then = content.header_texts(take.sources, take.roles)
    changed = sorted(
        loaded.roles.get(role) or then.roles[role]
        for role in _changed(then, loaded)
        if not content.is_story(role)
    )
    names = then.plates.keys() | loaded.plates.keys()
    changed += sorted(one for one in names if then.plates.get(one) != loaded.plates.get(one))
    if changed:
        raise UsageError(
            f"files have changed since {path} was begun: {', '.join(changed)}",
            "restore these files, or begin a new take without --resume",
        )
    _refuse_other_settings(path, then, loaded)


def _refuse_other_settings(path: Path, then: content.Loaded, loaded: content.Loaded) -> None:
    """UsageError when viewers have other settings than those with which a take was begun: some of
    them, such as the time for choices, belong to its frames."""
    before, after = content.show_file(then).viewers, content.show_file(loaded).viewers
    names = [
        name for name in before.__struct_fields__ if getattr(before, name) != getattr(after, name)
    ]
    if not names:
        return
    was, now = _settings(then), _settings(loaded)
    found = [f"{name} was {was.get(name, UNSET)}, is {now.get(name, UNSET)}" for name in names]
    todo = [_add(name, was[name]) for name in names if name in was]
    todo += [f"remove {_option(name)}" for name in names if name not in was]
    raise UsageError(
        f"the viewers have other settings than when {path} was begun: {'; '.join(found)}",
        f"{', '.join(todo)} (as an option or under viewers: in the show file), or begin a new take"
        " without --resume",
    )


def _add(name: str, value: str) -> str:
    """The advice to give viewers a setting again."""
    if value in ("true", "false"):
        return f"add --{'no-' * (value == 'false')}{_option(name)[2:]}"
    return f"write {name}: {value}" if value.startswith("{") else f"add {_option(name)} {value}"


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _settings(loaded: content.Loaded) -> dict[str, str]:
    """What a show says of its viewers, as it is written."""
    return viewer_text.apart(content.plain_text(loaded.text("show") or ""))[1]


def _changed(then: content.Loaded, loaded: content.Loaded) -> list[str]:
    """The parts that are not as they were: by what a file is for, not by its name, since the folder
    of the show may have been moved."""
    roles = then.roles.keys() | loaded.roles.keys()
    return [role for role in roles if _compared(then, role) != _compared(loaded, role)]


def _version_notice(path: Path, take: Take) -> str:
    """A warning about a take of another version of xrdrama; "" for this version."""
    header = take.header
    if header.schema == schema_hash() and header.options.get("rules", "1") == RULES:
        return ""
    return (
        f"{path} was begun by another version of xrdrama ({header.version}): the show"
        " continues, but this take cannot be replayed to the same frames"
    )


def _compared(loaded: content.Loaded, role: str) -> str | None:
    """What must be the same: words, not line ends, and not the looks that a director saves. The
    settings of viewers are compared one by one."""
    text = loaded.text(role)
    if text is None:
        return None
    plain = content.plain_text(text)
    return viewer_text.apart(without_looks(plain))[0] if role == "show" else plain


def as_taken(
    take: Take, loaded: content.Loaded, production: Production
) -> tuple[content.Loaded, Production]:
    """The files and the production of a take that is resumed: with the looks and the story that the
    show had when it was begun, and its newer versions in `later`. The files have the newest one.

    The take's journal has looks that were saved or deleted since.
    """
    then = content.header_texts(take.header.sources, take.header.options.get("roles", "{}"))
    looks = content.looks_in(content.show_file(then), production.scenes)
    newest = content.header_texts(take.sources, take.roles)
    if not take.revisions and not _changed(newest, loaded):
        return loaded, replace(production, looks=looks)
    _, began = content.produce_take(take)
    return content.with_story_of(loaded, newest), replace(
        production,
        looks=looks,
        story=began.story,
        strings=began.strings,
        sounds=began.sounds,
        offers=began.offers,
        mouths=began.mouths,
        later=began.later,
    )


def resumption(first: int, rate: FrameRate, seconds: float | None) -> str:
    """Where a run of `seconds` continues a take whose next frame is `first`, in words."""
    length = f", for {seconds:g} s" if seconds else ""
    return f"resuming at {clock(first * rate.period)}{length}"


def clock(seconds: float) -> str:
    """Seconds of a show as minutes and seconds: 00:12.3."""
    tenths = round(seconds * 10)
    return f"{tenths // 600:02}:{tenths // 10 % 60:02}.{tenths % 10}"
