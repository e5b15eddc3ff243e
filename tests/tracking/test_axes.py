"""Axes of trackers: swapped and reversed, there and back; names of subjects at the edge."""

from __future__ import annotations

from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import UsageError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking import TrackingSample, freed
from xrdrama.tracking.axes import NAMES, SAME, Axes
from xrdrama.tracking.edge import Edge, with_profile

MAPS = [
    (*(s + n for s, n in zip(signs[:3], position, strict=True)), *(
        s + n for s, n in zip(signs[3:], ("pan", "tilt", "roll"), strict=True)))
    for position in permutations("xyz") for signs in product(("", "-"), repeat=6)
]  # fmt: skip
SAMPLE = TrackingSample(
    "t", "1", 0, Pose(Vec3(1.0, 2.0, 3.0), Quat.from_angles(pan=10.0, tilt=20.0, roll=30.0))
)


def test_each_axis_is_what_its_name_says() -> None:
    found = Axes.of(("-y", "x", "z", "-pan", "tilt", "-roll")).apply(SAMPLE)
    assert found.pose.position == Vec3(-2.0, 1.0, 3.0)
    assert found.pan_tilt_roll() == pytest.approx((-10.0, 20.0, -30.0))
    assert found.pose.rotation.angle_to(Quat.from_angles(pan=-10, tilt=20, roll=-30)) < 1e-9


def test_nothing_changed_is_the_same_object() -> None:
    assert Axes.of(SAME).apply(SAMPLE) is SAMPLE and Axes().is_same


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(MAPS))
def test_there_and_back_is_the_same_pose(written: tuple[str, ...]) -> None:
    axes = Axes.of(written)
    assert axes.written == written
    back = axes.inverse().apply(axes.apply(SAMPLE))
    assert (back.pose.position - SAMPLE.pose.position).length() < 1e-12
    assert back.pose.rotation.angle_to(SAMPLE.pose.rotation) < 1e-9


@pytest.mark.parametrize(
    "written",
    [NAMES[:5], ("x", "x", "z", *NAMES[3:]), ("pan", "y", "z", "x", "tilt", "roll"),
     ("w", *NAMES[1:])],
)  # fmt: skip
def test_maps_that_lose_an_axis_are_refused(written: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"axis|axes|exactly once"):
        Axes.of(written)


def test_the_edge_uses_the_name_that_the_stage_expects() -> None:
    edge = Edge(expected=frozenset(("crane",)))
    assert edge.enter(SAMPLE, {"1": "crane"}).subject == "crane"
    assert edge.enter(SAMPLE, {"1": "dolly"}).subject == "1"
    assert Edge(expected=frozenset("1")).enter(SAMPLE, {"1": "crane"}).subject == "1"


def test_profiles_that_do_not_exist_are_named() -> None:
    with pytest.raises(UsageError, match="no profile 'sonny'") as caught:
        with_profile(freed, "freed", "sonny")
    assert "sony" in caught.value.remedy
    with pytest.raises(UsageError, match="no vendor profiles"):
        with_profile(object(), "other", "sony")  # type: ignore[arg-type]
    assert with_profile(freed, "freed", "") is freed  # type: ignore[comparison-overlap]
