"""Recordings of trackers: what is written is read; what is wrong is named with its line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import UsageError
from xrdrama.tracking.logs import Entry, entry_line, header_line, read_log

HEAD = header_line("freed")
A, B = (entry_line(Entry(at, b"\xd1\x01", "10.0.0.7:40000")) for at in (5, 9))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 2**60), st.binary(max_size=40)), min_size=1, max_size=20))
def test_what_is_written_is_read(pairs: list[tuple[int, bytes]]) -> None:
    entries = tuple(Entry(at, data, "s") for at, data in sorted(pairs))
    text = header_line("psn") + "".join(map(entry_line, entries))
    log = read_log(text.encode(), "a.log")
    assert log.protocol == "psn" and log.entries == entries


def test_empty_lines_are_ignored() -> None:
    assert len(read_log(f"{HEAD}\n{A}\n\n{B}".encode(), "a").entries) == 2


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("", "a.log is not a tracking log: line 1", "track record"),
        ("{}\n", "line 1: .*missing required field", "track record"),
        ('{"xrdrama":"take","version":1,"protocol":"x"}\n', "not a tracking log of version", ""),
        (HEAD, "no datagrams", "record while"),
        (HEAD + A + HEAD + B, "line 3: a second recording begins", "split the file"),
        (HEAD + A.strip() + B, "line 2: two JSON documents in one line", "its own line"),
        (HEAD + A + B[:-9], "line 3 is cut", "the 1 datagrams before it are complete"),
        (HEAD + B + A, "line 3: the time goes back from 9 to 5", "sort"),
        (HEAD + A + "nonsense\n" + B, "line 3: ", "correct or delete"),
        (HEAD + '{"at": 1, "hex": "d1 0"}\n', "line 2: hex is not pairs", "correct"),
        (HEAD + '{"at": -1, "hex": ""}\n', "line 2: Expected `int` >= 0", "correct"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str, remedy: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        read_log(text.encode(), "a.log")
    assert remedy in caught.value.remedy


@settings(deadline=None, max_examples=400)
@given(st.binary(max_size=200), st.integers(0, 200))
def test_any_bytes_are_a_log_or_an_error(noise: bytes, where: int) -> None:
    text = (HEAD + A + B).encode()
    for data in (noise, text[:where] + noise + text[where:]):
        try:
            read_log(data, "a.log")
        except UsageError:
            continue
