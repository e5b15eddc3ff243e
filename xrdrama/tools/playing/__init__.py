"""`xrdrama play`: a rehearsal of a story in a terminal, over a pipe or as JSON lines.

- `session`: the acts of a rehearsal (picks, markers, the director's commands), with undo.
- `picking`, `commands`: what an answer means. `reports`, `reasons`: what commands report.
- `saves`, `plans`, `transcripts`: files of a rehearsal.
- `plain`, `json_lines`, `screen`: three ways to print it. `answers`: where answers come from.
- `loop`: plays a story with all of them.
"""

from xrdrama.tools.playing.loop import Request, play_story

__all__ = ["Request", "play_story"]
