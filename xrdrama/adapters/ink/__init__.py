"""Plays compiled ink with bink, a native runtime, in a process of its own (`child`)."""
