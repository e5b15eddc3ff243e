"""Parses Yarn files and checks them: syntax, names, types."""
