"""A store of objects (obstore): a folder, or a bucket of S3-compatible storage.

Objects are never changed: a name is written once. Objects named by their content (`content_name`)
are compared with that name when they are read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from xrdrama import saving
from xrdrama.errors import DeviceError, UsageError

CHUNK: Final = 1 << 20
_FORM: Final = "write a folder, or s3://BUCKET/FOLDER with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY"
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def content_name(digest: str) -> str:
    """The name of an object that is named by the SHA-256 of its content, in hex."""
    return f"objects/{digest[:2]}/{digest}"


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex. DeviceError if it cannot be read."""
    found = sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                found.update(chunk)
    except OSError as error:
        raise DeviceError(f"{path} cannot be read: {error.strerror}", "choose another") from error
    return found.hexdigest()


class Objects:
    """The store at `place`: a folder, which is made if it does not exist, or s3://BUCKET/FOLDER.

    UsageError for another kind of place; DeviceError from any method when it does not answer.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        scheme = urlsplit(place).scheme
        if scheme not in ("", "s3"):
            raise UsageError(f"{place!r} is not a store", _FORM)
        with self._asked():
            self._store = _bucket(place) if scheme else LocalStore(Path(place), mkdir=True)

    def put(self, name: str, data: bytes | Path) -> bool:
        """Write an object, unless it exists: False then."""
        with self._asked():
            try:
                obstore.put(self._store, name, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return False
        return True

    def put_file(self, path: Path) -> str:
        """Write a file under the name of its content; its SHA-256 in hex."""
        digest = digest_of(path)
        self.put(content_name(digest), path)
        return digest

    def read(self, name: str, most: int) -> bytes | None:
        """An object of at most `most` bytes; None if it does not exist."""
        with self._asked():
            try:
                if obstore.head(self._store, name)["size"] > most:
                    raise DeviceError(
                        f"{name} in {self.place} has more than {most} bytes", "it is not ours"
                    )
                return bytes(obstore.get(self._store, name).bytes())
            except (NotFoundError, FileNotFoundError):
                return None

    def fetch(self, digest: str, path: Path) -> None:
        """Write the object with this content to a file, which is replaced only when it is whole and
        its content is the one that was asked for. DeviceError otherwise."""
        name = content_name(digest)
        found = sha256()
        with self._asked(), saving.saving(path) as beside, beside.open("wb") as file:
            try:
                for chunk in obstore.get(self._store, name).stream(min_chunk_size=CHUNK):
                    found.update(chunk)
                    file.write(chunk)
            except (NotFoundError, FileNotFoundError):
                raise DeviceError(f"{name} is not in {self.place}", "push it again") from None
            if found.hexdigest() != digest:
                raise DeviceError(
                    f"{name} in {self.place} is damaged: its content has another SHA-256",
                    "delete it there and push it again",
                )

    def names(self, prefix: str) -> list[str]:
        """The names that begin with a folder, in order."""
        with self._asked():
            found = [one["path"] for page in obstore.list(self._store, prefix) for one in page]
        return sorted(found)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise DeviceError(
                f"the store {self.place} cannot be used: {said}",
                "check its address, its credentials and its space",
            ) from error


def _bucket(place: str) -> Any:
    """A bucket. Its credentials and endpoint are those of the AWS_ variables."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT") or ""
    plain = endpoint.startswith("http://")
    if plain and urlsplit(endpoint).hostname not in _LOOPBACK:
        raise UsageError(
            f"the connection to {endpoint} would not be encrypted", "use https:// in AWS_ENDPOINT"
        )
    return S3Store.from_url(
        place,
        client_options={"allow_http": plain, "timeout": "60s", "connect_timeout": "5s"},
        retry_config={"max_retries": 3, "retry_timeout": _seconds(20)},
    )


def _seconds(count: int) -> Any:
    from datetime import timedelta

    return timedelta(seconds=count)
