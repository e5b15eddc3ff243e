"""Performers: digital actors, robots and live faces that take the same cues. Pure: no numpy."""
