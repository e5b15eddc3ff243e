"""Makes rehearsal.svg, the picture of a rehearsal in the READMEs: `python branches/rehearsal.py`.

It is printed by the program itself, with answers that are typed here; its text is text.
"""

from __future__ import annotations

import io
import sys
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
TYPED = ("keep it", "why home", "undo", "vars trust", "quit")
COLUMNS = 92
THEME = TerminalTheme(
    (18, 20, 26), (222, 222, 222),
    [(18, 20, 26), (235, 110, 110), (140, 200, 120), (225, 190, 110),
     (110, 160, 235), (210, 140, 220), (110, 205, 215), (222, 222, 222)],
)  # fmt: skip
FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
 font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
<rect width="{width}" height="{height}" rx="8" fill="#12141a"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g></g>
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
    """The picture of the rehearsal, as SVG without links to other files."""
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True,
        color_system="truecolor", highlight=False, legacy_windows=False, _environ={},
    )  # fmt: skip
    request = Request(str(STORY), at="taper", values=("trust=0",))
    play_story(request, Screen(console), answers=Typed(console))
    return console.export_svg(
        title="", theme=THEME, code_format=FORMAT, unique_id="play", font_aspect_ratio=0.6
    )


if __name__ == "__main__":
    target = Path(sys.argv[1]) if sys.argv[1:] else HERE / "rehearsal.svg"
    save(target, recording())
    print(target)
