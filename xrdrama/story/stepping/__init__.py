"""Plays a story: playthroughs as values, and the rule that steps them from event to event."""
