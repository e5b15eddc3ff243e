"""A snapshot and the changes give the state, however long a page was away."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.web.live.ring import Ring

VALUES = st.none() | st.integers(-2, 2) | st.lists(st.integers(0, 1), max_size=2)
CHANGES = st.lists(st.dictionaries(st.sampled_from("abcde"), VALUES, max_size=5), max_size=40)


def applied(state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in {**state, **changes}.items() if v is not None}


@given(CHANGES, st.data())
def test_what_was_there_and_what_changed_since_is_what_is(
    changes: list[dict[str, Any]], data: st.DataObject
) -> None:
    ring = Ring(kept=100)
    seen = [(ring.version, dict(ring.state))]
    for change in changes:
        ring.change(change)
        seen.append((ring.version, dict(ring.state)))
    version, state = data.draw(st.sampled_from(seen))
    since = ring.since(version)
    assert since is not None
    assert applied(state, since) == ring.state


@given(CHANGES)
def test_a_whole_state_replaces_all_but_what_is_kept(changes: list[dict[str, Any]]) -> None:
    ring = Ring()
    for change in changes:
        whole = {n: v for n, v in change.items() if v is not None and n != "e"}
        ring.change({"e": 7})
        before, version = dict(ring.state), ring.version
        ring.take(whole, keep=frozenset("e"))
        assert ring.state == {**whole, "e": 7}
        assert applied(before, ring.since(version) or {}) == ring.state


def test_unknown_or_forgotten_version_is_none() -> None:
    ring = Ring(kept=3)
    for value in range(6):
        ring.change({"a": value})
    assert ring.since(2) is None
    assert ring.since(3) == {"a": 5}
    assert ring.since(6) == {}
    assert ring.since(7) is None and ring.since(-1) is None


def test_no_change_makes_no_version() -> None:
    ring = Ring()
    ring.change({"a": 1, "b": None})
    ring.change({"a": 1})
    assert ring.version == 1 and ring.state == {"a": 1}
