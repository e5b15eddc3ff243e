"""Recordings: datagrams one after another, JSON lines, lists, several documents in one file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracking.opentrackio.packets import dynamic, packet, text_of, without
from xrdrama.errors import UsageError
from xrdrama.tracking.datagrams import decode_datagram
from xrdrama.tracking.logs import read_log
from xrdrama.tracking.opentrackio import Decoder, recording
from xrdrama.tracking.opentrackio.logs import documents
from xrdrama.tracking.opentrackio.segments import LOST

SAMPLES = [dynamic(sourceNumber=number) for number in (1, 2, 3)]
TEXTS = [text_of(sample) for sample in SAMPLES]
PRETTY = [json.dumps(sample, indent=2).encode() for sample in SAMPLES]
WAYS = {
    "lines": b"\n".join(TEXTS) + b"\n",
    "lines of Windows": b"\r\n".join(TEXTS),
    "empty lines": b"\n\n".join(TEXTS),
    "lists": b"[" + b", ".join(TEXTS) + b"]",
    "a list over lines": b"[\n" + b",\n".join(PRETTY) + b"\n]\n",
    "documents": b"\n".join(PRETTY),
    "documents without a break": b"".join(PRETTY),
    "two in one line": TEXTS[0] + b" " + TEXTS[1] + b"\n" + TEXTS[2],
    "two lists": b"[" + TEXTS[0] + b"][" + TEXTS[1] + b"," + TEXTS[2] + b"]",
    "a byte order mark": b"\xef\xbb\xbf" + b"\n".join(TEXTS),
    "lines with commas": b",\n".join(TEXTS),
    "datagrams": b"".join(map(packet, TEXTS)),
}


def subjects(data: bytes) -> list[str]:
    return [sample.subject for part in recording(data) for sample in part.samples]


def errors(data: bytes) -> list[str]:
    return [part.error for part in recording(data) if part.error]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_write_samples_into_a_file(way: str) -> None:
    assert subjects(WAYS[way]) == ["1", "2", "3"]
    assert errors(WAYS[way]) == []


@pytest.mark.parametrize("text", [*TEXTS[:1], *PRETTY[:1]])
def test_one_sample_in_a_file(text: bytes) -> None:
    assert subjects(text) == ["1"]


def test_a_damaged_line_does_not_spoil_the_others() -> None:
    lines = [TEXTS[0], TEXTS[1][:-40], b"hello", TEXTS[2]]
    assert subjects(b"\n".join(lines)) == ["1", "3"]
    assert errors(b"\n".join(lines)) == [
        "line 2: the JSON object has no end: the file or line is cut off",
        "line 3: expected a JSON object",
    ]


def test_a_file_that_is_cut_off_is_used_up_to_there() -> None:
    data = b"".join(PRETTY)[:-30]
    assert subjects(data) == ["1", "2"]
    (wrong,) = errors(data)
    assert "cut off" in wrong and wrong.startswith(
        f"line {2 * PRETTY[0].count(b'{') and 1 + sum(one.count(10) for one in PRETTY[:2])}:"
    )


def test_datagrams_that_are_cut_off_or_lost() -> None:
    assert subjects(packet(TEXTS[0]) + packet(TEXTS[1])[:-1]) == ["1"]
    assert "announces" in errors(packet(TEXTS[0]) + packet(TEXTS[1])[:-1])[0]
    half = packet(TEXTS[0][:50], last=False)
    assert errors(half + packet(TEXTS[1], sequence=1)) == [LOST]


def test_a_log_has_every_source_number() -> None:
    assert subjects(text_of(dynamic(sourceNumber=0))) == ["0"]


@pytest.mark.parametrize("data", [b"", b"\n", b"hello", b"12\n13", b"d101", b"\x00\xff" * 40])
def test_what_is_neither_is_an_error(data: bytes) -> None:
    assert errors(data) and subjects(data) == []


def test_an_empty_list_has_no_samples() -> None:
    assert list(recording(b"[]")) == []


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from([*TEXTS, b"{", b"}", b"[", b"]", b'"', b"\\", b"\n", b",", b"\xff",
                                 packet(TEXTS[0]), b"NaN", b"null"]), max_size=12))  # fmt: skip
def test_no_file_raises(parts: list[bytes]) -> None:
    data = b"".join(parts)
    for found in recording(data):
        assert not found.error.startswith("fault"), found.error


def test_long_files_are_read_in_one_pass() -> None:
    data = b'{"a": "' + b"\\" * 200_000
    assert [text for _, text in documents(data)] == [
        "the JSON object has no end: the file or line is cut off"
    ]
    assert len(list(documents(b'"' * 100_001))) >= 1


# -- replay -------------------------------------------------------------------------------------


def at_time(seconds: int, nanoseconds: int) -> dict[str, object]:
    stamp = {"seconds": seconds, "nanoseconds": nanoseconds}
    return dynamic(timing={"sampleTimestamp": stamp})


@pytest.mark.parametrize("way", ["lines", "list", "datagrams"])
def test_a_log_is_replayed_at_the_times_of_its_samples(way: str) -> None:
    texts = [text_of(at_time(100, 900_000_000)), text_of(at_time(101, 100_000_000))]
    ways = {
        "lines": b"\n".join(texts),
        "list": b"[" + b",".join(texts) + b"]",
        "datagrams": b"".join(map(packet, texts)),
    }
    log = read_log(ways[way], "takes.jsonl")
    assert log.protocol == "opentrackio" and [entry.at for entry in log.entries] == [0, 200_000_000]
    decoder = Decoder()
    found = [decode_datagram(decoder, entry.datagram, at=entry.at) for entry in log.entries]
    assert [len(one.samples) for one in found] == [1, 1]


def test_samples_without_a_time_are_a_period_of_their_rate_apart() -> None:
    text = text_of(dynamic(timing={"sampleRate": {"num": 24_000, "denom": 1001}}))
    log = read_log(b"\n".join([text] * 3), "log")
    assert [entry.at for entry in log.entries] == [0, 41_708_333, 83_416_666]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (text_of(without(dynamic(), ("timing",))), "line 1: the sample has neither"),
        (text_of(at_time(9, 0)) + b"\n" + text_of(at_time(8, 0)), "line 2: the time goes back"),
        (text_of(at_time(9, 0)) + b"\n" + text_of(at_time(9, 0))[:-9], "line 2: .* has no end"),
        (packet(text_of(at_time(9, 0))[:40], last=False), "datagram 1: only samples in a single"),
        (packet(text_of(at_time(9, 0)))[:-1], "datagram 1: .*announces"),
    ],
)
def test_a_log_that_cannot_be_replayed_names_the_place(data: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why) as caught:
        read_log(data, "log.jsonl")
    assert "xrdrama track decode opentrackio log.jsonl" in caught.value.remedy
