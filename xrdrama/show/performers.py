"""What a frame says of each performer: where it stands, what it does, what it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from xrdrama.performer import Performing
from xrdrama.performer.live import levels_of
from xrdrama.performer.mouth import mouth_at
from xrdrama.scene.model import ParamValue
from xrdrama.show.aims import Aims
from xrdrama.show.state import Show
from xrdrama.show.state.faces import face_of, radians_of
from xrdrama.show.state.fading import Fading
from xrdrama.show.state.staged import Staged
from xrdrama.spatial import settle
from xrdrama.wire.frame import Tracked

CLOSING: Final = 80_000_000
"""In this time, nanoseconds, a sound that is stopped fades, and so does the mouth."""


def performers_of(
    show: Show, params: Mapping[str, ParamValue], cameras: tuple[Tracked, ...], at: int
) -> tuple[Performing, ...]:
    """The performers in the set of the frame, in the order of the show file."""
    aims = Aims(show, at, cameras)
    return tuple(
        _performing(show, name, staged, params, aims) for name, staged in show.staged.items()
    )


def leaving(
    show: Show, fading: Fading, cameras: tuple[Tracked, ...], here: tuple[Performing, ...], at: int
) -> tuple[Performing, ...]:
    """The performers in the set that fades out, without those who are present in the set that fades
    in, `here`."""
    present = {one.id for one in here if one.presence > 0.0}
    before = replace(show, stack=fading.stack, staged=fading.staged)
    found = performers_of(before, fading.stack.values(at), cameras, at)
    return tuple(one for one in found if one.id not in present)


def _performing(
    show: Show,
    name: str,
    staged: Staged,
    params: Mapping[str, ParamValue],
    aims: Aims,
) -> Performing:
    member, at = show.production.cast[name], aims.at
    travel = staged.travel
    if travel is not None and at >= travel.began + travel.lasts:
        travel = None
    presence = params.get(member.spec.presence, 1.0)
    face, share = face_of(show.faces, name, at)
    return Performing(
        id=name,
        root=aims.root(name),
        acts=staged.acts,
        expression=staged.expression,
        gaze=aims.gaze(name, staged.looking),
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
