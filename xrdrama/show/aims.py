"""Where performers are at one time, and where they look: resolved once for all of them."""

from __future__ import annotations

from xrdrama.performer import Gaze, Root
from xrdrama.performer.evaluating import eyes_of
from xrdrama.performer.walking import settled_at
from xrdrama.show.cast import VIEWER_MARK
from xrdrama.show.state import Show
from xrdrama.show.state.staged import Looking, Staged
from xrdrama.spatial import Vec3, settle
from xrdrama.wire.frame import Tracked

Spoke = tuple[str, int]
"""A performer that spoke, and since when."""


def root_at(staged: Staged, at: int) -> Root:
    """Where a performer is at a time."""
    travel = staged.travel
    if travel is None or at >= travel.began + travel.lasts:
        return staged.root
    root = settled_at(travel, at)
    return Root(_settled(root.at), settle(root.pan))


class Aims:
    """What performers can look at, at one time of a show."""

    def __init__(self, show: Show, at: int, cameras: tuple[Tracked, ...] = ()) -> None:
        self.at = at
        self._show, self._cameras = show, cameras
        self._roots: dict[str, Root] = {}
        self._eyes: dict[str, Vec3] = {}
        self._spoke: list[Spoke] | None = None

    def root(self, name: str) -> Root:
        """Where a performer of the set is."""
        if name not in self._roots:
            self._roots[name] = root_at(self._show.staged[name], self.at)
        return self._roots[name]

    def gaze(self, name: str, looking: Looking) -> Gaze:
        """What a performer looks at, and what it looked at before."""
        if looking.at == "speaker":
            found = self._speakers(name)
            if found and found[0][1] > looking.since:
                before = self._eyes_of(found[1][0]) if found[1:] else None
                return Gaze(self._eyes_of(found[0][0]), found[0][1], before)
        here = self.point(looking.at, name)
        before = here if looking.before == looking.at else self.point(looking.before, name)
        return Gaze(here, looking.since, before)

    def point(self, target: str, name: str) -> Vec3 | None:
        """The point that a target of the performer `name` means; None for straight ahead."""
        if target == "camera":
            if self._cameras:
                return self._cameras[0].camera.position
            target = VIEWER_MARK
        elif target == "speaker":
            found = self._speakers(name)
            return self._eyes_of(found[0][0]) if found else None
        if target in self._show.staged:
            return self._eyes_of(target)
        places = self._show.stack.scene.places
        return places[target].at if target in places else None

    def _eyes_of(self, name: str) -> Vec3:
        if name not in self._eyes:
            performer = self._show.production.cast[name].performer
            self._eyes[name] = _settled(eyes_of(self.root(name), performer))
        return self._eyes[name]

    def _speakers(self, name: str) -> list[Spoke]:
        """The other performers that spoke last, newest first, and since when each one did."""
        if self._spoke is None:
            self._spoke = _spoke(self._show, self.at)
        found: list[Spoke] = []
        for spoke in self._spoke:
            if spoke[0] == name:
                continue
            if found and found[-1][0] == spoke[0]:
                found[-1] = spoke
            else:
                found.append(spoke)
        return found


def _spoke(show: Show, at: int) -> list[Spoke]:
    """The lines that performers of the set have begun, newest first."""
    return [
        (speaking.line.speaker, speaking.began)
        for speaking in reversed(show.spoken)
        if speaking.line.speaker in show.staged and speaking.began <= at
    ]


def _settled(point: Vec3) -> Vec3:
    return Vec3(settle(point.x), settle(point.y), settle(point.z))
