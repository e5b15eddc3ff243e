"""Viewers of a show: a window and a headset."""
