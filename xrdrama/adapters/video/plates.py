"""Read plates with PyAV: what a file's header says, and its frames by number.

Decoded frames are 8-bit luma and chroma planes as the file has them; nothing is converted to RGB
here, because a renderer does that where it draws (see DECISIONS.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from xrdrama.errors import DeviceError, RemoteProtocolError
from xrdrama.scene.plates import STILL_SUFFIXES, Planes, PlateFacts

_PLANAR: Final = {
    "yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "yuv411p", "yuv440p",
}  # fmt: skip
_SD_HEIGHT: Final = 720
"""Below it, a file that names no matrix has that of BT.601, as players assume."""
_MATRICES: Final = {1: "bt709", 5: "bt601", 6: "bt601", 9: "bt2020", 10: "bt2020"}
_HDR: Final = {16: "PQ", 18: "HLG"}
_SRGB: Final = 13
_ROUNDED_S: Final = 0.025
"""Seconds by which the length in a header may be more than that of the frames: rounding, and the
padding of sound."""
_NEAR: Final = 48
"""Frames up to which decoding on is quicker than seeking."""


def read_plate(path: Path, digest: str) -> PlateFacts:
    """What the file of a plate says; its first and last frames are decoded.

    RemoteProtocolError, whose text ends with what to do, for a file that cannot be played.
    """
    with _named(path):
        still = path.suffix.lower().lstrip(".") in STILL_SUFFIXES
        with _opened(path) as (file, stream):
            count, missing, uneven = (1, "", False) if still else _counted(file, stream)
        if not count:
            raise RemoteProtocolError("it has no frames: export it again")
        if missing:
            raise RemoteProtocolError(f"the file ends early: {missing} are there: copy it again")
        with _opened(path) as (file, stream):
            rate = stream.average_rate or Fraction(25)
            frame = next(file.decode(stream), None)
            if frame is None:
                raise RemoteProtocolError("its first frame cannot be decoded: export it again")
            facts = _facts(frame, stream, digest, count, rate, still=still, uneven=uneven)
        decoder = Decoder(path, facts)
        try:
            decoder.frame(count - 1)
        finally:
            decoder.close()
        return facts


class Decoder:
    """The frames of a plate by number. Quick in the order of play; anything else seeks."""

    def __init__(self, path: Path, facts: PlateFacts) -> None:
        self._path, self._facts = path, facts
        self._rate = Fraction(*facts.rate)
        self._file: av.container.InputContainer | None = None
        self._frames: Iterator[tuple[int, av.VideoFrame]] = iter(())
        self._before: tuple[int, av.VideoFrame] | None = None
        self._after: tuple[int, av.VideoFrame] | None = None

    def frame(self, number: int) -> Planes:
        """A frame; if the file skips this number, the one before it. DeviceError where the file
        ends or is damaged."""
        try:
            return planes_of(self._found(number))
        except (av.FFmpegError, OSError, ValueError) as error:
            raise self._failed(number, str(error)) from error

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _found(self, number: int) -> av.VideoFrame:
        before = self._before
        if before is None or not before[0] <= number <= before[0] + _NEAR:
            self._seek(number)
        while True:
            if self._after is None:
                self._after = next(self._frames, None)
            before, after = self._before, self._after
            if after is None or after[0] > number:
                break
            self._before, self._after = after, None
        if before is None:
            raise self._failed(number, "the file has no frame there")
        if after is None and number > before[0] + 1:
            raise self._failed(number, "the file ends early")
        return before[1]

    def _seek(self, number: int) -> None:
        for exact in (False, True):  # an index may be wrong: then from the beginning
            self._open()
            assert self._file is not None
            stream = self._file.streams.video[0]
            if number > _NEAR and not exact and stream.time_base:
                at = (stream.start_time or 0) + int(number / self._rate / stream.time_base)
                self._file.seek(at, stream=stream, backward=True)
            self._frames = self._numbered(self._file, stream)
            self._before, self._after = None, next(self._frames, None)
            if self._after is not None and self._after[0] <= number:
                return
            if number <= _NEAR:
                return

    def _open(self) -> None:
        self.close()
        self._file = av.open(str(self._path))
        if not self._file.streams.video:
            raise ValueError("the file has no video stream any more")
        self._file.streams.video[0].thread_type = "AUTO"

    def _numbered(
        self, file: av.container.InputContainer, stream: av.VideoStream
    ) -> Iterator[tuple[int, av.VideoFrame]]:
        begin, number = stream.start_time or 0, -1
        for frame in file.decode(stream):
            if frame.pts is None or frame.time_base is None:
                number += 1
            else:
                number = round((frame.pts - begin) * frame.time_base * self._rate)
            yield number, frame

    def _failed(self, number: int, why: str) -> DeviceError:
        return DeviceError(
            f"the plate {self._path} cannot be decoded at frame {number} of {self._facts.frames}:"
            f" {why}",
            "copy the file again, or export it again",
        )


def planes_of(frame: av.VideoFrame) -> Planes:
    """The planes of a frame; another pixel format than planar 8-bit is converted to one."""
    name = frame.format.name
    if name not in _PLANAR:
        rgb = frame.format.is_rgb or name.startswith(("gray", "pal", "mono"))
        target = "yuv444p" if rgb or "444" in name else "yuv422p" if "422" in name else "yuv420p"
        if rgb:
            frame = frame.reformat(
                format=target, dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.JPEG
            )
        else:
            frame = frame.reformat(format=target)
    rows = []
    for plane in frame.planes:
        lines = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        rows.append(np.ascontiguousarray(lines[: plane.height, : plane.width]))
    return Planes(*rows)


def _facts(
    frame: av.VideoFrame,
    stream: av.VideoStream,
    digest: str,
    count: int,
    rate: Fraction,
    *,
    still: bool,
    uneven: bool,
) -> PlateFacts:
    name = frame.format.name
    rgb = frame.format.is_rgb or name.startswith(("gray", "pal", "mono"))
    context = stream.codec_context
    curve = context.color_trc
    if curve in _HDR:
        raise RemoteProtocolError(
            f"its values are {_HDR[curve]} (HDR), which is not supported: convert it to Rec.709"
        )
    known = _MATRICES.get(frame.colorspace)
    usual = "bt601" if frame.height < _SD_HEIGHT or still else "bt709"
    full = rgb or name.startswith("yuvj") or frame.color_range == ColorRange.JPEG
    return PlateFacts(
        hash=digest,
        width=frame.width,
        height=frame.height,
        frames=count,
        rate=(rate.numerator, rate.denominator),
        transfer="srgb" if rgb or still or curve == _SRGB else "rec709",
        matrix="bt709" if rgb else known or usual,  # type: ignore[arg-type]
        full_range=full,
        remarks=tuple(_remarks(frame, stream, rate, uneven=uneven)),
    )


def _remarks(
    frame: av.VideoFrame, stream: av.VideoStream, rate: Fraction, *, uneven: bool
) -> Iterator[tuple[str, str]]:
    components = frame.format.components
    if max(component.bits for component in components) > 8:
        yield f"its {components[0].bits} bits a value are drawn as 8", "look for banding in skies"
    if any(component.is_alpha for component in components):
        yield "its alpha is ignored: the picture is opaque", "export it without alpha"
    if frame.interlaced_frame:
        yield "it is interlaced and is shown as it is", "de-interlace it"
    if frame.colorspace in (9, 10) or stream.codec_context.color_primaries == 9:
        yield (
            "its primaries are those of Rec.2020; they are shown as Rec.709, too pale",
            "convert it to Rec.709",
        )
    aspect = stream.sample_aspect_ratio
    if aspect and aspect != 1:
        yield f"its pixels are not square ({aspect}) and are shown square", "export square pixels"
    if frame.rotation:
        yield (
            f"it is marked as rotated by {frame.rotation} degrees, which is ignored",
            ("export it upright"),
        )
    if uneven:
        yield (
            f"its frame rate varies; it is played at {float(rate):.4g} frames per second",
            "convert it to a constant frame rate",
        )


def _counted(file: av.container.InputContainer, stream: av.VideoStream) -> tuple[int, str, bool]:
    """The number of frames; how much of what the header promises is there, "" for all of it; and
    whether frames come unevenly."""
    times: list[int] = []
    end = 0.0
    try:
        for packet in file.demux():
            if packet.pts is None or not packet.size or packet.time_base is None:
                continue
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
            if packet.stream.index == stream.index:
                times.append(packet.pts)
    except av.FFmpegError:
        pass  # the file ends early: the count says so
    times.sort()
    steps = {later - before for before, later in pairwise(times)}
    # Times in whole milliseconds are uneven by one.
    uneven = bool(steps) and max(steps) - min(steps) > max(1, min(steps) // 10)
    return len(times), _missing(file, stream, len(times), end), uneven


def _missing(
    file: av.container.InputContainer, stream: av.VideoStream, count: int, end: float
) -> str:
    """How much of what the header promises is there, "" for all of it; `end` in seconds."""
    if stream.frames:
        return f"{count} of {stream.frames} frames" if stream.frames > count else ""
    # Matroska and WebM have no number of frames, but a length. Other formats without one have no
    # promise that can be trusted: FFmpeg estimates it.
    if "matroska" not in file.format.name or not file.duration:
        return ""
    promised = file.duration / av.time_base
    missing = promised - end > _ROUNDED_S
    return f"{end:.3g} of {promised:.3g} seconds" if missing else ""


@contextmanager
def _opened(path: Path) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    with av.open(str(path)) as file:
        if not file.streams.video:
            raise RemoteProtocolError("it has no video stream: export it with pictures")
        yield file, file.streams.video[0]


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Errors of FFmpeg as RemoteProtocolError."""
    try:
        yield
    except av.DecoderNotFoundError:
        raise RemoteProtocolError(
            "its codec is unknown here: export it as H.264, H.265, ProRes, DNxHR, VP9 or AV1"
        ) from None
    except (av.FFmpegError, OSError, ValueError) as error:
        raise RemoteProtocolError(
            f"it is not a video or picture, or is damaged ({error}): export or copy it again"
        ) from error
    except DeviceError as error:
        raise RemoteProtocolError(f"{error.message}: {error.remedy}") from error
