"""Real polynomials as tuples of coefficients, lowest power first: value, product, first root."""

from __future__ import annotations

import itertools

Polynomial = tuple[float, ...]
_HALVINGS = 200
_TOUCHES = 1e-9


def value(polynomial: Polynomial, x: float) -> float:
    """The value at x (Horner's rule)."""
    total = 0.0
    for coefficient in reversed(polynomial):
        total = total * x + coefficient
    return total


def derivative(polynomial: Polynomial) -> Polynomial:
    """The derivative."""
    return tuple(power * c for power, c in enumerate(polynomial))[1:] or (0.0,)


def product(one: Polynomial, other: Polynomial) -> Polynomial:
    """The product."""
    result = [0.0] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            result[i + j] += a * b
    return tuple(result)


def first_root(polynomial: Polynomial, most: float, *, touching: bool = False) -> float | None:
    """The smallest x in (0, most] at which the polynomial changes sign, or None.

    With `touching`, also one at which it is (nearly) zero without changing sign; its value at 0
    must then be about 1.
    """
    found = roots(polynomial, most)
    if touching:
        turns = roots(derivative(polynomial), most)
        found += [x for x in turns if abs(value(polynomial, x)) < _TOUCHES]
    return min(found, default=None)


def roots(polynomial: Polynomial, most: float) -> list[float]:
    """Every x in (0, most] at which the polynomial changes sign, in order.

    Between two zeros of its derivative a polynomial is monotonic, so each of these stretches has
    at most one root, which is found by halving.
    """
    while len(polynomial) > 1 and polynomial[-1] == 0.0:
        polynomial = polynomial[:-1]
    if len(polynomial) < 2:
        return []
    ends = [0.0, *roots(derivative(polynomial), most), most]
    found = []
    for low, high in itertools.pairwise(ends):
        at_low, at_high = value(polynomial, low), value(polynomial, high)
        if at_high == 0.0 and high > 0.0:
            found.append(high)
        elif at_low * at_high < 0.0:
            found.append(_between(polynomial, low, high, at_low))
    return sorted(set(found))


def _between(polynomial: Polynomial, low: float, high: float, at_low: float) -> float:
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if not low < middle < high:
            break
        if value(polynomial, middle) * at_low > 0.0:
            low = middle
        else:
            high = middle
    return high
