"""Files of a rehearsal: saves, transcripts, recorded test plans."""

from __future__ import annotations

import io
import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from tests.tools.playing.conftest import STORY, Play
from tests.waiting import wait_until
from xrdrama.authoring.plans.running import run_runs
from xrdrama.cli import run
from xrdrama.errors import UsageError
from xrdrama.story import load_story
from xrdrama.story.testplan import parse_plan
from xrdrama.tools.playing import Request, play_story
from xrdrama.tools.playing.answers import Listed, Person, Piped, Read, Tick
from xrdrama.tools.playing.plans import steps_of, write_plan
from xrdrama.tools.playing.saves import Save, read_save, restored
from xrdrama.tools.playing.screen import Screen
from xrdrama.tools.playing.session import Act, Opening, Session

STORY_NOW = load_story(STORY)


def notes(out: str) -> list[str]:
    return [line[2:] for line in out.splitlines() if line.startswith("* ")]


# -- saves --------------------------------------------------------------------------------------


def test_save_is_loaded_at_the_same_place(play: Play) -> None:
    play("marker ledger|wait 2s|hold|release|board|sing|save night.json|quit", "--seed", "7")
    saved = json.loads(Path("night.json").read_text("utf-8"))
    assert [(act["do"], act["beat"], act.get("name")) for act in saved["acts"]] == [
        ("marker", "gate", "ledger"), ("wait", "gate", None), ("hold", "gate", None),
        ("release", "gate", None), ("pick", "gate", "board"), ("pick", "river", "sing"),
    ]  # fmt: skip
    assert (saved["story"], saved["seed"], len(saved["content"])) == ("pier", 7, 64)
    _, out, err = play("load night.json|vars|why sing|undo 2|beat|quit")
    assert err == "" and notes(out)[:5] == [
        "loaded night.json: beat river",
        "trust = 2; a whole number (0 to 3)",
        "has_key = true; true or false",
        "mood = calm; one of calm, cross",
        "option sing: it can be picked once, and has been picked",
    ]
    assert notes(out)[6].startswith("beat gate,")


def without_versions(path: Path) -> None:
    """Make a save as of a story of another tool, which lacks the texts of its versions."""
    save = json.loads(path.read_text("utf-8"))
    del save["versions"]
    path.write_text(json.dumps(save), "utf-8")


@pytest.mark.parametrize(
    ("was", "is_now", "expected"),
    [
        ("board", "embark", "the option 'board' of beat 'gate' is not in the story any more"),
        ("to: river", "to: shore", "the story is at beat 'gate' here, and was at 'river' when"),
        ("  river:", "  stream:", "the beat 'river' is not in the story any more"),
        ("{text: Sing, to", "{text: Sing, if: trust == 3, to", "'sing' of beat 'river' is closed"),
    ],
)  # fmt: skip
def test_save_without_its_story_names_what_no_longer_fits(
    was: str, is_now: str, expected: str, play: Play, pier: Path
) -> None:
    play("board|sing|wait|save night.json|quit")
    edited = STORY.replace(was, is_now)
    if "stream" in is_now:
        edited = edited.replace("to: river", "to: stream")
    if "shore" in is_now:
        edited = edited.replace("next: [{to: end, if: trust == 3}, {to: dark}]", "next: gate")
    pier.write_text(edited, "utf-8")
    without_versions(Path("night.json"))
    status, out, _ = play("load night.json|quit")
    assert status == 0
    said = notes(out)
    assert said[0] == "the story has been edited since it was saved" and expected in said[1]
    assert said[-1].startswith("loaded night.json: beat ")
    assert "not played:" in said[-2]


@pytest.mark.parametrize(
    ("was", "is_now", "said"),
    [
        ("board", "embark", []),
        ("{text: Sing, to", "{text: Sing, if: trust == 3, to", []),
        ("  river:", "  stream:", []),
        (
            "max: 3, init: 0",
            "max: 1, init: 0",
            [
                "the story has been edited since it was saved",
                "not kept: the value of trust: 2 became 1, since it is a whole number (0 to 1) now",
            ],
        ),
        ("BOATMAN: One seat is left.  #laaaaa", "@wait 1s", []),
    ],
)
def test_save_of_an_edited_story_stays_where_it_was(
    was: str, is_now: str, said: list[str], play: Play, pier: Path
) -> None:
    play("marker ledger|board|sing|save night.json|quit")
    edited = (
        STORY.replace(was, is_now).replace("to: river", f"to: {is_now.strip(' :')}")
        if ("stream" in is_now)
        else STORY.replace(was, is_now).replace("trust == 3", "trust == 1")
    )
    pier.write_text(edited, "utf-8")
    status, out, err = play("load night.json|vars has_key|why sing|undo|quit")
    beat = "stream" if "stream" in is_now else "river"
    assert (status, err) == (0, "")
    lines = notes(out)
    assert lines[: lines.index(f"loaded night.json: beat {beat}")] == said
    assert "has_key = true; true or false" in lines
    assert "option sing: it can be picked once, and has been picked" in lines
    assert any(line.startswith("undone: Sing") for line in lines)


def test_save_that_is_too_long_with_its_texts_is_written_without_them(
    play: Play, pier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two characters of Chinese are 6 bytes: it is the bytes of the file that count.
    pier.write_text(STORY.replace("Dust.", "灰尘" * 500), "utf-8")
    length = len(STORY) + 3000
    monkeypatch.setattr("xrdrama.content.MAX_BYTES", length)
    monkeypatch.setattr("xrdrama.content.texts.MAX_BYTES", length)
    lines = notes(play("board|save night.json|load night.json|quit")[1])
    assert lines[0] == "saved 1 act to night.json"
    assert lines[1].startswith("without the texts of the story")
    assert lines[-1] == "loaded night.json: beat river"
    assert Path("night.json").stat().st_size <= length
    assert "versions" not in json.loads(Path("night.json").read_text("utf-8"))
    monkeypatch.setattr("xrdrama.content.MAX_BYTES", 2 * length)  # the control
    monkeypatch.setattr("xrdrama.content.texts.MAX_BYTES", 2 * length)
    assert notes(play("board|save night.json|quit")[1]) == ["saved 1 act to night.json"]
    assert "versions" in json.loads(Path("night.json").read_text("utf-8"))


def test_save_that_could_not_be_read_again_is_refused(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xrdrama.content.MAX_BYTES", 100)
    _, out, err = play("board|save night.json|quit")
    assert "this save would be larger than" in out + err
    assert not Path("night.json").exists()


def test_save_over_two_versions_is_played_in_both(play: Play, pier: Path) -> None:
    play("board|save night.json|quit")
    pier.write_text(STORY.replace("board:", "embark:"), "utf-8")
    play("load night.json|sing|save night.json|quit")
    assert len(json.loads(Path("night.json").read_text("utf-8"))["versions"]) == 2
    pier.write_text(STORY.replace("board:", "enter:"), "utf-8")
    assert notes(play("load night.json|vars trust|why sing|quit")[1])[:3] == [
        "loaded night.json: beat river",
        "trust = 2; a whole number (0 to 3)",
        "option sing: it can be picked once, and has been picked",
    ]


def test_save_at_a_beat_that_was_removed_returns_to_the_last_one_that_is_left(
    play: Play, pier: Path
) -> None:
    play("board|sing|save night.json|quit")
    river = STORY[STORY.index("  river:") : STORY.index("  shore:")]
    pier.write_text(STORY.replace(river, "").replace("to: river", "to: shore"), "utf-8")
    lines = notes(play("load night.json|quit")[1])
    assert lines == [
        "the story has been edited since it was saved",
        "the story is at beat 'river', which is not in the new version",
        "undone: board at gate, sing at river",
        "loaded night.json: beat gate",
    ]


def test_save_of_an_edited_story_that_still_fits_is_loaded_silently(play: Play, pier: Path) -> None:
    """The control: new texts and new beats do not matter."""
    play("board|save night.json|quit")
    pier.write_text(STORY.replace("One seat is left.", "There is one seat left."), "utf-8")
    assert notes(play("load night.json|quit")[1])[:1] == ["loaded night.json: beat river"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "night.json is not a save of a rehearsal: "),
        ("[1]", "night.json is not a save of a rehearsal: "),
        ('{"xrdrama_save": 2}', "night.json is not a save of a rehearsal: "),
        ("[" * 100_000, "night.json is not a save of a rehearsal: "),
        ('{"xrdrama_save":1,"story":"ferry","content":"","acts":[]}',
         "this is a save of the story 'ferry', not of 'pier': play that story"),
        ('{"xrdrama_save":1,"story":"pier","content":"","acts":[{"do":"fly","beat":"gate"}]}',
         "is not a save of a rehearsal: Invalid enum value 'fly'"),
        ('{"xrdrama_save":1,"story":"pier","content":"","acts":[{"do":"wait","beat":"gate",'
         '"after":-1}]}', "is not a save of a rehearsal: "),
    ],
)  # fmt: skip
def test_damaged_or_foreign_save_is_one_clear_line(text: str, expected: str, play: Play) -> None:
    Path("night.json").write_text(text, "utf-8")
    status, _, err = play("load night.json")
    assert status == 2 and expected in err and err.count("\n") == 1


def test_stray_values_of_a_save_are_named() -> None:
    values = {"trust": 9, "hope": True, "mood": "calm", "has_key": 1e300}
    found = restored(Save(1, "pier", "", (), values=values), STORY_NOW, "")
    assert found.misfits == (
        "trust cannot have its saved value: 9 is out of range: a whole number (0 to 3)",
        "the variable 'hope' is not in the story any more",
        "has_key cannot have its saved value: '1e+300' is not true or false",
    )
    assert found.session.playthrough.value("mood") == "calm"


@pytest.mark.parametrize("command", ["save", "transcript"])
def test_files_of_others_are_not_overwritten(command: str, play: Play, pier: Path) -> None:
    status, _, err = play(f"{command} pier.branch.yaml")
    assert status == 2 and "is not a" in err and pier.read_text("utf-8") == STORY
    status, _, err = play(f"{command} .")
    assert status == 2 and err.count("\n") == 1
    status, _, err = play(f"{command} pier.branch.yaml/night")
    assert status == 2 and err.count("\n") == 1


# -- reload -------------------------------------------------------------------------------------


class Edited(Listed):
    """Lines that are typed, each after the story's file has been written again."""

    only_picks = False

    def __init__(self, file: Path, typed: list[tuple[str, str]]) -> None:
        super().__init__(line for line, _ in typed)
        self.file, self.texts = file, [text for _, text in typed]

    def read(self, seconds: float | None, tick: Tick) -> Read:
        if self.texts:
            self.file.write_text(self.texts.pop(0), "utf-8")
        return super().read(seconds, tick)


def test_edited_story_is_reloaded_and_the_rehearsal_stays_where_it_is(pier: Path) -> None:
    renamed = STORY.replace("Sing, to", "Sing a song, to")
    broken = renamed.replace("to: river, once", "to: rivr, once")
    gone = STORY.replace("board:", "embark:")
    typed = [
        ("board", STORY), ("reload", renamed), ("reload", broken), ("vars trust", broken),
        ("reload", gone), ("quit", gone),
    ]  # fmt: skip
    file = io.StringIO()
    screen = Screen(Console(file=file, width=100))
    assert play_story(Request(str(pier)), screen, answers=Edited(pier, typed)) == 0
    said = " ".join(file.getvalue().split())
    assert f"reloaded {pier}: beat river" in said and "Sing a song" in said
    assert "S102" in said and "trust = 2" in said.split("S102")[1]
    assert "options added: gate/embark options removed: gate/board" in said.split("S102")[1]
    assert said.split("S102")[1].count(f"reloaded {pier}: beat river") == 1


def test_rehearsal_at_a_beat_that_was_removed_goes_back(pier: Path) -> None:
    river = STORY[STORY.index("  river:") : STORY.index("  shore:")]
    without = STORY.replace(river, "").replace("to: river", "to: shore")
    typed = [("board", STORY), ("sing", STORY), ("reload", without), ("undo", without)]
    file = io.StringIO()
    screen = Screen(Console(file=file, width=100))
    assert play_story(Request(str(pier)), screen, answers=Edited(pier, typed)) == 0
    said = " ".join(file.getvalue().split())
    assert "beats removed: river" in said and f"reloaded {pier}: beat gate" in said
    assert "the story is at beat 'river', which is not in the new version" in said
    assert "undone, to where the new version can continue: Sing, board" in said
    assert "there is nothing to undo" in said


@pytest.mark.parametrize("where", ["terminal", "pipe"])
def test_story_that_is_saved_is_reloaded(where: str, pier: Path) -> None:
    read, write = os.pipe()
    file = io.StringIO()

    def author() -> None:
        os.write(write, b"board\n")
        wait_until(lambda: "wait" in file.getvalue())
        pier.write_text(STORY.replace("to: river, once", "to: rivr, once"), "utf-8")
        wait_until(lambda: "S102" in file.getvalue())
        pier.write_text(STORY.replace("Sing, to", "Sing a song, to"), "utf-8")
        wait_until(lambda: "Sing a song" in file.getvalue())
        os.write(write, b"quit\n")
        os.close(write)

    screen = Screen(Console(file=file, width=100))
    with os.fdopen(read, encoding="utf-8") as stream:
        thread = threading.Thread(target=author)
        thread.start()
        answers: Piped | Person = Piped(stream)
        if where == "terminal":
            answers = Person()
            answers.typed = Piped(stream)
        status = play_story(Request(str(pier), watch=True), screen, answers=answers)
        thread.join()
    said = " ".join(file.getvalue().split())
    assert status == 0 and "not reloaded; the story stays as it was" in said
    assert "S102" in said and "Sing a song" in said and "options changed: river/sing" in said


def test_watching_needs_answers_that_are_typed(pier: Path) -> None:
    with pytest.raises(UsageError, match="--watch needs answers that are typed"):
        play_story(Request(str(pier), "stay", watch=True), Screen(Console(file=io.StringIO())))


# -- transcripts --------------------------------------------------------------------------------


def test_transcript_has_everything_that_was_played_and_nothing_that_was_undone(play: Play) -> None:
    _, out, err = play("marker ledger|stay|undo|transcript night.txt|board|wait")
    assert "note: transcript: night.txt" in err and "19 lines in night.txt" not in out
    assert Path("night.txt").read_text("utf-8") == (
        "Rehearsal of pier (en)\n\nEXT. PIER - NIGHT\nThe Boatman: One seat is left.\n\n"
        "> (marker ledger)\n\nLan: Dust.\n\n> I am coming aboard\n\n"
        "Lan (softly): It is a short night.\nLan: You saw the attic.\n\n> Wait for the tide\n\n"
        "-- Morning\n"
    )
    assert play("transcript night.txt|quit")[0] == 0  # it may be written again


# -- recorded plans -----------------------------------------------------------------------------


def test_recorded_plan_passes_and_fails_when_the_story_changes(play: Play, pier: Path) -> None:
    _, _, err = play("marker ledger|board|undo|board|wait", "--record", "pier.testplan")
    assert err == (
        "note: test plan: pier.testplan (15 steps); run it with: xrdrama test pier.testplan\n"
    )
    plan = Path("pier.testplan").read_text("utf-8").splitlines()
    assert plan[:6] == [
        "# Recorded by xrdrama play pier", "line: BOATMAN: One seat is left.",
        "option: I am coming aboard", "option: I stay ashore", "marker: ledger",
        "line: LAN: Dust.",
    ]  # fmt: skip
    assert run(["test", "pier.testplan"]) == 0 and run(["check", "pier.testplan"]) == 0
    pier.write_text(STORY.replace("Dust.", "Ashes."), "utf-8")
    assert run(["test", "pier.testplan"]) == 1  # the control


def test_director_and_time_are_steps_of_a_recorded_plan(play: Play) -> None:
    _, _, err = play(
        "hold|release|wait 1500ms|board|force gate|restart|stay", "--record", "pier.testplan",
        "--set", "mood=cross",
    )  # fmt: skip
    assert "left out" not in err and "not in the test plan" not in err
    plan = Path("pier.testplan").read_text("utf-8").splitlines()
    assert plan[1] == "set: mood = cross"
    for step in ("hold", "resume", "wait: 1.5s", "force: gate", "jump: gate", "select: stay"):
        assert step in plan
    assert run(["test", "pier.testplan"]) == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("night.txt", "is not the name of a test plan"),
        ("mine.testplan", "is not a plan that xrdrama play"),
    ],
)
def test_plan_is_not_recorded_over_other_files(name: str, expected: str, play: Play) -> None:
    Path(name).write_text("line: One.\n", "utf-8")
    status, out, err = play("stay", "--record", name)
    assert (status, out) == (2, "") and expected in err
    assert Path(name).read_text("utf-8") == "line: One.\n"


ACTS = st.sampled_from(
    [("pick", name) for name in ("board", "stay", "unlock", "sing", "help", "wait", "else")]
    + [("marker", "ledger"), ("hold", ""), ("release", ""), ("restart", ""), ("undo", "")]
    + [("force", beat) for beat in STORY_NOW.beats if beat != "attic"]
    + [("wait", "")]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTS, max_size=12), st.integers(0, 5_000_000_000), st.integers(0, 9))
def test_any_rehearsal_is_recorded_as_a_plan_that_passes_and_a_save_that_restores_it(
    acts: list[tuple[str, str]], after: int, seed: int
) -> None:
    session = Session(STORY_NOW, Opening("", {"trust": 1}), seed)
    for do, name in acts:
        try:
            if do == "undo":
                session.undo()
            else:
                session.do(session.act(do, name, after if do == "wait" else 0))  # type: ignore[arg-type]
        except UsageError:
            continue
    saved = Save(1, "pier", "", session.acts, seed, "", {"trust": 1})
    found = restored(saved, STORY_NOW, "")
    assert found.misfits == ()
    assert found.session.playthrough == session.playthrough
    assert found.session.rehearsal.now == session.rehearsal.now
    assert steps_of(session, len(session.played))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ACTS, max_size=10), st.integers(0, 9))
def test_any_recorded_plan_passes(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, str]], seed: int
) -> None:
    session = Session(STORY_NOW, Opening(), seed)
    for do, name in acts:
        try:
            if do != "undo":
                session.do(session.act(do, name, 3_000_000_000 if do == "wait" else 0))  # type: ignore[arg-type]
        except UsageError:
            continue
    path = tmp_path_factory.mktemp("plans") / "pier.testplan"
    assert write_plan(path, session).steps  # it runs the plan, and raises if its first run fails
    runs, _ = parse_plan(path.read_text("utf-8"))
    assert run_runs(STORY_NOW, runs) == [None]


def test_save_round_trips(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '{"xrdrama_save":1,"story":"pier","content":"x","acts":[{"do":"pick","beat":"gate",'
        '"name":"board","after":5}],"values":{"trust":2}}'
    )
    assert read_save(path) == Save(
        1, "pier", "x", (Act("pick", "gate", "board", 5),), values={"trust": 2}
    )
