"""The take that a run writes: where it starts, alarms about it, going on with one."""
