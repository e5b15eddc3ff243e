"""The console's command and process beside a real show: how it starts, listens, refuses, ends."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import free_port
from tests.waiting import wait_until
from xrdrama.adapters.web.access.certificate import self_signed
from xrdrama.adapters.web.board import memory as board
from xrdrama.console import process as console
from xrdrama.errors import DeviceError, UsageError
from xrdrama.processes import console as beside
from xrdrama.processes import finding
from xrdrama.processes.console import HINT, POLICY, ConsoleProcess, port_of
from xrdrama.processes.restarts import Policy

pytestmark = pytest.mark.peer
SHOW = [sys.executable, "-m", "xrdrama", "run", "lantern_demo", "--no-video"]
CONSOLE = [sys.executable, "-m", "xrdrama", "console", "--show", "lantern_demo", "--json"]
TIMEOUT = 180.0
"""Seconds for what may have to load everything on a busy machine."""


class Running:
    def __init__(self, folder: Path, *more: str) -> None:
        self.errors = folder / "errors"
        command = [*SHOW, "--seconds", "3600", "--out", str(folder / "out"), *more]
        with self.errors.open("w") as file:
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=file)

    def said(self, pattern: str) -> str:
        found = wait_until(
            lambda: re.search(pattern, self.errors.read_text("utf-8")), TIMEOUT, every=0.05
        )
        return str(found[0])

    def console_pid(self) -> int:
        for children in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            for pid in children.read_text().split():
                if b"console" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    return int(pid)
        raise AssertionError("no console beside the show")

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(TIMEOUT) == 0

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(TIMEOUT)


def browser(*handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
    """What a browser does with a cookie."""
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), *handlers)


@contextlib.contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(name="free_port")
def some_port() -> int:
    return free_port()


@pytest.fixture
def bare_show(tmp_path: Path, free_port: int) -> Iterator[str]:
    """A show without a console; its endpoint."""
    with Running(tmp_path, "--no-console", "--port", str(free_port)) as running:
        wait_until(lambda: _listens(free_port), TIMEOUT, every=0.05)
        yield f"tcp://127.0.0.1:{free_port}"
        running.end()
        assert "console" not in running.errors.read_text("utf-8")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_live_run_brings_a_console_and_takes_it_away(tmp_path: Path, free_port: int) -> None:
    with Running(tmp_path, "--port", str(free_port)) as running:
        url = running.said(r"http://127\.0\.0\.1:\d+/\?token=\S+")
        pid = running.console_pid()
        assert free_port in board.boards()
        with browser().open(url, timeout=TIMEOUT) as page:
            assert page.status == 200 and b"console" in page.read()
        running.end()
        assert not Path(f"/proc/{pid}").exists()
        assert free_port not in board.boards()
        assert not board.board_path(free_port).exists()


def test_a_show_that_is_killed_leaves_no_console_behind(tmp_path: Path, free_port: int) -> None:
    with Running(tmp_path, "--port", str(free_port)) as running:
        running.said(r"http://\S+")
        pid = running.console_pid()
        running.process.kill()
        running.process.wait(TIMEOUT)
        wait_until(
            lambda: not Path(f"/proc/{pid}/fd").exists() or not _alive(pid), TIMEOUT, every=0.05
        )
        assert free_port not in board.boards(), "a board without a process belongs to no show"
        board.board_path(free_port).unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_a_console_that_is_killed_is_started_again_with_the_same_port_and_sessions(
    tmp_path: Path, free_port: int
) -> None:
    with Running(tmp_path, "--port", str(free_port)) as running:
        url = running.said(r"http://\S+")
        page = browser()
        with page.open(url, timeout=TIMEOUT) as answer:
            assert answer.status == 200
        first = running.console_pid()
        os.kill(first, signal.SIGKILL)
        running.said(r"the console ended \(killed by signal 9\); it is being restarted on port \d+")
        running.said("the console is back")
        base = url.partition("/?")[0]
        with page.open(f"{base}/sheet.json", timeout=TIMEOUT) as answer:
            assert answer.status == 200, "the cookie is still good"
        assert running.console_pid() != first
        assert running.process.poll() is None
        secrets = tmp_path / "out" / "lantern_demo.take.console"
        assert secrets.stat().st_mode & 0o777 == 0o600
        running.end()
        assert not secrets.exists(), "they end with the show"


def test_the_console_of_a_resumed_show_knows_the_sessions_of_the_one_that_was_killed(
    tmp_path: Path, free_port: int
) -> None:
    port = ("--port", str(free_port))
    with Running(tmp_path, *port) as running:
        url = running.said(r"http://\S+")
        page, base = browser(), url.partition("/?")[0]
        page.open(url, timeout=TIMEOUT).close()
        running.process.kill()
        running.process.wait(TIMEOUT)
    take = tmp_path / "out" / "lantern_demo.take"
    with Running(tmp_path, *port, "--resume", str(take)) as running:
        assert running.said(r"http://\S+").startswith(base), "the port it had, if nobody has it"
        with page.open(f"{base}/sheet.json", timeout=TIMEOUT) as answer:
            assert answer.status == 200
        running.end()
    with Running(tmp_path, *port, "--console-port", base.rpartition(":")[2]) as running:
        running.said(r"http://\S+")
        with pytest.raises(urllib.error.HTTPError, match="401"):  # the control: another show
            page.open(f"{base}/sheet.json", timeout=TIMEOUT)
        running.end()


def broken_console(
    monkeypatch: pytest.MonkeyPatch, folder: Path, script: str, policy: Policy = POLICY
) -> tuple[ConsoleProcess, list[str]]:
    """A console whose process is a script, started, and what is said of it."""
    broken = folder / "broken"
    broken.write_text(f"#!{sys.executable}\nimport sys\n{script}")
    broken.chmod(0o755)
    monkeypatch.setattr(beside.sys, "executable", str(broken))
    said: list[str] = []
    console = ConsoleProcess("lantern_demo", said.append, policy=policy)
    console.start("tcp://127.0.0.1:7400", board.Vitals)
    return console, said


OPENS = """print('{"url": "http://127.0.0.1:8123/?token=x", "show": "s"}', flush=True)\n"""


def test_a_console_that_keeps_ending_is_restarted_for_ever_but_not_announced_for_ever(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A console that opens and then ends, each time."""
    starts = tmp_path / "starts"
    script = f"open({str(starts)!r}, 'a').write('x')\n{OPENS}sys.exit('it is broken')\n"
    policy = Policy(first_delay_s=0.001, longest_delay_s=0.002, announced=3)
    kept, said = broken_console(monkeypatch, tmp_path, script, policy)
    try:
        wait_until(lambda: starts.exists() and len(starts.read_text()) > 6, TIMEOUT, every=0.05)
    finally:
        kept.close()
    ends = [text for text in said if "the console ended" in text]
    assert len(ends) == 3
    assert all("(exit status 1: it is broken)" in text for text in ends)
    assert all("it is being restarted on port 8123" in text for text in ends[:2])
    assert "without further messages until it keeps running on port 8123" in ends[2]
    assert "The show continues" in ends[2] and said[-1] == ends[2]


def test_a_console_that_cannot_start_is_not_restarted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept, said = broken_console(monkeypatch, tmp_path, "sys.exit('no port')\n")
    try:
        wait_until(lambda: said, TIMEOUT, every=0.05)
    finally:
        kept.close()
    assert said == ["the console does not run: no port"]


def test_a_console_that_is_killed_before_it_listened_is_restarted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    once = tmp_path / "once"
    script = f"""
import os, pathlib
once = pathlib.Path({str(once)!r})
if not once.exists():
    once.touch()
    os.kill(os.getpid(), 9)
{OPENS}
sys.stdin.read()
import signal
signal.pause()
"""
    kept, said = broken_console(monkeypatch, tmp_path, script)
    try:
        wait_until(lambda: len(said) == 2, TIMEOUT, every=0.05)
    finally:
        kept.close()
    assert "the console ended (killed by signal 9); it is being restarted, and its" in said[0]
    assert said[1].endswith("for another browser on this machine: http://127.0.0.1:8123/?token=x")


def test_beyond_this_machine_it_speaks_tls_with_the_fingerprint_that_it_printed(
    bare_show: str,
) -> None:
    command = [*CONSOLE, "--core", bare_show, "--listen", "127.0.0.2"]
    with ended(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)) as process:
        assert process.stdout is not None
        opened = json.loads(process.stdout.readline())
        host, port = re.fullmatch(r"https://([\d.]+):(\d+)/\?token=.+", opened["url"]).groups()  # type: ignore[union-attr]
        assert host == "127.0.0.2"
        shown = ssl.get_server_certificate((host, int(port)))
        der = ssl.PEM_cert_to_DER_cert(shown)
        assert hashlib.sha256(der).hexdigest().upper() == opened["fingerprint"].replace(":", "")
        trusting = ssl.create_default_context(cadata=shown)
        with browser(urllib.request.HTTPSHandler(context=trusting)).open(opened["url"]) as page:
            assert page.status == 200
        with pytest.raises((urllib.error.URLError, OSError)):
            urllib.request.urlopen(f"http://{host}:{port}/", timeout=TIMEOUT)
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT) == 0


def refused(*arguments: str) -> str:
    done = subprocess.run(
        [*CONSOLE, *arguments], capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr
    return done.stderr


def test_what_cannot_be_is_one_clear_line(bare_show: str, tmp_path: Path) -> None:
    assert "must be used together" in refused("--core", bare_show, "--cert", "x.pem")
    bad = tmp_path / "bad.pem"
    bad.write_text("no certificate")
    files = ("--cert", str(bad), "--key", str(bad))
    assert "cannot be used" in refused("--core", bare_show, *files)
    assert "is 'lantern_demo', not" in refused("--core", bare_show, "--show", "lantern_night")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert "cannot listen" in refused("--core", bare_show, "--port", port)


def test_where_no_show_answers_it_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "WELCOME", 0.3)
    with pytest.raises(
        DeviceError, match=r"no show answers at tcp://127\.0\.0\.1:9: correct --core"
    ):
        console.run_console(console.ConsoleOptions("tcp://127.0.0.1:9"), print, threading.Event())


def test_the_only_show_of_this_machine_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "boards", lambda: [7400])
    assert finding.found_core() == "tcp://127.0.0.1:7400"
    for ports, why in (([], "no show runs"), ([7400, 7500], "2 shows run")):
        monkeypatch.setattr(finding, "boards", lambda ports=ports: ports)
        with pytest.raises(UsageError, match=why):
            finding.found_core()


def test_without_the_extra_there_is_a_hint_and_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "starlette", None)
    notices: list[str] = []
    without = ConsoleProcess("lantern_demo", notices.append)
    without.start("tcp://127.0.0.1:7400", board.Vitals)
    without.close()
    assert notices == [HINT]
    with pytest.raises(UsageError, match="pip install"):
        console.run_console(console.ConsoleOptions(), print, threading.Event())


def test_without_a_certificate_maker_it_refuses_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(UsageError, match=r"--cert and --key"):
        self_signed("10.0.0.1", frozenset())


@pytest.mark.parametrize("text", ["", "tcp://x", "ipc:///x", "tcp://h:0", "tcp://h:70000", "7400"])
def test_what_is_no_endpoint_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a valid show endpoint"):
        port_of(text)


def test_frame_times_are_of_the_last_second() -> None:
    times = [100.0] * 50 + [10.0] * 23 + [30.0]
    assert beside.milliseconds(times, 1 / 24) == (10.0, 30.0)
    assert beside.milliseconds([], 1 / 24) == (0.0, 0.0)
