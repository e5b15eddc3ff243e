"""`xrdrama serve --audience nats://...`: a phone's signed vote is on the server and published."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers.browser import FLAGS, Chromium
from tests.peers.nats.server import NatsServer
from tests.peers.viewer.opening import opened
from tests.peers.viewer.serving import Serving
from tests.peers.viewer.test_votes import OPEN, SHOW_TIME, check, project, receipts
from xrdrama.adapters.eventlog.placed import address_of

pytestmark = pytest.mark.peer


def xrdrama(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xrdrama", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def test_a_signed_vote_is_kept_by_the_server(tmp_path: Path) -> None:
    server = NatsServer(tmp_path / "nats", "-js")
    browser = Chromium(tmp_path / "chromium", FLAGS)
    try:
        options = ("--audience", server.address("boat"))
        serving = Serving(tmp_path / "room", make=project, options=options)
        try:
            first = opened(browser, serving.link)
            second = opened(browser, serving.link)
            first.wait(OPEN, SHOW_TIME)
            # The server goes away while it is voted: the vote is refused or waits, and is not lost.
            server.kill()
            first.click("[data-option=girl]")
            server.start()
            second.click("[data-option=doctor]")
            for tab in (first, second):
                tab.wait("document.querySelector('.vote-note').innerText.includes('number ')")
                assert len(receipts(tab)) == 1
            check(first, "proved")
        finally:
            serving.close()
        take = next((tmp_path / "room" / "out").rglob("*.take"))
        votes = take.with_name(f"{take.name}.votes")
        assert not votes.exists() and address_of(votes).startswith(server.address("boat-votes-"))
        folder = tmp_path / "published"
        done = xrdrama("votes", "publish", str(take), "-o", str(folder), folder=tmp_path)
        assert done.returncode == 0, done.stderr
        verified = xrdrama("votes", "verify", str(folder), "--json", folder=tmp_path)
        found = json.loads(verified.stdout)
        assert found["valid"] and found["leaves"] == 2, found
    finally:
        browser.close()
        server.kill()
    refused = xrdrama("serve", "lantern_web", "--audience", server.address("boat"), folder=tmp_path)
    assert refused.returncode == 2 and "cannot be reached" in refused.stderr
