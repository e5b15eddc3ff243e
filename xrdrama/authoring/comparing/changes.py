"""The changes between two versions of a story."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

from xrdrama.authoring.comparing.facets import (
    Facets,
    beat_facets,
    cast,
    directions,
    head,
    line_facets,
    markers,
    option_facets,
    plot_facets,
    storylets,
    variables,
)
from xrdrama.authoring.comparing.matching import common
from xrdrama.document import Place
from xrdrama.story import Beat, Line, Story
from xrdrama.story.migration import renamed_beats
from xrdrama.story.strings import StringTable, rows_of

Kind = Literal["added", "removed", "changed", "moved", "renamed", "stale"]


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One change. `what` is the kind of part: story, variable, cast, marker, storylets, beat, line,
    option, script, hidden plot or translation; `name` its id, and `beat` the beat that has it or
    had it. `facet` is what of it changed, such as text, to or if."""

    kind: Kind
    what: str
    name: str
    beat: str = ""
    facet: str = ""
    before: str = ""
    after: str = ""
    line: int = 0
    """The line of the newer file, or of the older one if the part was removed; 0 if unknown."""
    file: str = ""
    """The file of this line, if it is one that the story includes."""


def compare(
    old: Story,
    new: Story,
    old_tables: Mapping[str, StringTable] | None = None,
    new_tables: Mapping[str, StringTable] | None = None,
) -> list[Change]:
    """The changes from `old` to `new`: first those of the whole story, then beat by beat in the
    order of the newer file, then translations."""
    comparison = _Comparison(old, new)
    places = {**_places(old), **_places(new)}
    found = [_placed(one, places) for one in (*comparison.whole(), *comparison.beats())]
    return [*found, *_translations(old, new, old_tables or {}, new_tables or {})]


def _places(story: Story) -> dict[tuple[str, str], Place]:
    """Where beats, variables, roles and storylet groups are, by kind and name; without the file if
    it is the story's own."""
    parts = [("beat", one.id, one.place) for one in story.order]
    parts += [("variable", one.id, one.place) for one in (*story.variables, *story.computed)]
    parts += [("cast", one.id, one.place) for one in story.cast.values()]
    parts += [("marker", one.id, one.place) for one in story.markers.values()]
    parts += [("storylets", one.id, one.place) for one in story.storylets.values()]
    own = Place("")
    return {
        (kind, id): replace(own, line=place.line) if place.file == story.file else place
        for kind, id, place in parts
    }


def _placed(change: Change, places: Mapping[tuple[str, str], Place]) -> Change:
    """The change with its line, where only its part is known, and with its file."""
    place = places.get(("beat", change.beat) if change.beat else (change.what, change.name))
    if place is None:
        return change
    line = change.line or (0 if change.beat else place.line)
    return replace(change, line=line, file=place.file)


class _Comparison:
    def __init__(self, old: Story, new: Story) -> None:
        self.old, self.new = old, new
        self.names = renamed_beats(old, new)
        self.before = {self.names.get(beat.id, beat.id): beat for beat in old.order}
        self.was = {_key(self.renamed(b.id), line): (b, line) for b, line in _lines(old)}
        self.now = {_key(b.id, line): (b, line) for b, line in _lines(new)}

    def renamed(self, name: str) -> str:
        """The new id of a beat of the older version."""
        return self.names.get(name, name)

    def whole(self) -> Iterator[Change]:
        """Changes of the head, variables, cast, markers, storylet groups and hidden plots."""
        yield from _facets(
            "story", self.new.id, "", head(self.old, self.renamed), head(self.new, str)
        )
        yield from _parts("variable", variables(self.old), variables(self.new))
        yield from _parts("cast", cast(self.old), cast(self.new))
        yield from _parts("marker", markers(self.old), markers(self.new))
        yield from _parts("storylets", storylets(self.old, self.renamed), storylets(self.new, str))
        old = {p.id: plot_facets(p, self.renamed) for b in self.old.order for p in b.hidden}
        new = {p.id: plot_facets(p, str) for b in self.new.order for p in b.hidden}
        yield from _parts("hidden plot", old, new)

    def beats(self) -> Iterator[Change]:
        """Changes of beats in the order of the newer version; removed beats come last."""
        for beat in self.new.order:
            before = self.before.get(beat.id)
            line = beat.place.line
            if before is None:
                yield Change("added", "beat", beat.id, beat.id, after=_counts(beat), line=line)
            else:
                if before.id != beat.id:
                    yield Change(
                        "renamed",
                        "beat",
                        beat.id,
                        beat.id,
                        "",
                        before.id,
                        beat.id,
                        line,
                    )
                yield from _facets(
                    "beat", beat.id, beat.id, beat_facets(before, self.renamed),
                    beat_facets(beat, str), line,
                )  # fmt: skip
            yield from self.lines(before, beat)
            yield from self.options(before, beat)
            if before is not None:
                yield from self.script(before, beat)
        for name, beat in self.before.items():
            if name not in self.new.beats:
                line = beat.place.line
                yield Change("removed", "beat", beat.id, beat.id, before=_counts(beat), line=line)
                yield from self.lost_lines(beat)

    def lines(self, before: Beat | None, beat: Beat) -> Iterator[Change]:
        """Lines of a beat: added, changed, moved from another beat or within this one, removed."""
        keys = [_key(beat.id, line) for _, line in _lines_of(beat)]
        old = [_key(beat.id, line) for _, line in _lines_of(before)] if before else []
        still = [key for key in old if key in keys]
        kept = {still[at] for at, _ in common(still, [key for key in keys if key in still])}
        for key in keys:
            line = self.now[key][1]
            if key not in self.was:
                said = f"{line.speaker}: {line.text}"
                yield Change("added", "line", line.id, beat.id, after=said, line=line.place.line)
                continue
            owner, earlier = self.was[key]
            source = self.renamed(owner.id)
            if source != beat.id:
                yield Change(
                    "moved",
                    "line",
                    line.id,
                    beat.id,
                    "beat",
                    owner.id,
                    beat.id,
                    line.place.line,
                )
            elif key not in kept:
                yield Change("moved", "line", line.id, beat.id, "order", line=line.place.line)
            yield from _facets(
                "line",
                line.id,
                beat.id,
                line_facets(earlier),
                line_facets(line),
                line.place.line,
            )
        if before:
            yield from self.lost_lines(before)

    def lost_lines(self, beat: Beat) -> Iterator[Change]:
        """Lines of a beat of the older version that are in no beat of the newer one."""
        for _, line in _lines_of(beat):
            if _key(self.renamed(beat.id), line) not in self.now:
                said = f"{line.speaker}: {line.text}"
                yield Change(
                    "removed",
                    "line",
                    line.id,
                    beat.id,
                    before=said,
                    line=line.place.line,
                )

    def options(self, before: Beat | None, beat: Beat) -> Iterator[Change]:
        """Options of a beat by their ids."""
        old = {one.id: one for one in before.choice.options} if before and before.choice else {}
        new = {one.id: one for one in beat.choice.options} if beat.choice else {}
        yield from _parts(
            "option",
            {name: option_facets(one, self.renamed) for name, one in old.items()},
            {name: option_facets(one, str) for name, one in new.items()},
            beat.id,
            {name: one.place.line for name, one in (old | new).items()},
        )
        stay = [name for name in old if name in new]
        if stay != [name for name in new if name in old]:
            order = ", ".join(stay), ", ".join(name for name in new if name in old)
            yield Change("moved", "option", "", beat.id, "order", *order, beat.place.line)

    def script(self, before: Beat, beat: Beat) -> Iterator[Change]:
        """Cues, sounds, waits and directions, in their order."""
        old, new = directions(before, self.renamed), directions(beat, str)
        pairs = common(old, new)
        kept, stay = {at for at, _ in pairs}, {at for _, at in pairs}
        for at, text in enumerate(old):
            if at not in kept:
                yield Change(
                    "removed",
                    "script",
                    "",
                    beat.id,
                    before=text,
                    line=before.place.line,
                )
        for at, text in enumerate(new):
            if at not in stay:
                yield Change("added", "script", "", beat.id, after=text, line=beat.place.line)


def _key(beat: str, line: Line) -> str:
    """What identifies a line: its id; without one its beat and its words."""
    return line.id if line.has_id else f"{beat} {line.speaker}: {line.text}"


def _lines_of(beat: Beat) -> list[tuple[Beat, Line]]:
    return [(beat, item) for item in beat.script if isinstance(item, Line)]


def _lines(story: Story) -> list[tuple[Beat, Line]]:
    return [pair for beat in story.order for pair in _lines_of(beat)]


def _counts(beat: Beat) -> str:
    lines, options = (
        len(_lines_of(beat)),
        len(beat.choice.options) if beat.choice else 0,
    )
    counts = ((lines, "line"), (options, "option"))
    return ", ".join(f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in counts if n) or "empty"


def _facets(
    what: str, name: str, beat: str, old: Facets, new: Facets, line: int = 0
) -> Iterator[Change]:
    for facet, after in new.items():
        if old[facet] != after:
            yield Change("changed", what, name, beat, facet, old[facet], after, line)


def _parts(
    what: str,
    old: Mapping[str, Facets],
    new: Mapping[str, Facets],
    beat: str = "",
    lines: Mapping[str, int] | None = None,
) -> Iterator[Change]:
    places = lines or {}
    for name, facets in new.items():
        line = places.get(name, 0)
        if name in old:
            yield from _facets(what, name, beat, old[name], facets, line)
        else:
            yield Change("added", what, name, beat, after=_summary(facets), line=line)
    for name, facets in old.items():
        if name not in new:
            before = _summary(facets)
            yield Change("removed", what, name, beat, before=before, line=places.get(name, 0))


def _summary(facets: Facets) -> str:
    return ", ".join(f"{name}: {value}" for name, value in facets.items() if value)


def _translations(
    old: Story,
    new: Story,
    old_tables: Mapping[str, StringTable],
    new_tables: Mapping[str, StringTable],
) -> Iterator[Change]:
    """Translations that were added, removed or changed, and those that became stale."""
    before, after = ({row.id: row.source for row in rows_of(one)} for one in (old, new))
    for language in _both(old_tables, new_tables):
        one = old_tables.get(language) or StringTable(language, {})
        other = new_tables.get(language) or StringTable(language, {})
        for name in _both(one.texts, other.texts):
            was, now = one.texts.get(name, ""), other.texts.get(name, "")
            what, line = f"translation {language}", other.lines.get(name, 0)
            if was != now:
                kind: Kind = "changed" if was and now else "added" if now else "removed"
                yield Change(kind, what, name, "", "text" if was and now else "", was, now, line)
            fresh = name not in before or one.sources.get(name) == before[name] or not was
            if now and name in after and other.sources.get(name) != after[name] and fresh:
                source = other.sources.get(name, "")
                yield Change("stale", what, name, "", "source", source, after[name], line)


def _both(one: Collection[str], other: Collection[str]) -> list[str]:
    return list(dict.fromkeys([*one, *other]))
