"""Rational rates, drop-frame timecode over a whole day, watermarks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xrdrama.errors import RemoteProtocolError
from xrdrama.timing import NS, FrameRate, FrameTime, Timecode, Watermarks

law = settings(deadline=None, max_examples=300)
RATES = [
    FrameRate(24),
    FrameRate(25),
    FrameRate(24_000, 1001),
    FrameRate(30_000, 1001),
    FrameRate(60_000, 1001),
]
NTSC, NTSC2 = FrameRate(30_000, 1001), FrameRate(60_000, 1001)
MOST = 10_000_000

rates = st.one_of(
    st.sampled_from(RATES),
    st.builds(FrameRate, st.integers(1, 1_000_000), st.integers(1, 10_000)),
)


# -- rates --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_frame_numbers_and_times_are_inverse_for_ten_million_frames(rate: FrameRate) -> None:
    # Every one of the first and last, and a stride that meets every residue in between.
    numbers = (*range(3000), *range(0, MOST, 997), *range(MOST - 3000, MOST))
    for number in numbers:
        at = rate.shows_at(number)
        assert rate.frame_at(at) == number
        assert rate.frame_at(at - 1) == number - 1
        exact = Fraction(number * rate.denominator * NS, rate.numerator)
        assert 0 <= exact - at < 1


@law
@given(rates, st.integers(0, 10**15))
def test_frame_at_is_the_newest_that_is_not_later(rate: FrameRate, ns: int) -> None:
    number = rate.frame_at(ns)
    assert rate.shows_at(number) <= ns < rate.shows_at(number + 1)


@law
@given(rates, st.integers(0, MOST))
def test_times_rise(rate: FrameRate, number: int) -> None:
    assert rate.shows_at(number) < rate.shows_at(number + 1)
    assert rate.shows_at(0) == 0


def test_a_float_period_would_have_drifted() -> None:
    """The control: what the rational rate is for."""
    number = MOST
    naive = sum([round(NTSC.period, 6)] * 1000) * (number / 1000) * NS
    assert abs(naive - NTSC.shows_at(number)) > NTSC.period * NS


@pytest.mark.parametrize(
    ("text", "rate", "said"),
    [
        ("24", FrameRate(24), "24"),
        ("25/1", FrameRate(25), "25"),
        ("50/2", FrameRate(25), "25"),
        ("23.976", FrameRate(24_000, 1001), "24000/1001"),
        ("23.98", FrameRate(24_000, 1001), "24000/1001"),
        ("29.97", NTSC, "30000/1001"),
        ("47.952", FrameRate(48_000, 1001), "48000/1001"),
        ("59.94", NTSC2, "60000/1001"),
        ("119.88", FrameRate(120_000, 1001), "120000/1001"),
        ("30000/1001", NTSC, "30000/1001"),
    ],
)
def test_rates_are_read_and_said(text: str, rate: FrameRate, said: str) -> None:
    assert FrameRate.parse(text) == rate
    assert str(rate) == said
    assert FrameRate.parse(said) == rate


@pytest.mark.parametrize(
    "text",
    ["", "0", "0/0", "24/0", "-24", "-24/-1", "24.5", "1_000", " 24", "24/", "/24", "٢٤", "24 fps",
     "9999999", "1/9999999", "1" * 5000, "1/2/3", "nan", "1e3"],
)  # fmt: skip
def test_invalid_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a valid frame rate"):
        FrameRate.parse(text)


@given(st.text(max_size=12))
@settings(deadline=None)
def test_any_text_is_a_rate_or_a_value_error(text: str) -> None:
    try:
        rate = FrameRate.parse(text)
    except ValueError:
        return
    assert rate.numerator > 0


@pytest.mark.parametrize("bad", [(0, 1), (24, 0), (-24, 1), (24, -1), (10**7, 1), (1, 10**5)])
def test_nonsense_is_not_a_rate(bad: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not a valid frame rate"):
        FrameRate(*bad)
    with pytest.raises(msgspec.ValidationError):  # nor comes one off a wire
        msgspec.convert(list(bad), FrameRate)


@pytest.mark.parametrize(
    ("rate", "nominal", "drops"),
    [(FrameRate(24), 24, False), (FrameRate(24_000, 1001), 24, False), (NTSC, 30, True),
     (NTSC2, 60, True), (FrameRate(30), 30, False), (FrameRate(120_000, 1001), 120, False),
     (FrameRate(25, 2), 13, False)],
)  # fmt: skip
def test_nominal_rates_and_which_drop(rate: FrameRate, nominal: int, drops: bool) -> None:
    assert (rate.nominal, rate.drops) == (nominal, drops)


def test_a_period_is_the_time_of_a_frame() -> None:
    assert FrameRate(25).period == 0.04
    assert NTSC.period == 1001 / 30_000


# -- timecode -----------------------------------------------------------------------------------


def counted_labels(
    fps: int, *, drop: bool, day: range = range(24)
) -> Iterator[tuple[int, int, int, int]]:
    """Every label of a day as a clerk would count them; slow, plain, and nobody's formula."""
    for hours in day:
        for minutes in range(60):
            for seconds in range(60):
                first = fps // 15 if drop and seconds == 0 and minutes % 10 != 0 else 0
                for frames in range(first, fps):
                    yield hours, minutes, seconds, frames


def check_labels(rate: FrameRate, day: range) -> int:
    """The number of the frame after the last one that was checked."""
    an_hour = 6 * (10 * 60 * rate.nominal - 9 * (rate.nominal // 15))
    first = number = day.start * an_hour
    for number, label in enumerate(counted_labels(rate.nominal, drop=True, day=day), first):
        code = Timecode.of_frame(number, rate)
        if (code.hours, code.minutes, code.seconds, code.frames) != label:
            raise AssertionError(f"frame {number} is {label}, not {code}")
        if code.frame(rate) != number:
            raise AssertionError(f"{code} came back as another frame than {number}")
    assert number + 1 == first + len(day) * an_hour
    return number + 1


@pytest.mark.parametrize("rate", [NTSC, pytest.param(NTSC2, marks=pytest.mark.soak)], ids=str)
def test_drop_frame_is_right_for_every_label_of_a_day(rate: FrameRate) -> None:
    check_labels(rate, range(24))


@pytest.mark.parametrize("hour", [0, 11, 23])
def test_drop_frame_is_right_for_every_label_of_an_hour_at_59_94(hour: int) -> None:
    check_labels(NTSC2, range(hour, hour + 1))


@pytest.mark.parametrize(("rate", "frames"), [(NTSC, 2_589_408), (NTSC2, 5_178_816)])
def test_a_day_of_labels_begins_again(rate: FrameRate, frames: int) -> None:
    number = frames - 1
    assert Timecode.of_frame(number + 1, rate) == Timecode(0, 0, 0, 0, True)
    assert Timecode.of_frame(-1, rate) == Timecode(23, 59, 59, rate.nominal - 1, True)


@pytest.mark.parametrize("rate", [NTSC, NTSC2], ids=str)
def test_drop_frame_keeps_to_the_clock_and_non_drop_does_not(rate: FrameRate) -> None:
    last = rate.frame_at(24 * 3600 * NS - NS // 10)  # the day is 86 ms longer than its labels
    drop = Timecode.of_frame(last, rate)
    straight = Timecode.of_frame(last, rate, drop_frame=False)
    assert (drop.hours, drop.minutes, drop.seconds) == (23, 59, 59)
    assert (straight.hours, straight.minutes) == (23, 58)  # 86.4 s behind: the control


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_an_hour_without_dropping_is_right(rate: FrameRate) -> None:
    labels = counted_labels(rate.nominal, drop=False)
    for number, label in zip(range(3600 * rate.nominal), labels, strict=False):
        code = Timecode.of_frame(number, rate, drop_frame=False)
        assert (code.hours, code.minutes, code.seconds, code.frames) == label
        assert code.frame(rate) == number


@law
@given(st.sampled_from(RATES), st.integers(0, 24 * 3600 * 60), st.booleans())
def test_timecode_text_round_trips(rate: FrameRate, number: int, straight: bool) -> None:
    code = Timecode.of_frame(number, rate, drop_frame=False if straight else None)
    assert Timecode.parse(str(code), rate) == code
    assert (";" in str(code)) == code.drop_frame == (rate.drops and not straight)


@pytest.mark.parametrize(("sign", "drop"), [(":", False), (".", False), (";", True), (",", True)])
def test_the_last_sign_says_whether_frames_are_dropped(sign: str, drop: bool) -> None:
    assert Timecode.parse(f"01:02:03{sign}04", NTSC) == Timecode(1, 2, 3, 4, drop)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("24:00:00:00", "out of range"),
        ("00:60:00:00", "out of range"),
        ("00:00:60:00", "out of range"),
        ("00:00:00:30", "out of range"),
        ("00:01:00;00", "drop-frame skips it"),
        ("00:01:00;01", "drop-frame skips it"),
        ("23:59:00;01", "drop-frame skips it"),
        ("1:02:03:04", "not a timecode"),
        ("01:02:03", "not a timecode"),
        ("01-02-03:04", "not a timecode"),
        ("٠١:02:03:04", "not a timecode"),
        ("01:02:03:04\n", "not a timecode"),
        ("", "not a timecode"),
    ],
)
def test_invalid_timecode_is_refused(text: str, why: str) -> None:
    with pytest.raises(RemoteProtocolError, match=why):
        Timecode.parse(text, NTSC)


@pytest.mark.parametrize("text", ["00:01:00;02", "00:10:00;00", "00:00:00;00", "00:01:01;00"])
def test_the_neighbours_of_dropped_labels_are_there(text: str) -> None:
    assert str(Timecode.parse(text, NTSC)) == text


def test_rates_that_drop_nothing_have_no_drop_frame() -> None:
    with pytest.raises(RemoteProtocolError, match="does not"):
        Timecode.parse("00:00:00;00", FrameRate(25))
    with pytest.raises(ValueError, match="no drop-frame"):
        Timecode.of_frame(0, FrameRate(25), drop_frame=True)


@settings(deadline=None)
@given(st.text(max_size=16))
@example("00:00:00:00")
def test_any_text_is_an_address_or_the_one_error(text: str) -> None:
    try:
        Timecode.parse(text, NTSC)
    except RemoteProtocolError:
        return
    assert len(text) == 11


def test_the_time_of_a_frame() -> None:
    time = FrameTime.of(1800, NTSC, start=108_000)
    assert time.number == 1800
    assert time.shows_at == 1800 * 1001 * NS // 30_000
    assert str(time.timecode) == "01:01:03;20"
    assert FrameTime.of(24, FrameRate(24)) == FrameTime(24, NS, Timecode(0, 0, 1, 0))


# -- watermarks ---------------------------------------------------------------------------------


def test_all_must_promise() -> None:
    marks = Watermarks(("voice", "hand"))
    assert not marks.reached(0)
    assert marks.waiting_for(0) == ["hand", "voice"]
    marks.promise("voice", 10)
    assert marks.waiting_for(5) == ["hand"]
    marks.promise("hand", 5)
    assert marks.reached(5) and not marks.reached(6)
    assert marks.waiting_for(6) == ["hand"]


def test_watermarks_without_sources_are_reached() -> None:
    assert Watermarks().reached(2**62)


def test_closed_source_is_not_waited_for() -> None:
    marks = Watermarks(("voice",))
    marks.close("voice")
    assert marks.reached(2**62)
    marks.close("voice")
    marks.close("nobody")


@law
@given(st.lists(st.tuples(st.sampled_from(("a", "b", "c")), st.integers(0, 1000)), max_size=60))
def test_earlier_promise_is_ignored(promises: list[tuple[str, int]]) -> None:
    marks = Watermarks(("a", "b"))
    best: dict[str, int] = {"a": -1, "b": -1}
    for source, at in promises:
        before = [t for t in range(0, 1001, 50) if marks.reached(t)]
        marks.promise(source, at)
        best[source] = max(best.get(source, -1), at)
        assert all(marks.reached(t) for t in before) or source == "c"
        for t in (0, at, at + 1, 1000):
            assert marks.reached(t) == (min(best.values()) >= t)
