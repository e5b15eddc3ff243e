"""Seeded randomness as a value: SplitMix64 (Steele, Lea, Flood 2014). The state is one integer."""

from __future__ import annotations

_MASK = (1 << 64) - 1


def seeded(seed: int) -> int:
    """The first state of a seed."""
    return seed & _MASK


def draw(state: int, least: int, most: int) -> tuple[int, int]:
    """The next state, and a whole number from `least` to `most`, both included."""
    state = (state + 0x9E3779B97F4A7C15) & _MASK
    z = state
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    z ^= z >> 31
    # Lemire's multiply-shift: over 64 bits the bias is negligible.
    return state, least + ((z * (most - least + 1)) >> 64)
