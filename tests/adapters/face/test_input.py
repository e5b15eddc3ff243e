"""The input process with the real recogniser where nobody is, and what can be wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.face.videos import black_video
from tests.fakes import RecordingIngress
from xrdrama.adapters.face import input as face
from xrdrama.adapters.face.input import Settings
from xrdrama.adapters.face.models import FACE
from xrdrama.adapters.vision.frames_input import LATENCY, NEVER
from xrdrama.adapters.vision.sources import Camera
from xrdrama.errors import DeviceError, UsageError


def test_black_frames_have_no_events_and_are_promised(tmp_path: Path) -> None:
    ingress = RecordingIngress(fixed_rate=True)
    file = black_video(tmp_path / "black.mp4")
    face.open("lan_face", {"performer": "lan", "file": file}).run(ingress, ingress.stop)
    assert ingress.records == []
    assert ingress.promises[0] == ("lan_face", LATENCY)
    assert ingress.promises[-1] == ("lan_face", NEVER)
    assert len(ingress.promises) == 25


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"camera": 0}, "performer"),
        ({"performer": "lan"}, "needs exactly one source"),
        ({"performer": "lan", "file": "a.webm", "camera": 0}, "needs exactly one source"),
        ({"performer": "", "camera": 0}, "performer"),
        ({"performer": "lan", "camera": 0, "evry": 2}, "evry"),
        ({"performer": "lan", "camera": -1}, "camera"),
        ({"performer": "lan", "camera": 0, "loop": True}, "only for a file"),
    ],
)
def test_invalid_settings_are_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        face.open("lan_face", settings)
    assert "lan_face" in str(caught.value) and caught.value.remedy


values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary())
keys = st.one_of(st.sampled_from(Settings.__struct_fields__), st.text(max_size=5))


@given(st.dictionaries(keys, values, max_size=7))
def test_any_settings_are_refused_in_words(settings: dict[Any, Any]) -> None:
    """None of these names a video or a camera of this machine."""
    if settings.get("camera") is not None:
        settings["camera"] = -1
    with pytest.raises((UsageError, DeviceError)) as caught:
        face.open("lan_face", settings)
    assert isinstance(caught.value, UsageError | DeviceError) and caught.value.remedy


def test_what_is_missing_is_a_device_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeviceError, match="does not exist"):
        face.open("f", {"performer": "lan", "file": tmp_path / "absent.webm"})
    with pytest.raises(DeviceError, match="camera 99"):
        face.open("f", {"performer": "lan", "camera": 99})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(DeviceError, match="face model is missing") as caught:
        face.open("f", {"performer": "lan", "file": tmp_path / "absent.webm"})
    assert caught.value.remedy == "xrdrama models get face"


def test_the_model_of_the_set_up_is_the_right_one() -> None:
    assert FACE.is_it(FACE.checked())
    assert FACE.sha256.startswith("64184e22") and FACE.sha256.endswith("c9ff")


class UnpluggedCamera(Camera):
    """A camera that does not exist; it must be refused before it is read."""

    def __init__(self) -> None:
        self.index, self.closed = 0, False

    def close(self) -> None:
        self.closed = True


def test_a_camera_is_refused_at_a_fixed_rate_and_says_that_it_is_on() -> None:
    source = UnpluggedCamera()
    ingress = RecordingIngress(fixed_rate=True)
    faces = face.Faces("f", Settings(performer="lan", camera=0), FACE.checked(), source)
    assert "camera 0 is on" in faces.notes[0] and "lan" in faces.notes[0]
    with pytest.raises(UsageError, match="--fixed-rate"):
        faces.run(ingress, ingress.stop)
    assert source.closed
