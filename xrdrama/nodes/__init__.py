"""Render nodes: processes that draw some walls of a show in step with each other."""
