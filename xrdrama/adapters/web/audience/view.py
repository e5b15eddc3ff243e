"""A frame as a viewer's page reads it: one flat map of the names in `wire.audience.State`.

Sounds start in a single frame. Those that can still be heard are kept, so that a page that skips
frames, or joins late, plays them from the right place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from xrdrama.adapters.web.audience.bodies import Bodies, FigureOf
from xrdrama.show import Production
from xrdrama.show.reach import sets_ahead
from xrdrama.story import Option, Story
from xrdrama.story.markers import marker_code, uses_of
from xrdrama.timing import NS
from xrdrama.wire.audience import PARAM, BallotNow, Mode, named
from xrdrama.wire.frame import Fade, Frame, OpenChoice, ParamValue, Sound
from xrdrama.wire.senses import Sense

SAMPLES: Final = 48_000
"""Samples a second of the show's clock of sounds."""
UNKNOWN_LASTS_S: Final = 30.0
"""How long a sound of unknown length is kept."""
MOST_SOUNDS: Final = 32

Flat = dict[str, Any]
SetOf = Callable[[str], str]
"""The hash of a scene's compiled set; "" until it is compiled."""


class View:
    """Converts the frames of one show, in order."""

    def __init__(
        self,
        production: Production,
        title: str,
        mode: Mode,
        set_of: SetOf,
        ballot: BallotNow | None = None,
        senses: Sequence[Sense] = (),
        *,
        figure_of: FigureOf = lambda _: "",
    ) -> None:
        self._production, self._set_of = production, set_of
        self._bodies = Bodies(production, figure_of)
        self._sounds: dict[tuple[str, int], Sound] = {}
        self._muted_until = 0
        self._beats = {beat.id: beat for beat in production.story.order}
        self._next = {
            beat: [scene for scene, changes in ahead.items() if changes <= 1]
            for beat, ahead in sets_ahead(production.story).items()
        }
        rate = production.rate
        self._constant: Flat = {
            "title": title or production.story.title,
            "mode": mode,
            "languages": list(production.languages),
            "names": production.speaker_names(),
            "codes": _codes(production.story),
            "ballot": named(ballot),
            "senses": list(senses),
            **{name: list(values) for name, values in self._bodies.names.items()},
            "rate": round(rate.numerator / rate.denominator, 6),
        }

    @property
    def story(self) -> Story:
        """The story of the show."""
        return self._production.story

    def note(self, frame: Frame) -> None:
        """Keep the sounds of a frame. Every frame must be noted."""
        for sound in frame.sounds:
            if sound.kind == "stop":
                self._sounds = {k: v for k, v in self._sounds.items() if v.id != sound.id}
            else:
                self._sounds[sound.id, sound.start_sample] = sound
        if any(self._is_audible(caption.line) for caption in frame.captions):
            self._muted_until = frame.time.shows_at + self._production.voice.echo
        now = frame.time.shows_at / NS
        heard = {k: v for k, v in self._sounds.items() if v.loop or self._ends(v) > now}
        self._sounds = dict(list(heard.items())[-MOST_SOUNDS:])

    def _is_audible(self, line: str) -> bool:
        return self._production.line_sound(line) in self._production.sounds

    def mutes(self, frame: Frame) -> bool:
        """Whether viewers' microphones are muted at a frame: a line plays, or has just ended."""
        return frame.time.shows_at < self._muted_until

    def _ends(self, sound: Sound) -> float:
        lasts = self._production.sounds.get(sound.id)
        seconds = UNKNOWN_LASTS_S if lasts is None else lasts / NS
        return sound.start_sample / SAMPLES + seconds

    def of(self, frame: Frame) -> Flat:
        """The state at a frame; a name without a value is absent."""
        flat: Flat = {
            **self._constant,
            "beat": frame.beat,
            "scene": frame.scene,
            "seconds": round(frame.time.shows_at / NS, 3),
            "set": self._set_of(frame.scene),
            "lights": named(frame.lights),
            "fade": self._fade(frame.fade, frame.time.shows_at) if frame.fade else None,
            "captions": named(frame.captions),
            "sounds": named(tuple(self._sounds.values())),
            "performers": self._bodies.of(frame.performers, frame.time.shows_at),
            "ending": frame.ending,
            "held": frame.held,
            "panic": frame.panic,
            "muted": self.mutes(frame),
            "markers": list(self.markers(frame)),
            "tally": named(frame.tally),
            "coming": self._coming(frame),
            **{f"{PARAM}{name}": _param(value) for name, value in frame.params.items()},
        }
        if frame.choice is not None:
            flat.update(self._choice(frame.choice, frame.beat))
        return {name: value for name, value in flat.items() if _is_present(value)}

    def _coming(self, frame: Frame) -> list[str]:
        """The compiled sets of the beats that may come next, which this beat does not have."""
        here = self._set_of(frame.scene)
        ahead = [self._set_of(scene) for scene in self._next.get(frame.beat, ())]
        return list(dict.fromkeys(hash for hash in ahead if hash and hash != here))

    def markers(self, frame: Frame) -> tuple[str, ...]:
        """The markers that may open something at a frame: of its open options and of the hidden
        plots of its beat, whose conditions only the show knows."""
        if frame.panic or frame.ending:
            return ()
        triggers = [
            trigger
            for shown in (frame.open_choice.options if frame.open_choice else ())
            if (option := self._option(frame.beat, shown.id)) is not None
            for trigger in option.triggers
        ]
        beat = self._beats.get(frame.beat)
        for plot in beat.hidden if beat else ():
            triggers += plot.triggers
        found = [name for one in triggers if one.kind == "marker" for name in one.values]
        return tuple(dict.fromkeys(found))

    def is_vote(self, frame: Frame, option: str) -> bool:
        """Whether a press on an open option is a vote, and not a pick."""
        written = self._option(frame.beat, option)
        if written is None or not written.voted:
            return False
        return not any(trigger.kind == "button" for trigger in written.triggers)

    def _option(self, beat: str, option: str) -> Option | None:
        found = self._beats.get(beat)
        options = found.choice.options if found and found.choice else ()
        return next((one for one in options if one.id == option), None)

    def _choice(self, choice: OpenChoice, beat: str) -> Flat:
        options = []
        for one in choice.options:
            written = self._option(beat, one.id)
            kinds = [trigger.kind for trigger in written.triggers] if written else []
            options.append(
                {
                    "id": one.id, "number": one.number, "texts": one.texts, "say": list(one.say),
                    "show": one.show, "on": list(dict.fromkeys(kinds)),
                }
            )  # fmt: skip
        closes = choice.closes_at
        return {
            "choice": {
                "id": choice.id,
                "options": options,
                "closes_at": None if closes is None else round(closes / NS, 3),
                "phase": choice.phase,
                "numbered": choice.numbered,
            },
            "left": None if choice.left is None else round(choice.left, 3),
            "progress": {o.id: round(o.progress, 2) for o in choice.options if o.progress},
            "heard": next((o.id for o in choice.options if o.heard), ""),
        }

    def _fade(self, fade: Fade, at: int) -> Flat:
        return {
            "scene": fade.scene,
            "set": self._set_of(fade.scene),
            "params": {name: _param(value) for name, value in fade.params.items()},
            "lights": named(fade.lights),
            "share": round(fade.share, 4),
            "performers": self._bodies.of(fade.performers, at),
        }


def _param(value: ParamValue) -> ParamValue:
    return value if isinstance(value, str) else round(value, 4)


def _is_present(value: Any) -> bool:
    """Whether a value is sent: numbers always are, and everything else that is not empty."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number or bool(value)


def _codes(story: Story) -> dict[str, str]:
    return {name: format(marker_code(story.id, name), "09x") for name in uses_of(story)}
