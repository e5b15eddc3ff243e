"""Our own contents: without problems, in canonical form, every plan passes, every way leads to an
ending, every text is translated, and editors accept what we read."""

from __future__ import annotations

import json
import re
from collections import deque
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from xrdrama.cli import run
from xrdrama.content import content_files, line_lengths
from xrdrama.document import Mapping, Node, Scalar, Sequence, compose
from xrdrama.story import Line, Story, load_story
from xrdrama.story.model import CueCall
from xrdrama.story.stepping.happenings import BeatEntered, CueCalled, Spoken, Taken
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.stepping.rehearsal import ELSE, Rehearsal
from xrdrama.story.strings import parse_strings, rows_of
from xrdrama.tools.checking.contents import check_file, check_paths
from xrdrama.tools.checking.formatting import format_paths
from xrdrama.tools.checking.plans import run_plans
from xrdrama.tools.schemas import editor_schemas

REPOSITORY = Path(__file__).parents[1]
FOLDERS = [REPOSITORY / name for name in ("branches", "scenes", "examples")]
FILES = sorted(content_files(FOLDERS))
# The dramas; a story beside a show demonstrates something else, such as a robot.
STORIES = [
    path for path in FILES
    if path.name.endswith(".branch.yaml") and path.parent.name == "branches"
]  # fmt: skip
MINUTE = 60 * 10**9

by_name = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
each_story = pytest.mark.parametrize("path", STORIES, ids=lambda path: path.name)


@cache
def story_of(path: Path) -> Story:
    return load_story(path.read_text("utf-8"), path.name, lasts=line_lengths(path))


def test_there_is_content_of_every_kind() -> None:
    for ending in (
        ".branch.yaml",
        "scene.yaml",
        ".stage.yaml",
        ".show.yaml",
        ".move.yaml",
        ".lens.yaml",
        ".testplan",
        "performer.yaml",
        ".gestures.yaml",
    ):
        assert any(path.name.endswith(ending) for path in FILES), ending


@by_name
def test_there_are_no_problems(path: Path) -> None:
    assert check_file(path) == []


def test_all_files_are_checked_at_once() -> None:
    assert check_paths(FOLDERS) == ([], len(FILES))


@by_name
def test_files_are_in_canonical_form(path: Path) -> None:
    assert format_paths([path], write=False) == []


@by_name
def test_names_are_those_of_their_files(path: Path) -> None:
    if path.name.endswith((".testplan", ".move.yaml")):  # these are called by their place
        return
    named = re.search(r"^id: (\S+)", path.read_text("utf-8"), re.MULTILINE)
    in_folder = path.name in ("scene.yaml", "performer.yaml")
    name = path.parent.name if in_folder else path.name.split(".")[0]
    assert named and named[1] == name


def test_the_first_story_of_the_readme_is_proved_in_the_steps_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (REPOSITORY / "branches" / "README.md").read_text("utf-8")
    story, plan = re.findall(r"```(?:yaml)?\n((?:xrdrama: 1\n|line: ).*?)```", text, re.DOTALL)
    (printed,) = re.findall(r"```text\n(ending .*?)\.\.\.\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("ferry.branch.yaml").write_text(story, "utf-8")
    assert run(["fmt", "."]) == 0
    assert [problem.code for problem in check_paths([tmp_path])[0]] == ["S121", "S121"]
    assert run(["prove", "ferry"]) == 1
    assert "unreachable: two_seats" in capsys.readouterr().out

    fixed = Path("ferry.branch.yaml").read_text("utf-8").replace("trust >= 3", "trust >= 2")
    Path("ferry.branch.yaml").write_text(fixed, "utf-8")
    assert check_paths([tmp_path])[0] == []
    assert run(["prove", "ferry"]) == 0
    shown = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert [line for part in printed for line in part.splitlines() if line not in shown] == []
    Path("ferry.testplan").write_text(plan, "utf-8")
    assert run_plans([tmp_path]) == (1, [])


def test_every_plan_passes() -> None:
    passed, failures = run_plans([REPOSITORY / "branches"])
    assert failures == []
    assert passed >= 5


# -- every way through a story ----------------------------------------------------------------


class Walked:
    """All that can happen in a story, found by going every way until nothing new is met."""

    def __init__(self, story: Story) -> None:
        self.endings: dict[str, tuple[str, ...]] = {}
        self.lines: set[str] = set()
        self.cues: set[str] = set()
        self.beats: set[str] = set()
        self.ways: set[tuple[str, str]] = set()
        self.longest = 0
        queue: deque[tuple[str, ...]] = deque([()])
        seen: set[Any] = set()
        while queue:
            path = queue.popleft()
            walk = self.walk(story, path)
            if walk.ended:
                self.longest = max(self.longest, walk.now)
                self.endings.setdefault(walk.playthrough.ending, path)
                continue
            key = where(walk.playthrough)
            if key in seen:
                continue
            seen.add(key)
            answers = [option.id for option in walk.options()] + [ELSE] * walk.can_wait()
            assert answers, f"{story.id} stands still after {path}"
            for plot in walk.playthrough.hidden():
                answers += ["!" + name for t in plot.triggers for name in t.values]
            queue.extend((*path, answer) for answer in answers)

    def walk(self, story: Story, path: tuple[str, ...]) -> Rehearsal:
        walk = Rehearsal(story, seed=len(path) and hash_of(path))
        self.note(walk)
        for answer in path:
            if answer.startswith("!"):
                walk.find("marker", answer[1:])
            else:
                walk.pick(answer)
            self.note(walk)
        return walk

    def note(self, walk: Rehearsal) -> None:
        for happening in walk.happenings:
            match happening:
                case Spoken(line):
                    self.lines.add(line.id)
                case CueCalled(cue):
                    self.cues.add(f"{cue.place.line}")
                case BeatEntered(beat):
                    self.beats.add(beat.id)
                case Taken(beat=beat, option=option):
                    self.ways.add((beat, option))


def hash_of(path: tuple[str, ...]) -> int:
    return sum(ord(c) * 31**n for n, c in enumerate("".join(path))) % 2**32


def where(p: Playthrough) -> Any:
    # The dice stay out of it: their state never comes back.
    return (p.beat, p.phase, p.offered, p.values, p.visits, p.used_options, p.used_plots)


@cache
def walked(path: Path) -> Walked:
    return Walked(story_of(path))


@each_story
def test_every_ending_is_reached_and_every_way_leads_to_one(path: Path) -> None:
    story = story_of(path)
    assert set(walked(path).endings) == {ending.id for ending in story.endings()}


@each_story
def test_every_beat_line_cue_and_option_is_met_on_some_way(path: Path) -> None:
    story, met = story_of(path), walked(path)
    assert met.beats == set(story.beats)
    script = [item for beat in story.order for item in beat.script]
    assert {item.id for item in script if isinstance(item, Line)} - met.lines == set()
    cues = {f"{item.place.line}" for item in script if isinstance(item, CueCall)}
    assert cues - met.cues == set()
    options = {(b.id, o.id) for b in story.order if b.choice for o in b.choice.options}
    assert options <= met.ways


@each_story
def test_a_story_is_over_in_three_minutes(path: Path) -> None:
    assert MINUTE / 2 < walked(path).longest < 3 * MINUTE


@each_story
def test_every_choice_can_be_answered_by_voice_and_by_hand(path: Path) -> None:
    for beat in story_of(path).order:
        for option in beat.choice.options if beat.choice else ():
            assert {"voice", "gesture"} <= {trigger.kind for trigger in option.triggers}


def test_the_walk_finds_what_is_wrong() -> None:
    # The control of the tests above: an ending out of reach, a line that nobody hears.
    text = STORIES[0].read_text("utf-8").replace("if: trust >= 1", "if: trust > 3")
    wrong = Walked(load_story(text))
    assert "thirteen_bowls" not in wrong.endings
    assert "home" not in wrong.beats


# -- translations -----------------------------------------------------------------------------


@each_story
def test_every_text_is_translated_and_up_to_date(path: Path) -> None:
    story = story_of(path)
    tables = sorted(path.parent.glob(path.name.split(".")[0] + ".*.csv"))
    assert tables
    for table in tables:
        language = table.name.split(".")[1]
        strings, problems = parse_strings(table.read_text("utf-8"), table.name, language, story)
        assert problems == []
        assert set(strings.texts) == {row.id for row in rows_of(story)}
        if language == "zh":
            assert all(re.search(r"[\u4e00-\u9fff]", text) for text in strings.texts.values())


# -- editors ----------------------------------------------------------------------------------

CORE = [
    (re.compile(r"null|Null|NULL|~|"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
]  # fmt: skip


def as_editors_see(node: Node) -> Any:
    """The values of a file after YAML 1.2's core schema, which editors check against the schema."""
    match node:
        case Scalar(text, style=None):
            return next((make(text) for form, make in CORE if form.fullmatch(text)), text)
        case Scalar(text):
            return text
        case Sequence(items):
            return [as_editors_see(item) for item in items]
        case Mapping(entries):
            return {key.text: as_editors_see(value) for key, value in entries}


def schema_of(path: Path) -> dict[str, Any]:
    in_folder = path.name in ("scene.yaml", "performer.yaml")
    kind = path.stem if in_folder else path.name.split(".")[-2]
    return editor_schemas()[kind]


def complaints(path: Path, old: str = "", new: str = "") -> list[str]:
    problems: list[Any] = []
    text = path.read_text("utf-8")
    assert old in text
    root = compose(text.replace(old, new, 1) if old else text, path.name, problems)
    assert root is not None
    seen = jsonschema.Draft202012Validator(schema_of(path)).iter_errors(as_editors_see(root))
    return [error.message for error in seen]


@by_name
def test_editors_accept_our_contents(path: Path) -> None:
    if path.suffix == ".yaml":
        assert complaints(path) == []


def test_editors_complain_about_what_we_refuse() -> None:
    # The control of the test above.
    for path in FILES:
        if path.suffix == ".yaml":
            known = "keys:" if path.name.endswith(".move.yaml") else "id:"
            assert complaints(path, known, "x_" + known), path.name
    assert complaints(STORIES[0], "to: remembered", "too: remembered")
    assert complaints(STORIES[0], "lasts: 6s", "lasts: 6")
    assert complaints(STORIES[0], "gesture: open_palm", "gesture: open_hand")


@pytest.mark.parametrize("kind", sorted(editor_schemas()))
def test_schemas_are_schemas_and_are_the_published_ones(kind: str) -> None:
    schema = editor_schemas()[kind]
    jsonschema.Draft202012Validator.check_schema(schema)
    published = REPOSITORY / "bridge" / "schema" / "editor" / f"{kind}.schema.json"
    assert json.loads(published.read_text("utf-8")) == schema
