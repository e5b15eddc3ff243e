"""Speaks the lines of a story, or takes recordings of them; writes audio, lengths and tracks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec

from xrdrama import content
from xrdrama.performer.mouth import (
    STEP,
    LineMouth,
    Mouths,
    Phone,
    energy_track,
    joined,
    mouths_text,
    parse_mouths,
)
from xrdrama.saving import save, save_all
from xrdrama.speech.respelling import respelled
from xrdrama.story import Line, Story
from xrdrama.story.strings import pronunciations_in
from xrdrama.timing import NS
from xrdrama.tools.voices.choosing import MANNERS, Manner, Voice, voice_for

LEVEL_DB, PEAK_DB = -20.0, -3.5
HEAD_S, TAIL_S = 0.04, 0.18
RECORDED: Final = "recordings"


class Made(msgspec.Struct, frozen=True):
    """The result: lines by what was done with them, and the voice that spoke."""

    language: str
    voice: str
    folder: str
    spoken: tuple[str, ...]
    recorded: tuple[str, ...]
    """Lines with a recording: their jaw follows its loudness (`source: energy`)."""
    kept: tuple[str, ...]
    """Lines whose audio and track were there and fit."""
    missing: tuple[str, ...]
    """Lines without text in this language."""


class _Making:
    def __init__(
        self, story: Story, file: Path, language: str, out: Path | None, which: str,
        notice: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.story, self.notice = story, notice
        self.language = language or story.language
        self.dubbed = "" if self.language == story.language else self.language
        self.folder = out or content.sounds_folder(file)
        self.tracks_file = (
            self.folder / self.dubbed if self.dubbed else self.folder
        ) / "mouths.json"
        self.texts = self._texts(file)
        self.which = which
        self.lengths: dict[str, int] = {}
        self.known: Mouths | None = None

    @cached_property
    def voice(self) -> Voice:
        return voice_for(self.language, self.which, self.notice)

    def name(self, line: str) -> str:
        return f"{self.dubbed}/line/{line}" if self.dubbed else f"line/{line}"

    def _texts(self, file: Path) -> dict[str, str]:
        if not self.dubbed:
            return self.story.texts()
        return content.table_in(self.dubbed, self.story, file)[0].texts


def make_voices(
    name: str,
    *,
    language: str = "",
    out: Path | None = None,
    recordings: Path | None = None,
    which: str = "best",
    again: bool = False,
    notice: Callable[[str], None] = lambda text: None,
) -> Made:
    """Make the audio and tracks of a story's lines that are missing or do not fit.

    Lines that have a file in `recordings` (`<line id>.wav` and other sounds) take that. Audio that
    is there without a track of its own is a recording, too. With `again` lines that are not
    recordings of this run are spoken again. `notice` is given what the user should know.
    """
    story, file = content.load_story_file(name)
    making = _Making(story, file, language, out, which, notice)
    _read(making)
    lines = [item for beat in story.order for item in beat.script if isinstance(item, Line)]
    _note_manners(making, lines)
    tracks: dict[str, LineMouth] = {}
    done: dict[str, list[str]] = {"spoken": [], "recorded": [], "kept": [], "missing": []}
    for line in lines:
        how, track = _line(making, line, recordings, again=again)
        done[how].append(line.id)
        if track is not None:
            tracks[line.id] = track
    _write(making, tracks, spoken=bool(done["spoken"]))
    voice = making.voice.name if done["spoken"] else ""
    counts = {how: tuple(ids) for how, ids in done.items()}
    return Made(making.language, voice, str(making.folder), **counts)


def _read(making: _Making) -> None:
    index = making.folder / "index.json"
    making.lengths = content.sound_lengths(content.read_text(index) if index.is_file() else None)
    if making.tracks_file.is_file():
        text = content.read_text(making.tracks_file)
        making.known, problems = parse_mouths(text, str(making.tracks_file))
        for problem in problems:
            making.notice(f"{problem.message}: all tracks of this file are made again")


def _note_manners(making: _Making, lines: list[Line]) -> None:
    for role in dict.fromkeys(line.speaker for line in lines):
        manner = making.story.cast[role].voice
        if manner and manner not in MANNERS:
            known = ", ".join(MANNERS)
            making.notice(f"{role} speaks with the plain voice: {manner!r} is not one of {known}")


def _line(
    making: _Making, line: Line, recordings: Path | None, *, again: bool
) -> tuple[str, LineMouth | None]:
    """What was done with a line, and its track."""
    recording = content.sound_file(recordings, line.id) if recordings else None
    if recording is not None:
        target = making.folder / f"{making.name(line.id)}{recording.suffix.lower()}"
        _remove_others(making, line.id, target)
        target.parent.mkdir(parents=True, exist_ok=True)
        save(target, recording.read_bytes())
        return "recorded", _recorded(making, line.id, target)
    there = content.sound_file(making.folder, making.name(line.id))
    if there is not None and not again:
        known = making.known.lines.get(line.id) if making.known else None
        if known is not None and known.audio == content.audio_hash(there):
            return "kept", known
        return "recorded", _recorded(making, line.id, there)
    text = making.texts.get(line.id, "").strip()
    if not text:
        return "missing", None
    return "spoken", _spoken(making, line, text)


def _remove_others(making: _Making, line: str, target: Path) -> None:
    """Remove the line's audio in other formats: one file is played."""
    while (old := content.sound_file(making.folder, making.name(line))) not in (None, target):
        assert old is not None
        old.unlink()


def _recorded(making: _Making, line: str, path: Path) -> LineMouth:
    """The track of a recording: a jaw that follows its loudness."""
    from xrdrama.adapters.audio.files import SAMPLE_RATE, read_sound
    from xrdrama.adapters.audio.loudness import loudness_of

    samples = read_sound(path)
    making.lengths[making.name(line)] = len(samples) * NS // SAMPLE_RATE
    track = energy_track(making.language, loudness_of(samples, STEP))
    return LineMouth(content.audio_hash(path), "energy", levels=track.levels, step=track.step)


def _spoken(making: _Making, line: Line, text: str) -> LineMouth:
    from xrdrama.adapters.audio.files import SAMPLE_RATE, read_sound
    from xrdrama.adapters.audio.writing import opus_of

    voice = making.voice
    manner = MANNERS.get(making.story.cast[line.speaker].voice, Manner())
    text = respelled(text, pronunciations_in(making.texts))
    spoken = voice.speak(text, manner.pace / manner.pitch).pitched(manner.pitch)
    spoken = spoken.trimmed(HEAD_S, TAIL_S).at_rate(SAMPLE_RATE).levelled(LEVEL_DB, PEAK_DB)
    path = making.folder / f"{making.name(line.id)}.ogg"
    _remove_others(making, line.id, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    save(path, opus_of(spoken.samples))
    length = len(read_sound(path)) * NS // SAMPLE_RATE
    making.lengths[making.name(line.id)] = length
    phones = _cut(joined(voice.alphabet, spoken.nanoseconds()), length)
    return LineMouth(content.audio_hash(path), "synthesised", phones, alphabet=voice.alphabet)


def _cut(phones: tuple[Phone, ...], length: int) -> tuple[Phone, ...]:
    kept = (Phone(one.name, one.start, min(one.end, length)) for one in phones)
    return tuple(one for one in kept if one.end > one.start)


def _write(making: _Making, tracks: dict[str, LineMouth], *, spoken: bool) -> None:
    """The index of lengths and the file of tracks, both or neither."""
    known = making.known
    names: list[Any] = [known.voice] if known and known.voice else []
    if spoken and making.voice.name not in names:
        names.append(making.voice.name)
    alphabet = known.alphabet if known else making.voice.alphabet if spoken else "ipa"
    lines = {
        id: msgspec.structs.replace(one, alphabet=None) if one.alphabet == alphabet else one
        for id, one in tracks.items()
    }
    mouths = Mouths(1, making.language, "; ".join(names)[:300] or RECORDED, alphabet, lines)
    index = msgspec.json.format(msgspec.json.encode(dict(sorted(making.lengths.items()))), indent=1)
    making.tracks_file.parent.mkdir(parents=True, exist_ok=True)
    save_all({making.folder / "index.json": index + b"\n", making.tracks_file: mouths_text(mouths)})
