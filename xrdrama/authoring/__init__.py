"""Tools for authors: checks across story and set, canonical form, maps."""
