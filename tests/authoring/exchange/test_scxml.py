"""SCXML: the structure that its specification asks for, and what each part of a story becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from tests.authoring.exchange.natives import native
from xrdrama import content
from xrdrama.authoring.exchange.scxml import not_carried_over, write
from xrdrama.story import Story, load_story

NAMES = "{http://www.w3.org/2005/07/scxml}"
INSIDE = {
    "scxml": {"state", "parallel", "final", "datamodel"},
    "state": {"onentry", "onexit", "transition", "state", "parallel", "final", "history"},
    "parallel": {"onentry", "onexit", "transition", "state", "parallel", "history"},
    "history": {"transition"},
    "final": {"onentry", "onexit"},
    "datamodel": {"data"},
    "transition": {"assign", "send", "if", "log", "cancel"},
    "onentry": {"assign", "send", "if", "log", "cancel"},
    "onexit": {"assign", "send", "if", "log", "cancel"},
    "if": {"assign", "send", "if", "log", "cancel", "elseif", "else"},
    "send": {"param"},
}
"""Which elements may be inside which (SCXML 1.0, sections 3 to 6), as far as ours uses them."""
REQUIRED = {
    "data": {"id"}, "assign": {"location", "expr"}, "send": {"event"}, "if": {"cond"},
    "elseif": {"cond"}, "cancel": {"sendid"}, "param": {"name", "expr"}, "state": {"id"},
    "history": {"id", "type"}, "final": {"id"}, "parallel": {"id"},
}  # fmt: skip


def faults(text: str) -> Iterator[str]:
    """What in a document is against the structure of SCXML."""
    root = ElementTree.fromstring(text)
    if root.tag != f"{NAMES}scxml" or root.get("version") != "1.0":
        yield "the root is not an scxml element of version 1.0"
    for one in root.iter():
        yield from faults_inside(one, one.tag.removeprefix(NAMES))
    states = [
        one for kind in ("state", "parallel", "final", "history") for one in root.iter(NAMES + kind)
    ]
    names = [one.get("id", "") for one in states]
    yield from (f"two states {name}" for name in set(names) if names.count(name) > 1)
    for one in root.iter(f"{NAMES}transition"):
        if one.get("target") not in names:
            yield f"transition to {one.get('target')}"
    for one in (*states, root):
        start = one.get("initial")
        if start is not None and start not in {child.get("id") for child in one}:
            yield f"{one.get('id')} begins with {start}, which is not inside it"


def faults_inside(one: ElementTree.Element, kind: str) -> Iterator[str]:
    """What is wrong with an element and what is directly inside it."""
    for child in one:
        if child.tag.removeprefix(NAMES) not in INSIDE.get(kind, set()):
            yield f"<{child.tag}> in <{kind}>"
    yield from (f"<{kind}> without {key}" for key in REQUIRED.get(kind, set()) - set(one.keys()))
    if kind == "send" and not re.fullmatch(r"\d+(\.\d+)?s", one.get("delay", "0s")):
        yield f"delay {one.get('delay')}"
    if kind == "if" and [c.tag for c in one].count(f"{NAMES}else") > 1:
        yield "two <else>"


def test_our_dramas_are_valid() -> None:
    for name in ("one_lantern_too_many", "two_cups"):
        story = content.load_story_file(name)[0]
        assert list(faults(write(story))) == []
        assert all(one.line >= 1 and one.what for one in not_carried_over(story))


@pytest.mark.parametrize("seed", range(24))
def test_any_story_is_valid(seed: int) -> None:
    assert list(faults(write(load_story(native(seed))))) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('target="beat_1"', 'target="nowhere"', "transition to nowhere"),
        ("<datamodel>", "<datamodel><state id='x'/>", "in <datamodel>"),
        ('id="beat_1"', 'id="beat_0"', "two states beat_0"),
        ('delay="0s"', 'delay="soon"', "delay soon"),
        (' version="1.0" data', " data", "not an scxml element of version 1.0"),
        ('location="visits', 'place="visits', "<assign> without location"),
        ('initial="beat_0.script"', 'initial="beat_1.script"', "which is not inside it"),
    ],
)
def test_faults_are_found(old: str, new: str, what: str) -> None:
    """The control: a damaged document does not pass."""
    text = write(load_story(native(0)))
    assert old in text
    assert any(what in fault for fault in faults(text.replace(old, new)))


PLOTS = """\
xrdrama: 1
id: plots
scene: lantern_street
vars: {nerve: {type: int, min: 0, max: 3}}
cast: {lan: {name: Lan}}
beats:
  gate:
    script: |
      LAN: It's <cold>.  #laaaaa
      {if nerve >= 2} @bell over=2s
    choice:
      window: {lasts: 4s, grace: 1s}
      options:
        go: {text: Go, to: road, if: nerve < 3, set: {nerve: nerve + 1}, once: true}
      else: road
    hidden:
      - {id: print, on: {marker: door_god}, to: plot}
  road:
    script: |
      LAN: Walk.  #lbbbbb
    ending: done
  plot:
    script: |
      LAN: Look.  #lccccc
    return: true
"""


def test_each_part_of_a_story_has_its_form() -> None:
    text = write(load_story(PLOTS))
    assert list(faults(text)) == []
    for part in (
        '<data id="nerve" expr="0"/>',
        '<param name="text" expr="\'It\\\'s &lt;cold&gt;.\'"/>',
        '<if cond="nerve &gt;= 2">',
        '<transition event="pick.gate.go" cond="(nerve &lt; 3) &amp;&amp; !picked[\'gate.go\']"',
        '<assign location="nerve" expr="Math.max(0, Math.min(3, nerve + 1))"/>',
        '<send event="gate.closed" id="gate.timer" delay="5s"/>',
        '<transition event="gate.closed" target="road"/>',
        '<transition event="marker.door_god" cond="!picked[\'plot.print\']" target="plot">',
        '<transition event="plot.said" target="main.interrupted"/>',
        '<history id="main.interrupted" type="deep">',
        '<final id="ending.done"/>',
    ):
        assert part in text, part
    whole = ElementTree.fromstring(text)
    (main,) = [one for one in whole if one.get("id") == "main.path"]
    assert [one.get("id") for one in main if one.tag == f"{NAMES}state"] == ["gate", "road"]


def test_parallel_plot_is_a_region() -> None:
    text = write(load_story(PLOTS.replace("to: plot}", "to: plot, parallel: true}")))
    assert list(faults(text)) == []
    whole = ElementTree.fromstring(text)
    assert whole.get("initial") == "whole.show"
    (show,) = whole.iter(f"{NAMES}parallel")
    assert [one.get("id") for one in show] == ["main.path", "plot.print"]
    assert "cond=\"(In('gate'))\"" in text and '<final id="plot.print.done"/>' in text


def test_what_is_approximated_is_listed() -> None:
    story: Story = load_story(PLOTS)
    assert [(one.line, one.what) for one in not_carried_over(story)] == [
        (7, "beat gate: approximated: its script begins again after a hidden plot that returns"),
    ]
