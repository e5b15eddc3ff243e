"""A director's client: what the console's page does, without the page.

It opens the address that a show prints, sets a parameter, holds the story, and releases both.
`bridge/web/README.md` has the protocol.
"""

import http.client
import json
import re
import subprocess
import sys
import tempfile

from websockets.sync.client import connect

with tempfile.TemporaryDirectory() as out:
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_demo", "--no-video", "--out", out]
    show = subprocess.Popen([*command, "--seconds", "600"], stderr=subprocess.PIPE, text=True)
    said = iter(show.stderr)
    host, token = next(
        m.groups() for m in (re.search(r"//(.+)/\?token=(\S+)", s) for s in said) if m
    )

    # The token works once; it is exchanged for the cookie that this client needs.
    door = http.client.HTTPConnection(host)
    door.request("GET", f"/?token={token}")
    cookie = door.getresponse().getheader("Set-Cookie").partition(";")[0]
    door.close()
    with connect(
        f"ws://{host}/live", origin=f"http://{host}", additional_headers={"Cookie": cookie}
    ) as desk:
        state, ids = {}, iter(range(1, 100_000))

        def hear() -> dict:
            """One message: `is` is the whole state, `now` the changes; null means removed."""
            message = json.loads(desk.recv(timeout=60))
            state.update(message.get("is", {}) | message.get("now", {}))
            for answer in message.get("answers", []):
                if "refused" in answer:  # maybe after it was recorded: the core decides
                    print(f"frame {message['n']:3}: {answer['code']}: {answer['refused']}")
            return message

        def ask(**what: object) -> None:
            """Send a command and wait for the answer; send it again if the show does not answer."""
            id, answer = next(ids), None
            desk.send(json.dumps({"id": id, **what}))
            while not answer:
                message = hear()
                answer = next((a for a in message.get("answers", []) if a["id"] == id), None)
            print(f"frame {message['n']:3}: {what} -> {answer.get('recorded', 'refused')}")
            if answer.get("code") == "silent":
                ask(**what)

        while not state.get("beat"):
            hear()
        print(f"the show is at {state['beat']!r}, fog is {state['p/fog']}")
        ask(do="param", param="fog", value=0.9)
        ask(do="held", on=True)
        while not (state["p/fog"] == 0.9 and state.get("held")):
            hear()
        print(f"frame {hear()['n']:3}: {state['by']['fog']} holds fog at {state['p/fog']}")
        ask(do="param", param="fog", value=None)
        ask(do="param", param="fog", value=7)  # out of range: refused
        ask(do="held", on=False)
        while state.get("held") or state.get("over"):
            hear()
        print(f"released: fog is {state['p/fog']} again")

    show.terminate()
    show.communicate(timeout=60)
