"""String tables, and what is made of a story for other people to read, translate and record."""
