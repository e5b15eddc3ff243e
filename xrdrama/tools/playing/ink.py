"""`xrdrama play FILE.ink.json`: plays ink in its runtime; answers as in any rehearsal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import msgspec

from xrdrama.document.wording import short, suggestion
from xrdrama.errors import UsageError, XrdramaError
from xrdrama.processes.ink import InkReply
from xrdrama.saving import save
from xrdrama.story.stepping.rehearsal import ELSE
from xrdrama.tools.ink.opening import open_ink, start
from xrdrama.tools.ink.session import InkSession, spoken, written
from xrdrama.tools.playing.answers import Answers, Listed, Piped, Stop, ignore_tick, located
from xrdrama.tools.playing.files import file_named, refuse_others
from xrdrama.tools.playing.loop import Request
from xrdrama.tools.playing.picking import LONGEST, Offered, by_part, exactly
from xrdrama.tools.playing.terminal import typed

FIRST_LINE = "Rehearsal of "
HELP = {
    "undo N": "undo the last act, or the last N", "back": "the same as undo",
    "again": "begin again", "vars": "the values of the global variables",
    "set NAME=VALUE": "give a variable another value", "go KNOT": "continue at a knot",
    "save FILE": "save the rehearsal", "load FILE": "load a rehearsal that was saved",
    "transcript FILE": "write what was played as text", "help": "this list", "quit": "leave",
}  # fmt: skip


def play_ink(
    request: Request, *, json: bool = False, person: bool = False,
    notice: Callable[[str], None] = lambda _: None, answers: Answers | None = None,
) -> int:  # fmt: skip
    """Play until the end, or until the person leaves; returns 0.

    UsageError for an option that is not offered and for answers that end before the story, with
    `choices` or a pipe; other errors as of `open_ink` and the runtime.
    """
    for name, given in (("--language", request.language), ("--record", request.record),
                        ("--time", request.real_time), ("--watch", request.watch)):  # fmt: skip
        if given:
            raise UsageError(
                f"{name} is not possible with ink",
                "import the story: xrdrama import FILE.ink.json -o NAME.branch.yaml",
            )
    file = open_ink(request.story, notice)
    with start(file, request.seed) as runtime:
        if request.at:
            _known(request.at, file.ink.knots)
        values = [_assignment(one) for one in request.values]
        session = InkSession(runtime, file.path.name, values, request.at)
        player = _Player(session, json=json, person=person)
        player.show(session.opening)
        if answers is None and request.choices is not None:
            answers = Listed([one.strip() for one in request.choices.split(",") if one.strip()])
        if answers is None:
            answers = typed(lambda before: _words(player, before), notice) if person else Piped()
        return player.play(answers)


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"{short(text)} is not NAME=VALUE", "write trust=2")
    return name.strip(), value.strip()


def _words(player: _Player, before: str) -> list[str]:
    """The commands and the numbers of the options, at the beginning of a line."""
    numbers = [str(n + 1) for n in range(len(player.session.now.choices))]
    return [] if before else [*numbers, *(usage.split()[0] for usage in HELP)]


def _known(knot: str, knots: tuple[str, ...]) -> None:
    if knot.partition(".")[0] not in knots:
        raise UsageError(f"there is no knot {short(knot)}", suggestion(knot, knots))


class _Player:
    def __init__(self, session: InkSession, *, json: bool, person: bool) -> None:
        self.session, self.json, self.person = session, json, person
        self.leaving = False

    def play(self, answers: Answers) -> int:
        while not self.leaving:
            over = not self.session.now.choices
            answer = (
                answers.ready() if over and not self.person else answers.read(None, ignore_tick)
            )
            if answer is Stop.END:
                return self._end(chosen=answers.only_picks)
            assert isinstance(answer, str)
            try:
                if answer:
                    self.answer(answer, only_picks=answers.only_picks)
            except XrdramaError as error:
                if not self.person:
                    raise located(error, answers) from None
                if self.session.runtime.ended:
                    raise
                self.note(*str(error).splitlines())
        return 0

    def _end(self, *, chosen: bool) -> int:
        reply = self.session.now
        if not reply.choices or self.person:
            return 0
        offered = ", ".join(one.text for one in reply.choices)
        message = f"the {'choices end' if chosen else 'input ended'} before the story"
        if not chosen:
            raise UsageError(message, f"continue with one of: {offered}")
        sys.stderr.write(f"xrdrama: {message}: continue with one of: {offered}\n")
        return 0

    def answer(self, answer: str, *, only_picks: bool) -> None:
        if len(answer) > LONGEST:
            raise UsageError(f"this answer has more than {LONGEST} characters", "write less")
        index = self._picked(answer, exact=not only_picks)
        if index is None and not only_picks and self._command(answer.lstrip("/:")):
            return
        if index is None:
            index = self._picked(answer, exact=False)
        if index is None:
            offered = [one.text for one in self.session.now.choices]
            hint = f"pick one of: {', '.join(offered)}" if offered else "type help"
            raise UsageError(f"{short(answer)} is not offered", hint)
        self.show(self.session.choose(index))

    def _picked(self, answer: str, *, exact: bool) -> int | None:
        offered = [
            Offered(str(number), number, one.text, "")
            for number, one in enumerate(self.session.now.choices, 1)
        ]
        found = (exactly if exact else by_part)(answer, offered)
        if found == ELSE:  # ink has no silence: such an answer is the text of an option, or none
            found = next((one.id for one in offered if one.text.casefold() == answer), None)
        return int(found) - 1 if found else None

    def _command(self, line: str) -> bool:
        word, _, argument = line.partition(" ")
        argument = argument.strip()
        bare = {
            "back": lambda: self._undo(1), "again": self._again, "vars": self._vars,
            "help": self._help, "?": self._help, "quit": self._quit, "q": self._quit,
        }  # fmt: skip
        needing = {"set": self.set, "go": self._go, "save": self._save, "load": self._load,
                   "transcript": self._transcript}  # fmt: skip
        if word in ("undo", "u") and (not argument or (argument.isdecimal() and len(argument) < 6)):
            self._undo(int(argument or 1))
        elif word in bare and not argument:
            bare[word]()
        elif word in needing and argument:
            needing[word](argument)
        else:
            return False
        return True

    # -- commands -------------------------------------------------------------------------------

    def _undo(self, count: int) -> None:
        undone = self.session.undo(count)
        if not undone:
            raise UsageError("there is nothing to undo", "the rehearsal is at its beginning")
        self.note(f"undone: {', '.join(undone)}")
        self.offer(self.session.now)

    def _again(self) -> None:
        self.session.undo(len(self.session.turns))
        self.show(self.session.now)

    def _vars(self) -> None:
        values = self.session.now.values
        if self.json:
            self._write({"vars": values})
            return
        rows = [f"{name} = {written(value)}" for name, value in values.items()]
        self.note(*rows or ["the story has no global variables"])

    def set(self, text: str) -> None:
        """`name = value`."""
        self.session.set(*_assignment(text))

    def _go(self, knot: str) -> None:
        self.show(self.session.go(knot))

    def _save(self, text: str) -> None:
        self.session.keep(file_named(text))
        self.note(f"saved to {text}")

    def _load(self, text: str) -> None:
        reply = self.session.load(file_named(text))
        self.note(f"loaded {text}")
        self.offer(reply)

    def _transcript(self, text: str) -> None:
        path = file_named(text)
        refuse_others(path, FIRST_LINE, "a transcript")
        rows = [f"{FIRST_LINE}{self.session.name}"]
        for turn in self.session.turns:
            rows += ["", turn.act, ""] if turn.act else [""]
            rows += [_line(*spoken(line)) for line in turn.reply.lines]
        save(path, "\n".join([*rows, ""]))
        self.note(f"{len(rows)} lines in {text}")

    def _help(self) -> None:
        self.note(*(f"{usage}: {what}" for usage, what in HELP.items()))

    def _quit(self) -> None:
        self.leaving = True

    # -- printing -------------------------------------------------------------------------------

    def show(self, reply: InkReply) -> None:
        for line in reply.lines:
            name, text = spoken(line)
            if not text:
                continue
            if self.json:
                tags = {"tags": line.tags} if line.tags else {}
                self._write({"speaker": name, "text": text, **tags})
            else:
                shown = f"  # {', '.join(line.tags)}" if line.tags else ""
                self._print(_line(name, text) + shown)
        for note in reply.notes:
            self.note(note)
        if reply.error:
            raise self.session.runtime.fault(reply)
        self.offer(reply)

    def offer(self, reply: InkReply) -> None:
        if self.json:
            self._write({"options": [{"id": str(number), "text": one.text}
                                     for number, one in enumerate(reply.choices, 1)]}
                        if reply.choices else {"ending": "end"})  # fmt: skip
            return
        for number, one in enumerate(reply.choices, 1):
            tags = f"  # {', '.join(one.tags)}" if one.tags else ""
            self._print(f"  {number}. {one.text}{tags}")
        if not reply.choices:
            self._print("(the story is over)")

    def note(self, *lines: str) -> None:
        """Print what a command reports."""
        if self.json:
            self._write({"note": " ".join(lines)})
        else:
            for line in lines:
                self._print(f"* {line}")

    def _print(self, text: str) -> None:
        sys.stdout.write("".join(sign for sign in text if sign.isprintable()) + "\n")
        sys.stdout.flush()

    def _write(self, value: dict[str, Any]) -> None:
        sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
        sys.stdout.flush()


def _line(name: str, text: str) -> str:
    return f"{name.upper()}: {text}" if name else text
