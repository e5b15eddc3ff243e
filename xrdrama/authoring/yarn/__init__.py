"""Yarn Spinner 3: parses its files, checks their types, plays them, and makes stories of them."""
