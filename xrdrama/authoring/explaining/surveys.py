"""Codes of surveys of walls."""

from __future__ import annotations

from xrdrama.authoring.explaining.explanation import ERROR, WARNING, Area, Explanation

E = Explanation
SURVEY = "a survey"
AREA = Area("surveys", "Surveys of walls (survey: NAME.csv of a stage)", (
    E("W060", ERROR, "a survey file that cannot be read",
      "It is a CSV table: the name of a point, then x, y and z.", "top left;0;4;3",
      "top_left,0,4,3", SURVEY),
    E("W061", ERROR, "points that do not determine where the wall is",
      "Three points are needed, not in a line, and each must be on the wall.",
      "top_left,0,4,3", "top_left,0,4,3\ntop_right,6,4,3\nbottom_left,0,4,0", SURVEY),
    E("W062", ERROR, "mirrored points",
      "Left and right, or two axes, are exchanged in the survey.", "top_left,6,4,3",
      "top_left,0,4,3", SURVEY),
    E("W063", ERROR, "another size than the declared wall",
      "The unit is probably wrong; the hint says which one fits.", "top_right,6000,4000,3000",
      "# mm\ntop_right,6000,4000,3000", SURVEY),
    E("W064", WARNING, "a point that the others contradict", "Measure it again, or remove it."),
    E("W065", WARNING, "a wall whose shape differs from the declared one",
      "Correct the wall, or write survey_fit: mesh with a grid of points."),
    E("W066", WARNING, "a wall far from its declared position",
      "Correct centre, pan, tilt and roll, or check the survey's axes and origin."),
    E("W067", ERROR, "survey_fit: mesh without a complete grid of points",
      "The mesh needs a point at every crossing of rows and columns."),
    E("W068", WARNING, "a mesh that is coarser than the wall's shape",
      "Measure a finer grid: each edge of a column."),
))  # fmt: skip
