"""One search from many nodes finds what searches from each of them find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.reach import reached, reached_from

names = st.sampled_from("abcdef")


@given(st.dictionaries(names, st.lists(names, max_size=3)), st.sets(names))
def test_one_search_finds_what_many_find(ways: dict[str, list[str]], starts: set[str]) -> None:
    found = reached_from(ways, starts)
    assert found == set().union(*(reached(ways, start) for start in starts))
    assert reached_from(ways, []) == set()


def test_a_chain_of_ten_thousand_with_an_ending_at_each_is_searched_once() -> None:
    asked = 0

    class Counted(dict[str, list[str]]):
        def get(self, key: str, default: object = ()) -> object:  # type: ignore[override]
            nonlocal asked
            asked += 1
            return super().get(key, default)

    ways = Counted({f"b{n}": [f"b{n + 1}"] for n in range(10_000)})
    assert len(reached_from(ways, list(ways))) == 10_000
    assert asked == 2 * 10_000
