"""What every input must do, ours and a plug-in's: `conform` is the whole suite."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from tests.adapters.face.videos import black_video
from tests.conformance.installed import stagehand
from tests.conformance.shows import played, write_show
from tests.fakes import RecordingIngress
from xrdrama import content, plugins
from xrdrama.errors import DeviceError, UsageError, XrdramaError
from xrdrama.show.settings import Nothing, needs, record_of
from xrdrama.timing import NS
from xrdrama.tracking.faces import ARKIT, Face
from xrdrama.tracking.livelink import datagram_of
from xrdrama.tracking.osc import message
from xrdrama.wire.events import MarkerSeen

ROOT = Path(__file__).parents[2]
CLIPS = ROOT / "examples" / "clips"


def conform(
    kind: Any, settings: Mapping[str, Any], until: int = 2 * NS, *, events: int = 1
) -> RecordingIngress:
    """AssertionError where a kind of input does not do what a run relies on; what it recorded at a
    fixed rate until nanosecond `until` of the show: at least so many events."""
    _declares(kind, settings)
    return _runs(kind, settings, until, events)


def _declares(kind: Any, settings: Mapping[str, Any]) -> None:
    declared = getattr(kind, "SETTINGS", None) or Nothing
    assert issubclass(declared, msgspec.Struct), "SETTINGS is a msgspec.Struct"
    assert declared.__struct_config__.forbid_unknown_fields, "unknown settings are refused"
    fields = record_of(declared).fields
    assert set(settings) <= {*fields, *needs(declared)}
    assert set(getattr(kind, "SOURCES", {})) <= set(fields), "SOURCES names settings"
    assert getattr(kind, "ROLE", "recogniser") in ("recogniser", "tracker", "operator")
    try:
        kind.open("conformance", {**settings, "no_such_setting": "1"})
    except (UsageError, DeviceError):
        pass
    except Exception as error:
        raise AssertionError(f"settings that do not fit raised {error!r}") from error
    else:
        raise AssertionError("an unknown setting was accepted")


def _runs(kind: Any, settings: Mapping[str, Any], until: int, events: int) -> RecordingIngress:
    ingress = RecordingIngress(fixed_rate=True, stop_at=until)
    kind.open("conformance", dict(settings)).run(ingress, ingress.stop)
    assert ingress.started, "it waits for the start of the show"
    late = [at for at, _ in ingress.broken if at >= 0]  # before 0 nothing was promised yet
    assert late == [], "an event came earlier than was promised"
    assert ingress.promises, "without a promise the show waits for it"
    assert {source for source, _ in ingress.promises} == {"conformance"}
    times = [at for _, at in ingress.promises]
    assert times == sorted(times), "a promise never goes back"
    assert times[-1] >= until, "its last promise lets the show continue"
    stamps = [at for at, _ in ingress.records]
    assert stamps == sorted(stamps), "events come in the order of their time"
    assert len(ingress.records) >= events
    assert all(event.source == "conformance" for _, event in ingress.records)
    return ingress


def test_every_input_of_ours_is_in_this_suite() -> None:
    assert set(plugins.own(plugins.INPUTS)) == {
        "voice", "hand", "face", "livelink", "operator", "osc"
    }  # fmt: skip


def test_the_simulated_operator_conforms() -> None:
    move = content.read_text(content.find("move", "demo"))
    conform(plugins.input_named("operator"), {"move": move}, events=100)


def test_the_voice_conforms() -> None:
    file = str(CLIPS / "speech" / "close_your_eyes.ada.opus")
    conform(plugins.input_named("voice"), {"file": file}, 20 * NS, events=2)


def test_the_hand_conforms() -> None:
    file = str(CLIPS / "hands" / "demo_hand.webm")
    conform(plugins.input_named("hand"), {"file": file, "every": 3}, events=2)


def test_the_face_conforms_where_nobody_is(tmp_path: Path) -> None:
    """tests/peers/test_faces.py has one with a face."""
    file = black_video(tmp_path / "black.mp4", frames=50)
    kind = plugins.input_named("face")
    conform(kind, {"performer": "lan", "file": str(file), "every": 2}, events=0)


def test_live_link_conforms(tmp_path: Path) -> None:
    faces = [Face("", "Ada", 0, (0.5,) * len(ARKIT)), Face("", "Ada", 0)]
    lines = [datagram_of(face, frame=n * 60).hex() for n, face in enumerate(faces)]
    (tmp_path / "face.hex").write_text("\n".join(lines))
    settings = {"performer": "lan", "file": str(tmp_path / "face.hex")}
    conform(plugins.input_named("livelink"), settings, events=3)


def test_osc_conforms(tmp_path: Path) -> None:
    (tmp_path / "desk.osc").write_text(f"0.5 {message('/go', []).hex()}\n")
    go = {"address": "/go", "do": "hold"}
    conform(plugins.input_named("osc"), {"file": str(tmp_path / "desk.osc"), "triggers": [go]})


def test_an_input_of_another_package_conforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stagehand(tmp_path / "site", monkeypatch)
    ingress = conform(
        plugins.input_named("footswitch"), {"marker": "door_god", "second": "1.5"}, events=1
    )
    assert [at for at, _ in ingress.records] == [1_500_000_000]


# -- the controls: what the suite must not pass -------------------------------------------------


class Working:
    """An input that conforms, for each control to break in one way."""

    SOURCES: ClassVar = {"marker": "door"}

    class SETTINGS(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        marker: str = "door"

    def open(self, name: str, settings: Mapping[str, Any]) -> Any:
        self.name = name
        try:
            self.wanted = msgspec.convert(dict(settings), self.SETTINGS, strict=False)
        except msgspec.ValidationError as error:
            raise UsageError(str(error), "remove it") from None
        return self

    def run(self, ingress: Any, stop: Any) -> None:
        if ingress.wait_for_start(stop):
            self.play(ingress)

    def play(self, ingress: Any) -> None:
        ingress.promise(self.name, NS)
        ingress.record(MarkerSeen(self.name, self.wanted.marker, NS), NS)
        ingress.promise(self.name, 2**62)


class Careless(Working):
    """It takes every setting."""

    def open(self, name: str, settings: Mapping[str, Any]) -> Any:
        return super().open(name, {})


class Open(Working):
    """Its declaration lets unknown settings pass."""

    class SETTINGS(msgspec.Struct, frozen=True):
        marker: str = "door"


class Raising(Working):
    """What it raises for settings that do not fit is not of xrdrama."""

    def open(self, name: str, settings: Mapping[str, Any]) -> Any:
        if "no_such_setting" in settings:
            raise KeyError("no_such_setting")
        return super().open(name, settings)


class Misnamed(Working):
    """`--input` would replace a setting that it does not have."""

    SOURCES: ClassVar = {"microphone": "default"}


class Impatient(Working):
    """It does not wait for the start."""

    def run(self, ingress: Any, stop: Any) -> None:
        pass


class Unheard(Working):
    """It promises nothing, so that the show waits for ever."""

    def play(self, ingress: Any) -> None:
        ingress.record(MarkerSeen(self.name, "door", NS), NS)


class Breaking(Working):
    """Its event comes earlier than it had promised."""

    def play(self, ingress: Any) -> None:
        ingress.promise(self.name, 2**62)
        ingress.record(MarkerSeen(self.name, "door", NS), NS)


class Backwards(Working):
    """Its promise goes back."""

    def play(self, ingress: Any) -> None:
        for at in (3 * NS, NS, 2**62):
            ingress.promise(self.name, at)
        ingress.record(MarkerSeen(self.name, "door", 2**62), 2**62)


class Impostor(Working):
    """It speaks in the name of another input."""

    def play(self, ingress: Any) -> None:
        ingress.record(MarkerSeen("viewer", "door", NS), NS)
        ingress.promise(self.name, 2**62)


class Silent(Working):
    """It records nothing."""

    def play(self, ingress: Any) -> None:
        ingress.promise(self.name, 2**62)


def test_the_control_itself_conforms() -> None:
    conform(Working(), {"marker": "gate"})


@pytest.mark.parametrize(
    "broken",
    [
        Careless, Open, Raising, Misnamed, Impatient, Unheard, Breaking, Backwards, Impostor, Silent
    ],
)  # fmt: skip
def test_the_suite_fails_a_broken_input(broken: type[Working]) -> None:
    with pytest.raises(AssertionError):
        conform(broken(), {"marker": "gate"})


# -- the worked example -------------------------------------------------------------------------

STORY = """\
xrdrama: 1
id: threshold
title: The Threshold
language: en
scene: lantern_street
start: gate
beats:
  gate:
    script: |
      @wait 500ms
    choice:
      window: {lasts: 3s}
      options:
        step: {text: Step on it, to: opened, on: {marker: door_god}}
      else: shut
  opened: {ending: opened}
  shut: {ending: shut}
"""


@pytest.mark.parametrize(("second", "option"), [("1.5", "step"), ("60", "else")])
def test_an_input_of_a_plugin_picks_a_branch_of_a_show(
    second: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file of xrdrama is changed for it: the show file names it."""
    stagehand(tmp_path / "site", monkeypatch)
    (tmp_path / "threshold.branch.yaml").write_text(STORY, "utf-8")
    door = f"inputs:\n  door: {{use: footswitch, marker: door_god, second: {second}}}\n"
    show = write_show(tmp_path, door)
    text = show.read_text("utf-8").replace("one_lantern_too_many", "threshold")
    show.write_text(text, "utf-8")
    result, take, _ = played(show, "--fixed-rate", "--seconds", "6")
    picked = [(pick["option"], pick["trigger"]) for pick in result["picks"]]
    seen = [entry for entry in take.entries if isinstance(entry.event, MarkerSeen)]
    if option == "step":
        assert picked == [("step", "marker")]
        assert [(e.event.source, e.event.marker, e.at) for e in seen] == [  # type: ignore[union-attr]
            ("door", "door_god", 1_500_000_000)
        ]
    else:  # the control: nobody steps on it
        assert seen == [] and ("step", "marker") not in picked


def test_the_command_line_replaces_only_what_an_input_declares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xrdrama.run.sources import input_overrides

    stagehand(tmp_path / "site", monkeypatch)
    show = write_show(
        tmp_path, "inputs:\n  door: {use: footswitch, marker: a}\n  v: {use: voice}\n"
    )
    file = content.show_file(content.load_show(str(show)))
    given = input_overrides(file, ["door=marker:door_god", "v=microphone"])
    assert given == {"door": {"marker": "door_god"}, "v": {"microphone": "default"}}
    for wrong in ("door=marker", "door=second:2", "door=camera:0", "v=camera:0"):
        with pytest.raises(XrdramaError, match="does not support this source") as raised:
            input_overrides(file, [wrong])
        assert "it takes" in str(raised.value)
