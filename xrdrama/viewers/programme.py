"""What a viewer loads before it draws a show: sets, standpoints, names, the warm-up."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import msgspec

from xrdrama import content
from xrdrama.adapters.panda.lettering.overlay import Hints
from xrdrama.gltf.figures import Figure
from xrdrama.performer import Performer
from xrdrama.processes.figures import figures_of
from xrdrama.processes.hints import hints_of
from xrdrama.processes.plates import open_plates
from xrdrama.processes.sets import compiled_scene, near_of
from xrdrama.scene.compiled import CompiledScene
from xrdrama.scene.plates import PlateSource
from xrdrama.show import Production
from xrdrama.show.production import ViewerRule
from xrdrama.show.rehearsal import Rehearsal, rehearsal_of
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.viewers.vignette import speeds_in

STANDPOINT = "film_camera"
"""The place of a set that is the viewers' standpoint."""


class Programme(msgspec.Struct, frozen=True):
    """What a viewer needs of a show: sets, the standpoint in each, the speakers' names."""

    title: str
    sets: dict[str, CompiledScene]
    plates: dict[str, dict[str, PlateSource]]
    """The open plates of each set."""
    standpoints: dict[str, Pose]
    names: dict[str, dict[str, str]]
    rule: ViewerRule
    """What the show file says about its viewers."""
    speeds: dict[str, tuple[str, ...]]
    """The parameters of each set with which it moves past the viewer."""
    places: dict[str, dict[str, Vec3]]
    """Where the places of each set are, for picks by looking at them."""
    rehearsal: Rehearsal
    """The frames to draw for the warm-up."""
    hints: Hints = Hints()
    """The hints about how its viewers can pick."""
    fades: bool = False
    """Whether its story has cross-fades between sets."""
    figures: dict[str, Figure] = {}
    """The figures of its performers that are drawn."""
    performers: dict[str, Performer] = {}
    languages: tuple[str, ...] = ()
    sounds: dict[str, int] = {}
    """Nanoseconds of each sound, by id."""


def load_programme(show: str, said: Mapping[str, str], *, keys: bool) -> Programme:
    """Load the programme of a show by name, for viewers with or without keys. `said` is what a
    command line says of them.

    Raises AuthoringError, UsageError or DeviceError.
    """
    loaded = content.with_viewers(content.load_show(show), said)
    production = content.produce(loaded)
    near = near_of(loaded)
    sets = {name: compiled_scene(name, near) for name in production.scenes}
    plates = {name: open_plates(made, name, near, live=True) for name, made in sets.items()}
    title = content.show_file(loaded).title or production.id
    return Programme(
        title,
        sets,
        plates,
        standpoints(production),
        production.speaker_names(),
        production.viewers,
        {name: speeds_in(scene) for name, scene in production.scenes.items()},
        {
            name: {place: one.pose.position for place, one in scene.places.items()}
            for name, scene in production.scenes.items()
        },
        rehearsal_of(production),
        hints_of(loaded, keys=keys),
        production.story.has_fades,
        figures_of(loaded, production),
        {id: member.performer for id, member in production.cast.items()},
        production.languages,
        dict(production.sounds),
    )


class Loading:
    """Loads a show in a thread of its own, so that drawing is not delayed."""

    def __init__(self, show: str, said: Mapping[str, str]) -> None:
        self._programme: Programme | None = None
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(show, said), daemon=True)
        self._thread.start()

    def _run(self, show: str, said: Mapping[str, str]) -> None:
        try:
            self._programme = load_programme(show, said, keys=False)
        except Exception as error:  # raised again in the viewer's thread
            self._error = error

    def done(self) -> Programme | None:
        """The programme when it is loaded, else None; raises the errors of loading."""
        if self._thread.is_alive():
            return None
        if self._error is not None:
            raise self._error
        return self._programme


def standpoints(production: Production) -> dict[str, Pose]:
    """The pose of a viewer's eyes at the standpoint of each set."""
    found = {}
    for name, scene in production.scenes.items():
        place = scene.places.get(STANDPOINT)
        found[name] = place.pose if place else Pose(Vec3(0.0, 0.0, 1.6), Quat())
    return found
