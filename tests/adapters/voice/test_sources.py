"""Samples from files, schedules and microphones, and what each says when it cannot."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.adapters.voice.endpointing import RATE, Samples
from xrdrama.adapters.voice.sources import (
    BLOCK,
    BLOCK_NS,
    TAIL,
    AudioFile,
    Microphone,
    Schedule,
    clip_samples,
    room_noise,
)
from xrdrama.errors import DeviceError
from xrdrama.timing import NS

CLIPS = Path(__file__).parents[3] / "examples" / "clips" / "speech"
CLIP = CLIPS / "i_remember_you.tom.opus"


def write(path: Path, samples: Samples, *, rate: int, codec: str, layout: str = "mono") -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.layout = layout  # type: ignore[attr-defined]
        channels = 2 if layout == "stereo" else 1
        pcm = np.repeat((samples * 32767).astype(np.int16), channels)[None]
        frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout=layout)
        frame.rate = rate
        for packet in (*stream.encode(frame), *stream.encode(None)):  # type: ignore[attr-defined]
            container.mux(packet)
    return path


def tone(seconds: float, rate: int, hertz: float = 440.0) -> Samples:
    return np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate).astype(np.float32) / 4


def test_a_file_comes_in_blocks_with_their_times() -> None:
    blocks = list(AudioFile(CLIP, at=3 * NS).blocks())
    assert [len(block) for _, block in blocks[:-1]] == [BLOCK] * (len(blocks) - 1)
    assert [at for at, _ in blocks] == [3 * NS + n * BLOCK_NS for n in range(len(blocks))]
    assert np.array_equal(np.concatenate([block for _, block in blocks]), clip_samples(CLIP))


@pytest.mark.parametrize(
    ("rate", "codec", "suffix", "layout"),
    [(48_000, "pcm_s16le", "wav", "stereo"), (44_100, "flac", "flac", "mono"),
     (48_000, "libopus", "ogg", "mono"), (8_000, "pcm_s16le", "wav", "mono")],
)  # fmt: skip
def test_whatever_ffmpeg_plays_becomes_16_khz_mono(
    tmp_path: Path, rate: int, codec: str, suffix: str, layout: str
) -> None:
    path = write(tmp_path / f"a.{suffix}", tone(1.0, rate), rate=rate, codec=codec, layout=layout)
    samples = clip_samples(path)
    assert len(samples) == pytest.approx(RATE, abs=RATE * 0.02)
    spectrum = np.abs(np.fft.rfft(samples[2000:14000]))
    assert np.argmax(spectrum) * RATE / 12000 == pytest.approx(440, abs=2)
    # Two channels of the same add up to 3 dB more.
    assert np.abs(samples).max() == pytest.approx(0.35 if layout == "stereo" else 0.25, abs=0.02)


def test_file_without_sound_is_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "text.wav").write_text("hello " * 200)
    (tmp_path / "picture.mp4").write_bytes(b"")
    with av.open(str(tmp_path / "silent.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"  # type: ignore[attr-defined]
        frame = av.VideoFrame(64, 64, "yuv420p")
        for packet in (*stream.encode(frame), *stream.encode(None)):  # type: ignore[attr-defined]
            container.mux(packet)
    for name in ("nothing.wav", "empty.wav", "text.wav", "silent.mp4", "."):
        for reader in (AudioFile, clip_samples):
            with pytest.raises(DeviceError) as raised:
                reader(tmp_path / name)
            assert str(tmp_path) in raised.value.message
            assert raised.value.remedy


def test_truncated_file_is_an_error_after_its_samples(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.flac", tone(4, RATE), rate=RATE, codec="flac")
    broken = tmp_path / "broken.flac"
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    blocks = []
    with pytest.raises(DeviceError, match=r"broken\.flac"):
        for block in AudioFile(broken).blocks():
            blocks.append(block)
    assert len(blocks) > 20


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600), st.integers(0, 5000))
def test_garbage_is_a_device_error_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes, at: int
) -> None:
    data = CLIP.read_bytes()
    path = tmp_path_factory.getbasetemp() / "garbage.opus"
    for content in (garbage, data[: at % len(data)] + garbage + data[at % len(data) :]):
        path.write_bytes(content)
        try:
            clip_samples(path)
        except DeviceError as error:
            assert error.remedy


def test_clips_are_heard_at_their_times_over_a_quiet_room() -> None:
    clip = clip_samples(CLIP)
    blocks = list(Schedule([(CLIP, 2 * NS)]).blocks())
    heard = np.concatenate([block for _, block in blocks])
    room = np.concatenate([block for _, block in Schedule([(CLIP, 100 * NS)]).blocks()])
    assert [at for at, _ in blocks] == [n * BLOCK_NS for n in range(len(blocks))]
    assert np.array_equal(heard[: 2 * RATE], room[: 2 * RATE])
    difference = heard[2 * RATE : 2 * RATE + len(clip)] - room[2 * RATE : 2 * RATE + len(clip)]
    assert difference == pytest.approx(clip, abs=1e-6)
    rest = len(heard) - 2 * RATE - len(clip)
    assert rest == pytest.approx(TAIL * RATE // NS, abs=BLOCK)
    assert 20 * np.log10(np.sqrt(np.mean(room[: 2 * RATE] ** 2))) == pytest.approx(-50, abs=1)


def test_clips_that_overlap_are_heard_together_and_never_clip() -> None:
    clip = clip_samples(CLIP)
    heard = np.concatenate([b for _, b in Schedule([(CLIP, 0), (CLIP, 0)]).blocks()])[: len(clip)]
    room = np.concatenate([b for _, b in Schedule([(CLIP, 90 * NS)]).blocks()])[: len(clip)]
    assert heard - room == pytest.approx(2 * clip, abs=1e-6)
    many = Schedule([(CLIP, 0)] * 40)
    assert all(np.abs(block).max() <= 1.0 for _, block in many.blocks())


def test_the_room_depends_on_its_seed_alone() -> None:
    assert np.array_equal(room_noise(4096, 7), room_noise(4096, 7))
    assert not np.array_equal(room_noise(4096, 7), room_noise(4096, 8))
    noise = room_noise(1 << 16, 1)
    assert np.sqrt(np.mean(noise**2)) == pytest.approx(1.0, abs=1e-3)
    power = np.abs(np.fft.rfft(noise)) ** 2
    low, high = power[800:1600].mean(), power[12800:25600].mean()  # four octaves apart
    assert 10 * np.log10(low / high) == pytest.approx(12, abs=1)


def test_very_long_clip_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xrdrama.adapters.voice.sources.LONGEST_CLIP", RATE)
    path = write(tmp_path / "long.wav", tone(1.5, RATE), rate=RATE, codec="pcm_s16le")
    with pytest.raises(DeviceError, match="use file: instead"):
        Schedule([(path, 0)])
    assert len(list(AudioFile(path).blocks())) == 75


@pytest.mark.parametrize("device", ["no such microphone", "4095", 4095])
def test_missing_microphone_is_reported_with_a_remedy(device: str | int) -> None:
    with pytest.raises(DeviceError) as raised:
        Microphone(device)
    assert str(device) in raised.value.message
    assert "sounddevice lists" in raised.value.remedy


# -- when the sound begins ----------------------------------------------------------------------


def media(path: Path, start: float, *, video: bool, gap: float = 0.0, layout: str = "mono") -> Path:
    """A tone from the second `start` of a file on, with a gap in its middle."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream("mpeg4", rate=10) if video else None
        sound = container.add_stream("pcm_s16le" if path.suffix == ".mkv" else "aac", rate=RATE)
        sound.layout = layout
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = 32, 32, "yuv420p"
            for number in range(10):
                image = np.zeros((32, 32, 3), np.uint8)
                frame = av.VideoFrame.from_ndarray(image, "rgb24").reformat(format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, 10)
                container.mux(picture.encode(frame))
            container.mux(picture.encode(None))
        samples = tone(1.0, RATE) * 2
        form = "s16" if path.suffix == ".mkv" else "fltp"
        for first in range(0, RATE, 1000):
            pcm = samples[first : first + 1000][None]
            pcm = np.concatenate([pcm, -0.9 * pcm]) if layout == "stereo" else pcm
            if form == "s16":
                pcm = (pcm.T.reshape(1, -1) * 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm), form, layout)
            late = start + (gap if first >= RATE // 2 else 0.0)
            frame.sample_rate, frame.pts = RATE, round(late * RATE) + first
            frame.time_base = Fraction(1, RATE)
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    return path


def loud(path: Path) -> list[tuple[float, float]]:
    """The seconds from and to which something is heard."""
    times = [at / NS for at, block in AudioFile(path).blocks() if np.abs(block).max() > 0.1]
    spans: list[tuple[float, float]] = []
    for at in times:
        if spans and at - spans[-1][1] < 0.03:
            spans[-1] = (spans[-1][0], at)
        else:
            spans.append((at, at))
    return spans


@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
@pytest.mark.parametrize("video", [True, False], ids=["film", "sound only"])
def test_sound_that_starts_late_in_its_file_is_heard_late(
    video: bool, suffix: str, tmp_path: Path
) -> None:
    ((first, last),) = loud(media(tmp_path / f"late.{suffix}", 2.0, video=video))
    assert first == pytest.approx(2.0, abs=0.07) and last == pytest.approx(3.0, abs=0.1)
    ((first, _),) = loud(media(tmp_path / f"early.{suffix}", 0.0, video=video))
    assert first == pytest.approx(0.0, abs=0.07)


def test_file_without_fixed_origin_starts_at_its_first_timestamp(tmp_path: Path) -> None:
    ((first, _),) = loud(media(tmp_path / "late.ts", 2.0, video=True))
    assert first == pytest.approx(2.0, abs=0.2)
    ((first, _),) = loud(media(tmp_path / "cut.mkv", 600.0, video=False))
    assert first == pytest.approx(0.0, abs=0.07)


def test_sound_before_the_beginning_is_left_out(tmp_path: Path) -> None:
    ((first, last),) = loud(media(tmp_path / "a.mp4", -0.5, video=True))
    assert first == pytest.approx(0.0, abs=0.07) and last < 1.1


def test_a_gap_in_the_timestamps_is_silence(tmp_path: Path) -> None:
    first, second = loud(media(tmp_path / "gap.mkv", 0.5, video=True, gap=1.0))
    assert first == (pytest.approx(0.5, abs=0.07), pytest.approx(1.0, abs=0.07))
    assert second == (pytest.approx(2.0, abs=0.07), pytest.approx(2.5, abs=0.07))


def test_channels_that_cancel_each_other_are_said_and_one_is_heard(tmp_path: Path) -> None:
    file = AudioFile(media(tmp_path / "wired.mkv", 0.0, video=False, layout="stereo"))
    assert "cancel each other, so only the left one is used" in file.notes[0]
    heard = np.concatenate([block for _, block in file.blocks()])
    assert np.abs(heard).max() == pytest.approx(0.5, abs=0.05)
    clips = Schedule([(file.path, 0), (file.path, NS)])
    assert clips.notes == file.notes


def test_channels_that_do_not_cancel_are_mixed(tmp_path: Path) -> None:
    """The control."""
    plain = write(tmp_path / "a.wav", tone(1, RATE), rate=RATE, codec="pcm_s16le", layout="stereo")
    assert AudioFile(plain).notes == () and AudioFile(CLIP).notes == ()
