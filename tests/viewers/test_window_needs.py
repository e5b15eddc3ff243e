"""What viewers of a window need: languages, captions of sounds, little motion, the presenter."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from msgspec.structs import replace

from xrdrama.adapters.panda.gamepads import PadInput
from xrdrama.adapters.panda.window import Area, Touched
from xrdrama.errors import UsageError
from xrdrama.processes.statuses import SIGHT_BYTES
from xrdrama.show.form import SHOW
from xrdrama.show.production import ViewerRule
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS, FrameRate, FrameTime
from xrdrama.viewers.languages import in_languages, turns_of
from xrdrama.viewers.looking import SNAP, STRIDE, TURN, Look, is_jump, moved
from xrdrama.viewers.sights import SightFile, Smoothed
from xrdrama.viewers.sounds import AMBIENCE_S, MOST, SoundCaptions
from xrdrama.viewers.texts import clock
from xrdrama.viewers.window import opening_of
from xrdrama.wire.frame import Caption, Frame, OpenChoice, OpenOption, Sound

RATE = FrameRate.parse("24")
BEGIN = FrameTime.of(0, RATE)
SAID = Caption("l", "lan", {"en": "Stay.", "zh": "留下。"})
OPEN = Frame(
    BEGIN, "door", "street", {}, captions=(SAID,),
    choice=OpenChoice("c", (OpenOption("go", 1, {"en": "Go", "zh": "走"}),)),
)  # fmt: skip
HEIGHT = 720


def test_languages_are_all_at_a_time_or_each_alone() -> None:
    assert turns_of(("en", "zh")) == (("en", "zh"), ("en",), ("zh",))
    assert turns_of(("en",)) == (("en",),) and turns_of(()) == ()
    both = in_languages(OPEN, ("zh", "en"))
    assert list(both.captions[0].texts) == ["zh", "en"], "the first is on top"
    alone = in_languages(OPEN, ("zh",))
    assert alone.captions[0].texts == {"zh": "留下。"}
    assert alone.choice is not None and alone.choice.options[0].texts == {"zh": "走"}
    assert in_languages(OPEN, ("fr",)).captions[0].texts == {"en": "Stay."}


def test_sounds_have_captions_for_as_long_as_they_are_heard() -> None:
    captions = SoundCaptions({"street/door_bell": 4 * NS, "tick": NS // 10})
    sounds = (
        Sound("street/door_bell", "effect", 48_000),
        Sound("tick", "effect", 48_000),
        Sound("line/l", "line", 0),
        Sound("lane_night", "ambience", 0, loop=True),
    )
    captions.note(replace(OPEN, sounds=sounds))

    def words(seconds: float) -> list[str]:
        return [next(iter(one.texts.values())) for one in captions.shown(seconds)]

    assert words(0.5) == ["[lane night]"]
    assert words(1.5) == ["[door bell]", "[tick]", "[lane night]"]
    assert words(4.9) == ["[door bell]", "[lane night]"]
    assert words(AMBIENCE_S + 0.1) == []
    captions.note(replace(OPEN, sounds=(Sound("street/door_bell", "stop", 96_000),)))
    assert "[door bell]" not in words(2.0)
    many = tuple(Sound(f"s{at}", "effect", 0) for at in range(50))
    captions.note(replace(OPEN, sounds=many))
    assert words(1.0) == [f"[s{at}]" for at in range(50 - MOST, 50)]


def test_a_gamepad_looks_and_steps_and_leaves_the_stick_to_a_choice() -> None:
    pad = PadInput(held=frozenset({"lshoulder"}), step=(0.0, 1.0), turn=(0.0, 0.5))
    look = moved(Look(), Touched(), 0.1, HEIGHT, pad)
    assert look.pan == pytest.approx(TURN * 0.1) and look.tilt == pytest.approx(TURN * 0.05)
    assert look.y > 0.1
    chosen = moved(Look(), Touched(held=frozenset({"arrow_up"})), 0.1, HEIGHT, pad, chooses=True)
    assert (chosen.x, chosen.y) == (0.0, 0.0) and chosen.pan == look.pan
    assert moved(Look(), Touched(held=frozenset("w")), 0.1, HEIGHT, chooses=True).y > 0.1
    assert moved(look, Touched(), 0.1, HEIGHT, PadInput(pressed=("rstick",))) == Look()


def test_reduced_motion_moves_by_steps_that_are_faded_in() -> None:
    held = Touched(held=frozenset({"w"}))
    assert moved(Look(), held, 1.0, HEIGHT, reduced=True) == Look(), "holding a key does not glide"
    stepped = moved(Look(), Touched(pressed=("w",)), 0.02, HEIGHT, reduced=True)
    assert stepped.y == pytest.approx(STRIDE) and is_jump(Look(), stepped, held)
    turned = moved(Look(), Touched(), 0.02, HEIGHT, PadInput(pressed=("rshoulder",)), reduced=True)
    assert turned.pan == pytest.approx(-SNAP) and is_jump(Look(), turned, Touched())
    drag = Touched(dragged=(50.0, 0.0))
    dragged = moved(Look(), drag, 0.02, HEIGHT, reduced=True)
    assert dragged.pan > 1.0 and not is_jump(Look(), dragged, drag), "a hand moves the picture"
    assert not moved(Look(), Touched(pressed=("f",)), 0.02, HEIGHT, reduced=True).films
    stick = PadInput(step=(1.0, 1.0), turn=(1.0, 1.0))
    assert moved(Look(), Touched(), 1.0, HEIGHT, stick, reduced=True) == Look()


def test_every_need_of_the_rule_is_in_the_show_file() -> None:
    fields = SHOW.fields["viewers"].shape.fields  # type: ignore[attr-defined]
    assert set(fields) == set(ViewerRule.__struct_fields__)


def made(folder: Path) -> Path:
    path = folder / "sight"
    path.write_bytes(bytes(SIGHT_BYTES))
    return path


def test_a_presenter_reads_the_newest_whole_pose_of_the_viewer(tmp_path: Path) -> None:
    path = made(tmp_path)
    reads, writes = SightFile(path), SightFile(path)
    assert reads.read() is None
    pose = Pose(Vec3(1.0, 2.0, 3.0), Quat.from_angles(pan=30.0))
    writes.write("street", Pose())
    writes.write("the_tea_room", pose)
    found = reads.read()
    assert found is not None and (found.scene, found.pose) == ("the_tea_room", pose)
    with path.open("r+b") as file:
        file.write(struct.pack("<Q", 7))  # being written, for ever
    assert reads.read() is None
    again = SightFile(path)
    again.write("street", pose)
    assert (found := reads.read()) is not None and found.scene == "street"
    for one in (reads, writes, again):
        one.close()


def test_a_presenters_picture_follows_softly_and_is_at_once_in_another_set(tmp_path: Path) -> None:
    file = SightFile(made(tmp_path))
    file.write("street", Pose())
    first = file.read()
    assert first is not None
    turned = replace(first, pose=Pose(Vec3(0.0, 1.0, 0.0), Quat.from_angles(pan=40.0)))
    smoothed = Smoothed()
    assert smoothed.follow(first, 0.04) == Pose()
    pans = [smoothed.follow(turned, 1 / 24).rotation.angles()[0] for _ in range(24)]
    assert (
        5.0 < pans[0] < 20.0 and pans == sorted(pans) and pans[-1] == pytest.approx(40.0, abs=0.1)
    )
    assert smoothed.follow(replace(first, scene="tea_room"), 0.04) == Pose()
    file.close()


def test_the_clock_is_the_shows() -> None:
    at = replace(OPEN, time=FrameTime.of(24 * 65, RATE))
    assert clock(OPEN) == "0:00" and clock(at) == "1:05"
    assert clock(replace(OPEN, time=FrameTime.of(24 * 3725, RATE))) == "1:02:05"


def test_a_window_opens_on_an_area_of_the_desktop() -> None:
    assert opening_of("", None).full is False
    assert opening_of("on", None).area is None and opening_of("on", None).full
    assert opening_of("-1920,0,1920,1080", None).area == Area(-1920, 0, 1920, 1080)
    for text in ("1,2", "full", "1,2,3,4,5"):
        with pytest.raises(UsageError):
            opening_of(text, None)
