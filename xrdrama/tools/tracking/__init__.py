"""The work of the `track` commands."""
