"""Surveyed walls: measured points in a CSV file, and the wall that fits them (no I/O)."""
