"""The output that plays sound: what a device that asks for samples gets. A simulated device."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest

from xrdrama import content
from xrdrama.adapters.audio.speaker import LEAD, Speaker
from xrdrama.run.ingress import IngressLog
from xrdrama.run.outputs.outputs import Outputs
from xrdrama.show import Tick, advance, opening
from xrdrama.show.production import ViewerRule
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import FrameTime
from xrdrama.wire.events import CORE, AnyEvent, Entry, Origin, Presented
from xrdrama.wire.frame import Sound

NOISE = np.random.default_rng(5).standard_normal((96_000, 2)).astype(np.float32) * 0.02


class _Log:
    """A journal that keeps nothing."""

    def append(
        self, at: int, event: AnyEvent, origin: Origin = CORE, *, written: Any = None
    ) -> Entry:
        return Entry(0, at, event)


class Stand:
    """A speaker in a run's outputs, behind the door where events come in."""

    def __init__(self, device: dict[str, Any]) -> None:
        drama = content.produce(content.load_show("lantern_headset"))
        rule = ViewerRule(sounds_from={"bell": "gate"})
        self.drama = msgspec.structs.replace(drama, viewers=rule)
        _, frame = advance(opening(drama), Tick(FrameTime.of(0, drama.rate)))
        self.frame = msgspec.structs.replace(frame, sounds=(Sound("bell", "effect", 0),))
        self.speaker = Speaker(lambda name: NOISE, self.drama)
        self.outputs = Outputs.of(self.speaker)
        self.door = IngressLog(_Log(), fixed_rate=False)
        self.door.on_presented = self.outputs.seen
        self.fill: Callable[..., None] = device["callback"]

    def asked(self, count: int = 4800) -> Any:
        out = np.ones((count, 2), np.float32)
        self.fill(out, count, None, None)
        return out


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    device: dict[str, Any] = {}

    class Stream:
        def __init__(self, **given: Any) -> None:
            device.update(given)

        def start(self) -> None: ...
        def stop(self) -> None: ...
        def close(self) -> None: ...

    module = SimpleNamespace(OutputStream=Stream, PortAudioError=RuntimeError)
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    stand = Stand(device)
    yield stand
    stand.outputs.close()


def test_what_a_viewer_has_shown_decides_what_is_heard_next(at: Stand) -> None:
    assert not at.asked().any()  # before the first frame
    at.outputs.present(at.frame)
    assert not at.asked(LEAD).any()
    recorded = at.asked()
    assert np.abs(recorded - NOISE[:4800]).max() < 1e-6  # nobody is in the set
    gate = at.drama.scenes[at.frame.scene].places["gate"].at
    for pan, ear in ((90.0, 1), (-90.0, 0)):  # to the left: the gate is at the right
        turn, head = Quat.from_angles(pan=pan), gate - Vec3(0.0, 2.0, 0.0)
        eyes = tuple(
            Pose(head + turn.rotate(Vec3(side * 0.03, 0.0, 0.0)), turn) for side in (-1, 1)
        )
        at.door.record(Presented("viewer", 0, eyes), 0)
        at.asked()  # on the way there
        left, right = (at.asked() ** 2).sum(axis=0)
        assert (right > 4.0 * left) if ear else (left > 4.0 * right)


def test_a_sound_of_a_late_frame_is_heard_with_the_next_one(at: Stand) -> None:
    later = msgspec.structs.replace(at.frame, time=FrameTime.of(1, at.drama.rate), sounds=())
    at.outputs.skip(at.frame)
    at.outputs.present(later)
    at.asked(LEAD)
    assert at.asked().any()
    # It is given to the outputs once.
    given = []
    at.speaker.present = given.append  # type: ignore[method-assign]
    at.outputs.present(later)
    assert given == [later]
