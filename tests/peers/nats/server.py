"""A real NATS server with JetStream, on loopback, that may be killed and started again."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.waiting import wait_until

PROGRAM = Path(sys.executable).with_name("nats-server")


class NatsServer:
    """`nats-server -js` that keeps its streams in `folder`, always on the same port."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self._options = options
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def address(self, log: str) -> str:
        return f"nats://127.0.0.1:{self.port}/{log}"

    def start(self) -> None:
        command = [str(PROGRAM), "-a", "127.0.0.1", "-p", str(self.port), "-sd", str(self.folder)]
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([*command, *self._options], stdout=log, stderr=log)
        wait_until(self._answers, 30.0, f"the NATS server, see {self.folder / 'log'}")

    def _answers(self) -> bool:
        assert self.process is not None and self.process.poll() is None
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1.0).close()
            return True
        return False

    def kill(self) -> None:
        """kill -9: nothing more is written."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
