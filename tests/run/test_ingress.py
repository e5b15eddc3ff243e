"""The one door: in the order of arrival live, in the order of the virtual clock at a fixed rate."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import DeviceError
from xrdrama.run.ingress import MOST_EVENTS, MOST_SAMPLES, IngressLog
from xrdrama.spatial import Pose
from xrdrama.timing import NS
from xrdrama.tracking import TrackingSample
from xrdrama.wire.events import CORE, AnyEvent, Entry, MarkerSeen, Origin, Pressed

law = settings(deadline=None, max_examples=100)


@dataclass
class Pages:
    """A log in memory, which can be full."""

    entries: list[Entry] = field(default_factory=list)
    full: bool = False

    def append(
        self,
        at: int,
        event: AnyEvent,
        origin: Origin = CORE,
        *,
        written: Callable[[int], None] | None = None,
    ) -> Entry:
        if self.full:
            raise DeviceError("the disk is full")
        self.entries.append(Entry(len(self.entries), at, event, *origin))
        if written:
            written(len(self.entries) - 1)
        return self.entries[-1]


def live() -> tuple[IngressLog, Pages]:
    pages = Pages()
    return IngressLog(pages, fixed_rate=False), pages


def fixed(*sources: str) -> tuple[IngressLog, Pages]:
    pages = Pages()
    return IngressLog(pages, fixed_rate=True, sources=sources), pages


def pressed(source: str, number: int) -> Pressed:
    return Pressed(source, f"option_{number}")


def sample(at: int) -> TrackingSample:
    return TrackingSample("freed", "1", at, Pose())


# -- live -------------------------------------------------------------------------------------


@law
@given(st.lists(st.integers(0, 1000)), st.lists(st.integers(0, 1000)))
def test_live_arrival_is_the_order_and_every_entry_is_handed_out_once(
    stamps: list[int], frames: list[int]
) -> None:
    ingress, pages = live()
    acknowledged: list[int] = []
    for number, at in enumerate(stamps):
        assert ingress.record(pressed("keys", number), at, acknowledge=acknowledged.append)
        assert acknowledged == list(range(number + 1))  # at once, and after the append
    handed: list[Entry] = []
    for at in [*sorted(frames), 2000]:
        new = ingress.before(at)
        assert all(entry.at < at for entry in new)
        handed += new
    assert handed == pages.entries
    assert [entry.event.option for entry in handed] == [f"option_{n}" for n in range(len(stamps))]
    ats = [entry.at for entry in handed]
    assert ats == sorted(ats) and all(at >= stamp for at, stamp in zip(ats, stamps, strict=True))


def test_live_what_arrives_after_the_frames_time_waits_for_the_next() -> None:
    ingress, _ = live()
    for at in (5, 10, 11):
        ingress.record(pressed("keys", at), at)
    assert [entry.at for entry in ingress.before(10)] == [5]
    assert ingress.before(10) == ()
    assert [entry.at for entry in ingress.before(12)] == [10, 11]


def test_live_more_samples_than_a_tick_can_take_are_counted_and_events_still_come_in() -> None:
    ingress, _ = live()
    taken = [ingress.record(sample(at), at) for at in range(MOST_SAMPLES + 7)]
    assert taken == [True] * MOST_SAMPLES + [False] * 7
    assert ingress.dropped == 7
    assert ingress.record(pressed("keys", 0), 9000)
    assert len(ingress.before(NS)) == MOST_SAMPLES + 1
    assert ingress.record(sample(NS), NS)  # the next tick has room again


@pytest.mark.parametrize("make", [live, lambda: fixed("keys")], ids=["live", "fixed"])
def test_a_flood_of_events_stops_at_the_limit(make) -> None:  # type: ignore[no-untyped-def]
    ingress, pages = make()
    event = pressed("keys", 0)
    taken = sum(ingress.record(event, 1) for _ in range(MOST_EVENTS + 50))
    assert (taken, ingress.dropped) == (MOST_EVENTS, 50)
    assert len(ingress.before(2)) == MOST_EVENTS == len(pages.entries)
    assert ingress.record(event, 3)


def test_a_full_disk_refuses_and_the_next_event_is_taken() -> None:
    ingress, pages = live()
    pages.full = True
    acknowledged: list[int] = []
    assert not ingress.record(pressed("keys", 0), 0, acknowledge=acknowledged.append)
    assert (ingress.dropped, ingress.failure, acknowledged) == (1, "the disk is full", [])
    assert ingress.before(1) == ()
    pages.full = False
    assert ingress.record(pressed("keys", 1), 0, acknowledge=acknowledged.append)
    assert acknowledged == [0]


def test_a_full_disk_at_a_fixed_rate_is_counted_and_never_acknowledged() -> None:
    ingress, pages = fixed("keys")
    acknowledged: list[int] = []
    for number in range(3):
        ingress.record(pressed("keys", number), number, acknowledge=acknowledged.append)
    pages.full = True
    assert ingress.before(2) == ()
    pages.full = False
    assert [entry.event.option for entry in ingress.before(9)] == ["option_2"]
    assert (ingress.dropped, acknowledged) == (2, [0])


def test_entries_of_a_resumed_take_come_first_and_are_not_logged_again() -> None:
    ingress, pages = live()
    left = (Entry(7, 50, pressed("keys", 7)), Entry(8, 60, pressed("keys", 8)))
    ingress.put_back(left)
    ingress.record(pressed("keys", 9), 0)  # before the show starts again, its time is 0
    assert ingress.before(61) == (*left, pages.entries[0])
    assert len(pages.entries) == 1 and pages.entries[0].at == 60
    ingress.put_back(())
    assert ingress.before(NS) == ()


def test_many_threads_lose_nothing_and_the_log_never_goes_back() -> None:
    ingress, pages = live()

    def shout(source: str) -> None:
        for number in range(500):
            assert ingress.record(pressed(source, number), number)

    threads = [threading.Thread(target=shout, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    handed: list[Entry] = []
    while any(thread.is_alive() for thread in threads):
        handed += ingress.before(250)
    for thread in threads:
        thread.join()
    handed += ingress.before(NS)
    assert handed == pages.entries and len(handed) == 2000
    assert all(a.at <= b.at for a, b in pairwise(handed))
    for name in "abcd":
        mine = [entry.event.option for entry in handed if entry.event.source == name]
        assert mine == [f"option_{n}" for n in range(500)]


# -- fixed rate -------------------------------------------------------------------------------

plans = st.dictionaries(
    st.sampled_from(["mic", "hand", "move"]),
    st.lists(st.integers(0, 100), max_size=12).map(sorted),
    min_size=1,
)


def arrived(
    plan: dict[str, list[int]], order: list[str], frames: tuple[int, ...] = (200,)
) -> list[tuple[int, str, str]]:
    """What a show sees when the sources' events come in `order`."""
    ingress, pages = fixed(*plan)
    left = {source: list(enumerate(stamps)) for source, stamps in plan.items()}
    for source in order:
        number, at = left[source].pop(0)
        ingress.record(pressed(source, number), at)
    handed = [entry for at in frames for entry in ingress.before(at)]
    assert handed == pages.entries
    return [(entry.at, entry.event.source, entry.event.option) for entry in handed]


@law
@given(plans, st.data())
def test_any_order_of_arrival_gives_the_same_fixed_rate_log(
    plan: dict[str, list[int]], data: st.DataObject
) -> None:
    turns = [source for source, stamps in plan.items() for _ in stamps]
    one = arrived(plan, turns)
    assert one == arrived(plan, data.draw(st.permutations(turns)))
    assert one == arrived(plan, turns, (10, 33, 33, 90, 200))  # nor do the ticks matter
    assert [at for at, _, _ in one] == sorted(at for stamps in plan.values() for at in stamps)
    for source, stamps in plan.items():  # each source in its own order
        mine = [option for _, who, option in one if who == source]
        assert mine == [f"option_{n}" for n in range(len(stamps))]


def test_a_source_that_comes_after_its_promise_counts_in_the_next_frame() -> None:
    ingress, _ = fixed("mic")
    assert ingress.before(100) == ()
    ingress.record(pressed("mic", 0), 40)
    assert [entry.at for entry in ingress.before(200)] == [100]


def test_at_a_fixed_rate_nothing_is_logged_or_acknowledged_before_its_frame() -> None:
    ingress, pages = fixed("mic")
    acknowledged: list[int] = []
    ingress.record(pressed("mic", 0), 70, Origin("p", 9), acknowledge=acknowledged.append)
    ingress.before(70)
    assert (pages.entries, acknowledged) == ([], [])
    ingress.before(71)
    assert acknowledged == [0]
    assert pages.entries == [Entry(0, 70, pressed("mic", 0), "p", 9)]


def test_a_frame_waits_for_every_source_and_names_who_is_silent() -> None:
    ingress, _ = fixed("mic", "hand")
    assert ingress.wait_for(10, 0.0) == ["hand", "mic"]
    ingress.promise("mic", 10)
    assert ingress.wait_for(10, 0.0) == ["hand"]
    ingress.promise("hand", 9)
    assert ingress.wait_for(10, 0.01) == ["hand"]
    ingress.leave("hand")  # nobody waits for one who is gone
    assert ingress.wait_for(10, 0.0) == []
    assert ingress.wait_for(11, 0.0) == ["mic"]


def test_a_promise_wakes_the_frame_that_waits() -> None:
    ingress, _ = fixed("mic")
    promised = threading.Timer(0.05, ingress.promise, ("mic", 500))
    promised.start()
    assert ingress.wait_for(500, 30.0) == []
    promised.join()


def test_live_nobody_is_waited_for() -> None:
    ingress = IngressLog(Pages(), fixed_rate=False, sources=("mic",))
    assert ingress.wait_for(NS, 0.0) == []


def test_events_of_equal_stamp_and_source_are_never_compared() -> None:
    ingress, _ = fixed("keys")
    for event in (MarkerSeen("keys", "m", 0), pressed("keys", 1), MarkerSeen("keys", "m", 0)):
        ingress.record(event, 5)
    assert [type(entry.event) for entry in ingress.before(6)] == [MarkerSeen, Pressed, MarkerSeen]
