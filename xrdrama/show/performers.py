"""What a frame says of each performer: where it stands, what it does, what it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xrdrama.performer import Gaze, Performing, Root
from xrdrama.performer.acting import kept
from xrdrama.performer.evaluating import eyes_of
from xrdrama.performer.live import levels_of
from xrdrama.performer.mouth import mouth_at
from xrdrama.performer.walking import settled_at
from xrdrama.scene.model import ParamValue
from xrdrama.show.cast import VIEWER_MARK
from xrdrama.show.state import Show
from xrdrama.show.state.faces import face_of, radians_of
from xrdrama.show.state.staged import Staged
from xrdrama.spatial import Vec3, settle
from xrdrama.wire.frame import Tracked

CLOSING: Final = 80_000_000
"""In this time, nanoseconds, a sound that is stopped fades, and so does the mouth."""


def performers_of(
    show: Show, params: Mapping[str, ParamValue], cameras: tuple[Tracked, ...], at: int
) -> tuple[Performing, ...]:
    """The performers in the set of the frame, in the order of the show file."""
    return tuple(
        _performing(show, name, staged, params, cameras, at) for name, staged in show.staged.items()
    )


def _performing(
    show: Show,
    name: str,
    staged: Staged,
    params: Mapping[str, ParamValue],
    cameras: tuple[Tracked, ...],
    at: int,
) -> Performing:
    member = show.production.cast[name]
    travel = staged.travel
    if travel is not None and at >= travel.began + travel.lasts:
        travel = None
    presence = params.get(member.spec.presence, 1.0)
    face, share = face_of(show.faces, name, at)
    return Performing(
        id=name,
        root=root_at(staged, at),
        acts=kept(staged.acts, member.performer.repertoire.gestures, at),
        expression=staged.expression,
        gaze=_gaze(show, name, staged, cameras, at),
        travel=travel,
        mouth=_mouth(show, name, at),
        live=levels_of(face.values, radians_of(face.turn)) if face else (),
        live_share=settle(share),
        presence=presence if isinstance(presence, float) else 1.0,
        on=member.spec.on,
        state=staged.state,
    )


def _mouth(show: Show, name: str, at: int) -> tuple[int, ...]:
    """The mouth of what a performer says: a line of the story whose speaker has its name. When the
    line is cut off, it closes while the sound fades."""
    last = next((one for one in reversed(show.spoken) if one.line.speaker == name), None)
    track = show.production.mouths.get(last.line.id) if last and last.audible else None
    if last is None or track is None or not last.began <= at < last.ends + CLOSING:
        return ()
    mouth = mouth_at(track, at - last.began)
    left = CLOSING - max(0, at - last.ends)
    weights = (weight * left // CLOSING for weight in mouth[1::2])
    pairs = zip(mouth[::2], weights, strict=True)
    return tuple(number for pair in pairs for number in pair if pair[1])


def root_at(staged: Staged, at: int) -> Root:
    """Where a performer is at a time."""
    travel = staged.travel
    if travel is None or at >= travel.began + travel.lasts:
        return staged.root
    root = settled_at(travel, at)
    p = root.at
    return Root(Vec3(settle(p.x), settle(p.y), settle(p.z)), settle(root.pan))


def _gaze(show: Show, name: str, staged: Staged, cameras: tuple[Tracked, ...], at: int) -> Gaze:
    looking = staged.looking
    here = _point(show, looking.at, name, cameras, at)
    before = _point(show, looking.before, name, cameras, at)
    if looking.at == "speaker":
        found = _speakers(show, name, at)
        if found and found[0][1] > looking.since:
            before = _eyes(show, found[1][0], at) if found[1:] else None
            return Gaze(_eyes(show, found[0][0], at), found[0][1], before)
    return Gaze(here, looking.since, before)


def aim_of(
    show: Show, target: str, name: str, at: int, cameras: tuple[Tracked, ...] = ()
) -> Vec3 | None:
    """The point that a target of the performer `name` means; None for straight ahead."""
    return _point(show, target, name, cameras, at)


def _point(
    show: Show, target: str, name: str, cameras: tuple[Tracked, ...], at: int
) -> Vec3 | None:
    places = show.stack.scene.places
    if target == "camera":
        if cameras:
            return cameras[0].camera.position
        target = VIEWER_MARK
    elif target == "speaker":
        found = _speakers(show, name, at)
        return _eyes(show, found[0][0], at) if found else None
    if target in show.staged:
        return _eyes(show, target, at)
    return places[target].at if target in places else None


def _eyes(show: Show, name: str, at: int) -> Vec3 | None:
    staged = show.staged.get(name)
    if staged is None:
        return None
    point = eyes_of(root_at(staged, at), show.production.cast[name].performer)
    return Vec3(settle(point.x), settle(point.y), settle(point.z))


def _speakers(show: Show, name: str, at: int) -> list[tuple[str, int]]:
    """The other performers that spoke last, newest first, and since when each one did."""
    found: list[tuple[str, int]] = []
    for speaking in reversed(show.spoken):
        speaker = speaking.line.speaker
        if speaker == name or speaker not in show.staged or speaking.began > at:
            continue
        if found and found[-1][0] == speaker:
            found[-1] = (speaker, speaking.began)
        else:
            found.append((speaker, speaking.began))
    return found
