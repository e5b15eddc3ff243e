"""A take is what it was, or it is refused by the name of what is not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.show.small import MS, OPENS, SHOW, Log, entries_of, loaded, shows, small, spoken
from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.show.take import (
    MAGIC,
    MAX_RECORD,
    Closed,
    Header,
    Logged,
    Record,
    Source,
    Ticked,
    check_sources,
    encode_record,
    read_take,
    replay,
    restored,
    source_of,
    ticks_of,
)
from xrdrama.timing import NS, FrameTime
from xrdrama.tools.takes.replaying import open_take, replay_take
from xrdrama.wire.commands import LookRecalled, LookSaved, ParamSet
from xrdrama.wire.events import Entry, Pressed
from xrdrama.wire.frame import frame_hash
from xrdrama.wire.schema import schema_hash

PRODUCTION = small()
LOG: Log = [
    (NS, ParamSet("director", "fog", 0.5)),
    spoken("I remember you", OPENS + 300 * MS),
    *shows("open_palm", 6 * NS, 8 * NS),
]


def header(**changes: object) -> Header:
    texts = loaded()
    plain = Header(
        "small",
        "0.1.0",
        schema_hash(),
        (24, 1),
        texts.sources(),
        {"roles": json.dumps(texts.roles)},
    )
    return msgspec.structs.replace(plain, **changes)


def records(log: Log, frames: int = 220, production: Production = PRODUCTION) -> list[Record]:
    """What a run at a fixed rate would have written."""
    entries, show = entries_of(log), opening(production)
    found: list[Record] = []
    done = 0
    for number in range(frames):
        time = FrameTime.of(number, production.rate)
        new = tuple(entry for entry in entries[done:] if entry.at < time.shows_at)
        found += [Logged(entry) for entry in new]
        done += len(new)
        show, frame = advance(show, Tick(time, new))
        found.append(Ticked(number, done, frame_hash(frame)))
    return found


def written(found: Sequence[Record], head: Header | None = None) -> bytes:
    return MAGIC + b"".join(encode_record(one) for one in (head or header(), *found))


RUN = records(LOG)
DATA = written(RUN)


# -- replay ---------------------------------------------------------------------------------------


def test_a_replay_gives_every_frame_again() -> None:
    take = read_take(DATA)
    assert len(take.ticks) == 220 and len(take.entries) == len(LOG) and not take.torn
    played = list(replay(take, PRODUCTION))
    assert all(same for _, same in played)
    assert [pick.option for frame, _ in played for pick in frame.picks] == ["stay", "more"]


def test_replay_and_resumption_have_the_looks_that_were_saved_during_the_take() -> None:
    log: Log = [
        *LOG,
        (2 * NS, LookSaved("director", "dusk", 1.0)),
        (5 * NS // 2, ParamSet("director", "fog", 1.0)),
        (3 * NS, LookRecalled("director", "dusk", 0.25)),
        (11 * NS, LookRecalled("director", "dusk", 0.0)),
    ]
    take = read_take(written(records(log, 300)))
    played = list(replay(take, PRODUCTION))
    assert all(same for _, same in played)
    fog = [frame.params["fog"] for frame, _ in played]
    assert (fog[70], fog[80]) == (1.0, 0.5)
    assert not [one for frame, _ in played for one in frame.refused]
    cut = msgspec.structs.replace(take, ticks=take.ticks[:220])
    show = restored(cut, PRODUCTION)
    for ticked, tick in zip(take.ticks[220:], list(ticks_of(take, PRODUCTION))[220:], strict=True):
        show, frame = advance(show, tick[0])
        assert frame_hash(frame) == ticked.hash


def test_a_replay_of_another_production_differs_from_the_first_frame_that_does() -> None:
    other = small(SHOW, loaded().texts["small.branch.yaml"].replace("  #laaaaa", " He? #laaaaa"))
    same = [same for _, same in replay(read_take(DATA), other)]
    assert same.count(True) < len(same)
    assert not same[0]  # the caption of the first line


def test_the_end_of_a_take_is_the_show_as_it_stood() -> None:
    show = opening(PRODUCTION)
    for tick, _ in ticks_of(read_take(DATA), PRODUCTION):
        show, _ = advance(show, tick)
    assert restored(read_take(DATA), PRODUCTION) == show
    more = records(LOG, 300)
    whole = restored(read_take(written(more)), PRODUCTION)
    for number in range(220, 300):
        entries = tuple(
            entry
            for entry in entries_of(LOG)
            if PRODUCTION.rate.shows_at(number - 1) <= entry.at < PRODUCTION.rate.shows_at(number)
        )
        show, _ = advance(show, Tick(FrameTime.of(number, PRODUCTION.rate), entries))
    assert show == whole


# -- what follows what ----------------------------------------------------------------------------


def entry(seq: int) -> Logged:
    return Logged(Entry(seq, 10 * seq, Pressed("keys", f"option{seq}")))


def tick(number: int, upto: int) -> Ticked:
    return Ticked(number, upto, bytes(16))


@pytest.mark.parametrize(
    "last",
    [
        entry(3),  # a number is missing
        entry(1),  # a number twice
        tick(2, 3),  # entries that are not there
        tick(2, 1),  # entries that a frame has seen already
        tick(1, 2),  # the same frame twice
        tick(0, 2),  # back in time
        header(),  # two takes in one file
    ],
    ids=repr,
)
def test_a_record_that_cannot_follow_ends_the_good_part(last: Record) -> None:
    good = [entry(0), tick(0, 1), entry(1), tick(1, 2)]
    data = written(good)
    take = read_take(data + encode_record(last) + encode_record(entry(2)))
    assert take.torn and take.good == len(data)
    assert (len(take.entries), len(take.ticks)) == (2, 2)
    assert not read_take(data + encode_record(entry(2)) + encode_record(tick(5, 3))).torn


def test_a_take_that_was_resumed_is_not_closed_any_more() -> None:
    good = [entry(0), tick(0, 1), Closed({"late": 2})]
    assert read_take(written(good)).closed == Closed({"late": 2})
    assert read_take(written([*good, entry(1)])).closed is None
    assert read_take(written([*good, tick(1, 1)])).closed is None
    assert read_take(written([*good, tick(1, 1), Closed()])).closed == Closed()


def test_a_record_larger_than_any_is_a_torn_tail() -> None:
    data = written([entry(0)])
    lie = (MAX_RECORD + 1).to_bytes(4, "little") + bytes(4)
    take = read_take(data + lie + b"x" * 100)
    assert take.torn and take.good == len(data) and len(take.entries) == 1


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200), st.booleans())
def test_garbage_is_no_take_or_a_torn_one(garbage: bytes, behind: bool) -> None:
    start = written([entry(0)]) if behind else b""
    try:
        take = read_take(start + garbage)
    except RemoteProtocolError as error:
        assert not behind and "take" in str(error)
    else:
        assert take.entries[0] == Entry(0, 0, Pressed("keys", "option0"))


# -- other versions, changed content --------------------------------------------------------------


@pytest.mark.parametrize("magic", [b"XRTAKE2\n", b"XRTAKE0\n", b"PK\3\4", b""])
def test_another_format_is_refused_by_the_name_of_the_file(magic: bytes) -> None:
    with pytest.raises(RemoteProtocolError, match=r"night\.take is not a take"):
        read_take(magic + DATA[len(MAGIC) :] if magic else b"", "night.take")


def test_a_take_whose_frames_are_other_values_is_refused_by_its_version(tmp_path: Path) -> None:
    path = tmp_path / "night.take"
    path.write_bytes(written(RUN, header(schema="0" * 32, version="0.0.7")))
    with pytest.raises(UsageError, match=r"night\.take.*xrdrama 0\.0\.7") as caught:
        open_take(path, embedded=True)
    assert "replay it with xrdrama 0.0.7" in caught.value.remedy


def test_changed_content_is_named() -> None:
    take = read_take(DATA)
    now = dict(take.header.sources)
    assert check_sources(take, now) == []
    for name in ("yard/scene.yaml", "small.branch.yaml"):
        now[name] = source_of(b"something else", embed=False)
    assert check_sources(take, now) == ["small.branch.yaml", "yard/scene.yaml"]
    del now["yard/scene.yaml"]  # what is not there any more is taken from the take
    assert check_sources(take, now) == ["small.branch.yaml"]


def test_a_file_beside_the_take_that_changed_is_refused_by_name(tmp_path: Path) -> None:
    for name, text in loaded().texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    path = tmp_path / "night.take"
    path.write_bytes(DATA)
    assert replay_take(path).identical
    (tmp_path / "box.stage.yaml").write_text("other", "utf-8")
    with pytest.raises(UsageError, match=r"was recorded: box\.stage\.yaml") as caught:
        replay_take(path)
    assert "--embedded" in caught.value.remedy
    assert replay_take(path, embedded=True).identical


def test_a_show_file_with_other_looks_still_fits_its_take(tmp_path: Path) -> None:
    for name, text in loaded().texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    path = tmp_path / "night.take"
    path.write_bytes(DATA)
    show = tmp_path / "small.show.yaml"
    was = show.read_text("utf-8")
    show.write_text(f"{was}looks:\n  dusk: {{params: {{fog: 1}}}}\n", "utf-8")
    done = replay_take(path)
    assert done.identical and done.remarks == (
        f"the looks in {show} have changed since: those stored in the take are used",
    )
    show.write_text(f"{was}looks:\n  dusk: {{params: {{fog: 1}}}}\nseconds: 5\n", "utf-8")
    with pytest.raises(UsageError, match=r"was recorded: small\.show\.yaml"):
        replay_take(path)


def test_an_embedded_text_that_was_tampered_with_is_refused_by_name(tmp_path: Path) -> None:
    sources = dict(header().sources)
    story = sources["small.branch.yaml"]
    assert story.text is not None
    sources["small.branch.yaml"] = Source(story.hash, story.text.replace("asked", "askde"))
    path = tmp_path / "night.take"
    path.write_bytes(written(RUN, header(sources=sources)))
    with pytest.raises(RemoteProtocolError, match=r"its copy of small\.branch\.yaml was changed"):
        open_take(path, embedded=True)


def test_a_replay_says_the_first_frame_that_differs(tmp_path: Path) -> None:
    path = tmp_path / "night.take"
    forged = [
        msgspec.structs.replace(one, hash=bytes(16))
        if isinstance(one, Ticked) and one.number in (77, 99)
        else one
        for one in RUN
    ]
    path.write_bytes(written(forged))
    found = replay_take(path, embedded=True)
    assert (found.frames, found.identical, found.first_difference) == (220, False, 77)
    path.write_bytes(DATA[:-3])
    found = replay_take(path, embedded=True)
    assert (found.frames, found.identical, found.torn) == (219, True, True)


def test_a_header_embeds_texts_and_only_the_hash_of_what_is_large() -> None:
    small_file, large = source_of(b"text", embed=True), source_of(b"text", embed=False)
    assert small_file.hash == large.hash and len(small_file.hash) == 32
    assert (small_file.text, large.text) == ("text", None)
