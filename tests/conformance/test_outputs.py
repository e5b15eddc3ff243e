"""What every output must do, ours and a plug-in's, and what a run does with one that does not."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.conformance.installed import install, stagehand
from tests.conformance.shows import in_this_process, played, write_show
from tests.show.small import played as frames_of
from tests.show.small import small
from xrdrama import content, plugins
from xrdrama.errors import DeviceError, UsageError
from xrdrama.run.outputs.outputs import FAULTS_IN_A_ROW, Asked, Context, Outputs, in_order
from xrdrama.show.ports import Output
from xrdrama.show.settings import Nothing, record_of
from xrdrama.wire.frame import Frame


def context(**more: Any) -> Context:
    return Context(content.load_show("lantern_demo"), small(), **more)


def conform(kind: Any, settings: Mapping[str, Any], given: Context | None = None) -> Output | None:
    """AssertionError where a kind of output does not do what a run relies on; the output that was
    opened, None where its device is missing."""
    given = given or context()
    declared = getattr(kind, "SETTINGS", None) or Nothing
    assert issubclass(declared, msgspec.Struct), "SETTINGS is a msgspec.Struct"
    assert declared.__struct_config__.forbid_unknown_fields, "unknown settings are refused"
    record_of(declared)
    uses = getattr(kind, "USES", ())
    assert set(uses) <= set(plugins.known(plugins.OUTPUTS)), "USES names outputs that there are"
    try:
        output: Output = kind.open("conformance", settings, given)
    except DeviceError as error:
        assert error.remedy, "what is missing has a remedy"
        return None
    _, frames = frames_of([], 0.2, given.production)
    try:
        for frame in frames:
            before = msgspec.msgpack.encode(frame)
            output.present(frame)
            assert msgspec.msgpack.encode(frame) == before, "a frame is not changed"
    finally:
        output.close()
    return output


@pytest.mark.parametrize("name", ["sound", "console", "audience"])
def test_every_registered_output_conforms(name: str) -> None:
    conform(plugins.output(name), {})


def test_osc_conforms() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        port = receiver.getsockname()[1]
        assert conform(plugins.output("osc"), {"port": port}) is not None
        assert receiver.recv(4096).startswith(b"/xrdrama/")


def test_the_pictures_conform() -> None:
    loaded = content.load_show("lantern_demo")
    production = content.produce(loaded)
    assert conform(plugins.output("pictures"), {}, Context(loaded, production)) is not None


def test_every_output_of_ours_is_in_this_suite() -> None:
    assert set(plugins.own(plugins.OUTPUTS)) == {"pictures", "sound", "console", "audience", "osc"}


def test_the_outputs_of_ours_are_found_by_their_entry_points() -> None:
    assert set(plugins.known(plugins.OUTPUTS)) >= {"pictures", "sound", "console"}
    assert plugins.output("console").USES == ("pictures",)  # type: ignore[attr-defined]


def test_an_output_of_another_package_conforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stagehand(tmp_path / "site", monkeypatch)
    assert conform(plugins.output("lamps"), {"file": str(tmp_path / "lamps.txt")}) is not None
    assert (tmp_path / "lamps.txt").read_text().splitlines()[0] == small().id


# -- the controls: what the suite must not pass -------------------------------------------------


class Working:
    """An output that conforms, for each control to break in one way."""

    USES: tuple[str, ...] = ()

    class SETTINGS(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
        universe: int = 1

    def open(self, name: str, settings: Mapping[str, Any], context: Context) -> Any:
        return self

    def present(self, frame: Frame) -> None:
        pass

    def close(self) -> None:
        pass


class Open(Working):
    """Its declaration lets unknown settings pass."""

    class SETTINGS(msgspec.Struct, frozen=True):
        universe: int = 1


class Undeclared(Working):
    """Its settings are not declared by a type."""

    SETTINGS = {"universe": 1}  # type: ignore[assignment]  # noqa: RUF012


class Lonely(Working):
    """It uses an output that does not exist."""

    USES = ("no_such_output",)


class Helpless(Working):
    """Its device is missing, and it does not say what to do."""

    def open(self, name: str, settings: Mapping[str, Any], context: Context) -> Any:
        raise DeviceError("no lamp")


class Failing(Working):
    """It fails at a frame."""

    def present(self, frame: Frame) -> None:
        raise ZeroDivisionError("no lamp")


class Changing(Working):
    """It changes what the next output gets."""

    def present(self, frame: Frame) -> None:
        frame.params["fog"] = 1.0


class Stuck(Working):
    """It cannot be closed."""

    def close(self) -> None:
        raise RuntimeError("nothing to close")


def test_the_control_itself_conforms() -> None:
    assert conform(Working(), {}) is not None


@pytest.mark.parametrize("broken", [Open, Undeclared, Lonely, Helpless, Failing, Changing, Stuck])
def test_the_suite_fails_a_broken_output(broken: type[Working]) -> None:
    with pytest.raises((AssertionError, ZeroDivisionError, RuntimeError, TypeError)):
        conform(broken(), {})


# -- the worked example -------------------------------------------------------------------------


def lamps(folder: Path, more: str = "") -> str:
    file = folder / "lamps.txt"
    return f"outputs:\n  floor:\n    use: lamps\n    settings: {{file: {file}{more}}}\n"


@pytest.mark.parametrize("clock", ["--fixed-rate", "live"])
def test_an_output_of_a_plugin_gets_every_frame_of_a_run(
    clock: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file of xrdrama is changed for it: the show file names it."""
    stagehand(tmp_path / "site", monkeypatch)
    show = write_show(tmp_path, lamps(tmp_path, ", universe: 7"))
    options = ["--seconds", "0.5", *([clock] if clock != "live" else [])]
    result, _, _ = played(show, *options)
    title, *lines = (tmp_path / "lamps.txt").read_text().splitlines()
    assert title == "plugged" and "output_faults" not in result
    assert lines[0].startswith("7 0 ")
    assert len(lines) == (12 if clock == "--fixed-rate" else 12 - result["late"])


@pytest.mark.parametrize(
    ("text", "line", "code", "message", "hint"),
    [
        ("use: lamp", 8, "H011", "there is no output 'lamp'", "did you mean 'lamps'?"),
        ("univers: 7", 9, "F014", "unknown key 'univers'", "did you mean 'universe'?"),
        ("universe: seven", 9, "F004", "'seven' is not a whole number", ""),
    ],
)
def test_check_and_run_refuse_what_does_not_fit(
    text: str,
    line: int,
    code: str,
    message: str,
    hint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stagehand(tmp_path / "site", monkeypatch)
    more = f", {text}" if "univers" in text else ""
    outputs = lamps(tmp_path, more)
    if text.startswith("use"):
        outputs = outputs.replace("use: lamps", text)
    show = write_show(tmp_path, outputs)
    done = in_this_process("check", show, "--json")
    (problem,) = [p for p in json.loads(done.stdout)["problems"] if p["severity"] == "error"]
    assert done.returncode == 1 and message in problem["message"]
    assert (problem["line"], problem["code"]) == (line, code)
    assert hint in problem["hint"]
    asked = ("--no-video", "--no-console", "--json", "--out", tmp_path / "out")
    ran = in_this_process("run", show, *asked)
    assert ran.returncode == 1 and message in ran.stdout
    assert not list(tmp_path.glob("out/*.take"))


# -- faults -------------------------------------------------------------------------------------

FAILING = """
def open(name, settings, context):
    return Failing()

class Failing:
    FIXED_RATE = True
    def present(self, frame):
        raise ZeroDivisionError("no lamp")
    def close(self):
        raise RuntimeError("nothing to close")
"""


def test_an_output_that_fails_is_counted_and_lost_and_the_show_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xrdrama.wire.events import DeviceLost

    points = {"xrdrama.outputs": {"failing": "failing.output"}}
    install(tmp_path / "site", monkeypatch, points, {"output.py": FAILING}, name="failing")
    show = write_show(tmp_path, "outputs: {bad: {use: failing}}\n")
    result, take, said = played(show, "--seconds", "2")
    assert result["made"] == 48 and result["output_faults"] == {"bad": FAULTS_IN_A_ROW}
    assert "the output 'bad' could not show a frame: ZeroDivisionError: no lamp" in said
    lost = [e.event for e in take.entries if isinstance(e.event, DeviceLost)]
    assert [event.source for event in lost] == ["bad"] and "no lamp" in str(lost[0])


class Fake:
    """An output that keeps the frames it gets, and fails while `failing`."""

    def __init__(self) -> None:
        self.frames: list[int] = []
        self.failing = False
        self.closed = 0

    def present(self, frame: Frame) -> None:
        if self.failing:
            raise OSError("gone")
        self.frames.append(frame.number)

    def close(self) -> None:
        self.closed += 1


class Kinds:
    """Kinds of outputs by name, instead of entry points."""

    def __init__(self, **uses: tuple[str, ...]) -> None:
        self.uses = uses
        self.opened: list[tuple[str, list[str]]] = []
        self.made: dict[str, Fake] = {}

    def __call__(self, name: str) -> Any:
        kinds = self

        class Kind:
            USES = self.uses[name]

            @staticmethod
            def open(given: str, settings: Mapping[str, Any], context: Context) -> Output:
                kinds.opened.append((given, sorted(context.others)))
                if settings.get("broken"):
                    raise settings["broken"]
                kinds.made[given] = Fake()
                return kinds.made[given]

        return Kind


def test_an_output_is_opened_after_those_that_it_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = Kinds(page=("walls",), walls=(), lamps=())
    monkeypatch.setattr(plugins, "output", kinds)
    for order in (["page", "lamps", "walls"], ["walls", "page", "lamps"], ["lamps", "page"]):
        kinds.opened.clear()
        Outputs.open([Asked(name, name) for name in order], context()).close()
        opened = dict(kinds.opened)
        assert opened["page"] == (["walls"] if "walls" in order else [])
        assert opened["lamps"] == []
    monkeypatch.setattr(plugins, "output", Kinds(a=("b",), b=("a",)))
    with pytest.raises(UsageError, match="in a circle"):
        in_order([Asked("a", "a"), Asked("b", "b")])


def test_two_outputs_of_a_kind_that_a_third_uses_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the order of a list would decide which of them is used."""
    monkeypatch.setattr(plugins, "output", Kinds(page=("walls",), walls=(), lamps=()))
    two = [Asked("left", "walls"), Asked("right", "walls")]
    with pytest.raises(UsageError, match=r"uses the output walls, .* 2 of them: left, right"):
        in_order([Asked("page", "page"), *two])
    assert len(in_order([*two, Asked("lamps", "lamps")])) == 3  # nobody uses them


def test_an_output_that_warms_up_draws_only_if_it_says_so() -> None:
    class Warming(Fake):
        def warm_up(self, rehearsal: object) -> Iterator[str]:
            yield "lamps"

        def prepared(self) -> dict[str, int]:
            return {}

    class Drawing(Fake):
        DRAWS = True

    for kind, warms, draws in (
        (Fake, False, False),
        (Warming, True, False),
        (Drawing, False, True),
    ):
        outputs = Outputs.of(kind())
        assert (outputs.can_warm_up(), outputs.draws()) == (warms, draws)


def test_an_output_without_its_device_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plugins, "output", Kinds(a=(), b=(), c=()))
    said: list[str] = []
    asked = [
        Asked("one", "a", {"broken": DeviceError("no lamp is connected", "connect one")}),
        Asked("two", "b", {"broken": KeyError("fault")}),
        Asked("three", "c"),
    ]
    outputs = Outputs.open(asked, context(notice=said.append))
    assert len(list(outputs)) == 1
    assert said == [
        "the output 'one' is not used: no lamp is connected: connect one",
        "the output 'two' is not used: KeyError: 'fault'",
    ]


def test_faults_that_are_not_in_a_row_do_not_end_an_output(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kinds = Kinds(a=())
    monkeypatch.setattr(plugins, "output", kinds)
    said: list[str] = []
    lost: list[str] = []
    outputs = Outputs.open([Asked("one", "a")], context(notice=said.append))
    outputs.lost = lambda name, reason: lost.append(f"{name}: {reason}")
    _, frames = frames_of([], 0.2, small())
    fake = kinds.made["one"]
    for number in range(3 * FAULTS_IN_A_ROW):
        fake.failing = bool(number % 2)
        outputs.present(frames[0])
    assert outputs.faults() == {"one": 3 * FAULTS_IN_A_ROW // 2} and not lost
    assert len(said) == 1
    fake.failing = True
    for _ in range(2 * FAULTS_IN_A_ROW):
        outputs.present(frames[0])
    assert lost == ["one: OSError: gone"] and fake.closed == 1
    outputs.close()
    assert fake.closed == 1
    assert outputs.faults() == {"one": 3 * FAULTS_IN_A_ROW // 2 + FAULTS_IN_A_ROW - 1}
