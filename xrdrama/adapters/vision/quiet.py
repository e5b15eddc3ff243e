"""Silence on stderr while native libraries load."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Nothing on the process's stderr meanwhile: native libraries write there past Python.

    Their lines say what they are doing, not what is wrong; what is wrong comes as an exception.
    """
    try:
        kept = os.dup(2)
    except OSError:  # a service may run without a stderr
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
