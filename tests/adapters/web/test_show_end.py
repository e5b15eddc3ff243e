"""Pages learn how a show ended, whatever else happens at that moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed

from tests.adapters.web.console import ConsoleServer, Page
from xrdrama.adapters.web.live import hub as live

AtTheEnd = Callable[[ConsoleServer], None]


def late_frame(served: ConsoleServer) -> None:
    """A frame that was on its way when the show ended."""
    frame = served.show.step()
    served.hub.frame(frame)


def look(served: ConsoleServer) -> None:
    """The check of every second; frames came until just now."""
    watching = asyncio.create_task(served.hub.watch())
    asyncio.get_running_loop().call_later(2 * live.INTERVAL, watching.cancel)


@pytest.mark.parametrize("at_the_end", [late_frame, look])
def test_the_end_of_a_show_is_not_taken_back(served: ConsoleServer, at_the_end: AtTheEnd) -> None:
    async def end() -> None:
        closing = asyncio.create_task(served.hub.close_pages("the show has ended", with_show=True))
        while "fate" not in served.hub.ring.state:
            await asyncio.sleep(0)  # another task must run
        at_the_end(served)
        await closing

    with served.live() as page:
        page.until(lambda p: "beat" in p.state)
        assert not served.hub.is_silent
        served.run(end())
        assert _last(page) == ("ended", True)


def test_a_slow_page_learns_the_end_before_it_is_closed(
    served: ConsoleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = WebSocket.send_text

    async def slow(socket: WebSocket, data: str) -> None:
        await asyncio.sleep(10 * live.INTERVAL)  # the slow connection
        await send(socket, data)

    with served.live() as page:
        page.until(lambda p: "beat" in p.state)
        monkeypatch.setattr(WebSocket, "send_text", slow)
        served.play()  # this message is under way when the show ends
        served.part("the show has ended", with_show=True)
        assert _last(page) == ("ended", True)


def test_a_page_that_receives_nothing_does_not_hold_the_end_up(
    served: ConsoleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: the wait for pages has an end."""
    stuck = asyncio.Event()

    async def never(socket: WebSocket, data: str) -> None:
        await stuck.wait()

    monkeypatch.setattr(live, "LAST_NEWS", 0.3)
    with served.live() as page:
        page.until(lambda p: "beat" in p.state)
        monkeypatch.setattr(WebSocket, "send_text", never)
        served.part("the show has ended", with_show=True)
        assert _last(page) == (None, None)


def _last(page: Page) -> tuple[object, object]:
    """What the page knows of the show's end when its socket is closed."""
    with pytest.raises(ConnectionClosed) as error:
        while True:
            page.hear()
    assert error.value.rcvd is not None and error.value.rcvd.reason == "the show has ended"
    return page.state.get("fate"), page.state.get("silent")
