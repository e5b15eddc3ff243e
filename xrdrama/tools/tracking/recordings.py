"""Recorded tracking data: the work of `track decode` and `track convert`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from xrdrama import plugins
from xrdrama.errors import LocalProtocolError, UsageError
from xrdrama.timing import NS
from xrdrama.tools.tracking.samples import machine_form
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.datagrams import (
    DECODER_FAULTS,
    Decoded,
    TrackingProtocol,
    decode_datagram,
    fault,
)
from xrdrama.tracking.edge import with_profile
from xrdrama.tracking.logs import is_log


class Recording:
    """A file of datagrams: raw bytes, or one in hex a line. `-` is standard input.

    UsageError if it cannot be read, or is a tracking log of `track record`.
    """

    def __init__(self, file: Path, *, hex: bool) -> None:
        try:
            self.data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        except OSError as error:
            raise UsageError(
                f"{file} cannot be read: {error.strerror}",
                "name a file of datagrams, or write - for standard input",
            ) from None
        self.hex = hex
        if is_log(self.data):
            raise UsageError(
                f"{file} is a tracking log of `track record`, not a file of datagrams",
                "play it with xrdrama track replay or run --tracking-log; to read its datagrams,"
                f" write them into a file (tail -n +2 {file} | jq -r .hex) and add --hex",
            )

    def parts(self, protocol: TrackingProtocol) -> Iterator[Decoded]:
        """What each datagram holds. A protocol with recordings of its own, such as logs, reads raw
        files itself."""
        own = getattr(protocol, "recording", None)
        if not self.hex and callable(own):
            yield from own(self.data)
            return
        decoder = protocol.decoder()
        for number, datagram in enumerate(self.datagrams()):
            if isinstance(datagram, str):
                yield Decoded(error=datagram)
            else:
                yield decode_datagram(decoder, datagram, at=number)
        finish = getattr(decoder, "finish", None)
        if callable(finish) and (lost := finish()):
            yield Decoded(error=str(lost))

    def datagrams(self) -> Iterator[bytes | str]:
        """The datagrams; for a line that is not hex, an error message (str)."""
        if not self.hex:
            yield self.data
            return
        for number, line in enumerate(self.data.decode("ascii", "replace").splitlines(), 1):
            if line.strip():
                try:
                    yield bytes.fromhex(line.strip())
                except ValueError:
                    yield f"line {number} is not hex: write pairs of 0-9 and a-f, such as d1 01"


def decoded(protocol: str, file: Path, *, hex: bool, profile: str = "") -> Iterator[dict[str, Any]]:
    """The JSON form of each sample of each datagram; `{"error": ...}` for a bad one.

    `faults` lists values that were not used, by JSON path. A sample without a pose lacks position
    and angles. `profile` is a vendor's, "" for none.
    `padded` is the number of padding bytes of the sample's datagram, if it has any.
    """
    spoken = with_profile(plugins.tracker(protocol), protocol, profile)
    for found in Recording(file, hex=hex).parts(spoken):
        more: dict[str, Any] = {"padded": found.padding} if found.padding else {}
        if found.faults:
            more["faults"] = msgspec.to_builtins(found.faults)
        for sample in found.samples:
            yield {**machine_form(sample), **more}
        for sample in found.poseless:
            form = machine_form(sample)
            yield {**{key: form[key] for key in form if key not in _OF_A_POSE}, **more}
        if found.error:
            yield {"error": found.error}


_OF_A_POSE = ("position_m", "pan_deg", "tilt_deg", "roll_deg")


class Conversion:
    """Converts a recording to another protocol.

    `not_carried` counts samples by what the other protocol cannot carry, in words; `errors` lists
    what could not be read or written. `subject` replaces the subject of every sample.
    """

    def __init__(self, source: str, target: str, recording: Recording, subject: str = "") -> None:
        self.not_carried: dict[str, int] = {}
        self.errors: list[str] = []
        self._source, self._target = plugins.tracker(source), plugins.tracker(target)
        self._name, self._recording, self._subject = target, recording, subject
        self._carries: frozenset[str] | None = getattr(self._target, "CARRIES", None)
        self._limits: tuple[int, int] | None = getattr(self._target, "SUBJECTS", None)
        self._full_scale: int = getattr(self._target, "FULL_SCALE", 0)
        self._subjects: dict[str, str] = {}
        make = getattr(self._target, "encoder", None)
        self._packets = (
            make().packets if callable(make) else lambda one: (self._target.encode(one),)
        )

    def datagrams(self) -> Iterator[bytes]:
        """The datagrams of the other protocol, in order."""
        for number, found in enumerate(self._recording.parts(self._source)):
            for sample in found.samples:
                # One sample of a recording without times is a sixtieth of a second long.
                fitting = self._fitting(msgspec.structs.replace(sample, at=number * NS // 60))
                try:
                    yield from self._packets(fitting)
                except LocalProtocolError as error:
                    self.errors.append(str(error))
                except DECODER_FAULTS as error:
                    self.errors.append(fault("the encoder", error))
            for one in found.faults:
                self._lost(f"{one.path} ({one.message})")
            for path in found.unread:
                self._lost(path)
            for _ in found.poseless:
                self.errors.append("a sample without a pose cannot be converted")
            if found.error:
                self.errors.append(found.error)

    def report(self) -> dict[str, Any]:
        """The machine form of what was lost."""
        lost = [{"what": what, "samples": count} for what, count in self.not_carried.items()]
        return {"not_carried": lost, "errors": self.errors}

    def _lost(self, what: str) -> None:
        self.not_carried[what] = self.not_carried.get(what, 0) + 1

    def _fitting(self, sample: TrackingSample) -> TrackingSample:
        """A sample with what the other protocol can carry; what it cannot is counted."""
        changed: dict[str, Any] = {"subject": self._numbered(self._subject or sample.subject)}
        if changed["subject"] != sample.subject and not self._subject:
            self._lost(f"subject {sample.subject} (written as {changed['subject']}: --subject)")
        carries = self._carries
        if carries is None:
            return msgspec.structs.replace(sample, **changed)
        for name, words in _WORDS.items():
            value = getattr(sample, name)
            counted = name == "encoders" and "zoom" in carries  # written as counts
            if value is not None and name not in carries and not counted:
                self._lost(words)
        if sample.lens is not None and "lens" not in carries:
            for name, words in _LENS.items():
                counts = name == "raw_encoders" and "zoom" in carries  # they are zoom and focus
                if getattr(sample.lens, name) not in (None, ()) and not counts:
                    self._lost(words)
        if sample.timecode is not None and sample.timecode_rate is None and carries >= _RATED:
            self._lost("timecode (its frame rate is not known)")
        if self._full_scale and sample.encoders is not None:
            changed |= self._counted(sample)
        return msgspec.structs.replace(sample, **changed)

    def _counted(self, sample: TrackingSample) -> dict[str, float | None]:
        """Zoom, focus and iris as counts, where a sample has only shares of their ranges."""
        raw = sample.lens.raw_encoders if sample.lens else None
        found: dict[str, float | None] = {}
        for index, name in enumerate(("zoom", "focus", "iris")):
            share = sample.encoders[index] if sample.encoders else None
            if share is not None and (raw is None or raw[index] is None):
                found[name] = float(round(share * self._full_scale))
                if name in (self._carries or ()):
                    counts = f"(written as a count from 0 to {self._full_scale})"
                    self._lost(f"{name} from 0 to 1 {counts}")
        return found

    def _numbered(self, subject: str) -> str:
        """A subject that the other protocol has; a number of its own for one that it has not."""
        if self._limits is None:
            return subject
        if subject not in self._subjects:
            low, high = self._limits
            taken = set(self._subjects.values())
            fits = subject.isascii() and subject.isdecimal() and low <= int(subject[:9]) <= high
            if not fits or subject in taken:
                free = (str(n) for n in range(high, low - 1, -1) if str(n) not in taken)
                self._subjects[subject] = next(free, subject)
            else:
                self._subjects[subject] = subject
        return self._subjects[subject]


_RATED = {"timecode", "timecode_rate"}
_WORDS = {
    "zoom": "zoom", "focus": "focus", "iris": "iris", "timecode": "timecode",
    "sequence": "sequence number", "spare": "spare bits", "taken": "time of the tracker's clock",
    "encoders": "encoders from 0 to 1", "focal_mm": "focal length", "focus_m": "focus distance",
    "f_number": "f-number", "status": "status",
}  # fmt: skip
_LENS = {
    "entrance_pupil_m": "entrance pupil", "distortion": "lens distortion",
    "distortion_offset_mm": "centre of distortion", "projection_offset_mm": "projection offset",
    "t_stop": "T-stop", "raw_encoders": "encoder counts of the lens",
    "exposure_falloff": "vignetting", "sensor_mm": "sensor size", "sensor_px": "sensor resolution",
    "squeeze": "anamorphic squeeze", "nominal_focal_mm": "nominal focal length",
}  # fmt: skip
