"""Phones that vote over real WebSockets: each counts once, and every page has the tally."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.adapters.web.audience.server import AudienceServer


@pytest.fixture
def boat(tmp_path: Path) -> Iterator[AudienceServer]:
    with AudienceServer(tmp_path, show="the_last_boat") as served:
        yield served


@pytest.mark.parametrize("phones", [12, 500])
def test_no_vote_is_lost_or_doubled(boat: AudienceServer, phones: int) -> None:
    boat.play_to_choice()
    options = ("girl", "doctor")
    last: dict[int, str] = {}
    with ExitStack() as stack:
        pages = [stack.enter_context(boat.watch()) for _ in range(min(phones, 60))]
        cookies = [page.cookie for page in pages]
        cookies += [boat.join() for _ in range(phones - len(pages))]
        for number, page in enumerate(pages):
            option = options[number % 3 == 0]
            assert "recorded" in page.ask(1, do="tap", option=option)
            assert "recorded" in page.ask(1, do="tap", option=option)  # sent again: counts once
            if number % 4 == 0:  # changes its mind, with a key
                option = options[number % 8 == 0]
                assert "recorded" in page.ask(2, do="tap", option=option, by="key")
            last[number] = option
        for number, cookie in enumerate(cookies[len(pages) :], len(pages)):
            with boat.watch(cookie) as page:
                last[number] = options[number % 3 == 0]
                assert "recorded" in page.ask(1, do="tap", option=last[number])
        counts = Counter(last.values())
        tally = boat.play(2).tally
        assert tally is not None and tally.voters == phones
        assert tally.counts == {"girl": counts["girl"], "doctor": counts["doctor"]}
        assert tally.changed == sum(number % 4 == 0 for number in range(len(pages)))
        pages[0].until(lambda p: p.state.get("tally", {}).get("voters") == phones)
        assert pages[0].state["tally"]["counts"] == tally.counts
        frame = boat.play(24 * 25, until=lambda frame: frame.picks)
        (pick,) = frame.picks
        winner = max(options, key=lambda option: counts[option])
        assert (pick.option, pick.trigger) == (winner, "vote")
        assert pick.tally is not None and pick.tally.counts == tally.counts
        assert pages[0].ask(9, do="tap", option="girl")["code"] == "closed"
