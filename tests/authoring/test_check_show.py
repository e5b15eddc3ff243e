"""Checks of a show that need its whole production."""

from __future__ import annotations

import msgspec

from tests.show.small import SHOW, STORY, loaded, small
from tests.show.test_votes import VOTED
from xrdrama import content
from xrdrama.authoring.check_show import (
    check_groups,
    check_nodes,
    check_phrases,
    check_senses,
    check_sources,
)
from xrdrama.content import show_file
from xrdrama.document import compose
from xrdrama.show.parse import parse_show
from xrdrama.show.production import VoiceRule

TEXT = "id: small\nvoice:\n  margin: 0.99\n"


def problems_with(rule: VoiceRule) -> list[tuple[str, int, str]]:
    root = compose(TEXT, "small.show.yaml", [])
    assert root is not None
    production = msgspec.structs.replace(small(), voice=rule)
    return [(p.code, p.line, p.message) for p in check_phrases(root, production)]


def test_phrases_that_the_voice_rule_of_a_show_never_picks_are_errors() -> None:
    found = problems_with(VoiceRule(margin=0.99))
    assert found and {(code, line) for code, line, _ in found} == {("H012", 3)}
    assert "never picks" in found[0][2] and "margin is 0.99" in found[0][2]


def test_weights_of_groups_that_nobody_can_join_are_warned_of() -> None:
    story = small(story=VOTED).story
    text = "xrdrama: 1\nid: small\nstory: small\naudience:\n  groups: [{}]\n"
    found = {}
    for groups in ("back", "back, front"):
        show, problems = parse_show(text.format(groups), "small.show.yaml")
        root = compose(text.format(groups), "small.show.yaml", [])
        assert show is not None and root is not None and problems == []
        found[groups] = [(p.code, p.severity, p.line) for p in check_groups(show, root, story)]
    assert found == {"back": [("H031", "warning", 5)], "back, front": []}


def test_walls_that_no_node_draws_or_two_are_errors() -> None:
    stage = content.load_stage_file(content.find("stage", "two_canvases"))
    text = "xrdrama: 1\nid: small\nstory: small\nnodes:\n  front: [{}]\n  top: [{}]\n"
    found = {}
    for walls in (
        ("arc", "ceiling, floor"),
        ("arc", "ceiling, flor"),
        ("arc, floor", "ceiling, floor"),
        ("arc", "ceiling"),
        ("arc, ceiling, floor", ""),
    ):
        show, problems = parse_show(text.format(*walls), "small.show.yaml")
        root = compose(text.format(*walls), "small.show.yaml", [])
        assert show is not None and root is not None and problems == []
        found[walls] = [(p.code, p.line, p.message) for p in check_nodes(show, root, stage)]
    assert list(found.values()) == [
        [],
        [("H036", 6, "the stage 'two_canvases' has no wall 'flor'")],
        [("H036", 6, "the wall 'floor' is drawn by 'front' already")],
        [("H036", 5, "no node draws the wall floor")],
        [("H036", 6, "the node 'top' draws no wall")],
    ]
    assert "the show has no stage" in check_nodes(show, root, None)[0].message


def test_voices_and_hands_that_pick_nothing_are_warned_of() -> None:
    text = "xrdrama: 1\nid: small\nstory: small\naudience:\n  voice: true\n  gesture: true\n"
    show, problems = parse_show(text, "small.show.yaml")
    root = compose(text, "small.show.yaml", [])
    assert show is not None and root is not None and problems == []
    silent = VOTED.replace('[vote, voice: "let her go"]', "vote")
    silent = silent.replace('{voice: "shall we whisper"}', "vote")
    handless = silent.replace("gesture: open_palm", "marker: gate")
    stories = {"both": STORY, "hands": silent, "neither": handless}
    found = {
        name: [
            (problem.code, problem.severity, problem.line)
            for problem in check_senses(show, root, small(story=story))
        ]
        for name, story in stories.items()
    }
    voice, hand = ("H035", "warning", 5), ("H035", "warning", 6)
    assert found == {"both": [], "hands": [voice], "neither": [voice, hand]}


def test_phrases_that_the_voice_rule_picks_are_not_reported() -> None:
    assert problems_with(VoiceRule()) == []
    assert problems_with(VoiceRule(margin=0.2, accept=0.3)) == []


SOURCES = """\
xrdrama: 1
id: near
title: Near
story: one_lantern_too_many
viewers:
  sounds_from:
    bell: gate
    lan: girl
    bel: gate
    bowl: gaet
"""


def test_sounds_from_unknown_places_and_of_unknown_sounds_are_errors() -> None:
    production = content.produce(content.load_show("lantern_headset"))
    show, problems = parse_show(SOURCES, "near.show.yaml")
    root = compose(SOURCES, "near.show.yaml", [])
    assert show is not None and root is not None and not problems
    found = check_sources(show, root, production)
    assert [(one.code, one.line) for one in found] == [("H030", 9), ("H030", 10)]
    assert "bell" in found[0].hint and "gate" in found[1].hint


def test_senses_that_pick_nothing_in_the_story_are_warnings() -> None:
    show = SHOW + "audience: {voice: true, gesture: true}\n"
    for story, missing in (
        (STORY, []),
        (STORY.replace("gesture: open_palm, ", "").replace(", gesture: fist", "")
         .replace("on: {gesture: open_palm}", "on: button"), ["gesture"]),
    ):  # fmt: skip
        root = compose(show, "small.show.yaml", [])
        assert root is not None
        found = check_senses(show_file(loaded(show, story)), root, small(show, story))
        assert [(p.code, p.severity, p.line) for p in found] == [("H035", "warning", 8)] * len(
            missing
        )
        assert all(one in p.message for one, p in zip(missing, found, strict=True))
