"""A new take: where it goes, and what its header says."""

from __future__ import annotations

import datetime
import itertools
import json
from pathlib import Path

import xrdrama
from xrdrama import content
from xrdrama.show import Production
from xrdrama.show.take import RULES, Header
from xrdrama.wire.schema import schema_hash


def take_path(out: Path, show: str, *, replace: bool = False) -> Path:
    """Where a new take goes: `night.take` in `out`, or `night.2.take` when there is one already."""
    path = out / f"{show}.take"
    for number in itertools.count(2):
        if replace or not path.exists():
            break
        path = out / f"{show}.{number}.take"
    return path


def header_of(
    loaded: content.Loaded, production: Production, *, fixed_rate: bool = False
) -> Header:
    """The header of a take: everything that is needed to play it again."""
    return Header(
        production.id,
        xrdrama.__version__,
        schema_hash(),
        (production.rate.numerator, production.rate.denominator),
        loaded.sources(),
        {
            "roles": json.dumps(loaded.roles),
            "clock": "fixed" if fixed_rate else "live",
            "rules": RULES,
        },
        datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )
