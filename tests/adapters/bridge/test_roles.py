"""Who may direct a show and send it events: only peers with the key of the run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from tests.adapters.bridge.cores import Core, Raw, free_port, hello
from tests.waiting import wait_until
from xrdrama.adapters.bridge import Peer, Server
from xrdrama.adapters.bridge.keys import VARIABLE, RunKey, folder_of_keys, key_for
from xrdrama.adapters.bridge.roles import WITH_KEY
from xrdrama.spatial import Pose
from xrdrama.tracking import TrackingSample
from xrdrama.wire.commands import (
    Forced,
    HeldStory,
    Panic,
    PickedByHand,
    Released,
    Role,
    Sender,
    Stopped,
)
from xrdrama.wire.events import AnyEvent, DeviceLost, Presented, Pressed, Reported
from xrdrama.wire.messages import Promise, Record, Recorded, Refused

NewCore = Callable[..., Core]
NewRaw = Callable[[Core], Raw]
CLIENT = Path(__file__).parents[3] / "bridge" / "python"
ROLES: tuple[Role, ...] = get_args(Role)


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime folder of this test alone, and no inherited key."""
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.delenv(VARIABLE, raising=False)
    return folder / "xrdrama"


# -- the key ------------------------------------------------------------------------------------


def test_key_file_is_for_its_user_alone_and_goes_with_the_core(runtime: Path) -> None:
    before = os.umask(0)
    try:
        key = RunKey(7400)
    finally:
        os.umask(before)
    assert key.path == runtime / "bridge-7400.key"
    assert key.path.stat().st_mode & 0o777 == 0o600 and runtime.stat().st_mode & 0o777 == 0o700
    assert key.path.read_text() == key.value == key_for("tcp://127.0.0.1:7400")
    assert list(runtime.iterdir()) == [key.path]
    assert key.is_key(key.value) and not key.is_key(key.value[:-1]) and not key.is_key("é")
    key.close()
    key.close()
    assert not list(runtime.iterdir()) and key_for("tcp://127.0.0.1:7400") == ""


def test_each_run_has_another_key(runtime: Path) -> None:
    keys = [RunKey(7400 + number) for number in range(5)]
    assert len({key.value for key in keys}) == 5 and all(len(key.value) > 40 for key in keys)
    for key in keys:
        key.close()


def test_files_of_killed_cores_are_removed_and_others_are_kept(runtime: Path) -> None:
    living = RunKey(7400)
    (runtime / "bridge-7500.key").write_text("of a core that was killed")
    another = RunKey(7600)
    assert sorted(path.name for path in runtime.iterdir()) == ["bridge-7400.key", "bridge-7600.key"]
    living.close()
    another.close()


@pytest.mark.parametrize("fault", ["readable by others", "a link", "another user's"])
def test_key_file_that_others_could_have_written_is_not_used(
    fault: str, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime.mkdir()
    path = runtime / "bridge-7400.key"
    path.write_text("planted")
    path.chmod(0o600)
    assert key_for("tcp://127.0.0.1:7400") == "planted"  # the control
    if fault == "a link":
        path.rename(runtime / "elsewhere")
        path.symlink_to(runtime / "elsewhere")
    elif fault == "another user's":
        monkeypatch.setattr(os, "getuid", lambda: 12345)
    else:
        path.chmod(0o640)
    assert key_for("tcp://127.0.0.1:7400") == ""


def test_folder_without_room_leaves_the_key_to_children_and_says_so(
    runtime: Path, tmp_path: Path
) -> None:
    runtime.write_text("a file in the way")
    key = RunKey(7400)
    assert key.path is None and "XDG_RUNTIME_DIR" in key.failure and key.value
    key.close()


def test_inherited_key_counts_where_there_is_no_file(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "inherited")
    assert key_for("tcp://127.0.0.1:7400") == key_for("tcp://10.0.0.7:7400") == "inherited"
    key = RunKey(7400)
    assert key_for("tcp://127.0.0.1:7400") == key.value
    key.close()


# -- joining --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_roles_need_the_key_or_only_follow(role: Role, core: Core, raw: Raw) -> None:
    raw.say(hello("stranger", role=role))
    if role not in WITH_KEY:
        assert role in ("engine", "viewer")
        assert type(raw.hear()).__name__ == "Welcome"
        return
    refused = raw.refused()
    assert (refused.id, refused.code) == (0, "key_needed")
    assert f"role {role}" in refused.reason and VARIABLE in refused.reason
    raw.say(Record(1, 0, Panic("stranger", True)))
    assert raw.refused().code == "hello_first"
    raw.greet("stranger", role=role)  # the control: with the key it is let in
    assert [entry.event for entry in core.take().entries] == []


@pytest.mark.parametrize("role", ROLES)
def test_wrong_key_is_refused_for_every_role(role: Role, core: Core, raw: Raw) -> None:
    for wrong in ("guessed", core.server.key.value[:-1], core.server.key.value + "x", "ключ"):
        raw.say(hello("stranger", role=role, key=wrong))
        assert raw.refused().code == "key_wrong"
    assert core.server._peers == {}


def test_names_of_the_show_are_reserved(core: Core, new_raw: NewRaw) -> None:
    server = Server(
        show="other", rate=(24, 1), fixed_rate=False, door=core.ingress, now=int,
        reserved=frozenset({"mic"}),
    )  # fmt: skip
    core.server.close()
    core.server = server
    server.start()
    for said in (
        {"name": "mic"}, {"name": "mic.left"}, {"name": "x", "sources": ("mic",)},
        {"name": "director"}, {"name": "console.7"},
    ):  # fmt: skip
        raw = new_raw(core)
        raw.say(hello(**said))
        assert raw.refused().code == "source_reserved"
    new_raw(core).greet("mic", sources=("mic",))  # with the key


# -- what a peer may say --------------------------------------------------------------------------


def answers(raw: Raw, event: AnyEvent, id: int) -> str:
    raw.say(Record(id, 0, event))
    said = raw.hear()
    return "" if isinstance(said, Recorded) else said.code  # type: ignore[union-attr]


EVENTS: list[tuple[AnyEvent, str, str]] = [
    (Pressed("eyes", "stay"), "", ""),
    (Pressed("eyes.gaze", "stay"), "", ""),
    (Presented("headset", 4, ()), "", ""),
    (Pressed("mic", "stay"), "source_not_yours", "source_not_yours"),
    (Pressed("eyesight", "stay"), "source_not_yours", "source_not_yours"),
    (DeviceLost("mic", "unplugged"), "source_not_yours", "source_not_yours"),
    (Pressed("director", "stay"), "source_not_yours", "source_not_yours"),
    (PickedByHand("eyes", "stay"), "not_director", "not_director"),
    (Panic("eyes", True), "not_director", "not_director"),
    (TrackingSample("eyes", "1", 5, Pose()), "not_tracker", ""),
]


@pytest.mark.parametrize("has_key", [False, True])
def test_viewer_reports_only_its_own_sources(has_key: bool, core: Core, raw: Raw) -> None:
    key = core.server.key.value if has_key else ""
    raw.greet("eyes", role="viewer", sources=("headset",), key=key)
    for id, (event, stranger, known) in enumerate(EVENTS):
        assert answers(raw, event, id) == (known if has_key else stranger), event
    recorded = sum(not (known if has_key else stranger) for _, stranger, known in EVENTS)
    assert len(core.take().entries) == recorded


def test_engine_without_key_reports_only_its_own_sources(core: Core, raw: Raw) -> None:
    raw.greet("eyes", sources=("headset",), key="")
    for id, (event, stranger, _) in enumerate(EVENTS):
        assert answers(raw, event, id) == stranger, event


def test_recogniser_with_key_may_speak_for_its_sources(core: Core, raw: Raw) -> None:
    raw.greet("voice.7", role="recogniser", sources=("mic",))
    assert answers(raw, Pressed("mic", "stay"), 1) == ""


def test_peer_without_key_cannot_promise_for_a_source(new_core: NewCore, new_raw: NewRaw) -> None:
    core = new_core(fixed_rate=True, sources=("mic",))
    raw = new_raw(core)
    raw.greet("stranger", key="")
    raw.say(Promise("mic", 10**12))
    raw.say(Record(1, 0, Panic("x", True)))
    assert raw.refused().code == "not_director"  # so the promise was read
    assert core.ingress.wait_for(1, 0.0) == ["mic"]


def test_peers_without_key_do_not_displace_peers_with_key(
    core: Core, new_raw: NewRaw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xrdrama.adapters.bridge.server.MOST_PEERS", 8)
    director = new_raw(core)
    director.greet("director", role="director")
    for number in range(20):
        new_raw(core).greet(f"stranger{number}", key="")
    assert answers(director, Panic("director", True), 1) == ""


# -- the clients ----------------------------------------------------------------------------------


def test_peer_finds_the_key_of_a_core_that_came_back(new_core: NewCore) -> None:
    """The console is not restarted with the core, which has another key."""
    port = free_port()
    core = new_core(port=port)
    core.begin()
    peer = Peer(core.server.endpoint, name="console.1", role="director", sources=())
    peer.connect()
    wait_until(lambda: peer.show)
    core.close()
    core = new_core(port=port, resume=True)
    core.begin()
    peer.record(Panic("console", True))
    wait_until(lambda: core.take().entries)
    assert peer.failure == "" and peer.close() == 0


def test_peer_without_the_key_says_what_to_do(core: Core, runtime: Path) -> None:
    peer = Peer(core.server.endpoint, name="console.1", role="director", sources=())
    peer.connect()
    wait_until(lambda: peer.failure)
    assert "needs the key of this run" in peer.failure and VARIABLE in peer.failure
    peer.close(timeout=0.0)


def client(core: Core, arguments: str, **environment: str) -> str:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import xrdrama_client as c\n"
        "try:\n"
        f"    print(c.Client(sys.argv[2], name='desk', {arguments}).panic(True))\n"
        "except c.RefusedError as error:\n"
        "    print(error.code)\n"
    )
    known = {name: value for name, value in os.environ.items() if name != VARIABLE}
    command = [sys.executable, "-c", code, str(CLIENT), core.server.endpoint]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**known, **environment}
    )
    assert not done.stderr, done.stderr
    return done.stdout.strip()


def test_python_client_directs_with_the_key_and_not_without(core: Core, tmp_path: Path) -> None:
    core.begin()
    empty = {"XDG_RUNTIME_DIR": str(tmp_path)}  # where no key is
    assert client(core, "role='director'") == "0"  # found in the file
    assert client(core, "role='director'", **empty, **{VARIABLE: core.server.key.value}) == "1"
    assert client(core, f"role='director', key={core.server.key.value!r}", **empty) == "2"
    assert client(core, "role='director'", **empty) == "key_needed"
    assert client(core, "role='director', key='guessed'") == "key_wrong"
    assert client(core, "role='engine'") == "not_director"


def test_folder_of_keys_is_the_same_for_the_client(
    runtime: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sys.path.insert(0, str(CLIENT))
    try:
        import xrdrama_client
    finally:
        sys.path.remove(str(CLIENT))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in (("XDG_RUNTIME_DIR", None), ("XDG_STATE_HOME", str(tmp_path / "state")),
                        ("XDG_STATE_HOME", None)):  # fmt: skip
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
        key = RunKey(7400)
        assert key.path is not None and key.path.parent == folder_of_keys()
        assert xrdrama_client.find_key("tcp://127.0.0.1:7400") == key.value
        key.close()


def test_python_client_that_was_there_before_the_core_finds_the_key(
    new_core: NewCore, runtime: Path
) -> None:
    port = free_port()
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import xrdrama_client as c\n"
        "print('waits', flush=True)\n"
        "print(c.Client(sys.argv[2], name='desk', role='director', timeout=60).panic(True))\n"
    )
    command = [sys.executable, "-c", code, str(CLIENT), f"tcp://127.0.0.1:{port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as waiting:
        assert waiting.stdout is not None and waiting.stdout.readline() == "waits\n"
        core = new_core(port=port)
        core.begin()
        assert waiting.stdout.readline() == "0\n"
    assert [type(entry.event) for entry in core.take().entries] == [Panic]


# -- who is accountable ---------------------------------------------------------------------------


def test_core_writes_peer_name_and_role_of_a_command(core: Core, new_raw: NewRaw) -> None:
    console, operator = new_raw(core), new_raw(core)
    console.greet("console.7", role="director")
    operator.greet("deck", role="operator")
    two = Sender("director.2", "director")
    console.say(Record(1, 0, Forced("any word", "gone"), two))
    assert isinstance(console.hear(), Recorded)
    assert answers(console, HeldStory("director", True), 2) == ""
    assert answers(operator, HeldStory("director", False), 1) == ""
    assert [(entry.peer, entry.name, entry.role) for entry in core.take().entries] == [
        ("console.7", "director.2", "director"),
        ("console.7", "console.7", "director"),
        ("deck", "deck", "operator"),
    ]


def test_role_of_the_sender_decides_not_that_of_the_console(core: Core, raw: Raw) -> None:
    raw.greet("console.7", role="director")
    for id, (event, role, code) in enumerate(
        [
            (Forced("x", "gone"), "operator", "not_director"),
            (Panic("x", True), "operator", ""),
            (Panic("x", False), "operator", "not_director"),
            (Panic("x", False), "director", ""),
            (HeldStory("x", True), "viewer", "not_director"),
        ]
    ):
        raw.say(Record(id, 0, event, Sender("somebody", role)))  # type: ignore[arg-type]
        said = raw.hear()
        assert (said.code if isinstance(said, Refused) else "") == code


@pytest.mark.parametrize("role", ["operator", "engine", "viewer"])
def test_only_a_director_names_another_sender(role: Role, core: Core, raw: Raw) -> None:
    raw.greet("eyes", role=role)
    raw.say(Record(1, 0, Panic("eyes", True), Sender("director.1", "director")))
    assert raw.refused().code == "sender_not_yours"
    assert core.take().entries == ()


# -- bodies of performers -----------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_only_a_performer_with_the_key_reports_a_body(role: Role, raw: Raw, core: Core) -> None:
    raw.greet(name="k1", role=role, sources=("k1",), key=core.server.key.value)
    raw.say(Record(1, 0, Reported("k1", "k1", "ready")))
    if role != "performer":
        assert raw.refused().code == "not_performer"
        return
    assert raw.recorded().id == 1
    raw.say(Record(2, 0, Reported("k2", "k2", "ready")))
    assert raw.refused().code == "source_not_yours"


def test_everybody_may_stop_a_body_without_the_key(raw: Raw) -> None:
    raw.greet(name="phone", role="viewer")
    raw.say(Record(1, 0, Stopped("phone", "")))
    assert raw.recorded().id == 1
    raw.say(Record(2, 0, Released("phone", "k1")))
    assert raw.refused().code == "not_director"
