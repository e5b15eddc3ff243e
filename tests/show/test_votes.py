"""Votes in a show: what counts, the tally of the frames, the pick, undo and replay."""

from __future__ import annotations

from tests.show.small import CLOSES, ELSE, MS, OPENS, STORY, Log, picks_of, played, refusals, small
from xrdrama.timing import NS
from xrdrama.wire.commands import Undone
from xrdrama.wire.events import Joined, Pressed, Voted
from xrdrama.wire.frame import Frame, frame_hash
from xrdrama.wire.tally import Tally

VOTED = (
    STORY.replace('[voice: "I remember you", gesture: open_palm, marker: gate]', "vote")
    .replace('on: [voice: "let her go", gesture: fist]', 'on: [vote, voice: "let her go"]')
    .replace("      window: {lasts: 4s", "      vote: {quorum: 20%, weights: {front: 3}}\n"
             "      window: {lasts: 4s")
)  # fmt: skip
PRODUCTION = small(story=VOTED)
SOON = OPENS + 300 * MS


def vote(option: str, voter: str, group: str = "", opening: int = OPENS) -> Voted:
    return Voted("audience", "first", opening, option, voter, group)


def frames(log: Log, seconds: float = 8.0) -> list[Frame]:
    return played(log, seconds, PRODUCTION)[1]


def last_open(found: list[Frame]) -> Tally:
    return [f.tally for f in found if f.tally and f.tally.phase == "open"][-1]


LOG: Log = [
    (MS, Joined("audience", 10)),
    (SOON, vote("stay", "a")),
    (SOON + 1, vote("leave", "b", "front")),
    (SOON + 2, vote("stay", "c")),
    (SOON + 3, vote("leave", "c")),
]


def test_tally_is_in_every_frame_of_the_open_choice() -> None:
    found = frames(LOG, 4.0)
    opened = [f for f in found if f.choice is not None]
    assert opened and all(f.tally is not None for f in opened)
    tally = last_open(found)
    assert tally.counts == {"stay": 1, "leave": 4} and tally.opening == OPENS
    assert (tally.voters, tally.joined, tally.quorum, tally.changed) == (3, 10, 2, 1)


def test_pick_has_the_trigger_and_the_numbers() -> None:
    found = frames(LOG)
    pick = picks_of(found)[0]
    assert (pick.option, pick.trigger, pick.to) == ("leave", "vote", "gone")
    assert pick.tally is not None and pick.tally.counts == {"stay": 1, "leave": 4}
    first = next(f for f in found if f.picks)
    assert first.time.shows_at >= ELSE and first.tally == pick.tally
    assert pick.tally.phase == "decided" and pick.tally.result == "leave"


def test_grace_counts_and_later_votes_are_refused_and_counted() -> None:
    found = frames([*LOG, (CLOSES + 500 * MS, vote("stay", "d")), (ELSE + NS, vote("stay", "e"))])
    tally = found[-1].tally
    assert tally is not None and tally.counts["stay"] == 2 and tally.refused == 1
    assert refusals(found) == ["vote_late"]


def test_stale_unknown_and_foreign_votes_are_refused() -> None:
    bad: Log = [
        (SOON, vote("stay", "a", opening=OPENS - 1)),
        (SOON, vote("nowhere", "a")),
        (SOON, Voted("audience", "other", OPENS, "stay", "a")),
        (MS, vote("stay", "a")),
    ]
    found = frames(bad, 4.0)
    assert sorted(refusals(found)) == ["no_vote", "vote_late", "vote_late", "vote_late"]
    assert last_open(found).voters == 0


def test_missed_quorum_takes_the_else_with_the_numbers() -> None:
    found = frames([(MS, Joined("audience", 10)), (SOON, vote("stay", "a"))])
    pick = picks_of(found)[0]
    assert (pick.option, pick.trigger) == ("else", "vote")
    assert pick.tally is not None and (pick.tally.why, pick.tally.quorum) == ("quorum", 2)


def test_no_vote_at_all_is_silence() -> None:
    assert [(p.option, p.trigger) for p in picks_of(frames([]))][:1] == [("else", "timeout")]


def test_tap_on_a_voted_option_is_a_vote_of_its_source() -> None:
    found = frames([(SOON, Pressed("viewer", "stay")), (SOON + 1, Pressed("viewer", "stay"))], 4.0)
    assert picks_of(found) == [] and last_open(found).counts == {"stay": 1, "leave": 0}


def test_opening_again_after_undo_refuses_votes_for_the_first_opening() -> None:
    again: Log = [*LOG, (ELSE + NS, Undone("console")), (ELSE + 4 * NS, vote("stay", "z"))]
    found = frames(again, 11.0)
    assert refusals(found) == ["vote_late"]
    tally = last_open(found)
    assert tally.voters == 0 and tally.joined == 10 and tally.opening > ELSE


def test_played_again_every_frame_is_the_same() -> None:
    first, second = ([frame_hash(f) for f in frames(LOG)] for _ in range(2))
    other = [frame_hash(f) for f in frames([*LOG, (SOON + 9, vote("stay", "x"))])]
    assert first == second != other
