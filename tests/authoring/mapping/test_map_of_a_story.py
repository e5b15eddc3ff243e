"""The map of a story: every beat and path once, kinds by shape, chapters, marks, safe texts."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.authoring.mapping.large_stories import large_story
from xrdrama import content
from xrdrama.authoring.mapping.boxes import HEAD, boxes, clipped
from xrdrama.authoring.mapping.chapters import FLAT, MOST, By, chapters
from xrdrama.authoring.mapping.described import described
from xrdrama.authoring.mapping.mapped import mapped
from xrdrama.authoring.mapping.marks import Coverage, Marks, marks_of, unknown_names
from xrdrama.authoring.mapping.shapes import outline
from xrdrama.authoring.mapping.svg import draw_svg
from xrdrama.errors import Problem
from xrdrama.story import Story, load_story
from xrdrama.story.ways import ways_of

BRANCHES = Path(__file__).parents[3] / "branches"
SVG = "{http://www.w3.org/2000/svg}"

EVERY_KIND = """
xrdrama: 1
id: kinds
title: "Kinds <&>"
scene: s
vars: {nerve: {type: int, min: 0, max: 3, init: 0}}
cast: {lan: {name: Lan}}
beats:
  gate:
    script: |
      LAN: Well?  #l4k2pq
    choice:
      window: {lasts: 6s}
      options:
        knock: {text: "Knock <b>", to: hall, if: nerve >= 2}
        wait: {text: Wait, to: gate}
      else: late
  hall: {next: [{to: late, if: nerve == 3}, {to: end}]}
  late: {ending: late}
  end: {ending: end}
  print: {next: print_end}
  print_end: {return: true}
hidden:
  - {id: print, on: {marker: door_god}, to: print}
"""


def every_kind() -> Story:
    return load_story(EVERY_KIND, "kinds.branch.yaml")


def drawn(story: Story, marks: Marks | None = None, by: By = "auto") -> ElementTree.Element:
    return ElementTree.fromstring(draw_svg(mapped(story, by), story.title, marks or Marks()))


def test_kinds_of_beats_differ_in_shape_and_words() -> None:
    made = boxes(every_kind())
    shapes = {name: box.shape for name, box in made.items()}
    assert shapes == {
        "gate": "choice", "hall": "beat", "late": "ending", "end": "ending",
        "print": "beat", "print_end": "return",
    }  # fmt: skip
    assert len({outline(made[name]) for name in ("gate", "hall", "end", "print_end")}) == 4
    assert [name for name, box in made.items() if box.hidden] == ["print", "print_end"]
    assert made["gate"].seconds == 6 and made["gate"].start
    rows = [(row.how, row.label, row.to, row.condition) for row in made["gate"].rows]
    assert rows == [
        ("option", "Knock <b>", "hall", "nerve >= 2"),
        ("option", "Wait", "gate", ""),
        ("else", "silence", "late", ""),
        ("hidden", "hidden: print", "print", ""),
    ]
    assert [row.label for row in made["hall"].rows] == [
        "if nerve == 3",
        "otherwise",
        "hidden: print",
    ]


def test_every_beat_and_path_is_drawn_once_and_texts_are_escaped() -> None:
    story = every_kind()
    root = drawn(story)
    titles = [t.text for t in root.iter(f"{SVG}text") if t.get("class") == "title"]
    assert sorted(map(str, titles)) == sorted(n.replace("_", " ") for n in story.beats)
    ways = [p for p in root.iter(f"{SVG}path") if "way" in str(p.get("class")).split()]
    assert len(ways) == sum(len(list(ways_of(beat))) for beat in story.order)
    assert "Knock <b>" in {t.text for t in root.iter(f"{SVG}text")}


def lit(story: Story, *path: str) -> tuple[list[str], int]:
    """The titles of the highlighted boxes, and the number of highlighted ways."""
    made = draw_svg(mapped(story, compact=True), story.title, Marks(path=path), dark=True)
    boxes_, ways = list[str](), 0
    for one in ElementTree.fromstring(made).iter():
        classes = str(one.get("class")).split()
        if "lit" in classes and "way" in classes:
            ways += 1
        elif "lit" in classes:
            boxes_ += [str(t.text) for t in one.iter(f"{SVG}text") if t.get("class") == "title"]
    return boxes_, ways


def test_the_path_of_a_take_is_highlighted_and_nothing_else() -> None:
    story = every_kind()
    assert lit(story) == ([], 0)
    assert lit(story, "gate", "gate", "hall", "end") == (["gate", "hall", "end"], 3)
    assert lit(story, "gate", "late") == (["gate", "late"], 1)
    assert lit(story, "hall", "gate") == (["gate", "hall"], 0), "no way leads back there"
    assert lit(story, "removed", "gate") == (["gate"], 0), "a beat that the story does not have"


def test_a_compact_map_has_every_beat_and_each_way_between_two_once() -> None:
    story = every_kind()
    made = mapped(story, compact=True)
    assert {box.height for box in made.boxes.values()} == {HEAD}
    root = ElementTree.fromstring(draw_svg(made, story.title, Marks()))
    assert not [text for text in root.iter(f"{SVG}text") if text.get("class") == "row"]
    ways = [p for p in root.iter(f"{SVG}path") if "way" in str(p.get("class")).split()]
    assert len(ways) == len({(b.id, to) for b in story.order for _, _, to in ways_of(b)})


@pytest.mark.parametrize("by", ["auto", "prefix", "set", "stretch", "file", "none"])
@pytest.mark.parametrize("size", [5, FLAT, 130])
def test_each_beat_is_in_one_chapter(size: int, by: By) -> None:
    story = load_story(large_story(size), "large")
    found = chapters(story, by)
    names = [name for chapter in found for name in chapter.beats]
    assert sorted(names) == sorted(story.beats)
    assert story.start in found[0].beats
    if by in ("none",) or (by == "auto" and size <= FLAT):
        assert len(found) == 1 and not found[0].title
    elif by != "none":
        assert all(len(chapter.beats) <= MOST for chapter in found)
        assert size <= FLAT or len(found) > 1


def test_stretches_are_cut_where_few_paths_cross() -> None:
    rows, number = [], count()
    for part in range(4):  # four nets of 20 beats, with one path from each to the next
        for n in range(20):
            to = [part * 20 + (n + k) for k in (1, 2, 3) if n + k < 20] or [part * 20 + 20]
            last = part == 3 and n == 19
            options = ", ".join(f"o{next(number)}: {{to: b{t}}}" for t in to)
            rows.append(
                f"  b{part * 20 + n}: "
                + ("{ending: e}" if last else f"{{choice: {{options: {{{options}}}}}}}")
            )
    story = load_story("xrdrama: 1\nid: m\nscene: s\nbeats:\n" + "\n".join(rows) + "\n")
    assert [len(c.beats) % 20 for c in chapters(story)] == [0] * len(chapters(story))
    assert len(mapped(story).links) == len(chapters(story)) - 1


def test_chapters_by_file_and_prefix() -> None:
    text = large_story(60)
    for number in range(60):
        old = re.search(rf"^  (\w+_{number}):$", text, re.MULTILINE)
        assert old
        text = re.sub(rf"\b{old[1]}\b", f"part{number // 20}_{old[1]}", text)
    story = load_story(text, "large")
    assert {chapter.title for chapter in chapters(story)} == {"part0", "part1", "part2"}
    # The control: prefixes that say nothing of the story's parts make no chapters.
    assert "river" not in {chapter.title for chapter in chapters(load_story(large_story(130)))}


def test_paths_between_chapters_end_in_ports_that_name_the_other_end() -> None:
    story = load_story(large_story(130), "large")
    made = mapped(story)
    home = {name: n for n, part in enumerate(made.parts) for name in part.beats}
    across = [
        (box.id, row.to) for box in made.boxes.values() for row in box.rows
        if home[box.id] != home[row.to]
    ]  # fmt: skip
    assert sum(ways for *_, ways in made.links) == len(across) > 0
    for leaves in (True, False):
        assert sum(p.ways for part in made.parts for p in part.ports if p.leaves == leaves) == len(
            across
        )
    assert {(p.beat, p.other) for part in made.parts for p in part.ports if p.leaves} <= set(across)


def test_findings_are_on_the_beat_of_their_line() -> None:
    story = every_kind()
    line = story.beats["hall"].place.line
    rows = [
        Problem("kinds.branch.yaml", line, 3, "G001", "warning", "one"),
        Problem("kinds.branch.yaml", line - 1, 3, "S201", "error", "two"),
        Problem("kinds.branch.yaml", 3, 1, "S118", "warning", "above all beats"),
        Problem("kinds.zh.csv", line, 1, "L004", "warning", "another file"),
    ]
    marks = marks_of(story, rows, None)
    assert {name: [p.code for p in found] for name, found in marks.findings.items()} == {
        "hall": ["G001"], "gate": ["S201"],
    }  # fmt: skip
    assert [p.code for p in marks.general] == ["S118", "L004"]
    root = drawn(story, marks)
    classes = [p.get("class") for p in root.iter(f"{SVG}path")]
    assert classes.count("error") == classes.count("warning") == 1


def test_heat_shows_counts_and_paths_never_taken() -> None:
    story = every_kind()
    coverage = Coverage(
        "kinds", 10, {"gate": 10, "late": 4, "lost": 1}, {"gate/else": 4, "gate/x": 1}
    )
    assert unknown_names(story, coverage) == ["lost", "gate/x"]
    root = drawn(story, marks_of(story, (), coverage))
    words = [t.text for t in root.iter(f"{SVG}text") if t.get("class") == "heat"]
    assert words.count("never") == 4 and "4 of 10" in words and "10 of 10" in words
    never = [p for p in root.iter(f"{SVG}path") if "never" in str(p.get("class"))]
    assert len(never) == sum(len(list(ways_of(beat))) for beat in story.order) - 1


def test_long_texts_are_clipped_by_their_width() -> None:
    assert clipped("short", 10) == "short"
    assert clipped("a" * 40, 10).endswith("…") and len(clipped("a" * 40, 10)) < 21
    assert len(clipped("灯" * 40, 10)) == 11


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 90), st.integers(0, 99))
def test_any_story_can_be_drawn(size: int, seed: int) -> None:
    story = load_story(large_story(size, seed), "large")
    made = mapped(story)
    for opened in (None, (), (0,)):
        ElementTree.fromstring(draw_svg(made, story.title, Marks(), opened))


@pytest.mark.parametrize("name", ["one_lantern_too_many", "two_cups"])
def test_our_stories_are_drawn(name: str) -> None:
    story, _ = content.load_story_file(str(BRANCHES / f"{name}.branch.yaml"))
    paths = drawn(story).iter(f"{SVG}path")
    assert [path.get("class") for path in paths].count("box") == len(boxes(story))


FAIR = """
xrdrama: 1
id: fair
scene: s
start: gate
vars:
  coins: {type: int, min: 0, max: 9, init: 3}
storylets:
  market: {choose: best, else: road}
beats:
  gate:
    choice:
      options:
        ask: {text: Why hooks?, detour: hooks}
        enter: {text: Enter, to: market}
        leave: {text: Leave, to: road, fallback: true}
  fish: {storylet: market, when: coins >= 2, next: market}
  bread: {storylet: market, next: road}
  hooks: {return: true}
  road: {ending: road}
"""


def test_a_group_of_storylets_is_a_box_between_its_paths_and_its_beats() -> None:
    story = load_story(FAIR, "fair")
    made = boxes(story)
    assert (made["market"].shape, made["market"].note) == ("group", "storylets, best")
    rows = [(row.how, row.label, row.to, row.condition) for row in made["market"].rows]
    assert rows == [
        ("storylet", "fish", "fish", "coins >= 2"),
        ("storylet", "bread", "bread", ""),
        ("else", "no storylet", "road", ""),
    ]
    assert made["fish"].shape == "storylet" and not made["fish"].hidden
    gate = [(row.how, row.label, row.to) for row in made["gate"].rows]
    assert gate[0] == ("detour", "detour: Why hooks?", "hooks")
    assert ("option", "Enter", "market") in gate
    assert len({outline(made[name]) for name in ("market", "fish", "gate", "road", "hooks")}) == 5
    root = drawn(story)
    ways = [p for p in root.iter(f"{SVG}path") if "way" in str(p.get("class")).split()]
    assert len(ways) == sum(len(box.rows) for box in made.values())
    words = [t.text or "" for t in root.iter(f"{SVG}text")]
    assert any(text.startswith("5 beats, 1 ending") for text in words)
    value = described(story, mapped(story), Marks(3, {"fish": 2}), ())
    assert [row["count"] for row in value["beats"][5]["rows"]] == [2, 0, 0]
    assert value["beats"][0]["rows"][1]["to"] == 5


def test_a_path_to_a_storylet_is_highlighted_through_its_group() -> None:
    story = load_story(FAIR, "fair")
    assert lit(story, "gate", "fish", "bread", "road") == (
        ["gate", "fish", "bread", "road", "market"],
        5,  # fish leads to the group, which leads to bread
    )
