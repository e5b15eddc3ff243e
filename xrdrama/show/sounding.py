"""Where the sounds of a show come from: the performer or the place of the set that each belongs
to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xrdrama.performer.walking import above
from xrdrama.show.production import Production
from xrdrama.spatial import Vec3
from xrdrama.story.model import Line, SoundCall
from xrdrama.wire.frame import Frame

MOUTH: Final = 0.12
"""Metres from the eyes of a performer down to the mouth."""
FLOOR: Final = 0.3
"""Metres of height below which a place is a mark on the floor: it sounds from `STANDING`."""
STANDING: Final = 1.5


def owner_of(sound: str, production: Production, speakers: Mapping[str, str]) -> str:
    """The performer or place that a sound belongs to, "" for none: what `sounds_from` says of the
    sound or of the speaker of the line, else that speaker. `speakers` are those of lines so far,
    by the names of their recordings."""
    said = production.viewers.sounds_from
    speaker = speakers.get(sound, "")
    return said.get(sound) or said.get(speaker) or speaker


def speakers_in(frame: Frame, production: Production) -> dict[str, str]:
    """Who speaks the lines of a frame, by the names of their recordings."""
    return {production.line_sound(one.line): one.speaker for one in frame.captions}


def places_in(frame: Frame, production: Production) -> dict[str, Vec3]:
    """Where the performers and the places of the frame's set are, in the set; metres. A performer
    counts before a place of the same name."""
    found: dict[str, Vec3] = {}
    scene = production.scenes.get(frame.scene)
    for name, place in scene.places.items() if scene else ():
        low = place.at.z < FLOOR
        found[name] = Vec3(place.at.x, place.at.y, STANDING) if low else place.at
    for one in frame.performers:
        member = production.cast.get(one.id)
        if member is None or one.presence <= 0.0:
            continue
        found[one.id] = above(one.root, member.performer.body.height - MOUTH)
    return found


def placeless(production: Production) -> list[str]:
    """The sounds and the speakers of recorded lines, sorted, for which no set of the show has a
    place: they are heard as recorded. Sounds that loop are not among them."""
    places = {name for scene in production.scenes.values() for name in scene.places}
    places |= production.cast.keys()
    said = production.viewers.sounds_from
    heard: set[str] = set()
    for beat in production.story.beats.values():
        for item in beat.script:
            if isinstance(item, SoundCall) and item.name in production.sounds and not item.loop:
                heard.add(item.name)
            elif isinstance(item, Line) and production.line_sound(item.id) in production.sounds:
                heard.add(item.speaker)
    return sorted(name for name in heard if said.get(name, name) not in places)
