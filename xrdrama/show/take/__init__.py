"""A take: header, ingress log, tick boundaries, a hash of each frame. Sans-IO.

It is the save, the crash recovery, the log of what people chose, and the test of determinism:
replaying its ticks gives its frames. Its file is a sequence of records.
"""

from xrdrama.show.take.damage import Damage
from xrdrama.show.take.reading import (
    RULES,
    Take,
    changed_since,
    check_sources,
    read_take,
    source_of,
)
from xrdrama.show.take.records import (
    MAGIC,
    MAX_RECORD,
    Closed,
    Header,
    Logged,
    Outage,
    Record,
    Revision,
    Source,
    Ticked,
    encode_record,
)
from xrdrama.show.take.replaying import replay, restored, ticks_of

__all__ = [
    "MAGIC",
    "MAX_RECORD",
    "RULES",
    "Closed",
    "Damage",
    "Header",
    "Logged",
    "Outage",
    "Record",
    "Revision",
    "Source",
    "Take",
    "Ticked",
    "changed_since",
    "check_sources",
    "encode_record",
    "read_take",
    "replay",
    "restored",
    "source_of",
    "ticks_of",
]
