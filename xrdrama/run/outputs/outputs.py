"""The outputs of a run: found by name, opened after what they use, given every frame, closed.

The caller and `outputs:` of the show file decide which outputs a run has. Their kinds are entry
points of the group `xrdrama.outputs`; this module contains no names of outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, TypeVar

import msgspec

from xrdrama import content, plugins
from xrdrama.content.settings import settings_of
from xrdrama.errors import AuthoringError, DeviceError, UsageError, XrdramaError
from xrdrama.run.outputs.joining import Joining
from xrdrama.show import Production
from xrdrama.show.ports import (
    AlarmingOutput,
    AudienceOutput,
    KeepingOutput,
    Output,
    PlatedOutput,
    StartingOutput,
    WarmingOutput,
    WatchingOutput,
)
from xrdrama.show.rehearsal import Rehearsal
from xrdrama.wire.events import Presented
from xrdrama.wire.frame import Frame, Sound

FAULTS_IN_A_ROW = 24
"""Failures in a row after which an output is closed."""


S = TypeVar("S", bound=msgspec.Struct)


class Asked(msgspec.Struct, frozen=True):
    """A requested output. `name` is its name in the show file, `use` that of the entry point."""

    name: str
    use: str
    settings: Mapping[str, Any] = {}


def asked_of(loaded: content.Loaded) -> list[Asked]:
    """The outputs in a show file; AuthoringError for invalid settings."""
    path = loaded.path("show")
    found = []
    for spec in content.show_file(loaded).outputs.values():
        kind = plugins.output(spec.use)
        settings, problems = settings_of(spec, kind, path.parent if path else None)
        if any(problem.severity == "error" for problem in problems):
            raise AuthoringError(problems)
        found.append(Asked(spec.id, spec.use, settings))
    return found


class Context(msgspec.Struct, frozen=True):
    """What an output may use when it is opened (`show.ports.OutputContext`)."""

    loaded: content.Loaded
    production: Production
    fixed_rate: bool = False
    notice: Callable[[str], None] = lambda text: None
    is_stopping: Callable[[], bool] = lambda: False
    """True after the run was asked to end: an output that ends then has not failed."""
    others: Mapping[str, Output] = {}
    """Open outputs by `use`: those in its `USES` that the run has."""


class _Guarded:
    """An output, and its failures."""

    def __init__(self, asked: Asked, output: Output, *, required: bool) -> None:
        self.name, self.use, self.output = asked.name, asked.use, output
        self.required = required
        self.faults = self.in_a_row = 0
        self.is_lost = False


class Outputs:
    """The open outputs of a run.

    An exception of an output is counted; `notice(text)` is called for the first one. After
    `FAULTS_IN_A_ROW` of them the output is closed, and `lost(name, reason)` is called. An exception
    of a required output is raised.
    """

    def __init__(self, notice: Callable[[str], None] = lambda text: None) -> None:
        self._notice = notice
        self._open: list[_Guarded] = []
        self._unheard: tuple[Sound, ...] = ()
        """The sounds of frames that were not presented."""
        self.lost: Callable[[str, str], None] = lambda name, reason: None
        self.joining = Joining(self.audience)

    @classmethod
    def open(cls, asked: Iterable[Asked], context: Context) -> Outputs:
        """Open outputs, each after those that it uses.

        An output without its device is left out, with a message to `context.notice`. UsageError for
        an unknown output, a circle of `USES`, and invalid settings.
        """
        outputs = cls(context.notice)
        with ExitStack() as on_failure:
            on_failure.callback(outputs.close)
            for each in in_order(asked):
                outputs._open_one(each, context)
            on_failure.pop_all()
        return outputs

    @classmethod
    def of(cls, *outputs: Output, notice: Callable[[str], None] = lambda text: None) -> Outputs:
        """Required outputs that are already open."""
        made = cls(notice)
        for number, output in enumerate(outputs):
            name = f"{type(output).__name__}{number or ''}"
            made._open.append(_Guarded(Asked(name, name), output, required=True))
        return made

    def _open_one(self, asked: Asked, context: Context) -> None:
        kind = plugins.output(asked.use)
        required = bool(getattr(kind, "REQUIRED", False))
        if context.fixed_rate and not getattr(kind, "FIXED_RATE", False):
            self._notice(
                f"the output {asked.name!r} is not used: {asked.use} gets no frames at a fixed rate"
            )
            return
        uses = tuple(getattr(kind, "USES", ()))
        others = {one.use: one.output for one in self._open if one.use in uses}
        try:
            output = kind.open(
                asked.name, asked.settings, msgspec.structs.replace(context, others=others)
            )
        except DeviceError as error:
            if required:
                raise
            self._notice(f"the output {asked.name!r} is not used: {error}")
            return
        except XrdramaError:
            raise
        except (Exception, SystemExit) as error:
            self._notice(f"the output {asked.name!r} is not used: {_reason(error)}")
            return
        self._open.append(_Guarded(asked, output, required=required))

    def __iter__(self) -> Iterator[Output]:
        return (one.output for one in self._open)

    def faults(self) -> dict[str, int]:
        """Number of failures by output, without outputs that never failed."""
        return {one.name: one.faults for one in self._open if one.faults}

    def draws(self) -> bool:
        """True when one of the outputs draws pictures."""
        return any(getattr(output, "DRAWS", False) for output in self)

    def can_warm_up(self) -> bool:
        """True when one of the outputs needs a warm-up."""
        return any(isinstance(output, WarmingOutput) for output in self)

    def start(self, endpoint: str, vitals: Callable[[], Any], *, resumed: bool) -> None:
        """Start outputs that need the run itself, before the first frame."""
        for one in self._open:
            if isinstance(one.output, StartingOutput):
                output = one.output
                self._guard(one, lambda: output.start(endpoint, vitals, resumed=resumed), "start")  # noqa: B023

    def skip(self, frame: Frame) -> None:
        """Keep the sounds of a frame that is not presented, because it is late."""
        self._unheard += frame.sounds

    def present(self, frame: Frame) -> None:
        """Give every output a frame; it also has the sounds of the skipped frames before it."""
        if self._unheard:
            sounds = (*self._unheard, *frame.sounds)
            frame, self._unheard = msgspec.structs.replace(frame, sounds=sounds), ()
        for one in self._open:
            if not one.is_lost:
                self._guard(one, lambda: one.output.present(frame), "show a frame")  # noqa: B023

    def seen(self, presented: Presented) -> None:
        """Pass on where a viewer's eyes are, to the outputs that use it; from any thread."""
        for one in self._open:
            if not one.is_lost and isinstance(one.output, WatchingOutput):
                one.output.seen(presented)

    def warm_up(self, rehearsal: Rehearsal) -> Iterator[str]:
        """Warm up the outputs that support it; yields the name of each step."""
        for one in self._open:
            if isinstance(one.output, WarmingOutput):
                try:
                    yield from one.output.warm_up(rehearsal)
                except (Exception, SystemExit) as error:
                    self._failed(one, error, "warm up")

    def prepared(self) -> Iterator[Mapping[str, int]]:
        """What the outputs have compiled and uploaded so far."""
        return (each.prepared() for each in self if isinstance(each, WarmingOutput))

    def late_by_name(self) -> dict[str, int]:
        """How often sets and sounds were needed before they were ready, by name."""
        return {
            name: count
            for each in self
            if isinstance(each, KeepingOutput)
            for name, count in each.late_by_name().items()
        }

    def plates_late(self) -> dict[str, int]:
        """Late frames of plates so far, by set and plate."""
        return {
            name: late
            for each in self
            if isinstance(each, PlatedOutput)
            for name, late in each.plates_late().items()
        }

    def alarms(self) -> dict[str, str]:
        """What is wrong with outputs now: texts by code."""
        return {
            code: text
            for each in self
            if isinstance(each, AlarmingOutput)
            for code, text in each.alarms().items()
        }

    def audience(self) -> Any:
        """The viewers of the first output that has some, for the console; else None."""
        found = (each.audience() for each in self if isinstance(each, AudienceOutput))
        return next(found, None)

    def close(self) -> None:
        """Close all outputs in reverse order. A failure is reported; the others are still
        closed."""
        for one in reversed(self._open):
            if not one.is_lost:
                try:
                    one.output.close()
                except (Exception, SystemExit) as error:
                    one.faults += 1
                    self._notice(f"the output {one.name!r} could not be closed: {_reason(error)}")

    def _guard(self, one: _Guarded, work: Callable[[], None], doing: str) -> None:
        try:
            work()
        except (Exception, SystemExit) as error:
            self._failed(one, error, doing)
        else:
            one.in_a_row = 0

    def _failed(self, one: _Guarded, error: BaseException, doing: str) -> None:
        if one.required:
            raise error
        one.faults += 1
        one.in_a_row += 1
        reason = _reason(error)
        if one.faults == 1:
            self._notice(f"the output {one.name!r} could not {doing}: {reason}")
        if one.in_a_row < FAULTS_IN_A_ROW:
            return
        one.is_lost = True
        self._notice(f"the output {one.name!r} failed {one.in_a_row} times in a row and was closed")
        self.lost(one.name, reason)
        try:
            one.output.close()
        except (Exception, SystemExit) as second:
            self._notice(f"the output {one.name!r} could not be closed: {_reason(second)}")


def in_order(asked: Iterable[Asked]) -> list[Asked]:
    """The outputs sorted so that each comes after those that it uses, otherwise in the given order.

    UsageError for outputs that use each other in a circle, and for two of a kind that is used.
    """
    waiting = list(asked)
    uses = {each.use: set(getattr(plugins.output(each.use), "USES", ())) for each in waiting}
    for each in waiting:
        for used in sorted(uses[each.use]):
            names = [other.name for other in waiting if other.use == used]
            if len(names) > 1:
                raise UsageError(
                    f"the output {each.name!r} uses the output {used}, but the show has"
                    f" {len(names)} of them: {', '.join(names)}",
                    "remove all but one of them from the show",
                )
    done: list[Asked] = []
    while waiting:
        left = {each.use for each in waiting}
        ready = next((each for each in waiting if not uses[each.use] & (left - {each.use})), None)
        if ready is None:
            raise UsageError(
                f"the outputs {', '.join(sorted(left))} use each other in a circle",
                "remove one of them from the show",
            )
        done.append(ready)
        waiting.remove(ready)
    return done


def settings_as(kind: type[S], name: str, settings: Mapping[str, Any]) -> S:
    """Settings as the declared type of an output; UsageError for invalid settings."""
    try:
        return msgspec.convert(dict(settings), kind, strict=False)
    except msgspec.ValidationError as error:
        known = ", ".join(kind.__struct_fields__)
        raise UsageError(f"the output {name!r}: {error}", f"its settings are {known}") from None


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, XrdramaError) else f"{type(error).__name__}: {text}"
