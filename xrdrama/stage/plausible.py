"""Which numbers of a stage file are plausible: one row for each quantity.

A range without a published source is our judgement: several times wider than what is built, so
that a warning means a wrong unit and not an unusual stage. Angles up to 360 degrees (pan, tilt,
roll) and pixel counts are not checked: a wrong unit cannot be recognised in them. Sources:

- [built] The Mandalorian's volume is 75 ft across and 20 ft high; pitches are 1.2 to 2.8 mm
  (American Cinematographer, February 2020; notes/virtual-production of this project).
- [panels] data sheets of LED panels: cabinets of 0.25 to 1 m, pitch 0.7 to 10 mm indoors, 20 mm
  and more for transparent or outdoor ones, 600 to 2000 nits indoors, up to 10,000 outdoors.
- [lenses] lists of cinema lenses: 8 to 300 mm, zooms to 1500 mm; small cameras begin at 4 mm.
- [sensors] from 2/3 inch (8.8 x 6.6 mm) to ALEXA 65 (54.1 x 25.6 mm) and 6 x 7 film.
- [delays] trackers need 2 to 20 ms, whole stages 5 to 12 frames of 24 (0.2 to 0.5 s).
"""

from __future__ import annotations

from xrdrama.document.plausible import METRES, MILLIMETRES, SHARE, TIME, Other, Quantity, scaled

_JUDGED = "our judgement"
_NITS = scaled(thousands_of_nits=1000.0)
_FOCAL = (*MILLIMETRES, *scaled(hundredths_of_a_millimetre=0.01))
_OVERSCAN = (
    *SHARE,
    Other("fractions of extra size", lambda number: 1 + number if number <= 0.5 else 0),
    Other("percent of extra size", lambda number: 1 + number / 100 if number >= 1 else 0),
)
_LARGER = "write 1 or more; 1.2 is 20 % larger"
_DENSITY = (
    Other("pixels per millimetre", lambda number: number * 1000),
    Other("millimetres of pixel pitch", lambda number: 1000 / number),
)


def _position(path: str, most: float, usual: float, source: str = _JUDGED) -> Quantity:
    return Quantity(path, "metres", 0, most, usual, METRES, source)


def _camera(path: str) -> tuple[Quantity, ...]:
    """The quantities of a camera."""
    return (
        Quantity(f"{path}.focal_mm", "millimetres", 4, 1500, 35, _FOCAL, "[lenses]"),
        Quantity(f"{path}.sensor_mm", "millimetres", 4, 80, 25, MILLIMETRES, "[sensors]"),
        Quantity(f"{path}.shift", "sensor widths", 0, 0.3, 0.05, SHARE, "[lenses] 12 of 36 mm"),
        _position(f"{path}.tracker_offset.position", 2, 0.1, "a tracker on the camera's rig"),
        Quantity(f"{path}.entrance_pupil_mm", "millimetres", 1, 600, 60, MILLIMETRES,
                 "[lenses] within the longest lenses"),
        Quantity(f"{path}.overscan", "times the frame size", 1, 2, 1.2, _OVERSCAN, _JUDGED,
                 _LARGER),
        Quantity(f"{path}.feather", "as a fraction of the width", 0, 0.2, 0.03, SHARE,
                 "the format"),
        _position(f"{path}.safe.position", 50, 1.6),
    )  # fmt: skip


PITCH = Quantity("walls.*.pitch", "millimetres", 0.4, 60, 2.6, MILLIMETRES, "[panels]")
STAGE_UNITS = (
    _position("walls.*.centre", 100, 3),
    Quantity("walls.*.width", "metres", 0.2, 100, 5, METRES, "[built] 4 times"),
    Quantity("walls.*.height", "metres", 0.2, 40, 4, METRES, "[built] 6 times"),
    Quantity("walls.*.radius", "metres", 0.5, 60, 6, METRES, "[built] 5 times"),
    Quantity("walls.*.angle", "degrees", 7, 359, 150, scaled(radians=57.29577951), _JUDGED),
    Quantity("walls.*.brightness_nits", "nits", 50, 10_000, 1500, _NITS, "[panels]"),
    PITCH,
    Quantity("walls.*.panel.size", "metres", 0.05, 2.5, 0.5, METRES, "[panels]"),
    *_camera("camera"),
    *_camera("cameras.*"),
    _position("eye_point", 50, 1.6),
    _position("safe.position", 50, 1.6),
    _position("stand_in.at", 50, 1.6),
    _position("tracking.origin.position", 100, 1.6),
    Quantity("tracking.latency", TIME, 0.0005, 1, 0.02, (), "[delays] twice"),
    Quantity("ladder.predict", TIME, 0.005, 2, 0.1, (), _JUDGED),
    Quantity("ladder.hold", TIME, 0.02, 120, 1, (), _JUDGED),
    Quantity("ladder.ease", TIME, 0.05, 60, 2, (), _JUDGED),
    Quantity("ladder.doubt", TIME, 0.01, 5, 0.15, (), _JUDGED),
    Quantity("ladder.jump", "metres", 0.02, 5, 0.5, METRES, _JUDGED),
    Quantity("inner.overscan", "times the frame size", 1, 2, 1.2, _OVERSCAN, _JUDGED, _LARGER),
    Quantity("inner.feather", "as a fraction of the width", 0, 0.2, 0.03, SHARE, "the format"),
    Quantity("outer.density", "pixels per metre", 4, 2000, 200, _DENSITY, "[panels] 0.5 to 250 mm"),
    Quantity("near", "metres", 0.005, 3, 0.1, METRES, _JUDGED),
    Quantity("far", "metres", 3, 20_000, 500, METRES, "as far as hills are seen"),
)  # fmt: skip
