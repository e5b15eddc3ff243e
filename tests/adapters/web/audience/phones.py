"""What a phone's page does to vote with a signature."""

from __future__ import annotations

import secrets
from typing import Any

from tests.adapters.web.audience.server import AudienceServer, Viewer
from xrdrama.adapters.signing.p256 import SigningKey
from xrdrama.ledger.votes import Vote


class Phone:
    """A seat with a key of its own."""

    def __init__(self, served: AudienceServer, cookie: str = "") -> None:
        self.served, self.key = served, SigningKey()
        self.cookie = cookie or served.join()

    def open(self) -> Viewer:
        """An open page."""
        page = self.served.watch(self.cookie)
        return page.until(lambda page: "tally" in page.state, "a vote")

    def words(self, page: Viewer, option: str, **more: Any) -> dict[str, Any]:
        """The request with which a page votes; `more` replaces what the page has seen."""
        ballot, tally = page.state["ballot"], page.state["tally"]
        signed = {
            "run": ballot["run"], "choice": tally["choice"], "opening": str(tally["opening"]),
            "option": option, "nonce": secrets.token_hex(8), **more,
        }  # fmt: skip
        text = Vote(**signed).text.encode()
        made = {"key": self.key.public.hex(), "signature": self.key.sign(text).hex()}
        return {"do": "vote", **signed, **made}

    def vote(self, page: Viewer, option: str, id: int = 0, **more: Any) -> dict[str, Any]:
        """Vote, and wait for the answer."""
        return page.ask(id, **self.words(page, option, **more))
