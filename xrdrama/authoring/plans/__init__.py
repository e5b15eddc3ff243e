"""Test plans and random play: what an author's story does, checked without waiting for it."""
