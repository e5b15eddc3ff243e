"""The folder for render nodes: complete, checked by hash, and named where it differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xrdrama import content
from xrdrama.cli import run
from xrdrama.content.drawn import drawn_files
from xrdrama.nodes.rendering import first_difference
from xrdrama.wire.nodes import NodeContent

SHOW = "lantern_nodes"


def hashes(show: str) -> dict[str, str]:
    return {name: file.hash for name, file in drawn_files(content.load_show(show)).items()}


def test_a_pushed_show_is_the_same_show_and_a_changed_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XRDRAMA_PROJECT", "")
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "pushed"
    first, again = (
        (run(["nodes", "push", SHOW, "--to", str(folder), "--json"]), capsys.readouterr().out)
        for _ in range(2)
    )
    said = json.loads(first[1])
    assert first[0] == again[0] == 0 and said["copied"] == said["files"] > 20
    assert (
        json.loads(again[1])["copied"] == 0 and json.loads(again[1])["content"] == said["content"]
    )

    monkeypatch.setenv("XRDRAMA_PROJECT", str(folder))
    pushed = folder / "shows" / f"{SHOW}.show.yaml"
    core, node = hashes(SHOW), hashes(str(pushed))
    assert core == node
    loaded = content.load_show(str(pushed))
    inside = {file.path.resolve().is_relative_to(folder) for file in drawn_files(loaded).values()}
    assert inside == {True}
    assert content.produce(loaded).nodes == {"front": ("arc",), "top": ("ceiling", "floor")}

    # A line end does not count, nor a look that a director saves; anything else does.
    pushed.write_bytes(pushed.read_bytes().replace(b"\n", b"\r\n") + b"looks: {}\r\n")
    assert hashes(str(pushed)) == core
    stage = folder / "stages" / "two_canvases.stage.yaml"
    stage.write_text(stage.read_text().replace("radius: 4.5", "radius: 4.6"))
    wanted = NodeContent(SHOW, {}, core)
    assert first_difference(wanted, hashes(str(pushed))) == "stages/two_canvases.stage.yaml"
    monkeypatch.setenv("XRDRAMA_PROJECT", "")
    assert run(["nodes", "push", SHOW, "--to", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["copied"] == 2
    assert hashes(str(pushed)) == core
    assert first_difference(wanted, {**core, "scenes/tea_room/more.glb": "ab"}).endswith("more.glb")
