"""JSON: the documented shape of a parsed story."""

from __future__ import annotations

import json

import msgspec

from tests.authoring.exchange.natives import native
from tests.authoring.exchange.plays import said
from xrdrama import content
from xrdrama.authoring.exchange.story_json import StoryOut, as_value, write
from xrdrama.story import load_story

STORY = """\
xrdrama: 1
id: small
scene: lantern_street
vars: {nerve: {type: int, min: 0, max: 3}, mood: {type: enum, of: [calm, angry]}}
cast: {lan: {name: Lan}}
beats:
  gate:
    script: |
      EXT. GATE - NIGHT
      {if nerve >= 2}
        LAN (softly): Go.  #laaaaa
      {else}
        @bell at=+1s
      @set nerve = nerve + 1
    choice:
      window: {lasts: 4s}
      options:
        go: {text: Go, to: road, if: nerve < 3, on: {voice: go}}
      else: road
  road:
    ending: {id: done, title: Done}
"""
SHAPE = {
    "xrdrama": 1, "id": "small", "title": "small", "language": "en", "start": "gate",
    "variables": [
        {"id": "nerve", "type": "int", "init": 0, "min": 0, "max": 3},
        {"id": "mood", "type": "enum", "init": "calm", "of": ["calm", "angry"]},
    ],
    "cast": [{"id": "lan", "name": "Lan"}],
    "beats": [
        {
            "id": "gate", "scene": "lantern_street", "line": 7,
            "script": [
                {"kind": "heading", "text": "EXT. GATE - NIGHT"},
                {"kind": "block", "choose": "first", "alternatives": [
                    {"if": "nerve >= 2", "script": [{
                        "kind": "line", "id": "laaaaa", "speaker": "lan", "manner": "softly",
                        "text": "Go.", "seconds": 1.2,
                    }]},
                    {"script": [{"kind": "cue", "name": "bell", "after": 1}]},
                ]},
                {"kind": "set", "effects": {"nerve": "nerve + 1"}},
            ],
            "choice": {
                "id": "gate",
                "options": [{
                    "id": "go", "text": "Go", "to": "road", "if": "nerve < 3",
                    "on": [{"kind": "voice", "values": ["go"]}],
                }],
                "window": {"grace": 1, "show": "ring", "lasts": 4},
                "else": {"to": "road"},
            },
        },
        {"id": "road", "scene": "lantern_street", "line": 20,
         "ending": {"id": "done", "title": "Done"}},
    ],
}  # fmt: skip


def test_a_story_has_the_documented_shape() -> None:
    assert json.loads(write(load_story(STORY))) == SHAPE


def test_everything_can_be_decoded_again_as_its_shape() -> None:
    stories = [load_story(native(seed)) for seed in range(12)]
    stories += [content.load_story_file(name)[0] for name in ("one_lantern_too_many", "two_cups")]
    for story in stories:
        text = write(story)
        assert msgspec.json.decode(text, type=StoryOut) == as_value(story)
        lines = [line for _, line in said(story)]
        assert sum(text.count(json.dumps(line, ensure_ascii=False)) for line in set(lines)) >= len(
            set(lines)
        )
