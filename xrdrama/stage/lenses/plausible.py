"""Which numbers of a lens file are plausible: one row for each quantity.

Sources: [lenses] and [sensors] as in `xrdrama.stage.plausible`. Coefficients of distortion have no
row: their size depends on the sensor; `parse` checks what they do to the frame.
"""

from __future__ import annotations

from xrdrama.document.plausible import METRES, MILLIMETRES, Quantity, scaled

_FOCAL = (*MILLIMETRES, *scaled(hundredths_of_a_millimetre=0.01))
_POINTS = "calibration.*"
LENS_UNITS = (
    Quantity("sensor_mm", "millimetres", 4, 80, 25, MILLIMETRES, "[sensors]"),
    Quantity(f"{_POINTS}.focal_mm", "millimetres", 4, 1500, 35, _FOCAL, "[lenses]"),
    Quantity(f"{_POINTS}.zoom", "millimetres", 4, 1500, 35, _FOCAL, "[lenses]"),
    Quantity(f"{_POINTS}.focus", "metres", 0.05, 1000, 2, METRES, "[lenses] macro to far"),
    Quantity(f"{_POINTS}.entrance_pupil_mm", "millimetres", 1, 600, 60, MILLIMETRES, "[lenses]"),
    Quantity(f"{_POINTS}.projection_offset_mm", "millimetres", 0, 15, 0.1, MILLIMETRES,
             "[lenses] shift lenses reach 12 mm"),
    Quantity(f"{_POINTS}.distortion_offset_mm", "millimetres", 0, 5, 0.1, MILLIMETRES,
             "our judgement"),
    Quantity("encoders.zoom.points.*.mm", "millimetres", 4, 1500, 35, _FOCAL, "[lenses]"),
    Quantity("encoders.focus.points.*.m", "metres", 0.05, 1000, 2, METRES, "[lenses]"),
)  # fmt: skip
