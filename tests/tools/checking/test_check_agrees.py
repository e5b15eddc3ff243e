"""What `check SHOW` calls an error, `run` refuses before it starts, with the same words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.content.test_texts import FILES
from xrdrama import cli
from xrdrama.tools.checking.contents import check_file

TABLE, SHOW, STORY = "ferry.fr.csv", "ferry.show.yaml", "ferry.branch.yaml"
SLIPS: dict[str, tuple[str, Callable[[str], str], str]] = {
    "other columns": (TABLE, lambda text: text.replace("source", "number"), "L001"),
    "no first line": (TABLE, lambda text: text.partition("\n")[2], "L001"),
    "a row twice": (TABLE, lambda text: text + text.splitlines()[1] + "\n", "L008"),
    "too few columns": (TABLE, lambda text: text + "l4kq2p\n", "L002"),
    "an open quote": (TABLE, lambda text: text.replace("Une place", '"Une place'), "L006"),
    "nothing": (TABLE, lambda text: " ", "L001"),
    "no table": (SHOW, lambda text: text.replace("fr", "de"), "H008"),
    "an unknown look": (SHOW, lambda text: text + "look: blue\n", "H006"),
    "a look that no set can show": (
        SHOW,
        lambda text: text + "looks: {dusk: {params: {fgo: 1}}}\n",
        "H015",
    ),
    "a cue that the set does not have": (
        STORY,
        lambda text: text.replace("    choice:", "      @nightfall\n    choice:"),
        "C002",
    ),
    "a hidden plot that nothing opens": (
        STORY,
        lambda text: text + "  c: {return: true}\nhidden:\n  - {id: print, on: [], to: c}\n",
        "C005",
    ),
    "a plot beside the main path that ends the story": (
        STORY,
        lambda text: (
            text + "  c: {ending: other}\nhidden:\n"
            "  - {id: print, on: {marker: print}, to: c, parallel: true}\n"
        ),
        "G009",
    ),
    "a loop that nobody can leave": (
        STORY,
        lambda text: (
            text.replace("to: b", "to: c")
            + "  c: {script: 'BOATMAN: Round.', next: d}\n  d: {script: '@wait 1s', next: c}\n"
        ),
        "G013",
    ),
    "a loop in which no time passes": (
        STORY,
        lambda text: text.replace("to: b", "to: c") + "  c: {next: d}\n  d: {next: c}\n",
        "G002",
    ),
    "an unknown sound": (SHOW, lambda text: text + "ambience: rain\n", "H007"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def ran(folder: Path) -> int:
    show, out = str(folder / SHOW), str(folder / "out")
    return cli.run(["run", show, "--fixed-rate", "--seconds", "0.1", "--no-video", "--out", out])


def test_a_show_without_errors_runs(folder: Path) -> None:
    assert ran(folder) == 0 and list((folder / "out").glob("*.take"))


@pytest.mark.parametrize("slip", SLIPS)
def test_an_error_of_check_is_refused_by_run(
    slip: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, edit, code = SLIPS[slip]
    (folder / name).write_text(edit(FILES[name]), "utf-8")
    found = [p for p in check_file(folder / SHOW) if p.code == code]
    assert found and found[0].severity == "error" and found[0].file.endswith(name)
    assert ran(folder) == 1
    printed = capsys.readouterr().err
    assert f"{name}:{found[0].line}" in printed and code in printed
    assert not (folder / "out").exists()
    if name == STORY:
        assert cli.run(["play", str(folder / STORY), "--choices", ""]) == 1
        printed = capsys.readouterr().err
        assert f"{name}:{found[0].line}" in printed and code in printed
