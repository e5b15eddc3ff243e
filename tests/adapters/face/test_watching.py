"""Which face is used, and how its head is turned."""

from __future__ import annotations

from math import degrees, radians

import numpy as np
import pytest

from xrdrama.adapters.face.landmarks import Seen, head_of
from xrdrama.adapters.face.watching import choose


def seen(x: float, height: float = 0.3) -> Seen:
    return Seen({}, (0.0, 0.0, 0.0), (x, 0.5), height)


def test_the_largest_of_two_faces_that_come_at_once_is_used() -> None:
    assert choose([seen(0.2, 0.2), seen(0.7, 0.3)], None) == seen(0.7, 0.3)


def test_the_first_face_stays_when_a_larger_one_comes() -> None:
    assert choose([seen(0.8, 0.6), seen(0.24)], seen(0.2)) == seen(0.24)


def test_another_face_is_not_taken_for_one_that_is_hidden() -> None:
    assert choose([seen(0.8)], seen(0.2)) is None
    assert choose([seen(0.8)], None) == seen(0.8)  # after that frame it is used
    assert choose([], seen(0.2)) is None


def turned(pan: float, tilt: float, roll: float) -> np.ndarray:
    """A matrix with one of the three turns, written out: x right of the picture, y up, z out."""
    p, t, r = radians(pan), radians(tilt), radians(roll)
    about_y = [[np.cos(p), 0, np.sin(p)], [0, 1, 0], [-np.sin(p), 0, np.cos(p)]]
    about_x = [[1, 0, 0], [0, np.cos(t), np.sin(t)], [0, -np.sin(t), np.cos(t)]]
    about_z = [[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]]
    matrix = np.eye(4)
    matrix[:3, :3] = 1.3 * np.array(about_y) @ np.array(about_x) @ np.array(about_z)
    return matrix


@pytest.mark.parametrize("angles", [(30, 0, 0), (0, 20, 0), (0, 0, -15), (25, -10, 12)])
def test_the_turn_of_a_head_is_read_from_its_matrix(angles: tuple[float, float, float]) -> None:
    assert tuple(map(degrees, head_of(turned(*angles)))) == pytest.approx(angles)


def test_a_head_turned_to_its_own_left_has_a_positive_pan() -> None:
    """Its nose (z) goes to the right of the picture: a person faces the camera."""
    assert turned(30, 0, 0)[0, 2] > 0 and head_of(turned(30, 0, 0))[0] > 0
    assert turned(0, 20, 0)[1, 2] > 0  # the nose goes up
    assert turned(0, 0, 15)[1, 0] > 0  # the own left side goes up: to the own right shoulder
