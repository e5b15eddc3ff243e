"""`xrdrama doctor`: what is available on this machine, and how to add what is missing."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

import msgspec

from xrdrama import content, plugins
from xrdrama.document import suggestion
from xrdrama.errors import UsageError, XrdramaError
from xrdrama.run.listening import listen
from xrdrama.stage import Stage
from xrdrama.tools.models import listed


class Check(msgspec.Struct, frozen=True):
    """One finding: a name, whether it is available, details, and what to do if not."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def examine(name: str = "", seconds: float = 1.5) -> list[Check]:
    """Run all checks; a failed check does not stop the others.

    Listens for `seconds` to the trackers of `name`, a show or a stage, or else to those of the
    stages in the working folder.
    """
    stages = _stages(name)
    checks = [_python(), *_packages()]
    for title, look in _LOOKS:
        try:
            checks.append(look())
        except XrdramaError as error:
            remedy = getattr(error, "remedy", "")
            checks.append(Check(title, False, getattr(error, "message", str(error)), remedy))
        except (ImportError, OSError) as error:
            checks.append(Check(title, False, str(error), "pip install 'xrdrama[all]'"))
    checks += _plugins()
    for stage, finding in listen(stages, seconds).items():
        received = finding.kind == "received"
        checks.append(Check(f"tracking of {stage}", received, finding.text, finding.remedy))
    for model in listed():
        checks.append(Check(model.name, model.here, model.detail))
    return checks


def _stages(name: str) -> list[Stage]:
    """The stages whose trackers to listen to. Invalid stages in the folder are skipped: `xrdrama
    check` reports them."""
    if not name:
        found = [content.read_stage(path)[0] for path in _stage_files()]
        return [stage for stage in found if stage is not None]
    path = Path(name)
    if path.name.endswith(".show.yaml") or (
        not path.name.endswith(".stage.yaml") and name in content.names("show")
    ):
        stage = content.produce(content.load_show(name)).stage
        if stage is None:
            raise UsageError(f"the show {name} has no stage", "use a show that has a stage")
        return [stage]
    known = [*content.names("stage"), *content.names("show")]
    if not path.is_file() and path.name not in known and not path.name.endswith(".stage.yaml"):
        raise UsageError(f"there is no show or stage {name!r}", suggestion(name, known))
    return [content.load_stage_file(content.find("stage", name))]


def _stage_files() -> list[Path]:
    return sorted(Path.cwd().glob(f"*{content.SUFFIXES['stage']}"))


def _python() -> Check:
    version = platform.python_version()
    return Check("Python", sys.version_info >= (3, 11), version, "3.11 or newer is needed")


def _packages() -> list[Check]:
    found = []
    for extra, package in (
        ("wall", "panda3d"),
        ("bridge", "pyzmq"),
        ("voice", "moonshine-voice"),
        ("gesture", "mediapipe"),
        ("headset", "pyopenxr"),
        ("author", "networkx"),
        ("author", "prompt-toolkit"),
        ("author", "pygls"),
        ("ink", "bink"),
    ):
        try:
            found.append(Check(package, True, installed(package)))
        except PackageNotFoundError:
            found.append(Check(package, False, "not installed", f"pip install 'xrdrama[{extra}]'"))
    return found


def _gl() -> Check:
    from xrdrama.adapters.panda.graphics import open_graphics

    graphics = open_graphics()
    renderer = graphics.renderer
    graphics.close()
    slow = "llvmpipe" in renderer or "softpipe" in renderer
    detail = (
        f"{renderer}: rendered on the CPU; use draft quality for live shows" if slow else renderer
    )
    return Check("OpenGL without a screen", True, detail)


def _fonts() -> Check:
    from xrdrama.adapters.panda.lettering.text.fonts import OFFERED, font_of, package_of
    from xrdrama.adapters.panda.lettering.text.scripts import cluster_script

    lacking = [name for name, sample in OFFERED if not font_of(sample, cluster_script(sample), "")]
    covered = [name for name, _ in OFFERED if name not in lacking]
    packages = dict.fromkeys(package_of(name) for name in lacking)
    detail = f"{len(covered)} of {len(OFFERED)} scripts: {', '.join(covered)}"
    if lacking:
        detail += f"; no font for: {', '.join(lacking)}"
    return Check("fonts", not lacking, detail, f"apt-get install {' '.join(packages)}")


def _sound() -> Check:
    from xrdrama.adapters.audio.speaker import loudspeakers

    out = loudspeakers()
    return Check(
        "loudspeaker",
        bool(out),
        out[0] if out else "no device",
        "connect a loudspeaker; without one, only videos have sound",
    )


def _microphone() -> Check:
    from xrdrama.adapters.voice.sources import microphones

    found = microphones()
    remedy = "connect one, or use a recording: --input NAME=file:PATH"
    return Check("microphone", bool(found), found[0] if found else "no device", remedy)


def _camera() -> Check:
    cameras = sorted(Path("/dev").glob("video*"))
    remedy = "connect one, or use a recording: --input NAME=file:PATH"
    names = ", ".join(path.name for path in cameras)
    return Check("camera", bool(cameras), names or "no device", remedy)


def _openxr() -> Check:
    import os

    named = os.environ.get("XR_RUNTIME_JSON", "")
    places = [Path(named)] if named else []
    places += [Path("/etc/xdg/openxr/1/active_runtime.json"),
               Path("/usr/share/openxr/1/openxr_monado.json"),
               Path.home() / ".config/openxr/1/active_runtime.json"]  # fmt: skip
    found = next((path for path in places if path.is_file()), None)
    return Check(
        "OpenXR runtime",
        found is not None,
        str(found) if found else "no runtime is active",
        "start SteamVR, Monado or your headset's runtime",
    )


def _ink() -> Check:
    from xrdrama.processes.ink import INSTALL_COMPILER, compiler

    found = compiler()
    remedy = f"{INSTALL_COMPILER}; compiled ink (.ink.json) needs none"
    return Check("ink compiler", bool(found), found or "none", remedy)


def _contents() -> Check:
    shows = content.names("show")
    return Check(
        "shows",
        bool(shows),
        ", ".join(shows) or "none",
        "run it in the folder of a clone, or install xrdrama again",
    )


def _plugins() -> list[Check]:
    """Every installed plug-in, and for one that cannot be used the reason."""
    checks = []
    for member in plugins.members():
        noun = member.group.removeprefix("xrdrama.").removesuffix("s")
        package = f"{member.package} {member.version}".strip() or "no package"
        name = f"{noun} {member.name}"
        detail = f"{package}: {member.fault}" if member.fault else package
        checks.append(Check(name, not member.fault, detail, member.remedy))
    return checks


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    return Check(
        "disk", free > 2, f"{free:.0f} GB free here", "free some space: takes and videos need 2 GB"
    )


_LOOKS: list[tuple[str, Callable[[], Check]]] = [
    ("OpenGL without a screen", _gl),
    ("fonts", _fonts),
    ("loudspeaker", _sound),
    ("microphone", _microphone),
    ("camera", _camera),
    ("OpenXR runtime", _openxr),
    ("shows", _contents),
    ("ink compiler", _ink),
    ("disk", _disk),
]
