"""The layers hold, and would be missed if they did not: each contract is also broken on purpose."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "xrdrama"
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
CONTRACTS = PROJECT["tool"]["importlinter"]["contracts"]
LAYERS = next(contract for contract in CONTRACTS if contract["type"] == "layers")
NAMES = [contract["name"] for contract in CONTRACTS]
MODULES = sorted(PACKAGE.rglob("*.py"))

LONGEST = 450
GROWN = {
    "speech/spelling.py": 466,
}
"""Modules that are longer than they should be. They may shrink, and leave this list."""


def lint(folder: Path) -> tuple[int, dict[str, bool]]:
    """The exit status of import-linter in a folder, and which contracts hold."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    verdicts = {
        name: verdict == "KEPT"
        for name, verdict in re.findall(r"^(.+?) (KEPT|BROKEN)$", done.stdout, re.MULTILINE)
    }
    return done.returncode, verdicts


def test_the_four_contracts_hold() -> None:
    status, verdicts = lint(REPOSITORY)
    assert verdicts == dict.fromkeys(NAMES, True) and len(NAMES) == 4
    assert status == 0


# -- the controls -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The contracts and the package, where something can be planted."""
    folder = tmp_path_factory.mktemp("copied")
    shutil.copy(REPOSITORY / "pyproject.toml", folder)
    ignore = shutil.ignore_patterns("__pycache__", "contents", "static", "node_modules")
    shutil.copytree(PACKAGE, folder / "xrdrama", ignore=ignore)
    return folder


PLANTED = [
    ("Dependencies point inwards", "spatial.py", "import xrdrama.story"),
    ("Dependencies point inwards", "story/chance.py", "from xrdrama.show import tick"),
    ("Dependencies point inwards", "show/tick.py", "from xrdrama import saving"),
    ("Dependencies point inwards", "adapters/osc.py", "import xrdrama.run.runner"),
    ("Dependencies point inwards", "stage/model.py", "import xrdrama.scene"),
    ("Dependencies point inwards", "helpers.py", ""),
    (NAMES[1], "story/chance.py", "import random"),
    (NAMES[1], "show/tick.py", "import time"),
    (NAMES[1], "wire/codec.py", "import socket"),
    (NAMES[1], "scene/cues.py", "from pathlib import Path"),
    (NAMES[1], "tracking/freed.py", "import threading"),
    ("Adapters do not know each other", "adapters/video/files.py", "import xrdrama.adapters.audio"),
    (
        "Adapters do not know each other",
        "adapters/bridge/queue.py",
        "import xrdrama.adapters.journal",
    ),
    ("Arrays stay where there are arrays", "show/acts.py", "import numpy"),
    ("Arrays stay where there are arrays", "spatial.py", "from numpy import array"),
]


@pytest.mark.parametrize(("contract", "module", "line"), PLANTED, ids=lambda value: value)
def test_a_planted_violation_is_reported(
    contract: str, module: str, line: str, copied: Path
) -> None:
    path = copied / "xrdrama" / module
    before = path.read_text("utf-8") if path.exists() else None
    path.write_text((before or "") + f"\n{line}\n", "utf-8")
    try:
        status, verdicts = lint(copied)
    finally:
        path.unlink() if before is None else path.write_text(before, "utf-8")
    assert status != 0
    if line:  # a module in no layer is an error of its own, before any verdict
        assert not verdicts[contract]
        assert [name for name, kept in verdicts.items() if not kept] == [contract]


def test_the_copy_itself_is_sound(copied: Path) -> None:
    assert lint(copied) == (0, dict.fromkeys(NAMES, True))


# -- what the contracts speak of ----------------------------------------------------------------


def modules_of(folder: Path) -> set[str]:
    """The modules and packages right in a folder."""
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    return packages | {path.stem for path in folder.glob("*.py")} - {"__init__"}


def test_every_layer_is_there_and_everything_is_in_a_layer() -> None:
    named = {name for layer in LAYERS["layers"] for name in re.split(r"[ |:]+", layer)}
    assert named == modules_of(PACKAGE)
    assert LAYERS["exhaustive"] is True


def test_every_adapter_is_independent() -> None:
    contract = next(one for one in CONTRACTS if one["type"] == "independence")
    assert set(contract["modules"]) == {
        f"xrdrama.adapters.{name}" for name in modules_of(PACKAGE / "adapters")
    }


def test_every_module_of_a_contract_is_there() -> None:
    for contract in CONTRACTS:
        for name in (*contract.get("source_modules", ()), *contract.get("modules", ())):
            path = REPOSITORY / name.replace(".", "/")
            assert path.with_suffix(".py").is_file() or (path / "__init__.py").is_file(), name


# -- names and sizes ----------------------------------------------------------------------------

BLURRED = re.compile(r"(?:^|_)(utils?|helpers?|common|core|managers?|base|misc|info|data)(?:_|$)")


def test_no_module_has_a_name_that_says_nothing() -> None:
    for path in MODULES:
        for part in path.relative_to(PACKAGE).with_suffix("").parts:
            assert not BLURRED.search(part), path
    assert BLURRED.search("http_utils") and BLURRED.search("core")  # the control
    assert not BLURRED.search("score") and not BLURRED.search("database_of_cues")


def too_long(lengths: dict[str, int]) -> list[str]:
    return [name for name, count in lengths.items() if count > GROWN.get(name, LONGEST)]


def test_no_module_is_too_long() -> None:
    lengths = {
        path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8").count("\n")
        for path in MODULES
    }
    assert too_long(lengths) == []
    shrunk = [name for name in GROWN if lengths.get(name, 0) <= LONGEST]
    assert shrunk == [], "take them off the list"
    assert too_long({"new.py": LONGEST + 1}) == ["new.py"]  # the control


def test_the_package_imports_without_a_renderer() -> None:
    """`import xrdrama`, and all that a wire, a story or a show needs, wants none of the extras."""
    heavy = ("panda3d", "direct", "numpy", "zmq", "av", "cv2", "mediapipe", "vosk", "sounddevice")
    code = (
        "import sys\n"
        f"for name in {heavy!r}: sys.modules[name] = None\n"
        "import xrdrama, xrdrama.show, xrdrama.story, xrdrama.wire, xrdrama.content, xrdrama.cli\n"
        "from xrdrama.show.take import read_take\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("package", ["story", "scene", "stage", "show"])
def test_the_same_file_name_has_the_same_role_in_every_package_with_a_file_format(
    package: str,
) -> None:
    """`form`: keys and published schema; `parse`: text to model; `model`: values, no parsing."""

    def defined(role: str) -> set[str]:
        text = (PACKAGE / package / f"{role}.py").read_text("utf-8")
        return set(re.findall(r"^(?:def|class) (\w+)", text, re.MULTILINE))

    assert f"{package}_schema" in defined("form")
    assert f"parse_{package}" in defined("parse")
    assert not any(name.startswith("parse_") for name in defined("model"))
    assert not any(name.endswith("_schema") for name in defined("parse") | defined("model"))
