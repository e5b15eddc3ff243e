"""Guesses what an author meant in a YAML file that does not parse."""
