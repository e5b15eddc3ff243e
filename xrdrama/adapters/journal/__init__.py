"""The journal: a take's file, appended before anything is acknowledged."""

from xrdrama.adapters.journal.journal import Journal, Recording

__all__ = ["Journal", "Recording"]
