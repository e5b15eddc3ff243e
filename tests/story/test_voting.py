"""How votes are counted: laws of ballots, the rules of a story, and what an author gets wrong."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.story import parse_story
from xrdrama.story.stepping.happenings import Declined, Voted, VotesCounted
from xrdrama.story.stepping.rehearsal import Rehearsal
from xrdrama.story.voting import Ballot, VoteRule, decided, why_refused

OPTIONS = ("a", "b", "c")
VOTES = st.lists(
    st.tuples(st.sampled_from([f"v{n}" for n in range(12)]), st.sampled_from(OPTIONS)), max_size=60
)

STORY = """\
xrdrama: 1
id: small
scene: yard
start: first
beats:
  first:
    choice:
      window: {lasts: 4s, grace: 1s}
      vote: {VOTE}
      options:
        stay: {to: stayed, on: vote}
        leave: {to: gone, on: [vote, gesture: fist]}
        hide: {to: gone, on: [gesture: point]}
      else: quiet
  stayed: {ending: stayed}
  gone: {ending: gone}
  quiet: {ending: quiet}
"""


def ballot(votes: list[tuple[str, str]]) -> Ballot:
    found = Ballot.of(5, OPTIONS)
    for voter, option in votes:
        found = found.with_vote(voter, option, 1)
    return found


def rehearsal(vote: str = "{}", seed: int = 0) -> Rehearsal:
    story, problems, _ = parse_story(STORY.replace("{VOTE}", vote), "small.branch.yaml")
    assert story is not None and not [one for one in problems if one.severity == "error"]
    return Rehearsal(story, seed=seed)


@given(VOTES)
def test_sums_are_those_of_a_recount_of_each_voters_last_vote(votes: list[tuple[str, str]]) -> None:
    last = dict(votes)
    found = ballot(votes)
    recount = Counter(last.values())
    assert found.counts() == {option: recount[option] for option in OPTIONS}
    assert found.voters == len(last) and found.changed == len(votes) - len(last)


@given(VOTES, st.randoms())
def test_order_of_voters_changes_nothing(votes: list[tuple[str, str]], random) -> None:  # type: ignore[no-untyped-def]
    one_each = list(dict(votes).items())
    shuffled = one_each[:]
    random.shuffle(shuffled)
    for ties in ("first", "draw", "else"):
        rule = VoteRule(ties=ties)
        assert decided(ballot(one_each), rule, 0, 7) == decided(ballot(shuffled), rule, 0, 7)


@given(VOTES, st.sets(st.sampled_from(OPTIONS), min_size=1))
@settings(max_examples=50)
def test_votes_for_removed_options_are_removed(
    votes: list[tuple[str, str]], kept: set[str]
) -> None:
    options = tuple(sorted(kept))
    recount = Counter(option for option in dict(votes).values() if option in kept)
    assert ballot(votes).among(options).counts() == {one: recount[one] for one in options}


@pytest.mark.parametrize(
    ("quorum", "joined", "least"),
    [("0", 50, 0), ("7", 50, 7), ("30%", 10, 3), ("30%", 11, 4), ("100%", 3, 3), ("0%", 9, 0)],
)
def test_quorum_is_a_number_or_a_share_rounded_up(quorum: str, joined: int, least: int) -> None:
    assert VoteRule(quorum=quorum).least(joined) == least


def test_most_votes_win_and_ties_follow_the_rule() -> None:
    tied = ballot([("v1", "c"), ("v2", "b")])
    assert decided(tied, VoteRule(), 0, 1).result == "b"
    assert decided(tied, VoteRule(ties="else"), 0, 1).result == "else"
    drawn = {decided(tied, VoteRule(ties="draw"), 0, dice).result for dice in range(40)}
    assert drawn == {"b", "c"}
    assert decided(ballot([("v1", "c")]), VoteRule(quorum="2"), 0, 1).result == "else"


def test_weights_and_second_votes() -> None:
    found = Ballot.of(0, OPTIONS).with_vote("v1", "a", 3).with_vote("v1", "b", 3)
    assert found.counts() == {"a": 0, "b": 3, "c": 0}
    assert why_refused(found, VoteRule(changes="first"), "a", "v1", 0) is not None
    assert why_refused(found, VoteRule(), "a", "v1", 0) is None
    assert why_refused(found, VoteRule(), "a", "v1", 9) == (
        "vote_late", "the vote is for an earlier opening of the choice",
    )  # fmt: skip
    assert (why_refused(found, VoteRule(), "z", "v1", 0) or ("",))[0] == "no_vote"
    assert (why_refused(None, VoteRule(), "a", "v1", 0) or ("",))[0] == "vote_late"


def test_votes_decide_when_the_window_closes() -> None:
    played = rehearsal()
    played.vote("stay", 2)
    played.vote("leave", 3)
    assert not played.ended
    happened = played.pick("else")
    (counted,) = [one for one in happened if isinstance(one, VotesCounted)]
    assert (counted.result, counted.why, counted.ballot.voters) == ("leave", "most", 5)
    assert played.playthrough.ending == "gone"


def test_silence_and_a_missed_quorum_take_the_else() -> None:
    silent = rehearsal()
    silent.pick("else")
    assert silent.playthrough.ending == "quiet"
    few = rehearsal("{quorum: 30%}")
    few.join(10)
    few.vote("stay", 2)
    few.pick("else")
    assert few.playthrough.ending == "quiet"
    enough = rehearsal("{quorum: 30%}")
    enough.join(10)
    enough.vote("stay", 3)
    enough.pick("else")
    assert enough.playthrough.ending == "stayed"


def test_another_trigger_ends_the_vote() -> None:
    played = rehearsal()
    played.vote("stay", 2)
    happened = played.pick("hide")
    assert [one.why for one in happened if isinstance(one, VotesCounted)] == ["picked"]
    assert played.playthrough.ending == "gone"


def test_option_without_on_vote_cannot_be_voted_for() -> None:
    played = rehearsal()
    (declined,) = played.vote("hide")
    assert isinstance(declined, Declined) and declined.code == "no_vote"
    assert isinstance(declined.event, Voted)
    assert played.playthrough.ballot is not None and played.playthrough.ballot.refused == 1


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("window: {lasts: 4s, grace: 1s}", "window: {opens: 1s}", "S143"),
        ("      window: {lasts: 4s, grace: 1s}\n", "", "S143"),
        ("on: vote", "on: [vote: yes]", "S220"),
        ("{VOTE}", "{quorum: 101%}", ""),
        ("{VOTE}", "{quorum: many}", ""),
        ("{VOTE}", "{ties: last}", ""),
        ("{VOTE}", "{weights: {front: 0}}", ""),
    ],
)
def test_mistakes_are_located(old: str, new: str, code: str) -> None:
    text = STORY.replace(old, new).replace("{VOTE}", "{}")
    problems = parse_story(text, "small.branch.yaml")[1]
    assert problems and all(problem.line > 1 for problem in problems)
    assert code in [problem.code for problem in problems] or not code


def test_rule_without_a_voted_option_is_refused() -> None:
    text = STORY.replace("{VOTE}", "{}").replace("on: vote", "on: {gesture: victory}")
    text = text.replace("[vote, gesture: fist]", "[gesture: fist]")
    problems = parse_story(text, "small.branch.yaml")[1]
    assert "S144" in [problem.code for problem in problems]
