"""The journal: a take's file, appended before anything is acknowledged."""

from xrdrama.adapters.journal.journal import Journal

__all__ = ["Journal"]
