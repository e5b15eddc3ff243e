"""A viewer without a page: joins a show, follows its states, and picks an option twice.

The same request is sent again, as a page does after a lost connection; it counts once.
`xrdrama/wire/audience.py` has the protocol.
"""

import http.client
import json
import re
import subprocess
import sys
import tempfile
import time

from websockets.sync.client import connect

with tempfile.TemporaryDirectory() as out:
    command = [sys.executable, "-m", "xrdrama", "serve", "lantern_web", "--no-console"]
    show = subprocess.Popen(
        [*command, "--out", out, "--seconds", "600"], stderr=subprocess.PIPE, text=True
    )
    said = iter(show.stderr)
    host, path = next(
        m.groups() for m in (re.search(r"http://([^/]+)(/join\S+)", s) for s in said) if m
    )

    # The link admits many; each browser gets a seat, which is a cookie.
    door = http.client.HTTPConnection(host)
    door.request("GET", path)
    cookie = door.getresponse().getheader("Set-Cookie").partition(";")[0]
    door.close()
    with connect(
        f"ws://{host}/watch", origin=f"http://{host}", additional_headers={"Cookie": cookie}
    ) as page:
        state = {}

        def hear() -> list:
            """One message; the answers that are in it."""
            message = json.loads(page.recv(timeout=60))
            state.update(message.get("is", {}) | message.get("now", {}))
            return message.get("answers", [])

        while not state.get("choice") or state["choice"]["phase"] != "open":
            hear()
        options = state["choice"]["options"]
        print(f"{state['beat']}: " + " / ".join(one["texts"]["en"] for one in options))
        pick = {"id": int(time.time() * 1000), "do": "tap", "option": options[0]["id"]}
        for _ in range(2):
            page.send(json.dumps(pick))
            answers = []
            while not answers:
                answers = hear()
            print(f"the same number both times: {answers[0].get('recorded')}")
        beat = state["beat"]
        while state["beat"] == beat:
            hear()
        print(f"the show continues with {state['beat']}")

    show.terminate()
    show.communicate(timeout=60)
