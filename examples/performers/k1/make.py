"""Make the model of k1 again, into assets/ or another folder.

python examples/performers/k1/make.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[2] / "scenes")]

from making import assembly, k1  # noqa: E402

if __name__ == "__main__":
    assembly.write_robot(
        Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "assets",
        "k1",
        k1.bones(),
        k1.parts(),
        k1.FINISHES,
    )
