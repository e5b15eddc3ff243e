"""Picks of the audience: pressed, seen on a marker, said, shown with a hand.

Each happens at once, or waits for the director where picks are to be confirmed.
"""

from __future__ import annotations

from msgspec.structs import replace

from xrdrama import story as drama
from xrdrama.show.changes.effects import NO_EFFECTS, Effects
from xrdrama.show.changes.progress import Changed, attempt, is_held, story
from xrdrama.show.changes.voting import is_voted_only, pressed_vote
from xrdrama.show.state import Show
from xrdrama.show.state.direction import Act, Proposed
from xrdrama.show.state.hand import Hand, hand_of, held, see, spent
from xrdrama.show.state.seats import seat_of
from xrdrama.show.state.voice import Candidate, Voice, hear
from xrdrama.story.stepping.happenings import Declined
from xrdrama.wire.events import Entry, Gazed, Gestured, Heard, Hearing, Pressed
from xrdrama.wire.frame import Feedback, VoiceVerdict


def pick(show: Show, picked: drama.Picked, source: str, act: Act) -> Changed:
    """An option was picked: it happens, or waits for the director's decision."""
    nothing_open = Effects(feedback=(Feedback(source, picked.option, "nothing_open"),))
    if not show.direction.confirming:
        show, effects, declined = attempt(show, picked, act)
        return show, effects.then(nothing_open) if declined else effects
    _, happenings = drama.step(show.playthrough, picked)
    if any(isinstance(happening, Declined) for happening in happenings):
        return show, nothing_open
    show, effects = story(show, drama.Held(True, picked.at))
    proposed = Proposed(picked.option, picked.by, act, is_held(show))
    return replace(show, direction=replace(show.direction, proposed=proposed)), effects


def marker_seen(show: Show, marker: str, at: int, source: str, role: str) -> Changed:
    """A marker was seen: an option of the open choice, or a hidden plot. The feedback says what
    came of it: `opened`, `candidate` where the director decides, or `nothing_open`."""
    option = next(
        (
            option
            for option in show.playthrough.options()
            if any(t.kind == "marker" and marker in t.values for t in option.triggers)
        ),
        None,
    )
    if option is None:
        found = drama.Found("marker", marker, at)
        show, effects, declined = attempt(show, found, Act(name=source, role=role))
        is_refused = bool(declined)
    else:
        act = Act(marker, name=source, role=role)
        show, effects = pick(show, drama.Picked(option.id, at, "marker"), source, act)
        is_refused = bool(effects.feedback)
    verdict: VoiceVerdict = "nothing_open" if is_refused else "opened"
    if not is_refused and option is not None and show.direction.proposed is not None:
        verdict = "candidate"
    return show, effects._replace(feedback=(Feedback(source, marker, verdict),))


def gazed(show: Show, event: Gazed, at: int, role: str) -> Changed:
    """A viewer looked at a place of the set: an option of the open choice."""
    act = Act(event.place, ended=event.seen, name=event.source, role=role)
    for option in show.playthrough.options():
        if any(t.kind == "gaze" and event.place in t.values for t in option.triggers):
            picked = drama.Picked(option.id, at, "gaze", event.began)
            return pick(show, picked, event.source, act)
    nothing_open = Feedback(event.source, event.place, "nothing_open")
    return show, Effects(feedback=(nothing_open,))


# -- voice ----------------------------------------------------------------------------------------


def hearing(show: Show, began: Hearing) -> Show:
    """Somebody began to speak."""
    seat = seat_of(began.source)
    voice = show.voices.get(seat, Voice())
    return show.with_voice(seat, replace(voice, hearing_since=began.began))


def heard(show: Show, utterance: Heard, at: int, entry: Entry) -> Changed:
    """What a recogniser heard: it may become a candidate, which commits a little later. Each seat
    of the audience has a voice of its own."""
    seat = seat_of(utterance.source)
    production, playthrough = show.production, show.playthrough
    is_open = bool(playthrough.options()) and not is_held(show)
    offers = production.offers.get(playthrough.beat, ()) if is_open else ()
    offered = playthrough.offered
    by_number = [offer for offer in production.numbers if int(offer.option) <= len(offered)]
    silence_due = _silence_due(show)
    voice, feedback = hear(
        show.voices.get(seat, Voice()),
        utterance,
        at=at,
        offers=[offer for offer in offers if offer.option in offered],
        numbers=[replace(offer, option=offered[int(offer.option) - 1]) for offer in by_number],
        cancel=production.cancel,
        rule=production.voice,
        closes_at=playthrough.closes_at,
        latest=None if silence_due is None else silence_due - 1,
        over_own_line=_is_over_own_line(show, utterance),
        role=entry.role,
        seq=entry.seq,
    )
    return show.with_voice(seat, voice), Effects(feedback=(feedback,))


def commit_voice(show: Show, seat: str, candidate: Candidate) -> Changed:
    """The phrase that was not taken back picks; where viewers vote, it is the seat's vote."""
    at = max(show.now, candidate.commits_at)
    show = show.with_voice(seat, replace(show.voices[seat], candidate=None))
    if seat and is_voted_only(show, candidate.option):
        return _seat_vote(show, candidate.source, candidate.option, candidate.seq, at)
    act = Act(
        candidate.said,
        1.0 - candidate.distance,
        candidate.ended,
        name=candidate.source,
        role=candidate.role,
    )
    source = candidate.source if seat else "voice"
    return pick(show, drama.Picked(candidate.option, at, "voice", candidate.began), source, act)


def _seat_vote(show: Show, source: str, option: str, seq: int, at: int) -> Changed:
    """The vote of a seat that said a phrase or showed a hand."""
    pressed = Pressed(source, option)
    return pressed_vote(show, pressed, Entry(seq, at, pressed, role="viewer"), at)


def _silence_due(show: Show) -> int | None:
    """When the open choice takes its else, grace included."""
    closes = show.playthrough.closes_at
    choice = show.playthrough.current.choice
    if closes is None or choice is None or choice.window is None:
        return None
    return closes + choice.window.grace


def _is_over_own_line(show: Show, utterance: Heard) -> bool:
    """Whether it was said while a line of ours could be heard."""
    # A phone may play the lines itself.
    if not show.production.hears_itself and not seat_of(utterance.source):
        return False
    echo = show.production.voice.echo
    return any(
        line.audible and utterance.began < line.ends + echo and utterance.ended > line.began
        for line in show.spoken
    )


# -- hand -----------------------------------------------------------------------------------------


def gestured(show: Show, seen: Gestured, at: int, entry: Entry) -> Changed:
    """One more video frame of a hand: held for long enough, it picks; where viewers vote, it is the
    seat's vote."""
    rule, seat = show.production.hand, seat_of(seen.source)
    hand = see(show.hands.get(seat, Hand()), seen, rule)
    show = show.with_hand(seat, hand)
    options = () if is_held(show) else show.playthrough.options()
    option = next((o for o in options if hand_of(o) == hand.pose), None)
    if option is None or held(hand, hand.pose, since=show.opened, rule=rule) < 1.0:
        return show, NO_EFFECTS
    began = max(hand.since, show.opened)
    if seat and is_voted_only(show, option.id):
        show, effects = _seat_vote(show, seen.source, option.id, entry.seq, at)
        return show.with_hand(seat, spent(hand, at, rule)), effects
    act = Act(hand.pose, hand.score, began + rule.dwell, name=seen.source, role=entry.role)
    source = seen.source if seat else "gesture"
    show, effects = pick(show, drama.Picked(option.id, at, "gesture", began), source, act)
    return show.with_hand(seat, spent(hand, at, rule)), effects
