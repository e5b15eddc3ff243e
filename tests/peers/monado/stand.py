"""What a headset test stands on: Monado's packages, a network of its own, a screen, a service."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from xrdrama import content

_CLONE_NEWNET = 0x40000000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


def fetch_monado() -> Path:
    """Monado's packages in our cache, fetched and unpacked if they are not there yet.

    To be called outside `own_network`, which reaches no package archive. A failure is reported in
    the recipe's words.
    """
    folder = packages()
    recipe = Path(__file__).parent / "unpack_monado.sh"
    done = subprocess.run(
        [str(recipe), str(folder)], capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        pytest.fail(f"{recipe.name}: {done.stderr.strip() or done.stdout.strip()}")
    return folder


def packages() -> Path:
    """Where Monado's packages are unpacked (the session's fixture has fetched them)."""
    return content.cache_folder("monado")


@contextmanager
def own_network() -> Iterator[None]:
    """This thread, and what it starts, in a network namespace of its own with only a loopback.

    Monado's remote driver listens on all addresses of its network, always on the same port.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net", "rb") as before:  # noqa: PTH123 - a namespace, no file
        if libc.unshare(_CLONE_NEWNET):
            reason = os.strerror(ctypes.get_errno())
            pytest.fail(f"no network namespace of its own ({reason}): run make test-peers as root")
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
                request = fcntl.ioctl(any_socket, _SIOCGIFFLAGS, struct.pack("16sh14x", b"lo", 0))
                flags = struct.unpack("16sh14x", request)[1] | _IFF_UP
                fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags))
            yield
        finally:
            libc.setns(before.fileno(), _CLONE_NEWNET)


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is killed when the block ends, if it still runs."""
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Screen:
    """A screen without a monitor (Xvfb), whose picture can be read."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("Xvfb") is None:
            pytest.fail("Xvfb is missing: apt-get install xvfb")
        self._picture = folder / "Xvfb_screen0"
        read_end, write_end = os.pipe()
        command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1920x1080x24"]
        self._process = subprocess.Popen(
            [*command, "-fbdir", str(folder), "-nolisten", "tcp"],
            pass_fds=(write_end,),
            stderr=subprocess.DEVNULL,
        )
        os.close(write_end)
        with os.fdopen(read_end) as lines:
            number = lines.readline().strip()
        if not number:
            self.close()
            pytest.fail("Xvfb did not start")
        self.name = f":{number}"

    def picture(self) -> NDArray[np.uint8]:
        """(height, width, 3) RGB bytes of the whole screen, out of Xvfb's own window dump."""
        data = self._picture.read_bytes()
        header = struct.unpack(">25I", data[:100])
        size, width, height, row, colours = (header[i] for i in (0, 4, 5, 12, 19))
        rows = np.frombuffer(data, np.uint8, row * height, size + colours * 12)
        pixels = rows.reshape(height, row)[:, : width * 4].reshape(height, width, 4)
        return np.ascontiguousarray(pixels[:, :, 2::-1])

    def close(self) -> None:
        """Switch it off."""
        self._process.terminate()
        self._process.wait()


class Service:
    """Monado's service: a headset of 320x240 pixels an eye that nobody sees, or one in a window
    on a screen, whose eyes have so many percent of 960x1080 pixels."""

    def __init__(self, folder: Path, screen: Screen | None = None, *, percent: int = 50) -> None:
        self.folder = folder / "runtime"
        self.folder.mkdir(mode=0o700, parents=True)
        # One session for all: a show keeps its run's key here, and the tests' peers look for it.
        self._session = pytest.MonkeyPatch()
        self._session.setenv("XDG_RUNTIME_DIR", str(self.folder))
        self.prefix = str(packages() / "run")
        self.environment = {
            **os.environ,
            "P_OVERRIDE_ACTIVE_CONFIG": "remote",
            "XRT_NO_STDIN": "1",
        }
        if screen is None:
            self.environment["XRT_COMPOSITOR_NULL"] = "1"
            self.environment.pop("DISPLAY", None)
        else:
            self.environment |= {
                "XRT_COMPOSITOR_FORCE_XCB": "1",
                "XRT_COMPOSITOR_SCALE_PERCENTAGE": str(percent),
                "XRT_COMPOSITOR_DEFAULT_FRAMERATE": "60",
                "DISPLAY": screen.name,
            }
        self._log = folder / "service.log"
        self._program = str(packages() / "root/usr/bin/monado-service")
        self.start()

    def start(self) -> None:
        """Start it, or start it again after it was killed."""
        log = self._log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [self.prefix, self._program],
                env=self.environment | {"HOME": str(log.parent)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + 20.0
        while "service has started" not in log.read_text(errors="replace"):
            if time.monotonic() > deadline or self._process.poll() is not None:
                self.close()
                pytest.fail(f"Monado's service did not start: {log.read_text(errors='replace')}")
            time.sleep(0.05)  # the poll interval

    def viewer_environment(self, screen: Screen | None = None) -> dict[str, str]:
        """The environment of a show whose headset is this service's."""
        found = {**os.environ, "XRDRAMA_VIEWER_PREFIX": self.prefix}
        found.pop("DISPLAY", None)
        if screen is not None:
            found["DISPLAY"] = screen.name
        return found

    def kill(self) -> None:
        """As when it crashes."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """As when it hangs: it is there, and does nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After it was stopped."""
        self._process.send_signal(signal.SIGCONT)

    @property
    def runs(self) -> bool:
        """True while its process is there."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it."""
        self._session.undo()
        if self._process.poll() is None:
            self._process.terminate()
            self.go_on()  # else it would not hear that
            try:
                self._process.wait(5.0)
            except subprocess.TimeoutExpired:
                self.kill()
