"""The generated files of the bridge equal the Python types, byte for byte."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from xrdrama.tools.schemas import generated, golden_messages, write
from xrdrama.wire.codec import decode_from_core, decode_from_peer, encode
from xrdrama.wire.deltas import Follower
from xrdrama.wire.schema import wire_schema

BRIDGE = Path(__file__).resolve().parents[2] / "bridge"
GOLDEN = sorted((BRIDGE / "golden").glob("*.msgpack"))
TO_CLIENTS = {"welcome", "refused", "started", "recorded", "frame", "keyframe", "delta"}
"""Messages that every peer may get. The other ones go to render nodes only."""
TO_PEER = TO_CLIENTS | {
    "node_content",
    "draw_frame",
    "show_frame",
    "time_is",
    "show_over",
    "nodes_are",
}


def test_generated_files_are_the_committed_ones() -> None:
    stale = [name for name, data in generated().items() if (BRIDGE / name).read_bytes() != data]
    assert not stale, "run make schema"


def test_nothing_is_left_over() -> None:
    made = {name for name in generated() if not name.startswith("web/")}
    there = {
        path.relative_to(BRIDGE).as_posix()
        for folder in ("schema", "golden")
        for path in (BRIDGE / folder).rglob("*")
        if path.is_file()
    }
    assert there == made


def test_a_changed_file_is_written_again(tmp_path: Path) -> None:
    assert len(write(tmp_path)) == len(generated())
    assert write(tmp_path) == []
    (tmp_path / "schema" / "VERSION").write_text("0 nothing\n")
    assert [path.name for path in write(tmp_path)] == ["VERSION"]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_bytes_are_read_back_as_their_json(path: Path) -> None:
    data = path.read_bytes()
    decode = decode_from_core if path.stem in TO_PEER else decode_from_peer
    message = decode(data)
    assert encode(message) == data
    plain = json.loads(msgspec.json.encode(message))
    assert plain == json.loads(path.with_suffix(".json").read_text())


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_messages_fit_the_published_schema(path: Path) -> None:
    schema: dict[str, Any] = wire_schema()
    side = "fromCore" if path.stem in TO_PEER else "fromPeer"
    root = {"$defs": schema["$defs"], **schema[side]}
    message = json.loads(path.with_suffix(".json").read_text())
    # Without `jsonschema.validate`, which checks the schema each time; tests/wire checks it once.
    fits = jsonschema.Draft202012Validator(root)
    fits.validate(message)
    with pytest.raises(jsonschema.ValidationError):
        fits.validate([*["no-such-tag"], *message[1:]])


def test_every_event_has_a_golden_message() -> None:
    from xrdrama.wire import events

    tags = {
        t.__struct_config__.tag
        for t in vars(events).values()
        if isinstance(t, type) and issubclass(t, events.Event) and t is not events.Event
    }
    assert {f"record_{tag}" for tag in tags} <= set(golden_messages())


def test_the_client_imports_nothing_of_xrdrama() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import xrdrama_client;"
        "sys.exit(any(m == 'xrdrama' or m.startswith('xrdrama.') for m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(BRIDGE / "python")], check=False)
    assert done.returncode == 0


def test_the_client_reads_golden_messages_and_ignores_what_is_appended() -> None:
    code = (
        "import sys, msgspec; sys.path.insert(0, sys.argv[1]); import xrdrama_client as c\n"
        "read = msgspec.msgpack.Decoder(c.FromCore).decode\n"
        "for path in sys.argv[2:]:\n"
        "    data = open(path, 'rb').read()\n"
        "    one = read(data)\n"
        "    longer = msgspec.msgpack.encode([*msgspec.msgpack.decode(data), 'appended', 7])\n"
        "    assert read(longer) == one, path\n"
        "    print(type(one).__name__)\n"
    )
    files = [str(path) for path in GOLDEN if path.stem in TO_CLIENTS]
    command = [sys.executable, "-c", code, str(BRIDGE / "python"), *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == len(TO_CLIENTS)


def test_the_golden_delta_leads_from_the_golden_keyframe_to_the_next_frame() -> None:
    """With the client and with ours, to the same bytes."""
    keyframe, delta = ((BRIDGE / f"golden/{n}.msgpack").read_bytes() for n in ("keyframe", "delta"))
    follower = Follower()
    (first,), (later,) = follower.take(keyframe), follower.take(delta)
    assert first != later and first.slate != later.slate
    code = (
        "import sys, msgspec; sys.path.insert(0, sys.argv[1]); import xrdrama_client as c\n"
        "lane = c.Lane(1_790_000_000_000)\n"
        "for path in sys.argv[2:]:\n"
        "    lane.take(open(path, 'rb').read())\n"
        "    print(msgspec.msgpack.encode(lane.tree, order='sorted').hex())\n"
    )
    files = [str(BRIDGE / f"golden/{name}.msgpack") for name in ("keyframe", "delta")]
    command = [sys.executable, "-c", code, str(BRIDGE / "python"), *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [encode(first).hex(), encode(later).hex()]
