from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.performer.mouth import (
    ALPHABETS,
    CLOSURES,
    SHAPES_OF_VISEME,
    VISEMES,
    MouthTrack,
    Phone,
    energy_track,
    joined,
    mouth_at,
    moved,
    segments,
    shapes_of,
)
from xrdrama.performer.mouth.loudness import STEP

MS = 1_000_000


def track_of(*phones: tuple[str, int], alphabet: str = "misaki") -> MouthTrack:
    """A track of phones with lengths in milliseconds."""
    found, at = [], 0
    for name, length in phones:
        found.append(Phone(name, at * MS, (at + length) * MS))
        at += length
    return MouthTrack("en", "synthesised", alphabet, tuple(found))  # type: ignore[arg-type]


def weights(track: MouthTrack, at_ms: float) -> dict[str, int]:
    mouth = mouth_at(track, round(at_ms * MS))
    return dict(zip((VISEMES[index] for index in mouth[::2]), mouth[1::2], strict=True))


def jaw(track: MouthTrack, at_ms: float) -> float:
    return shapes_of(mouth_at(track, round(at_ms * MS))).get("jawOpen", 0.0)


phones = st.lists(
    st.tuples(st.sampled_from(sorted(ALPHABETS["misaki"])), st.integers(5, 400)), max_size=30
)


def test_every_phone_of_every_alphabet_has_visemes() -> None:
    for alphabet in ALPHABETS.values():
        assert alphabet["sil"] == ("sil",)
        assert {name for names in alphabet.values() for name in names} <= set(VISEMES)
    assert set(SHAPES_OF_VISEME) == set(VISEMES)


INITIALS_AND_FINALS = (
    "b p m f d t n l g k h j q x zh ch sh r z c s"
    " a ai an ang ao e ei en eng er i ia ian iang iao ie ii iii in ing iong iou o ong ou u ua"
    " uai uan uang uei uen ueng uo v van ve vn"
)


def test_pinyin_covers_every_initial_and_final() -> None:
    assert set(INITIALS_AND_FINALS.split()) <= set(ALPHABETS["pinyin"])


@given(phones, st.integers(-200, 13_000))
def test_weights_are_small_pairs_in_order(spoken: list[tuple[str, int]], at: int) -> None:
    mouth = mouth_at(track_of(*spoken), at * MS)
    indices = mouth[::2]
    assert len(mouth) % 2 == 0
    assert all(0 < index < 15 for index in indices)
    assert list(indices) == sorted(set(indices))
    assert all(0 < weight <= 255 for weight in mouth[1::2])
    assert sum(mouth[1::2]) <= 258


@given(phones, st.integers(0, 12_000))
def test_the_mouth_does_not_jump(spoken: list[tuple[str, int]], at: int) -> None:
    track = track_of(*spoken)
    before, after = (weights(track, at + step) for step in (0.0, 2.0))
    for name in {*before, *after}:
        # The shortest flank is 27 ms long: pi / 2 / 27 of the way in each of them, doubled where
        # the others hand their share over at the same time.
        assert abs(before.get(name, 0) - after.get(name, 0)) <= 75


@given(phones, st.sampled_from("pbm"), st.integers(10, 200), phones)
def test_lips_are_closed_during_p_b_and_m_whatever_is_beside_them(
    before: list[tuple[str, int]], phone: str, length: int, after: list[tuple[str, int]]
) -> None:
    def kept(spoken: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """Without f and v, which close the mouth in another way at the same time."""
        return [one for one in spoken if ALPHABETS["misaki"][one[0]] != ("FF",)]

    before, after = kept(before), kept(after)
    track = track_of(*before, (phone, length), *after)
    start = sum(one for _, one in before)
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        assert weights(track, start + share * length) == {"PP": 255}
        assert jaw(track, start + share * length) == 0.0


def test_without_the_closure_the_jaw_would_be_open_there() -> None:
    assert jaw(track_of(("ɑ", 90), ("d", 20), ("ɑ", 90)), 100) > 0.3
    assert jaw(track_of(("ɑ", 90), ("m", 20), ("ɑ", 90)), 100) == 0.0


def test_a_vowel_reaches_its_own_shape_and_a_diphthong_moves_to_its_second() -> None:
    assert weights(track_of(("sil", 200), ("ɑ", 300), ("sil", 200)), 350) == {"aa": 255}
    house = track_of(("h", 60), ("W", 300), ("s", 80))
    early, late = weights(house, 130), weights(house, 310)
    assert early["aa"] > 200 and late["ou"] > 200
    assert [one.viseme for one in segments(house)] == ["kk", "aa", "ou", "SS"]


def test_neighbours_are_seen_before_they_are_heard() -> None:
    """In "see you" the lips round before the vowel begins."""
    assert weights(track_of(("s", 100), ("u", 200)), 90)["ou"] > 60
    assert "ou" not in weights(track_of(("s", 100), ("i", 200)), 90)


def test_most_frames_have_at_most_three_visemes() -> None:
    words = [("t", 60), ("w", 70), ("ɛ", 90), ("l", 60), ("v", 70), ("h", 60), ("W", 160),
             ("s", 70), ("ᵻ", 70), ("z", 90)]  # fmt: skip
    counts = [len(weights(track_of(*words), at)) for at in range(0, 800, 10)]
    assert sum(count <= 3 for count in counts) / len(counts) > 0.75
    assert max(counts) <= 5


def test_the_mouth_rests_before_and_after_the_line() -> None:
    line = track_of(("ɑ", 200))
    assert mouth_at(line, -90 * MS) == mouth_at(line, 300 * MS) == ()
    assert 0 < jaw(line, -40) < jaw(line, 0) < jaw(line, 100)
    assert mouth_at(MouthTrack("en", "synthesised"), 0) == ()


def test_marks_give_their_time_to_the_phone_they_mark() -> None:
    spoken = [(" ", 0, 300), ("ˈ", 300, 320), ("ɑ", 320, 400), ("ː", 400, 430), (" ", 430, 460),
              ("m", 460, 500), (".", 500, 700), (" ", 700, 720)]  # fmt: skip
    found = joined("misaki", [(name, start * MS, end * MS) for name, start, end in spoken])
    assert [(p.name, p.start // MS, p.end // MS) for p in found] == [
        ("sil", 0, 300), ("ɑ", 300, 460), ("m", 460, 500), ("sil", 500, 720),
    ]  # fmt: skip


def test_a_track_moves_to_another_clock_and_is_cut_at_the_end_of_its_file() -> None:
    line = track_of(("m", 100), ("ɑ", 100), ("t", 100))
    points = ((0, 20 * MS), (100 * MS, 220 * MS), (300 * MS, 420 * MS))
    found = moved(line, points, 400 * MS)
    assert [(p.name, p.start // MS, p.end // MS) for p in found.phones] == [
        ("m", 20, 220), ("ɑ", 220, 320), ("t", 320, 400),
    ]  # fmt: skip


def test_a_recording_opens_the_jaw_with_its_loudness_and_shows_no_other_shape() -> None:
    line = energy_track("en", [0.0, 0.0, 0.2, 0.2, 0.2, 0.02, 0.0, 0.0])
    assert line.source == "energy" and line.step == STEP
    assert [jaw(line, at) > 0.3 for at in (0, 60, 150)] == [False, True, False]
    assert set(weights(line, 70)) == {"aa"}
    steps = [jaw(line, at) for at in range(0, 200, 2)]
    assert max(abs(b - a) for a, b in pairwise(steps)) < 0.06
    assert energy_track("en", []).lasts == 0
    assert mouth_at(energy_track("en", [0.0, 0.0]), 10 * MS) == ()


@pytest.mark.parametrize("mouth", [(), (99, 255), (10,), (10, 255, 10, 255)])
def test_shapes_of_any_pairs_stay_within_0_and_1(mouth: tuple[int, ...]) -> None:
    assert all(0.0 <= value <= 1.0 for value in shapes_of(mouth).values())


def test_closures_are_closed() -> None:
    for viseme in CLOSURES:
        assert SHAPES_OF_VISEME[viseme].get("jawOpen", 0.0) <= 0.06
