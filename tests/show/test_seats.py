"""Viewers' voices and hands: each seat apart from the others, by the stage's rule."""

from __future__ import annotations

from msgspec.structs import replace

from tests.show.small import MS, OPENS, SHOW, STORY, Log, picks_of, played, said, shows, small, ways
from xrdrama.show.state.seats import MOST_SEATS, seat_of, with_seat
from xrdrama.timing import NS
from xrdrama.wire.events import AnyEvent, HandPose, Heard
from xrdrama.wire.frame import Frame

PRODUCTION = small()
BEGAN = OPENS + 300 * MS


def frames(log: Log, production: object = PRODUCTION) -> list[Frame]:
    return played(log, 5.0, production)[1]  # type: ignore[arg-type]


def speaks(seat: int, text: str, began: int = BEGAN) -> tuple[int, Heard]:
    heard = replace(said(text, began), source=f"audience.{seat}.voice")
    return heard.ended + 200 * MS, heard


def hand(seat: int, pose: HandPose, begin: int, end: int) -> list[tuple[int, AnyEvent]]:
    source = f"audience.{seat}.hand"
    return [(at, replace(e, source=source)) for at, e in shows(pose, begin, end)]


def fed_back(found: list[Frame]) -> list[tuple[str, str]]:
    return [(f.source, f.verdict) for frame in found for f in frame.feedback]


def test_the_seat_of_a_source() -> None:
    assert seat_of("audience.7.voice") == seat_of("audience.7") == "audience.7"
    assert seat_of("mic") == seat_of("audience") == seat_of("audience2.7.voice") == ""
    known: dict[str, int] = {}
    for number in range(100):
        known = with_seat(known, f"audience.{number}", number)
    assert len(known) == MOST_SEATS and "audience.99" in known and "audience.0" not in known


def test_one_phones_word_picks_in_the_room() -> None:
    found = frames([speaks(7, "let her go")])
    (pick,) = picks_of(found)
    assert (pick.option, pick.trigger, pick.name) == ("leave", "voice", "audience.7.voice")
    assert [source for source, _ in fed_back(found)] == ["audience.7.voice"]
    # The control: a sentence without a phrase picks nothing.
    other = frames([speaks(7, "the weather is lovely")])
    assert not picks_of(other) and fed_back(other) == [("audience.7.voice", "unlikely")]


def test_a_seat_neither_takes_back_nor_replaces_what_another_said() -> None:
    first = speaks(1, "let her go")
    later = first[0] + 50 * MS
    for said_by_other in ("cancel", "I remember you", "the weather is lovely"):
        event = replace(speaks(2, said_by_other)[1], ended=BEGAN + 900 * MS)
        found = frames([first, (later, event)])
        assert [(p.option, p.name) for p in picks_of(found)] == [("leave", "audience.1.voice")]
    # The control: the seat itself takes it back.
    back = replace(speaks(1, "cancel")[1], ended=BEGAN + 900 * MS)
    assert not picks_of(frames([first, (later, back)]))


def test_misses_of_one_seat_give_numbers_to_that_seat_alone() -> None:
    strict = small(SHOW + "voice: {accept: 0.1, again: 0.9}\n")
    misses = [speaks(1, "let them grow", BEGAN + n * 300 * MS) for n in range(2)]
    found = frames([*misses, speaks(1, "two", BEGAN + NS)], strict)
    assert [verdict for _, verdict in fed_back(found)] == ["again", "again", "candidate"]
    assert ways(found) == [("first", "leave", "voice")]
    assert not any(frame.choice and frame.choice.numbered for frame in found)
    # The control: another seat has missed nothing.
    assert not picks_of(frames([*misses, speaks(2, "two", BEGAN + NS)], strict))


def test_what_is_said_over_an_audible_line_does_not_count() -> None:
    deaf = replace(PRODUCTION, hears_itself=False)
    at, event = speaks(7, "let her go")
    over = replace(event, began=1400 * MS)
    for production in (PRODUCTION, deaf):  # a phone may play the lines itself
        found = frames([(at, over)], production)
        assert not picks_of(found) and fed_back(found) == [("audience.7.voice", "own_voice")]
    # The control: the stage's microphone that does not hear the lines.
    assert picks_of(frames([(at, replace(over, source="mic"))], deaf))


def test_two_hands_are_not_one() -> None:
    held = hand(1, "fist", BEGAN, BEGAN + 1500 * MS)
    other = hand(2, "open_palm", BEGAN + 10 * MS, BEGAN + 500 * MS)
    (pick,) = picks_of(frames(sorted([*held, *other], key=lambda one: one[0])))
    assert (pick.option, pick.trigger, pick.name) == ("leave", "gesture", "audience.1.hand")
    # The control: the same pictures from one camera are not a held hand.
    mixed = [(at, replace(e, source="cam")) for at, e in (*held[:12], *other)]
    assert not picks_of(frames(sorted(mixed, key=lambda one: one[0])))


def test_words_and_hands_are_votes_where_viewers_vote() -> None:
    story = STORY.replace('on: [voice: "let her go", gesture: fist]',
                          'on: [vote, voice: "let her go", gesture: fist]')  # fmt: skip
    production = small(story=story)
    voice = [speaks(7, "let her go"), speaks(7, "let her go", BEGAN + NS), speaks(8, "let her go")]
    found = frames([*voice, *hand(9, "fist", BEGAN, BEGAN + 1500 * MS)], production)
    assert not picks_of(found)
    last = [f.tally for f in found if f.tally][-1]
    assert last.counts["leave"] == 3 and last.voters == 3
    # The control: the stage's microphone picks.
    assert picks_of(frames([(voice[0][0], replace(voice[0][1], source="mic"))], production))
