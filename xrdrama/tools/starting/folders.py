"""Makes a project folder or a set from templates; nothing that exists is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

from xrdrama.document.names import as_name, is_name
from xrdrama.errors import UsageError
from xrdrama.saving import saving_folder
from xrdrama.tools.starting.yard import yard_glb

_PROJECT: Final = {
    "README.md": "readme",
    "branches/{}.branch.yaml": "story",
    "branches/{}.testplan": "testplan",
    "stages/{}.stage.yaml": "stage",
    "stages/{}.move.yaml": "move",
    "shows/{}.show.yaml": "show",
}
_SET: Final = {"scene.yaml": "scene"}
MODEL: Final = "assets/yard.glb"


def new_project(where: Path) -> list[Path]:
    """Make the folder of a small show that runs at once; returns its files.

    The last part of `where` is the name of the show, story, set and stage. UsageError for a name
    that content cannot have and for a folder that exists; DeviceError when it cannot be written.
    """
    name = _named(where.name, "show")
    found: dict[str, str | bytes] = dict(_texts(_PROJECT, name))
    for path, data in _set_files(name).items():
        found[f"scenes/{name}/{path}"] = data
    return _write(where, found)


def new_scene(name: str, out: Path | None = None) -> list[Path]:
    """Make the folder of a minimal set, `scenes/NAME` or the folder `out`; returns its files.

    Errors as for `new_project`.
    """
    where = out if out is not None else Path("scenes") / _named(name, "set")
    return _write(where, _set_files(_named(where.name, "set")))


def _set_files(name: str) -> dict[str, str | bytes]:
    return {**_texts(_SET, name), MODEL: yard_glb()}


def _texts(templates: Mapping[str, str], name: str) -> dict[str, str]:
    title = name.replace("_", " ").capitalize()
    folder = files("xrdrama.tools.starting") / "templates"
    return {
        path.format(name): Template((folder / f"{template}.txt").read_text("utf-8")).substitute(
            name=name, title=title
        )
        for path, template in templates.items()
    }


def _named(name: str, what: str) -> str:
    """The name; UsageError if it cannot be that of a show or set, such as a path."""
    if not is_name(name):
        hint = f"such as {as_name(Path(name).name) or 'night_ferry'}"
        raise UsageError(
            f"{name!r} cannot be the name of a {what}",
            f"use small letters, digits and _, and a letter first, {hint}",
        )
    return name


def _write(where: Path, contents: Mapping[str, str | bytes]) -> list[Path]:
    if where.exists() or where.is_symlink():
        raise UsageError(
            f"{where} exists already, and nothing in it was changed",
            "choose another name, or delete it",
        )
    with saving_folder(where) as folder:
        for path, content in contents.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
    return [where / path for path in contents]
