"""Files of keys: who may connect, and what is wrong with a file that is not as it should be."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.bridge.keyring import Keyring, read_pair
from xrdrama.cli import run
from xrdrama.errors import UsageError


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys")


def test_a_new_key_is_allowed_and_private(ring: Keyring) -> None:
    pair, path = ring.new("left", "node")
    assert read_pair(path) == pair
    assert ring.allowed()[pair.public].role == "node"
    assert pair.secret not in (ring.folder / "allowed.json").read_text()
    server = ring.server()
    assert server is not None and pair.server == server.public
    assert ring.folder.stat().st_mode & 0o777 == 0o700
    for file in ring.folder.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600, file.name
    assert ring.new("right", "node")[0].server == server.public


def test_a_removed_key_is_no_longer_allowed(ring: Keyring) -> None:
    _, path = ring.new("left", "node")
    ring.new("right", "node")
    ring.remove("left")
    assert [one.name for one in ring.allowed().values()] == ["right"]
    assert not path.exists()
    with pytest.raises(UsageError, match="no key 'left'"):
        ring.remove("left")
    ring.new("left", "operator")  # the name is free again


@pytest.mark.parametrize("name", ["", "../evil", "server", "allowed", "A", "a/b", "a" * 64, "é"])
def test_bad_names_and_roles(ring: Keyring, name: str) -> None:
    with pytest.raises(UsageError, match="not a name for a key"):
        ring.new(name, "node")
    with pytest.raises(UsageError, match="not a role"):
        ring.new("left", "emperor")
    assert not (ring.folder / "left.json").exists() and not ring.allowed()


@given(st.binary(max_size=200))
def test_any_file_is_a_pair_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("pair") / "left.json"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(UsageError):
        read_pair(path)


@pytest.mark.parametrize("bad", ["~" * 40, "é" * 40, "#" * 40, "short", "\0" * 40])
def test_a_pair_with_keys_that_cannot_be_is_refused(ring: Keyring, bad: str) -> None:
    pair, path = ring.new("left", "node")
    for name in ("public", "secret", "server"):
        path.write_bytes(msgspec.json.encode(msgspec.structs.replace(pair, **{name: bad})))
        with pytest.raises(UsageError):
            read_pair(path)


def test_a_file_that_others_can_read_is_refused(ring: Keyring) -> None:
    _, path = ring.new("left", "node")
    path.chmod(0o644)
    with pytest.raises(UsageError, match="others could read"):
        read_pair(path)
    (ring.folder / "allowed.json").chmod(0o666)
    with pytest.raises(UsageError, match="others could read"):
        ring.allowed()


def test_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert run(["keys", "list"]) == 0
    assert "no key may connect" in capsys.readouterr().out
    assert run(["keys", "new", "left", "--role", "node"]) == 0
    assert "xrdrama render --peer tcp://ADDRESS:7400 --name left" in capsys.readouterr().out
    assert run(["keys", "list", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["name"], listed["role"], len(listed["public"])) == ("left", "node", 40)
    assert run(["keys", "list"]) == 0
    assert listed["public"] in capsys.readouterr().out.replace("\n", "")
    assert run(["keys", "new", "left", "--role", "node"]) == 2
    assert run(["keys", "remove", "left"]) == 0
    assert run(["keys", "remove", "left"]) == 2
    assert run(["run", "lantern_demo", "--headless", "--network", "127.0.0.2"]) == 2
    assert "make one first: xrdrama keys new" in capsys.readouterr().err
