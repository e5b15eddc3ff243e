"""Print the result of a run, as text or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from xrdrama.cli.printing.output import fail_line, print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from xrdrama.run.result import Result
    from xrdrama.tracking.health import Report

MANY_LATE = 0.1
"""Share of late frames from which a run prints how to render the take again."""


def print_result(result: Result, *, json: bool) -> None:
    """Print the result of a run, as text or as JSON."""
    if json:
        print_json(
            {
                **counts_of(result),
                "fps": round(result.fps, 3),
                "picks": [pick_of(number, pick) for number, pick in result.picks],
                "take": str(result.take),
                "recording": result.recording,
                "ending": result.ending,
                "not_ready": list(result.not_ready),
                "videos": result.videos,
                "warnings": list(result.warnings),
                **({"reloads": result.reloads} if result.reloads else {}),
                **({"undrawn": result.undrawn} if result.undrawn else {}),
                **({"output_faults": result.output_faults} if result.output_faults else {}),
                **({"plates_late": result.plates_late} if result.plates_late else {}),
                **({"tracking": _tracking(result.tracking)} if result.tracking else {}),
                **({"viewer": result.watched} if result.watched else {}),
            }
        )
    else:
        print_line(f"{counted_in(result)}; take: {result.take}")
        say_lost(result)
        _say_faults(result)
        for name, count in result.late_by_name.items():
            print_line(
                f"WARNING: the {name} was needed {count} times before it was ready:"
                + (
                    " a larger --set-memory keeps it on the graphics card"
                    if name.startswith("set ")
                    else " sounds are kept in the order of the story, up to 512 MB"
                )
            )
        _say_late_plates(result.plates_late, result.take)
        for number, pick in result.picks:
            print_line(
                f"  frame {number}: {pick.beat} -> {pick.option or pick.to} by {pick.trigger}"
            )
        for video in result.videos:
            print_line(f"  {video}")
        if result.late_frames > MANY_LATE * result.frames:
            print_line(f"to draw every frame, run: xrdrama render {result.take}")


def counts_of(result: Result) -> dict[str, object]:
    """The counts of a run (`xrdrama.tools.report.counts`), their older names, and what
    was compiled and uploaded after the clock had started."""
    return {
        "made": result.made,
        "drawn": result.drawn,
        "late": result.late_frames,
        "skipped": result.skipped,
        "dropped": result.dropped,
        "frames": result.frames,
        "late_frames": result.late_frames,
        "skipped_frames": result.skipped,
        "dropped_events": result.dropped,
        "warm_up_s": round(result.warm_up_s, 2),
        **msgspec.structs.asdict(result.late_work),
        "late_by_name": result.late_by_name,
    }


def counted_in(result: Result) -> str:
    """The counts of a run in one line, for a person."""
    from xrdrama.tools.report.counts import counted

    return counted(result.made, result.drawn, result.late_frames, result.skipped, result.dropped)


def say_lost(result: Result) -> None:
    """Print what is missing from a run's take, and what to do about it."""
    if result.skipped or result.dropped:
        print_line(
            f"WARNING: {result.skipped} frames were skipped and {result.dropped} events dropped:"
            " this machine was too slow or its disk was full, and they are missing in the take;"
            " close other programs, use --quality draft, or run with --fixed-rate"
        )


def _say_faults(result: Result) -> None:
    for name, count in result.output_faults.items():
        print_line(
            f"WARNING: the output {name!r} failed {count} times; the reason is printed above"
        )


def _say_late_plates(late: Mapping[str, int], take: Path) -> None:
    for name, count in late.items():
        print_line(
            f"WARNING: the plate {name} repeated a picture in {count} drawn frames, because it was"
            " not decoded in time: scale it down, close other programs, or draw the take with"
            f" xrdrama render {take}"
        )


def _tracking(report: Report) -> dict[str, object]:
    return {
        "packets": report.samples,
        "bad": report.bad,
        "gaps": report.gaps,
        "rate": round(report.rate, 2),
        "jumps": report.jumps,
        "padded": report.padded,
        "subjects": {name: one.samples for name, one in report.subjects.items()},
    }


def pick_of(number: int, pick: object) -> dict[str, object]:
    """A pick as `--json` prints it."""
    from xrdrama.wire.frame import Pick

    assert isinstance(pick, Pick)
    return {
        "frame": number,
        "beat": pick.beat,
        "option": pick.option,
        "to": pick.to,
        "trigger": pick.trigger,
        "said": pick.said,
        "confidence": round(pick.confidence, 4),
        "latency_ms": round(pick.latency / 1e6, 1),
    }


def print_recording(result: Result) -> int:
    """Print what was wrong with the take on stderr; returns 1 when anything was, else 0."""
    recording = result.recording
    for trouble in recording.troubles:
        fail_line(trouble)
    if not recording.complete:
        fail_line(
            f"the take is not complete: {recording.missing_frames} frames and"
            f" {recording.missing_events} events are missing in {result.take}"
        )
    return int(bool(recording.troubles) or not recording.complete)
