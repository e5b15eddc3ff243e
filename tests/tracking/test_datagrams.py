"""What receiving does with a decoder of anybody: faults are values, never exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from xrdrama.errors import RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.datagrams import MOST_SAMPLES, DatagramError, decode_datagram

GOOD = TrackingSample("test", "1", 5, Pose())


class Raising:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def feed(self, datagram: bytes, at: int) -> Iterator[TrackingSample]:
        yield GOOD
        raise self.error


class Returning:
    def __init__(self, samples: object) -> None:
        self.samples = samples

    def feed(self, datagram: bytes, at: int) -> Iterable[TrackingSample]:
        return self.samples  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (IndexError("no such byte"), "fault in the decoder: IndexError: no such byte"),
        (SystemExit(3), "fault in the decoder: SystemExit: 3"),
        (MemoryError(), "fault in the decoder: MemoryError:"),
        (RuntimeError("two\nlines"), "fault in the decoder: RuntimeError: two lines"),
        (RemoteProtocolError("bad checksum"), "bad checksum"),
    ],
)
def test_what_a_decoder_raises_is_the_error_of_the_datagram(
    error: BaseException, text: str
) -> None:
    found = decode_datagram(Raising(error), b"x")
    assert found.error == text and found.samples == (GOOD,)


def test_ctrl_c_is_not_a_fault_of_the_decoder() -> None:
    with pytest.raises(KeyboardInterrupt):
        decode_datagram(Raising(KeyboardInterrupt()), b"x")


def test_a_datagram_error_carries_the_samples_before_the_fault() -> None:
    found = decode_datagram(Raising(DatagramError("cut", [GOOD])), b"x")
    assert found.samples == (GOOD, GOOD) and found.error == "cut"


NAN = float("nan")


@pytest.mark.parametrize(
    ("samples", "text"),
    [
        (None, "TypeError"),
        (7, "TypeError"),
        ([None], "feed() yielded NoneType, not TrackingSample"),
        (["1"], "feed() yielded str"),
        ([TrackingSample("t", "1", 0, Pose(Vec3(NAN, 0.0, 0.0)))], "ValidationError"),
        ([TrackingSample("t", "1", 0, Pose(Vec3(2e6, 0.0, 0.0)))], "ValidationError"),
        ([TrackingSample("t", 1, 0, Pose())], "ValidationError"),  # type: ignore[arg-type]
        ([TrackingSample("t", "1", 2**70, Pose())], "fault in the decoder"),
        ([TrackingSample("t", "1", 0, Pose(), zoom=NAN)], "ValidationError"),
        ([TrackingSample("t", "1", 0, Pose(Vec3(), Quat(0.0, 0.0, 0.0, 0.0)))], "norm 0, not 1"),
        ([TrackingSample("t", "1", 0, object())], "fault in the decoder"),  # type: ignore[arg-type]
    ],
)
def test_a_value_that_a_show_cannot_record_is_a_fault(samples: object, text: str) -> None:
    found = decode_datagram(Returning(samples), b"x")
    assert found.samples == () and text in found.error


def test_samples_before_a_bad_value_are_kept() -> None:
    found = decode_datagram(Returning([GOOD, None]), b"x")
    assert found.samples == (GOOD,) and found.error


def test_a_decoder_without_an_end_is_stopped() -> None:
    def endless() -> Iterator[TrackingSample]:
        while True:
            yield GOOD

    found = decode_datagram(Returning(endless()), b"x")
    assert len(found.samples) == MOST_SAMPLES and "more than 1024 samples" in found.error


def test_no_sample_and_no_error_is_an_incomplete_message() -> None:
    found = decode_datagram(Returning(()), b"x")
    assert found.samples == () and found.error == "" and found.padding == 0
