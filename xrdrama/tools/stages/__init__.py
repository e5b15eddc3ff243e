"""The work of the `stage` commands."""
