"""The live socket of a page: what it is sent, and the commands that it sends."""
