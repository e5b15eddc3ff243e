"""The process that plays compiled ink: a JSON request a line on stdin, a JSON reply on stdout.

    python -m xrdrama.adapters.ink.child

The runtime is native code, which a story may crash or hang: only this process ends then.
Requests: `{"do": "load", "story": TEXT, "seed": 0}`, then `continue`, `choose` (`index`),
`state`, `restore` (`state`), `set` (`name`, `value`), `go` (`path`), each with `"names"`, the
variables whose values are in the reply.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from typing import Any, Final

MEMORY: Final = 2 << 30
"""Bytes of address space."""
MOST_SAID: Final = 16 << 20
"""Bytes on stderr, which is a file."""
MOST_LINES: Final = 5_000
MOST_CHARACTERS: Final = 2_000_000
"""Of the text between two choices."""
_SETTLED: Final = (bool, int, float, str)


class _Player:
    """The story, and what its runtime reported since the last reply."""

    def __init__(self) -> None:
        self.story: Any = None
        self.notes: list[str] = []
        self.errors: list[str] = []

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out a request."""
        self.errors, self.notes = [], []  # those of a request that failed are not of this one
        do = request["do"]
        lines: list[dict[str, Any]] = []
        extra: dict[str, Any] = {}
        if do == "load":
            self._load(request["story"], int(request["seed"]))
            extra["tags"] = list(self.story.get_global_tags())
        elif do == "continue":
            lines = list(self._lines())
        elif do == "choose":
            self.story.choose_choice_index(int(request["index"]))
            lines = list(self._lines())
        elif do == "go":
            self.story.choose_path_string(request["path"])
            lines = list(self._lines())
        elif do == "restore":
            self.story.load_state(request["state"])
        elif do == "set":
            self._set(request["name"], request["value"])
        if self.errors:
            lines = lines if len(lines) < MOST_LINES else []
            return {"error": self.errors[0], "lines": lines}
        values = {name: self._value(name) for name in request.get("names", ())}
        choices = self.story.get_current_choices()
        offered = [
            {"text": text, "tags": list(choices.get_tags(index))}
            for index, text in enumerate(choices)
        ]
        return {
            "lines": lines, "choices": offered, "notes": self.notes, **extra,
            "values": values,
            "state": self.story.save_state() if request.get("state_wanted") else "",
        }  # fmt: skip

    def _load(self, text: str, seed: int) -> None:
        from bink.story import Story

        self.story = Story(text)
        self.story.set_error_handler(self._report)
        state = json.loads(self.story.save_state())
        state["storySeed"], state["previousRandom"] = seed, 0
        self.story.load_state(json.dumps(state))

    def _report(self, message: str, is_error: bool) -> None:
        (self.errors if is_error else self.notes).append(message)

    def _lines(self) -> Iterator[dict[str, Any]]:
        count = characters = 0
        while not self.errors and self.story.can_continue():
            text = self.story.cont()
            count, characters = count + 1, characters + len(text)
            if count > MOST_LINES or characters > MOST_CHARACTERS:
                self.errors.append(
                    f"more than {MOST_LINES} lines or {MOST_CHARACTERS} characters come before "
                    "the next choice: the story probably repeats itself without end"
                )
                return
            yield {"text": text, "tags": list(self.story.get_current_tags())}

    def _value(self, name: str) -> Any:
        try:
            value = self.story.get_variable(name)
        except (RuntimeError, ValueError, TypeError):
            return None
        if isinstance(value, float) and not math.isfinite(value):
            # JSON has no infinity: the runtime writes null, which it cannot read.
            self.notes.append(f"{name} is {value}: this state can be neither saved nor restored")
            return str(value)
        if isinstance(value, _SETTLED):
            return value
        return None if value is None else str(value)

    def _set(self, name: str, value: Any) -> None:
        self.story.set_variable(name, value)


def main() -> None:
    """Answer requests until stdin ends."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_SAID, MOST_SAID))
    player = _Player()
    for line in sys.stdin.buffer:
        try:
            reply = player.reply(json.loads(line))
        except MemoryError:
            reply = {"error": f"more than {MEMORY >> 20} MiB of memory are needed"}
        except ImportError as error:
            reply = {"missing": str(error)}
        except Exception as error:  # the runtime raises RuntimeError, with ink's own words
            reply = {"error": str(error) or type(error).__name__}
        sys.stdout.buffer.write(json.dumps(reply, allow_nan=False).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
