"""A running show: clock, ticks, journal, outputs, resuming."""
