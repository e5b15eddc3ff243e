"""What a command line says of viewers, in the text of a show that is played."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import AuthoringError, UsageError, XrdramaError
from xrdrama.show.parse import parse_show
from xrdrama.show.production import ViewerRule
from xrdrama.show.viewer_text import apart, with_viewers

HEAD = """\
# The evening show.
xrdrama: 1
id: small
title: Small
story: small
"""
SECTION = """\
viewers:   # as Mei needs it
  captions: large
  sounds_from: {bell: gate,
                bowl: girl}
"""
TAIL = "# the languages\nlanguages: [en]\n"


def rule_of(text: str) -> ViewerRule:
    show, problems = parse_show(text)
    assert show is not None, problems
    return show.viewers


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("text", [HEAD, HEAD + TAIL, HEAD.rstrip(), HEAD + "...\n"])
def test_a_show_without_the_section_gets_one(text: str, end: str) -> None:
    done = with_viewers(text.replace("\n", end), {"posture": "seated", "eye_height": "1.2"})
    assert rule_of(done) == ViewerRule(posture="seated", eye_height=1.2)
    assert done.startswith(text.replace("...\n", "").replace("\n", end).rstrip())


@pytest.mark.parametrize("text", [HEAD + SECTION, HEAD + SECTION + TAIL, SECTION + HEAD])
def test_what_is_not_given_stays(text: str) -> None:
    before = rule_of(text)
    assert before.sounds_from == {"bell": "gate", "bowl": "girl"}
    done = with_viewers(text, {"captions_away": "2.5", "time_limits": "false"})
    expected = msgspec.structs.replace(before, captions_away=2.5, time_limits=False)
    assert rule_of(done) == expected
    assert rule_of(with_viewers(done, {"captions": "small"})).captions == "small"
    assert ("languages: [en]" in done) == ("languages" in text)


@pytest.mark.parametrize("text", [HEAD, HEAD + SECTION, HEAD + SECTION + TAIL, SECTION + HEAD])
def test_a_show_is_the_same_apart_from_the_section_whatever_is_given(text: str) -> None:
    rest, found = apart(text)
    given = apart(with_viewers(text, {"posture": "seated"}))
    assert given == (rest, {**found, "posture": "seated"})
    assert "captions" not in rest and ("captions" in found) == ("captions" in text)
    assert apart(text.replace("title: Small", "title: Large"))[0] != rest


@pytest.mark.parametrize("text", ["", "a: [", "{xrdrama: 1, viewers: {captions: large}}", "- a\n"])
def test_a_text_that_cannot_be_taken_apart_stays_as_it_is(text: str) -> None:
    assert apart(text) == (text, {})


def test_nothing_given_changes_nothing() -> None:
    assert with_viewers(HEAD + SECTION, {}) == HEAD + SECTION


@pytest.mark.parametrize("said", [{"captions": "huge"}, {"eye_height": "9"}, {"gaze": "1"}])
def test_what_the_section_cannot_have_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(UsageError) as raised:
        with_viewers(HEAD + SECTION, said, "small.show.yaml")
    assert str(raised.value).startswith(f"{next(iter(said))} of the viewers: ")
    with pytest.raises(AuthoringError, match=r"small.show.yaml:6"):
        with_viewers(HEAD + "gaze: 1\n", {"captions": "small"}, "small.show.yaml")


def test_a_show_in_braces_is_refused_in_words() -> None:
    with pytest.raises(UsageError, match="written in braces"):
        with_viewers("{xrdrama: 1, id: small, title: Small, story: small}", {"budget": "true"})


@settings(max_examples=20)
@given(st.text(max_size=60), st.text(max_size=12), st.text(max_size=12))
def test_any_text_gives_a_show_or_an_error_of_ours(text: str, name: str, value: str) -> None:
    for given_text in (text, HEAD + SECTION + text):
        try:
            done = with_viewers(given_text, {name: value})
        except XrdramaError:
            continue
        assert parse_show(done)[0] is not None
