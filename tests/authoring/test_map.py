"""The map: every beat once, every way drawn, what was taken lit, nothing on top of another."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.map import HEIGHT, WIDTH, draw_map, layout
from xrdrama.story import Story, load_story

REPOSITORY = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def story(ways: list[list[int]], title: str = "Map") -> Story:
    rows = []
    for number, to in enumerate(ways):
        options = ", ".join(f"o{i}: {{to: b{t}}}" for i, t in enumerate(to))
        rows.append(
            f"  b{number}: {{choice: {{options: {{{options}}}}}}}"
            if to
            else f"  b{number}: {{ending: e{number}}}"
        )
    head = f'xrdrama: 1\nid: m\ntitle: "{title}"\nscene: s\nbeats:\n'
    return load_story(head + "\n".join(rows) + "\n")


GRAPHS = st.integers(1, 9).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, n - 1), max_size=3), min_size=n, max_size=n)
)


@given(GRAPHS)
def test_no_two_beats_stand_on_each_other(ways: list[list[int]]) -> None:
    placed = layout(story(ways))
    assert sorted(placed) == [f"b{n}" for n in range(len(ways))]
    spots = list(placed.values())
    for number, one in enumerate(spots):
        for other in spots[number + 1 :]:
            assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT


@given(GRAPHS)
def test_every_beat_and_every_way_is_drawn_once(ways: list[list[int]]) -> None:
    root = ElementTree.fromstring(draw_map(story(ways)))
    nodes = [g for g in root.iter("g") if "node" in g.get("class", "")]
    assert len(nodes) == len(ways)
    drawn = [p for p in root.iter("path") if "way" in p.get("class", "")]
    assert len(drawn) == len({(n, t) for n, to in enumerate(ways) for t in to})
    left, top, width, height = (float(v) for v in root.get("viewBox", "").split())
    for g in nodes:
        x, y = (float(v) for v in re.findall(r"-?[\d.]+", g.get("transform", "")))
        assert left <= x - WIDTH / 2 and x + WIDTH / 2 <= left + width
        assert top <= y - HEIGHT / 2 and y + HEIGHT / 2 <= top + height


def test_what_comes_later_stands_lower() -> None:
    placed = layout(story([[1, 2], [2], []]))
    assert placed["b0"].y < placed["b1"].y < placed["b2"].y


def test_a_way_back_goes_round_and_beats_of_a_circle_share_a_row() -> None:
    placed = layout(story([[1], [0, 2], []]))
    assert placed["b0"].y == placed["b1"].y < placed["b2"].y


def test_what_was_taken_is_lit_and_nothing_else() -> None:
    drawn = draw_map(story([[1, 2], [2], []]), taken=[("b0", "b2")], visited=["b0", "b2"])
    assert drawn.count("way option lit") == 1
    assert drawn.count(' lit" transform') == 2
    assert "lit" not in draw_map(story([[1, 2], [2], []]))


def test_names_and_titles_cannot_break_the_picture() -> None:
    drawn = draw_map(story([[]], title="A < B & 'C'"), labels={"b0": "<script>&</script>"})
    root = ElementTree.fromstring(drawn)
    assert root.get("aria-label") == "map of A < B & 'C'"
    assert [text.text for text in root.iter("text")] == ["<script>&</script>"]


def test_the_drama_is_drawn_from_its_start_to_its_endings() -> None:
    text = (REPOSITORY / "branches" / "one_lantern_too_many.branch.yaml").read_text("utf-8")
    drama = load_story(text)
    placed = layout(drama)
    path = ["counting", "remembered", "taper", "bring_in", "ticket", "the_rule", "threshold", "late"]
    assert all(placed[a].y < placed[b].y for a, b in pairwise(path))
    root = ElementTree.fromstring(draw_map(drama))
    kinds = [g.get("class", "").split()[1] for g in root.iter("g") if g.get("class")]
    assert kinds.count("ending") == 7
    assert kinds.count("choice") == 12
    assert len(kinds) == len(drama.order)
