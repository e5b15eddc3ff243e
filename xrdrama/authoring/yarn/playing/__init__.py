"""Plays Yarn files as Yarn Spinner does."""
