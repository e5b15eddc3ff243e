"""Every state that the frames of a show can reach, as frames: what outputs warm up with.

A director may force any beat, so the whole show is within reach from the first frame on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from xrdrama.scene.cues import length
from xrdrama.scene.model import ParamValue, Scene
from xrdrama.show.lamps import lights_of
from xrdrama.show.looks import fits
from xrdrama.show.production import Production
from xrdrama.show.show import advance, opening
from xrdrama.show.state.cue_stack import call, recall, stack_for
from xrdrama.show.state.hand import hand_of
from xrdrama.show.tick import Tick
from xrdrama.story import Line
from xrdrama.story.model import Beat, Choice, SoundCall
from xrdrama.timing import FrameTime
from xrdrama.wire.frame import Caption, Frame, OpenChoice, OpenOption


class Rehearsal(msgspec.Struct, frozen=True):
    """Frames to warm up with."""

    opening: Frame
    """The first frame of the show."""
    sets: tuple[tuple[str, tuple[Frame, ...]], ...]
    """For each set its id and its states: at rest, in every look, at the end of every cue."""
    words: tuple[Frame, ...]
    """A frame for each line, and for each way that the options of a choice can look."""
    sounds: tuple[str, ...] = ()
    """The names of its sounds and spoken lines, in the order of the story."""


def rehearsal_of(production: Production) -> Rehearsal:
    """The rehearsal of a show, its opening set first, its words in the order of the story."""
    time = FrameTime.of(0, production.rate, start=production.start_timecode)
    _, first = advance(opening(production), Tick(time, ()))
    names = sorted(production.scenes, key=lambda name: name != first.scene)
    sets = []
    for name in names:
        scene = production.scenes[name]
        states = [
            msgspec.structs.replace(
                first, scene=name, params=params, lights=lights_of(scene, params), captions=()
            )
            for params in _params(scene, production)
        ]
        sets.append((name, tuple(states)))
    words = tuple(_words(production, first))
    return Rehearsal(first, tuple(sets), words, tuple(dict.fromkeys(_sounds(production))))


def _params(scene: Scene, production: Production) -> Iterator[Mapping[str, ParamValue]]:
    """At rest in the show's look, in every look, and after every cue; nothing twice."""
    rest = stack_for(scene, production.look_in(scene))
    stacks = [rest, *(stack_for(scene, name) for name in scene.looks)]
    stacks += [call(stacks[0], cue, 0, over=0) for cue in scene.cues.values() if length(cue) >= 0]
    stacks += [
        recall(stacks[0], look.id, look.params, 0, over=0)
        for look in production.looks
        if fits(look, scene)
    ]
    seen: list[Mapping[str, ParamValue]] = []
    for stack in stacks:
        values = stack.values(0)
        if values not in seen:
            seen.append(values)
            yield values


def _words(production: Production, frame: Frame) -> Iterator[Frame]:
    for beat in production.story.order:
        for item in beat.script:
            if isinstance(item, Line):
                values = production.first_values
                said = Caption(item.id, item.speaker, production.texts(item.id, values))
                yield msgspec.structs.replace(frame, captions=(said,), choice=None)
        yield from _choices(production, frame, beat)


def _sounds(production: Production) -> Iterator[str]:
    if production.ambience:
        yield production.ambience
    for beat in production.story.order:
        for item in beat.script:
            if isinstance(item, Line) and production.line_sound(item.id) in production.sounds:
                yield production.line_sound(item.id)
            elif isinstance(item, SoundCall) and not item.stop:
                yield item.name


def _choices(production: Production, frame: Frame, beat: Beat) -> Iterator[Frame]:
    choice = beat.choice
    if choice is None:
        return
    for numbered in (False, True):
        for heard in (False, True):
            for away in range(len(choice.options) if numbered else 1):
                options = tuple(_options(production, choice, heard=heard, away=away))
                if away and not options:
                    break
                show = choice.window.show if choice.window else "none"
                timed = 0.5 if choice.window and choice.window.is_timed else None
                shown = OpenChoice(choice.id, options, timed, show, False, numbered)
                yield msgspec.structs.replace(frame, captions=(), choice=shown)


def _options(
    production: Production, choice: Choice, *, heard: bool, away: int
) -> Iterator[OpenOption]:
    """The options, numbered as when `away` of those before them are not offered."""
    certain = 0
    for index, option in enumerate(choice.options):
        number = index + 1 - away
        if number > certain:
            yield OpenOption(
                id=option.id,
                number=number,
                texts=production.texts(option.text_id, production.first_values),
                show=hand_of(option),
                progress=0.5,
                heard=heard,
            )
        if option.condition is None and not option.once:
            certain += 1
