"""Reads models of other formats with their libraries: Draco (DracoPy), USD (usd-core), pictures."""
