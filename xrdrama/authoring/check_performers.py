"""Checks the performers of a show: their marks and parameters, and the cues that call them.

C010  a cue for a performer that the show does not have
C011  a gesture or mood that the performer does not know
C012  a mark, or something to look at, that is not in the set
C013  a cue for a performer that has no mark in the set of the beat
H020  a performer whose mark no set of the show has
H021  a presence that is not a parameter of a set where the performer is
H025  a live face for a performer that the show does not have
H026  two live faces for one performer
H027  a performer that nobody sees: not drawn in sets, and without a body on the stage
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xrdrama.document import Node, Place, place_of, suggestion
from xrdrama.document.wording import nearest
from xrdrama.errors import Problem, Severity
from xrdrama.performer.parse import BUILT_IN
from xrdrama.scene.model import Scene
from xrdrama.show.cast import AIMS, Member
from xrdrama.show.production import Production
from xrdrama.story import Beat
from xrdrama.story.model import CueCall


def check_performers(root: Node, production: Production) -> list[Problem]:
    """All problems; `root` is the show file's root node."""
    problems: list[Problem] = []
    for id, member in production.cast.items():
        problems += _placed(root, id, member, production.scenes)
        problems += _undrawn(root, id, member)
    return [*problems, *_faces(root, production), *_cues(production)]


def _faces(root: Node, production: Production) -> Iterator[Problem]:
    """Inputs of live faces that drive nobody, or the same performer."""
    driven: dict[str, str] = {}
    for source, performer in production.faces.items():
        place = place_of(root, "inputs", source, "performer")
        if performer not in production.cast:
            message = f"the live face {source} drives {performer!r}, which the show does not have"
            hint = (
                suggestion(performer, production.cast)
                if production.cast
                else f"add performers: {{{performer}: {{mark: ...}}}} to the show"
            )
            yield _problem(place, "H025", message, hint)
        elif performer in driven:
            message = (
                f"{driven[performer]} and {source} both drive {performer}: one is used at once"
            )
            yield _problem(place, "H026", message, "remove one of them", "warning")
        driven.setdefault(performer, source)


def _placed(root: Node, id: str, member: Member, scenes: Mapping[str, Scene]) -> list[Problem]:
    mark, presence = member.spec.first_mark, member.spec.presence
    here = [scene for scene in scenes.values() if mark in scene.places]
    if not here:
        known = [name for scene in scenes.values() for name in scene.places]
        place = place_of(root, "performers", id, "mark")
        message = f"no set of the show has a place {mark!r} where {id} could stand"
        hint = suggestion(mark, known) or "add it under places: of the set, with at: and pan:"
        return [_problem(place, "H020", message, hint)]
    found = []
    for scene in here:
        param = scene.params.get(presence)
        if presence and (param is None or param.kind == "choice"):
            place = place_of(root, "performers", id, "presence")
            message = f"the set {scene.id!r} has no parameter {presence!r} that is a number"
            hint = suggestion(presence, scene.params) or "remove presence:"
            found.append(_problem(place, "H021", message, hint))
    return found


def _undrawn(root: Node, id: str, member: Member) -> Iterator[Problem]:
    """A robot on the stage is seen there; others that are not drawn are not seen."""
    is_robot = member.performer.body.kind == "robot"
    if not member.undrawn or (is_robot and member.spec.on == "stage"):
        return
    message = f"{id} is not drawn in any set: {member.undrawn}"
    if is_robot:
        hint = "add figure: to its performer file, or on: stage to the show if it is a real robot"
    else:
        hint = "remove on: stage"
    yield _problem(place_of(root, "performers", id), "H027", message, hint, "warning")


def _cues(production: Production) -> Iterator[Problem]:
    strangers: set[str] = set()
    absent: set[tuple[str, str]] = set()
    for beat in production.story.order:
        for item in beat.script:
            if not isinstance(item, CueCall) or not item.performer:
                continue
            if item.performer in production.cast:
                yield from _cue(item, beat, production)
                if (item.performer, beat.scene) not in absent:
                    absent.add((item.performer, beat.scene))
                    yield from _absent(item, beat, production)
            elif item.performer not in strangers:
                strangers.add(item.performer)
                yield _stranger(item, production)


def _stranger(cue: CueCall, production: Production) -> Problem:
    """The first cue for a performer that the show does not have."""
    name = cue.performer
    if not production.cast:
        message = f"the show has no performers, so the cues of {name!r} do nothing"
        hint = f"add performers: {{{name}: {{mark: ...}}}} to the show"
        return _problem(cue.place, "C010", message, hint, "warning")
    message = f"the show has no performer {name!r}, so its cues do nothing"
    if nearest(name, production.cast):
        return _problem(cue.place, "C010", message, suggestion(name, production.cast))
    hint = f"add {name}: under performers: of the show"
    return _problem(cue.place, "C010", message, hint, "warning")


def _absent(cue: CueCall, beat: Beat, production: Production) -> Iterator[Problem]:
    """The first cue in a set without a mark for its performer, which has one elsewhere."""
    mark, scenes = production.cast[cue.performer].spec.first_mark, production.scenes
    without = [name for name, scene in scenes.items() if mark not in scene.places]
    if beat.scene not in without or len(without) == len(scenes):
        return
    message = f"{cue.performer} is not in the set {beat.scene!r}: its cues there do nothing"
    others = [name for name in without if name != beat.scene]
    also = f" (nor has {', '.join(others)})" if others else ""
    hint = f"add a place {mark!r} to the set, which has none{also}, or remove the cues"
    yield _problem(cue.place, "C013", message, hint, "warning")


def _cue(cue: CueCall, beat: Beat, production: Production) -> Iterator[Problem]:
    member = production.cast[cue.performer]
    repertoire, scene = member.performer.repertoire, production.scenes.get(beat.scene)
    if cue.act == "mood":
        if cue.target not in repertoire.moods:
            message = f"{cue.performer} has no mood {cue.target!r}"
            yield _problem(cue.place, "C011", message, suggestion(cue.target, repertoire.moods))
    elif cue.act not in BUILT_IN:
        if cue.act not in repertoire.gestures:
            message = f"{cue.performer} has no gesture {cue.act!r}"
            hint = suggestion(cue.act, (*repertoire.gestures, *BUILT_IN))
            yield _problem(cue.place, "C011", message, hint)
    elif cue.target and scene is not None:
        known = list(scene.places)
        if cue.act != "walk":
            known += [*production.cast, *AIMS]
        if cue.target not in known:
            message = f"the set {scene.id!r} does not define the place {cue.target!r}"
            if cue.act != "walk":
                message += ", and no performer has this name"
            yield _problem(cue.place, "C012", message, suggestion(cue.target, known))


def _problem(
    place: Place, code: str, message: str, hint: str, severity: Severity = "error"
) -> Problem:
    return Problem(place.file, place.line, place.column, code, severity, message, hint)
