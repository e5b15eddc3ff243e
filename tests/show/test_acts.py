"""What people do: phrases and hands, in grace and too late, held, taken back, and by nobody."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.show.small import (
    CLOSES,
    ELSE,
    LINE,
    MS,
    OPENS,
    SHOW,
    STORY,
    Log,
    picks_of,
    played,
    said,
    shows,
    small,
    spoken,
    verdicts,
    ways,
)
from xrdrama.show.production import HandRule
from xrdrama.show.state.hand import Hand, held, see, spent
from xrdrama.timing import NS
from xrdrama.wire.commands import ConfirmMode, Forced, HeldStory
from xrdrama.wire.events import Gestured, HandPose, Hearing, MarkerSeen, Pressed

PRODUCTION = small()
RULE = HandRule()
CONFIRM = PRODUCTION.voice.confirm
SOON = OPENS + 300 * MS
STAY = ("first", "stay", "voice")
SILENCE = ("first", "else", "timeout")


def way(log: Log, seconds: float = 7.5) -> list[tuple[str, str, str]]:
    return ways(played(log, seconds, PRODUCTION)[1])


# -- the voice ----------------------------------------------------------------------------------


def test_a_phrase_is_shown_and_then_picks() -> None:
    at, heard = spoken("I remember you", SOON)
    _, frames = played([(SOON, Hearing("mic", SOON)), (at, heard)], 4, PRODUCTION)
    (pick,) = picks_of(frames)
    assert (pick.beat, pick.choice, pick.option, pick.to) == ("first", "first", "stay", "stayed")
    assert (pick.trigger, pick.said, pick.confidence) == ("voice", "I remember you", 1.0)
    assert pick.latency == at + CONFIRM - heard.ended
    hearing = [f.time.shows_at for f in frames if f.choice and f.choice.hearing]
    shown = [f.time.shows_at for f in frames if f.choice and f.choice.options[0].heard]
    assert min(hearing) >= SOON and max(hearing) < at <= min(shown)
    assert max(shown) < at + CONFIRM <= min(f.time.shows_at for f in frames if f.picks)
    assert verdicts(frames) == ["candidate"]


def test_a_phrase_can_be_taken_back_until_it_picks() -> None:
    at, heard = spoken("I remember you", SOON)
    back = said("never mind", SOON + 850 * MS, SOON + 1000 * MS)
    assert way([(at, heard), (at + CONFIRM - 1, back)]) == [SILENCE]
    assert way([(at, heard), (at + CONFIRM, back)]) == [STAY]


@pytest.mark.parametrize(
    "text", ["the weather is fine", "not a word of it", "shall we whisper", "once more", ""]
)
def test_only_what_is_open_now_can_be_picked(text: str) -> None:
    """Neither what nobody offers, nor an option whose condition is false, nor one of elsewhere."""
    assert way([spoken(text, SOON)]) == [SILENCE]


def test_the_phrases_of_an_option_open_with_it() -> None:
    story = STORY.replace("init: 0", "init: 6")
    frames = played([spoken("shall we whisper", SOON)], 4, small(SHOW, story))[1]
    assert ways(frames) == [("first", "whisper", "voice")]


def test_before_a_choice_opens_nothing_can_be_picked() -> None:
    early = said("I remember you", LINE + 260 * MS, LINE + 300 * MS)
    assert OPENS > LINE + 349 * MS
    _, frames = played([(OPENS - 1, early)], 7.5, PRODUCTION)
    assert (verdicts(frames), ways(frames)) == (["nothing_open"], [SILENCE])
    assert way([(OPENS, early)]) == [STAY]


def test_our_own_line_is_nobodys_word() -> None:
    """The loudspeaker says it into the microphone; the room rings on for a moment."""
    echo = PRODUCTION.voice.echo
    heard = said("I remember you", LINE + echo - 1, LINE + echo + 400 * MS)
    _, frames = played([(OPENS + NS, heard)], 7.5, PRODUCTION)
    assert (verdicts(frames), ways(frames)) == (["own_voice"], [SILENCE])
    assert way([(OPENS + NS, said("I remember you", LINE + echo, LINE + echo + 400 * MS))]) == [
        STAY
    ]
    deaf = small(SHOW + "hears_itself: false\n")
    assert ways(played([(OPENS + NS, heard)], 7.5, deaf)[1]) == [STAY]


def test_two_misses_and_the_options_have_numbers() -> None:
    mumbled = [
        (SOON + n * 500 * MS, said("eye remembers do", SOON + n * 500 * MS - 300 * MS))
        for n in range(2)
    ]
    production = small(SHOW + "voice: {accept: 0.1, again: 0.9}\n")
    one = (SOON + 1500 * MS, said("one", SOON + 900 * MS, SOON + 1300 * MS))
    _, frames = played([*mumbled, one], 7, production)
    assert verdicts(frames)[:2] == ["again", "again"]
    assert ways(frames) == [STAY]
    numbered = [f.time.shows_at for f in frames if f.choice and f.choice.numbered]
    assert min(numbered) >= mumbled[1][0]
    assert ways(played([mumbled[0], one], 7, production)[1]) == [SILENCE]  # one miss: none


# -- grace --------------------------------------------------------------------------------------


def test_a_phrase_begun_before_the_close_counts_in_the_grace() -> None:
    last = said("I remember you", CLOSES, CLOSES + 300 * MS)
    assert way([(ELSE - 1, last)]) == [STAY]
    after = said("I remember you", CLOSES + 1, CLOSES + 300 * MS)
    _, frames = played([(CLOSES + 500 * MS, after)], 7.5, PRODUCTION)
    assert (verdicts(frames), ways(frames)) == (["too_late"], [SILENCE])


def test_the_window_does_not_close_over_a_phrase_that_was_understood() -> None:
    last = said("I remember you", CLOSES - 100 * MS, CLOSES + 300 * MS)
    at = ELSE - CONFIRM // 2  # its time to be taken back would end behind the grace
    _, frames = played([(at, last)], 7.5, PRODUCTION)
    assert ways(frames) == [STAY]
    assert picks_of(frames)[0].latency == ELSE - 1 - last.ended


def test_silence_is_taken_at_the_end_of_the_grace() -> None:
    _, frames = played([], 8, PRODUCTION)
    assert ways(frames) == [SILENCE]
    taken = next(f.time.shows_at for f in frames if f.picks)
    assert ELSE <= taken < ELSE + NS // 50
    left = [f.choice.left for f in frames if f.choice]
    assert left[0] == pytest.approx(1.0, abs=0.01) and left[-1] == pytest.approx(0.0, abs=0.01)


def test_a_choice_without_a_window_waits_for_ever() -> None:
    log = [(OPENS, Pressed("keys", "stay"))]
    show, frames = played(log, 100, PRODUCTION, fps=5)
    assert ways(frames) == [("first", "stay", "button")]
    assert frames[-1].beat == "again"
    assert frames[-1].choice is not None and frames[-1].choice.left is None
    assert show.story_due is None


# -- the hand -----------------------------------------------------------------------------------


def test_a_held_hand_picks_after_its_dwell() -> None:
    hand = shows("fist", SOON, SOON + 2 * NS)
    _, frames = played(hand, 5, PRODUCTION)
    (pick,) = picks_of(frames)
    assert (pick.option, pick.trigger, pick.said) == ("leave", "gesture", "fist")
    assert pick.confidence == pytest.approx(0.9)
    assert pick.latency < 150 * MS
    progress = [f.choice.options[1].progress for f in frames if f.choice]
    assert progress == sorted(progress) and 0.5 < progress[-1] < 1.0
    assert max(f.choice.options[0].progress for f in frames if f.choice) == 0.0
    # k of n frames agree at the sixth; from there it is the dwell, to a frame of the camera.
    began = SOON + (RULE.votes - 1) * (NS // 30)
    picked = next(f.time.shows_at for f in frames if f.picks)
    assert 0 <= picked - (began + RULE.dwell + 100 * MS) < 2 * NS // 30


@pytest.mark.parametrize(
    ("pose", "begin", "end", "score"),
    [
        ("fist", SOON, SOON + 700 * MS, 0.9),  # shorter than votes and dwell
        ("victory", SOON, SOON + 3 * NS, 0.9),  # no option shows it
        ("fist", SOON, SOON + 3 * NS, 0.2),  # too unsure
        ("fist", 0, OPENS, 0.9),  # before the choice is open
        ("other", SOON, SOON + 3 * NS, 0.9),
    ],
)
def test_a_hand_that_does_not_pick(pose: HandPose, begin: int, end: int, score: float) -> None:
    assert way(shows(pose, begin, end, score)) == [SILENCE]


def test_a_hand_held_before_counts_from_the_opening() -> None:
    _, frames = played(shows("fist", 0, OPENS + 2 * NS), 5, PRODUCTION)
    picked = next(f.time.shows_at for f in frames if f.picks)
    assert OPENS + RULE.dwell <= picked < OPENS + RULE.dwell + 200 * MS


def test_a_hand_that_picked_must_rest_before_it_picks_again() -> None:
    """`again` shows the same pose: who keeps the palm up does not answer two questions."""
    kept = shows("open_palm", SOON, 40 * NS)
    _, frames = played(kept, 20, PRODUCTION)
    assert ways(frames) == [("first", "stay", "gesture")]
    lowered = [
        *shows("open_palm", SOON, SOON + 2 * NS),
        *shows("none", SOON + 2 * NS, 12 * NS),
        *shows("open_palm", 12 * NS, 14 * NS),
    ]
    _, frames = played(lowered, 14, PRODUCTION)
    assert ways(frames)[:2] == [("first", "stay", "gesture"), ("again", "more", "gesture")]


def test_one_poor_video_frame_does_not_break_a_hold() -> None:
    hand = shows("fist", SOON, SOON + 2 * NS)
    at, _ = hand[12]
    hand[12] = (at, Gestured("cam", "none", 0.9, at - 100 * MS))
    _, frames = played(hand, 5, PRODUCTION)
    assert ways(frames) == [("first", "leave", "gesture")]


poses = st.sampled_from(["none", "open_palm", "fist", "point", "victory", "other"])
videos = st.lists(st.tuples(poses, st.floats(0, 1), st.integers(1, 200)), max_size=60)


@settings(deadline=None)
@given(videos, st.integers(0, 5 * NS))
def test_laws_of_a_hand(video: list[tuple[HandPose, float, int]], since: int) -> None:
    hand, at = Hand(), 0
    for pose, score, step in video:
        at += step * MS
        hand = see(hand, Gestured("cam", pose, score, at), RULE)
        assert len(hand.votes) <= RULE.frames
        assert hand.seen == at and hand.since <= at
        if hand.pose != "none":
            assert hand.votes.count(hand.pose) >= RULE.votes
        progress = held(hand, hand.pose, since=since, rule=RULE)
        assert 0.0 <= progress <= 1.0
        assert progress <= max(0, at - since) / RULE.dwell + 1e-9
        assert held(hand, "nothing", since=0, rule=RULE) == 0.0
        assert held(spent(hand, at, RULE), hand.pose, since=0, rule=RULE) == 0.0


# -- keys, markers ------------------------------------------------------------------------------


def test_a_key_picks_what_is_open_and_nothing_else() -> None:
    for option in ("whisper", "more", "no_such"):
        _, frames = played([(SOON, Pressed("keys", option))], 7.5, PRODUCTION)
        assert (verdicts(frames), ways(frames)) == (["nothing_open"], [SILENCE])
        feedback = next(one for f in frames for one in f.feedback)
        assert (feedback.source, feedback.said) == ("keys", option)
    assert way([(SOON, Pressed("keys", "stay"))]) == [("first", "stay", "button")]
    assert way([(OPENS - 1, Pressed("keys", "stay"))]) == [SILENCE]
    # A key is pressed at once: it has no beginning before the close, so no grace.
    assert way([(CLOSES, Pressed("keys", "stay"))]) == [("first", "stay", "button")]
    assert way([(CLOSES + 1, Pressed("keys", "stay"))]) == [SILENCE]


def test_a_second_key_finds_nothing_open() -> None:
    log = [(SOON, Pressed("keys", "stay")), (SOON, Pressed("keys", "leave"))]
    _, frames = played(log, 4, PRODUCTION)
    assert ways(frames) == [("first", "stay", "button")]
    assert verdicts(frames) == ["nothing_open"]


def test_a_marker_picks_an_option_or_opens_what_is_hidden() -> None:
    assert way([(SOON, MarkerSeen("cam", "gate", SOON))]) == [("first", "stay", "marker")]
    log = [(SOON, MarkerSeen("cam", "door_god", SOON)), (SOON, MarkerSeen("cam", "other", SOON))]
    _, frames = played(log, 15, PRODUCTION)
    assert ways(frames)[0] == ("first", "print", "marker")
    inside = [f for f in frames if f.beat == "secret"]
    assert {f.scene for f in inside} == {"hall"}
    assert frames[-1].ending == "quiet"


def test_feedback_says_whether_a_marker_opened_something() -> None:
    log = [
        (0, HeldStory("director", False)),
        *(
            (SOON + n * MS, MarkerSeen("cam", name, SOON))
            for n, name in enumerate(["door_god"] * 2)
        ),
        (SOON + 3 * NS, MarkerSeen("cam", "gate", SOON)),
    ]
    _, frames = played(log, 15, PRODUCTION)
    assert verdicts(frames) == ["opened", "nothing_open", "opened"]
    too_early = [(0, MarkerSeen("cam", "gate", 0)), (MS, MarkerSeen("cam", "other", 0))]
    assert verdicts(played(too_early, 1, PRODUCTION)[1]) == ["nothing_open"] * 2
    confirm = [(0, ConfirmMode("director", True)), (SOON, MarkerSeen("cam", "gate", SOON))]
    assert verdicts(played(confirm, 3, PRODUCTION)[1]) == ["candidate"]


def test_a_hidden_plot_returns_to_the_choice_as_it_was() -> None:
    log = [
        (0, HeldStory("director", False)),
        (SOON, MarkerSeen("cam", "door_god", SOON)),
        (SOON + 100 * MS, MarkerSeen("cam", "door_god", SOON)),
    ]
    _, frames = played(log, 15, PRODUCTION)
    before = [f for f in frames if f.choice and f.time.shows_at < SOON]
    back = next(f for f in frames if f.choice and f.time.shows_at > SOON)
    assert back.choice is not None and before[-1].choice is not None
    assert back.choice.left == pytest.approx(before[-1].choice.left, abs=0.02)
    assert back.params["glow"] != PRODUCTION.scenes["yard"].defaults()["glow"]  # no fresh set
    away = back.time.shows_at - SOON
    taken = next(f.time.shows_at for f in frames if f.picks and f.picks[0].option == "else")
    assert taken == pytest.approx(ELSE + away, abs=NS // 25)


def test_a_hand_kept_up_through_a_hidden_plot_is_held_from_the_return() -> None:
    log = [
        (SOON, MarkerSeen("cam", "door_god", SOON)),
        *shows("fist", SOON + 200 * MS, 12 * NS),
    ]
    _, frames = played(log, 12, PRODUCTION)
    back = next(f.time.shows_at for f in frames if f.choice and f.time.shows_at > SOON)
    picked = next(f.time.shows_at for f in frames if f.picks and f.picks[0].option == "leave")
    assert back + RULE.dwell - NS // 25 <= picked < back + RULE.dwell + 200 * MS


# -- held ---------------------------------------------------------------------------------------


def hold(begin: int, end: int) -> list[tuple[int, HeldStory]]:
    return [(begin, HeldStory("director", True)), (end, HeldStory("director", False))]


def test_nothing_is_picked_while_the_story_is_held() -> None:
    inside = OPENS + NS
    for act in (
        [spoken("I remember you", inside)],
        [(inside, Pressed("keys", "stay"))],
        [(inside, MarkerSeen("cam", "door_god", inside))],
        shows("fist", inside, inside + 2 * NS),
    ):
        log = [*hold(OPENS + 500 * MS, OPENS + 6 * NS), *act]
        _, frames = played(log, 14, PRODUCTION)
        assert ways(frames) == [SILENCE], act[0]


def test_a_hold_moves_everything_by_its_length() -> None:
    free = played([], 8, PRODUCTION)[1]
    _, frames = played(hold(OPENS + NS, OPENS + 3 * NS), 10, PRODUCTION)
    during = [f for f in frames if f.held]
    assert len(during) == 100
    assert len({f.choice.left for f in during if f.choice}) == 1  # the ring stands still
    taken, held_taken = (next(f.time.shows_at for f in r if f.picks) for r in (free, frames))
    assert held_taken - taken == 2 * NS


def test_a_phrase_before_a_hold_picks_after_it() -> None:
    at, heard = spoken("I remember you", SOON)
    log = [(at, heard), *hold(at + CONFIRM // 2, at + 5 * NS)]
    _, frames = played(log, 10, PRODUCTION)
    assert ways(frames) == [STAY]
    picked = next(f.time.shows_at for f in frames if f.picks)
    assert 0 <= picked - (at + 5 * NS + CONFIRM // 2) < NS // 50


def test_a_hand_held_through_a_hold_counts_from_its_end() -> None:
    log = [*shows("fist", SOON, 12 * NS), *hold(SOON + 300 * MS, SOON + 4 * NS)]
    _, frames = played(log, 12, PRODUCTION)
    picked = next(f.time.shows_at for f in frames if f.picks)
    assert ways(frames) == [("first", "leave", "gesture")]
    assert 0 <= picked - (SOON + 4 * NS + RULE.dwell) < 200 * MS


def test_force_ends_a_hold_and_forgets_what_was_said() -> None:
    at, heard = spoken("I remember you", SOON)
    log = [
        (at, heard),
        (at + 1, HeldStory("director", True)),
        (at + NS, Forced("director", "quiet")),
    ]
    _, frames = played(log, 12, PRODUCTION)
    assert ways(frames) == [("first", "", "director")]
    assert not frames[-1].held and frames[-1].ending == "quiet"
