"""Playing a story: playthroughs as values, and the rule that takes them from event to event."""
