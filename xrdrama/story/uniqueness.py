"""Checks that ids are unique: of lines, speakers, options and endings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from xrdrama.document import Place, Reading
from xrdrama.document.names import folded
from xrdrama.story.model import Beat, Line, Role
from xrdrama.story.screenplay.speakers import capitals


def check_unique(beats: Collection[Beat], cast: Mapping[str, Role], reading: Reading) -> None:
    """Note line ids, speakers and ids of texts that are used twice."""
    _unique_lines(beats, reading)
    _unique_titles(beats, cast, reading)
    _unique_speakers(cast, reading)


def _unique_lines(beats: Iterable[Beat], reading: Reading) -> None:
    first: dict[str, Place] = {}
    for beat in beats:
        for item in beat.script:
            if not isinstance(item, Line):
                continue
            if item.id in first:
                reading.note(
                    item.place, "S212", f"duplicate line id #{item.id}",
                    f"the first is on line {first[item.id].line}; delete one of them and run "
                    "xrdrama fmt",
                )  # fmt: skip
            first.setdefault(item.id, item.place)


def _unique_speakers(cast: Mapping[str, Role], reading: Reading) -> None:
    """Note roles that are the same when they are written in capitals, as in scripts."""
    first: dict[str, str] = {}
    for role in cast.values():
        other = first.setdefault(folded(role.id), role.id)
        if other != role.id:
            reading.note(
                role.place, "S116", f"a script cannot distinguish the roles {role.id!r} and "
                                    f"{other!r}",
                f"both are written {capitals(role.id)} in a script; rename one of them",
            )  # fmt: skip


def _unique_titles(beats: Iterable[Beat], cast: Mapping[str, Role], reading: Reading) -> None:
    """Note an id with two texts: names, options and endings are translated by id."""
    titles = {f"cast.{role.id}": role.name for role in cast.values()}
    for beat in beats:
        found = [(o.text_id, o.text, o.place) for o in beat.choice.options] if beat.choice else []
        if beat.ending:
            found.append((beat.ending.title_id, beat.ending.title, beat.place))
        for name, text, place in found:
            if titles.setdefault(name, text) != text:
                reading.note(
                    place, "S117", f"the id {name!r} is used for both {titles[name]!r} and "
                                   f"{text!r}",
                    "give one of them another id, or give both the same text",
                )  # fmt: skip
