"""The journal: a take's file, appended before anything is acknowledged."""

from xrdrama.adapters.journal.journal import Journal
from xrdrama.adapters.journal.troubles import Recording

__all__ = ["Journal", "Recording"]
