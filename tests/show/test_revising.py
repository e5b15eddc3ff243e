"""A show continues with a newer version of its story, and its take plays every version again."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.show.small import MS, OPENS, SHOW, STORY, Log, entries_of, loaded, small, spoken
from tests.show.test_take import header, written
from xrdrama.content import produce_take
from xrdrama.show import Production, Show, Tick, advance, opening
from xrdrama.show.changes.revising import STEPS_LOST, must_wait, revised
from xrdrama.show.take import (
    Header,
    Logged,
    Record,
    Revision,
    Ticked,
    read_take,
    replay,
    restored,
)
from xrdrama.story import Story
from xrdrama.story.migration import Between, between, renamed_beats
from xrdrama.timing import NS, FrameTime
from xrdrama.wire.commands import Forced, Reloaded, Rolled, Undone
from xrdrama.wire.events import Entry, Pressed
from xrdrama.wire.frame import Frame, frame_hash

FPS = 24
LOG: Log = [(OPENS + NS, Pressed("key", "stay"))]


def edited(*edits: tuple[str, str]) -> Production:
    return small(SHOW, text_with(*edits))


def text_with(*edits: tuple[str, str]) -> str:
    text = STORY
    for was, now in edits:
        assert was in text
        text = text.replace(was, now)
    return text


def run(
    log: Log, frames: int, revisions: dict[int, Production]
) -> tuple[Show, list[Frame], list[Record]]:
    """A run with newer versions from some frames on: the show, its frames, its records."""
    production = small()
    entries, show = entries_of(log), opening(production)
    found: list[Record] = []
    pictures: list[Frame] = []
    done = 0
    for number in range(frames):
        newer = revisions.get(number)
        if newer is not None:
            moved, report = revised(show, newer)
            assert moved is not None, report
            show = moved
            texts = loaded(SHOW, newer_text[id(newer)])
            sources = {"small.branch.yaml": texts.sources()["small.branch.yaml"]}
            found.append(Revision(number, sources, json.dumps(texts.roles)))
        time = FrameTime.of(number, production.rate)
        new = tuple(entry for entry in entries[done:] if entry.at < time.shows_at)
        found += [Logged(entry) for entry in new]
        done += len(new)
        show, frame = advance(show, Tick(time, new))
        pictures.append(frame)
        found.append(Ticked(number, done, frame_hash(frame)))
    return show, pictures, found


newer_text: dict[int, str] = {}


def version(*edits: tuple[str, str]) -> Production:
    made = edited(*edits)
    newer_text[id(made)] = text_with(*edits)
    return made


def captions(frames: list[Frame]) -> list[str]:
    texts = [one.texts["en"] for frame in frames for one in frame.captions]
    return list(dict.fromkeys(texts))


def offered(frame: Frame) -> list[tuple[str, str]]:
    return [(one.id, one.texts["en"]) for one in frame.choice.options] if frame.choice else []


# -- what is shown ------------------------------------------------------------------------------


def test_text_that_is_on_screen_changes_and_the_window_keeps_its_time() -> None:
    newer = version(
        ("I remember you\n          to", "I know you\n          to"),
        ("Will you stay with us?", "Will you stay?"),
    )
    _, frames, _ = run([], 80, {12: newer, 60: newer})
    assert captions(frames) == ["Will you stay with us?", "Will you stay?"]
    _, control, _ = run([], 80, {})
    number = round(OPENS / NS * FPS) + 20
    assert offered(frames[number]) == [("stay", "I know you"), ("leave", "Let her go")]
    here, there = frames[number].choice, control[number].choice
    assert here and there and (here.left, here.closes_at) == (there.left, there.closes_at)


def test_phrase_of_a_new_version_picks() -> None:
    newer = version(('voice: "I remember you"', 'voice: "of course I know you"'))
    log = [spoken("of course I know you", OPENS + 600 * MS)]
    show, _, _ = run(log, 120, {10: newer})
    assert show.playthrough.beat == "stayed"
    show, _, _ = run(log, 120, {})  # the control
    assert show.playthrough.beat == "first"


def test_removed_line_is_not_displayed_any_more() -> None:
    newer = version(("      LAN: Will you stay with us?  #laaaaa\n", ""))
    _, frames, _ = run([], 20, {12: newer})
    assert frames[11].captions != () and frames[13].captions == ()


def test_undo_returns_to_a_beat_of_the_new_version() -> None:
    newer = version(("I remember you\n          to", "I know you\n          to"))
    log = [*LOG, (OPENS + 3 * NS, Undone("desk"))]
    show, frames, _ = run(log, 240, {round((OPENS + 2 * NS) / NS * FPS): newer})
    assert show.playthrough.story is newer.story and show.playthrough.beat == "first"
    assert ("stay", "I know you") in [pair for frame in frames for pair in offered(frame)]


def test_undo_to_a_beat_that_was_removed_is_named() -> None:
    show, _, _ = run(LOG, 96, {})
    text = STORY.replace("start: first", "start: stayed").replace("to: first", "to: gone")
    text = text[: text.index("  first:")] + text[text.index("  stayed:") :]
    text = text.replace("  quiet:\n    director: {hold: false, force: [first]}\n", "  quiet:\n")
    assert len(show.direction.steps) == 1
    moved, report = revised(show, small(SHOW, text))
    assert moved is not None and moved.direction.steps == ()
    assert STEPS_LOST in report.lost


def test_set_stays_until_the_next_beat() -> None:
    newer = version(("  first:\n", "  first:\n    scene: hall\n"))
    show, frames, _ = run([], 20, {10: newer})
    assert {frame.scene for frame in frames} == {"yard"}
    _, report = revised(run([], 10, {})[0], newer)
    assert report.lost == ("the set 'yard' stays until the next beat: this beat has 'hall' now",)
    assert show.playthrough.current.scene == "hall"


def test_version_without_the_current_beat_is_refused() -> None:
    show, _, _ = run(LOG, 96, {})
    assert show.playthrough.beat == "stayed"
    gone = STORY[STORY.index("  stayed:") : STORY.index("  again:")]
    newer = small(SHOW, STORY.replace(gone, "").replace("to: stayed", "to: again"))
    moved, report = revised(show, newer)
    assert moved is None
    assert report.refused == "the story is at beat 'stayed', which is not in the new version"


def test_new_version_waits_for_the_cut_of_a_roll() -> None:
    show, _, _ = run([(NS, Rolled("desk", True))], 48, {})
    assert must_wait(show) == "it is rolling: the new version is used after the cut"
    show, _, _ = run([(NS, Rolled("desk", True)), (NS + 1, Rolled("desk", False))], 48, {})
    assert must_wait(show) == ""


def test_command_asks_for_the_newest_version() -> None:
    show, frames, _ = run([(NS, Reloaded("desk")), (NS + 5, Reloaded("desk"))], 48, {})
    assert show.direction.reloads == 2 and not any(frame.refused for frame in frames)


# -- takes --------------------------------------------------------------------------------------


def test_take_over_two_versions_is_replayed_to_the_same_frames() -> None:
    first = version(("I remember you\n          to", "I know you\n          to"))
    second = version(("LAN: You were four.", "LAN: You were five."), ("max: 9", "max: 5"))
    show, frames, records = run(LOG, 150, {20: first, 90: second})
    take = read_take(written(records))
    assert [one.number for one in take.revisions] == [20, 90] and take.damage is None
    _, production = produce_take(take)
    again = list(replay(take, production))
    assert [frame for frame, _ in again] == frames and all(same for _, same in again)
    assert restored(take, production).playthrough == show.playthrough
    # The control: without the versions the frames differ.
    without = msgspec.structs.replace(production, later=())
    assert not all(same for _, same in replay(take, without))


def test_take_is_read_to_the_end_of_a_version_without_a_frame() -> None:
    newer = version(("LAN: You were four.", "LAN: You were five."))
    show, _, records = run(LOG, 96, {})
    moved, _ = revised(show, newer)
    texts = loaded(SHOW, newer_text[id(newer)])
    last = Revision(96, texts.sources(), json.dumps(texts.roles))
    take = read_take(written([*records, last]))
    assert take.sources["small.branch.yaml"] == texts.sources()["small.branch.yaml"]
    assert moved is not None
    assert restored(take, produce_take(take)[1]).playthrough == moved.playthrough


def test_take_that_was_resumed_with_another_version_before_a_frame_is_read_to_its_end() -> None:
    first = version(("LAN: You were four.", "LAN: You were five."))
    second = version(("LAN: You were four.", "LAN: You were six."))
    show, frames, records = run(LOG, 96, {})
    ended = len(records)
    for newer in (first, second):  # the show was ended after the first one, and resumed
        moved, _ = revised(show, newer)
        assert moved is not None
        show = moved
        texts = loaded(SHOW, newer_text[id(newer)])
        records.append(Revision(96, texts.sources(), json.dumps(texts.roles)))
    take = read_take(written(records))
    assert take.damage is None and [one.number for one in take.revisions] == [96, 96]
    assert restored(take, produce_take(take)[1]).playthrough == show.playthrough
    for number in range(96, 110):
        show, frame = advance(show, Tick(FrameTime.of(number, show.production.rate), ()))
        frames.append(frame)
        records.append(Ticked(number, 1, frame_hash(frame)))
    take = read_take(written(records))
    again = list(replay(take, produce_take(take)[1]))
    assert [frame for frame, _ in again] == frames and all(same for _, same in again)
    assert "LAN: You were six." in (take.sources["small.branch.yaml"].text or "")
    # The control: an older number cannot follow.
    wrong = [*records[: ended + 1], Revision(95, {}, "{}")]
    assert read_take(written(wrong)).damage is not None


def test_undo_steps_are_moved_with_one_comparison_of_the_stories(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newer = version(("LAN: You were four.", "LAN: You were five."))
    show, _, _ = run(LOG, 96, {})
    (step,) = show.direction.steps
    direction = msgspec.structs.replace(show.direction, steps=(step,) * 64)
    show = msgspec.structs.replace(show, direction=direction)
    asked: list[Story] = []

    def counted(old: Story, new: Story) -> dict[str, str]:
        asked.append(new)
        return renamed_beats(old, new)

    monkeypatch.setattr(between, "renamed_beats", counted)
    moved, _ = revised(show, newer)
    assert moved is not None and len(moved.direction.steps) == 64
    assert asked == [newer.story]
    known = Between(show.playthrough.story, newer.story).prepare()
    again, _ = revised(show, newer, known)
    assert again == moved and len(asked) == 2


@pytest.mark.parametrize("number", [5, 20])
def test_version_for_a_frame_that_was_made_already_is_damage(number: int) -> None:
    _, _, records = run([], 21, {})
    late = Revision(number, {}, "{}")
    take = read_take(written([*records, late]))
    assert take.damage is not None and take.revisions == ()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 90), max_size=3, unique=True), st.booleans())
def test_any_moments_of_reloads_are_replayed(numbers: list[int], forced: bool) -> None:
    versions = [
        version(("I remember you\n          to", "I know you\n          to")),
        version(("LAN: Will you stay with us?  #laaaaa", "LAN: Stay.  #laaaaa\n      @wait 1s")),
        version(("      LAN: Will you stay with us?  #laaaaa\n", ""), ("lasts: 4s", "lasts: 2s")),
    ]
    log = [*LOG, (3 * NS, Forced("desk", "again"))] if forced else LOG
    revisions = dict(zip(sorted(numbers), versions, strict=False))
    _, _, records = run(log, 100, revisions)
    take = read_take(written(records))
    _, production = produce_take(take)
    assert all(same for _, same in replay(take, production))


def test_header_and_entries_are_unchanged_by_versions() -> None:
    newer = version(("LAN: You were four.", "LAN: You were five."))
    _, _, records = run(LOG, 96, {30: newer})
    take = read_take(written(records))
    assert isinstance(take.header, Header) and take.header == header()
    assert all(isinstance(one, Entry) for one in take.entries) and len(take.entries) == 1
