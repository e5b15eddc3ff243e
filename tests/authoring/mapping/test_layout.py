"""The layout: nothing overlaps, links run forwards, crossings are few, the result is repeatable."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.mapping.arranging import Arrangement, Link, arrange
from xrdrama.authoring.mapping.placing import Layout, Size, curve, place

LINKS = st.integers(1, 14).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=30),
        st.lists(st.floats(20, 200), min_size=n, max_size=n),
    )
)


def laid(
    count: int, pairs: list[tuple[int, int]], heights: list[float], width: float = 190
) -> tuple[Arrangement, Layout, list[Size], list[Link]]:
    links = [Link(one, other, 10, 10) for one, other in pairs]
    sizes = [Size(width, height) for height in heights]
    arrangement = arrange(count, links)
    return arrangement, place(arrangement, sizes, links), sizes, links


def crossings(arrangement: Arrangement) -> int:
    """The crossings between columns, counted pair by pair."""
    place_ = {item: n for items in arrangement.columns for n, item in enumerate(items)}
    column = {item: n for n, items in enumerate(arrangement.columns) for item in items}
    parts = {pair for chain in arrangement.chains for pair in pairwise(chain)}
    return sum(
        column[a] == column[c] and place_[a] < place_[c] and place_[b] > place_[d]
        for a, b in parts
        for c, d in parts
    )


@given(LINKS)
def test_no_two_boxes_overlap(graph: tuple[int, list[tuple[int, int]], list[float]]) -> None:
    _, layout, sizes, _ = laid(*graph)
    boxes = list(zip(layout.at, sizes, strict=True))
    for number, ((x, y), size) in enumerate(boxes):
        assert x >= -0.01 and x + size.width <= layout.width + 0.01
        assert y >= -0.01 and y + size.height <= layout.height + 0.01
        for (x2, y2), other in boxes[number + 1 :]:
            apart = x + size.width < x2 or x2 + other.width < x
            assert apart or y + size.height < y2 or y2 + other.height < y


@given(LINKS)
def test_links_run_forwards_or_are_marked(
    graph: tuple[int, list[tuple[int, int]], list[float]],
) -> None:
    arrangement, layout, sizes, links = laid(*graph)
    column = {item: n for n, items in enumerate(arrangement.columns) for item in items}
    assert sorted(column) == list(range(len(column)))
    for link, chain, back, route in zip(
        links, arrangement.chains, arrangement.back, layout.routes, strict=True
    ):
        start = layout.at[link.source]
        assert route[0] == (start[0] + sizes[link.source].width, start[1] + link.leaves)
        assert curve(route, back=back).startswith("M")
        if link.source == link.target:
            assert chain == () and back
            continue
        assert [column[b] - column[a] for a, b in pairwise(chain)] == [1] * (len(chain) - 1)
        assert back == (column[link.source] > column[link.target])


@given(LINKS)
def test_the_same_graph_gives_the_same_layout(
    graph: tuple[int, list[tuple[int, int]], list[float]],
) -> None:
    assert laid(*graph)[:2] == laid(*graph)[:2]


def test_a_tree_has_no_crossings_whatever_the_order_of_its_links() -> None:
    pairs = [(n, m) for n in range(15) for m in (2 * n + 2, 2 * n + 1) if m < 31]
    arrangement = laid(31, pairs[::-1], [40.0] * 31)[0]
    assert crossings(arrangement) == 0
    # The control: a column in the wrong order has some.
    turned = [list(items) for items in arrangement.columns]
    turned[2][0], turned[2][3] = turned[2][3], turned[2][0]
    assert crossings(Arrangement(31, tuple(map(tuple, turned)), arrangement.chains, ())) > 0


def test_a_beat_stays_level_with_its_only_successor() -> None:
    _, layout, _, _ = laid(4, [(0, 1), (1, 2), (2, 3)], [40.0] * 4)
    assert len({y for _, y in layout.at}) == 1


def test_a_long_layout_is_folded_into_bands() -> None:
    chain = [(n, n + 1) for n in range(59)]
    _, layout, _, _ = laid(60, chain, [40.0] * 60)
    assert layout.width < 60 * 190 / 3
    assert 0.8 < layout.width / layout.height < 4
    lefts = sum(x == 0 for x, _ in layout.at)
    assert lefts > 2
    short = laid(8, chain[:7], [40.0] * 8)[1]
    assert short.height < 100, "a short one is not folded"


def test_links_to_the_same_node_share_their_waypoints() -> None:
    pairs = [(0, 1), (0, 2), (0, 3), (1, 4), (4, 5), (2, 5), (3, 5)]
    arrangement = laid(6, pairs, [40.0] * 6)[0]
    assert len(arrangement.chains[5]) == len(arrangement.chains[6]) == 3
    assert arrangement.chains[5][1] == arrangement.chains[6][1]


def test_a_link_that_runs_back_ends_below_its_target() -> None:
    arrangement, layout, sizes, _ = laid(3, [(0, 1), (1, 2), (2, 0)], [40.0] * 3)
    assert arrangement.back == (False, False, True)
    assert layout.routes[2][-1][1] == layout.at[0][1] + sizes[0].height
