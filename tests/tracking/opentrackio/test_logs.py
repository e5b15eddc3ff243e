"""Recordings: datagrams one after another, JSON lines, lists, several documents in one file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracking.opentrackio.packets import dynamic, packet, text_of
from xrdrama.tracking.opentrackio import recording
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
