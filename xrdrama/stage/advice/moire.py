"""The risk of moire between the LEDs of a wall and the photosites of a camera.

The LEDs are a grating whose image has a period of s photosites. What of it is finer than two
photosites comes back as a false pattern. Defocus blurs it away: a disc of c photosites removes the
first harmonic at c = 1.22 s. The model adds up the harmonics that alias: their contrast after the
size of the LED, the defocus disc and the photosite. It knows no optical low-pass filter, no colour
filter and no processing in the camera, so it is a risk to be checked on the stage, not a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, cos, exp, hypot, pi, radians, sin, sqrt

import msgspec

from xrdrama.stage.exposure import confusion

LED_SIZE = 0.35
"""Side of the light source as a share of the pitch: today's panels are mostly black."""
LENS_BLUR = 1.0
"""Photosites that a lens in focus blurs by itself, with the filter in front of a sensor."""
LARGEST = 6.0
"""From this period on, single LEDs are seen, which is another fault than moire."""
FAINT = 5e-4
"""Harmonics below this contrast are left out."""
SEEN = 0.02
"""Contrast of a pattern at which the risk is about two in three."""
Word = str


class Optics(msgspec.Struct, frozen=True):
    """A lens on a sensor, metres: focal length, f-number, distance in focus, photosite pitch."""

    focal: float
    aperture: float
    focus: float
    photosite: float


def period(pitch: float, distance: float, optics: Optics) -> float:
    """s: the image of the distance from LED to LED, photosites: pitch * focal / (distance * p)."""
    return pitch * optics.focal / (distance * optics.photosite)


def blur(distance: float, optics: Optics) -> float:
    """c: the diameter of the circle of confusion of a wall at a distance, photosites."""
    disc = confusion(distance, optics.focal, optics.aperture, optics.focus)
    return disc / optics.photosite


def contrast(
    s: float, c: float, *, grazing: float = 90.0, roll: float = 0.0, size: float = LED_SIZE
) -> float:
    """The contrast (RMS over mean) of what aliases, for a period of s and a blur of c photosites.

    `grazing` is the angle between the line of sight and the wall, degrees (90 = straight on): it
    shortens the period across. `roll` turns the LEDs against the photosites, degrees.
    """
    if s <= 0.0:
        return 0.0
    across = s * max(0.02, sin(radians(min(90.0, grazing))))
    turn_c, turn_s = cos(radians(roll)), sin(radians(roll))
    most = min(16, ceil(1.5 * s) + 2)
    power = 0.0
    leds = [_sinc(n * size) for n in range(most + 1)]
    for k in range(-most, most + 1):
        for m in range(most + 1):
            if m == 0 and k <= 0:
                continue  # the mean, and the mirror images of others
            if abs(leds[abs(k)] * leds[m]) < FAINT:
                continue
            u, v = k / across, m / s
            fx, fy = u * turn_c - v * turn_s, u * turn_s + v * turn_c
            if abs(fx) <= 0.5 and abs(fy) <= 0.5:
                continue
            amplitude = leds[abs(k)] * leds[m] * _sinc(fx) * _sinc(fy)
            if abs(amplitude) < FAINT:
                continue
            power += 2.0 * (amplitude * _disc(hypot(fx, fy) * c)) ** 2
    return sqrt(power)


def _sinc(x: float) -> float:
    return 1.0 if abs(x) < 1e-9 else sin(pi * x) / (pi * x)


def _disc(cycles: float) -> float:
    """The contrast that a disc leaves of a wave with so many periods in its diameter: 2 J1 / x."""
    x = pi * cycles
    if x < 1e-3:
        return 1.0
    if x > 60.0:
        return 0.0
    steps = 24 + int(x)
    total = sum(cos((i + 0.5) * pi / steps - x * sin((i + 0.5) * pi / steps)) for i in range(steps))
    return 2.0 * total / steps / x


def risk(contrast: float) -> float:
    """0 to 1: how likely the pattern is seen."""
    return 1.0 - exp(-contrast / SEEN)


def word(risk: float) -> Word:
    """The risk as a word: low, some, high."""
    return "low" if risk < 0.3 else "some" if risk < 0.75 else "high"


class At(msgspec.Struct, frozen=True):
    """The risk at one place: distance of the wall, metres, s and c, photosites."""

    distance: float
    grazing: float
    period: float
    blur: float
    risk: float
    word: Word


def at(pitch: float, distance: float, optics: Optics, *, grazing: float = 90.0) -> At:
    """The risk for a wall with a pitch (metres) at a distance (metres)."""
    s, c = period(pitch, distance, optics), blur(distance, optics)
    found = risk(contrast(s, hypot(c, LENS_BLUR), grazing=grazing))
    return At(distance, grazing, s, c, found, word(found))


class RiskMap(msgspec.Struct, frozen=True):
    """Risks over two quantities: `risk[row][column]` for `down[row]` and `across[column]`."""

    across: tuple[float, ...]
    down: tuple[float, ...]
    risk: tuple[tuple[float, ...], ...]


def lens_map(
    pitch: float, optics: Optics, focals: Sequence[float], distances: Sequence[float]
) -> RiskMap:
    """Risk over wall distance (across) and focal length (down), metres, in focus on the wall."""
    rows = [
        tuple(at(pitch, d, Optics(f, optics.aperture, d, optics.photosite)).risk for d in distances)
        for f in focals
    ]
    return RiskMap(tuple(distances), tuple(focals), tuple(rows))


def focus_map(
    pitch: float, optics: Optics, focuses: Sequence[float], distances: Sequence[float]
) -> RiskMap:
    """Risk over wall distance (across) and focus distance (down), metres, with this lens."""
    rows = [
        tuple(
            at(pitch, d, Optics(optics.focal, optics.aperture, focus, optics.photosite)).risk
            for d in distances
        )
        for focus in focuses
    ]
    return RiskMap(tuple(distances), tuple(focuses), tuple(rows))
