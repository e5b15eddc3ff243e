"""Phones that vote over real WebSockets: each counts once, and every page has the tally."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.adapters.web.audience.phones import Phone
from tests.adapters.web.audience.server import AudienceServer
from xrdrama.audience.votes import open_desk


@pytest.mark.parametrize(("phones", "signed"), [(12, False), (500, True)])
def test_no_vote_is_lost_or_doubled(tmp_path: Path, phones: int, signed: bool) -> None:
    desk = open_desk(tmp_path / "votes", "the_last_boat")
    options = ("girl", "doctor")
    last: dict[int, str] = {}
    indexes: list[int] = []
    with ExitStack() as stack:
        served = AudienceServer(tmp_path, show="the_last_boat", desk=desk)
        boat = stack.enter_context(served)
        boat.play_to_choice()
        voters = [Phone(boat) for _ in range(phones)]
        pages = [stack.enter_context(voter.open()) for voter in voters[:60]]

        def vote(number: int, option: str, id: int = 1, by: str = "tap") -> None:
            """Vote, and send the same request again: it counts once."""
            with ExitStack() as own:
                page = pages[number] if number < 60 else own.enter_context(voters[number].open())
                words = {"do": "tap", "option": option, "by": by}
                if signed:
                    words = voters[number].words(page, option)
                answer = page.ask(id, **words)
                assert "recorded" in answer
                if number < 60:
                    assert page.ask(id, **words) == answer
                if signed:
                    indexes.append(answer["receipt"]["index"])
                last[number] = option

        for number in range(phones):
            vote(number, options[number % 3 == 0])
            if number < 60 and number % 4 == 0:  # changes its mind, with a key
                vote(number, options[number % 8 == 0], id=2, by="key")
        counts = Counter(last.values())
        changed = sum(number % 4 == 0 for number in range(min(phones, 60)))
        assert indexes == list(range(phones + changed) if signed else [])
        tally = boat.play(2).tally
        assert tally is not None and (tally.voters, tally.changed) == (phones, changed)
        assert tally.counts == {"girl": counts["girl"], "doctor": counts["doctor"]}
        pages[0].until(lambda p: p.state.get("tally", {}).get("voters") == phones)
        assert pages[0].state["tally"]["counts"] == tally.counts
        frame = boat.play(24 * 25, until=lambda frame: frame.picks)
        (pick,) = frame.picks
        winner = max(options, key=lambda option: counts[option])
        assert (pick.option, pick.trigger) == (winner, "vote")
        assert pick.tally is not None and pick.tally.counts == tally.counts
        late = "vote_late" if signed else "closed"
        words = voters[0].words(pages[0], "girl") if signed else {"do": "tap", "option": "girl"}
        assert pages[0].ask(9, **words)["code"] == late
