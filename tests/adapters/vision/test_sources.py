"""Frames from files that are whole, odd, broken or no videos at all, and from a missing camera."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xrdrama.adapters.vision.sources import Camera, VideoFile
from xrdrama.errors import DeviceError

MS = 1_000_000
EVEN = [round(i * 1000 / 30) for i in range(60)]


def film(path: Path, times: list[int]) -> Path:
    """A video with a frame at each of these milliseconds, each a little redder than the last."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libvpx-vp9", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        stream.options = {"deadline": "realtime", "cpu-used": "8", "g": "10"}
        dice = np.random.default_rng(1)
        for number, time in enumerate(times):
            picture = dice.integers(0, 60, (48, 64, 3), np.uint8)
            picture[..., 0] += np.uint8(3 * number)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def times(source: VideoFile) -> list[int]:
    return [round(at / MS) for at, _ in source.frames()]


def test_frames_come_with_their_times_and_in_rgb(tmp_path: Path) -> None:
    source = VideoFile(film(tmp_path / "even.webm", EVEN))
    frames = list(source.frames())
    assert [round(at / MS) for at, _ in frames] == EVEN
    assert {picture.shape for _, picture in frames} == {(48, 64, 3)}
    red = [float(picture[..., 0].mean() - picture[..., 2].mean()) for _, picture in frames]
    assert red[-1] > red[0] + 100.0
    assert source.end / MS == pytest.approx(2000, abs=2)


def test_a_variable_frame_rate_counts_by_its_timestamps(tmp_path: Path) -> None:
    uneven = [0, 40, 80, 300, 320, 900, 933, 966, 1000]
    assert times(VideoFile(film(tmp_path / "uneven.webm", uneven))) == uneven


def test_pictures_that_start_late_in_their_file_are_late(tmp_path: Path) -> None:
    """So that hands and voice out of one film stay together."""
    late = film(tmp_path / "late.webm", [500, 540, 580])
    source = VideoFile(late, start=7000 * MS)
    assert times(source) == pytest.approx([7500, 7540, 7580], abs=20)
    assert source.end / MS == pytest.approx(7620, abs=30)


def test_a_file_cut_out_of_a_long_recording_begins_at_its_start(tmp_path: Path) -> None:
    late = film(tmp_path / "cut.webm", [600_000, 600_040, 600_080])
    assert times(VideoFile(late, start=7000 * MS)) == [7000, 7040, 7080]


@pytest.mark.parametrize(
    ("ratio", "size"), [(Fraction(2), (48, 128)), (Fraction(1, 2), (96, 64)), (None, (48, 64))]
)
@pytest.mark.parametrize("suffix", ["mkv", "mp4"])
def test_pixels_are_made_square(
    ratio: Fraction | None, size: tuple[int, int], suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"a.{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        if ratio is not None:
            stream.sample_aspect_ratio = stream.codec_context.sample_aspect_ratio = ratio
        for number in range(5):
            image = np.full((48, 64, 3), 90, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, "rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert {picture.shape[:2] for _, picture in VideoFile(path).frames()} == {size}


def test_truncated_file_gives_its_frames_then_an_error(tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.webm", EVEN).read_bytes()
    (tmp_path / "cut.webm").write_bytes(whole[: len(whole) * 6 // 10])
    seen = []
    with pytest.raises(DeviceError, match=r"it ends at [01]\.\d\d s of 2\.00 s") as caught:
        for at, _ in VideoFile(tmp_path / "cut.webm").frames():
            seen.append(round(at / MS))
    assert caught.value.remedy
    assert 10 < len(seen) < 58
    assert seen == EVEN[: len(seen)]


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a video, but a text\n" * 100])
def test_file_that_is_not_a_video_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.webm").write_bytes(content)
    with pytest.raises(DeviceError, match="not a video"):
        VideoFile(tmp_path / "odd.webm")


def test_a_header_without_frames_is_refused(tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.webm", EVEN).read_bytes()
    (tmp_path / "head.webm").write_bytes(whole[:300])
    with pytest.raises(DeviceError, match="not a video, or has no frames"):
        VideoFile(tmp_path / "head.webm")


def test_only_a_file_is_opened(tmp_path: Path) -> None:
    """OpenCV itself would take a pattern of picture names, or an address."""
    for number in range(3):
        film(tmp_path / f"hand_{number}.webm", EVEN[:3])
    for name in (tmp_path / "absent.webm", tmp_path, tmp_path / "hand_%d.webm", Path("http://x/y")):
        with pytest.raises(DeviceError, match="does not exist"):
            VideoFile(name)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 10_000), st.integers(0, 255), st.integers(0, 10_000), st.sampled_from([0, 4000])
)
def test_a_damaged_file_gives_frames_or_one_error(
    tmp_path: Path, place: int, value: int, length: int, keep: int
) -> None:
    """Any byte changed, any length: times go forward, and what goes wrong is a DeviceError."""
    original = tmp_path / "original.webm"
    if not original.exists():
        film(original, EVEN[:20])
    data = bytearray(original.read_bytes())
    data[place % len(data)] = value
    (tmp_path / "damaged.webm").write_bytes(bytes(data[: max(keep, length % len(data))]))
    seen: list[int] = []
    try:
        for at, picture in VideoFile(tmp_path / "damaged.webm").frames():
            seen.append(at)
            assert picture.ndim == 3
            if len(seen) > 100:
                break
    except DeviceError as error:
        assert error.remedy
    assert seen == sorted(set(seen))


def test_a_camera_that_is_not_there_is_named_with_a_remedy(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(DeviceError, match="camera 99") as caught:
        Camera(99)
    assert "connect it" in caught.value.remedy
    assert capfd.readouterr().err == ""
