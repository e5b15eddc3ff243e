"""Many viewers in one process: `python -m tests.bench.audience_viewers LINK COUNT`.

Each joins, opens its socket and follows the states. A line `joined` when all have a first state;
after a line on stdin a JSON line: how they did since. Ends with stdin.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect


class Viewers:
    def __init__(self, link: str) -> None:
        parts = urlsplit(link)
        assert parts.hostname and parts.port
        self.host, self.port = parts.hostname, parts.port
        self.path = f"{parts.path}?{parts.query}"
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.newest = -1
        """The newest state that any of them has."""
        self.cookies: set[str] = set()
        self.joined = 0
        self.clear()

    def clear(self) -> None:
        self.states = self.gaps = self.behind = self.bytes = 0

    async def join(self) -> str:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        request = f"GET {self.path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
        writer.write(f"{request}Connection: close\r\n\r\n".encode())
        head = (await reader.read()).decode("latin-1")
        writer.close()
        assert " 303 " in head.partition("\r\n")[0], head
        return next(
            line.partition(": ")[2].partition(";")[0]
            for line in head.split("\r\n")
            if line.lower().startswith("set-cookie: ")
        )

    async def watch(self) -> None:
        cookie = await self.join()
        self.cookies.add(cookie)
        async with connect(
            f"ws://{self.host}:{self.port}/watch",
            origin=self.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie},
            compression=None,
            open_timeout=60,
            ping_interval=None,
        ) as socket:
            await self.follow(socket)

    async def follow(self, socket: ClientConnection) -> None:
        n = -1
        async for text in socket:
            message: dict[str, Any] = json.loads(text)
            if "n" not in message:
                continue
            if n < 0:
                self.joined += 1
            elif message.get("after") != n:
                self.gaps += 1
            n = message["n"]
            self.newest = max(self.newest, n)
            self.states += 1
            self.bytes += len(text)
            self.behind = max(self.behind, self.newest - n)


async def main(link: str, count: int) -> None:
    viewers = Viewers(link)
    tasks = []
    for at in range(0, count, 25):
        tasks += [asyncio.create_task(viewers.watch()) for _ in range(min(25, count - at))]
        while viewers.joined < len(tasks):
            await asyncio.sleep(0.01)  # the poll interval
            for task in tasks:
                if task.done():
                    task.result()
    say("joined")
    loop = asyncio.get_running_loop()
    viewers.clear()
    first = viewers.newest
    while await loop.run_in_executor(None, sys.stdin.readline):
        say(
            json.dumps(
                {
                    "viewers": len(viewers.cookies),
                    "open": sum(not task.done() for task in tasks),
                    "made": viewers.newest - first,
                    "states": viewers.states,
                    "gaps": viewers.gaps,
                    "behind": viewers.behind,
                    "bytes": viewers.bytes,
                }
            )
        )
        viewers.clear()
        first = viewers.newest
    for task in tasks:
        task.cancel()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
