"""`xrdrama serve` as a user starts it, and a network that stops passing bytes."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.peers.console_show import patient_story
from tests.waiting import wait_until
from xrdrama.content import package_roots

ROOT = package_roots()[0]
STORY, SHOW = "one_lantern_too_many.branch.yaml", "lantern_web.show.yaml"
STARTS_WITHIN = 240.0
"""Seconds until a show has its link where every core is busy."""
HTTPS = "127.0.0.2"
"""An address of this machine that counts as that of another one: it needs HTTPS."""


def project(folder: Path, mode: str = "room") -> Path:
    """A user's project with our drama, where the second answer leads to an ending; its windows
    last as long as they may. The path of its show."""
    patient_story(folder / "branches")
    path = folder / "branches" / STORY
    text = path.read_text("utf-8")
    head, found, tail = text.partition("\n  stranger:\n")
    tail, cut = re.subn(r"next: taper", "next: home_light", tail, count=1)
    assert found and cut
    path.write_text(head + found + tail, "utf-8")
    show = folder / "shows" / SHOW
    show.parent.mkdir()
    written = (ROOT / "examples" / "shows" / SHOW).read_text("utf-8")
    changed = written.replace("{mode: room}", f"{{mode: {mode}}}")
    assert f"{{mode: {mode}}}" in changed
    show.write_text(changed, "utf-8")
    return show


class Serving:
    """`xrdrama serve` with a project of its own; `link` is what it prints for viewers."""

    def __init__(
        self,
        folder: Path,
        mode: str = "room",
        listen: str = "127.0.0.1",
        make: Callable[[Path, str], Path] = project,
        options: Sequence[str] = (),
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        show = make(folder, mode)
        self.folder = folder
        self._state = folder / "state"
        self._said = (folder / "stderr").open("w+")
        command = [sys.executable, "-m", "xrdrama", "serve", str(show), "--no-console"]
        command += ["--listen", listen, "--seconds", "3600", "--out", str(folder / "out"), *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=self._said, cwd=folder,
            env={**os.environ, "XDG_STATE_HOME": str(self._state)},
        )  # fmt: skip
        try:
            found = wait_until(self._printed, STARTS_WITHIN, f"the link in {self._said.name}")
        except BaseException:
            self.close()
            raise
        assert found
        self.link = found[1]

    def said(self) -> str:
        return Path(self._said.name).read_text("utf-8")

    def _printed(self) -> re.Match[str] | None:
        assert self.process.poll() is None, self.said()
        return re.search(r"viewers join at (\S+)\n", self.said())

    def trust(self) -> str:
        """The flag with which Chromium trusts the show's own certificate authority, and no other
        that it does not know: the hash of its public key."""
        (path,) = (self._state / "xrdrama" / "authority").glob("*.crt")
        key = x509.load_pem_x509_certificate(path.read_bytes()).public_key()
        data = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        return f"--ignore-certificate-errors-spki-list={digest}"

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
        self._said.close()


class Network:
    """A TCP relay before a server. While it is `cut` no byte passes and nothing is closed, as in a
    tunnel. Afterwards what waited is passed on, except in connections that were begun meanwhile:
    they never get an answer."""

    def __init__(self, link: str) -> None:
        asked = urlsplit(link)
        assert asked.hostname and asked.port
        self._to = (asked.hostname, asked.port)
        self._listener = socket.create_server((asked.hostname, 0))
        port = self._listener.getsockname()[1]
        self.link = link.replace(f":{asked.port}/", f":{port}/")
        self._passes = threading.Event()
        self._passes.set()
        self._done = threading.Event()
        self._sockets: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def cut(self) -> bool:
        return not self._passes.is_set()

    @cut.setter
    def cut(self, is_cut: bool) -> None:
        (self._passes.clear if is_cut else self._passes.set)()

    def close(self) -> None:
        self._done.set()
        self._passes.set()
        self._listener.close()
        for one in self._sockets:
            _end(one)

    def _accept(self) -> None:
        while not self._done.is_set():
            try:
                near, _ = self._listener.accept()
                self._sockets.append(near)
                if self.cut:
                    continue
                far = socket.create_connection(self._to)
            except OSError:
                continue  # the listener or the server has ended
            self._sockets.append(far)
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                self._passes.wait()
                other.sendall(data)
        self._passes.wait()
        _end(one)
        _end(other)


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
