"""What of a story was played: how often each beat, way, option, cue, line, storylet and plot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from xrdrama.document import Place
from xrdrama.document.wording import short
from xrdrama.story.model import Beat, CueCall, Line, Story
from xrdrama.story.screenplay.speakers import capitals
from xrdrama.story.stepping.happenings import (
    BeatEntered,
    CueCalled,
    Happening,
    InParallel,
    Spoken,
    Taken,
)
from xrdrama.story.ways import beats_of, ways_of

KINDS = ("beats", "options", "lines", "cues", "storylets", "plots", "endings")
"""What a table of coverage lists, in this order."""


class Coverage(msgspec.Struct, frozen=True):
    """How often each thing was played in `plays` playthroughs; 0 when never.

    The keys: ids of beats, storylets, lines, hidden plots and endings; `beat/option`; `beat/cue`.
    `ways` has `beat/option`, `beat/else`, `beat/next`, `beat/detour` and `beat/plot`.
    """

    story: str
    plays: int
    beats: Mapping[str, int]
    ways: Mapping[str, int]
    lines: Mapping[str, int]
    cues: Mapping[str, int]
    options: Mapping[str, int]
    storylets: Mapping[str, int] = {}
    plots: Mapping[str, int] = {}
    endings: Mapping[str, int] = {}


class Unreached(msgspec.Struct, frozen=True):
    """Something that was never played: its kind (beat, option ...), its name and position."""

    kind: str
    name: str
    place: Place


class Counter:
    """Counts what happens in playthroughs of one story; it is fast, for millions of happenings."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.plays = 0
        self.beats = [0] * len(story.order)
        self._items: dict[int, int] = {}  # by identity: hashing a line would read all its fields
        self._taken: dict[tuple[str, str, str], int] = {}
        self._here = ""
        self._plots = {
            plot.id: beats_of(story, plot.to) for beat in story.order for plot in beat.hidden
        }
        """The beats that each hidden plot begins with."""
        self._counts: dict[type, Callable[..., None]] = {
            BeatEntered: self._beat, Spoken: self._line, CueCalled: self._cue, Taken: self._way,
            InParallel: self._beside,
        }  # fmt: skip

    def add(self, happening: Happening) -> None:
        """Count one happening."""
        count = self._counts.get(type(happening))
        if count is not None:
            count(happening)

    def _beat(self, happening: BeatEntered) -> None:
        self._here = happening.beat.id
        if not happening.again:
            self.beats[happening.beat.index] += 1

    def _line(self, happening: Spoken) -> None:
        key = id(happening.line)
        self._items[key] = self._items.get(key, 0) + 1

    def _cue(self, happening: CueCalled) -> None:
        key = id(happening.cue)
        self._items[key] = self._items.get(key, 0) + 1

    def _way(self, happening: Taken) -> None:
        key = (happening.beat, happening.option, happening.by)
        self._taken[key] = self._taken.get(key, 0) + 1

    def _beside(self, happening: InParallel) -> None:
        one = happening.happening
        if isinstance(one, BeatEntered):
            self.beats[one.beat.index] += 1
            if one.beat.id in self._plots[happening.plot]:
                key = (self._here, happening.plot, "hidden")
                self._taken[key] = self._taken.get(key, 0) + 1
        else:
            self.add(one)

    def coverage(self) -> Coverage:
        """What was counted."""
        taken: dict[str, int] = {}
        for (beat, option, by), count in self._taken.items():
            if option or by in ("next", "detour"):
                key = f"{beat}/{option or by}"
                taken[key] = taken.get(key, 0) + count
        beats = {beat.id: self.beats[beat.index] for beat in self.story.order}
        return Coverage(
            self.story.id,
            self.plays,
            beats,
            {key: taken.get(key, 0) for beat in self.story.order for key in _ways(beat)},
            _summed((line.id, self._items.get(id(line), 0)) for _, line in _lines(self.story)),
            _summed(
                (f"{beat.id}/{cue.as_written}", self._items.get(id(cue), 0))
                for beat, cue in _cues(self.story)
            ),
            {key: taken.get(key, 0) for key in _options(self.story)},
            {beat.id: beats[beat.id] for beat in self.story.order if beat.storylet},
            _summed(
                (plot.id, taken.get(f"{beat.id}/{plot.id}", 0))
                for beat in self.story.order
                for plot in beat.hidden
            ),
            _summed((b.ending.id, beats[b.id]) for b in self.story.order if b.ending),
        )


def unreached(story: Story, coverage: Coverage) -> list[Unreached]:
    """What was never played: beats, options, lines, cues, hidden plots, each in the order of the
    file.

    Options, lines and cues of a beat that was never played are left out: the beat says it.
    """
    played = {beat.id for beat in story.order if coverage.beats[beat.id]}
    beats = (beat for beat in story.order if beat.id not in played)
    plots = {plot.id: plot.place for beat in story.order for plot in beat.hidden}
    return [
        *(Unreached("storylet" if b.storylet else "beat", b.id, b.place) for b in beats),
        *_unpicked(story, coverage, played),
        *_unspoken(story, coverage, played),
        *(
            Unreached("hidden plot", one, at)
            for one, at in plots.items()
            if not coverage.plots[one]
        ),
    ]


def _unpicked(story: Story, coverage: Coverage, played: set[str]) -> Iterator[Unreached]:
    """Options that were never picked, and windows that never closed."""
    for beat in story.order:
        if beat.choice is None or beat.id not in played:
            continue
        for option in beat.choice.options:
            if not coverage.options[f"{beat.id}/{option.id}"]:
                yield Unreached("option", f"{beat.id}/{option.id}", option.place)
        silence = beat.choice.otherwise
        if silence and not coverage.ways[f"{beat.id}/else"]:
            yield Unreached("else", f"{beat.id}/else", silence.place)


def _unspoken(story: Story, coverage: Coverage, played: set[str]) -> Iterator[Unreached]:
    """Lines that were never spoken, and cues that were never called."""
    for beat, line in _lines(story):
        if beat.id in played and not coverage.lines[line.id]:
            said = f"{capitals(line.speaker)}: {line.text}" if line.speaker else line.text
            yield Unreached("line", short(said), line.place)
    for beat, cue in _cues(story):
        if beat.id in played and not coverage.cues[f"{beat.id}/{cue.as_written}"]:
            yield Unreached("cue", cue.as_written, cue.place)


def shares(coverage: Coverage) -> list[tuple[str, int, int]]:
    """For each kind that the story has: its name, how many were played, how many there are."""
    found = []
    for kind in KINDS:
        counts: Mapping[str, int] = getattr(coverage, kind)
        if counts:
            found.append((kind, sum(count > 0 for count in counts.values()), len(counts)))
    return found


def _summed(counts: Iterator[tuple[str, int]]) -> dict[str, int]:
    summed: dict[str, int] = {}
    for key, count in counts:
        summed[key] = summed.get(key, 0) + count
    return summed


def _lines(story: Story) -> Iterator[tuple[Beat, Line]]:
    for beat in story.order:
        yield from ((beat, item) for item in beat.script if isinstance(item, Line))


def _cues(story: Story) -> Iterator[tuple[Beat, CueCall]]:
    for beat in story.order:
        yield from ((beat, item) for item in beat.script if isinstance(item, CueCall))


def _ways(beat: Beat) -> Iterator[str]:
    for how, name, _ in ways_of(beat):
        yield f"{beat.id}/{name or how}"


def _options(story: Story) -> Iterator[str]:
    for beat in story.order:
        for option in beat.choice.options if beat.choice else ():
            yield f"{beat.id}/{option.id}"
