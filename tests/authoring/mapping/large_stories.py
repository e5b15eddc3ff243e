"""Stories of any size for tests of the map and of comparisons: rooms with choices, side paths,
ways back, hidden plots, timed choices and endings. The same size and seed give the same text."""

from __future__ import annotations

import random
import sys

PLACES = [
    "river",
    "gate",
    "lamp",
    "bell",
    "tower",
    "market",
    "stair",
    "bridge",
    "letter",
    "garden",
    "kitchen",
    "harbour",
    "mirror",
    "train",
    "winter",
    "song",
    "clock",
    "island",
    "orchard",
    "thread",
]
SAID = ("Wait for me at the corner.", "You kept the key.", "It is late.", "Nobody came.", "Listen.")
OPTIONS = ("Open the door", "Ask about the letter", "Say nothing", "Walk away", "Take the lamp")


def large_story(beats: int, seed: int = 1) -> str:
    """The text of a branch file with so many beats."""
    chance = random.Random(seed)
    names = [f"{PLACES[(n * 7) % len(PLACES)]}_{n}" for n in range(beats)]
    parts = [
        f"xrdrama: 1\nid: made_{beats}\ntitle: A story of {beats} beats\nscene: hall\n"
        "vars:\n  nerve: {type: int, min: 0, max: 3, init: 1}\n"
        "cast:\n  lan: {name: Lan}\n  shen: {name: Shen}\nbeats:\n"
    ]
    branched = False  # whether another path leads past the beat, so that it can be an ending
    for n, name in enumerate(names):
        text = _beat(n, name, names, chance, branched)
        branched = "choice:" in text
        parts.append(text)
    return "".join(parts)


def _beat(n: int, name: str, names: list[str], chance: random.Random, branched: bool) -> str:
    lines = "".join(
        f"      {chance.choice(('LAN', 'SHEN'))}: {chance.choice(SAID)}  #l{n:04x}{i}\n"
        for i in range(chance.randint(1, 4))
    )
    text = f"  {name}:\n    script: |\n{lines}"
    ahead = names[n + 1 : n + 9]
    if not ahead or (branched and n > 8 and chance.random() < 0.08):
        return text + f"    ending: end_{n}\n"
    if chance.random() < 0.45 or len(ahead) < 3:
        return text + f"    next: {ahead[0]}\n"
    count = chance.randint(2, 4)
    to = [ahead[0], ahead[1], *chance.sample(ahead[2:], min(count - 2, len(ahead) - 2))]
    if chance.random() < 0.08 and n > 12:
        to.append(names[n - chance.randint(2, 12)])
    if chance.random() < 0.05:
        to.append(names[min(len(names) - 1, n + chance.randint(20, 90))])
    rows = [
        f"        o{i}: {{text: {chance.choice(OPTIONS)}, to: {target}"
        + (", if: nerve >= 2" if i and chance.random() < 0.3 else "")
        + "}\n"
        for i, target in enumerate(to)
    ]
    timed = chance.random() < 0.4
    window = "      window: {lasts: 6s}\n" if timed else ""
    otherwise = f"      else: {ahead[-1]}\n" if timed else ""
    return text + f"    choice:\n{window}      options:\n{''.join(rows)}{otherwise}"


if __name__ == "__main__":
    sys.stdout.write(large_story(int(sys.argv[1])))
