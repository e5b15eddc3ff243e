"""The canonical form: the same story, said in one order; comments stay with what they are about."""

from __future__ import annotations

import itertools
import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.canonical import canonical_text, with_line_ids
from xrdrama.document import (
    ID,
    Field,
    ListOf,
    MapOf,
    Mapping,
    Node,
    Record,
    Scalar,
    Sequence,
    Text,
    Variant,
    Whole,
    compose,
)
from xrdrama.errors import AuthoringError
from xrdrama.story import Line, load_story
from xrdrama.story.form import STORY

# -- the law: whatever the order and the comments, the same tree, in one order ---------------------


def tree(text: str) -> Any:
    """The values of a file without their places and without the order of keys."""
    problems: list[Any] = []
    root = compose(text, "f", problems)
    assert root is not None and not problems, (text, problems)

    def plain(node: Node) -> Any:
        match node:
            case Scalar(value):
                # White space at the end of a row means nothing to any of our forms.
                return "\n".join(row.rstrip() for row in value.rstrip().split("\n"))
            case Sequence(items):
                return [plain(item) for item in items]
            case Mapping(entries):
                return {key.text: plain(value) for key, value in entries}

    return plain(root)


def comments(text: str) -> dict[str, list[str]]:
    """What the comment lines above each line with a key say, by that line."""
    found: dict[str, list[str]] = {}
    above: list[str] = []
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            above.append(line.strip())
        elif line.strip():
            if above:
                found[line.strip()] = above
            above = []
    return found


class Thing(msgspec.Struct, frozen=True):
    id: str = ""


LEAF = Record(Thing, {"x": Field(Text(), ""), "y": Field(Text(), ""), "z": Field(Text(), "")})
KIND = Variant("kind", {"one": LEAF, "two": Record(Thing, {"q": Field(Whole(0, 9), "")})})
FORM = Record(
    Thing,
    {
        "alpha": Field(Text(), ""),
        "beta": Field(LEAF, ""),
        "gamma": Field(MapOf(LEAF), ""),
        "delta": Field(ListOf(LEAF), ""),
        "kinds": Field(MapOf(KIND), ""),
        "words": Field(Text(least=0), ""),
    },
)

_numbers = itertools.count()
NOTE = st.sampled_from(["", "", "#", "# \u96ea", "#: {x: 1}", "# - y", "#| b:"])
WORD = st.sampled_from(["a", "'it''s'", '"q # w"', "no", "12:30", "\u706f\u7b3c", '"a\\tb"', "x y"])
BLOCK = st.sampled_from(["|\n{i}LAN: Yes.\n\n{i}  # deeper\n{i}z: no key", ">\n{i}folded\n{i}text"])


@st.composite
def entries(draw: Any, keys: list[str], values: Any, indent: int) -> str:
    """A mapping: some of `keys` in any order, each maybe under a comment or behind a blank line."""
    chosen = draw(st.lists(st.sampled_from(keys), min_size=1, unique=True))
    pad = " " * indent
    out = ""
    for key in chosen:
        if draw(st.integers(0, 5)) == 0:
            out += "\n"
        if note := draw(NOTE):
            out += f"{pad}{note}{next(_numbers)}\n"
        out += f"{pad}{key}:" + draw(values(key, indent)) + "\n"
    return out


def scalar(_: str, indent: int) -> Any:
    pad = " " * (indent + 2)
    trailing = st.sampled_from(["", "", "  ", "  # behind"])
    return st.tuples(WORD, trailing).map(lambda p: " " + p[0] + p[1]) | BLOCK.map(
        lambda block: " " + block.replace("{i}", pad)
    )


def leaf(_: str, indent: int) -> Any:
    inside = entries(["z", "y", "x", "unknown"], scalar, indent + 2).map(
        lambda body: "\n" + body.rstrip("\n")
    )
    return (
        inside
        | st.just(" {z: 1, x: 2}")
        | st.just(" {\n" + " " * (indent + 2) + "z: 1,\n" + " " * (indent + 2) + "x: 2}")
    )


def kind(_: str, indent: int) -> Any:
    pad = " " * (indent + 2)

    def order(parts: list[str]) -> str:
        return "\n" + "\n".join(pad + part for part in parts)

    return st.permutations(["kind: one", "z: 1", "x: 2"]).map(order) | st.permutations(
        ["kind: two", "q: 1"]
    ).map(order)


def items(_: str, indent: int) -> Any:
    pad = " " * (indent + 2)
    item = leaf("", indent + 2).map(lambda body: f"{pad}-{body}")
    return st.lists(item, min_size=1, max_size=3).map(lambda rows: "\n" + "\n".join(rows))


def named(inside: Any) -> Any:
    def values(_: str, indent: int) -> Any:
        body = entries(["b", "a", "c"], inside, indent + 2)
        return body.map(lambda text: "\n" + text.rstrip("\n"))

    return values


def top(key: str, indent: int) -> Any:
    return {
        "beta": leaf,
        "gamma": named(leaf),
        "delta": items,
        "kinds": named(kind),
    }.get(key, scalar)(key, indent)


FILES = entries(["words", "kinds", "delta", "gamma", "beta", "alpha", "strange"], top, 0)


@given(
    FILES,
    st.sampled_from(["", "\ufeff", "# head\n\n", "---\n"]),
    st.sampled_from(["", "\n\n", "...\n"]),
)
def test_any_order_of_keys_comes_to_the_same_tree_in_the_order_of_the_form(
    body: str, before: str, after: str
) -> None:
    text = before + body + after
    ordered = canonical_text(text, "f", FORM)
    assert tree(ordered) == tree(text)
    assert canonical_text(ordered, "f", FORM) == ordered
    assert sorted(filter(None, (line.strip() for line in ordered.splitlines()))) == sorted(
        filter(
            None,
            (
                line.strip()
                for line in text.removeprefix("\ufeff").splitlines()
                if line.strip() != "..."
            ),
        )
    )
    keys = list(tree(ordered))
    known = [key for key in FORM.fields if key in keys]
    assert keys == known + [key for key in keys if key not in known]


@given(FILES)
def test_comments_stay_with_their_keys(text: str) -> None:
    # Lines with keys may be equal; only the others are compared.
    once = {line for line in text.splitlines() if text.splitlines().count(line) == 1}
    before = {k: v for k, v in comments(text).items() if any(k == o.strip() for o in once)}
    after = comments(canonical_text(text, "f", FORM))
    for line, above in before.items():
        if sum(row.strip() == line for row in text.splitlines()) == 1 and "# deeper" not in above:
            assert after.get(line) == above, text


def test_a_comment_of_the_next_group_is_not_drawn_into_the_one_before() -> None:
    text = "alpha: 1\nbeta:\n  z: 1\n  x: 2\n\n# of gamma\ngamma:\n  a: {x: 1}\n"
    assert canonical_text(text, "f", FORM) == (
        "alpha: 1\nbeta:\n  x: 2\n  z: 1\n\n# of gamma\ngamma:\n  a: {x: 1}\n"
    )


def test_keys_in_braces_stay_as_they_are() -> None:
    text = "beta: {\n  z: 1,\n  x: 2\n}\n"
    assert canonical_text(text, "f", FORM) == text


def test_a_file_that_is_in_order_is_not_touched() -> None:
    text = "# head\nalpha: 1   # behind\n\n\n# over beta\nbeta:\n    x: 1\n    z: 2\n"
    assert canonical_text(text, "f", FORM) == text


@pytest.mark.parametrize("text", ["", "a: [", "a: 1\na: 2\n", "- &x a\n"])
def test_what_cannot_be_read_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(AuthoringError) as caught:
        canonical_text(text, "f.yaml", FORM)
    assert caught.value.problems[0].file == "f.yaml"


def test_a_file_that_is_no_group_is_left_alone() -> None:
    assert canonical_text("- b\n- a", "f", FORM) == "- b\n- a\n"
    assert canonical_text("plain", "f", FORM) == "plain\n"


# -- line ids -------------------------------------------------------------------------------------

TALE = """\
xrdrama: 1
id: tale
scene: lane
cast: {lan: {name: Lan}, old_mo: {name: Mo}}
beats:
  a:
    script: |

      EXT. LANE - NIGHT
      LAN: Twelve.
        OLD MO (dry): Thirteen.   #lkeep1
      @wait 1s
      {if seen(b)} LAN: Twelve.
    choice: {options: {x: {to: b}}}
  b:
    script: |2
        LAN: \u4f60\u597d\u3002
      LAN: #lwho isn't.
    ending: done
"""
ID_BEHIND = re.compile(r"  #(l[a-z2-7]{5})$")


def test_every_line_gets_an_id_once_and_nothing_else_changes() -> None:
    marked = with_line_ids(TALE, "tale.branch.yaml")
    story = load_story(marked, "tale.branch.yaml")
    lines = [item for beat in story.order for item in beat.script if isinstance(item, Line)]
    assert len(lines) == 5
    assert all(line.has_id for line in lines)
    assert len({line.id for line in lines}) == 5
    assert lines[1].id == "lkeep1"
    for before, after in zip(TALE.splitlines(), marked.splitlines(), strict=True):
        assert after == before or ID_BEHIND.sub("", after) == before
    assert with_line_ids(marked, "tale.branch.yaml") == marked


def test_ids_only_add_ids_to_the_story() -> None:
    before, after = load_story(TALE), load_story(with_line_ids(TALE, "story"))
    for old, new in zip(before.order, after.order, strict=True):
        for one, other in zip(old.script, new.script, strict=True):
            if isinstance(one, Line):
                assert isinstance(other, Line)
                assert (one.speaker, one.text, one.lasts, one.place) == (
                    other.speaker, other.text, other.lasts, other.place
                )  # fmt: skip


def test_ids_that_are_taken_are_not_given_again() -> None:
    first = with_line_ids(TALE, "f")
    given = {m[1] for line in first.splitlines() if (m := ID_BEHIND.search(line))}
    second = with_line_ids(TALE, "f", taken=given)
    new = {found[1] for found in map(ID_BEHIND.search, second.splitlines()) if found}
    assert given & new <= {"lkeep1"}


def test_ids_do_not_depend_on_what_else_is_in_the_story() -> None:
    more = TALE + "  c:\n    script: |\n      LAN: More.\n    ending: other\n"
    assert with_line_ids(more, "f").startswith(with_line_ids(TALE, "f"))


def test_no_id_is_written_into_what_cannot_be_read() -> None:
    with pytest.raises(AuthoringError):
        with_line_ids(TALE.replace("to: b", "to: nowhere"), "f")


def test_windows_line_ends_and_a_mark_at_the_start_do_not_move_ids() -> None:
    strange = "\ufeff" + TALE.replace("\n", "\r\n")
    marked = with_line_ids(canonical_text(strange, "f", STORY), "f")
    assert marked == with_line_ids(canonical_text(TALE, "f", STORY), "f")


@given(st.permutations(range(5)), st.permutations(range(4)))
def test_the_canonical_story_is_the_same_story(order: list[int], inner: list[int]) -> None:
    head = ["xrdrama: 1", "id: tale", "scene: lane", "cast: {lan: {name: Lan}}"]
    beat = [
        "    dur: {min: 2s}",
        "    script: |\n      # not a comment\n      LAN: Yes.  #labcd1",
        "    next: b",
        "    # of hidden\n    hidden:\n      - {id: p, on: {marker: m}, to: b, return: false}",
    ]
    beats = "beats:\n  a:\n" + "\n".join(beat[n] for n in inner) + "\n  b: {ending: e}"
    parts = [*head, beats]
    text = "\n".join(parts[n] for n in order) + "\n"
    ordered = canonical_text(text, "f", STORY)
    assert tree(ordered) == tree(text)
    assert (
        ordered
        == "\n".join([*head, "beats:\n  a:\n" + "\n".join(beat) + "\n  b: {ending: e}"]) + "\n"
    )
    one, other = load_story(text), load_story(ordered)
    assert [type(item) for item in one.beats["a"].script] == [
        type(item) for item in other.beats["a"].script
    ]
    assert one.texts() == other.texts()


@pytest.mark.parametrize("empty", ["storylets: {talk: {}}", "storylets:\n  talk: {}", "vars: {}"])
def test_empty_mappings_stay_as_they_are(empty: str) -> None:
    text = f"xrdrama: 1\nid: a\ntitle: A\nlanguage: en\nstart: a\nscene: s\n{empty}\nbeats: {{}}\n"
    assert canonical_text(text, "f", STORY) == text


def test_the_forms_used_here_read_what_they_order() -> None:
    # The control of the laws above: FORM is a form, not only an order of words.
    assert ID.pattern and set(FORM.fields) == {"alpha", "beta", "gamma", "delta", "kinds", "words"}
