"""Checks a story against its scenes and sounds: cues, places, phrases.

C016  a place to look at (gaze:) that the set does not have
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from xrdrama.authoring.check_flashes import check_story_flashes
from xrdrama.authoring.check_loops import check_loops
from xrdrama.authoring.check_markers import check_markers
from xrdrama.authoring.check_timing import check_timing
from xrdrama.authoring.check_triggers import check_triggers
from xrdrama.authoring.check_values import check_values
from xrdrama.authoring.graph import check_graph
from xrdrama.authoring.reachable import reachable
from xrdrama.document import Place, suggestion
from xrdrama.document.wording import LISTED, nearest
from xrdrama.errors import Problem, Severity
from xrdrama.scene.model import Scene
from xrdrama.story import Beat, Story
from xrdrama.story.model import Choice, CueCall, HiddenPlot, Line, SoundCall
from xrdrama.story.screenplay.cues import BUILT_IN


def check_story(
    story: Story, scenes: Mapping[str, Scene | None], sounds: Collection[str] | None
) -> list[Problem]:
    """All problems of a story that could be parsed.

    `scenes` are all known scenes, None for invalid ones; `sounds` are the names of its sound files,
    None if there is no index of sounds.
    """
    checker = _Checker(scenes, sounds)
    for beat in story.order:
        checker.beat(beat)
        for plot in beat.hidden:
            checker.finds(plot)
    checker.index(story)
    checker.line_ids(story)
    checker.fades(story)
    found = reachable(story)
    loops, caught = check_loops(found)
    places = {story.beats[name].place for name in caught}
    graph = [one for one in check_graph(story) if one.code != "G004" or _place(one) not in places]
    return sorted([
        *checker.problems, *graph, *loops, *check_values(found), *check_triggers(story),
        *check_timing(story), *check_markers(story), *check_story_flashes(story, scenes),
    ])  # fmt: skip


def _place(problem: Problem) -> Place:
    return Place(problem.file, problem.line, problem.column)


def check_draft(
    story: Story, scenes: Mapping[str, Scene | None], sounds: Collection[str] | None
) -> list[Problem]:
    """Problems of scenes, cues, sounds and places in a story that has other errors. The graph is
    not checked, because its problems would follow from the other errors."""
    checker = _Checker(scenes, sounds)
    for beat in story.order:
        checker.beat(beat)
    checker.index(story)
    return sorted(checker.problems)


class _Checker:
    def __init__(self, scenes: Mapping[str, Scene | None], sounds: Collection[str] | None) -> None:
        self.scenes, self.sounds = scenes, sounds
        self.problems: list[Problem] = []
        self.missing: set[str] = set()
        self.plots: set[int] = set()
        self.silent: list[SoundCall] = []

    def note(
        self, place: Place, code: str, severity: Severity, message: str, hint: str = ""
    ) -> None:
        p = place
        self.problems.append(Problem(p.file, p.line, p.column, code, severity, message, hint))

    def beat(self, beat: Beat) -> None:
        scene = self.scenes.get(beat.scene)
        unknown = beat.scene and beat.scene not in self.scenes
        if unknown and beat.scene not in self.missing:
            self.missing.add(beat.scene)  # report once: beats share the story's scene
            self.note(beat.scene_place, "C001", "error", f"there is no scene {beat.scene!r}",
                      suggestion(beat.scene, self.scenes))  # fmt: skip
        if scene and beat.choice:
            self.looks(beat.choice, scene)
        for item in beat.script:
            if not isinstance(item, CueCall) or item.performer:
                pass  # performers belong to shows: see check_performers
            elif scene and item.name not in scene.cues:
                self.note(item.place, "C002", "error",
                          f"the scene {scene.id!r} has no cue {item.name!r}",
                          _cue_hint(item.name, scene))  # fmt: skip
            if isinstance(item, SoundCall):
                self.sound(item)

    def looks(self, choice: Choice, scene: Scene) -> None:
        """Report options that are picked by looking at a place that the set does not have."""
        for option in choice.options:
            for trigger in option.triggers:
                if trigger.kind == "gaze" and trigger.values[0] not in scene.places:
                    message = f"there is no place {trigger.values[0]!r} in the scene {scene.id!r}"
                    hint = suggestion(trigger.values[0], scene.places)
                    hint = hint or "add it under places: of the set, with at:"
                    self.note(trigger.place, "C016", "error", message, hint)

    def line_ids(self, story: Story) -> None:
        """Report lines without an id, once for all of them."""
        lines = [item for beat in story.order for item in beat.script if isinstance(item, Line)]
        bare = [line for line in lines if not line.has_id]
        if bare:
            more = f" and {len(bare) - 1} more have no id" if bare[1:] else " has no id"
            self.note(bare[0].place, "S213", "warning", f"this line{more}",
                      "run xrdrama fmt, which writes line ids")  # fmt: skip

    def fades(self, story: Story) -> None:
        """Report transitions of a story whose beats all play in one set."""
        if len({beat.scene for beat in story.order}) > 1:
            return
        for beat in story.order:
            if beat.transition_place is not None:
                message = f"this transition has no effect: every beat plays in {beat.scene!r}"
                hint = "remove it, or add scene: with another set"
                self.note(beat.transition_place, "C007", "warning", message, hint)

    def finds(self, plot: HiddenPlot) -> None:
        """Report hidden plots without a marker, the only trigger that shows support."""
        if plot.index in self.plots:
            return  # already reported: a plot may belong to several beats
        self.plots.add(plot.index)
        if not plot.triggers:
            message = f"the hidden plot {plot.id!r} has no trigger that opens it"
            hint = f"add a marker: on: {{marker: {plot.id}}}"
            self.note(plot.place, "C005", "error", message, hint)
        for trigger in plot.triggers:
            if trigger.kind != "marker":
                message = f"{trigger.kind}: is not supported yet as a trigger of a hidden plot"
                hint = f"remove it, or use a marker: {{marker: {plot.id}}}"
                self.note(trigger.place, "C005", "error", message, hint)

    def sound(self, call: SoundCall) -> None:
        if self.sounds is None:
            self.silent.append(call)
        elif call.name not in self.sounds:
            known = [name for name in self.sounds if "/" not in name]
            self.note(call.place, "C003", "error", f"there is no sound {call.name!r}",
                      suggestion(call.name, known))  # fmt: skip

    def index(self, story: Story) -> None:
        """Report that there is no index of sounds, once for all sounds."""
        if self.silent:
            names = list(dict.fromkeys(call.name for call in self.silent))
            listed = ", ".join(map(repr, names[:LISTED])) + (" ..." if names[LISTED:] else "")
            what = "the sound" if len(names) == 1 else "the sounds"
            self.note(min(call.place for call in self.silent), "C003", "warning",
                      f"{what} {listed} cannot be found: the story has no index of sounds",
                      f"make the folder {story.id}.sounds beside the story, with the files and an "
                      "index.json of their lengths")  # fmt: skip


def _cue_hint(name: str, scene: Scene) -> str:
    """The hint for an unknown cue: a cue of the scene, @sound or @wait."""
    if name not in scene.cues and nearest(name, (*scene.cues, *BUILT_IN)) in BUILT_IN:
        return f"did you mean @{nearest(name, BUILT_IN)}?"
    return suggestion(name, scene.cues)
