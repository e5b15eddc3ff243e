"""A video that was written has the pictures and the sound that it was given, each at its time."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from xrdrama.adapters.audio.files import read_sound
from xrdrama.adapters.video.files import (
    SAMPLE_RATE,
    Picture,
    Samples,
    VideoWriter,
    join,
    stills,
)
from xrdrama.errors import DeviceError
from xrdrama.timing import FrameRate

RATE = FrameRate(24)
SIZE = (160, 96)
AAC_FRAME = 1024


def picture(number: int, size: tuple[int, int] = SIZE) -> Picture:
    """A grey of its own, with the number in bars: each is unlike its neighbours."""
    width, height = size
    made = np.full((height, width, 3), 40 + number % 5 * 30, np.uint8)
    for bit in range(8):
        level = 235 if number >> bit & 1 else 16
        made[: height // 2, bit * width // 8 : (bit + 1) * width // 8] = level
    return made


def number_of(seen: Picture) -> int:
    """The number in the bars."""
    height, width = seen.shape[:2]
    bars = (seen[height // 4, width * (2 * bit + 1) // 16].mean() > 128 for bit in range(8))
    return sum(bar << bit for bit, bar in enumerate(bars))


def written(
    path: Path, numbers: range, size: tuple[int, int] = SIZE, rate: FrameRate = RATE
) -> Path:
    with VideoWriter(path, size, rate) as writer:
        for number in numbers:
            writer.write(picture(number, size))
        assert writer.frames == len(numbers)
    return path


def decoded(path: Path) -> tuple[list[int], list[Fraction]]:
    """The numbers of the pictures, and when each is shown."""
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        frames = list(file.decode(stream))
        numbers = [number_of(frame.to_ndarray(format="rgb24")) for frame in frames]
        return numbers, [frame.pts * frame.time_base for frame in frames]


# -- pictures -----------------------------------------------------------------------------------


def test_a_view_of_the_drivers_bytes_is_written_as_its_picture(tmp_path: Path) -> None:
    stored = np.random.default_rng(1).integers(0, 256, (36, 64, 4), np.uint8)
    view = stored[::-1, :, 2::-1]
    files = []
    for name, shown in (("view", view), ("packed", np.ascontiguousarray(view)), ("other", stored)):
        files.append(tmp_path / f"{name}.mp4")
        with VideoWriter(files[-1], (64, 36), RATE) as writer:
            writer.write(np.ascontiguousarray(shown[..., :3]) if name == "other" else shown)
    one, same, other = (stills(file, [0])[0].astype(int) for file in files)
    assert np.abs(one - same).max() <= 2
    assert np.abs(one - other).mean() > 20


@pytest.mark.parametrize("rate", [RATE, FrameRate(25), FrameRate(30_000, 1001)], ids=str)
def test_every_picture_is_there_in_order_at_its_time(tmp_path: Path, rate: FrameRate) -> None:
    path = written(tmp_path / "deep" / "er" / "a.mp4", range(100), rate=rate)
    numbers, times = decoded(path)
    assert numbers == list(range(100))
    frame = Fraction(rate.denominator, rate.numerator)
    assert all(abs(at - n * frame) < Fraction(1, 10_000) for n, at in enumerate(times))
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        assert stream.average_rate == Fraction(rate.numerator, rate.denominator)
        assert (stream.width, stream.height) == SIZE
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.color_range, context.colorspace, context.color_primaries) == (1, 1, 1)


def test_colours_come_back(tmp_path: Path) -> None:
    patches = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (16, 16, 16), (200, 90, 40)]
    made = np.zeros((96, 192, 3), np.uint8)
    for index, colour in enumerate(patches):
        made[:, index * 32 : (index + 1) * 32] = colour
    path = tmp_path / "a.mp4"
    with VideoWriter(path, (192, 96), RATE) as writer:
        for _ in range(3):
            writer.write(made)
    seen = stills(path, [1])[1]
    for index, colour in enumerate(patches):
        middle = seen[40:56, index * 32 + 12 : index * 32 + 20].reshape(-1, 3).mean(0)
        assert np.abs(middle - colour).max() < 12, colour


def test_odd_sides_lose_a_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp4", range(3), (161, 97))
    assert stills(path, [0])[0].shape == (96, 160, 3)


def test_stills_by_number(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp4", range(50))
    found = stills(path, [49, 3, 3, 20, 400])
    assert {number: number_of(seen) for number, seen in found.items()} == {3: 3, 20: 20, 49: 49}


# -- joined -------------------------------------------------------------------------------------


def tone(seconds: float, at: float, hertz: float = 1000.0, lasts: float = 0.25) -> Samples:
    """Silence with one tone in it."""
    count = round(seconds * SAMPLE_RATE)
    made = np.zeros((count, 2), np.float32)
    begin, length = round(at * SAMPLE_RATE), round(lasts * SAMPLE_RATE)
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(length) / SAMPLE_RATE)
    made[begin : begin + length] = wave[:, None]
    return made


def strength(sound: Samples, hertz: float) -> float:
    """How much of a frequency is in a sound, 0 to 1."""
    turns = np.exp(-2j * np.pi * hertz * np.arange(len(sound)) / SAMPLE_RATE)
    energy = float((sound[:, 0] ** 2).sum())
    return float(abs((sound[:, 0] * turns).sum()) ** 2 * 2 / len(sound) / energy)


@pytest.mark.parametrize("sizes", [(30, 1, 59), (1, 1, 1), (2, 40, 2), (3, 3, 84), (90,)], ids=str)
def test_parts_become_one_with_every_picture_at_its_time(
    tmp_path: Path, sizes: tuple[int, ...]
) -> None:
    parts, count = [], 0
    for size in sizes:
        parts.append(written(tmp_path / f"{count}.mp4", range(count, count + size)))
        count += size
    out = tmp_path / "all.mp4"
    join(parts, None, out, RATE)
    numbers, times = decoded(out)
    assert numbers == list(range(count))
    assert [float(at) for at in times] == pytest.approx([n / 24 for n in range(count)], abs=1e-4)
    with av.open(str(out)) as file:
        assert not file.streams.audio


@pytest.mark.parametrize("at", [0.0, 0.5, 1.234, 2.6])
def test_a_tone_is_found_where_it_was_put(tmp_path: Path, at: float) -> None:
    """To a frame of AAC: the encoder's own delay is taken off by its edit list."""
    parts = [written(tmp_path / f"{n}.mp4", range(n * 36, n * 36 + 36)) for n in range(2)]
    given = tone(3.0, at)
    out = tmp_path / "all.mp4"
    join(parts, given, out, RATE)
    sound = read_sound(out)
    assert abs(len(sound) - len(given)) <= 2 * AAC_FRAME
    length = 1 << 19
    one, other = (np.fft.rfft(s[:, 0], length) for s in (sound, given))
    late = int(np.argmax(np.fft.irfft(one * other.conj(), length)))
    late = late - length if late > length // 2 else late
    assert abs(late) <= AAC_FRAME
    begin = round(at * SAMPLE_RATE)
    there = sound[begin + 2000 : begin + 10_000]
    assert strength(there, 1000.0) > 0.95 and strength(there, 1500.0) < 0.05
    elsewhere = np.concatenate([sound[: max(0, begin - 3000)], sound[begin + 15_000 :]])
    assert np.abs(elsewhere).max() < 0.02  # the control: it is nowhere else
    numbers, _ = decoded(out)
    assert numbers == list(range(72))


def test_left_and_right_channel_stay_separate(tmp_path: Path) -> None:
    part = written(tmp_path / "0.mp4", range(48))
    sound = tone(2.0, 0.0, lasts=2.0)
    sound[:, 1] = 0.0
    join([part], sound, tmp_path / "all.mp4", RATE)
    heard = read_sound(tmp_path / "all.mp4")[10_000:80_000]
    assert np.abs(heard[:, 0]).max() > 0.45 and np.abs(heard[:, 1]).max() < 0.02


# -- what cannot be read ------------------------------------------------------------------------


@pytest.fixture(params=["missing", "empty", "text", "cut", "folder"])
def unreadable(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"{request.param}.mp4"
    match request.param:
        case "empty":
            path.write_bytes(b"")
        case "text":
            path.write_text("this is a letter, not a film\n" * 100)
        case "cut":
            data = written(tmp_path / "whole.mp4", range(20)).read_bytes()
            path.write_bytes(data[:200])
        case "folder":
            path.mkdir()
    return path


def test_an_unreadable_video_is_named_with_a_remedy(unreadable: Path, tmp_path: Path) -> None:
    good = written(tmp_path / "good.mp4", range(5))
    for read in (
        lambda: stills(unreadable, [0]),
        lambda: join([unreadable], None, tmp_path / "out.mp4", RATE),
        lambda: join([good, unreadable], None, tmp_path / "out.mp4", RATE),
    ):
        with pytest.raises(DeviceError, match=unreadable.name) as caught:
            read()
        assert caught.value.remedy


def test_an_unreadable_sound_is_named_with_a_remedy(unreadable: Path) -> None:
    with pytest.raises(DeviceError, match=unreadable.name) as caught:
        read_sound(unreadable)
    assert caught.value.remedy


def test_a_video_without_the_other_half(tmp_path: Path) -> None:
    silent = written(tmp_path / "silent.mp4", range(5))
    with pytest.raises(DeviceError, match=r"silent\.mp4"):
        read_sound(silent)
    blind = tmp_path / "blind.wav"
    with av.open(str(blind), "w") as file:
        stream = file.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 9600), np.int16), "s16", "stereo")
        frame.sample_rate = SAMPLE_RATE
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    assert read_sound(blind).shape == (4800, 2)
    with pytest.raises(DeviceError, match=r"blind\.wav has no frames"):
        stills(blind, [0])


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeviceError, match=r"a\.mp4 cannot be written") as caught:
        VideoWriter(tmp_path / "file" / "a.mp4", SIZE, RATE)
    assert caught.value.remedy == "choose another folder"


# -- interrupted --------------------------------------------------------------------------------


def test_an_interrupted_video_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp4", range(5))
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt), VideoWriter(path, SIZE, RATE) as writer:
        writer.write(picture(1))
        raise KeyboardInterrupt
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_a_video_has_its_name_only_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with VideoWriter(path, SIZE, RATE) as writer:
        writer.write(picture(1))
        assert not path.exists()
    assert decoded(path)[0] == [1]


def test_failed_join_keeps_the_old_video(tmp_path: Path) -> None:
    first, old = written(tmp_path / "a.mp4", range(5)), written(tmp_path / "out.mp4", range(3))
    bad = tmp_path / "b.mp4"
    bad.write_bytes(b"no video")
    before = old.read_bytes()
    with pytest.raises(DeviceError, match=r"b\.mp4 cannot be read"):
        join([first, bad], None, old, RATE)
    assert old.read_bytes() == before and len(list(tmp_path.iterdir())) == 3


# A limit on the size of files stands in for a full disk where the tests are not run by root.
LIMITED = """
import resource, signal, sys
import numpy as np
from pathlib import Path
from xrdrama.adapters.video.files import VideoWriter
from xrdrama.errors import DeviceError
from xrdrama.timing import FrameRate
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
noise = np.random.default_rng(1)
try:
    with VideoWriter(Path(sys.argv[1]), (160, 96), FrameRate(24)) as writer:
        for _ in range(100):
            writer.write(noise.integers(0, 255, (96, 160, 3), dtype=np.uint8))
except DeviceError as error:
    print(error)
"""


def test_a_video_that_cannot_be_written_is_a_device_error(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp4", range(5))
    before = path.read_bytes()
    command = [sys.executable, "-c", LIMITED, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "a.mp4 cannot be written" in done.stdout and "unchanged" in done.stdout, done
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
