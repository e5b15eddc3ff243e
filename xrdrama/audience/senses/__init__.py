"""Viewers' voices and hands: from their pages to recognisers in a process, then to events."""
