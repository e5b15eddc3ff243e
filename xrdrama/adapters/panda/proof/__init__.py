"""Proof that the wall shows what the camera must see."""
