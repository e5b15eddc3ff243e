"""Lenses from and to the files of other tools: OpenCV, OpenTrackIO, and our own text."""
