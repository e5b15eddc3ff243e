"""The wire in a process of its own: three ports of 127.0.0.2 lead to the core's on 127.0.0.1."""

from __future__ import annotations

import asyncio
import sys


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def serve(port: int) -> None:
    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pump(reader, back), pump(there, writer))

    server = await asyncio.start_server(joined, "127.0.0.2", port)
    await server.serve_forever()


async def main(first: int) -> None:
    await asyncio.gather(*(serve(first + n) for n in range(3)))


asyncio.run(main(int(sys.argv[1])))
