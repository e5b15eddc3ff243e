"""The audience server of a show, on the show's side: its process, and what it reports."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from xrdrama.adapters.eventlog.placed import files_of
from xrdrama.adapters.web.access.kept import journal_path, secrets_path
from xrdrama.adapters.web.board.memory import AudienceVitals
from xrdrama.processes.console import is_installed
from xrdrama.processes.restarts import Decision, Ended, GiveUp, Policy
from xrdrama.processes.supervisor import Command, Supervised, Supervisor
from xrdrama.wire.frame import Frame

HINT: Final = "the audience server is not installed: pip install 'xrdrama[console]'"
ENDS_WITHIN_S: Final = 10.0
ALARM: Final = "audience_away"
POLICY: Final = Policy(first_delay_s=0.25, longest_delay_s=5.0, final=frozenset({1, 2}))


class AudienceOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How viewers reach a show. `show` is the show's name on the command line."""

    show: str = ""
    listen: str = "127.0.0.1"
    port: int = 0
    cert: str = ""
    key: str = ""
    tickets: int = 0
    """With tickets only they admit viewers, each one once; 0: the room's link admits many."""
    tickets_file: str = ""
    """Where the links of the tickets are written."""
    code_file: str = ""
    """Where the picture of the code of the room's link is written (.svg or .png)."""
    help_port: int = 0
    """The port of the page that explains how to trust our own certificate."""
    prints_code: bool = True
    """The QR code of the link is printed as text: for a terminal, not for a file of messages."""
    events: str = ""
    """The server of event logs (nats://HOST:4222/LOG) for votes and viewers' events; "": files."""


class AudienceOpened(msgspec.Struct, frozen=True):
    """An audience server that listens: the link for viewers, and what its process prints with it:
    the code as text, how to install our certificate, notes."""

    join: str
    show: str
    code: str = ""
    help: str = ""
    notes: tuple[str, ...] = ()
    tickets: bool = False
    """True if only tickets admit viewers: `join` is then the address alone."""
    groups: bool = False
    """True if each group of voters has a link of its own: `join` is then that of the first."""


class AudienceNotice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message from the audience server to the terminal."""

    say: str


class AudienceCounts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The audience now: seats with an open page, open pages, requests that were recorded, and
    refusals by kind."""

    joined: int
    pages: int
    recorded: int
    refused: dict[str, int]
    most: int = 0
    """The most seats that were open at once."""


_Message = TypeVar("_Message", AudienceOpened, AudienceNotice, AudienceCounts)


class AudienceProcess:
    """The audience server of a show: started and closed with it, restarted when it ends early.

    `on_notice` is called with the address and with messages. A failed server never stops the show.
    """

    def __init__(
        self,
        show: str,
        options: AudienceOptions,
        on_notice: Callable[[str], None],
        *,
        policy: Policy = POLICY,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._show, self._options, self._on_notice = show, options, on_notice
        self.opened = AudienceOpened("", show)
        """The newest message that the process sent when it began to listen."""
        self.counts: AudienceCounts | None = None
        self._port = options.port
        self._secrets: Path | None = None
        self._votes_key: Path | None = None
        self._command: list[str] = []
        self._alarm = ""
        self._server = Supervised(
            "audience",
            lambda: Command([*self._command, "--port", str(self._port)]),
            policy,
            on_ready=self._is_ready,
            on_ended=self._has_ended,
            on_line=self._read,
            is_ready=lambda line: _decoded(line, AudienceOpened) is not None,
        )
        self._supervisor = Supervisor([self._server], name="audience", is_stopping=is_stopping)

    def start(self, endpoint: str, vitals: Callable[[], Any], *, resumed: bool = False) -> None:
        """Start the process. Viewers of a resumed take keep their seats."""
        if not is_installed():
            self._on_notice(HINT)
            return
        options = self._options
        self._command = [sys.executable, "-m", "xrdrama", "audience", endpoint, self._show]
        self._command += ["--listen", options.listen]
        for name in ("cert", "key", "tickets", "tickets_file", "code_file", "help_port", "events"):
            if value := getattr(options, name):
                self._command += [f"--{name.replace('_', '-')}", str(value)]
        if take := vitals().take:
            self._secrets = secrets_path(Path(take), "audience")
            votes = secrets_path(Path(take), "votes")
            self._votes_key = votes.with_name(f"{votes.name}.key")
            if not resumed:
                self._forget()
                for path in files_of(votes):
                    with contextlib.suppress(OSError):
                        path.unlink(missing_ok=True)
            self._command += ["--secrets", str(self._secrets), "--votes", str(votes)]
        self._server.start()
        self._supervisor.start()

    def _read(self, line: str) -> None:
        if notice := _decoded(line, AudienceNotice):
            self._on_notice(f"audience: {notice.say}")
        elif counts := _decoded(line, AudienceCounts):
            most = max(counts.joined, self.counts.most if self.counts else 0)
            self.counts = msgspec.structs.replace(counts, most=most)
        elif opened := _decoded(line, AudienceOpened):
            self.opened = opened
            self._port = urlsplit(opened.join).port or self._port

    def _is_ready(self, after_s: float | None) -> None:
        self._alarm = ""
        if after_s is not None:
            self._on_notice(f"the audience server is back, after {after_s:.1f} s")
            return
        opened = self.opened
        if opened.code and self._options.prints_code:
            self._on_notice(opened.code)
        join = "viewers join with a ticket" if opened.tickets else f"viewers join at {opened.join}"
        for note in (join, opened.help, *opened.notes):
            if note:
                self._on_notice(note)

    def _has_ended(self, ended: Ended, decision: Decision) -> None:
        if isinstance(decision, GiveUp):
            self._on_notice(f"the audience server does not run: {ended.words or ended.reason}")
            self._alarm = (
                f"the audience server does not run ({ended.words or ended.reason}): viewers cannot"
                " join. Start the show again: xrdrama serve SHOW --resume TAKE"
            )
            return
        if decision.is_announced:
            self._on_notice(
                f"the audience server ended ({ended.reason}); {decision.words()}, and viewers'"
                " pages reconnect by themselves. The show continues"
            )
        self._alarm = (
            f"the audience server ended ({ended.reason}) and is being restarted: viewers' pages"
            " wait for it"
        )

    def alarms(self) -> dict[str, str]:
        """What is wrong now, for the frames of the show."""
        alarm = self._alarm  # set in the supervisor's thread
        return {ALARM: alarm} if alarm else {}

    def _forget(self) -> None:
        kept = (
            () if self._secrets is None else (self._secrets, *files_of(journal_path(self._secrets)))
        )
        for path in (*kept, self._votes_key):
            if path is not None:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)

    def audience(self) -> AudienceVitals | None:
        """The viewers now, for the console; None before the first has been counted."""
        counts, opened = self.counts, self.opened
        if counts is None:
            return None
        join = "" if opened.tickets or opened.groups else opened.join
        if self._alarm:
            counts = AudienceCounts(0, 0, counts.recorded, counts.refused)
        return AudienceVitals(counts.joined, counts.pages, counts.recorded, counts.refused, join)

    # -- an output ------------------------------------------------------------------------------

    def present(self, frame: Frame) -> None:
        """Nothing: the server follows the bridge."""

    def close(self) -> None:
        """End the process. May be called twice."""
        self._supervisor.close(ENDS_WITHIN_S)
        self._forget()


def _decoded(line: str, kind: type[_Message]) -> _Message | None:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.MsgspecError, UnicodeError):
        return None
