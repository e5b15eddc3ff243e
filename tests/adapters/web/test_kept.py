"""What a console that is started again must know: in a file for its owner only."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama.adapters.web.access.kept import read_secrets, secrets_path, write_secrets
from xrdrama.adapters.web.access.sessions import Invite, Secrets
from xrdrama.errors import DeviceError

SECRETS = Secrets(b"k" * 32, 7, (Invite(b"d" * 32, "viewer", 12.5),), 8123)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return secrets_path(tmp_path / "night.take")


def test_they_are_read_as_they_were_written_and_are_for_nobody_else(path: Path) -> None:
    assert read_secrets(path) is None
    for number in (7, 8):
        write_secrets(path, Secrets(SECRETS.key, number, SECRETS.invites, 8123))
        assert path.stat().st_mode & 0o777 == 0o600
    found = read_secrets(path)
    assert found is not None and found.number == 8 and found.invites == SECRETS.invites


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_a_file_that_others_could_read_or_write_is_not_used(path: Path, mode: int) -> None:
    write_secrets(path, SECRETS)
    path.chmod(mode)
    assert read_secrets(path) is None
    write_secrets(path, SECRETS)
    assert path.stat().st_mode & 0o777 == 0o600 and read_secrets(path) == SECRETS


def test_link_is_not_followed_and_garbage_is_ignored(path: Path) -> None:
    other = path.with_name("other")
    write_secrets(other, SECRETS)
    path.symlink_to(other)
    assert read_secrets(path) is None
    write_secrets(path, SECRETS)
    assert not path.is_symlink()
    for junk in (b"", b"[", b"\xff" * 100, b'{"key": 3}'):
        path.write_bytes(junk)
        assert read_secrets(path) is None


def test_missing_folder_is_reported(path: Path) -> None:
    with pytest.raises(DeviceError, match="cannot be written"):
        write_secrets(path / "no" / "where", SECRETS)
