"""Checks of a story against what it plays in: scenes, cues, places, sounds, voices."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations

from xrdrama.authoring.graph import check_graph
from xrdrama.document import Place, suggestion
from xrdrama.errors import Problem, Severity
from xrdrama.scene.scene import Scene
from xrdrama.speech.distance import SOUNDS_ALIKE, SOUNDS_THE_SAME, confusability
from xrdrama.story import Beat, Story
from xrdrama.story.model import CueCall, HiddenPlot, Line, SoundCall


def check_story(
    story: Story, scenes: Mapping[str, Scene], sounds: Collection[str] | None
) -> list[Problem]:
    """Everything that is wrong with a story that could be read.

    `scenes` are all that can be found; `sounds` the names of its sound files, None where there is
    no index of them.
    """
    checker = _Checker(scenes, sounds)
    for beat in story.order:
        checker.beat(beat)
    for beat in story.order:
        for item in beat.script:
            if isinstance(item, Line) and not item.has_id:
                checker.note(item.place, "S213", "warning", "this line has no id",
                             "run xrdrama fmt, which writes them")  # fmt: skip
    return sorted([*checker.problems, *check_graph(story)])


class _Checker:
    def __init__(self, scenes: Mapping[str, Scene], sounds: Collection[str] | None) -> None:
        self.scenes, self.sounds = scenes, sounds
        self.problems: list[Problem] = []
        self.missing: set[str] = set()
        self.plots: set[int] = set()

    def note(
        self, place: Place, code: str, severity: Severity, message: str, hint: str = ""
    ) -> None:
        p = place
        self.problems.append(Problem(p.file, p.line, p.column, code, severity, message, hint))

    def beat(self, beat: Beat) -> None:
        scene = self.scenes.get(beat.scene)
        if scene is None and beat.scene not in self.missing:
            self.missing.add(beat.scene)  # once is enough: beats share the story's scene
            self.note(beat.place, "C001", "error", f"there is no scene {beat.scene!r}",
                      suggestion(beat.scene, self.scenes))  # fmt: skip
        for item in beat.script:
            if isinstance(item, CueCall) and scene and item.name not in scene.cues:
                self.note(item.place, "C002", "error",
                          f"the scene {scene.id!r} has no cue {item.name!r}",
                          suggestion(item.name, scene.cues))  # fmt: skip
            if isinstance(item, SoundCall):
                self.sound(item)
        if scene:
            self.gazes(beat, scene)
        self.voices(beat)
        for plot in beat.hidden:
            if plot.index not in self.plots:
                self.plots.add(plot.index)
                self.finds(plot)

    def finds(self, plot: HiddenPlot) -> None:
        """So far a show finds markers, and nothing else."""
        if not any(trigger.kind == "marker" for trigger in plot.triggers):
            self.note(plot.place, "C005", "warning", f"nothing opens the hidden plot {plot.id!r}",
                      "give it a marker, as in on: {marker: door_god}")  # fmt: skip

    def sound(self, call: SoundCall) -> None:
        if self.sounds is None:
            self.note(call.place, "C003", "warning",
                      f"there is no sound {call.name!r}: the story has no index of sounds",
                      "put it into <story>.sounds and its length into index.json")  # fmt: skip
        elif call.name not in self.sounds:
            known = [name for name in self.sounds if "/" not in name]
            self.note(call.place, "C003", "error", f"there is no sound {call.name!r}",
                      suggestion(call.name, known))  # fmt: skip

    def gazes(self, beat: Beat, scene: Scene) -> None:
        for option in beat.choice.options if beat.choice else ():
            for trigger in option.triggers:
                if trigger.kind == "gaze" and trigger.values[0] not in scene.places:
                    self.note(trigger.place, "C004", "error",
                              f"the scene {scene.id!r} has no place {trigger.values[0]!r}",
                              suggestion(trigger.values[0], scene.places))  # fmt: skip

    def voices(self, beat: Beat) -> None:
        """Phrases that are open together must not sound alike."""
        spoken = [
            (option.id, phrase, trigger.place)
            for option in (beat.choice.options if beat.choice else ())
            for trigger in option.triggers
            if trigger.kind == "voice"
            for phrase in trigger.values
        ]
        for (one, first, _), (other, second, place) in combinations(spoken, 2):
            if one == other:
                continue
            distance = confusability(first, second)
            if distance < SOUNDS_ALIKE:
                severity: Severity = "error" if distance < SOUNDS_THE_SAME else "warning"
                self.note(place, "V001", severity,
                          f"{second!r} sounds like {first!r} ({distance:.2f} apart)",
                          "choose words that differ in more of their sounds")  # fmt: skip
