"""Settings of plug-ins: a declaration is the only thing that says what a show file may say."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import pytest

from xrdrama.document import Mapping, Place, compose
from xrdrama.errors import Problem, UsageError
from xrdrama.show.parse import parse_show
from xrdrama.show.settings import (
    FILE,
    MODEL,
    PHRASES,
    Nothing,
    duration,
    files_of,
    needs,
    read_settings,
    record_of,
    validated,
    with_files,
)
from xrdrama.timing import NS


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    file: Annotated[str, FILE]
    at: Annotated[int, duration(plausible=(0.001, 3600, 10))] = 0


class Everything(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A setting of every kind that can be declared."""

    port: Annotated[str, msgspec.Meta(description="a serial port", pattern="[a-z0-9/]+")]
    file: Annotated[str, FILE] | None = None
    model: Annotated[str, MODEL] | None = None
    parts: Annotated[tuple[Part, ...], msgspec.Meta(max_length=3)] = ()
    wait: Annotated[int, duration(least=NS // 2, most=10 * NS, plausible=(0.6, 9, 2))] = NS
    count: Annotated[int, msgspec.Meta(ge=1, lt=5)] = 1
    gain: Annotated[float, msgspec.Meta(ge=0.0, le=2.0)] = 1.0
    mode: Literal["fast", "slow"] = "fast"
    loud: bool = False
    size: tuple[int, int] | None = None
    names: dict[str, str] = {}
    phrases: Annotated[tuple[str, ...], PHRASES] = ()

    def __post_init__(self) -> None:
        if self.loud and self.mode == "slow":
            raise UsageError("loud is never slow", "write mode: fast")


def given(lines: str) -> Mapping:
    node = compose(lines, "x.show.yaml", [])
    assert isinstance(node, Mapping)
    return node


def read(lines: str, declared: type[msgspec.Struct] = Everything) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    return read_settings(declared, given(lines), Place("x.show.yaml", 9, 3), problems), problems


def test_every_declared_kind_is_read_as_its_type() -> None:
    found, problems = read(
        "port: tty/1\nfile: clips/a.wav\nmodel: models/ko\nparts: [{file: b.wav, at: 2s}]\n"
        "wait: 1500ms\ncount: 4\ngain: 0.5\nmode: slow\nloud: true\nsize: [3, 4]\n"
        "names: {left: seven}\n"
    )
    assert problems == []
    assert [(str(name), name.is_model) for name in files_of(found)] == [
        ("clips/a.wav", False), ("models/ko", True), ("b.wav", False)
    ]  # fmt: skip
    settings = with_files(found, lambda name: f"/full/{name}")
    assert settings == {
        "port": "tty/1", "file": "/full/clips/a.wav", "model": "/full/models/ko",
        "parts": [{"file": "/full/b.wav", "at": 2 * NS}], "wait": 1_500_000_000, "count": 4,
        "gain": 0.5, "mode": "slow", "loud": True, "size": [3, 4],
        "names": {"left": "seven"},
    }  # fmt: skip
    assert msgspec.convert({**settings, "loud": False}, Everything, strict=False).size == (3, 4)
    fault = validated(Everything, settings, Place("x.show.yaml", 9, 3))
    assert fault is not None
    assert (fault.line, fault.message, fault.hint) == (9, "loud is never slow", "write mode: fast")


@pytest.mark.parametrize(
    ("lines", "line", "code", "words"),
    [
        ("prot: a", 1, "F014", "did you mean 'port'?"),
        ("count: 2", 9, "F015", "add port: (a serial port)"),
        ("port: a\ncount: 5", 2, "F005", "expected 1 to 4"),
        ("port: a\ncount: many", 2, "F004", "not a whole number"),
        ("port: a\ngain: 3", 2, "F005", "expected 0 to 2"),
        ("port: A!", 1, "F003", "is not a serial port"),
        ("port:", 1, "F002", "a serial port is missing"),
        ("port: a\nmode: fats", 2, "F008", "did you mean 'fast'?"),
        ("port: a\nloud: yes", 2, "F006", "write true"),
        ("port: a\nwait: 3", 2, "F007", "write 3s"),
        ("port: a\nwait: 100ms", 2, "F005", "expected 500ms to 10s"),
        ("port: a\nwait: 550ms", 2, "Q001", "implausible"),
        ("port: a\nparts: [{file: b.wav, at: 9999s}]", 2, "Q001", "implausible"),
        ("port: a\nfile: /etc/passwd", 2, "F003", "absolute path"),
        ("port: a\nparts: [{flie: b.wav}]", 2, "F014", "did you mean 'file'?"),
        ("port: a\nphrases: [yes]", 2, "F014", "unknown key 'phrases'"),
        ("{port:a}", 1, "F014", "write port: a"),
        ("port: a\nsettings: {count: 2, cuont: 2}", 2, "F014", "did you mean 'count'?"),
        ("port: a\ncount: 1\nsettings: {count: 2}", 3, "Y008", "set twice"),
        ("port: a\nsettings: [count]", 2, "F013", "beside use:"),
    ],
)
def test_what_does_not_fit_is_reported_at_its_place(
    lines: str, line: int, code: str, words: str
) -> None:
    _, problems = read(lines)
    (problem,) = problems
    assert (problem.line, problem.code) == (line, code)
    assert words in f"{problem.message} {problem.hint}"


def test_settings_may_stand_in_a_group_of_their_own() -> None:
    assert read("settings: {port: a, count: 2}") == read("port: a\ncount: 2")
    assert read("count: 2\nsettings: {port: a}")[0] == {"count": 2, "port": "a"}


def test_a_plugin_that_declares_none_has_no_settings() -> None:
    assert read("{}", Nothing) == ({}, [])
    found, (problem,) = read("speed: 3", Nothing)
    assert found is None and (problem.line, problem.hint) == (1, "it has no settings: remove it")


def test_phrases_are_given_by_the_show() -> None:
    assert needs(Everything) == ("phrases",) and needs(Part) == ()


def test_an_editor_knows_the_bounds() -> None:
    schema = record_of(Everything).schema()
    assert schema["required"] == ["port"] and "phrases" not in schema["properties"]
    assert schema["properties"]["count"]["maximum"] == 4
    assert schema["properties"]["parts"]["items"]["required"] == ["file"]


# -- what a show file keeps ----------------------------------------------------------------------

SHOW = "xrdrama: 1\nid: a\nstory: b\ninputs:\n"


def test_a_show_keeps_the_settings_of_any_plugin_with_their_places() -> None:
    show, problems = parse_show(
        SHOW + "  x:\n    use: anything\n    speed: 3\n    parts: [a]\n", "f"
    )
    assert show is not None and problems == []
    settings = show.inputs["x"].settings
    assert [(key.text, key.place.line) for key, _ in settings.entries] == [
        ("speed", 7),
        ("parts", 8),
    ]


@pytest.mark.parametrize(
    ("lines", "line", "code", "words"),
    [
        ("  x: {uze: voice, speed: 3}", 5, "F014", "did you mean 'use'?"),
        ("  x: {speed: 3}", 5, "F015", "add use:"),
        ("  x: voice", 5, "F013", "write {use: voice}"),
        ("  x:\n    use: voice\n  file: a/b.wav", 7, "F018", "indent it by 4 spaces"),
        ("  x:\n    use: voice\n  parts: [a]", 7, "F018", "indent it by 4 spaces"),
        ("  x:\n    use: v\n    y:\n      use: w\n      speed: 3", 7, "F019", "one level too far"),
        ("  x: {use:voice, speed: 3}", 5, "F014", "write use: voice"),
    ],
)
def test_slips_around_settings_are_reported_once(
    lines: str, line: int, code: str, words: str
) -> None:
    _, problems = parse_show(f"{SHOW}{lines}\n", "f")
    (problem,) = problems
    assert (problem.line, problem.code) == (line, code)
    assert words in f"{problem.message} {problem.hint}"
