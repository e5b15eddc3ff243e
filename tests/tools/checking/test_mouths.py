"""`check` says which lines have no recording, no mouth track, or the track of other audio."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.content.test_texts import FILES
from tests.tools.checking.test_sounding import wav
from xrdrama import content
from xrdrama.performer.mouth import LineMouth, Mouths, Phone, mouths_text
from xrdrama.tools.checking.contents import check_file

LINE = "l4kq2p"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    wav(tmp_path / "content" / f"ferry.sounds/line/{LINE}.wav")
    return tmp_path / "content"


def said(folder: Path, file: str = "ferry.branch.yaml") -> list[tuple[str, str, str]]:
    found = (p for p in check_file(folder / file) if p.code in ("C008", "C009", "H022"))
    return [(one.code, one.message, one.hint) for one in found]


def write(folder: Path, name: str, *lines: str, audio: Path | None = None) -> Path:
    """Write tracks with the hash of an audio file."""
    audio = audio or folder / f"ferry.sounds/line/{LINE}.wav"
    track = LineMouth(content.audio_hash(audio), "synthesised", (Phone("a", 0, 5),))
    path = folder / "ferry.sounds" / name
    mouths = Mouths(1, "en", "a test", "ipa", dict.fromkeys(lines, track))
    path.write_text(mouths_text(mouths), "utf-8")
    return path


def test_a_track_of_the_lines_audio_is_no_problem(folder: Path) -> None:
    assert said(folder) == []  # no tracks at all: nobody needs them
    write(folder, "mouths.json", LINE)
    assert said(folder) == []


def test_a_track_of_other_audio_is_named(folder: Path) -> None:
    write(folder, "mouths.json", LINE)
    wav(folder / f"ferry.sounds/line/{LINE}.wav", 1.1)
    ((code, message, hint),) = said(folder)
    assert code == "C009" and LINE in message and "other audio" in message
    assert hint == "run xrdrama voices ferry"


def test_lines_without_a_track_and_tracks_without_a_line_are_named(folder: Path) -> None:
    write(folder, "mouths.json", "lgone1")
    messages = [message for _, message, _ in said(folder)]
    assert (
        messages[0]
        == f"1 line ({LINE}) without a mouth track: the mouth rests while they are heard"
    )
    assert messages[1] == "1 line (lgone1) with a mouth track and without audio"


def test_a_damaged_file_of_tracks_is_an_error(folder: Path) -> None:
    path = write(folder, "mouths.json", LINE)
    path.write_text(path.read_text("utf-8").replace('"ipa"', '"ipx"'), "utf-8")
    ((code, message, _),) = said(folder)
    assert code == "C008" and "ipx" in message


def test_a_show_in_a_language_without_recordings_is_an_error(folder: Path) -> None:
    show = folder / "ferry.show.yaml"
    show.write_text(FILES["ferry.show.yaml"] + "voices: zh\n", "utf-8")
    ((code, message, hint),) = said(folder, "ferry.show.yaml")
    assert (code, message) == ("H022", "no line of the story 'ferry' is recorded in 'zh'")
    assert hint == "run xrdrama voices ferry --lang zh, or remove voices:"


def test_lines_that_a_dubbed_language_lacks_are_named(folder: Path) -> None:
    index = folder / "ferry.sounds/index.json"
    index.write_text(json.dumps({f"line/{LINE}": 10**9, "zh/line/lother": 10**9}), "utf-8")
    wav(folder / "ferry.sounds/zh/line/lother.wav")
    ((code, message, hint),) = said(folder)
    assert (code, message) == ("C009", f"1 line ({LINE}) not recorded in 'zh'")
    assert hint == "run xrdrama voices ferry --lang zh"
