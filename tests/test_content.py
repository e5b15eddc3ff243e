"""Our own contents: without problems, in canonical form, every plan passes, every way leads to an
ending, every text is translated, and editors accept what we read."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from xrdrama.authoring.plans.coverage import unreached
from xrdrama.authoring.plans.random_play import RandomPlays
from xrdrama.authoring.proving import Proof, prove
from xrdrama.cli import run
from xrdrama.content import content_files, line_lengths
from xrdrama.document import Mapping, Node, Scalar, Sequence, compose
from xrdrama.story import Line, Story, load_story
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

PLAYS = 800
"""Random playthroughs of each story, from which every line and cue must have been heard or seen."""
MINUTES = {"one_lantern_too_many": (6, 10), "two_cups": (0.5, 3)}
"""How long each story takes: the typical path to an ending, and the longest one."""


@cache
def proof_of(path: Path) -> Proof:
    return prove(story_of(path))


@each_story
def test_every_ending_is_reached_and_every_way_leads_to_one(path: Path) -> None:
    proof = proof_of(path)
    assert proof.complete and proof.stuck == () and proof.endless == ()
    reached = {ending.id for ending in proof.endings if ending.reachable}
    assert reached == {ending.id for ending in story_of(path).endings()}


@each_story
def test_every_beat_option_and_hidden_plot_is_met_on_some_way(path: Path) -> None:
    proof = proof_of(path)
    assert (proof.never_reached, proof.never_offered, proof.never_opened) == ((), (), ())
    assert [one for one in proof.conditions if not one.always] == []


@each_story
def test_every_line_cue_and_option_is_played_by_chance(path: Path) -> None:
    plays = RandomPlays(story_of(path), seed=1)
    assert [plays.play(number) for number in range(PLAYS)] == [None] * PLAYS
    assert unreached(story_of(path), plays.counter.coverage()) == []


@each_story
def test_a_story_takes_the_minutes_that_it_should(path: Path) -> None:
    least, most = MINUTES[story_of(path).id]
    for ending in proof_of(path).endings:
        assert ending.seconds is not None and ending.seconds.most is not None
        assert least * 60 <= ending.seconds.typical <= ending.seconds.most <= most * 60, ending.id


@each_story
def test_every_choice_can_be_answered_by_voice_and_by_hand(path: Path) -> None:
    for beat in story_of(path).order:
        for option in beat.choice.options if beat.choice else ():
            assert {"voice", "gesture"} <= {trigger.kind for trigger in option.triggers}


def test_proof_and_plays_find_what_is_wrong() -> None:
    # The control of the tests above: an ending out of reach, a line that nobody hears.
    (path,) = (path for path in STORIES if path.name.startswith("two_cups"))
    text, story = path.read_text("utf-8"), story_of(path)
    line = next(one for beat in story.order for one in beat.script if isinstance(one, Line))
    spoken = f"{line.speaker.upper()}: {line.text}"
    wrong = load_story(text.replace(spoken, f"{{if visits({story.start}) > 9}} {spoken}", 1))
    assert [one.always for one in prove(wrong).conditions] == [False]
    plays = RandomPlays(wrong, seed=1)
    for number in range(PLAYS):
        plays.play(number)
    missing = unreached(wrong, plays.counter.coverage())
    assert [one.place.line for one in missing] == [line.place.line]
    never = text.replace("to: lay_by", "to: kettle")
    assert never != text and prove(load_story(never)).never_reached == ("lay_by",)


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
