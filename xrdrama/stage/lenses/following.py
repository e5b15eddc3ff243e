"""Zoom and focus at the time of a frame, from the encoder values that have arrived.

As for the pose: never smoothed, extrapolated at the speed of the last tenth of a second, then held.
All times are nanoseconds of the show; every function is pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from xrdrama.stage.lenses.model import EncoderMap, LensFile, Setting

BASELINE: Final = 100_000_000
SHORTEST: Final = 30_000_000
KEPT: Final = 32
MISSING: Final = "lens_no_encoder"
OUTSIDE: Final = "lens_outside_map"
UNCALIBRATED: Final = "lens_uncalibrated"


class Rings(msgspec.Struct, frozen=True):
    """What is known of the rings of a lens: settings with their times, oldest first, over the last
    `BASELINE` and one before it; and what is wrong with the newest: code and text, since when."""

    samples: tuple[tuple[int, Setting], ...] = ()
    faults: tuple[tuple[str, str, int], ...] = ()


class Encoded(NamedTuple):
    """What a tracking sample says about one ring: the encoder's raw number, its number from 0 to 1,
    and the meaning (mm, or dioptres) where the packet has it."""

    raw: float | None = None
    share: float | None = None
    meaning: float | None = None


def observed(rings: Rings, lens: LensFile, at: int, zoom: Encoded, focus: Encoded) -> Rings:
    """The rings after a sample taken at `at`; one that is not newer than all before changes
    nothing. A ring without a number keeps its setting; one outside its map is at the map's end."""
    if rings.samples and at <= rings.samples[-1][0]:
        return rings
    last = rings.samples[-1][1] if rings.samples else lens.home
    faults: list[tuple[str, str]] = []
    zoomed = _meaning(lens.zoom, zoom, last.zoom, "zoom", lens.id, faults)
    focused = _meaning(lens.focus, focus, last.diopter, "focus", lens.id, faults)
    setting = Setting(zoomed, focused)
    if not faults and not lens.calibrated(setting):
        text = f"the lens {lens.id!r} is not calibrated at this zoom and focus: the nearest "
        faults.append((UNCALIBRATED, f"{text}calibrated setting is used"))
    known = {(code, text): since for code, text, since in rings.faults}
    dated = tuple((code, text, known.get((code, text), at)) for code, text in faults)
    kept = [one for one in rings.samples if one[0] >= at - BASELINE]
    older = rings.samples[-len(kept) - 1 : len(rings.samples) - len(kept)]
    return Rings((*older, *kept, (at, setting))[-KEPT:], dated)


def _meaning(
    known: EncoderMap | None,
    sent: Encoded,
    last: float,
    ring: str,
    lens: str,
    faults: list[tuple[str, str]],
) -> float:
    number = sent.share if known is not None and known.unit == "normalised" else sent.raw
    if known is None or number is None:
        if sent.meaning is not None:
            return sent.meaning
        if known is not None:
            faults.append((MISSING, f"the tracker sends no number of the {ring} encoder: the "
                           f"{ring} of the lens {lens!r} is not followed"))  # fmt: skip
        return last
    value, is_on_map = known.meaning(number)
    if not is_on_map:
        faults.append((OUTSIDE, f"the {ring} encoder is outside its map in the lens {lens!r} "
                       f"({known.encoder[0]:g} to {known.encoder[-1]:g}): the end of the map is "
                       "used"))  # fmt: skip
    return value


def setting_at(rings: Rings, lens: LensFile, at: int, ahead: int) -> Setting:
    """The setting at `at`: extrapolated for at most `ahead` after the newest sample, then held.
    The lens's `home` without samples."""
    if not rings.samples:
        return lens.home
    newest_at, newest = rings.samples[-1]
    first_at, first = rings.samples[0]
    if newest_at - first_at < SHORTEST:
        return newest
    on = (min(at, newest_at + ahead) - newest_at) / (newest_at - first_at)
    return _between(first, newest, 1.0 + on)


def between(samples: Sequence[tuple[int, Setting]], at: int) -> Setting | None:
    """The setting at `at` among samples sorted by time; None without samples."""
    if not samples:
        return None
    after = bisect_left(samples, at, key=lambda sample: sample[0])
    if after == 0 or after == len(samples):
        return samples[min(after, len(samples) - 1)][1]
    (before_at, before), (after_at, following) = samples[after - 1], samples[after]
    return _between(before, following, (at - before_at) / (after_at - before_at))


def _between(one: Setting, other: Setting, share: float) -> Setting:
    return Setting(
        one.zoom + (other.zoom - one.zoom) * share,
        max(0.0, one.diopter + (other.diopter - one.diopter) * share),
    )
