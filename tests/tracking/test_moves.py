"""Camera moves: exact at their keys, smooth between, the same every time."""

from __future__ import annotations

import subprocess
import sys

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.document import Place
from xrdrama.errors import AuthoringError
from xrdrama.spatial import Quat, Vec3
from xrdrama.timing import NS
from xrdrama.tracking.moves import Handheld, Key, Move, load_move, move_schema, parse_move

law = settings(deadline=None, max_examples=200)
MS = 1_000_000

metres = st.floats(-50.0, 50.0)
keys = st.builds(
    Key,
    st.integers(1, 3 * NS),
    st.builds(Vec3, metres, metres, metres),
    st.just(Place()),
    st.floats(-180.0, 180.0),
    st.floats(-90.0, 90.0),
    st.floats(-45.0, 45.0),
)


@st.composite
def still_moves(draw: st.DrawFn) -> Move:
    """Moves without a tremor, their keys at least a millisecond apart."""
    at = draw(st.integers(0, NS))
    found = []
    for key in draw(st.lists(keys, min_size=1, max_size=6)):
        found.append(Key(at, key.position, key.place, key.pan, key.tilt, key.roll))
        at += MS + key.at
    return Move(tuple(found))


TEXT = """
keys:
  - {at: 0s, position: [0, -3, 1.6]}
  - {at: 2s, position: [1, -3, 1.6], pan: -10, tilt: 2}
  - {at: 3500ms, position: [1, -2, 1.8], pan: 20, roll: 1}
handheld: {degrees: 0.3, metres: 0.01, seed: 4}
zoom: 1200
focus: 88.5
"""


def test_encoders_are_interpolated_between_keys() -> None:
    text = (
        "keys:\n  - {at: 0s, position: [0, 0, 0], zoom: 100, focus: 9}\n"
        "  - {at: 2s, position: [0, 0, 0], zoom: 300}\nfocus: 5\n"
    )
    move = load_move(text, "a.move.yaml")
    assert [move.encoders(n * NS) for n in (-1, 0, 1, 2, 9)] == [
        (100, 9), (100, 9), (200, 7), (300, 5), (300, 5),
    ]  # fmt: skip
    still = load_move("keys:\n  - {at: 0s, position: [0, 0, 0]}\nzoom: 7\n", "a.move.yaml")
    assert still.encoders(5 * NS) == (7, 0)


@law
@given(still_moves())
def test_a_move_is_exact_at_its_keys(move: Move) -> None:
    for key in move.keys:
        pose = move.pose(key.at)
        assert pose.position == key.position
        expected = Quat.from_angles(pan=key.pan, tilt=key.tilt, roll=key.roll)
        assert pose.rotation == expected


@law
@given(still_moves(), st.integers(0, 10 * NS))
def test_before_and_after_the_camera_stands(move: Move, by: int) -> None:
    first, last = move.keys[0], move.keys[-1]
    assert move.pose(first.at - by) == move.pose(first.at)
    assert move.pose(last.at + by) == move.pose(last.at)


@law
@given(still_moves(), st.floats(0.0, 1.0))
def test_a_move_is_continuous_and_never_faster_than_its_ease(move: Move, share: float) -> None:
    for a, b in zip(move.keys, move.keys[1:], strict=False):
        at = a.at + round(share * (b.at - a.at))
        step = max(1, (b.at - a.at) // 10_000)
        one, other = move.pose(at), move.pose(at + step)
        # The quintic's steepest slope is 15/8; the next stretch may be as steep.
        most = 15 / 8 * step * max(
            (d.position - c.position).length() / (d.at - c.at)
            for c, d in zip(move.keys, move.keys[1:], strict=False)
        )  # fmt: skip
        assert (other.position - one.position).length() <= most * 1.001 + 1e-9


@law
@given(still_moves(), st.floats(0.0, 1.0))
def test_between_two_keys_the_camera_is_between_them(move: Move, share: float) -> None:
    for a, b in zip(move.keys, move.keys[1:], strict=False):
        at = a.at + round(share * (b.at - a.at))
        way = (b.position - a.position).length()
        here = move.pose(at).position
        assert (here - a.position).length() + (b.position - here).length() <= way + 1e-6


def test_it_starts_and_stops_without_a_jerk() -> None:
    move = Move((Key(0, Vec3(), Place()), Key(NS, Vec3(1.0, 0.0, 0.0), Place())))
    moved = [move.pose(at).position.x for at in (10 * MS, 500 * MS, 990 * MS)]
    assert moved[0] < 1e-4 and abs(moved[1] - 0.5) < 1e-12 and 1.0 - moved[2] < 1e-4


def test_a_hand_trembles_within_its_amplitude() -> None:
    still = load_move(TEXT)
    hand = still.handheld
    assert hand == Handheld(0.3, 0.01, 4)
    bare = Move(still.keys)
    for at in range(0, 20 * NS, 37 * MS):
        off = still.pose(at).position - bare.pose(at).position
        assert max(abs(off.x), abs(off.y), abs(off.z)) <= hand.metres
        angle = still.pose(at).rotation.angle_to(bare.pose(at).rotation)
        assert angle <= 0.3 * 1.75 * 3.1416 / 180
    offs = {
        still.pose(at).position.x - bare.pose(at).position.x for at in range(0, 5 * NS, 50 * MS)
    }
    assert max(offs) - min(offs) > 0.002  # it does tremble


def test_another_seed_is_another_hand_and_the_same_seed_the_same() -> None:
    one, other = load_move(TEXT), load_move(TEXT.replace("seed: 4", "seed: 5"))
    assert load_move(TEXT).pose(NS) == one.pose(NS)
    assert other.pose(NS) != one.pose(NS)


def test_a_move_is_the_same_in_another_process() -> None:
    code = (
        "import sys; from xrdrama.tracking.moves import load_move;"
        "m = load_move(sys.stdin.read()); print([m.pose(t * 10**8) for t in range(40)])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=TEXT, capture_output=True, text=True, check=True
    )
    move = load_move(TEXT)
    assert done.stdout.strip() == str([move.pose(t * 10**8) for t in range(40)])


def test_zoom_and_focus_are_read() -> None:
    move = load_move(TEXT)
    assert (move.zoom, move.focus) == (1200.0, 88.5)
    assert [key.at for key in move.keys] == [0, 2 * NS, 3500 * MS]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("keys: []", "M002", 1),
        ("keys:\n  - {at: 1s, position: [0, 0, 0]}\n  - {at: 1s, position: [0, 0, 0]}", "M001", 3),
        ("keys:\n  - {at: 2s, position: [0, 0, 0]}\n  - {at: 1s, position: [0, 0, 0]}", "M001", 3),
        ("keys:\n  - {at: 2s}", "F015", 2),
        ("keys:\n  - {at: 2s, position: [0, 0]}", "F009", 2),
        ("keys:\n  - {at: 2s, position: [0, 0, 99]}", "F005", 2),
        ("keys:\n  - {at: 2s, position: [0, 0, 0], pann: 3}", "F014", 2),
        ("zoom: 3", "F015", 1),
        ("keys: {", "Y001", 1),
        ("", "Y004", 1),
    ],
)
def test_errors_have_their_position(text: str, code: str, line: int) -> None:
    move, problems = parse_move(text, "a.move.yaml")
    assert move is None
    assert (problems[0].code, problems[0].file) == (code, "a.move.yaml")
    assert abs(problems[0].line - line) <= 1
    with pytest.raises(AuthoringError, match=code):
        load_move(text, "a.move.yaml")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_move_or_problems(text: str) -> None:
    move, problems = parse_move(text)
    assert (move is None) == bool(problems)


def test_the_schema_takes_what_is_read() -> None:
    schema = move_schema()
    key = {"at": "2s", "position": [0, -3, 1.6], "pan": 10}
    jsonschema.validate({"keys": [key]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"keys": [{**key, "pann": 1}]}, schema)
