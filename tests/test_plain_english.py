"""The check of wording finds what it should, and only that."""

from __future__ import annotations

import pytest

from tests import plain_english


@pytest.mark.parametrize(
    "line",
    [
        'raise ValueError("a list is wanted here")',
        'message = "the rotation is no number"',
        'hint = "mend it, or take it out of the show"',
        'hint = "part what is in it by commas"',
        'message = f"{key} stands one level too far in"',
        'message = "a colon is one too many"',
        '"""Devices that are told to be lost."""',
        "value = 1  # written anew",
        "told = 1",
        "class Vigil: pass",
        "def tell_terminal(): pass",
        "READER_PATIENCE = 3",
    ],
)
def test_planted_wording_is_found(line: str) -> None:
    assert plain_english.findings("xrdrama/new.py", line + "\n")
    assert not line.startswith("raise") or plain_english.findings("README.md", line)


@pytest.mark.parametrize(
    "line",
    [
        'raise ValueError("expected a list")',
        'message = "there is no beat gate"',
        'message = "gate is no longer offered"',
        'message = f"{word!r} is not one of calm, angry"',
        "if value is None: pass",
        "total = standing + 1  # the stand-in actor stands still",
        'hint = "separate items with commas"',
        "teller = retold = 1",
    ],
)
def test_plain_wording_is_not_found(line: str) -> None:
    assert plain_english.findings("xrdrama/new.py", line + "\n") == []


def test_reworded_files_are_off_the_list() -> None:
    """A file on the list exists and still has something to reword; otherwise run `--update`."""
    known = plain_english.unclean()
    assert known == sorted(set(known))
    listed = set(plain_english.files())
    for path in known:
        assert path in listed, f"remove {path} from tests/unclean.txt"
        assert plain_english.findings(path, (plain_english.ROOT / path).read_text("utf-8")), (
            f"{path} is clean: run  python tests/plain_english.py --update"
        )


def test_exempt_lines_exist() -> None:
    texts = {path: (plain_english.ROOT / path).read_text("utf-8") for path in plain_english.files()}
    for start, line, _ in plain_english.EXEMPT:
        assert any(p.startswith(start) and line in text for p, text in texts.items()), line
