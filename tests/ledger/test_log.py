"""The bounds of an event log in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.errors import UsageError
from xrdrama.ledger.log import (
    MOST_DATA,
    MOST_NAME,
    Appended,
    Entry,
    appended,
    checked_acknowledgement,
    refusal_of,
    reused,
)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (Entry("", b"", "a"), "the key has 0 bytes; 1 to 200 are allowed"),
        (Entry("k", b"", "x" * 201), "the id has 201 bytes; 1 to 200 are allowed"),
        (
            Entry("k", b"", "a\n"),
            "the id has characters that cannot be printed, such as line breaks",
        ),
        (Entry("\udc80", b"", "a"), "the key is not valid Unicode"),
        (Entry("k", bytes(65_537), "a"), "the data of an entry has 65537 bytes; 65536 are allowed"),
    ],
)
def test_what_is_out_of_bounds_is_said_in_words(entry: Entry, words: str) -> None:
    refused = refusal_of(entry)
    assert refused is not None and (refused.code, refused.reason) == ("out_of_bounds", words)
    with pytest.raises(UsageError, match=r"allowed|Unicode|printed"):
        appended(refused)


@given(st.text(max_size=210), st.integers(0, MOST_DATA + 2), st.text(max_size=210))
def test_exactly_what_fits_is_allowed(key: str, size: int, id: str) -> None:
    def fits(name: str) -> bool:
        try:
            return name.isprintable() and 1 <= len(name.encode()) <= MOST_NAME
        except UnicodeEncodeError:
            return False

    refused = refusal_of(Entry(key, bytes(size), id))
    assert (refused is None) == (fits(key) and fits(id) and size <= MOST_DATA)


def test_a_reused_id_names_the_entry_that_has_it() -> None:
    assert "number 7" in reused("a", 7).reason and "'a'" in reused("a", 7).reason
    assert appended(Appended(3, again=True)).again


def test_only_what_is_in_the_log_is_acknowledged() -> None:
    checked_acknowledgement("tally", 3, 3)
    with pytest.raises(UsageError, match=r"cannot acknowledge entry 4; the newest .* is 3"):
        checked_acknowledgement("tally", 4, 3)
