"""The animations of an imported model in its scene.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from xrdrama.gltf.rig import Rig
from xrdrama.tools.importing.report import ImportedClip

_HELP = """\
# Clips play in a loop. One with `moved_by: PARAM` plays while a cue or a slider moves the param
# from its least to its most value; `blend_by: PARAM` blends it over those before it, 0 to 1.
"""


def imported_clips(rig: Rig) -> Iterator[ImportedClip]:
    """The clips of a file; those play that move nothing which an earlier one moves."""
    taken: set[tuple[int, str]] = set()
    for clip in rig.clips:
        moved = {(channel.limb, channel.path) for channel in clip.channels}
        plays = not moved & taken
        taken |= moved if plays else set()
        yield ImportedClip(clip.name, clip.duration, plays)


def clips_text(clips: Iterable[ImportedClip]) -> str:
    """What follows in the line of the model in scene.yaml: its clips, the others as comments."""
    clips = tuple(clips)
    if not clips:
        return "}"
    playing = [clip for clip in clips if clip.plays]
    others = [clip for clip in clips if not clip.plays]
    lines = ", clips: {\n" + "".join(
        f"    {_quoted(clip.name)}: {{doc: {_quoted(_doc(clip))}}},\n" for clip in playing
    )
    lines += "  }}\n" + _HELP.rstrip("\n")
    for clip in others:
        lines += f"\n#   {_quoted(clip.name)}: {{doc: {_quoted(_doc(clip))}, blend_by: PARAM}}"
    return lines


def _doc(clip: ImportedClip) -> str:
    return f"An animation of {clip.seconds:.3g} s."


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
