"""The take that a run writes: a new one, a resumed one, and alarms about writing it."""
