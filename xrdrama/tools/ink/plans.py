"""`xrdrama test FILE.ink.json FILE.testplan`: a plan played on the ink file in its runtime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xrdrama.authoring.plans.running import Failure
from xrdrama.errors import UsageError
from xrdrama.processes.ink import InkReply
from xrdrama.story.testplan import Run, Step
from xrdrama.tools.ink.opening import InkFile, start
from xrdrama.tools.ink.session import InkSession, spoken, written


def run_ink_plan(file: InkFile, runs: Sequence[Run], plan: Path) -> list[Failure | None]:
    """For each run the first step that fails, or None. DeviceError as those of the runtime."""
    return [_Runner(file, run, str(plan)).run() for run in runs]


class _Runner:
    def __init__(self, file: InkFile, run: Run, plan: str) -> None:
        self.file, self.steps, self.plan = file, run, plan
        self.ahead: list[tuple[str, str, str]] = []
        """Lines that were played: speaker, what is said, the whole line."""
        self.named: list[Step] = []
        self.fault = ""
        """Why the story cannot continue after those lines."""

    def run(self) -> Failure | None:
        run = self.steps
        with start(self.file, run.seed) as runtime:
            try:
                self.session = InkSession(
                    runtime, self.file.path.name, run.values.items(), run.start
                )
                self.played(self.session.opening)
            except UsageError as error:
                return Failure(self.plan, run.place.line, "", f"the run cannot start: {error}")
            for step in run.steps:
                try:
                    got = self.step(step)
                except UsageError as error:
                    got = error.message
                if got is not None:
                    return Failure(self.plan, step.place.line, step.written, got)
        if self.fault:
            place = run.steps[-1].place if run.steps else run.place
            return Failure(self.plan, place.line, "the end of the run", self.fault)
        return None

    def played(self, reply: InkReply) -> None:
        """Takes up what the runtime has played."""
        for line in reply.lines:
            name, said = spoken(line)
            if said:
                self.ahead.append((name, said, " ".join(line.text.split())))
        self.named, self.fault = [], reply.error

    def step(self, step: Step) -> str | None:
        checks = {"line": self._line, "option": self._option, "select": self._select,
                  "var": self._var, "set": self._set, "jump": self._jump,
                  "next choice": self._next, "stop": self._stop}  # fmt: skip
        check = checks.get(step.kind)
        if check is None:
            return f"{step.kind} is not a step of ink: use {', '.join(checks)}"
        if self.fault and not (self.ahead and step.kind == "line"):
            return self.fault
        return check(step)

    def _line(self, step: Step) -> str | None:
        if not self.ahead:
            return self._where()
        name, said, whole = self.ahead[0]
        shown = f"{name}: {said}" if name else said
        wanted = " ".join(step.text.split())
        speaker, _, rest = wanted.partition(": ")
        right = wanted in (said, whole) or (
            rest == said and speaker.casefold() == name.casefold() and bool(name)
        )
        if not step.any_text and not right:
            return f"line: {shown}"
        self.ahead.pop(0)
        return None

    def _option(self, step: Step) -> str | None:
        if step.closed:
            return "ink does not list options that are closed"
        self.named.append(step)
        choices = self.session.now.choices
        if self.ahead:
            return f"line: {self.ahead[0][2]}"
        if len(self.named) > len(choices):
            return f"{len(choices)} options" if choices else self._where()
        got = " ".join(choices[len(self.named) - 1].text.split())
        return None if step.any_text or got == " ".join(step.text.split()) else f"option: {got}"

    def _select(self, step: Step) -> str | None:
        if self.ahead:
            return f"line: {self.ahead[0][2]}"
        texts = [" ".join(one.text.split()) for one in self.session.now.choices]
        if not texts:
            return self._where()
        if self.named and len(self.named) != len(texts):
            return f"{len(texts)} options: {', '.join(texts)}"
        wanted = step.text
        if wanted.isdecimal() and len(wanted) < 6 and 1 <= int(wanted) <= len(texts):
            index = int(wanted) - 1
        elif wanted in texts:
            index = texts.index(wanted)
        else:
            return f"options: {', '.join(texts)}"
        self.played(self.session.choose(index))
        return None

    def _var(self, step: Step) -> str | None:
        name, _, wanted = step.text.partition(" = ")
        if name not in self.session.now.values:
            return f"there is no variable {name}"
        got = written(self.session.now.values[name])
        return None if got == wanted.strip("\"'") else f"{name} = {got}"

    def _set(self, step: Step) -> str | None:
        name, _, text = step.text.partition(" = ")
        self.session.set(name, text)
        return None

    def _jump(self, step: Step) -> str | None:
        self.ahead.clear()
        self.played(self.session.go(step.text))
        return None

    def _next(self, step: Step) -> str | None:
        self.ahead.clear()
        return None

    def _stop(self, step: Step) -> str | None:
        return f"line: {self.ahead[0][2]}" if self.ahead else None

    def _where(self) -> str:
        choices = self.session.now.choices
        if not choices:
            return "the story is over"
        return "options: " + ", ".join(one.text for one in choices)
