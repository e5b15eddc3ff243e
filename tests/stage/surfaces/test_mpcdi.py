"""MPCDI regions and their maps: the points of the pixels, or the reason why there is no surface."""

from __future__ import annotations

import struct
from io import BytesIO
from math import isclose
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import RemoteProtocolError
from xrdrama.spatial import Vec3
from xrdrama.stage.surfaces.mpcdi import MOST_CELLS, read_mpcdi
from xrdrama.stage.surfaces.pfm import read_pfm

ROOT = Path(__file__).resolve().parents[3]
XML = """<?xml version="1.0" encoding="UTF-8"?>
<MPCDI profile="{profile}" date="2026-11-30" version="2.0">
  <display><buffer id="0">
    <region id="left" xResolution="40" yResolution="20" x="0" y="0" xsize="1" ysize="1"/>
    <region id="right" xResolution="40" yResolution="20" x="0" y="0" xsize="1" ysize="1">
      <frustum><yaw>0</yaw></frustum>
    </region>
  </buffer></display>
  <files>
    <fileset region="left"><geometryWarpFile><path>maps/left.pfm</path>
      <interpolation>linear</interpolation><geometricUnit>{unit}</geometricUnit>
    </geometryWarpFile></fileset>
  </files>
</MPCDI>
"""


def pfm(width: int = 40, height: int = 20, *, order: str = "<", hole: bool = False) -> bytes:
    """A flat wall of 4 m x 2 m in millimetres, whose pixel centres are 100 mm apart."""
    rows = []
    for y in range(height):
        for x in range(width):
            point = ((x + 0.5) * 100 - 2000, 2000 - (y + 0.5) * 100, -3000.0)
            rows.append(struct.pack(f"{order}3f", *((0, 0, 0) if hole and x == y == 5 else point)))
    scale = "-1.0" if order == "<" else "1.0"
    return f"PF\n{width} {height}\n{scale}\n".encode() + b"".join(rows)


def archive(
    xml: str = XML, *, profile: str = "a3", unit: str = "mm", files: dict[str, bytes] | None = None
) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        made.writestr("mpcdi.xml", xml.format(profile=profile, unit=unit))
        for name, content in ({"maps/left.pfm": pfm()} if files is None else files).items():
            made.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_map_is_the_surface_out_to_the_regions_edges(order: str) -> None:
    surface = read_mpcdi(archive(files={"maps/left.pfm": pfm(order=order)}), "left")
    assert 2 <= len(surface.triangles) <= 2 * MOST_CELLS
    corners = [corner for triangle in surface.triangles for corner in triangle]
    for corner in corners:
        p = corner.point
        assert isclose(p.x, corner.u * 4 - 2, abs_tol=1e-5)
        assert isclose(p.y, corner.v * 2, abs_tol=1e-5) and isclose(p.z, -3, abs_tol=1e-5)
    assert {0.0, 1.0} <= {c.u for c in corners} and {0.0, 1.0} <= {c.v for c in corners}
    area = sum((b.point - a.point).cross(c.point - a.point).z / 2 for a, b, c in surface.triangles)
    assert isclose(area, 8.0, abs_tol=1e-4)  # positive: it faces the audience


def test_a_large_map_is_thinned_and_pixels_without_points_are_left_out() -> None:
    large = read_mpcdi(archive(files={"maps/left.pfm": pfm(300, 200)}), "left")
    assert 1000 <= len(large.triangles) <= 2 * MOST_CELLS
    whole, holed = (
        read_mpcdi(archive(files={"maps/left.pfm": pfm(hole=hole)}), "left")
        for hole in (False, True)
    )
    assert 0 < len(whole.triangles) - len(holed.triangles) <= 8


def test_profile_3d_is_used_only_if_its_map_has_lengths() -> None:
    assert read_mpcdi(archive(profile="3d", unit="m"), "left").triangles
    for profile, unit in (("3d", "unkown"), ("3d", ""), ("2d", "mm"), ("a3", "furlong")):
        with pytest.raises(RemoteProtocolError, match="bends a picture for one eye point"):
            read_mpcdi(archive(profile=profile, unit=unit), "left")


@pytest.mark.parametrize(
    ("content", "region", "says"),
    [
        (archive(), "right", "frustum but no geometry warp map"),
        (archive(), "Left", "no region 'Left': .*left"),
        (archive(), "", "2 regions: write region: with one of left, right"),
        (archive(files={}), "left", "no file 'maps/left.pfm'"),
        (archive(files={"maps/left.pfm": pfm()[:-1]}), "left", "truncated"),
        (archive(files={"maps/left.pfm": b"Pf\n4 4\n-1\n"}), "left", "not a colour PFM"),
        (archive(files={"maps/left.pfm": b"PF\n1 4\n-1\n"}), "left", "1 x 4 pixels"),
        (archive(files={"maps/left.pfm": pfm(2, 2)[:12] + bytes(60)}), "left", "no points"),
        (archive("<MPCDI profile='a3'>"), "left", "mpcdi.xml"),
        (archive("<html/>"), "left", "does not describe"),
        (archive("<!DOCTYPE a [<!ENTITY b 'c'>]><MPCDI/>"), "left", "entities"),
        (archive("<a>" * 50), "left", "nested too deeply"),
        (b"", "left", "not a valid MPCDI archive"),
        (archive()[:200], "left", "not a valid MPCDI archive"),
    ],
)
def test_a_file_without_a_surface_is_refused_with_the_reason(
    content: bytes, region: str, says: str
) -> None:
    with pytest.raises(RemoteProtocolError, match=says):
        read_mpcdi(content, region)


def test_a_published_description_of_frustums_is_refused() -> None:
    """An extra check where shared/vectors is present; ours above has the same form."""
    for vector in ROOT.glob("../shared/vectors/mpcdi/*.mpcdi.xml"):
        out = BytesIO()
        with ZipFile(out, "w") as made:
            made.writestr("mpcdi.xml", vector.read_bytes())
        with pytest.raises(RemoteProtocolError, match="frustum but no geometry warp map"):
            read_mpcdi(out.getvalue(), "Rear")


def test_a_map_has_the_first_row_above() -> None:
    found = read_pfm(pfm())
    assert found.point(0, 0) == Vec3(-1950, 1950, -3000)


GOOD = archive(files={"maps/left.pfm": pfm(8, 6)})
SMALL = pfm(3, 3)


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """The content with a few bytes replaced, and cut."""
    flips = st.lists(
        st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), min_size=1, max_size=6
    )

    def apply(changes: list[tuple[int, int]], keep: int) -> bytes:
        made = bytearray(content)
        for at, value in changes:
            made[at] = value
        return bytes(made[:keep])

    cut = st.one_of(st.just(len(content)), st.integers(0, len(content)))
    return st.builds(apply, flips, cut)


def fuzzed(content: bytes) -> None:
    for read in (lambda c: read_mpcdi(c, "left"), read_pfm):
        try:
            read(content)
        except RemoteProtocolError:
            continue


anything = st.one_of(st.binary(max_size=60), damaged(GOOD), damaged(SMALL))


@settings(deadline=None, max_examples=800)
@given(anything)
def test_damaged_archives_give_the_one_error(content: bytes) -> None:
    fuzzed(content)


@pytest.mark.soak
@settings(deadline=None, max_examples=100_000)
@given(anything)
def test_many_damaged_archives_give_the_one_error(content: bytes) -> None:
    fuzzed(content)
