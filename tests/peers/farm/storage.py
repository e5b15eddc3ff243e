"""S3-compatible storage: a real SeaweedFS on loopback."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from tests.waiting import wait_until

PROGRAM = Path(sys.executable).with_name("weed")
READY_WITHIN = 120.0
USER = {"name": "crew", "actions": ["Admin"]}
CREDENTIALS = {"accessKey": "crew", "secretKey": "lantern"}


@contextmanager
def storage(folder: Path) -> Iterator[dict[str, str]]:
    """A server with the bucket `takes`; the variables with which a client reaches it."""
    with ExitStack() as stack:
        found = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(8)]
        ports = [one.getsockname()[1] for one in found]
    folder.mkdir(parents=True)
    access = folder / "s3.json"
    access.write_text(json.dumps({"identities": [{**USER, "credentials": [CREDENTIALS]}]}), "utf-8")
    names = ("master", "volume", "filer", "s3")
    options = [f"-{name}.port={port}" for name, port in zip(names, ports[:4], strict=True)]
    options += [f"-{name}.port.grpc={port}" for name, port in zip(names, ports[4:], strict=True)]
    command = [str(PROGRAM), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    command += ["-s3", f"-s3.config={access}", "-master.telemetry=false", *options]
    environment = {
        "AWS_ENDPOINT": f"http://127.0.0.1:{ports[3]}", "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "crew", "AWS_SECRET_ACCESS_KEY": "lantern",
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        wait_until(lambda: _made(environment, process), READY_WITHIN, f"S3, see {folder / 'log'}")
        yield environment
    finally:
        process.kill()  # asked to end, it waits for ever
        process.wait()


def _made(environment: dict[str, str], process: subprocess.Popen[bytes]) -> bool:
    """Whether the bucket is there; it is made by the first object in it."""
    assert process.poll() is None
    bucket = S3Store(
        "takes",
        endpoint=environment["AWS_ENDPOINT"],
        region="us-east-1",
        access_key_id="crew",
        secret_access_key="lantern",
        client_options={"allow_http": True, "timeout": "5s"},
        retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=5)},
    )
    with suppress(BaseError, OSError):
        obstore.put(bucket, "ready", b"")
        return True
    return False
