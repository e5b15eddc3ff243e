"""Write MP4: H.264 pictures, AAC sound; join parts that several processes have drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from xrdrama.errors import DeviceError
from xrdrama.saving import saving, unwritable
from xrdrama.timing import FrameRate

SAMPLE_RATE = 48_000
REORDERED = 2
"""Frames that x264 decodes ahead of the one it shows, at most, as it is set up here."""
Picture = NDArray[np.uint8]
Samples = NDArray[np.float32]


class VideoWriter:
    """A silent MP4 that grows by one picture a frame, under its name once it is closed.

    `quality` is x264's constant rate factor, `preset` how long it looks for smaller pictures.

    DeviceError when it cannot be written; a file that was there is then unchanged. To be used as
    a context manager: nothing is left of it when the block raises.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: FrameRate,
        *,
        quality: int = 19,
        preset: str = "veryfast",
    ) -> None:
        width, height = (n // 2 * 2 for n in size)  # 4:2:0 needs even sides
        self.path = path
        self._saving = ExitStack()
        beside = self._saving.enter_context(saving(path))
        with self._refused():
            self._file = av.open(str(beside), "w", options={"movflags": "+faststart"})
        fraction = Fraction(rate.numerator, rate.denominator)
        self._stream = self._file.add_stream("libx264", rate=fraction)
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"crf": str(quality), "preset": preset, "threads": "1"}
        context = self._stream.codec_context
        context.color_range, context.colorspace = 1, 1  # limited range, BT.709
        context.color_primaries, context.color_trc = 1, 13  # BT.709, sRGB curve
        self.frames = 0

    def write(self, picture: Picture) -> None:
        """Add a picture: RGB rows from the top, of the size given."""
        height, width = self._stream.height, self._stream.width
        pixels, order = _stored(picture[:height, :width])
        rgb = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), order)
        # Said outright: left alone, the matrix would be BT.601's, and reds would turn orange.
        frame = rgb.reformat(
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )
        frame.pts = self.frames
        self.frames += 1
        with self._refused():
            self._file.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Finish the file, and put it under its name."""
        with self._refused():
            self._file.mux(self._stream.encode(None))
            self._file.close()
        self._saving.close()

    def discard(self) -> None:
        """Discard the unfinished file."""
        with suppress(OSError, av.FFmpegError):
            self._file.close()
        with suppress(_DiscardedError), self._saving:
            raise _DiscardedError

    @contextmanager
    def _refused(self) -> Iterator[None]:
        with _written(self.path):
            try:
                yield
            except BaseException:
                self.discard()
                raise

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()


def _stored(picture: Picture) -> tuple[Picture, str]:
    """The bytes of an RGB picture in the order in which they are stored, and FFmpeg's name of it. A
    view of B, G, R, A is four bytes a pixel: its rows are copied as they are."""
    if picture.strides[1:] != (4, -1):
        return picture, "rgb24"
    shape = (*picture.shape[:2], 4)
    blue = picture[:, :, 2:]
    return np.lib.stride_tricks.as_strided(blue, shape, (picture.strides[0], 4, 1)), "bgra"


class _DiscardedError(Exception):
    """Discard a file."""


@contextmanager
def _written(path: Path) -> Iterator[None]:
    """Errors of FFmpeg while it writes `path` as DeviceError."""
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error
    except av.FFmpegError as error:
        raise DeviceError(f"{path} cannot be written: {error}", "choose another folder") from error


def join(parts: Sequence[Path], sound: Samples | None, out: Path, rate: FrameRate) -> None:
    """Parts in order into one MP4, with sound (samples, 2) at 48 kHz that starts with them.

    The pictures are copied, not encoded again. DeviceError for a part that cannot be read, and
    when `out` cannot be written; a file that was there is then unchanged.
    """
    with _written(out), saving(out) as beside:
        _join(parts, sound, beside, rate)


def _join(parts: Sequence[Path], sound: Samples | None, out: Path, rate: FrameRate) -> None:
    with av.open(str(out), "w", options={"movflags": "+faststart"}) as file:
        with _video(parts[0]) as first:
            video = file.add_stream_from_template(first.streams.video[0])
        audio = file.add_stream("aac", rate=SAMPLE_RATE) if sound is not None else None
        if audio is not None:
            audio.bit_rate = 160_000
            audio.layout = "stereo"
        frame_time = Fraction(rate.denominator, rate.numerator)
        start = 0
        for part in parts:
            start += _copy(part, file, video, start, frame_time)
        if audio is not None and sound is not None:
            _encode(sound, file, audio)


@contextmanager
def _video(path: Path) -> Iterator[av.container.InputContainer]:
    """An opened video file; DeviceError if it is not a video or is damaged."""
    try:
        with av.open(str(path)) as file:
            if not file.streams.video:
                raise DeviceError(f"the video {path} has no frames", "render it again")
            yield file
    except (av.FFmpegError, OSError) as error:
        raise DeviceError(f"the video {path} cannot be read: {error}", "render it again") from error


def _copy(
    part: Path,
    file: av.container.OutputContainer,
    video: av.VideoStream,
    start: int,
    frame_time: Fraction,
) -> int:
    count = 0
    with _video(part) as source:
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is None or packet.time_base is None:
                continue
            offset = round(start * frame_time / packet.time_base)
            packet.pts = (packet.pts or 0) + offset
            # Parts of a frame or two are not reordered: with their own times, decoding order
            # would go back where the next part begins.
            packet.dts = round((start + count - REORDERED) * frame_time / packet.time_base)
            packet.stream = video
            file.mux(packet)
            count += 1
    return count


def _encode(sound: Samples, file: av.container.OutputContainer, audio: av.AudioStream) -> None:
    step = 1024
    for begin in range(0, len(sound), step):
        block = np.ascontiguousarray(sound[begin : begin + step].T)
        frame = av.AudioFrame.from_ndarray(block, "fltp", "stereo")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = begin
        frame.time_base = Fraction(1, SAMPLE_RATE)
        file.mux(audio.encode(frame))
    file.mux(audio.encode(None))


def stills(path: Path, wanted: Sequence[int]) -> dict[int, Picture]:
    """Pictures of a video by their number from 0: RGB rows from the top; those beyond its end are
    left out. DeviceError when it cannot be read."""
    left = set(wanted)
    found: dict[int, Picture] = {}
    with _video(path) as file:
        for number, frame in enumerate(file.decode(video=0)):
            if number in left:
                found[number] = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                left.remove(number)
            if not left:
                break
    return found
