"""`report.html`: pictures, the path on the map, picks, tracking, frame times, the walls' proof."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from statistics import median

from xrdrama.tools.report.counts import COUNTS
from xrdrama.tools.report.told import Still, Told
from xrdrama.wire.frame import Pick

_BY = {
    "voice": "heard",
    "gesture": "seen",
    "timeout": "silence",
    "else": "nothing was open",
    "marker": "marker",
    "button": "button",
    "director": "director",
}
_WHY = {
    "again": "near, not near enough",
    "too_late": "after the window had closed",
    "nothing_open": "nothing could be picked then",
    "own_voice": "while a line of ours was playing",
    "unlikely": "not meant for the show",
}


def page(told: Told) -> str:
    """The whole page, with its styles and pictures inside."""
    style = (files(__package__) / "page.css").read_text("utf-8")
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(told.title)} - report of a take</title>
<style>{style}</style></head><body>
<header><p class="kicker">report of a take, simulated stage</p>
<h1 dir="auto">{escape(told.title)}</h1>
<p class="lead">{_lead(told)}</p></header>
<main>
{_contacts(told.stills)}
<section class="two"><div><h2>The path taken</h2>{told.map_svg}</div>
<div><h2>What picked it</h2>{_picks(told)}{_heard(told)}</div></section>
{_canvas(told.wall_stills)}
<section class="three">{_tracking(told)}{_times(told)}{_walls(told)}</section>
{_facts(told)}
</main></body></html>
"""


def _lead(told: Told) -> str:
    ending = (
        f"It ended with <bdi><b>{escape(told.ending)}</b></bdi>." if told.ending else "It was cut."
    )
    if told.skipped or told.dropped:
        missing = (
            f" <b>{told.skipped} frames were skipped and {told.dropped} events dropped: this"
            " machine was too slow for the show, and the take lacks them.</b>"
        )
    else:
        missing = ""
    late = (
        f"{told.late} of {told.frames} frames came too late to be drawn live and were drawn "
        "again from the take."
        if told.late
        else "Every frame was drawn live."
    )
    return (
        f"{told.seconds:.0f} seconds, {told.frames} frames at {escape(told.rate)}. {ending} "
        f"{late}{missing}"
    )


def _picture(still: Still, size: str) -> str:
    data = base64.b64encode(still.jpeg).decode()
    text = f"{still.timecode} {still.beat.replace('_', ' ')}"
    return (
        f'<figure class="{size}"><img alt="{escape(text)}" src="data:image/jpeg;base64,{data}">'
        f"<figcaption><b>{escape(still.timecode)}</b> {escape(still.beat.replace('_', ' '))}"
        "</figcaption></figure>"
    )


def _contacts(stills: Iterable[Still]) -> str:
    return f'<section class="sheet">{"".join(_picture(s, "still") for s in stills)}</section>'


def _canvas(stills: Iterable[Still]) -> str:
    pictures = "".join(_picture(s, "wide") for s in stills)
    note = "What the LED processor gets: the inner frustum over the outer picture."
    return f'<section><h2>The wall</h2><p class="note">{note}</p>{pictures}</section>'


def _picks(told: Told) -> str:
    if not told.picks:
        return '<p class="note">Nobody picked anything.</p>'
    rows = "".join(_pick(when, text, pick) for when, text, pick in told.picks)
    return (
        "<table><thead><tr><th>at</th><th>picked</th><th>by</th><th>certainty</th>"
        f"<th>after</th></tr></thead><tbody>{rows}</tbody></table>"
        '<p class="note">after: from the end of the act to the pick, time to take it back '
        "included.</p>"
    )


def _pick(when: str, text: str, pick: Pick) -> str:
    by = _BY.get(pick.trigger, pick.trigger)
    said = f": <q dir=auto>{escape(pick.said.replace('_', ' '))}</q>" if pick.said else ""
    acted = pick.trigger in ("voice", "gesture")
    certainty = f"{pick.confidence:.0%}" if acted else ""
    after = f"{pick.latency / 1e6:.0f} ms" if acted else ""
    return (
        f"<tr><td>{escape(when)}</td><td><b dir=auto>{escape(text)}</b><br>"
        f'<span class="note">{escape(pick.beat)} &rarr; {escape(pick.to)}</span></td>'
        f"<td>{by}{said}</td><td>{certainty}</td><td>{after}</td></tr>"
    )


def _heard(told: Told) -> str:
    if not told.heard:
        return ""
    rows = "".join(
        f"<tr><td>{escape(h.timecode)}</td><td>{escape(h.source)}</td>"
        f"<td><q dir=auto>{escape(h.said)}</q></td>"
        f"<td>{escape(_WHY.get(h.verdict, h.verdict))}</td></tr>"
        for h in told.heard[:20]
    )
    return f"<h3>Heard, and not taken for a pick</h3><table>{rows}</table>"


def _tracking(told: Told) -> str:
    rows = []
    if told.tracking:
        t = told.tracking
        rows += [
            ("packets", f"{t.samples}, {t.bad} bad, {t.duplicates} repeated"),
            ("rate", f"{t.rate:.1f} a second"),
            ("arrival jitter", f"{t.jitter * 1000:.2f} ms"),
            ("gaps over 50 ms", f"{t.gaps}, longest {t.longest_gap * 1000:.0f} ms"),
        ]
    if told.slip:
        s = told.slip
        rows += [
            ("prediction, position", f"{s.millimetres[0]:.2f} mm, 95 % {s.millimetres[1]:.2f}"),
            ("prediction, angle", f"{s.degrees[0]:.3f}&deg;, 95 % {s.degrees[1]:.3f}"),
            ("slip in the picture", f"{s.pixels[0]:.2f} px, 95 % {s.pixels[1]:.2f}"),
        ]
    return f"<div><h2>Tracking</h2>{_pairs(rows)}</div>"


def _times(told: Told) -> str:
    times = sorted(told.frame_ms)
    if not times:
        return "<div><h2>Frames</h2><p class='note'>Nothing was drawn live.</p></div>"
    p95 = times[int(len(times) * 0.95)]
    rows = [
        ("made", str(told.frames)),
        ("drawn", str(told.presented)),
        ("late", str(told.late)),
        ("skipped", str(told.skipped)),
        ("dropped", str(told.dropped)),
        ("missing in the take", f"{told.missing_frames} frames, {told.missing_events} events"),
        *[("recording", escape(trouble)) for trouble in told.troubles],
        ("time a frame", f"{median(times):.0f} ms, 95 % {p95:.0f} ms"),
        ("drawn again", f"{told.frames} frames in {told.drawn_seconds:.0f} s"),
        ("frames that differed", str(told.different)),
    ]
    return f"<div><h2>Frames</h2>{_histogram(times)}{_pairs(rows)}</div>"


def _histogram(times: list[float]) -> str:
    """Bars over milliseconds; what is off the right end is in the last bar."""
    top, bars = max(1.0, times[int(len(times) * 0.99)] * 1.05), 24
    counts = [0] * bars
    for value in times:
        counts[min(bars - 1, int(value / top * bars))] += 1
    most = max(counts)
    rects = "".join(
        f'<rect x="{i * 10 + 1}" y="{60 - tall:.1f}" width="8" height="{tall:.1f}"/>'
        for i, tall in enumerate(56 * n / most for n in counts)
    )
    return (
        f'<svg class="bars" viewBox="0 0 {bars * 10} 76" role="img" aria-label="frame times">'
        f'{rects}<text x="0" y="74">0</text>'
        f'<text x="{bars * 10}" y="74" text-anchor="end">{top:.0f} ms</text></svg>'
    )


def _walls(told: Told) -> str:
    rows = "".join(
        f"<tr><td>{escape(w.name)}</td><td>{w.median:.4f}</td><td>{w.p99:.4f}</td>"
        f"<td>{w.wrong_eye:.3f} ({w.expected:.3f})</td><td>{w.projected}</td>"
        f'<td class="{"pass" if w.passed else "fail"}">{"pass" if w.passed else "FAIL"}</td></tr>'
        for w in told.walls
    )
    return (
        "<div><h2>The walls, proved</h2><table><thead><tr><th>wall</th><th>median px</th>"
        "<th>p99 px</th><th>1 mm wrong eye</th><th>/255</th><th></th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        '<p class="note">A picture of positions goes the way of the show and is projected back: '
        "how far each pixel is from where it should be. An eye 1 mm wrong must be caught, by as "
        "much as the formula in brackets says. /255: the inner picture on the wall against the "
        "direct one.</p></div>"
    )


def _facts(told: Told) -> str:
    rows = [(name, escape(value)) for name, value in told.machine.items()]
    rows += [
        ("take", f"<code>{escape(told.take)}</code>"),
        ("hash of its frames", f"<code>{escape(told.take_hash)}</code>"),
        ("play it again", f"<code>xrdrama replay {escape(shlex.quote(told.take))}</code>"),
    ]
    note = "Nothing here was measured on a real LED wall: every figure is of a simulated stage."
    return f'<section><h2>Where and how</h2>{_pairs(rows)}<p class="note">{note}</p></section>'


def _term(name: str) -> str:
    meaning = COUNTS.get(name)
    return f'<dt title="{escape(meaning)}">{name}</dt>' if meaning else f"<dt>{escape(name)}</dt>"


def _pairs(rows: Iterable[tuple[str, str]]) -> str:
    inner = "".join(f"{_term(name)}<dd>{value}</dd>" for name, value in rows)
    return f"<dl>{inner}</dl>"
