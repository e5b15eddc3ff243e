"""Codes of lens files and of camera moves."""

from __future__ import annotations

from xrdrama.authoring.explaining.explanation import EITHER, ERROR, WARNING, Area, Explanation

E = Explanation
LENS, MOVE = "a lens file", "a camera move"
AREA = Area("lenses", "Lens files (*.lens.yaml) and camera moves (*.move.yaml)", (
    E("K001", ERROR, "a lens without a calibrated setting", "calibration: needs one at least.",
      "calibration: []", "calibration:\n  - {focal_mm: 35}", LENS),
    E("K002", ERROR, "an encoder map with fewer than two points", "Give the two ends of the ring.",
      "zoom: {points: [{at: 0, mm: 24}]}",
      "zoom: {points: [{at: 0, mm: 24}, {at: 1, mm: 70}]}", LENS),
    E("K003", ERROR, "not a number of a normalised encoder", "It runs from 0 to 1; or unit: raw.",
      "zoom: {unit: normalised, points: [{at: 0, mm: 24}, {at: 4095, mm: 70}]}",
      "zoom: {unit: raw, points: [{at: 0, mm: 24}, {at: 4095, mm: 70}]}", LENS),
    E("K004", ERROR, "an encoder map that is not in order", "at: rises from point to point.",
      "zoom: {points: [{at: 1, mm: 70}, {at: 0, mm: 24}]}",
      "zoom: {points: [{at: 0, mm: 24}, {at: 1, mm: 70}]}", LENS),
    E("K005", ERROR, "an encoder map that turns back",
      "What the numbers mean must only rise or only fall, so that each has one meaning.",
      "zoom: {points: [{at: 0, mm: 24}, {at: 0.5, mm: 70}, {at: 1, mm: 35}]}",
      "zoom: {points: [{at: 0, mm: 24}, {at: 0.5, mm: 35}, {at: 1, mm: 70}]}", LENS),
    E("K006", ERROR, "one setting twice", "Two entries have the same zoom and focus.",
      "calibration:\n  - {focal_mm: 35}\n  - {focal_mm: 35}", "calibration:\n  - {focal_mm: 35}",
      LENS),
    E("K007", ERROR, "several zooms or focus distances without a map of the encoder",
      "Without the map nobody knows which setting the lens is at.",
      "calibration: [{focal_mm: 24}, {focal_mm: 70}]",
      "encoders: {zoom: {points: [{at: 0, mm: 24}, {at: 1, mm: 70}]}}\n"
      "calibration: [{focal_mm: 24}, {focal_mm: 70}]", LENS),
    E("K008", WARNING, "the calibration does not cover the whole zoom",
      "Beyond its ends the nearest setting is used. Calibrate the ends of the ring, too."),
    E("K009", EITHER, "a distortion that is implausible",
      "Its order of coefficients, its unit or the size of the sensor is probably wrong."),
    E("K010", WARNING, "an overscan beyond the range of the distortion",
      "Maps and pictures have no values there. Use less overscan."),
    E("M001", ERROR, "a key of a camera move that is not later than the one before it",
      "Keys are in the order of time.",
      "keys:\n  - {at: 2s, position: [0, -3, 1.5]}\n  - {at: 1s, position: [0, -2, 1.5]}",
      "keys:\n  - {at: 1s, position: [0, -3, 1.5]}\n  - {at: 2s, position: [0, -2, 1.5]}", MOVE),
    E("M002", ERROR, "a camera move without keys", "It needs at least one key.",
      "keys: []", "keys:\n  - {at: 0s, position: [0, -3, 1.5]}", MOVE),
))  # fmt: skip
