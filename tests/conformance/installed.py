"""A package with entry points, installed where nothing else sees it: in a folder on sys.path."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
STAGEHAND = {
    "xrdrama.trackers": {"boom": "stagehand.boom"},
    "xrdrama.inputs": {"footswitch": "stagehand.footswitch"},
    "xrdrama.outputs": {"lamps": "stagehand.lamps"},
    "xrdrama.importers": {"cards": "stagehand.cards"},
    "xrdrama.exporters": {"cards": "stagehand.cards"},
}
"""The entry points of `stagehand`, by group. Each is a line of its pyproject."""


def install(
    folder: Path,
    patch: pytest.MonkeyPatch,
    points: dict[str, dict[str, str]],
    modules: Path | dict[str, str],
    name: str = "stagehand",
) -> None:
    """Write a package and its dist-info into `folder`, for this process and its children.

    `modules` are a folder of sources, or texts by file name.
    """
    package = folder / name
    if isinstance(modules, Path):
        shutil.copytree(modules, package, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        package.mkdir(parents=True)
        for file, text in {"__init__.py": "", **modules}.items():
            (package / file).write_text(text, "utf-8")
    information = folder / f"{name}-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [
        line
        for group, members in points.items()
        for line in (f"[{group}]", *(f"{key} = {value}" for key, value in members.items()))
    ]
    (information / "entry_points.txt").write_text("\n".join(lines) + "\n")
    for module in [each for each in sys.modules if each.partition(".")[0] == name]:
        del sys.modules[module]  # of a package of this name that a test before had installed
    patch.syspath_prepend(folder)
    before = os.environ.get("PYTHONPATH")
    patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(folder), before))))


def stagehand(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Install the package of somebody else."""
    install(folder, patch, STAGEHAND, HERE / "stagehand")
