"""`xrdrama voices`: audio, lengths and tracks that `check` accepts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.content.test_texts import FILES
from tests.tools.checking.test_sounding import wav
from xrdrama import cli, content
from xrdrama.performer.mouth import Mouths, parse_mouths
from xrdrama.tools.checking.contents import check_file

LINE = "l4kq2p"


@pytest.fixture
def story(tmp_path: Path) -> Path:
    (tmp_path / "ferry.branch.yaml").write_text(FILES["ferry.branch.yaml"], "utf-8")
    scene = tmp_path / "scenes/pier/scene.yaml"
    scene.parent.mkdir(parents=True)
    scene.write_text(FILES["scenes/pier/scene.yaml"], "utf-8")
    return tmp_path / "ferry.branch.yaml"


def run(*arguments: object) -> int:
    return cli.run(["voices", *map(str, arguments)])


def tracks(story: Path, dubbed: str = "") -> Mouths:
    path = content.mouths_path(story, dubbed)
    mouths, problems = parse_mouths(path.read_text("utf-8"), str(path))
    assert mouths is not None, problems
    return mouths


def complaints(story: Path) -> list[str]:
    return [one.message for one in check_file(story) if one.code in ("C006", "C008", "C009")]


def test_lines_are_spoken_once_and_then_kept(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(story) == 0
    assert "1 line spoken by hibari-tts 0.2.1 (Apache-2.0)" in capsys.readouterr().out
    track = tracks(story).lines[LINE]
    assert track.source == "synthesised" and {"w", "ʌ", "n"} <= {one.name for one in track.phones}
    lengths = content.line_lengths(story)
    assert 300_000_000 < lengths[LINE] < 2_000_000_000
    assert track.phones[-1].end <= lengths[LINE]
    assert complaints(story) == []
    audio = content.sound_file(content.sounds_folder(story), f"line/{LINE}")
    assert audio is not None
    before = audio.read_bytes()
    assert run(story, "--json") == 0
    assert json.loads(capsys.readouterr().out)["kept"] == [LINE]
    assert audio.read_bytes() == before


def test_a_recording_gets_a_jaw_and_says_so(
    story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(story) == 0
    wav(tmp_path / f"studio/{LINE}.wav", 0.8)
    assert run(story, "--recordings", tmp_path / "studio") == 0
    assert "1 line with a recording: the jaw follows its loudness" in capsys.readouterr().out
    assert tracks(story).lines[LINE].source == "energy"
    folder = content.sounds_folder(story) / "line"
    assert [path.name for path in folder.iterdir()] == [f"{LINE}.wav"]  # the speech is replaced
    assert content.line_lengths(story) == {LINE: 800_000_000}
    assert complaints(story) == []


def test_audio_that_was_there_is_a_recording(story: Path) -> None:
    wav(content.sounds_folder(story) / f"line/{LINE}.wav", 0.5)
    assert run(story) == 0
    assert tracks(story).lines[LINE].source == "energy"


def test_a_language_without_texts_is_refused(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(story, "--lang", "zh") == 2
    assert "no translation into 'zh'" in capsys.readouterr().err


def test_a_line_without_text_in_the_language_is_named(
    story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ferry.zh.csv").write_text("id,order,source,text\n", "utf-8")
    assert run(story, "--lang", "zh") == 1
    assert f"no text in zh: {LINE}" in capsys.readouterr().out


def test_dubbed_recordings_are_beside_those_of_the_story(story: Path, tmp_path: Path) -> None:
    (tmp_path / "ferry.zh.csv").write_text("id,order,source,text\n", "utf-8")
    wav(tmp_path / f"studio/{LINE}.wav", 0.6)
    assert run(story, "--lang", "zh", "--recordings", tmp_path / "studio") == 0
    lengths = content.sound_lengths(
        (content.sounds_folder(story) / "index.json").read_text("utf-8")
    )
    assert lengths == {f"zh/line/{LINE}": 600_000_000}
    assert content.dubbed_in(lengths) == ("zh",)
    assert tracks(story, "zh").language == "zh"


def test_an_unknown_voice_is_refused(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(story, "--voice", "siri") == 2
    assert "there is no voice 'siri'" in capsys.readouterr().err
