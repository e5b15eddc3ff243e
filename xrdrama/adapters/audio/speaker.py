"""Play the show's sound live; the device requests samples by its own clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from xrdrama.adapters.audio.keeping import KeptSounds
from xrdrama.adapters.audio.listening import Listener
from xrdrama.adapters.audio.mixing import SAMPLE_RATE, Load, Mixer
from xrdrama.errors import DeviceError
from xrdrama.show.production import Production
from xrdrama.show.rehearsal import Rehearsal
from xrdrama.timing import NS
from xrdrama.wire.events import Presented
from xrdrama.wire.frame import Frame

LEAD = SAMPLE_RATE // 10
"""Samples between a frame's time and its sound: the device's buffer and a late frame or two."""


def loudspeakers() -> list[str]:
    """The names of the devices that can play sound. ImportError or OSError without PortAudio."""
    import sounddevice

    return [d["name"] for d in sounddevice.query_devices() if d["max_output_channels"] > 0]


class Speaker:
    """An Output that plays sound, for a viewer with a headset from its places in the set.
    DeviceError without a sound device."""

    def __init__(self, load: Load, production: Production, device: str | None = None) -> None:
        try:
            import sounddevice
        except (ImportError, OSError) as error:  # OSError: libportaudio is missing
            raise DeviceError(
                f"sound cannot be played: {error}", "install libportaudio2 (Debian, Ubuntu)"
            ) from error
        self._kept = KeptSounds(load)
        self._listener = Listener(production)
        self._mixer = Mixer(self._kept, self._listener.where)
        self._lock = threading.Lock()
        self._next: int | None = None
        try:
            self._stream = sounddevice.OutputStream(
                samplerate=SAMPLE_RATE, channels=2, device=device, callback=self._fill
            )
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise DeviceError(
                f"no audio output device was found: {error}", "connect one, or run without sound"
            ) from error

    def warm_up(self, rehearsal: Rehearsal) -> Iterator[str]:
        """Decode the sounds of the show, in the order of its story."""
        for name in self._kept.keep(rehearsal.sounds):
            yield f"sound {name}"

    def prepared(self) -> dict[str, int]:
        """Nothing: a sound device has no shaders, textures or meshes."""
        return {}

    def late_by_name(self) -> dict[str, int]:
        """How often a sound was decoded when it was heard, and not before the show."""
        return {f"sound {name}": count for name, count in self._kept.late.items()}

    def seen(self, presented: Presented) -> None:
        """A viewer has shown a frame with these eyes: what is mixed next is heard from there."""
        self._listener.seen(presented)

    def present(self, frame: Frame) -> None:
        """Add the sounds of a frame; the first frame starts the clock."""
        self._listener.follow(frame)
        with self._lock:
            if self._next is None:
                self._next = frame.time.shows_at * SAMPLE_RATE // NS - LEAD
            self._mixer.hear(frame.sounds)

    def close(self) -> None:
        """Close the device."""
        self._stream.stop()
        self._stream.close()

    def _fill(self, out: Any, count: int, time: Any, status: Any) -> None:
        with self._lock:
            if self._next is None:
                out.fill(0.0)
                return
            out[:] = self._mixer.mix(self._next, count)
            self._next += count
