"""Seats on the disk: a ticket is saved as used before its viewer is answered."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from tests.adapters.web.audience.server import AudienceServer
from tests.waiting import TIMEOUT
from xrdrama.adapters.web.access.kept import read_secrets
from xrdrama.adapters.web.access.limits import Limits
from xrdrama.adapters.web.access.sessions import Secrets, WrongTokenError
from xrdrama.adapters.web.audience.seats import Seats
from xrdrama.audience import serving
from xrdrama.audience.serving import Keeper
from xrdrama.errors import DeviceError


def restarted(path: Path, served: AudienceServer) -> Seats:
    """What a server knows that starts now, after this one was killed."""
    kept = read_secrets(path)
    return Seats(Limits(served.clock), served.clock, kept=kept, tickets_only=True)


def test_a_used_ticket_does_not_admit_again_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "take.audience"
    keeper = Keeper(path, "i1", lambda _: None)
    with AudienceServer(tmp_path, tickets_only=True, keeper=keeper) as served:
        used, unused = served.seats.ticket(), served.seats.ticket()
        keeper.flush()
        assert restarted(path, served).enter(used, "10.0.0.1")  # before it was used
        served.join(used)
        again = restarted(path, served)
        with pytest.raises(WrongTokenError):
            again.enter(used, "10.0.0.1")
        assert again.enter(unused, "10.0.0.1")


def test_the_link_of_a_room_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "take.audience"
    with AudienceServer(tmp_path, keeper=Keeper(path, "i1", lambda _: None)) as served:
        served.join()
        assert not path.exists()


def test_viewers_who_join_at_once_share_a_saving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on = threading.Event(), threading.Event()
    written: list[int] = []

    def write(_: Path, secrets: Secrets) -> None:
        begun.set()
        assert goes_on.wait(TIMEOUT)
        written.append(secrets.number)

    monkeypatch.setattr(serving, "write_secrets", write)
    keeper = Keeper(tmp_path / "seats", "i1", lambda _: None)

    async def join() -> None:
        keeper.keep(Secrets(number=1))
        first = asyncio.create_task(keeper.saved())
        assert await asyncio.to_thread(begun.wait, TIMEOUT)
        others = []
        for number in range(2, 40):
            keeper.keep(Secrets(number=number))
            others.append(asyncio.create_task(keeper.saved()))
        goes_on.set()
        await asyncio.gather(first, *others)

    asyncio.run(join())
    assert written == [1, 39]


def test_a_disk_that_is_full_is_said_once_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[object] = []
    written: list[int] = []
    full = True

    def write(_: Path, secrets: Secrets) -> None:
        if full:
            raise DeviceError("the disk is full", "free some space")
        written.append(secrets.number)

    monkeypatch.setattr(serving, "write_secrets", write)
    keeper = Keeper(tmp_path / "seats", "i1", said.append)
    keeper.keep(Secrets(number=1))
    keeper.flush()
    keeper.flush()
    assert len(said) == 1 and "tickets that were used since admit again" in str(said[0])
    full = False
    keeper.flush()
    keeper.flush()
    assert written == [1]
