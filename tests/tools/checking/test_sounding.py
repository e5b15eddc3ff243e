"""Sounds that cannot be played are reported by name, by `check` and before a run starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from tests.content.test_texts import FILES, write_model
from xrdrama import cli, content
from xrdrama.errors import UsageError
from xrdrama.show import Tick, advance, opening
from xrdrama.timing import FrameTime
from xrdrama.tools.checking import sets
from xrdrama.tools.checking.contents import check_file
from xrdrama.tools.takes.rendering import sound_of

INDEX = "ferry.sounds/index.json"


def wav(path: Path, seconds: float = 1.0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(b"\x00\x10" * round(seconds * 48_000))


@pytest.fixture(autouse=True)
def sets_are_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """They have tests of their own; each check of a show would start a process to compile one."""
    monkeypatch.setattr(sets, "check_scene_file", lambda path: ([], {}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "content"


def said(folder: Path, file: str = "ferry.branch.yaml") -> list[tuple[str, str]]:
    """Severity and message of what is wrong with sounds."""
    return [(p.severity, p.message) for p in check_file(folder / file) if p.code == "C006"]


def run(folder: Path, *more: str) -> int:
    show, out = str(folder / "ferry.show.yaml"), str(folder / "out")
    return cli.run(["run", show, "--fixed-rate", "--seconds", "0.1", "--out", out, *more])


def test_a_sound_that_can_be_played_is_no_problem(folder: Path) -> None:
    wav(folder / "ferry.sounds/line/l4kq2p.wav")
    assert said(folder) == [] and said(folder, "ferry.show.yaml") == []


def test_a_sound_without_a_file_is_a_warning(folder: Path) -> None:
    expected = [("warning", "the sound 'line/l4kq2p' has no file")]
    assert said(folder) == expected and said(folder, "ferry.show.yaml") == expected


def test_a_sound_of_a_kind_that_is_not_played_is_named(folder: Path) -> None:
    wav(folder / "ferry.sounds/line/l4kq2p.mp3")
    (problem,) = [p for p in check_file(folder / "ferry.branch.yaml") if "no file" in p.message]
    assert problem.hint.startswith("line/l4kq2p.mp3 has a format that cannot be played")
    assert problem.line == 2 and problem.file.endswith("index.json")


def test_a_link_out_of_the_content_is_an_error(folder: Path, tmp_path: Path) -> None:
    wav(tmp_path / "elsewhere.wav")
    (folder / "ferry.sounds/line").mkdir()
    (folder / "ferry.sounds/line/l4kq2p.wav").symlink_to(tmp_path / "elsewhere.wav")
    ((severity, message),) = said(folder)
    assert severity == "error" and "symbolic link that leaves the content's folders" in message


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "is empty"), (b"not a sound at all", "cannot be decoded")],
    ids=["empty", "garbage"],
)
def test_a_file_that_is_no_sound_is_an_error(folder: Path, data: bytes, reason: str) -> None:
    (folder / "ferry.sounds/line").mkdir()
    (folder / "ferry.sounds/line/l4kq2p.ogg").write_bytes(data)
    for file in ("ferry.branch.yaml", "ferry.show.yaml"):
        ((severity, message),) = said(folder, file)
        assert severity == "error" and reason in message and "'line/l4kq2p'" in message


def test_a_file_that_may_not_be_read_is_an_error(folder: Path) -> None:
    wav(folder / "ferry.sounds/line/l4kq2p.wav")
    (folder / "ferry.sounds/line/l4kq2p.wav").chmod(0)
    # Root reads every file; without these capabilities it is refused like everybody.
    drop = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]
    command = [sys.executable, "-m", "xrdrama", "check", str(folder / "ferry.show.yaml"), "--json"]
    done = subprocess.run(
        (drop if os.geteuid() == 0 else []) + command, capture_output=True, text=True, check=False
    )
    found = [one for one in json.loads(done.stdout)["problems"] if one["code"] == "C006"]
    assert [one["severity"] for one in found] == ["error"] and done.returncode == 1
    assert "cannot be read" in found[0]["message"]


def test_a_broken_sound_is_refused_before_the_run_starts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "ferry.sounds/line").mkdir()
    (folder / "ferry.sounds/line/l4kq2p.ogg").write_bytes(b"OggS" + bytes(range(256)) * 9)
    ((severity, message),) = said(folder, "ferry.show.yaml")
    assert severity == "error" and "cannot be decoded" in message
    assert run(folder) == 1
    assert "l4kq2p" in capsys.readouterr().err and not (folder / "out").exists()


def test_a_length_that_the_file_does_not_have_is_a_warning(folder: Path) -> None:
    wav(folder / "ferry.sounds/line/l4kq2p.wav", 2.0)
    assert said(folder) == []  # nothing is decoded
    ((severity, message),) = said(folder, "ferry.show.yaml")
    assert severity == "warning" and "is 2.00 s long, but the index says 1.00 s" in message


def test_a_sound_file_that_the_index_does_not_name_is_a_warning(folder: Path) -> None:
    wav(folder / "ferry.sounds/line/l4kq2p.wav")
    wav(folder / "ferry.sounds/bell.wav")
    ((severity, message),) = said(folder)
    assert severity == "warning" and "bell.wav" in message and "never played" in message


def test_warnings_of_a_run_are_in_its_json(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from xrdrama.tools.takes import rendering

    def refuse(*_: object, **__: object) -> None:
        raise UsageError("not drawn in this test")

    monkeypatch.setattr(rendering, "draw_take", refuse)
    write_model(folder / "scenes" / "pier" / "scene.yaml")
    assert run(folder, "--json") == 2
    printed = capsys.readouterr()
    (warning,) = json.loads(printed.out)["warnings"]
    assert "the sound 'line/l4kq2p' has no file" in warning
    assert "has no file" in printed.err


def test_a_move_that_cannot_be_parsed_is_reported_with_its_show(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wav(folder / "ferry.sounds/line/l4kq2p.wav")
    assert not [p for p in check_file(folder / "ferry.show.yaml") if "dolly" in p.file]
    (folder / "dolly.move.yaml").write_text("keys:\n  - {at: soon, position: [0, -1]}\n")
    found = [p for p in check_file(folder / "ferry.show.yaml") if "dolly" in p.file]
    assert {p.severity for p in found} == {"error"} and found[0].line == 2
    assert run(folder) == 1
    assert "dolly.move.yaml:2" in capsys.readouterr().err and not (folder / "out").exists()


@pytest.mark.parametrize("ending", ["WAV", "Wav"])
def test_a_file_in_another_letter_case_is_named(folder: Path, ending: str) -> None:
    wav(folder / f"ferry.sounds/line/l4kq2p.{ending}")
    (problem,) = [p for p in check_file(folder / "ferry.branch.yaml") if p.code == "C006"]
    assert problem.hint.startswith(f"rename line/l4kq2p.{ending} to line/l4kq2p.wav")


def test_a_sound_that_is_missing_when_a_take_is_drawn_is_named(folder: Path) -> None:
    loaded = content.load_show(str(folder / "ferry.show.yaml"))
    production = content.produce(loaded)
    show, frames = opening(production), []
    for number in range(48):
        show, frame = advance(show, Tick(FrameTime.of(number, production.rate), ()))
        frames.append(frame)
    assert sound_of(frames, loaded, production)[1] == ("line/l4kq2p",)
    wav(folder / "ferry.sounds/line/l4kq2p.wav")  # the control
    samples, missing = sound_of(frames, loaded, production)
    assert missing == () and samples is not None and abs(samples).max() > 0


# -- lengths that were measured before ----------------------------------------------------------


def test_a_sound_that_was_measured_is_not_decoded_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    wav(folder / "ferry.sounds/line/l4kq2p.wav", 2.0)
    before = said(folder, "ferry.show.yaml")
    assert "is 2.00 s long" in before[0][1]
    monkeypatch.setattr("xrdrama.tools.checking.measured._decoded", _must_not_be_called)
    assert said(folder, "ferry.show.yaml") == before


def test_a_sound_that_changed_is_decoded_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    path = folder / "ferry.sounds/line/l4kq2p.wav"
    wav(path)
    assert said(folder, "ferry.show.yaml") == []
    stamp = path.stat()
    wav(path, 3.0)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert "is 3.00 s long" in said(folder, "ferry.show.yaml")[0][1]
    path.write_bytes(path.read_bytes()[:20])
    assert said(folder, "ferry.show.yaml")[0][0] == "error"


def test_a_damaged_cache_is_measured_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    wav(folder / "ferry.sounds/line/l4kq2p.wav", 2.0)
    before = said(folder, "ferry.show.yaml")
    (kept,) = (folder / "cache/xrdrama/sounds").iterdir()
    for damaged in (b"", b"\xc1", b"\x81\xa1a\xa1b", kept.read_bytes()[:-3]):
        kept.write_bytes(damaged)
        assert said(folder, "ferry.show.yaml") == before
    kept.unlink()
    kept.mkdir()
    assert said(folder, "ferry.show.yaml") == before


def _must_not_be_called(_: Path) -> float:
    raise AssertionError("a sound was decoded again")
