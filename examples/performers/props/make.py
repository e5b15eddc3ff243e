"""Make the models of what the figures hold again, into assets/ or another folder.

python examples/performers/props/make.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[2] / "scenes")]

from making import props  # noqa: E402

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "assets"
    folder.mkdir(exist_ok=True)
    (folder / "lantern.glb").write_bytes(props.lantern())
    (folder / "taper.glb").write_bytes(props.taper())
