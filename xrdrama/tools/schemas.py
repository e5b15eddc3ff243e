"""Publishes what is generated: the wire's schema and golden messages, the editors' schemas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from xrdrama import plugins
from xrdrama.document import Record
from xrdrama.performer import Act, Expression, Gaze, Performing, Root, Travel
from xrdrama.performer.form import GESTURES, PERFORMER, schema_of
from xrdrama.saving import save
from xrdrama.scene.form import scene_schema
from xrdrama.show.form import show_schema
from xrdrama.show.settings import Nothing, record_of
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage.form import stage_schema
from xrdrama.stage.lenses.form import lens_schema
from xrdrama.story.form import story_schema
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.tools.page_types import commands_typescript
from xrdrama.tools.viewer_types import protocol_typescript
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.moves import move_schema
from xrdrama.tracking.sample import Distortion, LensReading
from xrdrama.wire import events, frame, messages, nodes
from xrdrama.wire.codec import decode_from_core, encode
from xrdrama.wire.commands import Command, Sender, commands
from xrdrama.wire.deltas import Sender as LaneSender
from xrdrama.wire.schema import schema_hash, wire_schema
from xrdrama.wire.tally import Tally


def editor_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema by kind of file."""
    return {
        "branch": story_schema(),
        "scene": scene_schema(),
        "stage": stage_schema(),
        "show": show_schema(
            _settings_of(plugins.INPUTS, plugins.input_named),
            _settings_of(plugins.OUTPUTS, plugins.output),
        ),
        "move": move_schema(),
        "lens": lens_schema(),
        "performer": schema_of(PERFORMER, "xrdrama performer file"),
        "gestures": schema_of(GESTURES, "xrdrama gesture file"),
    }


def _settings_of(group: str, load: Callable[[str], Any]) -> dict[str, Record]:
    """The settings of our own members of a group of plug-ins, by name."""
    return {
        name: record_of(getattr(load(name), "SETTINGS", None) or Nothing)
        for name in plugins.own(group)
    }


def _performing() -> Performing:
    return Performing(
        "lan",
        Root(Vec3(1.0, 2.0, 0.0), 0.5),
        (Act("wave", 40, 60, "left"),),
        Expression("warm", 40, 10, "calm"),
        Gaze(Vec3(0.0, 1.0, 1.6), 40, Vec3(0.0, 3.0, 1.6)),
        Travel(Root(), Root(Vec3(1.0, 2.0, 0.0), 0.5), 40, 60),
        (10, 200),
        (7,) * 55,
        0.5,
        0.75,
        "stage",
        "ready",
    )


def golden_messages() -> dict[str, Any]:
    """One message of every kind, with every field set, by file name."""
    pose = Pose(Vec3(1.0, -2.5, 1.6), Quat.from_angles(pan=10.0, tilt=-2.0))
    record = messages.Record
    happened: list[events.AnyEvent] = [
        TrackingSample(
            "freed", "1", 40, pose, 100.0, 7.5, 2.8, "01:00:00:00", 3, (10.0, -2.0, 0.0), 9,
            1_800_000_000_000_000_000, (0.25, 0.5, 0.75), 35.0, 4.0, 2.8, "Optical Good", _lens(),
            (24_000, 1001),
        ),
        events.Hearing("viewer", 900),
        events.Heard("viewer", "I remember you.", ("AY", "R", "IH"), 900, 1900, 60),
        events.Gestured("hand", "open_palm", 0.97, 1000, (0.5, 0.25), 12),
        events.Faced("lan_face", "lan", (0, 128, 255), (100, -20, 0), 1050, 1, 12, True),
        events.MarkerSeen("phone", "door_god", 1100),
        events.Pressed("console", "remember"),
        events.Gazed("viewer", "thirteenth", 900, 2100),
        *(_example(kind) for kind in commands()),
        events.Voted("audience", "open/choice", 40, "remember", "3f9a0c", "front"),
        events.Joined("audience", 120),
        events.DeviceLost("hand", "killed by signal 9"),
        events.DeviceFound("hand", "again"),
        events.Presented("headset", 12, (pose, pose)),
        events.Reported("k1", "k1", "stopped", True, "a stop of the show"),
    ]  # fmt: skip
    found: dict[str, Any] = {
        "hello": messages.Hello(
            1, schema_hash(), "engine-1", "engine", ("hand",), "5be1f00d9c2a4471", "the-run's-key"
        ),
        "welcome": messages.Welcome("demo", 1, (24, 1), False, schema_hash(), 7401, 7402),
        "refused": messages.Refused(4, "too many events are waiting", "too_much"),
        "started": messages.Started(81_236_712_345),
        "recorded": messages.Recorded(17, 231),
        "promise": messages.Promise("hand", 2_000_000_000),
        "snapshot": messages.Snapshot(deltas=True),
        "bye": messages.Bye(),
        "frame": _frame(pose),
        **_lane(_frame(pose)),
        **_of_nodes(),
    }
    for number, event in enumerate(happened, 1):
        tag = type(event).__struct_config__.tag
        sender = Sender("director.2", "director") if isinstance(event, Command) else None
        found[f"record_{tag}"] = record(number, 1000 * number, event, sender)
    return found


def _health() -> nodes.NodeHealth:
    return nodes.NodeHealth(
        "front", ("arc",), "missing", 811, 0.1, 0.3, 2, 790, 9.4, "shared", True, "it was stopped"
    )


def _of_nodes() -> dict[str, Any]:
    """What render nodes and the core say to each other."""
    files = {"shows/lantern_nodes.show.yaml": "1b2c", "stages/two_canvases.stage.yaml": "77aa"}
    walls: dict[str, tuple[str, ...]] = {"front": ("arc",), "top": ("ceiling", "floor")}
    epoch, at = 1_790_000_000_000, 81_236_712_345
    said: tuple[Any, ...] = (
        nodes.AskContent(),
        nodes.NodeContent("lantern_nodes", walls, files),
        nodes.JoinNodes(nodes.digest_of(files), 811, "", "offset", True),
        nodes.DrawFrame(epoch, 812),
        nodes.FrameDrawn(812, 9_400_000),
        nodes.ShowFrame(epoch, 812, at),
        nodes.FrameShown(812, at + 61_000, (33_791_000_000,)),
        nodes.AskTime(at),
        nodes.TimeIs(at, at + 21_000, at + 24_000),
        nodes.ShowOver(),
        nodes.AskNodes(),
        nodes.NodesAre((_health(),), 0.2, 811, 1),
    )
    return {type(one).__struct_config__.tag: one for one in said}


def _lane(first: frame.Frame) -> dict[str, Any]:
    """A keyframe, and the delta that leads from its frame to the next one."""
    sender = LaneSender(1_790_000_000_000)
    sender.number = 811
    lanterns = {f"lantern_{number}": 0.5 for number in range(8)}
    first = msgspec.structs.replace(first, params={**lanterns, "fog": 0.5})
    whole = sender.next(encode(first))
    params = {**lanterns, "lantern_3": 1.0, "mist": 0.25}
    later = msgspec.structs.replace(first, params=params, slate="12A take 4", held=not first.held)
    return {
        "keyframe": decode_from_core(whole),
        "delta": decode_from_core(sender.next(encode(later))),
    }


def _lens() -> LensReading:
    """A lens block with every field set."""
    return LensReading(
        0.125, (Distortion((0.1, -0.2), (0.01, 0.02), "Brown-Conrady U-D", 1.1),), (0.1, -0.1),
        (0.2, -0.2), 3.1, (100.0, 200.0, 300.0), (0.1, 0.01, 0.001), (36.0, 24.0), (3840, 2160),
        (2, 1), 35.0,
    )  # fmt: skip


def _example(kind: type[Command]) -> Command:
    """A command with every field set: to the example in its declaration, or by the field's type."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    fields = {one.name: _value(one.name, one.type) for one in info.fields}
    return kind(**{**fields, "source": "console", **kind.example})


def _value(name: str, info: inspect.Type) -> str | float | bool:
    match info:
        case inspect.UnionType(types=(first, *_)):
            return _value(name, first)
        case inspect.BoolType():
            return True
        case inspect.StrType():
            return name
    return 0.5


def _option() -> frame.OpenOption:
    return frame.OpenOption(
        "remember", 1, {"en": "I remember you"}, ("I remember you",), "open_palm", 0.5, True,
        "thirteenth", 2000,
    )  # fmt: skip


def _frame(pose: Pose) -> frame.Frame:
    projection = frame.Projection(-0.5, 0.5, -0.25, 0.25, 0.1, 500.0)
    lens = frame.ViewLens(
        35.0, 4.0, (36.0, 20.25), 62.0, (0.1, 0.0), (0.0, 0.05), "D-U",
        (1.2e-5, 0.0, 4e-9, 0.0, 0.0, 0.0), (1e-6, 0.0), 1.01,
    )  # fmt: skip
    return frame.Frame(
        FrameTime.of(1800, FrameRate(30_000, 1001)),
        "counting",
        "lantern_street",
        {"fog": 0.35, "snow": 0.0},
        (frame.View("inner", "inner", pose, projection, 1.15, "a", lens),),
        (frame.Caption("l4k2pq", "lan", {"en": "Count again."}),),
        (frame.Sound("bell", "effect", 2_880_000, -6.0),),
        frame.OpenChoice("first_words", (_option(),), 0.75, "ring", True, False, 62_000_000_000),
        (_pick(),),
        (frame.Feedback("viewer", "hm", "unlikely", "", 0.9, 0.1),),
        (frame.Light("moon", Vec3(0.1, 0.1, 0.2), Vec3(0.0, 0.0, -1.0)),),
        (frame.Alarm("tracking_held", "the tracker is silent", 5),),
        frame.Tracked("freed", "1", 40, "live", pose, "a"),
        "twelve",
        held=True,
        overridden=("fog",),
        refused=(frame.CommandRefused(9, "undo", "nothing_to_undo", "there is no pick to undo"),),
        roll=2,
        rolled_at=60_000_000_000,
        holders={"fog": "operator.3"},
        looks=(frame.OfferedLook("last_light", "Last light", 4.0),),
        others=(frame.Tracked("freed", "2", 30, "held", pose, "b"),),
        frozen_at=59_000_000_000,
        patterns={"main": "grid"},
        fade=frame.Fade(
            "tea_room",
            {"window_light": 0.5},
            (frame.Light("window", Vec3(0.5, 0.6, 0.8), Vec3(1.0, 0.0, -1.0)),),
            0.25,
            (_performing(),),
        ),
        waiting=frame.WaitingCut("door", name="director.1", role="director"),
        performers=(_performing(),),
        latches=(frame.Latched("k1", 2, 1, "ready", 61_000_000_000),),
        tally=_tally(),
    )


def _pick() -> frame.Pick:
    """A pick with every field set."""
    return frame.Pick(
        "counting", "first_words", "remember", "remembered", "voice", "hi", 0.9, 5, "viewer",
        "recogniser", "director.1", _tally(),
    )  # fmt: skip


def _tally() -> Tally:
    """A tally with every field set."""
    counts = {"remember": 70, "deny": 12}
    return Tally(
        "open/choice", 40, counts, 82, 120, 36, "decided", "draw", "first", "remember", "most", 3, 1
    )


def pretty(value: Any) -> bytes:
    """JSON with two spaces per level, sorted keys and a line feed at the end."""
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2) + b"\n"


def generated() -> dict[str, bytes]:
    """Every generated file of `bridge/`, by its path there."""
    files = {"schema/wire.schema.json": pretty(wire_schema())}
    files["schema/VERSION"] = f"{messages.PROTOCOL_MAJOR} {schema_hash()}\n".encode()
    files["web/src/commands.ts"] = commands_typescript()
    files["web/viewer/src/protocol.ts"] = protocol_typescript()
    for kind, schema in editor_schemas().items():
        files[f"schema/editor/{kind}.schema.json"] = pretty(schema)
    for name, message in golden_messages().items():
        files[f"golden/{name}.json"] = pretty(msgspec.to_builtins(message))
        files[f"golden/{name}.msgpack"] = encode(message)
    return files


def write(folder: Path) -> list[Path]:
    """Write the generated files and return those that changed. DeviceError when one cannot be
    written."""
    changed = []
    for name, data in generated().items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            save(path, data)
            changed.append(path)
    return changed
