"""Plates are decoded by number, whatever the order, and broken files are refused in words."""

from __future__ import annotations

import random
import threading
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.adapters.video.test_files import RATE, SIZE, picture
from tests.waiting import wait_until
from xrdrama.adapters.video import playing
from xrdrama.adapters.video.files import VideoWriter
from xrdrama.adapters.video.plates import Decoder, planes_of, read_plate
from xrdrama.adapters.video.playing import AheadPlate, ExactPlate
from xrdrama.errors import DeviceError, RemoteProtocolError
from xrdrama.scene.plates import Planes

COUNT = 72


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plates") / "clip.mp4"
    with VideoWriter(path, SIZE, RATE) as writer:
        for number in range(COUNT):
            writer.write(picture(number))
    return path


def number_in(planes: Planes) -> int:
    """The number that the bars of a picture show."""
    width = planes.luma.shape[1]
    bits = [int(planes.luma[8, (2 * bit + 1) * width // 16] > 128) for bit in range(8)]
    return sum(bit << at for at, bit in enumerate(bits))


def test_header_says_size_rate_length_and_colour(clip: Path) -> None:
    facts = read_plate(clip, "h")
    assert (facts.width, facts.height, facts.frames, facts.rate) == (*SIZE, COUNT, (24, 1))
    assert (facts.transfer, facts.matrix, facts.full_range) == ("srgb", "bt709", False)
    assert facts.remarks == ()


def test_frames_come_by_number_in_any_order(clip: Path) -> None:
    decoder = Decoder(clip, read_plate(clip, ""))
    order = [0, 1, 2, 70, 71, 0, 35, 34, 36, 71, 5, 60, 60]
    assert [number_in(decoder.frame(number)) for number in order] == order
    decoder.close()


def test_still_is_one_frame_in_full_colour(tmp_path: Path) -> None:
    path = tmp_path / "still.png"
    Image.fromarray(picture(9)).save(path)
    facts = read_plate(path, "")
    assert (facts.frames, facts.transfer, facts.full_range) == (1, "srgb", True)
    planes = ExactPlate(path, facts).frame((0,), wait=True)
    assert planes is not None and planes.red.shape == planes.luma.shape
    assert number_in(planes) == 9


def test_ten_bits_rgb_and_alpha_are_planes_too(tmp_path: Path) -> None:
    rgb = av.VideoFrame.from_ndarray(picture(3), "rgb24")
    for name in ("yuv420p10le", "yuv444p12le", "yuva444p10le", "nv12", "gbrp", "rgba", "gray"):
        assert number_in(planes_of(rgb.reformat(format=name))) == 3, name
    path = tmp_path / "ten.mkv"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("ffv1", rate=24)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p10le"
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(picture(number), "rgb24").reformat(
                format="yuv420p10le"
            )
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    facts = read_plate(path, "")
    assert [message for message, _ in facts.remarks] == ["its 10 bits a value are drawn as 8"]
    assert facts.frames == 3


def test_files_that_are_no_plates_are_refused_in_words(clip: Path, tmp_path: Path) -> None:
    sound = tmp_path / "sound.mp4"
    with av.open(str(sound), "w") as file:
        stream = file.add_stream("aac", rate=48_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate, frame.time_base = 48_000, Fraction(1, 48_000)
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    with pytest.raises(RemoteProtocolError, match="no video stream"):
        read_plate(sound, "")
    text = tmp_path / "text.mp4"
    text.write_text("not a video")
    with pytest.raises(RemoteProtocolError, match="not a video or picture, or is damaged"):
        read_plate(text, "")
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(clip.read_bytes()[: clip.stat().st_size * 2 // 3])
    with pytest.raises(RemoteProtocolError, match=r"the file ends early: .* of 72 frames"):
        read_plate(cut, "")


@pytest.mark.parametrize(("suffix", "codec"), [("mkv", "libx264"), ("webm", "libvpx-vp9")])
@pytest.mark.parametrize("sound", [False, True])
def test_cut_matroska_is_refused_although_it_promises_no_number_of_frames(
    suffix: str, codec: str, sound: bool, tmp_path: Path
) -> None:
    whole, cut = tmp_path / f"whole.{suffix}", tmp_path / f"cut.{suffix}"
    with av.open(str(whole), "w") as file:
        stream = file.add_stream(codec, rate=24)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {"g": "6", "deadline": "realtime", "cpu-used": "8"}
        # Sound may be longer than the pictures.
        audio = file.add_stream("libopus", rate=48_000, layout="mono") if sound else None
        for number in range(48):
            frame = av.VideoFrame.from_ndarray(picture(number), "rgb24")
            file.mux(stream.encode(frame.reformat(format="yuv420p")))
        file.mux(stream.encode(None))
        for block in range(150 if audio else 0):
            assert audio is not None
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 960), np.float32), "fltp", "mono")
            silence.sample_rate, silence.pts = 48_000, block * 960
            silence.time_base = Fraction(1, 48_000)
            file.mux(audio.encode(silence))
        if audio:
            file.mux(audio.encode(None))
    assert read_plate(whole, "").frames == 48
    data = whole.read_bytes()
    for share in (0.5, 0.75):
        cut.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(RemoteProtocolError, match=r"ends early: .* of [23](\.\d+)? seconds"):
            read_plate(cut, "")


def test_damaged_files_are_refused_or_played_but_never_crash(clip: Path, tmp_path: Path) -> None:
    whole, chance = clip.read_bytes(), random.Random(8)
    path, refused = tmp_path / "damaged.mp4", 0
    for _ in range(40):
        data = bytearray(whole[: chance.choice((len(whole), chance.randrange(1, len(whole))))])
        for _ in range(chance.choice((0, 1, 20, 200))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            facts = read_plate(path, "")
            decoder = Decoder(path, facts)
            decoder.frame(facts.frames // 2)
            decoder.close()
        except (RemoteProtocolError, DeviceError) as error:
            refused += 1
            assert str(error)
    assert refused > 10, "the control: damage is noticed"


def test_plate_decodes_ahead_within_its_bound_and_stops_when_closed(clip: Path) -> None:
    plate = AheadPlate(clip, read_plate(clip, ""))
    assert plate.ahead == 8
    wanted = tuple(range(70, 72)) + tuple(range(4))
    first = plate.frame(wanted, wait=True)
    assert first is not None and number_in(first) == 70
    wait_until(lambda: len(plate._held) == len(wanted))
    for number in wanted:
        planes = plate.frame((number, *wanted), wait=False)
        assert planes is not None and number_in(planes) == number
    assert plate.frame((40, 41), wait=False) is None, "nobody said that it would be needed"
    found = plate.frame((40, 41), wait=True)
    assert found is not None and number_in(found) == 40
    assert len(plate._held) <= plate.ahead
    plate.close()
    assert not any(thread.name == f"plate {clip.name}" for thread in threading.enumerate())


def test_first_frame_that_does_not_come_is_an_error(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, blocked = read_plate(clip, ""), threading.Event()
    monkeypatch.setattr(playing, "_FIRST_TIMEOUT_S", 0.05)
    frame = Decoder.frame

    def waiting(self: Decoder, number: int) -> Planes:
        blocked.wait()
        return frame(self, number)

    monkeypatch.setattr(Decoder, "frame", waiting)
    plate = AheadPlate(clip, facts)
    with pytest.raises(DeviceError, match=r"clip.mp4 was not decoded within 0.05 s"):
        plate.frame((3,), wait=True)
    assert plate.frame((3,), wait=False) is None
    blocked.set()
    wait_until(lambda: plate.frame((3,), wait=False) is not None)
    plate.close()


def test_plate_that_cannot_be_decoded_says_where(clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "gone.mp4"
    path.write_bytes(clip.read_bytes())
    facts = read_plate(path, "")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    plate = AheadPlate(path, facts)
    for _ in range(2):
        with pytest.raises(DeviceError, match=r"gone.mp4 cannot be decoded at frame 71 of 72"):
            plate.frame((71,), wait=True)
    plate.close()
