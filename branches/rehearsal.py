"""Makes rehearsal.svg, the recording of a rehearsal in the READMEs: `python branches/rehearsal.py`.

It is printed by the program itself, with answers that are typed here; its text is text. Rows appear
in time and scroll by animations of CSS; who asks for less motion sees the first rows.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from xrdrama.saving import save
from xrdrama.tools.playing import Request, play_story
from xrdrama.tools.playing.answers import Listed, Read, Tick
from xrdrama.tools.playing.screen import Screen

HERE = Path(__file__).parent
STORY = HERE / "one_lantern_too_many.branch.yaml"
TYPED = ("let it", "why home", "undo", "vars trust", "quit")
COLUMNS, ROWS = 92, 30
ROW_PX, TOP_PX = 24.4, 20.0
"""Height of a row, and the baseline of the first, as rich draws them."""
ROW_S, READ_S, END_S = 0.08, 2.2, 4.0
"""Seconds for a row; before an answer, to read what it answers; and at the end."""
THEME = TerminalTheme(
    (18, 20, 26), (222, 222, 222),
    [(18, 20, 26), (235, 110, 110), (140, 200, 120), (225, 190, 110),
     (110, 160, 235), (210, 140, 220), (110, 205, 215), (222, 222, 222)],
)  # fmt: skip
FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} HEIGHT" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
 font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
MOTION
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="SHOWN"/></clipPath>
{lines}
</defs>
<rect width="{width}" height="HEIGHT" rx="8" fill="#12141a"/>
<g transform="translate({terminal_x}, 9)" clip-path="url(#{unique_id}-clip-terminal)">
<g class="scroll">{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g></g></g>
</svg>
"""


class Typed(Listed):
    """Answers that are printed as if they were typed."""

    only_picks = False

    def __init__(self, console: Console) -> None:
        super().__init__(TYPED)
        self.console = console

    def read(self, seconds: float | None, tick: Tick) -> Read:
        """The next answer, after printing the prompt and the answer."""
        answer = super().read(seconds, tick)
        self.console.print(Text.assemble(("> ", "bold green"), (str(answer), "bold")))
        return answer


def recording() -> str:
    """The recording of the rehearsal, as SVG without links to other files."""
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True,
        color_system="truecolor", highlight=False, legacy_windows=False, _environ={},
    )  # fmt: skip
    request = Request(str(STORY), at="gust", values=("trust=1",))
    play_story(request, Screen(console), answers=Typed(console))
    drawn = console.export_svg(
        title="", theme=THEME, code_format=FORMAT, unique_id="play", font_aspect_ratio=0.6
    )
    return moving(drawn)


def moving(drawn: str) -> str:
    """The drawn rows with the times at which they appear."""
    texts = re.findall(r'<text [^>]*y="([\d.]+)"[^>]*>([^<]*)', drawn)
    rows: dict[int, str] = {}
    for y, text in texts:
        row = round((float(y) - TOP_PX) / ROW_PX)
        rows[row] = rows.get(row, "") + text
    drawn = re.sub(
        r'<text class="([\w-]+)"([^>]*y="([\d.]+)")',
        lambda m: f'<text class="{m[1]} at{round((float(m[3]) - TOP_PX) / ROW_PX)}"{m[2]}',
        drawn,
    )
    shown = ROWS * ROW_PX + 6
    drawn = drawn.replace("SHOWN", f"{shown:g}").replace("HEIGHT", f"{shown + 18:g}")
    return drawn.replace("MOTION", "\n".join(_motion(rows)))


def _motion(rows: dict[int, str]) -> Iterator[str]:
    """Keyframes of each row, and of the scrolling."""
    times, now = [], 0.0
    for row in sorted(rows):
        answered = rows[row].startswith(("&gt;", ">"))
        now += READ_S if answered else ROW_S
        times.append((row, now))
    whole = now + END_S
    yield "@media (prefers-reduced-motion: no-preference) {"
    for row, at in times:
        share = f"{100 * at / whole:.2f}%"
        yield f"@keyframes k{row} {{ 0% {{ opacity: 0 }} {share}, 100% {{ opacity: 1 }} }}"
        yield f".at{row} {{ animation: k{row} {whole:.1f}s step-end infinite }}"
    places = (
        f"{100 * at / whole:.2f}% {{ transform: translateY({-ROW_PX * (row + 1 - ROWS):.1f}px) }}"
        for row, at in times
        if row >= ROWS
    )
    yield f"@keyframes scroll {{ 0% {{ transform: none }} {' '.join(places)} }}"
    yield f".scroll {{ animation: scroll {whole:.1f}s step-end infinite }}"
    yield "}"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if sys.argv[1:] else HERE / "rehearsal.svg"
    save(target, recording())
    print(target)
