"""The face model on a rendered face: the smile of a video is on the performer, at speed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.adapters.face.videos import black_video
from tests.conformance.test_inputs import conform
from tests.fakes import RecordingIngress
from tests.performer.bodies import figure
from xrdrama import plugins
from xrdrama.adapters.face import input as face
from xrdrama.adapters.face.landmarks import Landmarker
from xrdrama.adapters.face.watching import Watch
from xrdrama.adapters.vision.sources import VideoFile
from xrdrama.performer import Performing, evaluate
from xrdrama.performer.live import levels_of
from xrdrama.show.state.faces import FollowedFace, faced, radians_of, share_at
from xrdrama.timing import NS
from xrdrama.wire.events import Faced

pytestmark = pytest.mark.peer

CLIP = Path(__file__).parents[2] / "examples" / "clips" / "faces" / "smile.webm"


def events_of(file: Path) -> list[tuple[int, Faced]]:
    ingress = RecordingIngress(fixed_rate=True)
    given = {"performer": "lan", "file": file, "latency": 0}
    face.open("cam", given).run(ingress, ingress.stop)
    return [(at, event) for at, event in ingress.records if isinstance(event, Faced)]


def smiles_of(events: list[tuple[int, Faced]], times: list[float]) -> list[float]:
    """The smile of the performer at some seconds, after the show has taken the events."""
    known, found, left = FollowedFace("lan"), [], list(events)
    for second in times:
        while left and left[0][0] <= second * NS:
            at, event = left.pop(0)
            known = faced(known, event, at)
        live = levels_of(known.values, radians_of(known.turn)) if known.values else ()
        performing = Performing("lan", live=live, live_share=share_at(known, round(second * NS)))
        pose = evaluate(performing, figure(), round(second * NS))
        found.append(pose.shapes.get("mouthSmileLeft", 0.0))
    return found


def test_a_smile_in_a_video_is_on_the_performer_and_rests_when_the_face_is_gone() -> None:
    events = events_of(CLIP)
    assert all(smile >= 0.5 for smile in smiles_of(events, [1.5, 1.8, 2.1]))
    assert all(smile <= 0.1 for smile in smiles_of(events, [0.8, 3.0, 4.2])), "the control"
    gone = [event for _, event in events if not event.values]
    assert [event.ended for event in gone] == [False, True]
    assert gone[0].seen == pytest.approx(3.5 * NS, abs=NS // 20)


def test_a_head_that_turns_to_its_own_left_has_a_positive_pan() -> None:
    turned = [event.turn for _, event in events_of(CLIP) if event.values and event.seen > 3.2 * NS]
    assert all(80 < pan < 280 for pan, _, _ in turned)
    still = [event.turn for _, event in events_of(CLIP) if event.values and event.seen < NS]
    assert all(abs(angle) < 20 for turn in still for angle in turn), "against the rest"


def test_black_frames_are_no_events(tmp_path: Path) -> None:
    assert events_of(black_video(tmp_path / "black.mp4", frames=48)) == []


def test_another_run_says_the_same() -> None:
    plain = [[(at, event.values, event.turn) for at, event in events_of(CLIP)] for _ in range(2)]
    assert plain[0] == plain[1]


def test_the_face_conforms() -> None:
    settings = {"performer": "lan", "file": str(CLIP), "every": 2}
    conform(plugins.input_named("face"), settings, events=20)


def test_15_frames_a_second_need_one_core_at_most() -> None:
    with Landmarker() as landmarker:
        watch, frames = Watch(landmarker, "cam", "lan"), list(VideoFile(CLIP).frames())[:72]
        began = time.process_time()
        seen = sum(bool(watch.look(picture, at).face.shapes) for at, picture in frames)
        used = time.process_time() - began
    rate = len(frames) / used
    assert seen >= 0.95 * len(frames)
    assert rate >= 15.0, f"{rate:.0f} frames per second of one core"
