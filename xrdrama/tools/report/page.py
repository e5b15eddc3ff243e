"""`report.html`: pictures, the path on the map, picks, tracking, frame times, verified walls.

The page is the template `page.html` (Jinja2, every value escaped); this module computes what it
shows. The page needs no other file: styles and pictures are inside.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Iterator
from functools import cache
from statistics import median

from jinja2 import Environment, PackageLoader, StrictUndefined

from xrdrama.tools.report.content import ReportContent
from xrdrama.tools.report.counts import COUNTS

BARS = 24
"""Number of bars in the histogram of frame times."""
TALLEST = 56
"""Height of its tallest bar, in units of the picture."""
MOST_HEARD = 20
"""Most rows in the table of what was heard without a pick."""
BY = {
    "voice": "heard",
    "gesture": "seen",
    "vote": "vote",
    "timeout": "silence",
    "else": "no choice was open",
    "marker": "marker",
    "gaze": "looked at",
    "performer": "performer",
    "button": "button",
    "director": "director",
}
WHY = {
    "again": "similar, but not similar enough",
    "too_late": "after the window had closed",
    "nothing_open": "no option could be picked then",
    "own_voice": "while a line of the show was playing",
    "unlikely": "speech not meant for the show",
}


def page(content: ReportContent) -> str:
    """The whole page. The map is a picture in it: its styles do not apply to the page."""
    times = sorted(content.frame_ms)
    bars, longest = _histogram(times) if times else ([], 0.0)
    return (
        templates()
        .get_template("page.html")
        .render(
            content=content,
            counts=COUNTS,
            by=BY,
            why=WHY,
            MOST_HEARD=MOST_HEARD,
            tracking=list(_tracking(content)),
            frames=list(_frames(content, times)),
            bars=bars,
            longest=longest,
            quoted_take=shlex.quote(content.take),
        )
    )


@cache
def templates() -> Environment:
    """The templates of this folder, with every value escaped."""
    made = Environment(
        loader=PackageLoader("xrdrama.tools.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["base64"] = _base64
    return made


def _base64(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def _tracking(content: ReportContent) -> Iterator[tuple[str, str]]:
    """Names and values about the tracker's samples, and about the error of prediction."""
    if content.tracking:
        t = content.tracking
        yield "packets", f"{t.samples}, {t.bad} bad, {t.duplicates} repeated"
        yield "rate", f"{t.rate:.1f} per second"
        yield "arrival jitter", f"{t.jitter * 1000:.2f} ms"
        yield "gaps over 50 ms", f"{t.gaps}, longest {t.longest_gap * 1000:.0f} ms"
    if content.slip:
        s = content.slip
        yield (
            "prediction error, position",
            f"{s.millimetres[0]:.2f} mm, 95 % {s.millimetres[1]:.2f}",
        )
        yield "prediction error, angle", f"{s.degrees[0]:.3f}°, 95 % {s.degrees[1]:.3f}"
        yield "prediction error in the picture", f"{s.pixels[0]:.2f} px, 95 % {s.pixels[1]:.2f}"


def _frames(content: ReportContent, times: list[float]) -> Iterator[tuple[str, str]]:
    """Names and values of the counts of frames; `times` are sorted milliseconds."""
    yield "made", str(content.frames)
    yield "drawn", str(content.presented)
    yield "late", str(content.late)
    yield "skipped", str(content.skipped)
    yield "dropped", str(content.dropped)
    missing = f"{content.missing_frames} frames, {content.missing_events} events"
    yield "missing in the take", missing
    for trouble in content.troubles:
        yield "recording", trouble
    if times:
        p95 = times[int(len(times) * 0.95)]
        yield "time per frame", f"{median(times):.0f} ms, 95 % {p95:.0f} ms"
    yield "rendered again", f"{content.frames} frames in {content.drawn_seconds:.0f} s"
    yield "frames that differed", str(content.different)


def _histogram(times: list[float]) -> tuple[list[float], float]:
    """Heights of the bars, and milliseconds at the right end; longer times are in the last bar."""
    longest = max(1.0, times[int(len(times) * 0.99)] * 1.05)
    counts = [0] * BARS
    for value in times:
        counts[min(BARS - 1, int(value / longest * BARS))] += 1
    most = max(counts)
    return [TALLEST * count / most for count in counts], longest
