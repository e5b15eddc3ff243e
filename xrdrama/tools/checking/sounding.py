"""Checks a story's sounds: each file exists, can be decoded, and has the length in the index.

`xrdrama check` reports these problems; `xrdrama run` refuses the errors and prints the warnings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from xrdrama import content
from xrdrama.errors import DeviceError, Problem, Severity, UsageError
from xrdrama.timing import NS
from xrdrama.tools.checking.measured import Measured

SIGNATURES: Final = (b"OggS", b"fLaC", b"RIFF", b"RF64")
"""First bytes of sound files, to recognise them without the audio libraries."""
OTHER_KINDS: Final = (".mp3", ".m4a", ".aac", ".aif", ".aiff", ".wma", ".oga", ".webm", ".mka")
TOLERANCE_S: Final = 0.25
"""Allowed difference between the lengths in index and file: encoders add some samples."""


def check_sounds(story: Path, *, decode: bool = False) -> list[Problem]:
    """The problems of a story's sound files; an empty list for a story without an index.

    With `decode` each file is decoded to its end, which loads the audio libraries; otherwise only
    files that do not begin like Ogg, FLAC or WAV. UsageError for an index that cannot be read.
    """
    index = content.sounds_index(story)
    if index is None:
        return []
    text = content.read_text(index)
    lengths = content.sound_lengths(text)
    lines = text.splitlines()
    problems: list[Problem] = []

    def note(name: str, severity: Severity, message: str, hint: str) -> None:
        line = next((n for n, one in enumerate(lines, 1) if f'"{name}"' in one), 1)
        problems.append(Problem(str(index), line, 1, "C006", severity, message, hint))

    with Measured(index) as measured:
        for name, length in lengths.items():
            try:
                file = content.sound_in(index.parent, name)
                if file is None:
                    note(name, "warning", f"the sound {name!r} has no file", _missing(index, name))
                    continue
                if not _is_known(file) or decode:
                    seconds = measured.seconds(file)
                    if abs(seconds - length / NS) > TOLERANCE_S:
                        message = f"the sound {name!r} is {seconds:.2f} s long, but the index says"
                        hint = "write its actual length in nanoseconds into index.json"
                        note(name, "warning", f"{message} {length / NS:.2f} s", hint)
            except (UsageError, DeviceError) as error:
                note(name, "error", f"the sound {name!r}: {error.message}", error.remedy)
    for name in _left_out(index.parent, set(lengths)):
        message = f"the file {name} is in the folder of sounds and not in index.json"
        note("", "warning", f"{message}: it is never played", "add its length, or remove it")
    return sorted(problems)


def _missing(index: Path, name: str) -> str:
    for path in sorted((index.parent / name).parent.glob("*")):
        written = content.composed_name(path.relative_to(index.parent))
        if written.lower() in {(name + suffix).lower() for suffix in content.SOUND_SUFFIXES}:
            suffix = path.suffix.lower()
            return f"rename {written} to {name}{suffix}: small and capital letters differ"
    for suffix in OTHER_KINDS:
        if (index.parent / (name + suffix)).exists():
            return f"{name}{suffix} has a format that cannot be played: save it as .ogg or .wav"
    return f"add {name}.ogg (or {', '.join(content.SOUND_SUFFIXES[1:])}) beside index.json"


def _is_known(file: Path) -> bool:
    """True when a file begins like a sound file; DeviceError when it cannot be read or is empty."""
    try:
        with file.open("rb") as opened:
            start = opened.read(4)
    except OSError as error:
        raise DeviceError(
            f"{file.name} cannot be read: {error.strerror}", "check the file's permissions"
        ) from None
    if not start:
        raise DeviceError(f"{file.name} is empty", "export it again")
    return start.startswith(SIGNATURES)


def _left_out(folder: Path, known: set[str]) -> list[str]:
    """Sound files of a folder that its index does not name."""
    found = []
    for path in sorted(folder.rglob("*")):
        suffix = path.suffix.lower()
        name = content.composed_name(path.relative_to(folder).with_suffix(""))
        if suffix in (*content.SOUND_SUFFIXES, *OTHER_KINDS) and name not in known:
            found.append(path.relative_to(folder).as_posix())
    return found
