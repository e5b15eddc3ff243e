"""Makes wave.obj, the surface of the stage `wave_wall`: an LED wall that is curved unevenly, with a
slanting upper edge.

    python examples/stages/surfaces/make.py

x is to the right, y up, z towards the audience, in metres, as in most modelling programs. The UV of
each corner is its position on the wall: u to the right, v up, both 0 to 1.
"""

from math import cos, pi, sin
from pathlib import Path

COLUMNS, ROWS = 14, 6
WIDTH, HEIGHT = 7.0, 3.0


def corner(u: float, v: float) -> tuple[float, float, float]:
    """A point of the wall in metres."""
    x = WIDTH * (u - 0.5)
    bulge = 0.35 * sin(2.2 * pi * u + 0.6) + 0.9 * (2 * u - 1) ** 2
    lean = 0.45 * v * v * cos(pi * (u - 0.3))
    return x, 0.1 + v * HEIGHT * (0.85 + 0.15 * u), bulge + lean


def obj() -> str:
    """The OBJ file."""
    lines = ["# made by make.py", "o wave"]
    places = [(i / COLUMNS, j / ROWS) for j in range(ROWS + 1) for i in range(COLUMNS + 1)]
    lines += ["v {:.4f} {:.4f} {:.4f}".format(*corner(u, v)) for u, v in places]
    lines += [f"vt {u:.6f} {v:.6f}" for u, v in places]
    for j in range(ROWS):
        for i in range(COLUMNS):
            a = j * (COLUMNS + 1) + i + 1
            around = (a, a + 1, a + COLUMNS + 2, a + COLUMNS + 1)
            lines.append("f " + " ".join(f"{n}/{n}" for n in around))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (Path(__file__).parent / "wave.obj").write_text(obj(), "utf-8")
