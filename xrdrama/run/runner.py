"""Runs a show: clock, ticks, outputs, take; live on the wall clock, or at a fixed rate."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable

import msgspec

from xrdrama import content
from xrdrama.adapters.bridge import Server
from xrdrama.adapters.bridge.keys import VARIABLE as KEY
from xrdrama.adapters.journal import Journal
from xrdrama.adapters.web.board.memory import Vitals
from xrdrama.errors import DeviceError, UsageError
from xrdrama.processes.child import PARENT
from xrdrama.processes.console import milliseconds
from xrdrama.processes.inputs import InputProcess, InputProcesses
from xrdrama.processes.viewers import ViewerProcesses
from xrdrama.run import collecting
from xrdrama.run.dead_tracking import report_of_log, tracking_warnings
from xrdrama.run.ingress import IngressLog
from xrdrama.run.listening import StageTracker
from xrdrama.run.look_file import LookFile
from xrdrama.run.nodes import alarms_of, node_content, wait_for_nodes
from xrdrama.run.outputs.alarms import OutputAlarms
from xrdrama.run.outputs.outputs import Outputs
from xrdrama.run.outputs.warming import WarmUp
from xrdrama.run.plan import Plan
from xrdrama.run.reloading import Check, Reloading, newer_of
from xrdrama.run.result import Result
from xrdrama.run.sources import processes_of
from xrdrama.run.take.recording import RecordingWatch
from xrdrama.run.take.resuming import as_taken, resume
from xrdrama.run.take.starting import header_of, take_path
from xrdrama.run.tracking_health import vitals_of
from xrdrama.run.wall_watch import WallWatch
from xrdrama.show import Production, Show, Tick, advance, opening
from xrdrama.show.ports import Stop
from xrdrama.show.take import Ticked, restored
from xrdrama.timing import NS, FrameTime
from xrdrama.wire.codec import encode
from xrdrama.wire.frame import Frame, Pick, hash_of

READY_TIMEOUT = 180.0
"""Seconds that recognisers have to load their models, and viewers to warm up."""
SOURCE_TIMEOUT = 120.0
"""Seconds that a run at a fixed rate waits for a source that does not promise its time."""
CATCH_UP = 20 * NS
"""A live show that is later than this (in seconds) skips frame numbers; until then it makes every
frame. Making one takes a millisecond or two, so that it catches up within a second."""
LEAD = NS // 2
"""Nanoseconds between the command to start and the first frame: tracking is received before it."""
SECONDS_AFTER_ENDING = 3.0
"""Seconds for which a show continues after an ending."""


TIMES_KEPT = 20_000
"""The number of frames whose times are kept: 14 minutes at 24 per second."""


class Runner:
    """One run of a show. `outputs` are presented with frames; `progress(number, frame)` is called
    for each frame, `notice(text)` with messages for the terminal."""

    def __init__(
        self,
        loaded: content.Loaded,
        production: Production,
        plan: Plan,
        outputs: Outputs,
        progress: Callable[[int, Frame], None] = lambda number, frame: None,
        notice: Callable[[str], None] = lambda text: None,
        viewers: ViewerProcesses | None = None,
        preparing: Callable[[str], None] = lambda text: None,
        check: Check = lambda loaded, production: None,
    ) -> None:
        self.loaded, self.production, self.plan = loaded, production, plan
        self.outputs, self.progress, self.notice = outputs, progress, notice
        self.viewers, self.check = viewers, check
        outputs.lost = self._output_lost
        self.warm_up = WarmUp(outputs, preparing)
        self.file = content.show_file(loaded)
        self.rate, self.walls = production.rate, WallWatch(production.stage)
        self.origin: int | None = None
        self.show: Show = opening(production)
        self.first = 0
        self.number = 0
        self.consumed = 0
        self.picks: list[tuple[int, Pick]] = []
        self.late = self.skipped = self.presented = 0
        self.frame_ms: list[float] = []
        self.ended_at: int | None = None
        self.failure = ""
        """The error that ends a run at a fixed rate: the lost input and the reason."""
        self._open()
        self.ingress.on_presented = outputs.seen

    # -- setting up -----------------------------------------------------------------------------

    def _open(self) -> None:
        plan, written, now = self.plan, self.production.looks, self.production
        recorded = self.loaded
        if plan.resume is not None:
            path = plan.resume
            self.journal, take = resume(
                path, plan.resume_damaged, self.loaded, self.production, self.notice
            )
            recorded, self.production = as_taken(take, self.loaded, self.production)
            self.show = restored(take, self.production)
            self.first = self.number = take.ticks[-1].number + 1 if take.ticks else 0
            self.consumed = take.ticks[-1].upto if take.ticks else 0
            left = take.entries[self.consumed :]
        else:
            path = take_path(plan.out, self.production.id, replace=plan.replace_take)
            self.journal = Journal.begin(
                path, header_of(self.loaded, self.production, fixed_rate=plan.fixed_rate)
            )
            left = ()
        self.reloading = Reloading(
            plan.show or self.production.id,
            recorded,
            self.show.production.story,
            self.notice,
            check=self.check,
            watch=plan.watch,
            beside=not plan.fixed_rate,
        )
        if (edited := newer_of(recorded, self.show.production.story, self.loaded, now)) is not None:
            self.reloading.offer(edited)
        self.recording = RecordingWatch(self.journal, self.notice)
        self.output_alarms = OutputAlarms(lambda: alarms_of(self.outputs, self.server))
        scenes, looks = self.production.scenes, self.show.looks
        self.looks = LookFile(self.loaded, scenes, looks, written, self.notice)
        moves = self.loaded.moves() if self._has_operator() else {}
        processes = processes_of(
            self.loaded, self.production, plan.inputs, moves, plan.tracking_log
        )
        sources = tuple(process.name for process in processes)
        self.starts = self.rate.shows_at(self.first) - LEAD
        self.ingress = IngressLog(
            self.journal, fixed_rate=plan.fixed_rate, sources=sources, since=self.starts
        )
        self.ingress.put_back(left)
        self.server = Server(
            show=self.production.id, rate=(self.rate.numerator, self.rate.denominator),
            fixed_rate=plan.fixed_rate, door=self.ingress, now=self.now,
            port=plan.port, network=plan.network,
            reserved=frozenset({*self.file.inputs, "operator", "viewer", "audience"}),
            nodes=node_content(self.loaded) if plan.nodes else None,
        )  # fmt: skip
        for entry in () if plan.resume is None else take.entries:
            self.server.remember(entry)
        self.tracker = self._tracker()
        aimed, live = self._aimed(processes), not plan.fixed_rate
        self.processes = InputProcesses(aimed, self._lost, self.notice, restart=live)

    def _has_operator(self) -> bool:
        return bool(self.plan.tracking_log or (self.plan.operator and self.loaded.moves()))

    def _tracker(self) -> StageTracker | None:
        stage = self.production.stage
        if stage is None or (self.plan.fixed_rate and self._has_operator()):
            return None
        return StageTracker(
            stage,
            operated=self._has_operator(),
            clock=self.now,
            record=self.ingress.record,
            rate=self.rate,
            on_lost=self._tracker_lost,
        )

    def _lost(self, name: str, reason: str) -> None:
        """Handle a lost input: a run at a fixed rate ends, a live show records it in the next
        tick."""
        if self.plan.fixed_rate:
            self.failure = self.failure or f"the input {name!r} was lost: {reason}"
        self.server.lost(name, reason)

    def _output_lost(self, name: str, reason: str) -> None:
        self.server.lost(name, reason)

    def _tracker_lost(self, reason: str) -> None:
        if not self.plan.fixed_rate:
            self.notice(f"the tracker was lost: {reason}; the show continues without it")
        self._lost("tracker", reason)

    def _aimed(self, processes: list[InputProcess]) -> list[InputProcess]:
        for process in processes:
            if process.use == "operator" and self.tracker:
                host, port = self.tracker.address
                process.settings["to"] = f"{host}:{port}"
        return processes

    # -- running --------------------------------------------------------------------------------

    def now(self) -> int:
        """The show's time in nanoseconds on the wall clock; 0 until the show starts."""
        return self.starts if self.origin is None else time.monotonic_ns() - self.origin

    def run(self, stop: Stop) -> Result:
        """Run until the time is up, the story has ended, or `stop` is set."""
        os.environ[PARENT] = str(os.getpid())
        os.environ[KEY] = self.server.key.value
        if self.server.key.failure:
            self.notice(self.server.key.failure)
        self.server.start()
        began = time.perf_counter()
        thresholds = gc.get_threshold()
        try:
            resumed = self.plan.resume is not None
            self.outputs.start(self.server.endpoint, self.vitals, resumed=resumed)
            self.processes.start(self.server.endpoint, stop.is_set)
            sources = {process.name for process in self.processes.processes}
            if self.viewers:
                self.viewers.start(self.server.endpoint, self.server.lost)
                sources.add(self.viewers.name)
            if self.plan.warm_up:  # while the recognisers load their models
                self.warm_up.run(self.production, stop)
            missing = self._wait_ready(sources, stop)
            collecting.freeze()
            self.warm_up.begin()
            self.origin = time.monotonic_ns() - self.starts
            if self.tracker:
                self.tracker.begin(self.starts)
            self.server.begin(self.origin)
            self.reloading.begin(self.show)
            began = time.perf_counter()
            if self.plan.fixed_rate:
                self._run_fixed(stop)
            else:
                began += LEAD / NS
                self._run_live(stop)
            result = self._result(time.perf_counter() - began, missing)
        finally:
            collecting.unfreeze(thresholds)
            self._close()
            os.environ.pop(PARENT, None)
            os.environ.pop(KEY, None)
        # Closing may write waiting records, or write a deleted take again under another name.
        return msgspec.structs.replace(
            result, take=self.journal.path, recording=self.journal.recording()
        )

    def _wait_ready(self, sources: set[str], stop: Stop) -> set[str]:
        deadline = time.monotonic() + READY_TIMEOUT
        missing = sources
        while missing and time.monotonic() < deadline and not stop.is_set():
            missing = self.server.wait_ready(sources, 0.2)
            failed = self.processes.failures()
            if self.viewers and (self.viewers.gone or self.viewers.closed):
                missing = missing - {self.viewers.name}
            if failed and missing <= set(failed):
                break
        failed = self.processes.failures()
        if self.plan.fixed_rate and failed:
            text = " and ".join(f"the input {name!r} ended ({failed[name]})" for name in failed)
            raise DeviceError(text, "fix it or remove it from the show")
        return missing | wait_for_nodes(self.server, READY_TIMEOUT, stop, self.notice)

    def _last_frame(self) -> int | None:
        if self.plan.seconds:  # after a resumption, counted from there
            return self.first + self.rate.frame_at(round(self.plan.seconds * NS)) - 1
        seconds = self.file.seconds
        return self.rate.frame_at(round(seconds * NS)) - 1 if seconds else None

    @property
    def total(self) -> int:
        """The number of frames until the run ends; 0 if it has no set end."""
        last = self._last_frame()
        return 0 if last is None else max(0, last + 1 - self.first)

    def _is_over(self) -> bool:
        if self.viewers and self.viewers.closed:
            return True
        last = self._last_frame()
        if last is not None:
            return self.number > last
        return self.ended_at is not None and (
            self.number > self.ended_at + SECONDS_AFTER_ENDING / self.rate.period
        )

    def _run_fixed(self, stop: Stop) -> None:
        while not stop.is_set() and not self._is_over():
            at = self.rate.shows_at(self.number)
            deadline = time.monotonic() + SOURCE_TIMEOUT
            while (silent := self.ingress.wait_for(at, 0.2)) and time.monotonic() < deadline:
                if stop.is_set():
                    return
            if silent:
                raise DeviceError(
                    f"{', '.join(silent)} sent no time within {SOURCE_TIMEOUT:.0f} s",
                    "run without --fixed-rate, or fix the source: at a fixed rate it must promise"
                    " its times (bridge/README.md)",
                )
            self._raise_lost()
            self._frame(present=True)
            if self.journal.failure:  # nothing is live, so the run can end
                raise DeviceError(self.journal.failure, "choose another folder with --out")
        self._raise_lost()

    def _raise_lost(self) -> None:
        """Raise DeviceError when an input was lost: the take would lack its events."""
        if self.failure:
            raise DeviceError(self.failure, "fix it or remove it from the show")

    def _run_live(self, stop: Stop) -> None:
        period = round(self.rate.period * NS)
        while not stop.is_set() and not self._is_over():
            # A frame is made one period before it is shown, from everything that is known by then.
            wait = self.rate.shows_at(self.number) - period - self.now()
            if wait > 0:
                if stop.wait(wait / NS):
                    return
                continue
            newest = self.rate.frame_at(self.now() + period)
            last = self._last_frame()
            newest = newest if last is None else min(newest, last)
            if -wait > CATCH_UP and newest > self.number:
                self.notice(
                    f"frames {self.number} to {newest - 1} are skipped: this machine was"
                    f" {-wait / NS:.1f} s late"
                )
                self.skipped += newest - self.number
                self.number = newest
            while self.number < newest and not stop.is_set():
                self.late += 1
                self._frame(present=False)
            self._frame(present=True)

    def _frame(self, *, present: bool) -> None:
        began = time.perf_counter()
        time_ = FrameTime.of(self.number, self.rate, start=self.production.start_timecode)
        self.show, revision = self.reloading.revise(self.show, self.number)
        if revision is not None:
            self.journal.revise(revision)
        entries = self.ingress.before(time_.shows_at)
        self.consumed += len(entries)
        self.show, frame = advance(self.show, Tick(time_, entries))
        data = encode(frame)
        self.journal.tick(Ticked(self.number, self.consumed, hash_of(data), present))
        self.looks.keep(self.show.looks)
        shown = self.walls.shown(self.looks.shown(self._with_alarms(frame)), self.show)
        shown = self.tracker.shown(shown) if self.tracker else shown
        if shown is not frame:
            frame, data = shown, encode(shown)
        samples = [(one.subject or one.id, encode(one)) for one in frame.cameras]
        self.server.publish(data, samples)
        self.picks += [(self.number, pick) for pick in frame.picks]
        if frame.ending and self.ended_at is None:
            self.ended_at = self.number
        elif not frame.ending:
            self.ended_at = None
        if present:
            self.server.offer(self.number, time_.shows_at)
            self.outputs.present(frame)
            self.presented += 1
            self.frame_ms.append((time.perf_counter() - began) * 1000)
            if len(self.frame_ms) >= 2 * TIMES_KEPT:
                del self.frame_ms[:-TIMES_KEPT]
        else:
            self.outputs.skip(frame)
        self.progress(self.number, frame)
        self.number += 1
        since = self.now() - self.rate.shows_at(self.first)
        if self.tracker and (text := self.tracker.notice(since)):
            self.notice(text)

    def _with_alarms(self, frame: Frame) -> Frame:
        alarmed = self.output_alarms.shown(self.reloading.shown(self.recording.shown(frame)))
        return self.outputs.joining.shown(alarmed)

    def vitals(self) -> Vitals:
        """The performance of the show on this machine, for its console."""
        median, worst = milliseconds(self.frame_ms, self.rate.period)
        return Vitals(
            made=self._made(),
            frames=self.presented,
            late=self.late,
            skipped=self.skipped,
            dropped=self.ingress.dropped,
            frame_ms=median,
            worst_ms=worst,
            budget_ms=round(self.rate.period * 1000, 2),
            **vitals_of(self.tracker.report() if self.tracker else None),
            take=str(self.journal.path),
            plates_late=self.outputs.plates_late(),
            at=time.monotonic(),
            audience=self.outputs.audience(),
        )

    # -- ending ---------------------------------------------------------------------------------

    def _result(self, seconds: float, missing: set[str]) -> Result:
        return Result(
            frames=self._made(),
            fps=self.presented / seconds if seconds > 0 else 0.0,
            picks=tuple(self.picks),
            take=self.journal.path,
            late_frames=self.late,
            skipped=self.skipped,
            ending=self.show.playthrough.ending,
            dropped=self.ingress.dropped,
            tracking=self.tracker.report() if self.tracker else None,
            frame_ms=tuple(self.frame_ms[-TIMES_KEPT:]),
            not_ready=tuple(sorted(missing)),
            seconds=seconds,
            drawn=self.presented if self.outputs.draws() else 0,
            late_work=self.warm_up.late(),
            warm_up_s=self.warm_up.seconds,
            output_faults=self.outputs.faults(),
            late_by_name=self.outputs.late_by_name(),
            plates_late=self.outputs.plates_late(),
            reloads=tuple(self.reloading.done),
            warnings=self._tracking_warnings() if self.plan.fixed_rate else (),
        )

    def _tracking_warnings(self) -> tuple[str, ...]:
        stage, log = self.production.stage, self.plan.tracking_log
        if self.tracker:
            return tracking_warnings(self.show, self.tracker.health(), self.tracker.where)
        if stage is None or log is None:
            return ()
        try:
            report = report_of_log(log, stage, self.rate.shows_at(self.number))
        except UsageError as error:  # it was removed while the show ran
            return (f"{error.message}: {error.remedy}",)
        return tracking_warnings(self.show, report, str(log))

    def _made(self) -> int:
        return self.number - self.first - self.skipped

    def _close(self) -> None:
        self.reloading.close()
        for part in (self.viewers, self.processes, self.tracker):
            if part:
                part.close()
        self.server.close()
        counts = {"late": self.late, "skipped": self.skipped, "dropped": self.ingress.dropped}
        self.journal.close(counts)
        self.looks.close()
        self.outputs.close()
