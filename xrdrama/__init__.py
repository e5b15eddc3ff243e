"""xrdrama: a branching story drives a tracked LED wall, headsets and screens."""

__version__ = "0.1.0"
