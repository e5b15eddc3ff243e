"""A peer that was started again: what it records counts, and nothing is acknowledged for it that
was not recorded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import Core, Raw, free_port
from tests.waiting import wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.wire.events import Pressed
from xrdrama.wire.messages import Bye, Record, Recorded

NewCore = Callable[..., Core]
NewRaw = Callable[[Core], Raw]
CLIENT = Path(__file__).parents[3] / "bridge" / "python"


def pressed(id: int, option: str) -> Record:
    return Record(id, 0, Pressed("engine", option))


def test_same_ids_of_another_instance_are_new_records(core: Core, new_raw: NewRaw) -> None:
    for number, instance in enumerate(("one", "two")):
        engine = new_raw(core)
        engine.greet("engine", instance=instance)
        for id in (1, 2, 3):
            engine.say(pressed(id, f"same{id}"))  # even with the same content
            assert engine.recorded() == Recorded(id, 3 * number + id - 1)
    assert core.options() == ["same1", "same2", "same3"] * 2
    assert [entry.instance for entry in core.take().entries] == ["one"] * 3 + ["two"] * 3


def test_retry_of_one_instance_counts_once_also_over_another_connection(
    core: Core, new_raw: NewRaw
) -> None:
    for _ in range(3):
        engine = new_raw(core)
        engine.greet("engine", instance="one")
        engine.say(pressed(1, "a"))
        assert engine.recorded() == Recorded(1, 0)
    assert core.options() == ["a"]


def test_instances_are_known_after_the_core_was_started_again(
    new_core: NewCore, new_raw: NewRaw
) -> None:
    core = new_core(port=free_port())
    engine = new_raw(core)
    engine.greet("engine", instance="one")
    engine.say(pressed(1, "a"))
    engine.recorded()
    core.close()
    core = new_core(port=free_port(), resume=True)
    same, other = new_raw(core), new_raw(core)
    same.greet("engine", instance="one")
    same.say(pressed(1, "a"))
    assert same.recorded() == Recorded(1, 0)
    other.greet("engine", instance="two")
    other.say(pressed(1, "b"))
    assert other.recorded() == Recorded(1, 1)
    same.say(pressed(1, "c"))
    assert same.refused().code == "id_reused"
    assert core.options() == ["a", "b"]


def test_peer_without_instance_that_said_bye_and_came_back_is_new(
    core: Core, new_raw: NewRaw
) -> None:
    for number in range(2):
        engine = new_raw(core)
        engine.greet("engine")
        for id in (1, 2):
            engine.say(pressed(id, f"{'ab'[number]}{id}"))
            assert engine.recorded() == Recorded(id, 2 * number + id - 1)
        engine.say(Bye())
        wait_until(lambda: not core.server._peers)
    assert core.options() == ["a1", "a2", "b1", "b2"]


def test_peer_without_instance_that_crashed_is_refused_not_acknowledged(
    core: Core, new_raw: NewRaw
) -> None:
    first, again = new_raw(core), new_raw(core)
    first.greet("engine")
    first.say(pressed(1, "a"))
    first.recorded()
    again.greet("engine")
    again.say(pressed(1, "b"))
    refused = again.refused()
    assert (refused.id, refused.code) == (1, "id_reused")
    assert core.options() == ["a"]


def test_two_peers_of_one_name_are_two_instances(core: Core) -> None:
    core.begin()
    for option in ("a", "b"):
        peer = Peer(core.server.endpoint, name="engine", role="engine", sources=())
        peer.connect()
        wait_until(lambda peer=peer: peer.show)  # type: ignore[misc]
        peer.record(Pressed("engine", option))
        assert peer.close() == 0
    assert core.options() == ["a", "b"]
    assert len({entry.instance for entry in core.take().entries}) == 2


@pytest.mark.parametrize("runs", [3])
def test_python_client_that_is_started_again_is_recorded_again(core: Core, runs: int) -> None:
    core.begin()
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from xrdrama_client import Client\n"
        "client = Client(sys.argv[2], name='engine')\n"
        "print(client.pick('stay'), client.pick('leave'))\n"
    )
    command = [sys.executable, "-c", code, str(CLIENT), core.server.endpoint]
    for number in range(runs):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout.split() == [str(2 * number), str(2 * number + 1)], done.stderr
    assert core.options() == ["stay", "leave"] * runs
