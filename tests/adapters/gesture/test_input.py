"""The input process with the real recogniser on the demo's clip: both clocks, and what can fail."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fakes import RecordingIngress
from xrdrama.adapters.gesture import input as gesture
from xrdrama.adapters.gesture.input import PAUSE, Gestures, Settings, is_news
from xrdrama.adapters.gesture.models import checked_model
from xrdrama.adapters.vision.frames_input import LATENCY, NEVER
from xrdrama.adapters.vision.sources import Camera, Picture, VideoFile
from xrdrama.errors import DeviceError, UsageError
from xrdrama.timing import NS
from xrdrama.wire.codec import encode
from xrdrama.wire.events import DeviceLost, Entry, Gestured, HandPose

ROOT = Path(__file__).parents[3]
CLIP = ROOT / "examples" / "clips" / "hands" / "demo_hand.webm"
CHOOSING = ("open_palm", "fist", "point", "victory")


def run(name: str = "hands", *, stop_at: int | None = None, **settings: Any) -> RecordingIngress:
    ingress = RecordingIngress(fixed_rate=True, stop_at=stop_at)
    gesture.open(name, {"file": CLIP, **settings}).run(ingress, ingress.stop)
    return ingress


def gestures(ingress: RecordingIngress) -> list[tuple[int, Gestured]]:
    return [(at, event) for at, event in ingress.records if isinstance(event, Gestured)]


@pytest.fixture(scope="module")
def once() -> RecordingIngress:
    """One run of the whole clip on the virtual clock."""
    return run()


def test_the_demo_hand_is_an_open_palm_for_as_long_as_it_is_held(once: RecordingIngress) -> None:
    palm = [event.seen for _, event in gestures(once) if event.pose == "open_palm"]
    assert palm[0] / NS == pytest.approx(1.5, abs=0.2)
    assert palm[-1] / NS == pytest.approx(3.35, abs=0.2)
    # Held, it is sent with every frame: the show counts frames.
    assert len(palm) == pytest.approx((palm[-1] - palm[0]) / NS * 30 + 1, abs=1)
    poses = {event.pose for _, event in gestures(once)}
    assert poses == {"none", "other", "open_palm"}


def test_stamps_are_media_time_and_the_declared_latency(once: RecordingIngress) -> None:
    assert {at - event.seen for at, event in gestures(once)} == {LATENCY}
    assert once.broken == []
    stamps = [at for at, _ in once.records]
    assert stamps == sorted(stamps)


def test_each_stretch_of_media_is_promised(once: RecordingIngress) -> None:
    promised = [at for _, at in once.promises]
    assert {source for source, _ in once.promises} == {"hands"}
    assert promised == sorted(promised)
    assert promised[0] == LATENCY
    assert promised[-1] == NEVER
    gaps = {round((b - a) / 1e6) for a, b in pairwise(promised[:-1])}
    assert gaps == {33, 34}
    assert len(promised) == 138 + 1


def test_events_fit_the_wire_and_say_where_the_hand_is(once: RecordingIngress) -> None:
    for number, (at, event) in enumerate(gestures(once)):
        assert msgspec.msgpack.decode(encode(Entry(number, at, event)), type=Entry).event == event
        if event.pose == "none":
            assert (event.score, event.position) == (0.0, (0.5, 0.5))
        else:
            assert event.score > 0.5
            assert event.measured > 0
    held = [event.position for _, event in gestures(once) if event.pose == "open_palm"]
    assert all(0.4 < x < 0.65 and 0.4 < y < 0.7 for x, y in held)


def test_another_run_says_the_same(once: RecordingIngress) -> None:
    """Only what was measured differs, which no one may use."""

    def without(ingress: RecordingIngress) -> list[tuple[int, Gestured]]:
        return [(at, msgspec.structs.replace(e, measured=0)) for at, e in gestures(ingress)]

    again = run()
    assert without(again) == without(once)
    assert again.promises == once.promises
    assert [e.measured for _, e in gestures(again)] != [e.measured for _, e in gestures(once)]


class SlowFile(VideoFile):
    """A file on a bad disk."""

    def frames(self) -> Iterator[tuple[int, Picture]]:
        for frame in super().frames():
            time.sleep(0.01)  # the slowness under test
            yield frame


def test_slowness_changes_nothing() -> None:
    """On the virtual clock a slow source costs time and nothing else."""
    quick, slow = run(every=5), RecordingIngress(fixed_rate=True)
    source = SlowFile(CLIP)
    began = time.monotonic()
    Gestures("hands", Settings(file=str(CLIP), every=5), checked_model(), source).run(
        slow, slow.stop
    )
    assert time.monotonic() - began > 138 * 0.01
    assert [at for at, _ in slow.records] == [at for at, _ in quick.records]
    poses = [[event.pose for _, event in gestures(ingress)] for ingress in (slow, quick)]
    assert poses[0] == poses[1]
    assert slow.promises == quick.promises


def test_start_latency_and_every_shift_and_thin(once: RecordingIngress) -> None:
    later = run("left", at=10 * NS, latency=50_000_000, every=3)
    assert later.promises[0] == ("left", 10 * NS + 50_000_000)
    assert {at - event.seen for at, event in gestures(later)} == {50_000_000}
    palm = [event.seen - 10 * NS for _, event in gestures(later) if event.pose == "open_palm"]
    all_of_it = [event.seen for _, event in gestures(once) if event.pose == "open_palm"]
    assert len(palm) == pytest.approx(len(all_of_it) / 3, abs=3)
    assert set(palm) <= {at for _, at in once.promises} | {e.seen for _, e in gestures(once)}
    assert len(later.promises) == 138 // 3 + 1


def test_loop_plays_until_it_is_stopped() -> None:
    ingress = run(loop=True, every=6, stop_at=6 * NS)
    palm = [event.seen / NS for _, event in gestures(ingress) if event.pose == "open_palm"]
    length = 4.6
    assert any(1.5 < at < 3.4 for at in palm)
    assert ingress.promises[-1][1] == pytest.approx(6 * NS, abs=NS // 3)
    assert ingress.broken == []
    # The second round begins where the first one ends.
    second = [at for _, at in ingress.promises if at - LATENCY >= int(length * NS)]
    assert (second[0] - LATENCY) / NS == pytest.approx(length, abs=0.02)


def test_truncated_file_is_a_lost_device(tmp_path: Path) -> None:
    whole = CLIP.read_bytes()
    (tmp_path / "cut.webm").write_bytes(whole[: len(whole) * 7 // 10])
    ingress = run(file=tmp_path / "cut.webm", every=3)
    at, lost = ingress.records[-1]
    assert isinstance(lost, DeviceLost)
    assert (lost.source, "is truncated" in lost.reason) == ("hands", True)
    assert at >= ingress.records[-2][0]
    assert ingress.promises[-1] == ("hands", NEVER)
    assert ingress.broken == []


def test_a_stop_ends_the_run() -> None:
    ingress = run(stop_at=NS)
    assert ingress.promises[-1][1] <= NS + NS // 20


def test_live_a_file_plays_at_its_own_pace(tmp_path: Path) -> None:
    """The hand is seen when the film shows it, not when the machine can."""
    ingress = RecordingIngress(fixed_rate=False)
    # Two frames of three, so that a busy machine keeps up with real time.
    source = gesture.open("hands", {"file": CLIP, "every": 3, "latency": 0})
    source.run(ingress, ingress.stop)
    seen = gestures(ingress)
    assert all(at >= event.seen for at, event in seen)
    assert all(event.measured >= 0 for _, event in seen)
    assert ingress.promises == []
    assert ingress.now() > 4.4 * NS
    palm = [(at, event) for at, event in seen if event.pose == "open_palm"]
    assert isinstance(source, Gestures)
    # How late they come depends on the machine; frames too late to matter are passed over.
    assert all(at > 1.4 * NS for at, _ in palm)
    assert len(palm) + source.passed_over >= 15


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "needs exactly one source"),
        ({"file": "a.webm", "camera": 0}, "needs exactly one source"),
        ({"file": "a.webm", "evry": 2}, "evry"),
        ({"file": "a.webm", "every": 0}, "every"),
        ({"file": "a.webm", "latency": -1}, "latency"),
        ({"file": "a.webm", "at": -5}, "at"),
        ({"file": "a.webm", "at": "soon"}, "at"),
        ({"file": 7}, "file"),
        ({"camera": -1}, "camera"),
        ({"camera": 0, "loop": True}, "only for a file"),
        ({"camera": 0, "at": 5}, "only for a file"),
    ],
)
def test_invalid_settings_are_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        gesture.open("hands", settings)
    assert "hands" in str(caught.value)
    assert caught.value.remedy


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    st.lists(st.text()),
)
keys = st.one_of(st.sampled_from(Settings.__struct_fields__), st.text(), st.integers())


@given(st.dictionaries(keys, values, max_size=7))
@example({"file": "x" * 5000})
@example({"file": "a\0b"})
def test_any_settings_are_refused_in_words(settings: dict[Any, Any]) -> None:
    """None of these names a video or a camera of this machine."""
    if settings.get("camera") is not None:
        settings["camera"] = -1
    with pytest.raises((UsageError, DeviceError)) as caught:
        gesture.open("hands", settings)
    assert isinstance(caught.value, UsageError | DeviceError)
    assert caught.value.remedy


def test_what_is_missing_is_a_device_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeviceError, match="does not exist"):
        gesture.open("hands", {"file": tmp_path / "absent.webm"})
    with pytest.raises(DeviceError, match="camera 99"):
        gesture.open("hands", {"camera": 99})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(DeviceError, match="hand model") as caught:
        gesture.open("hands", {"file": CLIP})
    assert caught.value.remedy == "xrdrama models get hand"


class UnpluggedCamera(Camera):
    """A camera that does not exist; it must be refused before it is read."""

    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


def test_camera_is_refused_at_a_fixed_rate() -> None:
    ingress, camera = RecordingIngress(fixed_rate=True), UnpluggedCamera()
    with pytest.raises(UsageError, match="--fixed-rate"):
        Gestures("hands", Settings(camera=0), checked_model(), camera).run(ingress, ingress.stop)
    assert camera.closed
    assert not ingress.started


POSES = st.sampled_from(["none", "open_palm", "fist", "point", "victory", "other"])


@given(st.lists(POSES, min_size=1, max_size=60))
def test_nothing_that_can_choose_is_left_out_and_no_silence_is_long(poses: list[HandPose]) -> None:
    frame, sent, log = NS // 30, None, []
    for number, pose in enumerate(poses):
        if is_news(pose, number * frame, sent):
            sent = pose, number * frame
            log.append((number, pose))
    kept = dict(log)
    assert all(number in kept for number, pose in enumerate(poses) if pose in CHOOSING)
    assert all(
        number in kept
        for number, pose in enumerate(poses)
        if number == 0 or pose != poses[number - 1]
    )
    for (a, _), (b, _) in pairwise(log):
        assert (b - a) * frame < PAUSE + frame
    quiet = [number for number, pose in log if pose not in CHOOSING and pose == poses[number - 1]]
    assert all((n - max(m for m, _ in log if m < n)) * frame >= PAUSE for n in quiet if n > 0)


def test_libraries_print_nothing() -> None:
    """MediaPipe and TensorFlow write to stderr past Python; a process of a show must not."""
    setup = (
        "from tests.fakes import RecordingIngress\n"
        "from xrdrama.adapters.gesture import input as gesture\n"
        "ingress = RecordingIngress(fixed_rate=True, stop_at=2_000_000_000)\n"
        f"settings = {{'file': {str(CLIP)!r}, 'every': 4}}\n"
    )
    quiet = setup + "gesture.open('hands', settings).run(ingress, ingress.stop)\n"
    # Negative control: the same libraries, called without the care that landmarks.py takes.
    loud = (
        "from mediapipe.tasks.python import BaseOptions, vision\n"
        "from xrdrama.adapters.gesture.models import checked_model\n"
        "base = BaseOptions(model_asset_buffer=checked_model())\n"
        "options = vision.HandLandmarkerOptions(base_options=base)\n"
        "vision.HandLandmarker.create_from_options(options).close()\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
        )
        for script in (quiet, loud)
    ]
    assert (said[0].stdout, said[0].stderr) == ("", "")
    assert said[1].stderr != ""
