"""`xrdrama new` and `xrdrama scene new`: what they write is valid, plays and runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xrdrama.cli import run
from xrdrama.document.names import as_name, is_name
from xrdrama.tools.checking.contents import check_paths
from xrdrama.tools.checking.plans import run_plans
from xrdrama.tools.starting.folders import new_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("projects") / "harbour"
    new_project(folder)
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = run(list(arguments))
    return status, *capsys.readouterr()


def test_new_project_has_no_problems_and_passes_its_tests(project: Path) -> None:
    problems, count = check_paths([project])
    assert (problems, count) == ([], 6)
    assert run_plans([project]) == (3, [])


def test_new_project_is_in_canonical_form_with_a_readme_of_at_most_15_lines(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "fmt", "--check", str(project))[0] == 0
    assert len((project / "README.md").read_text().splitlines()) <= 15


def test_check_of_a_changed_project_fails(project: Path, tmp_path: Path) -> None:
    new_project(tmp_path / "harbour")
    story = tmp_path / "harbour" / "branches" / "harbour.branch.yaml"
    story.write_text(story.read_text().replace("@lamp_up", "@lamp_off"))
    problems, _ = check_paths([tmp_path])
    assert {problem.code for problem in problems} == {"C002"}


def test_new_project_plays_by_name_in_its_folder_and_from_outside(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = project.parent
    for folder, name in (
        (project, "harbour"),
        (project / "scenes", "harbour"),
        (outside, "harbour"),
        (outside, "harbour/harbour"),
    ):
        monkeypatch.chdir(folder)
        status, out, err = said(capsys, "play", name, "--choices", "leave_it", "--json")
        assert status == 0, err
        assert json.loads(out.splitlines()[-1]) == {"ending": "lamp"}


@pytest.mark.peer
def test_project_runs_from_outside_with_videos_and_replays_identically(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.chdir(project.parent)
    out = tmp_path / "run"
    status, text, err = said(
        capsys, "run", "harbour/harbour", "--headless", "--fixed-rate", "--seconds", "0.25",
        "--out", str(out), "--json",
    )  # fmt: skip
    assert status == 0, err
    assert json.loads(text)["drawn"] == 6
    monkeypatch.chdir(project)
    status, text, _ = said(capsys, "replay", str(out / "harbour.take"), "--json")
    assert status == 0
    assert json.loads(text)["identical"]


def test_set_that_cannot_be_drawn_stops_a_run_with_videos_before_it_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_project(tmp_path / "harbour")
    model = next((tmp_path / "harbour" / "scenes" / "harbour" / "assets").glob("*.glb"))
    model.unlink()
    show, out = str(tmp_path / "harbour" / "shows" / "harbour.show.yaml"), tmp_path / "out"
    words = ["run", show, "--headless", "--fixed-rate", "--seconds", "0.1", "--out", str(out)]
    status, _, error = said(capsys, *words)
    assert status == 1 and "S020" in error and model.name in error
    assert not list(tmp_path.glob("out/*.take"))


def test_run_leaves_no_project_in_the_environment(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.parent)
    said(capsys, "replay", str(project / "none.take"))
    status, _, err = said(capsys, "play", "other_story")
    assert status == 2
    assert "harbour" not in err


def test_name_of_the_project_wins_and_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new_project(tmp_path / "one_lantern_too_many")
    monkeypatch.chdir(tmp_path / "one_lantern_too_many")
    status, out, err = said(capsys, "play", "one_lantern_too_many", "--choices", "1", "--json")
    assert status == 0
    assert json.loads(out.splitlines()[-1]) == {"ending": "lamp"}
    note = next(line for line in err.splitlines() if line.startswith("note: "))
    assert str(tmp_path) in note and note.count("one_lantern_too_many.branch.yaml") == 2
    monkeypatch.chdir(tmp_path)
    _, _, err = said(capsys, "play", "one_lantern_too_many", "--choices", "remember")
    assert "note: " not in err


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "harbour"
    folder.mkdir()
    (folder / "mine").write_text("mine")
    status, _, err = said(capsys, "new", str(folder))
    assert status == 2 and "exists already" in err
    status, _, err = said(capsys, "scene", "new", "harbour", "--out", str(folder))
    assert status == 2 and "exists already" in err
    assert [path.name for path in folder.iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["Night Ferry", "2nd", "a-b", "É"])
def test_invalid_name_is_refused_with_a_valid_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    status, _, err = said(capsys, "new", str(tmp_path / name))
    assert status == 2
    assert is_name(as_name(name)) and f"such as {as_name(name)}" in err
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["../../pier", "pier/", "/tmp/pier", "..", "a/b"])
def test_name_of_a_set_is_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    inside = tmp_path / "one" / "two"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    status, _, err = said(capsys, "scene", "new", name)
    assert status == 2 and "cannot be the name of a set" in err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    # A place elsewhere is chosen with --out.
    status, _, _ = said(capsys, "scene", "new", "pier", "--out", "../harbour")
    assert status == 0 and (tmp_path / "one" / "harbour" / "scene.yaml").is_file()


def test_new_set_compiles_and_is_within_the_budget_of_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, _ = said(capsys, "scene", "new", "pier", "--json")
    assert status == 0
    assert json.loads(out)["folder"] == "scenes/pier"
    status, out, _ = said(capsys, "scene", "check", "pier", "--json")
    found = json.loads(out)
    assert status == 0 and found["problems"] == []
    assert found["triangles"] < 35_000 and found["pieces"] < 100
