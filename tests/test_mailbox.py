"""What crosses a thread: nothing is lost without being counted."""

from __future__ import annotations

import threading

from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.mailbox import Inbox, Latest


def test_the_newest_wins_and_the_others_are_counted() -> None:
    box: Latest[int] = Latest()
    assert box.take() is None and box.peek() is None
    box.put(1)
    box.put(2)
    assert box.replaced == 1
    assert box.take() == 2
    assert box.take() is None  # not new any more
    assert box.peek() == 2
    box.put(3)
    assert box.replaced == 1  # 2 was taken
    assert box.take() == 3


@settings(deadline=None)
@given(st.lists(st.one_of(st.integers(), st.none()), max_size=50))
def test_puts_are_takes_and_replacements(actions: list[int | None]) -> None:
    box: Latest[int] = Latest()
    taken = 0
    for action in actions:
        if action is None:
            taken += box.take() is not None
        else:
            box.put(action)
    taken += box.take() is not None
    assert taken + box.replaced == sum(action is not None for action in actions)


def test_an_inbox_keeps_all_in_order_up_to_its_size() -> None:
    box: Inbox[int] = Inbox(3)
    assert [box.put(n) for n in range(5)] == [True, True, True, False, False]
    assert len(box) == 3 and box.dropped == 2
    assert box.drain() == [0, 1, 2]
    assert box.drain() == [] and len(box) == 0
    assert box.put(9) and box.drain() == [9]


def test_many_writers_lose_nothing() -> None:
    box: Inbox[tuple[int, int]] = Inbox(10**6)
    latest: Latest[int] = Latest()
    found: list[tuple[int, int]] = []

    def write(who: int) -> None:
        for number in range(2000):
            box.put((who, number))
            latest.put(number)

    writers = [threading.Thread(target=write, args=(who,)) for who in range(8)]
    for writer in writers:
        writer.start()
    taken = 0
    while any(writer.is_alive() for writer in writers):
        found += box.drain()
        taken += latest.take() is not None
    for writer in writers:
        writer.join()
    found += box.drain()
    taken += latest.take() is not None
    assert len(found) == 8 * 2000 and box.dropped == 0
    assert taken + latest.replaced == 8 * 2000
    for who in range(8):
        assert [number for w, number in found if w == who] == list(range(2000))
