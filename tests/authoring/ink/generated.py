"""Ink stories with known lines, made by chance; and `python generated.py` writes the fixtures.

    python tests/authoring/ink/generated.py COMPILER

compiles `stories/*.ink` and the generated stories beside them with inkjs-compiler or inklecate.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

SPEAKERS = ("Mara", "Old Wen", "Lan", "")
WORDS = ("river", "lantern", "door", "seat", "night", "bell", "ferry", "coat", "road", "snow")
HERE = Path(__file__).resolve().parent / "stories"
MANY = 24


class Maker:
    """One story: knots with lines, values, alternatives, options, gathers and tunnels."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.count = 0
        self.said: list[tuple[str, str]] = []
        """Every line without conditions, by its speaker."""

    def line(self, depth: str = "") -> str:
        """A line that is said nowhere else."""
        self.count += 1
        speaker = self.chance.choice(SPEAKERS)
        words = " ".join(self.chance.sample(WORDS, 3))
        text = f"{words} {self.count}."
        self.said.append((speaker or "Narrator", text))
        return f"{depth}{speaker}: {text}" if speaker else f"{depth}{text}"

    def varied(self) -> str:
        """A line with a value, a condition or an alternative in it."""
        self.count += 1
        piece = self.chance.choice((
            "{coins}", "{coins > 2:rich|poor}", "{one|two|three}", "{&tick|tock}", "{!once}",
            "{seen: again}", "{coins + 1}", "{coins > 1 && not seen:{a|b}|c}", "{say(coins)}",
        ))  # fmt: skip
        return f"Lan: About {piece} number {self.count}, and <>\nmore.\n"

    def block(self) -> str:
        """A condition around lines, or an effect."""
        kind = self.chance.randrange(4)
        if kind == 0:
            return "~ coins = coins + 1\n"
        if kind == 1:
            return f"{{coins > 2:\n{self.line('  ')}\n- else:\n{self.line('  ')}\n}}\n"
        if kind == 2:
            return "-> aside ->\n"
        return f"{{\n- coins == 0:\n{self.line('  ')}\n- seen:\n{self.line('  ')}\n}}\n"

    def knot(self, number: int, knots: int) -> str:
        """A knot that leads to the next one, or to an earlier one."""
        text = f"=== knot_{number} ===\n{self.line()}\n"
        for _ in range(self.chance.randrange(3)):
            text += self.chance.choice((self.varied, self.block))()
        onward = f"knot_{number + 1}" if number + 1 < knots else "END"
        text += f"* [Go {number}] {self.line()}\n  ~ seen = true\n"
        text += f"* {{coins >= 1}} Pay {number}[] now.\n  ~ coins--\n{self.line('  ')}\n"
        text += f"  ** [Deep {number}]\n{self.line('     ')}\n  ** [Flat {number}]\n"
        text += f"  -- {self.line()}\n"
        stays = self.chance.randrange(2)
        if stays:
            text += f"+ [Stay {number}] -> knot_{self.chance.randrange(number + 1)}\n"
        if (
            self.chance.randrange(2) or not stays
        ):  # else ink runs out of content in a knot that is entered again
            text += f"+ -> {onward}\n"
        return f"{text}- {self.line()}\n-> {onward}\n"

    def story(self) -> str:
        """The whole file."""
        knots = 2 + self.chance.randrange(3)
        head = f"VAR coins = {self.chance.randrange(4)}\nVAR seen = false\n-> knot_0\n"
        body = "".join(self.knot(number, knots) for number in range(knots))
        tail = f"=== aside ===\n{self.line()}\n->->\n"
        tail += "=== function say(x) ===\n{x > 2:\n  many\n- else:\n  few\n}\n"
        return head + body + tail


def main(compiler: str) -> None:
    """Writes the fixtures."""
    for seed in range(MANY):
        (HERE / f"generated_{seed:02}.ink").write_text(Maker(seed).story())
    for file in sorted(HERE.glob("*.ink")):
        out = file.with_suffix(".ink.json")
        subprocess.run([compiler, "-o", str(out), str(file)], check=True)
        out.write_text(out.read_text("utf-8-sig") + "\n")
        if file.name.startswith("generated_"):
            file.unlink()


if __name__ == "__main__":
    main(sys.argv[1])
