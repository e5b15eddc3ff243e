"""Everything a show is made from, loaded and checked: it does not change while the show runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

import msgspec

from xrdrama.performer.mouth import MouthTrack
from xrdrama.scene.model import ParamValue, Scene
from xrdrama.show.cast import Member
from xrdrama.show.looks import Look, fits
from xrdrama.spatial import settle
from xrdrama.speech.matching import Acceptance, Offer
from xrdrama.speech.pronunciation import pronounce
from xrdrama.speech.respelling import respelled
from xrdrama.stage import Stage
from xrdrama.stage.frustum import Frustum, outer_frustum, sectors
from xrdrama.story import Beat, Option, Story
from xrdrama.story.expressions.expression import Value
from xrdrama.story.strings import phrases_of
from xrdrama.story.text import render
from xrdrama.timing import FrameRate
from xrdrama.wire.frame import Projection, View

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
CANCEL = ("cancel", "no wait", "never mind")


class VoiceRule(Acceptance, frozen=True):
    """When a phrase picks, and the time to take it back."""

    confirm: int = 400_000_000
    misses: int = 2
    """So many times "say again", then the options get numbers."""
    echo: int = 250_000_000
    """How long a line of ours rings on in the room."""


class ViewerRule(msgspec.Struct, frozen=True):
    """What the viewers of a show need: more time for choices, or no time limits; in a headset how
    they sit or stand, and where texts are. Metres."""

    time_scale: float = 1.0
    time_limits: bool = True
    posture: Literal["standing", "seated"] = "standing"
    """Seated viewers see the set from `eye_height`, wherever their head is."""
    eye_height: float = 1.6
    """Height of a seated viewer's eyes above the set's floor."""
    raised: float = 0.0
    """How much higher than they are the eyes see the set from."""
    captions: Literal["small", "medium", "large"] = "medium"
    captions_in: Literal["room", "head"] = "room"
    """Captions rest in the room and follow lazily, or are fixed to the head."""
    captions_away: float = 1.9
    captions_raised: float = 0.0
    cards_away: float = 1.8
    """Distance of the cards: what an arm reaches, or what is easy to read."""
    cards_raised: float = 0.0
    resolution: Literal["adaptive", "full"] = "adaptive"
    """Whether pictures get smaller while frames are late."""
    blend: Literal["opaque", "additive", "alpha"] = "opaque"
    """How pictures are put over what the wearer sees."""
    budget: bool = False
    """Show what a frame takes."""
    vignette: bool = True
    """Darken the edges in a headset while a set moves past the viewer."""
    sound: Literal["headset", "always", "recorded"] = "headset"
    """Whose sounds come from their places in the set: those of a viewer with a headset, of one at
    a window too, or of nobody."""
    sounds_from: Mapping[str, str] = {}
    """The performer or place of the set that a sound, or all lines of a speaker, come from."""
    contrast: bool = False
    """Texts are white on black plates with thick edges (window)."""
    motion: Literal["full", "reduced"] = "full"
    """Reduced: the view moves only by steps that a viewer makes, behind a short fade (window)."""
    sound_captions: bool = False
    """Sounds have captions, too (window)."""
    scan: int = 0
    """Nanoseconds on each option for a viewer with a single switch; 0: off (window)."""

    @property
    def scale(self) -> float:
        """How much longer than written windows are; infinite without time limits."""
        return self.time_scale if self.time_limits else math.inf


class HandRule(msgspec.Struct, frozen=True):
    """When a hand picks: k of the last n video frames agree, held for the dwell."""

    score: float = 0.3
    """Least certainty of a video frame. MediaPipe only reports how certain it is of left and right,
    which is low for many a good hand: this is no more than a floor."""
    votes: int = 6
    frames: int = 8
    dwell: int = 700_000_000
    rest: int = 1_500_000_000
    """After a pick no hand picks for so long."""


class Production(msgspec.Struct, frozen=True):
    """What is played: story, sets, stage, languages, rules."""

    id: str
    rate: FrameRate
    story: Story
    scenes: Mapping[str, Scene]
    stage: Stage | None
    languages: tuple[str, ...]
    strings: Mapping[str, Mapping[str, str]]
    """Texts by language, then by id; the story's own language is among them."""
    sounds: Mapping[str, int]
    """Nanoseconds of each sound file by name; `line/<id>` is a spoken line."""
    offers: Mapping[str, tuple[Offer, ...]]
    """The phrases that pick at each beat."""
    numbers: tuple[Offer, ...]
    """The words for the numbers of options; `option` is the number."""
    cancel: tuple[Offer, ...]
    outer_views: tuple[View, ...] = ()
    look: str = ""
    looks: tuple[Look, ...] = ()
    """Those of the show file."""
    seed: int = 0
    start: str = ""
    start_values: Mapping[str, Value] = {}
    start_timecode: int = 0
    ambience: str = ""
    voice: VoiceRule = VoiceRule()
    hand: HandRule = HandRule()
    viewers: ViewerRule = ViewerRule()
    cast: Mapping[str, Member] = {}
    """The performers, by the name that cues call them."""
    voices: str = ""
    """The language that the lines are dubbed in; "" where they are spoken in the story's own."""
    mouths: Mapping[str, MouthTrack] = {}
    """What the mouth does during each recorded line that is heard, by line id."""
    faces: Mapping[str, str] = {}
    """The performer that each input of a live face drives, by input."""
    later: tuple[tuple[int, Production], ...] = ()
    """The newer versions of the story that a take has in order, each with the number of the first
    frame with it. Several may have the same number."""
    nodes: Mapping[str, tuple[str, ...]] = {}
    """The walls that each render node draws."""
    hears_itself: bool = True
    """The microphone hears our own lines, so what was said during one does not count."""

    def line_sound(self, line: str) -> str:
        """The name of the recording of a line, in the language that is heard."""
        return f"{self.voices}/line/{line}" if self.voices else f"line/{line}"

    def look_in(self, scene: Scene) -> Mapping[str, ParamValue]:
        """The values of the show's look in a scene: of the scene's own, or else of the show file's
        if it fits; {} without one."""
        own = scene.looks.get(self.look)
        if own is not None:
            return own
        saved = (look for look in self.looks if look.id == self.look and fits(look, scene))
        return next((look.params for look in saved), {})

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """Every phrase that the story listens for in its own language."""
        own = self.story.language
        offers = [o for found in self.offers.values() for o in found if o.language in ("", own)]
        return tuple(dict.fromkeys(offer.phrase for offer in (*offers, *self.cancel)))

    @property
    def first_values(self) -> dict[str, Value]:
        """The initial values of all variables of the story, by name."""
        return {name: variable.init for name, variable in self.story.values().items()}

    def speaker_names(self) -> dict[str, dict[str, str]]:
        """What each role is called, by language."""
        return {role: self.texts(f"cast.{role}") for role in self.story.cast}

    def phrases(self, option: Option) -> tuple[str, ...]:
        """The phrases that pick an option, in the languages of the show."""
        found = {self.story.language: {}, **self.strings}.items()
        return tuple(
            p for code, texts in found for p in phrases_of(option, code, self.story, texts)
        )

    def texts(self, text_id: str, values: Mapping[str, Value] | None = None) -> dict[str, str]:
        """A text in every language of the show that has it, with the values that it shows."""
        return {
            language: render(self.strings[language][text_id], values or {}, language)
            for language in self.languages
            if text_id in self.strings[language]
        }


Strings = Mapping[str, Mapping[str, str]]
"""Texts, or pronunciations, by language and id."""


def offers_of(
    beat: Beat, story: Story, strings: Strings | None = None, said: Strings | None = None
) -> tuple[Offer, ...]:
    """The phrases that pick an option at a beat, pronounced: its voice triggers, and their
    translations in `strings`; `said` are pronunciations of words by language."""
    if beat.choice is None:
        return ()
    heard = said or {}
    return tuple(
        Offer(option.id, phrase, pronounce(respelled(phrase, heard.get(language, {}))), language)
        for option in beat.choice.options
        for language, texts in {story.language: {}, **(strings or {})}.items()
        for phrase in phrases_of(option, language, story, texts)
    )


def outer_views(stage: Stage) -> tuple[View, ...]:
    """The views of the outer picture: for each wall one or more, from the stage's eye point."""
    views = []
    for wall in stage.walls:
        for index, facets in enumerate(sectors(stage.eye_point, wall)):
            frustum = outer_frustum(stage.eye_point, facets, near=stage.near, far=stage.far)
            if frustum is not None:
                views.append(view_of(f"outer.{wall.id}.{index}", wall.id, frustum))
    return tuple(views)


def view_of(
    name: str, target: str, frustum: Frustum, overscan: float = 1.0, camera: str = ""
) -> View:
    """A frustum as a frame carries it: settled."""
    f = frustum
    left, right, bottom, top = (settle(e) for e in (f.left, f.right, f.bottom, f.top))
    projection = Projection(left, right, bottom, top, f.near, f.far)
    return View(name, target, f.pose.rounded(), projection, overscan, camera)
