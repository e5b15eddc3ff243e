"""Lenses: what a tracked lens sees at its zoom and focus. Pure; lens files (`*.lens.yaml`).

    lens = load_lens(text, "zoom.lens.yaml")
    optics = lens.optics(Setting(zoom=35.0, diopter=0.25))      # focused at 4 m
    right, up = optics.sensor_to_tangent(10.0, -5.0)            # the ray of a point of the sensor

Distortion is OpenLensIO's, in millimetres on the sensor (x right, y down).
"""

from xrdrama.stage.lenses.distortion import Distortion, OutsideDomain
from xrdrama.stage.lenses.model import Calibrated, EncoderMap, LensFile, Setting
from xrdrama.stage.lenses.optics import Optics, fold_in, needed_overscan, seen
from xrdrama.stage.lenses.parse import load_lens, parse_lens

__all__ = [
    "Calibrated",
    "Distortion",
    "EncoderMap",
    "LensFile",
    "Optics",
    "OutsideDomain",
    "Setting",
    "fold_in",
    "load_lens",
    "needed_overscan",
    "parse_lens",
    "seen",
]
