"""Performers: what each body can do, and performers made of figures from other programs."""
