"""Plug-ins that cannot be used: `check` says which, where and what to do; `doctor` lists them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from tests.conformance.installed import install, stagehand
from tests.conformance.shows import write_show
from xrdrama import content, plugins
from xrdrama.errors import Problem
from xrdrama.tools import doctor
from xrdrama.tools.checking.contents import check_file, check_loaded

FAULTS = {
    "a package that is not installed": (
        "import no_such_library",
        "needs a package that is not installed",
        "install the package broken again",
    ),
    "a declared package that is not installed": (
        "REQUIRES = ('no_such_library',)\ndef open(*_): ...\ndef decoder(): ...\n"
        "def encode(s): ...\n",
        "No module named 'no_such_library'", "install the package broken again",
    ),
    "an exception": ("1 / 0", "cannot be loaded: ZeroDivisionError", "update or remove"),
    "nothing in it": ("", "has no ", "bridge/README.md"),
}  # fmt: skip
SETTINGS = {
    "no struct": ("def open(*_): ...\nSETTINGS = {'speed': 3}", "is not a msgspec.Struct"),
    "a type that does not exist": (
        "import msgspec\ndef open(*_): ...\nclass SETTINGS(msgspec.Struct):\n    speed: 'Fast'\n",
        "cannot be read: NameError",
    ),
}
USES = {
    "trackers": ("", "small_wall.stage.yaml", 8, "W009"),
    "inputs": ("inputs:\n  thing: {use: broken}\n", "plugged.show.yaml", 6, "H013"),
    "outputs": ("outputs:\n  thing: {use: broken}\n", "plugged.show.yaml", 6, "H013"),
}


def show_with(group: str, folder: Path) -> Path:
    protocol = "broken" if group == "trackers" else "freed"
    return write_show(folder, USES[group][0], protocol=protocol, move=False)


def errors(show: Path) -> list[Problem]:
    return [problem for problem in check_file(show) if problem.severity == "error"]


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Installs a package whose member of a group has this source."""

    def make(group: str, source: str) -> None:
        points = {f"xrdrama.{group}": {"broken": "broken.member"}}
        install(tmp_path / "site", monkeypatch, points, {"member.py": source}, name="broken")
        importlib.invalidate_caches()

    return make


@pytest.mark.parametrize("group", USES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_plugin_that_cannot_be_loaded_is_an_error_of_check(
    fault: str,
    group: str,
    broken,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    source, message, remedy = FAULTS[fault]
    _, file, line, code = USES[group]
    broken(group, source)
    show = show_with(group, tmp_path)
    (problem,) = errors(show)
    assert (Path(problem.file).name, problem.line, problem.code) == (file, line, code)
    assert message in problem.message and "'broken'" in problem.message
    assert remedy in problem.hint and "broken" in problem.hint
    loaded = content.load_show(str(show))
    assert [(p.line, p.message) for p in check_loaded(loaded, content.produce(loaded))] == [
        (line, problem.message)  # a run refuses what check refuses
    ]


@pytest.mark.parametrize("group", ["inputs", "outputs"])
@pytest.mark.parametrize("fault", SETTINGS)
def test_settings_that_are_declared_wrongly_are_an_error_of_check(
    fault: str,
    group: str,
    broken,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    source, message = SETTINGS[fault]
    broken(group, source)
    (problem,) = errors(show_with(group, tmp_path))
    assert message in problem.message and problem.line == USES[group][2]


@pytest.mark.parametrize("group", USES)
def test_an_unknown_plugin_is_an_error_of_check(group: str, tmp_path: Path) -> None:
    (problem,) = errors(show_with(group, tmp_path))
    assert problem.line == USES[group][2] and "there is no " in problem.message
    assert problem.hint


def test_doctor_lists_plugins_with_their_packages_and_what_is_wrong(
    tmp_path: Path,
    broken,
    monkeypatch: pytest.MonkeyPatch,  # type: ignore[no-untyped-def]
) -> None:
    stagehand(tmp_path / "other", monkeypatch)
    broken("inputs", "import no_such_library")
    monkeypatch.setattr(doctor, "_LOOKS", [])
    checks = {check.name: check for check in doctor.examine()}
    for name in ("tracker boom", "input footswitch", "output lamps"):
        assert checks[name].ok and checks[name].detail == "stagehand 1.0"
    assert checks["tracker freed"].detail.startswith("xrdrama ")
    assert not checks["input broken"].ok and "no_such_library" in checks["input broken"].detail
    assert checks["input broken"].remedy == "install the package broken again"


def test_declarations_of_ours_are_read_without_a_heavy_library() -> None:
    """`check` of a show loads its plug-ins: none of them may bring an engine or a recogniser."""
    import subprocess

    probe = (
        "import sys\nfrom xrdrama import plugins\n"
        "assert [m for m in plugins.members() if m.fault] == []\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    heavy = {"panda3d", "mediapipe", "cv2", "av", "moonshine_voice", "vosk", "sounddevice", "zmq"}
    assert heavy & set(done.stdout.split()) == set()
    assert plugins.members()
