"""Checks a show against its story, scenes and stage: inputs, looks, sounds, languages, tracker."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from xrdrama.document import Node, Place, place_of, suggestion
from xrdrama.errors import Problem
from xrdrama.scene.model import Scene
from xrdrama.scene.values import allowed, value_of
from xrdrama.show.model import LookSpec, ShowFile
from xrdrama.show.parse import look_of
from xrdrama.show.production import Production, VoiceRule
from xrdrama.show.state.hand import hand_of
from xrdrama.speech.matching import judge
from xrdrama.stage import Stage
from xrdrama.story import Story
from xrdrama.wire.senses import Sense


def check_tracker(protocol: str, root: Node, known: Collection[str]) -> list[Problem]:
    """Problems for a tracking protocol without a plug-in; `root` is the stage file's root node."""
    if protocol in known:
        return []
    place = place_of(root, "tracking", "protocol")
    message = f"there is no tracking protocol {protocol!r}"
    return [_problem(place, "W009", message, suggestion(protocol, known))]


def check_start(show: ShowFile, root: Node, story: Story) -> list[Problem]:
    """Problems for a start beat and initial values that the story does not have."""
    problems: list[Problem] = []
    start = show.start
    if start.beat and start.beat not in story.beats:
        message = f"the story {story.id!r} has no beat {start.beat!r} to start at"
        hint = suggestion(start.beat, story.beats)
        problems.append(_problem(place_of(root, "start", "beat"), "H009", message, hint))
    kinds = {variable.id: variable.kind for variable in story.variables}
    for name, text in start.values.items():
        place = place_of(root, "start", "set", name)
        if name not in kinds:
            message = f"the story {story.id!r} has no variable {name!r}"
            problems.append(_problem(place, "H010", message, suggestion(name, kinds)))
            continue
        try:
            kinds[name].value(text)
        except ValueError as error:
            message, remedy = f"{name}: {error}", kinds[name].remedy(text)
            problems.append(_problem(place, "H010", message, remedy))
    return problems


def check_groups(show: ShowFile, root: Node, story: Story) -> list[Problem]:
    """Warnings of votes' weights for groups that viewers of the show cannot join in."""
    weighed = {
        group: beat.choice.vote.place
        for beat in story.order
        if beat.choice is not None
        for group in beat.choice.vote.weights
    }
    missing = [group for group in weighed if group not in show.audience.groups]
    if not missing:
        return []
    names, at = ", ".join(missing), weighed[missing[0]]
    message = f"no viewer can join in {names}, whose votes the story weighs (line {at.line})"
    hint = f"add audience: {{groups: [{names}]}}, and open the link of each group"
    place = place_of(root, "audience", "groups")
    return [Problem(place.file, place.line, place.column, "H031", "warning", message, hint)]


def check_content(
    show: ShowFile,
    root: Node,
    *,
    story: Story,
    scenes: Mapping[str, Scene],
    sounds: Collection[str],
    translated: Iterable[str],
) -> list[Problem]:
    """Problems for a look, a sound or a language that the story's files do not have.

    `scenes` are those of the story's beats; `translated` are the languages of its string tables.
    """
    problems: list[Problem] = []
    looks = list(dict.fromkeys(look for scene in scenes.values() for look in scene.looks))
    if show.look and show.look not in looks and show.look not in show.looks:
        message = f"there is no look {show.look!r}, in the show or in a scene of its story"
        hint = suggestion(show.look, [*looks, *show.looks]) or (
            "remove look:, or define it under looks: here or in a scene"
        )
        problems.append(_problem(place_of(root, "look"), "H006", message, hint))
    known = [name for name in sounds if "/" not in name]
    if show.ambience and show.ambience not in known:
        message = f"there is no sound {show.ambience!r}"
        hint = suggestion(show.ambience, known) or (
            f"add sounds to the story {story.id!r}, or remove ambience:"
        )
        problems.append(_problem(place_of(root, "ambience"), "H007", message, hint))
    languages = [story.language, *translated]
    for index, language in enumerate(show.languages):
        # If the file does not set languages, the default list is not the author's choice.
        place = place_of(root, "languages", index)
        if language not in languages and place != root.place:
            message = f"the story {story.id!r} has no texts in {language!r}"
            hint = f"translate it in {story.id}.{language}.csv, or use one of: "
            problems.append(_problem(place, "H008", message, hint + ", ".join(languages)))
    return problems


def check_stage(
    show: ShowFile, root: Node, stage: Stage | None, loaded: Collection[str]
) -> list[Problem]:
    """Problems for what a show says of its stage: camera moves and render nodes. `loaded` are the
    cameras whose moves are used."""
    return [*check_moves(show, root, stage, loaded), *check_nodes(show, root, stage)]


def check_moves(
    show: ShowFile, root: Node, stage: Stage | None, loaded: Collection[str]
) -> list[Problem]:
    """Problems for camera moves of cameras that the stage does not have, and for two moves of
    one. `loaded` are the cameras whose moves are used."""
    cameras = [one.id for one in stage.cameras] if stage else []
    problems: list[Problem] = []
    for camera in show.moves:
        if camera not in loaded:
            continue
        place = place_of(root, "moves", camera)
        if camera not in cameras:
            message = f"the stage has no camera {camera!r}" if stage else "the show has no stage"
            hint = suggestion(camera, cameras) or "remove moves:, or add stage:"
            problems.append(_problem(place, "H017", message, hint))
        elif show.move and camera == cameras[0]:
            message = f"the camera {camera!r} has two moves: this one and move:"
            problems.append(_problem(place, "H017", message, "remove move:"))
    return problems


def check_sources(show: ShowFile, root: Node, production: Production) -> list[Problem]:
    """Problems for `sounds_from:` with a sound or a speaker that the story does not have, or a
    place that none of its sets has."""
    named = [name for name in production.sounds if "/" not in name]
    known = [*dict.fromkeys([*named, *production.story.cast])]
    places = [*production.cast, *(p for scene in production.scenes.values() for p in scene.places)]
    problems: list[Problem] = []
    for name, source in show.viewers.sounds_from.items():
        place = place_of(root, "viewers", "sounds_from", name)
        if name not in known:
            message = f"there is no sound and no speaker {name!r}"
            hint = suggestion(name, known) or "use a sound or a speaker of the story"
            problems.append(_problem(place, "H030", message, hint))
        elif source not in places:
            message = f"there is no performer and no place of a set {source!r}"
            hint = suggestion(source, places) or "use a performer, or a place of a set"
            problems.append(_problem(place, "H030", message, hint))
    return problems


def check_looks(show: ShowFile, root: Node, scenes: Mapping[str, Scene]) -> list[Problem]:
    """Looks of the show that no set can show, and names that a set's look already has."""
    problems: list[Problem] = []
    for look in show.looks.values():
        at = place_of(root, "looks", look.id)
        owner = next((scene.id for scene in scenes.values() if look.id in scene.looks), "")
        if owner:
            message = f"the scene {owner!r} has a look {look.id!r}, too"
            problems.append(_problem(at, "H014", message, "give this look another name"))
        if not look.params:
            message = f"the look {look.id!r} sets no parameter"
            problems.append(_problem(at, "H014", message, "add parameters under params:"))
        elif look_of(look, scenes.values()) is None:
            problems += _unfit(look, root, scenes.values())
    return problems


def _unfit(look: LookSpec, root: Node, scenes: Collection[Scene]) -> list[Problem]:
    """Why no set can show a look: as that set sees it which has most of its parameters."""
    best = max(scenes, key=lambda scene: sum(name in scene.params for name in look.params))
    problems: list[Problem] = []
    for name, text in look.params.items():
        place = place_of(root, "looks", look.id, "params", name)
        param = best.params.get(name)
        if param is None:
            message = f"the scene {best.id!r} has no parameter {name!r}"
            problems.append(_problem(place, "H015", message, suggestion(name, best.params)))
        elif value_of(param, text) is None:
            message = f"{text!r} is not a value of the parameter {name!r}"
            problems.append(_problem(place, "H016", message, f"use {allowed(param)}"))
    return problems


def check_phrases(root: Node, production: Production) -> list[Problem]:
    """Problems for phrases that pick nothing even when every word is recognised.

    Only for a show with its own `voice` rule: with the default rule they are reported as V001.
    """
    rule = production.voice
    if rule == VoiceRule():
        return []
    problems: list[Problem] = []
    for beat, offers in production.offers.items():
        for offer in offers:
            outcome, found = judge(offer.phrase, offer.phones, offers, rule)
            if found is None or (outcome == "candidate" and found.option == offer.option):
                continue
            message = (
                f"the phrase {offer.phrase!r} of option {offer.option!r} in beat {beat!r} never "
                f"picks: another option is only {found.margin:.2f} apart and margin is "
                f"{rule.margin:g}"
            )
            hint = "lower margin, or use phrases that differ in more of their sounds"
            problems.append(_problem(place_of(root, "voice", "margin"), "H012", message, hint))
    return problems


def check_nodes(show: ShowFile, root: Node, stage: Stage | None) -> list[Problem]:
    """Problems for render nodes: walls that the stage does not have, that two nodes draw, or that
    none draws."""
    if not show.nodes:
        return []
    walls = [wall.id for wall in stage.walls] if stage else []
    problems, drawn = [], dict[str, str]()
    for node, names in show.nodes.items():
        place = place_of(root, "nodes", node)
        if not names:
            problems.append(
                _problem(place, "H036", f"the node {node!r} draws no wall",
                         "name its walls, or remove the node")
            )  # fmt: skip
        for name in names:
            if stage is None:
                message, hint = "nodes draw walls, and the show has no stage", "add stage:"
            elif name not in walls:
                message = f"the stage {stage.id!r} has no wall {name!r}"
                hint = suggestion(name, walls)
            elif name in drawn:
                message = f"the wall {name!r} is drawn by {drawn[name]!r} already"
                hint = f"remove it from {node!r} or from {drawn[name]!r}"
            else:
                drawn[name] = node
                continue
            problems.append(_problem(place, "H036", message, hint))
    missing = [wall for wall in walls if wall not in drawn]
    if missing and not problems:
        message = f"no node draws the wall {', '.join(missing)}"
        place = place_of(root, "nodes")
        problems.append(_problem(place, "H036", message, "add it to the walls of a node"))
    return problems


def check_senses(show: ShowFile, root: Node, production: Production) -> list[Problem]:
    """Problems for a sense that viewers may use and that picks nothing in the story."""
    options = [
        option
        for beat in production.story.order
        if beat.choice is not None
        for option in beat.choice.options
    ]
    found: dict[Sense, tuple[bool, str]] = {
        "voice": (any(production.offers.values()), "a phrase: on: [voice: ...]"),
        "gesture": (any(hand_of(option) for option in options), "a hand: on: [gesture: ...]"),
    }
    problems = []
    for sense in show.audience.senses:
        is_used, missing = found[sense]
        if is_used:
            continue
        place = place_of(root, "audience", sense)
        message = f"viewers may use {sense}, and no option of the story has {missing}"
        hint = f"remove {sense}: true, or give an option {missing}"
        problems.append(
            Problem(place.file, place.line, place.column, "H035", "warning", message, hint)
        )
    return problems


def _problem(place: Place, code: str, message: str, hint: str) -> Problem:
    return Problem(place.file, place.line, place.column, code, "error", message, hint)
