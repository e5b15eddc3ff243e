"""Picking by looking."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.openxr.interaction.gaze import DWELL, LAPSE, Gaze, look, progress

MS = 1_000_000


def watch(cards: list[tuple[int, str]], choice: str = "door") -> list[tuple[int, str]]:
    """What is picked, and after how many milliseconds, by a gaze that is found every 20 ms."""
    gaze, now, picked = Gaze(), 0, []
    for milliseconds, card in cards:
        for _ in range(0, milliseconds, 20):
            gaze, option = look(gaze, choice, card, now * MS)
            if option:
                picked.append((now, option))
            now += 20
    return picked


def test_a_card_that_is_looked_at_for_the_dwell_is_picked() -> None:
    (at, option), *more = watch([(100, ""), (1500, "open")])
    assert option == "open" and not more
    assert at == 100 + DWELL // MS


def test_a_shorter_look_picks_nothing() -> None:
    assert watch([(100, ""), (DWELL // MS - 40, "open"), (500, "")]) == []


def test_a_gaze_that_rests_on_a_card_as_it_appears_picks_nothing() -> None:
    assert watch([(5000, "open")]) == []
    assert watch([(5000, "open"), (40, ""), (1300, "open")]) != []


def test_one_look_picks_once() -> None:
    assert len(watch([(100, ""), (9000, "open")])) == 1
    assert len(watch([(100, ""), (2000, "open"), (300, ""), (2000, "open")])) == 2


def test_look_aside_restarts_the_dwell_but_a_blink_does_not() -> None:
    blink, aside = LAPSE // MS - 40, LAPSE // MS + 100
    (at, _), *_ = watch([(100, ""), (600, "open"), (blink, ""), (900, "open")])
    assert at <= 100 + DWELL // MS + blink
    assert watch([(100, ""), (600, "open"), (aside, ""), (900, "open")]) == []


def test_slow_frames_do_not_restart_the_dwell_but_a_long_gap_does() -> None:
    def picks(*times: int) -> list[int]:
        gaze, found = Gaze("door", armed=True), []
        for now in times:
            gaze, option = look(gaze, "door", "open", now * MS)
            if option:
                found.append(now)
        return found

    assert picks(0, 400, 800, 1200, 1600) == [1200]
    assert picks(0, 400, 1600, 2000, 2400) == []


def test_dwell_restarts_on_another_card() -> None:
    assert watch([(100, ""), (1000, "open"), (1000, "shut"), (1000, "open")]) == []
    assert watch([(100, ""), (1000, "open"), (1300, "shut")])[0][1] == "shut"


def test_dwell_restarts_with_another_choice() -> None:
    gaze, _ = look(Gaze(), "one", "", 0)
    gaze, _ = look(gaze, "one", "open", 20 * MS)
    gaze, picked = look(gaze, "two", "open", DWELL + 40 * MS)
    assert not picked and not gaze.armed
    gaze, picked = look(gaze, "", "open", 3 * DWELL)
    assert not picked and gaze == Gaze("")


def test_progress_tells_how_far_it_has_come() -> None:
    gaze, _ = look(Gaze("a", armed=True), "a", "open", 0)
    assert [progress(gaze, share * DWELL // 4) for share in (0, 1, 2, 8)] == [0, 0.25, 0.5, 1]
    assert progress(Gaze("a", armed=True), 10 * DWELL) == 0.0


@given(st.lists(st.tuples(st.integers(20, 2000), st.sampled_from(["", "open", "shut"]))))
def test_nothing_is_picked_that_was_not_looked_at_for_the_dwell(
    looks: list[tuple[int, str]],
) -> None:
    seen: list[tuple[int, str]] = []
    now = 0
    for milliseconds, card in looks:
        for _ in range(0, milliseconds, 20):
            seen.append((now, card))
            now += 20
    for at, option in watch(looks):
        during = [card for then, card in seen if at - DWELL // MS <= then <= at]
        others = [card for card in during if card not in ("", option)]
        assert not others
        assert during.count(option) >= len(during) // 2
