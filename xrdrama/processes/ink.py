"""Compiled ink, played by its runtime in a process of its own; and the compilers of ink."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec

from xrdrama.errors import DeviceError, Problem, UsageError, XrdramaError

REPLY_SECONDS: Final = 10.0
"""Seconds that the runtime may take to the next choice."""
COMPILE_SECONDS: Final = 60.0
MOST_REPLY: Final = 64 << 20
"""Bytes of a reply."""
LAST_WORDS: Final = 10_000
"""Bytes of stderr that are read when the process has ended."""
INSTALL: Final = "pip install 'xrdrama[ink]'"
COMPILERS: Final = ("inkjs-compiler", "inklecate")
INSTALL_COMPILER: Final = "npm install --global inkjs"
Value = bool | int | float | str | None


class InkText(msgspec.Struct, frozen=True):
    """A line or an option of ink, as it is shown, with its tags."""

    text: str
    tags: tuple[str, ...] = ()


class InkReply(msgspec.Struct, frozen=True):
    """What is played up to the next choice, and the state there; no choices: the story is over."""

    lines: tuple[InkText, ...] = ()
    choices: tuple[InkText, ...] = ()
    notes: tuple[str, ...] = ()
    """Warnings of the runtime."""
    values: dict[str, Value] = {}
    state: str = ""
    tags: tuple[str, ...] = ()
    """Tags at the top of the file; only in the reply to the first request."""
    error: str = ""
    """Why the story cannot continue after these lines."""
    missing: str = ""


class InkRuntime:
    """A story of compiled ink in its process. Use it in a `with` block.

    Every request: UsageError with the words of the runtime for an error of the story; DeviceError
    when the process ends, or does not answer in `seconds`, and when no runtime is installed.
    After an error only `return_to` makes sense.
    """

    def __init__(
        self, file: str, story: str, names: Iterable[str], seed: int = 0,
        seconds: float = REPLY_SECONDS,
    ) -> None:  # fmt: skip
        self.file, self.seconds = file, seconds
        self._story, self._seed = story, seed
        self._names = list(names)
        self.first = self._start()
        """The state before anything is played."""

    def __enter__(self) -> InkRuntime:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def play_on(self) -> InkReply:
        """Everything up to the next choice."""
        return self._ask({"do": "continue"})

    def choose(self, index: int) -> InkReply:
        """Pick an option, counted from 0, and play on."""
        return self._ask({"do": "choose", "index": index})

    def go(self, path: str) -> InkReply:
        """Continue at a knot, or `knot.stitch`."""
        return self._ask({"do": "go", "path": path})

    def restore(self, state: str) -> InkReply:
        """Return to the state of an earlier reply."""
        return self._ask({"do": "restore", "state": state})

    def return_to(self, state: str) -> InkReply:
        """Return to the state of an earlier reply after an error; in a new process if needed."""
        if not self.ended:
            try:
                return self.restore(state)
            except XrdramaError:  # such as too little memory
                self.close()
        self._start()
        try:
            return self.restore(state)
        except XrdramaError:
            self.close()  # it is not where the rehearsal is
            raise

    def set(self, name: str, value: Value) -> InkReply:
        """Give a global variable another value."""
        return self._ask({"do": "set", "name": name, "value": value})

    def fault(self, reply: InkReply) -> UsageError:
        """The error of a reply."""
        message = " ".join(reply.error.split())[:500]
        return UsageError(f"{self.file}: {message}", "correct the ink file and compile it again")

    @property
    def ended(self) -> bool:
        """True when the process has ended."""
        return self._process.poll() is not None

    def close(self) -> None:
        """End the process."""
        if not self.ended:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._said):
            if stream is not None:
                with contextlib.suppress(OSError):  # the process may have ended
                    stream.close()

    def _start(self) -> InkReply:
        """Begins a process with the story; the reply to its first request."""
        # Not a pipe: nobody reads it, so it would fill, and block.
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # closed by close()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "xrdrama.adapters.ink.child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, bufsize=0,
        )  # fmt: skip
        try:
            return self._ask({"do": "load", "story": self._story, "seed": self._seed})
        except BaseException:
            self.close()
            raise

    def _ask(self, request: dict[str, Any]) -> InkReply:
        request |= {"names": self._names, "state_wanted": True}
        assert self._process.stdin is not None
        if self._process.stdin.closed:
            raise DeviceError(
                f"{self.file}: the process of the ink runtime has ended", "play again"
            )
        try:
            self._process.stdin.write(msgspec.json.encode(request) + b"\n")
        except OSError:
            raise self._died() from None
        try:
            reply = msgspec.json.decode(self._line(), type=InkReply)
        except (msgspec.MsgspecError, RecursionError) as error:
            self.close()
            raise DeviceError(
                f"{self.file}: the reply of the ink runtime cannot be read: {error}",
                "the runtime cannot play this story; import it: xrdrama import",
            ) from None
        if reply.missing:
            raise DeviceError("the ink runtime bink is not installed", INSTALL)
        if reply.error and not reply.lines:
            raise self.fault(reply)
        return reply

    def _line(self) -> bytes:
        """The next line of the process; DeviceError as for every request."""
        stdout = self._process.stdout
        assert stdout is not None
        until, found = time.monotonic() + self.seconds, bytearray()
        while not found.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0 or not select.select([stdout], [], [], left)[0]:
                self.close()
                raise DeviceError(
                    f"{self.file}: the ink runtime did not reach a choice or the end in "
                    f"{self.seconds:g} s, and was stopped",
                    "the story probably loops without a choice; add one to the loop",
                )
            read = os.read(stdout.fileno(), 1 << 20)
            if not read:
                raise self._died()
            found += read
            if len(found) > MOST_REPLY:
                self.close()
                raise DeviceError(f"{self.file}: the ink runtime replied more than "
                                  f"{MOST_REPLY >> 20} MiB", "make the story smaller")  # fmt: skip
        return bytes(found)

    def _died(self) -> DeviceError:
        try:
            status = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:  # it has only closed its output
            self._process.kill()
            status = self._process.wait()
        size = self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, size - LAST_WORDS))
        said = self._said.read(LAST_WORDS).decode("utf-8", "replace").strip().splitlines()
        how = f"by signal {-status}" if status < 0 else f"with exit status {status}"
        last = f" ({' '.join(said[-1].split())[:200]})" if said else ""
        self.close()
        return DeviceError(
            f"{self.file}: the process of the ink runtime ended {how}{last}",
            "the runtime cannot play this story; compile it again, or import it: xrdrama import",
        )


# -- compilers ------------------------------------------------------------------------------------


def compiler() -> str:
    """The path of an ink compiler: on PATH, or in node_modules of the working folder; or ""."""
    near = os.pathsep.join([str(Path("node_modules/.bin").resolve()), os.environ.get("PATH", "")])
    return next((found for name in COMPILERS if (found := shutil.which(name, path=near))), "")


class Compiled(msgspec.Struct, frozen=True):
    """A compiled story, and what the compiler reported."""

    text: str
    problems: tuple[Problem, ...]


def compile_ink(file: Path) -> Compiled:
    """Compile ink source. The problems have errors when there is no text.

    DeviceError when no compiler is installed, or it hangs.
    """
    program = compiler()
    if not program:
        raise DeviceError(
            f"{file} is ink source, and no ink compiler is installed",
            f"{INSTALL_COMPILER} (or compile it in Inky: Export to JSON)",
        )
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "story.ink.json"
        try:
            done = subprocess.run(
                [program, "-o", str(out), str(file.resolve())], cwd=file.resolve().parent,
                capture_output=True, timeout=COMPILE_SECONDS, check=False, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise DeviceError(
                f"{file}: the ink compiler took over {COMPILE_SECONDS:g} s", "make it smaller"
            ) from None
        said = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
        problems = tuple(_problems(said, file))
        if out.is_file() and not any(one.severity == "error" for one in problems):
            return Compiled(out.read_text("utf-8-sig"), problems)
    if not any(one.severity == "error" for one in problems):
        last = (said.strip().splitlines() or ["it said nothing"])[-1][:200]
        message = f"the ink compiler failed: {last}"
        problems += (Problem(str(file), 1, 1, "I121", "error", message, "correct the ink source"),)
    return Compiled("", problems)


_REPORT = re.compile(
    r"(?P<kind>ERROR|WARNING|RUNTIME ERROR|RUNTIME WARNING): "
    r"(?:'(?P<file>[^']*)' )?line (?P<line>\d{1,9}): (?P<what>.*)"
)


def _problems(said: str, file: Path) -> Iterable[Problem]:
    for row in said.splitlines():
        found = _REPORT.search(row)
        if found is None:
            continue
        named = Path(found["file"]) if found["file"] else file
        where = file if named.name == file.name else file.parent / named.name
        error = "ERROR" in found["kind"]
        yield Problem(
            str(where), int(found["line"]), 1, "I121" if error else "I122",
            "error" if error else "warning", found["what"][:300], "correct the ink source",
        )  # fmt: skip
