"""A recogniser's process, on the audience server's side: started for the first viewer who wants to
be heard or seen, restarted when it ends early, ended a while after the last one has left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable
from typing import Final, Literal

import msgspec

from xrdrama.audience.senses.pipe import FORGET, FromRecogniser, Ready, RecogniserSettings, packed
from xrdrama.processes.child import PARENT
from xrdrama.processes.restarts import Decision, Ended, GiveUp, Policy, Restarts

POLICY: Final = Policy(first_delay_s=0.5, longest_delay_s=10.0, final=frozenset({1, 2}))
IDLE_S: Final = 60.0
"""Seconds without a viewer after which the process is ended, so that its memory is free."""
MOST_WAITING: Final = 512 * 1024
"""Bytes that wait for the process; more sounds and pictures are dropped."""
LONGEST_LINE: Final = 64 * 1024
ENDS_WITHIN_S: Final = 2.0

Condition = Literal["off", "loading", "on", "dead"]


class Recogniser:
    """One process. `heard` gets what it says; `changed` is called when its condition changes; both
    on the event loop. `notice` gets messages for the terminal."""

    def __init__(
        self,
        settings: RecogniserSettings,
        heard: Callable[[FromRecogniser], None],
        changed: Callable[[], None],
        notice: Callable[[str], None],
        *,
        command: tuple[str, ...] = (),
        policy: Policy = POLICY,
        idle_s: float = IDLE_S,
    ) -> None:
        self.settings = settings
        self.condition: Condition = "off"
        self.reason = ""
        """Why it is dead."""
        self.dropped = 0
        """Sounds and pictures that were not given to it, because it was too slow."""
        self._heard, self._changed, self._notice = heard, changed, notice
        self._command = command or (sys.executable, "-m", "xrdrama", "recognise")
        self._policy, self._idle_s = policy, idle_s
        self._seats: set[int] = set()
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._idle: asyncio.TimerHandle | None = None

    # -- seats ----------------------------------------------------------------------------------

    def enter(self, seat: int) -> None:
        """A seat wants to be heard or seen."""
        self._seats.add(seat)
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def leave(self, seat: int) -> None:
        """A seat has stopped: nothing of it is kept."""
        self.send(seat, FORGET, 0)
        self._seats.discard(seat)
        if not self._seats and self._idle is None:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self._idle_s, self._stop)

    def send(self, seat: int, what: int, at: int, data: bytes = b"") -> bool:
        """Give it something; False if it does not run or is too slow."""
        process = self._process
        if self.condition != "on" or process is None or process.stdin is None:
            return False
        waiting = process.stdin.transport.get_write_buffer_size()
        if what != FORGET and waiting > MOST_WAITING:
            self.dropped += 1
            return False
        with contextlib.suppress(OSError, RuntimeError):  # it ended; that is noticed elsewhere
            process.stdin.write(packed(seat, what, at, data))
        return True

    # -- the process ----------------------------------------------------------------------------

    def _become(self, condition: Condition, reason: str = "") -> None:
        self.condition, self.reason = condition, reason
        self._changed()

    async def _run(self) -> None:
        restarts = Restarts()
        while self._seats:
            self._become("loading")
            ended = await self._one()
            if not self._seats:
                break
            restarts, decision = restarts.after(ended, self._policy)
            what = "speech" if self.settings.sense == "voice" else "gestures"
            if decision.is_announced:
                self._notice(
                    f"the recogniser of {what} on phones ended ({ended.words or ended.reason});"
                    f" {decision.words()}. The show and its pages continue"
                )
            self._become("dead", _words(decision))
            if isinstance(decision, GiveUp):
                return
            await asyncio.sleep(decision.delay_s)
        self._become("off")

    async def _one(self) -> Ended:
        """Start the process and read what it says, until it ends."""
        environment = {**os.environ, PARENT: str(os.getpid())}
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE, env=environment, limit=LONGEST_LINE,
                start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            return Ended(127, None, str(error))
        self._process = process
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(msgspec.json.encode(self.settings) + b"\n")
        words = asyncio.create_task(_last_line(process.stderr))
        ready_at: float | None = None
        try:
            async for line in process.stdout:
                message = msgspec.json.decode(line, type=FromRecogniser)
                if isinstance(message, Ready):
                    ready_at = time.monotonic()
                    self._become("on")
                else:
                    self._heard(message)
        except (msgspec.MsgspecError, UnicodeError, ValueError) as error:
            self._notice(f"a recogniser said something else than expected: {error}")
        finally:
            await self._end(process)
            self._process = None
        lasted = None if ready_at is None else time.monotonic() - ready_at
        return Ended(process.returncode or 0, lasted, await words)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(OSError, ProcessLookupError):
            if process.stdin is not None:
                process.stdin.close()
        try:
            async with asyncio.timeout(ENDS_WITHIN_S):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _stop(self) -> None:
        """Nobody wants it now."""
        self._idle = None
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def close(self) -> None:
        """End the process."""
        self._seats.clear()
        if self._idle is not None:
            self._idle.cancel()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task


def _words(decision: Decision) -> str:
    if isinstance(decision, GiveUp):
        return "It does not run on this show's computer. Please tap instead."
    return "It has stopped and is being started again."


async def _last_line(stream: asyncio.StreamReader) -> str:
    last = b""
    with contextlib.suppress(ValueError):  # a line that is too long
        async for line in stream:
            last = line.strip() or last
    return last.decode("utf-8", "replace")[:300]
