"""OBJ surfaces: the subset that walls need, and one error for everything else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import RemoteProtocolError
from xrdrama.spatial import Vec3
from xrdrama.stage.surfaces import Corner, Surface
from xrdrama.stage.surfaces.obj import MOST_BYTES, read_obj
from xrdrama.stage.surfaces.surface import MOST_TRIANGLES

QUAD = """\
# a wall
mtllib wall.mtl
o left
v -1 0 0
v 1 0 0 0.5 0.5 0.5
v 1 1 0
v -1 1 0
vt 0 0
vt 1 0 0
vt 1 1
vt 0 1
vn 0 0 1
usemtl led
s off
f 1/1/1 2/2/1 3/3/1 4/4/1
g right wing
f -4/-4 -3/-3 \\
 -2/-2
"""
numbers = st.floats(-1000, 1000)
corners = st.builds(
    Corner, st.builds(Vec3, numbers, numbers, numbers), st.floats(0, 1), st.floats(0, 1)
)
surfaces = st.lists(st.tuples(corners, corners, corners), min_size=1, max_size=8).map(
    lambda found: Surface(tuple(found))
)


def written(surface: Surface) -> bytes:
    """The surface as OBJ."""
    lines = []
    for triangle in surface.triangles:
        for corner in triangle:
            p = corner.point
            lines += [f"v {p.x!r} {p.y!r} {p.z!r}", f"vt {corner.u!r} {corner.v!r}"]
        lines.append("f -3/-3 -2/-2 -1/-1")
    return "\n".join(lines).encode()


@settings(deadline=None, max_examples=150)
@given(surfaces)
def test_triangles_are_read_as_they_were_written(surface: Surface) -> None:
    assert read_obj(written(surface)) == surface


def test_a_polygon_is_a_fan_and_an_object_is_chosen_by_name() -> None:
    everything = read_obj(QUAD.encode())
    assert len(everything.triangles) == 3
    left, right = read_obj(QUAD.encode(), "left"), read_obj(QUAD.encode(), "right wing")
    assert left.triangles + right.triangles == everything.triangles
    a, b, c = left.triangles[1]
    assert (a.point, b.point, c.point) == (Vec3(-1, 0, 0), Vec3(1, 1, 0), Vec3(-1, 1, 0))
    assert [(p.u, p.v) for p in (a, b, c)] == [(0, 0), (1, 1), (0, 1)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(end: str) -> None:
    text = "\ufeff" + QUAD.replace("\n", end)
    assert read_obj(text.encode()) == read_obj(QUAD.encode())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("v 1 1 0", "v 1 nan 0", "line 6: nan is not a coordinate"),
        ("v 1 1 0", "v 1 1e9 0", "line 6"),
        ("v 1 1 0", "v 1 1", "line 6: expected 3 numbers"),
        ("v 1 1 0", "v 1 1 up", "line 6: expected 3 numbers"),
        ("vt 1 1", "vt 1", "line 10: expected 2 numbers"),
        ("f 1/1/1 2/2/1 3/3/1 4/4/1", "f 1/1 2/2", "2 corners"),
        ("f 1/1/1 2/2/1 3/3/1 4/4/1", "f 1 2 3", "has no texture coordinate"),
        ("f 1/1/1 2/2/1 3/3/1 4/4/1", "f 1//1 2//1 3//1", "has no texture coordinate"),
        ("f 1/1/1 2/2/1 3/3/1 4/4/1", "f 1/1 2/2 5/3", "'5' is not the number of a `v`"),
        ("f 1/1/1 2/2/1 3/3/1 4/4/1", "f 0/1 2/2 3/3", "'0' is not the number of a `v`"),
        ("s off", "curv 0 1 1 2", "line 14: 'curv' is not supported"),
        ("s off", "l 1 2", "'l' is not supported"),
    ],
)
def test_a_fault_is_named_with_its_line(old: str, new: str, says: str) -> None:
    assert old in QUAD
    with pytest.raises(RemoteProtocolError, match="line") as caught:
        read_obj(QUAD.replace(old, new, 1).encode())
    assert says in str(caught.value)


def test_other_files_and_missing_objects_are_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="no polygons"):
        read_obj(b"")
    with pytest.raises(RemoteProtocolError, match="UTF-8"):
        read_obj(b"glTF\x02\xff\xff")
    with pytest.raises(RemoteProtocolError, match="left"):
        read_obj(QUAD.encode(), "Left")
    with pytest.raises(RemoteProtocolError, match="at most"):
        read_obj(b" " * (MOST_BYTES + 1))
    face = "v 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 0 1\n" + "f 1/1 2/2 3/3\n" * (
        MOST_TRIANGLES + 1
    )
    with pytest.raises(RemoteProtocolError, match=f"more than {MOST_TRIANGLES}"):
        read_obj(face.encode())


words = st.sampled_from([*"vf#ogls/\\-. \n\r1230", "vt ", "nan", "1e999", "\ufeff", "v 0 0 0\n",
                         "vt 0 0\n", "f 1/1 1/1 1/1\n", "9" * 30])  # fmt: skip
texts = st.lists(words, max_size=40).map(lambda parts: "".join(parts).encode())


def fuzzed(content: bytes) -> None:
    try:
        surface = read_obj(content)
    except RemoteProtocolError:
        return
    assert surface.triangles


@settings(deadline=None, max_examples=1500)
@given(st.one_of(st.binary(max_size=80), texts))
def test_garbage_gives_the_one_error(content: bytes) -> None:
    fuzzed(content)


@pytest.mark.soak
@settings(deadline=None, max_examples=200_000)
@given(st.one_of(st.binary(max_size=80), texts))
def test_much_garbage_gives_the_one_error(content: bytes) -> None:
    fuzzed(content)
