"""What every event log must do (`xrdrama.ledger.log`): one function that gets each member."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing

from xrdrama.errors import DeviceError, UsageError
from xrdrama.ledger.log import (
    MOST_AT_ONCE,
    MOST_DATA,
    MOST_NAME,
    Appended,
    Entry,
    EventLog,
    Logged,
    NotAppended,
)

Opening = Callable[[], EventLog]
"""Opens the same log at each call."""


def conform(fresh: Callable[[], Opening]) -> None:
    """AssertionError where a member breaks the contract. `fresh` gives the way to a new log."""
    for check in CHECKS:
        check(fresh())


def _refuses(call: Callable[[], object], error: type[Exception], *words: str) -> None:
    try:
        call()
    except error as raised:
        assert all(word in str(raised) for word in words), f"{raised} has no {words}"
        return
    raise AssertionError(f"{error.__name__} is raised")


def numbers_have_no_gaps(opened: Opening) -> None:
    with closing(opened()) as log:
        assert log.newest() == 0 and list(log.replay()) == [], "a new log is empty"
        got = [log.append("votes/gate", b"%d" % n, f"v{n}") for n in range(5)]
        assert got == [Appended(n + 1, again=False) for n in range(5)]
        assert log.newest() == 5


def the_same_again_is_not_appended(opened: Opening) -> None:
    with closing(opened()) as log:
        log.append("votes/gate", b"left", "a")
        log.append("votes/gate", b"left", "b")  # the same data of another sender is another entry
        assert log.append("votes/gate", b"left", "a") == Appended(1, again=True)
        assert log.newest() == 2
    with closing(opened()) as log:
        assert log.append("votes/gate", b"left", "b") == Appended(2, again=True), "after opening"


def another_entry_with_the_same_id_is_refused(opened: Opening) -> None:
    with closing(opened()) as log:
        log.append("votes/gate", b"left", "a")
        _refuses(lambda: log.append("votes/gate", b"right", "a"), UsageError, "'a'", "number 1")
        _refuses(lambda: log.append("votes/door", b"left", "a"), UsageError, "'a'")
        assert list(log.replay()) == [Logged(1, "votes/gate", b"left", "a")], "nothing changed"


def many_are_answered_one_by_one(opened: Opening) -> None:
    with closing(opened()) as log:
        log.append("k", b"old", "old")
        entries = [
            Entry("k", b"1", "a"),
            Entry("k", b"old", "old"),
            Entry("k", b"2", "a"),
            Entry("k", bytes(MOST_DATA + 1), "large"),
            Entry("k", b"1", "a"),
            Entry("k", b"3", "b"),
        ]
        first, old, reused, large, again, last = log.append_many(entries)
        assert first == Appended(2, again=False) and last == Appended(3, again=False)
        assert old == Appended(1, again=True) and again == Appended(2, again=True)
        assert isinstance(reused, NotAppended) and reused.code == "id_reused"
        assert isinstance(large, NotAppended) and large.code == "out_of_bounds"
        assert log.newest() == 3 and log.append_many([]) == []
        too_many = [Entry("k", b"", str(n)) for n in range(MOST_AT_ONCE + 1)]
        _refuses(lambda: log.append_many(too_many), UsageError, str(MOST_AT_ONCE))
        assert log.newest() == 3


def everything_is_replayed_in_order(opened: Opening) -> None:
    entries = [
        Entry(f"k{n % 3}", bytes([n % 256]) * (n % 5), f"id {n} \u706f") for n in range(2500)
    ]
    logged = [Logged(n + 1, e.key, e.data, e.id) for n, e in enumerate(entries)]
    with closing(opened()) as log:
        log.append_many(entries[:1200])
        log.append_many(entries[1200:])
    with closing(opened()) as log:
        assert list(log.replay()) == logged
        assert list(log.replay(after=2490)) == logged[2490:]
        assert list(log.replay(after=2500)) == [] and list(log.replay(after=9999)) == []
        _refuses(lambda: list(log.replay(after=-1)), UsageError, "-1")


def a_replay_ends_with_what_was_there(opened: Opening) -> None:
    with closing(opened()) as log:
        log.append_many([Entry("k", b"", str(n)) for n in range(3)])
        replayed = log.replay()
        log.append("k", b"", "later")
        assert [entry.seq for entry in replayed] == [1, 2, 3]
        assert [entry.seq for entry in log.replay(3)] == [4]


def readers_continue_where_they_were(opened: Opening) -> None:
    with closing(opened()) as log:
        log.append_many([Entry("k", b"", str(n)) for n in range(10)])
        assert log.acknowledged("tally") == 0
        log.acknowledge("tally", 7)
        log.acknowledge("archive", 2)
        log.acknowledge("tally", 4)
    with closing(opened()) as log:
        assert log.acknowledged("tally") == 7, "it does not go back"
        assert log.acknowledged("archive") == 2
        assert [e.seq for e in log.replay(log.acknowledged("tally"))] == [8, 9, 10]
        _refuses(lambda: log.acknowledge("tally", 11), UsageError, "11", "10")
        _refuses(lambda: log.acknowledge("tally", -1), UsageError, "-1")
        _refuses(lambda: log.acknowledge("", 1), UsageError, "name of a reader")
        _refuses(lambda: log.acknowledged("x" * (MOST_NAME + 1)), UsageError, "name of a reader")
        assert log.acknowledged("tally") == 7


def bounds_are_refused_in_words(opened: Opening) -> None:
    with closing(opened()) as log:
        for name in (
            "",
            "x" * (MOST_NAME + 1),
            "\u706f" * (MOST_NAME // 3 + 1),
            "a\nb",
            "a\0b",
            "\ud800",
        ):
            _refuses(lambda n=name: log.append(n, b"", "i"), UsageError, "key")  # type: ignore[misc]
            _refuses(lambda n=name: log.append("k", b"", n), UsageError, "id")  # type: ignore[misc]
        _refuses(lambda: log.append("k", bytes(MOST_DATA + 1), "i"), UsageError, str(MOST_DATA))
        assert log.newest() == 0
        assert log.append("x" * MOST_NAME, bytes(MOST_DATA), "y" * MOST_NAME).seq == 1
        assert next(iter(log.replay())).data == bytes(MOST_DATA)


def threads_may_share_it(opened: Opening) -> None:
    """Six threads send the same 200 ids at once: each id has one number, in everybody's eyes."""
    answers: list[dict[str, int]] = [{} for _ in range(6)]
    with closing(opened()) as log:
        together = threading.Barrier(len(answers))

        def send(mine: dict[str, int]) -> None:
            together.wait()
            for name in map(str, range(200)):
                mine[name] = log.append("k", name.encode(), name).seq

        threads = [threading.Thread(target=send, args=(mine,)) for mine in answers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert log.newest() == 200
        replayed = {entry.id: entry.seq for entry in log.replay()}
    assert all(mine == replayed for mine in answers) and len(replayed) == 200


def a_closed_log_says_so(opened: Opening) -> None:
    log = opened()
    log.append("k", b"", "a")
    log.close()
    log.close()
    calls: list[Callable[[], object]] = [
        lambda: log.append("k", b"", "b"),
        lambda: log.append_many([Entry("k", b"", "c")]),
        lambda: list(log.replay()),
        log.newest,
        lambda: log.acknowledge("r", 1),
        lambda: log.acknowledged("r"),
    ]
    for call in calls:
        _refuses(call, DeviceError, "closed")


CHECKS: tuple[Callable[[Opening], None], ...] = (
    numbers_have_no_gaps,
    the_same_again_is_not_appended,
    another_entry_with_the_same_id_is_refused,
    many_are_answered_one_by_one,
    everything_is_replayed_in_order,
    a_replay_ends_with_what_was_there,
    readers_continue_where_they_were,
    bounds_are_refused_in_words,
    threads_may_share_it,
    a_closed_log_says_so,
)
