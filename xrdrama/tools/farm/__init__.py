"""Draws takes in slices, whose results are kept in a store and used again."""
