"""Files of other tools: imported with `xrdrama import`, and read as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama import cli
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.tools.exchanging import import_story
from xrdrama.tools.foreign import importer_of, load_any_story

FERRY = Path(__file__).parents[1] / "authoring" / "yarn" / "night_ferry.yarn"


def test_importers_are_found_by_the_end_of_a_name() -> None:
    assert importer_of(Path("a/b.yarn")) == "yarn"
    assert importer_of(Path("b.fountain")) == "fountain"
    assert importer_of(Path("b.txt")) == importer_of(Path("yarn")) == ""


def test_a_yarn_file_is_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ferry.branch.yaml"
    assert cli.run(["import", str(FERRY), "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert f"{FERRY}:44: not carried over: the markup [i]: the words are there, plain" in said
    assert cli.run(["fmt", "--check", str(out)]) == 0
    assert import_story(FERRY, tmp_path / "again.branch.yaml").options == 4


def test_a_bad_file_is_refused_at_its_positions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.yarn"
    bad.write_text("title: Start\n---\nHi {\n<<endif>>\n===\n", "utf-8")
    with pytest.raises(AuthoringError) as raised:
        import_story(bad, tmp_path / "bad.branch.yaml")
    assert [(p.file, p.line, p.code) for p in raised.value.problems] == [
        (str(bad), 3, "I104"), (str(bad), 4, "I105")
    ]  # fmt: skip
    assert cli.run(["import", str(bad), "-o", str(tmp_path / "bad.branch.yaml")]) == 1
    assert f"{bad}:3:" in "".join(capsys.readouterr())
    assert not (tmp_path / "bad.branch.yaml").exists()


def test_a_story_is_read_from_the_file_of_another_tool() -> None:
    found = load_any_story(str(FERRY))
    assert (found.story.id, found.path) == ("night_ferry", FERRY)
    assert found.not_carried_over
    drama = load_any_story("one_lantern_too_many")
    assert (drama.story.id, drama.not_carried_over) == ("one_lantern_too_many", ())
    with pytest.raises(UsageError, match="there is no file"):
        load_any_story("nowhere.yarn")
